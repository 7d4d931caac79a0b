/** The rules that did not fire, nearest first. */
import { formatDuration, formatMoment } from '../format.ts';
import type { EndPlan } from '../plan.ts';
import { clockOf } from './clocks.ts';
import type { Context } from './context.ts';
import { type Near, nearest, type Window } from './near.ts';
import { patternsOf, type Run } from './story.ts';
import type { OpenEnd } from './types.ts';
import { clockText, listed, patternText } from './words.ts';

type Ranked = OpenEnd & { distance: number };

/** Of a run that is active: every end. Of one that is lost: its completions. Where nobody entered: the ways in. */
export function openEnds(context: Context, instance: number, slots: readonly number[], runs: Run[], attempted: boolean): OpenEnd[] {
  const { journey, fold } = context;
  const all = context.everySlotOf(instance);
  const found: Ranked[] = [];
  if (runs.length === 0 && !attempted) {
    for (const rule of journey.enters) {
      const near = nearest(context, rule.on, { slots, all, run: null });
      found.push({ rule: `enter ${rule.name}`, line: rule.at, because: near.because, run: null, distance: near.distance });
    }
  }
  for (const run of runs) {
    if (run.outcome === 'completed') continue;
    const window: Window = {
      slots,
      all,
      run: { entry: fold.runs.entry[run.index], to: fold.runs.to[run.index], endedOn: run.ended },
    };
    for (const [rule, end] of journey.ends.entries()) {
      if (run.ended !== null && end.kind !== 'complete') continue;
      found.push({ rule: `${end.kind} ${end.name}`, line: end.at, run: run.number, ...whyNot(context, run, end, rule, window) });
    }
  }
  return found
    .sort((a, b) => (a.run ?? 0) - (b.run ?? 0) || a.distance - b.distance || (a.due ?? 0) - (b.due ?? 0))
    .map(({ distance: _, ...open }) => open);
}

const CLOCK = -1;
const NEVER = 2;

function whyNot(context: Context, run: Run, end: EndPlan, rule: number, window: Window): Pick<Ranked, 'because' | 'due' | 'distance'> {
  const { trigger } = end;
  if (trigger.kind === 'event') return nearest(context, trigger.on, window);
  if (trigger.kind === 'nOf') return missing(context, patternsOf(end), trigger.count, window);
  const clock = clockOf(context, run.index, rule);
  if (!clock) {
    const stage = trigger.kind === 'inStage' ? trigger.stage : '';
    return {
      distance: NEVER,
      because: `its clock runs only in ${stage}, ${run.visits.includes(stage) ? 'which the run has left' : 'where the run never was'}`,
    };
  }
  const { asOf } = context.fold;
  if (run.ended === null)
    return {
      distance: CLOCK,
      due: clock.due,
      because: `${clockText(trigger)}${clock.since}: due on ${formatMoment(clock.due)}, ${formatDuration(clock.due - asOf!)} after as-of`,
    };
  return {
    distance: CLOCK,
    due: clock.due,
    because: `${clockText(trigger)}${clock.since}: would have been due on ${formatMoment(clock.due)}; the run ended before`,
  };
}

/** `n of`: which of them came. */
function missing(context: Context, items: ReturnType<typeof patternsOf>, count: number, window: Window): Near {
  const { timeline, rules } = context.fold;
  const came = items.filter(item => {
    const holds = rules.holds(item);
    return window.slots.some(
      slot =>
        slot > window.run!.entry && slot < window.run!.to && holds[rules.set[slot]] === 1 && timeline.time[slot] <= context.fold.asOf!,
    );
  });
  const names = (of: typeof items) => listed(of.map(patternText));
  const lack = items.filter(item => !came.includes(item));
  if (came.length === 0) return { distance: NEVER, because: `none of ${names(items)} came; it waits for ${count} of them` };
  return { distance: 0, because: `${came.length} of ${count} came, ${names(came)}; not ${listed(lack.map(patternText), 'nor')}` };
}
