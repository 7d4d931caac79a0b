/** semantics.md, "A journey is a fold over one instance's timeline", sentence by sentence. Slow and obvious on purpose. */
import { keyOf } from './conditions.ts';
import { inOrder, leavesOf, type World, worldOf } from './derived.ts';
import { eventReads } from './metrics.ts';
import type { Def, EndDef, JourneyDef, Pattern } from './model.ts';
import { segmentOf } from './segments.ts';
import type { Event, Timeline } from './timeline.ts';
import { lastOfDay, local } from './timeline.ts';

type Enter = JourneyDef['enters'][number];

/** One event in one instance's timeline. */
export interface Step {
  time: number;
  event: Event;
  /** Where it is told which events it is. */
  world: World;
  /** False: its key is another one or missing, and it is here because it ends `for all`. */
  own: boolean;
}
export const matches = (pattern: Pattern, { world, event }: { world: World; event: Event }) => world.matches(pattern, event);
/** Also where there is no consent. */
export const isSaidBy = (pattern: Pattern, { world, event }: { world: World; event: Event }) => world.attempts(pattern).includes(event);
/** Instance = (participant, value of the `per` property). */
export interface Instance {
  participant: number;
  key: string | null;
  steps: Step[];
}

export interface Run {
  participant: number;
  /** The rule that let it in. */
  enter: string;
  entry: number;
  /** Index of the entry event's step. */
  first: number;
  /** Index of the last step that belongs to the run. */
  last: number;
  /** Every stage it reached, in order; `how` says whether it became current there, came again, or was only touched. */
  visits: { stage: string; time: number; step: number; how: 'became current' | 'repeat' | 'only reached' }[];
  /** Null while active. `step` is the index of the step that ended it; a deadline comes after all that stood before it. */
  end: { rule: string; time: number; step: number } | null;
}
export interface Attempt {
  /** The entry rule that let it in, else the first that matched. */
  enter: string;
  time: number;
  /** Null: entered. */
  reason: string | null;
  /** The run it began. */
  run: Run | null;
  event: Event;
}

/** The instances of a journey, and how many rows were left out because the `per` property is missing. */
export function instances(def: Def, journey: JourneyDef, line: Timeline): { instances: Instance[]; withoutKey: number } {
  const found: Instance[] = [];
  let withoutKey = 0;
  const keyed = (event: Event) => (journey.per === undefined ? null : keyOf(event.row, journey.per));
  const worldAt = (event: Event) => worldOf(def, line, event.participant, journey.per, keyed(event));
  for (const event of line.events.filter(e => e.participant >= 0)) {
    const key = keyed(event);
    if (journey.per !== undefined && key === null) {
      // "Rows without it are ignored and counted, but `exit X on E for all` applies to every open instance of the participant."
      // Counted are those that the journey would have looked at.
      const step = { event, world: worldAt(event) };
      if (isLookedAt(def, journey, step) && !journey.ends.some(end => endsAll(end, step))) withoutKey++;
    } else if (!found.some(i => i.participant === event.participant && i.key === key)) {
      found.push({ participant: event.participant, key, steps: [] });
    }
  }
  for (const instance of found) {
    const rows = line.events.filter(event => event.participant === instance.participant);
    for (const world of new Set(rows.map(worldAt))) {
      const own = world === worldOf(def, line, instance.participant, journey.per, instance.key);
      const absences = new Set(patternsOf(journey).flatMap(pattern => world.attempts(pattern).filter(event => event.absence)));
      for (const event of [...world.rows, ...absences]) {
        const step = { time: event.time, event, world, own };
        if (own || journey.ends.some(end => endsAll(end, step))) instance.steps.push(step);
      }
    }
    instance.steps.sort((x, y) => inOrder(x.event, y.event));
  }
  return { instances: found, withoutKey };
}

function endsAll(end: EndDef, step: { world: World; event: Event }): boolean {
  return end.trigger.kind === 'event' && end.trigger.forAll && matches(end.trigger.on, step);
}

