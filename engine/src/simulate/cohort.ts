import type { Fold } from './columns.ts';
import { countingSort } from './timeline.ts';

/** Some of a journey's runs, and the attempts turned away that belong with them: what numbers are taken of. */
export interface Cohort {
  readonly size: number;
  /** Ascending. */
  readonly runs: Int32Array;
  /** Rows of `fold.rejections`, ascending. */
  readonly rejections: Int32Array;
  /** They are looked at while they are open: all of them are active, whatever became of them. */
  readonly open?: boolean;
}

export function everyone({ runs, rejections }: Fold): Cohort {
  let all: Int32Array | null = null;
  let turnedAway: Int32Array | null = null;
  return {
    size: runs.count,
    get runs() {
      all ??= ascending(runs.count);
      return all;
    },
    get rejections() {
      turnedAway ??= ascending(rejections.count);
      return turnedAway;
    },
  };
}

/**
 * Parts runs into cohorts by a code from 0; those with a negative one are in none.
 * @param ofRejections the codes of the attempts turned away, asked for when a number needs them
 */
export function cohorts(groups: number, ofRuns: Int32Array, ofRejections: () => Int32Array): Cohort[] {
  const runs = parts(groups, ofRuns);
  let rejections: Int32Array[] | null = null;
  return runs.map((own, group) => ({
    size: own.length,
    runs: own,
    get rejections() {
      rejections ??= parts(groups, ofRejections());
      return rejections[group];
    },
  }));
}

function parts(groups: number, codes: Int32Array): Int32Array[] {
  const { order, start } = countingSort(ascending(codes.length), codes, groups);
  return Array.from({ length: groups }, (_, group) => order.subarray(start[group], start[group + 1]));
}

function ascending(count: number): Int32Array {
  const all = new Int32Array(count);
  for (let i = 0; i < count; i++) all[i] = i;
  return all;
}
