import type { DerivedEvents } from '../derive/index.ts';
import type { Instant } from '../plan.ts';
import type { Rules } from './rules.ts';
import type { Timeline } from './timeline.ts';

/**
 * Finds each instance's first tie: two rows it reads, at one instant, that aren't alike.
 *
 * A tie stands at the earlier row of the two: whatever the order among them, nothing before that row changes. So the runs that
 * end before it are certain, and all others are not.
 */
export interface TieFinder {
  /** By instance: the instant of its first tie, infinity where there is none. */
  readonly at: Float64Array;
  /** By index of a source with day-grained rows: the same without the ties that such rows of it take part in. */
  readonly without: ReadonlyMap<number, Float64Array>;
  alike(slotA: number, slotB: number): boolean;
  found(instance: number, at: Instant): void;
  /** With day-grained rows: the next row the instance reads, in order of position. */
  read(slot: number): void;
  /** With day-grained rows: the instance has read all. */
  close(instance: number): void;
  count(): number;
}

export function tieFinder(events: DerivedEvents, timeline: Timeline, rules: Rules): TieFinder {
  const { time, position, alive, key, instances } = timeline;
  const at = new Float64Array(instances).fill(Number.POSITIVE_INFINITY);
  const { consent } = events.rows;
  const keyOf = key ? keyBySlot(timeline) : null;
  // An absence is no row: where it stands is settled.
  const alike = (a: number, b: number) =>
    events.isAbsence(position[a]) ||
    events.isAbsence(position[b]) ||
    (rules.alike(a, b) &&
      (!consent || consent.alike(events.rowOf(position[a]), events.rowOf(position[b]))) &&
      alive[position[a]] === alive[position[b]] &&
      (!keyOf || keyOf[a] === keyOf[b]));

  const { days } = events;
  const from = (slot: number) => (days && !Number.isNaN(days.from[position[slot]]) ? days.from[position[slot]] : time[slot]);
  const to = (slot: number) => (days && !Number.isNaN(days.from[position[slot]]) ? days.to[position[slot]] : time[slot]);
  let longestDay = 0;
  const without = new Map<number, Float64Array>();
  if (days)
    for (let p = 0; p < events.count; p++) {
      const length = days.to[p] - days.from[p];
      if (!(length >= 0)) continue;
      if (length > longestDay) longestDay = length;
      if (!without.has(events.source[p])) without.set(events.source[p], new Float64Array(instances).fill(Number.POSITIVE_INFINITY));
    }

  let read = new Int32Array(16);
  let count = 0;
  const firstTie = (): Instant => {
    let first = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const row = read[i];
      if (from(row) > first) continue;
      if (i + 1 < count && time[read[i + 1]] === time[row] && !alike(row, read[i + 1])) first = Math.min(first, time[row]);
      if (from(row) === to(row)) continue; // an instant: the day-grained rows look for it
      if (i > 0 && sameSpan(read[i - 1], row) && alike(read[i - 1], row)) continue; // its partners are those of the row before
      for (let j = i + 1; j < count && time[read[j]] - longestDay <= to(row); j++) {
        if (from(read[j]) <= to(row) && !alike(row, read[j])) first = Math.min(first, time[row]);
      }
      for (let j = i - 1; j >= 0 && time[read[j]] + longestDay >= from(row); j--) {
        if (to(read[j]) >= from(row) && !alike(row, read[j])) first = Math.min(first, time[read[j]]);
      }
    }
    return first;
  };
  const firstTieWithout = (source: number): Instant => {
    const all = [read, count] as const;
    read = all[0].subarray(0, count).filter(slot => events.source[position[slot]] !== source || Number.isNaN(days!.from[position[slot]]));
    count = read.length;
    const first = firstTie();
    [read, count] = all;
    return first;
  };
  const sameSpan = (a: number, b: number) => from(a) === from(b) && to(a) === to(b);

  return {
    at,
    without,
    alike,
    found: (instance, t) => {
      if (t < at[instance]) at[instance] = t;
    },
    read: slot => {
      if (count === read.length) {
        const more = new Int32Array(count * 2);
        more.set(read);
        read = more;
      }
      read[count++] = slot;
    },
    close: instance => {
      at[instance] = firstTie();
      if (at[instance] < Number.POSITIVE_INFINITY) {
        for (const [source, first] of without) first[instance] = firstTieWithout(source);
      }
      count = 0;
    },
    count: () => {
      let ambiguous = 0;
      for (let i = 0; i < instances; i++) if (at[i] < Number.POSITIVE_INFINITY) ambiguous++;
      return ambiguous;
    },
  };
}

/** Code of the `per` value by slot; -1 where a row has none. */
function keyBySlot({ start, key, instances, position }: Timeline): Int32Array {
  const bySlot = new Int32Array(position.length).fill(-1);
  for (let i = 0; i < instances; i++) bySlot.fill(key![i], start[i], start[i + 1]);
  return bySlot;
}