/** The fold: every run and every attempt of one instance as of T. */
export function fold(def: Def, journey: JourneyDef, instance: Instance, line: Timeline): { runs: Run[]; attempts: Attempt[] } {
  const T = line.asOf ?? 0;
  const { steps } = instance;
  const runs: Run[] = [];
  const attempts: Attempt[] = [];
  /** "State is OUT, or IN (entry, current stage, last activity)." The latter two are looked up when needed. */
  let run: Run | null = null;

  steps.forEach((step, at) => {
    const t = step.time;

    // 1. "Clocks first. If IN and the earliest deadline d satisfies d < t, the run ends at d by that rule."
    if (run !== null) {
      const due = earliestDeadline(run, at);
      if (due !== null && due.deadline < t) close(run, due.rule, due.deadline, at - 1, Number.POSITIVE_INFINITY);
    }

    // "In an instance whose key it lacks, such an event only ends: no stage, attempt or entry."
    if (!step.own) {
      const rule = journey.ends.find(end => endsAll(end, step));
      if (run !== null && rule) close(run, rule.name, t, at);
      return;
    }

    const enters = journey.enters.filter(enter => isSaidBy(enter.on, step));
    // "An event without consent records, ends and resets nothing; matching `enter` it is still an attempt: while IN rejected as *already
    // in*, under `restart` or OUT by the first failing gate."
    if (!step.event.consents) {
      const isTold = run === null || journey.reentry?.policy === 'restart';
      if (enters.length > 0) turnAway(enters, step, isTold ? gateToRestart(enters[0], step)! : 'already in');
      return;
    }
    if (run === null) {
      // 3. OUT
      if (enters.length > 0) enterOrReject(enters, step, at);
      return;
    }

    // 2. IN. "The first `complete`/`exit` rule, in declaration order, that e matches ends the run at t."
    const ending = journey.ends.find(end => endsRun(end, run!, at));
    if (ending === undefined && enters.length > 0 && journey.reentry?.policy === 'restart') {
      // "Under `restart` it passes the gates not open, no consent, not eligible; passing, the run ends at t as Restarted, and e belongs
      // to the new run only; failing, it is rejected for that reason and the run goes on."
      const passing = enters.find(enter => gateToRestart(enter, step) === null);
      if (passing) {
        close(run, 'Restarted', t, at - 1, at);
        enter(passing.name, step, at);
        return;
      }
      turnAway(enters, step, gateToRestart(enters[0], step)!);
      recordStages(run, step, at);
      return;
    }
    recordStages(run, step, at);
    if (ending !== undefined) {
      close(run, ending.name, t, at);
      // "It ended the run by a rule: rejected as *ended a run*, except under `reentry at exit`, where it passes the gates and enters at t."
      if (enters.length > 0)
        if (journey.reentry?.policy === 'at exit') enterOrReject(enters, step, at);
        else turnAway(enters, step, 'ended a run');
    } else if (enters.length > 0) {
      // "It ended nothing: under every other policy it is rejected as *already in*."
      turnAway(enters, step, 'already in');
    }
  });

  // "As of T: clocks with d < T have fired. What is IN is *active*."
  if (run !== null) {
    const due = earliestDeadline(run, steps.length);
    if (due !== null && due.deadline < T) close(run, due.rule, due.deadline, steps.length - 1, Number.POSITIVE_INFINITY);
  }
  return { runs, attempts };

  /** "The first of them that passes every gate enters at t; if none passes, the first match's first failing gate is the reason." */
  function enterOrReject(enters: Enter[], step: Step, at: number) {
    const passing = enters.find(rule => firstFailingGate(rule, step) === null);
    if (passing) enter(passing.name, step, at);
    else turnAway(enters, step, firstFailingGate(enters[0], step)!);
  }

  function turnAway(enters: Enter[], { time, event }: Step, reason: string) {
    attempts.push({ enter: enters[0].name, time, reason, run: null, event });
  }

  /** "Gates in order: *not open*, *no consent*, *not eligible* (`if Segment`)", which is all that `restart` asks. */
  function gateToRestart(rule: Enter, step: Step): string | null {
    if (!isOpen(step.time)) return 'not open';
    if (!step.event.consents) return 'no consent';
    return (rule.if ?? []).every(name => segmentOf({ def, line, journey, entry: step.event }, name) === true) ? null : 'not eligible';
  }

  function firstFailingGate(rule: Enter, step: Step): string | null {
    const t = step.time;
    const { policy, max, wait, interval } = journey.reentry ?? { policy: 'once' };
    const latest = runs.at(-1);
    const failing = gateToRestart(rule, step);
    if (failing !== null) return failing;
    if (policy === 'once' && latest) return 'once';
    if (max !== undefined && runs.length >= max) return 'capped';
    // "*cooling down* (`wait D`: t < last end + D; `interval D`: t < last entry + D)"
    if (wait !== undefined && latest && t < latest.end!.time + wait) return 'cooling down';
    if (interval !== undefined && latest && t < latest.entry + interval) return 'cooling down';
    return null;
  }

  /** "A date range includes its whole last day." */
  function isOpen(t: number): boolean {
    const { from, to } = journey.open ?? {};
    return (from === undefined || t >= local(from, 'UTC')) && (to === undefined || t <= lastOfDay(to, 'UTC'));
  }

  /** "On entry e's stages are recorded. An entry event never ends the run it begins." */
  function enter(rule: string, step: Step, at: number) {
    run = { participant: instance.participant, enter: rule, entry: step.time, first: at, last: steps.length - 1, visits: [], end: null };
    runs.push(run);
    attempts.push({ enter: rule, time: step.time, reason: null, run, event: step.event });
    recordStages(run, step, at);
  }

  /** A run ends at a step, or by a clock before it: `last` is the last step that belongs to it. */
  function close(ended: Run, rule: string, time: number, last: number, step = last) {
    ended.end = { rule, time, step };
    ended.last = last;
    run = null;
  }

  /**
   * "e's stages are recorded: the last declared match becomes current, or is a repeat visit if it already is; its other matches count
   * for `reached` only."
   */
  function recordStages(into: Run, step: Step, at: number) {
    const matching = journey.stages.filter(stage => matches(stage.on, step));
    matching.forEach((stage, i) => {
      const how = i < matching.length - 1 ? 'only reached' : currentStage(into)?.stage === stage.name ? 'repeat' : 'became current';
      into.visits.push({ stage: stage.name, time: step.time, step: at, how });
    });
  }

  function currentStage(of: Run) {
    return of.visits.filter(visit => visit.how === 'became current').at(-1);
  }

  /** Whether an end rule on events ends this run at this step. */
  function endsRun(end: EndDef, of: Run, at: number): boolean {
    if (end.trigger.kind === 'event') return matches(end.trigger.on, steps[at]);
    if (end.trigger.kind !== 'n of') return false;
    // "At the event by which n different ones of them have happened after the entry event."
    const since = steps.slice(of.first + 1, at + 1).filter(step => step.own && step.event.consents);
    const happened = end.trigger.items.filter(item => since.some(step => matches(item, step)));
    return happened.length >= end.trigger.count;
  }

  /** The earliest deadline, looking at the run's steps before `until`; "of equal deadlines the first declared wins". */
  function earliestDeadline(of: Run, until: number): { rule: string; deadline: number } | null {
    let earliest: { rule: string; deadline: number } | null = null;
    for (const end of journey.ends) {
      const deadline = deadlineOf(end, of, until);
      if (deadline !== null && (earliest === null || deadline < earliest.deadline)) earliest = { rule: end.name, deadline };
    }
    return earliest;
  }

  function deadlineOf(end: EndDef, of: Run, until: number): number | null {
    const { trigger } = end;
    const since = steps.slice(of.first, until).filter(step => step.own && step.event.consents);
    switch (trigger.kind) {
      // "`after D`: entry + D"
      case 'after':
        return of.entry + trigger.duration;
      case 'silence': {
        // "`after D of silence`: the latest non-passive event of this instance in this run, else entry, + D; `of A, B`: the latest A or B
        // *in this run* (a passive event counts when named), else entry, + D"
        const breaks = (step: Step) => (trigger.of ? trigger.of.some(item => matches(item, step)) : !step.event.passive);
        return (since.filter(breaks).at(-1)?.time ?? of.entry) + trigger.duration;
      }
      // "`after D in S`: the moment S became current in this run + D, while S is current"
      case 'in stage': {
        const current = currentStage(of);
        return current?.stage === trigger.stage ? current.time + trigger.duration : null;
      }
      default:
        return null;
    }
  }
}

