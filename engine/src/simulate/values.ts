import type { Events } from '../events.ts';
import type { ColumnRef, EventPattern, Millis } from '../plan.ts';
import type { Cohort } from './cohort.ts';
import type { Fold } from './columns.ts';

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
  const values: Values = { count: slots.length, numbers: new Float64Array(), distinct: 0 };
  if (!property) return values;
  const { position } = fold.timeline;
  if (asText) {
    const { of, values: texts } = events.keys(property);
    const seen = new Uint8Array(texts.length);
    for (const slot of slots) if (of[position[slot]] >= 0) seen[of[position[slot]]] = 1;
    return { ...values, distinct: seen.reduce((sum, flag) => sum + flag, 0) };
  }
  const column = events.numbers(property);
  const numbers = new Float64Array(slots.length);
  let count = 0;
  for (const slot of slots) if (!Number.isNaN(column[position[slot]])) numbers[count++] = column[position[slot]];
  return { ...values, numbers: numbers.subarray(0, count) };
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
  for (const run of own) {
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
