import type { Instant } from '../plan.ts';
import type { Groups } from '../simulate/timeline.ts';

/**
 * Absences stand on no row. While derived events are looked for they are numbered after all rows, in the order in which they stand
 * among themselves: so rows keep their numbers, and what was found among them stays good.
 */
export interface Points {
  readonly count: number;
  /** Never falling: by time, then in order of declaration, then in the order of what was not followed. */
  readonly time: Float64Array;
  /** The row that was not followed: its properties are theirs. */
  readonly origin: Uint32Array;
}

/** Where derived events are looked for: rows, and the absences found so far. */
export interface Ground {
  readonly rows: number;
  /** By row. */
  readonly time: Float64Array;
  readonly points: Points | null;
}

export const timeAt = ({ rows, time, points }: Ground, position: number): Instant =>
  position < rows ? time[position] : points!.time[position - rows];

/** The row that its properties are read from. */
export const rowOf = ({ rows, points }: Ground, position: number): number => (position < rows ? position : points!.origin[position - rows]);

export const groupAt = (ground: Ground, groups: Groups, position: number): number => groups.of[rowOf(ground, position)];

/** Whether one stands before the other: an absence stands after every row of its instant. */
export function before(ground: Ground, a: number, b: number): boolean {
  if (a < ground.rows === b < ground.rows) return a < b;
  return a < ground.rows ? ground.time[a] <= timeAt(ground, b) : timeAt(ground, a) < ground.time[b];
}

/** Absences of one declaration, as they were found: what was not followed, in order, on the ground of that time. */
export interface Found {
  readonly order: number;
  readonly first: Uint32Array;
  readonly time: Float64Array;
  readonly origin: Uint32Array;
}

/** Numbers absences in the order in which they stand. @returns the points, and the numbers of each declaration's own */
export function numberPoints(rows: number, found: readonly Found[]): { points: Points; positions: Uint32Array[] } {
  const count = found.reduce((sum, { time }) => sum + time.length, 0);
  const time = new Float64Array(count);
  const origin = new Uint32Array(count);
  const positions = found.map(one => new Uint32Array(one.time.length));
  const next = new Int32Array(found.length);
  const isBefore = (a: number, b: number): boolean => {
    const [x, y] = [found[a], found[b]];
    const [i, j] = [next[a], next[b]];
    if (x.time[i] !== y.time[j]) return x.time[i] < y.time[j];
    if (x.order !== y.order) return x.order < y.order;
    // One declaration, evaluated in two ways: on one ground, and their times are equal, so that positions tell the order.
    return x.first[i] < y.first[j];
  };
  for (let n = 0; n < count; n++) {
    let least = -1;
    for (let list = 0; list < found.length; list++) {
      if (next[list] < found[list].time.length && (least < 0 || isBefore(list, least))) least = list;
    }
    const i = next[least]++;
    positions[least][i] = rows + n;
    time[n] = found[least].time[i];
    origin[n] = found[least].origin[i];
  }
  return { points: { count, time, origin }, positions };
}