/** Whether an event matches anything the journey names: a rule, an operand of one, or what a metric is about, or what those are made of. */
function isLookedAt(def: Def, journey: JourneyDef, step: { world: World; event: Event }): boolean {
  if (!step.event.consents) return journey.enters.some(enter => isSaidBy(enter.on, step));
  return patternsOf(journey).some(pattern => matches(pattern, step) || leavesOf(def, pattern).some(leaf => matches(leaf, step)));
}
function patternsOf(journey: JourneyDef): Pattern[] {
  return [...rulePatterns(journey).map(({ pattern }) => pattern), ...eventReads(journey).map(read => ({ any: [read.event] }))];
}

/** Every pattern a journey's rules look at, named by the rule. */
export function rulePatterns(journey: JourneyDef): { rule: string; pattern: Pattern }[] {
  const all: { rule: string; pattern: Pattern }[] = [];
  for (const rule of [...journey.enters, ...journey.stages]) all.push({ rule: rule.name, pattern: rule.on });
  for (const { name, trigger } of journey.ends) {
    if (trigger.kind === 'event') all.push({ rule: name, pattern: trigger.on });
    const items = trigger.kind === 'n of' ? trigger.items : trigger.kind === 'silence' ? (trigger.of ?? []) : [];
    items.forEach((item, i) => {
      all.push({ rule: `${name} ${i}`, pattern: item });
    });
  }
  return all;
}
