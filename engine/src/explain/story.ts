/** What happened in one instance, told from the fold's own columns: nothing is decided here a second time. */
import { formatDuration, formatMoment } from '../format.ts';
import { type EndPlan, type EventPattern, REJECTION_REASONS, RESTARTED } from '../plan.ts';
import { ACTIVE, BECAME, REPEATED } from '../simulate/columns.ts';
import { clockOf } from './clocks.ts';
import { noConsent } from './consent.ts';
import type { Context } from './context.ts';
import { refusal } from './refusals.ts';
import type { ExplainedRun, Step } from './types.ts';
import { clockText, counted, listed, patternText } from './words.ts';

export interface Run extends ExplainedRun {
  /** Index into the fold's runs. */
  index: number;
}

/** The runs of an instance, in order. */
export function runsOf({ journey, fold }: Context, instance: number): Run[] {
  const { runs, visits, timeline } = fold;
  const found: Run[] = [];
  for (let run = 0; run < runs.count; run++) {
    if (runs.instance[run] !== instance) continue;
    const stages: string[] = [];
    for (let v = runs.visitFrom[run]; v < runs.visitFrom[run + 1]; v++)
      if (visits.kind[v] === BECAME) stages.push(journey.stages[visits.stage[v]].name);
    const rule = runs.endRule[run];
    const end = rule === ACTIVE ? null : (journey.ends[rule]?.name ?? RESTARTED);
    found.push({
      index: run,
      number: found.length + 1,
      entered: timeline.time[runs.entry[run]],
      enter: journey.enters[runs.enterRule[run]].name,
      ended: rule === ACTIVE ? null : runs.end[run],
      end,
      outcome:
        rule === ACTIVE
          ? 'active'
          : rule === journey.ends.length
            ? 'restarted'
            : journey.ends[rule].kind === 'complete'
              ? 'completed'
              : 'exited',
      visits: stages,
      ambiguous: runs.ambiguous[run] === 1,
    });
  }
  return found;
}

