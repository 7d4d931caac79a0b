import type { Events } from '../events.ts';
import type { ColumnRef, EventPattern, Millis } from '../plan.ts';
import type { Fold } from './columns.ts';

export interface Values {
  /** Events; one that stands in two runs counts in both. */
  count: number;
  /** The property of those that have one. */
  numbers: Float64Array;
  /** Different texts of it. */
  distinct: number;
}

/** Looks at the events of a pattern in the positions entry..end of every run; with `within` from entry to entry + D, whatever the end. */
export function valuesOfEvents(
  events: Events,
  { runs, rules, timeline, asOf }: Fold,
  pattern: EventPattern,
  within: Millis | undefined,
  property?: ColumnRef,
  asText = false,
): Values {
  const T = asOf ?? Number.NEGATIVE_INFINITY;
  const holds = rules.holds(pattern);
  const { set } = rules;
  const { time, position: positionOf, start } = timeline;
  const { entry, to: ends, instance } = runs;
  const numbers = property && !asText ? events.numbers(property) : null;
  const texts = property && asText ? events.keys(property) : null;
  const seen = new Uint8Array(texts?.values.length ?? 0);
  let found = new Float64Array(numbers ? 1024 : 0);
  let foundCount = 0;
  let distinct = 0;
  let count = 0;
  for (let run = 0; run < runs.count; run++) {
    const from = entry[run];
    const to = within === undefined ? ends[run] : start[instance[run] + 1];
    const last = within === undefined ? T : Math.min(T, time[from] + within);
    for (let slot = from; slot < to; slot++) {
      if (holds[set[slot]] === 0) continue;
      if (time[slot] > last) break;
      count++;
      const position = positionOf[slot];
      if (numbers && !Number.isNaN(numbers[position])) {
        if (foundCount === found.length) {
          const more = new Float64Array(foundCount * 2);
          more.set(found);
          found = more;
        }
        found[foundCount++] = numbers[position];
      } else if (texts && texts.of[position] >= 0 && seen[texts.of[position]] === 0) {
        seen[texts.of[position]] = 1;
        distinct++;
      }
    }
  }
  return { count, numbers: found.subarray(0, foundCount), distinct };
}
