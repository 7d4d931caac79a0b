import type { Events } from '../events.ts';
import type { ColumnRef, EventPattern, JourneyPlan, Millis } from '../plan.ts';
import type { Cohort } from './cohort.ts';
import type { Fold } from './columns.ts';
import type { RunTimes } from './times.ts';

export interface Values {
  /** Events; one that stands in two runs counts in both. */
  count: number;
  /** The property of those that have one. */
  numbers: Float64Array;
  /** Different texts of it. */
  distinct: number;
}

/** Looks at the events of a pattern in the positions entry..end of a cohort's runs; with `within` from entry to entry + D, whatever the end. */
export function valuesOfEvents(
  events: Events,
  fold: Fold,
  cohort: Cohort,
  pattern: EventPattern,
  within: Millis | undefined,
  property?: ColumnRef,
  asText = false,
): Values {
  const slots = slotsInRuns(fold, cohort, fold.rules.holds(pattern), within);
  if (!property) return { ...NOTHING, count: slots.length };
  const { position } = fold.timeline;
  return valuesAt(
    events,
    slots.map(slot => position[slot]),
    property,
    asText,
  );
}

/** What a cohort's runs keep of before their entry; a run that keeps nothing has no value. */
export function valuesKept(journey: JourneyPlan, { fold, cohort }: RunTimes, name: string, asText: boolean): Values {
  const keep = journey.keeps.find(one => one.name === name);
  if (!keep) return NOTHING;
  const { events, facts, runs, timeline } = fold;
  const kept = facts.kept(keep);
  const positions = cohort.runs.map(run => kept[timeline.position[runs.entry[run]]]).filter(position => position >= 0);
  return valuesAt(events, positions, keep.property, asText);
}

const NOTHING: Values = { count: 0, numbers: new Float64Array(), distinct: 0 };

function valuesAt(events: Events, positions: Int32Array, property: ColumnRef, asText: boolean): Values {
  if (asText) {
    const { of, values: texts } = events.keys(property);
    const seen = new Uint8Array(texts.length);
    for (const position of positions) if (of[position] >= 0) seen[of[position]] = 1;
    return { ...NOTHING, count: positions.length, distinct: seen.reduce((sum, flag) => sum + flag, 0) };
  }
  const column = events.numbers(property);
  const numbers = new Float64Array(positions.length);
  let count = 0;
  for (let i = 0; i < positions.length; i++) {
    const value = column[positions[i]];
    if (!Number.isNaN(value)) numbers[count++] = value;
  }
  return { ...NOTHING, count: positions.length, numbers: numbers.subarray(0, count) };
}

/** The slots of those sets, once for every run they stand in. */
function slotsInRuns(
  { runs, rules, timeline, asOf }: Fold,
  { runs: own }: Cohort,
  holds: Uint8Array,
  within: Millis | undefined,
): Int32Array {
  const { set } = rules;
  const { time, start } = timeline;
  const T = asOf ?? Number.NEGATIVE_INFINITY;
  let found = new Int32Array(1024);
  let count = 0;
  for (let i = 0; i < own.length; i++) {
    const run = own[i];
    const from = runs.entry[run];
    let to = runs.to[run];
    if (within !== undefined) {
      const last = Math.min(T, time[from] + within);
      const all = start[runs.instance[run] + 1];
      for (to = from; to < all && time[to] <= last; ) to++;
    }
    if (count + to - from > found.length) {
      const more = new Int32Array(Math.max(found.length * 2, count + to - from));
      more.set(found);
      found = more;
    }
    for (let slot = from; slot < to; slot++) if (holds[set[slot]] !== 0) found[count++] = slot;
  }
  return found.subarray(0, count);
}