/** Everything that met a rule, in order, and what came of it. */
export function stepsOf(context: Context, instance: number, runs: Run[]): Step[] {
  const { journey, fold } = context;
  const { timeline, rules, visits, rejections } = fold;
  const steps: Step[] = [];

  const entryAt = new Map(runs.map(run => [fold.runs.entry[run.index], run]));
  const endAt = new Map(runs.filter(run => fold.runs.endedBy[run.index] >= 0).map(run => [fold.runs.endedBy[run.index], run]));
  const visitsAt = new Map<number, { run: Run; visit: number }[]>();
  for (const run of runs) {
    for (let v = fold.runs.visitFrom[run.index]; v < fold.runs.visitFrom[run.index + 1]; v++) {
      const slot = visits.slot[v];
      visitsAt.set(slot, [...(visitsAt.get(slot) ?? []), { run, visit: v }]);
    }
  }
  const rejectedAt = new Map<number, number>();
  for (let i = 0; i < rejections.count; i++) if (rejections.instance[i] === instance) rejectedAt.set(rejections.slot[i], i);

  let open: Run | undefined;
  let last: Run | undefined;
  const seen = new Map<number, Set<number>>();
  const say = (slot: number, patterns: EventPattern[], step: Omit<Step, 'at' | 'event'>): void => {
    steps.push({ at: timeline.time[slot], event: context.explained(slot, patterns), ...step });
  };

  const lastStage = (slot: number) => journey.stages[rules.stages.of[rules.stages.from[rules.set[slot] + 1] - 1]].name;
  const visit = (slot: number, of: Run): void => {
    for (const { run, visit: v } of visitsAt.get(slot) ?? []) {
      if (run !== of) continue;
      const stage = journey.stages[visits.stage[v]];
      const kind = visits.kind[v];
      const because =
        kind === BECAME
          ? `now in ${stage.name}`
          : kind === REPEATED
            ? `${stage.name} again: it was there already${hasClock(journey.ends, stage.name) ? ', and its clock runs on' : ''}`
            : `a visit of ${stage.name} too, but ${lastStage(slot)} is declared after it and becomes the stage it is in`;
      say(slot, [stage.on], {
        what: kind === REPEATED ? 'repeat' : 'stage',
        rule: `stage ${stage.name}`,
        line: stage.at,
        because,
        run: run.number,
      });
    }
  };
  const finish = (run: Run, slot: number): void => {
    const { index, number } = run;
    const after = formatDuration(run.ended! - run.entered);
    open = undefined;
    last = run;
    if (run.outcome === 'restarted') {
      const enter = journey.enters[rules.enter[rules.set[slot]]];
      const because = `under \`reentry restart\` it ends run ${number}, ${after} after entry, and begins another`;
      say(slot, [enter.on], { what: 'restarted', rule: `enter ${enter.name}`, line: enter.at, because, run: number });
      return;
    }
    const end = journey.ends[fold.runs.endRule[index]];
    const step = { what: run.outcome as 'completed' | 'exited', rule: `${end.kind} ${end.name}`, line: end.at, run: number };
    const outcome = `${run.outcome} as ${end.name}, ${after} after entry`;
    if (slot < 0) {
      const { since } = clockOf(context, index, fold.runs.endRule[index])!;
      steps.push({ at: run.ended!, event: null, ...step, because: `${clockText(end.trigger)}${since}: ${outcome}` });
      return;
    }
    const foreign = slot < timeline.start[instance] || slot >= timeline.start[instance + 1];
    const why = foreign ? ', `for all`: it ends every open participation of the person' : lastOf(end);
    say(slot, patternsOf(end), { ...step, because: `${outcome}${why}` });
  };

  for (const slot of context.slotsOf(instance)) {
    const t = timeline.time[slot];
    if (open && fold.runs.endedBy[open.index] < 0 && open.ended !== null && open.ended < t) finish(open, -1);
    const set = rules.set[slot];
    const entered = entryAt.get(slot);
    const ended = endAt.get(slot);
    const rejected = rejectedAt.get(slot);
    const own = slot >= timeline.start[instance] && slot < timeline.start[instance + 1];
    if (open && own && ended?.outcome !== 'restarted') {
      visit(slot, open);
      countItems(context, open, slot, seen, step => say(slot, step.patterns, step));
    }
    if (ended) finish(ended, slot);
    if (entered) {
      const rule = journey.enters[fold.runs.enterRule[entered.index]];
      const again = last ? `, ${formatDuration(t - last.ended!)} after the end of run ${last.number}` : '';
      const because = `entered by ${rule.name}: run ${entered.number} begins${again}`;
      say(slot, [rule.on], { what: 'entered', rule: `enter ${rule.name}`, line: rule.at, because, run: entered.number });
      open = entered;
      seen.clear();
      visit(slot, entered);
    }
    if (rejected !== undefined) {
      const rule = journey.enters[rejections.enterRule[rejected]];
      const reason = REJECTION_REASONS[rejections.reason[rejected]];
      const because = `turned away, ${reason}: ${refusal(context, { rule, reason, slot, at: t, before: runs.filter(run => run.entered <= t && (run === open || run.ended! <= t)) })}`;
      say(slot, [rule.on], {
        what: 'rejected',
        rule: `enter ${rule.name}`,
        line: rule.at,
        reason,
        because,
        run: (open ?? ended)?.number ?? null,
      });
    } else if (unseen(slot, own)) continue;
    else if (!open && !ended && !entered) outside(slot, set);
  }
  if (open && open.ended !== null) finish(open, -1);
  return steps;

  /** It would meet a rule, but there was no consent to see it. */
  function unseen(slot: number, own: boolean): boolean {
    const ofOthers = (end: EndPlan) => end.trigger.kind === 'event' && end.trigger.forAll;
    const stages = own ? journey.stages.map(stage => ({ kind: 'stage', ...stage, patterns: [stage.on] })) : [];
    const ends = journey.ends.filter(end => own || ofOthers(end)).map(end => ({ ...end, patterns: patternsOf(end) }));
    const rule = [...ends, ...stages].find(({ patterns }) => patterns.some(pattern => context.isDenied(slot, pattern)));
    if (!rule) return false;
    const because = `counts for nothing: ${noConsent(context, slot)}`;
    say(slot, rule.patterns, {
      what: 'ignored',
      rule: `${rule.kind} ${rule.name}`,
      line: rule.at,
      because,
      run: open?.number ?? null,
    });
    return true;
  }

  /** It meets a rule of a run, and there is none. */
  function outside(slot: number, set: number): void {
    const own = slot >= timeline.start[instance] && slot < timeline.start[instance + 1];
    const rule = own
      ? rules.end[set] >= 0
        ? journey.ends[rules.end[set]]
        : journey.stages[rules.stages.of[rules.stages.from[set + 1] - 1]]
      : undefined;
    if (!rule || (!('kind' in rule) && rules.stages.from[set] === rules.stages.from[set + 1])) return;
    const kind = 'kind' in rule ? rule.kind : 'stage';
    const because = last
      ? `counts for nothing: run ${last.number} had ended as ${last.end} on ${formatMoment(last.ended!)}`
      : runs.length > 0
        ? 'counts for nothing: not entered yet'
        : 'counts for nothing: never entered';
    say(slot, 'kind' in rule ? patternsOf(rule) : [rule.on], {
      what: 'ignored',
      rule: `${kind} ${rule.name}`,
      line: rule.at,
      because,
      run: null,
    });
  }
}

const hasClock = (ends: EndPlan[], stage: string): boolean =>
  ends.some(({ trigger }) => trigger.kind === 'inStage' && trigger.stage === stage);

/** The patterns of an end that waits for events; a clock waits for none. */
export function patternsOf({ trigger }: EndPlan): EventPattern[] {
  return trigger.kind === 'event' ? [trigger.on] : trigger.kind === 'nOf' ? trigger.items : [];
}

function lastOf({ trigger }: EndPlan): string {
  return trigger.kind === 'nOf' ? `, with the last of ${trigger.count} different ones of ${listed(trigger.items.map(patternText))}` : '';
}

/** Items of `n of` rules that happened for the first time in the run. */
function countItems(
  { journey, fold: { rules, runs } }: Context,
  run: Run,
  slot: number,
  seen: Map<number, Set<number>>,
  say: (step: Omit<Step, 'at' | 'event'> & { patterns: EventPattern[] }) => void,
): void {
  const set = rules.set[slot];
  for (let i = rules.items.from[set]; i < rules.items.from[set + 1]; i++) {
    const item = rules.items.of[i];
    const { rule, count } = rules.counters[rules.counterOf[item]];
    const had = seen.get(rule) ?? new Set();
    if (had.has(item)) continue;
    seen.set(rule, had.add(item));
    // The one that ends the run is told as its end.
    if (runs.endedBy[run.index] === slot && runs.endRule[run.index] === rule) continue;
    const end = journey.ends[rule];
    const pattern = patternsOf(end)[item - rules.counterOf.indexOf(rules.counterOf[item])];
    const because = `${had.size} of the ${counted(count, 'different event')} that ${end.name} waits for`;
    say({ what: 'counted', rule: `${end.kind} ${end.name}`, line: end.at, because, run: run.number, patterns: [pattern] });
  }
}
