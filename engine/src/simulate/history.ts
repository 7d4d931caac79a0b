import type { Timeline } from './timeline.ts';

/** For every attempt the events of a pattern that its participant had before it: `positions[from[i]]` up to `positions[to[i]]`. */
export interface Before {
  /** By participant, ascending within each. */
  positions: Int32Array;
  from: Int32Array;
  to: Int32Array;
}

/**
 * Finds what stood strictly before each attempt in its participant's whole timeline, also in a `per` journey.
 *
 * @param timeline of participants
 * @param attempts positions
 * @param found positions of the events asked for
 * @param within no earlier than this before the attempt
 */
export function eventsBefore(timeline: Timeline, attempts: Uint32Array, found: Uint32Array, within = Number.POSITIVE_INFINITY): Before {
  const { start, position, time, instances, alive } = timeline;
  const from = new Int32Array(attempts.length);
  const to = new Int32Array(attempts.length);
  const positions = new Int32Array(found.length);
  const times = new Float64Array(found.length);
  const FOUND = -1;
  const role = new Int32Array(alive.length);
  // An attempt is its number, from 1; what is an attempt and found is marked apart.
  const isFound = new Uint8Array(alive.length);
  for (let i = 0; i < attempts.length; i++) role[attempts[i]] = i + 1;
  for (let i = 0; i < found.length; i++) {
    isFound[found[i]] = 1;
    if (role[found[i]] === 0) role[found[i]] = FOUND;
  }
  let count = 0;
  for (let person = 0; person < instances; person++) {
    // A participant's attempts ascend, so the window never goes back.
    let first = count;
    for (let slot = start[person]; slot < start[person + 1]; slot++) {
      const at = position[slot];
      if (role[at] === 0) continue;
      if (role[at] !== FOUND) {
        while (first < count && times[first] < time[slot] - within) first++;
        from[role[at] - 1] = first;
        to[role[at] - 1] = count;
      }
      if (isFound[at] === 0) continue;
      times[count] = time[slot];
      positions[count++] = at;
    }
  }
  return { positions, from, to };
}

type Fold = 'sum' | 'min' | 'max';
const STEP: Record<Fold, (a: number, b: number) => number> = { sum: (a, b) => a + b, min: Math.min, max: Math.max };
const NEUTRAL: Record<Fold, number> = { sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
const BLOCK = 512;

/**
 * The count, sum, average, minimum or maximum of a property over what stood before each attempt; values that are missing count for
 * nothing. NaN where there is nothing to take an average, minimum or maximum of.
 * @param values by position; absent for a plain count of events
 */
export function summaries(fn: 'count' | 'avg' | Fold, { positions, from, to }: Before, values: Float64Array | null): Float64Array {
  const n = from.length;
  if (!values) return Float64Array.from({ length: n }, (_, i) => to[i] - from[i]);
  const present = Float64Array.from(positions, position => (Number.isNaN(values[position]) ? 0 : 1));
  const count = ranges('sum', present);
  if (fn === 'count') return Float64Array.from({ length: n }, (_, i) => count(from[i], to[i]));
  const kind = fn === 'avg' ? 'sum' : fn;
  const total = ranges(
    kind,
    Float64Array.from(positions, position => (Number.isNaN(values[position]) ? NEUTRAL[kind] : values[position])),
  );
  return Float64Array.from({ length: n }, (_, i) => {
    if (fn === 'sum') return total(from[i], to[i]);
    const of = count(from[i], to[i]);
    if (of === 0) return Number.NaN;
    return fn === 'avg' ? total(from[i], to[i]) / of : total(from[i], to[i]);
  });
}

/** A function over ranges of the values. Long ranges go by blocks: one customer may have a hundred thousand events. */
function ranges(fn: Fold, values: Float64Array): (from: number, to: number) => number {
  const step = STEP[fn];
  const over = (of: Float64Array, from: number, to: number, start: number) => {
    let result = start;
    for (let i = from; i < to; i++) result = step(result, of[i]);
    return result;
  };
  let blocks: Float64Array | null = null;
  return (from, to) => {
    if (to - from < 2 * BLOCK) return over(values, from, to, NEUTRAL[fn]);
    blocks ??= Float64Array.from({ length: Math.ceil(values.length / BLOCK) }, (_, b) =>
      over(values, b * BLOCK, Math.min(values.length, (b + 1) * BLOCK), NEUTRAL[fn]),
    );
    const first = Math.ceil(from / BLOCK);
    const last = Math.floor(to / BLOCK);
    return over(values, last * BLOCK, to, over(blocks, first, last, over(values, from, first * BLOCK, NEUTRAL[fn])));
  };
}
