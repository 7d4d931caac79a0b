import type { Instant, Millis } from '../plan.ts';

const LATE: Millis = 86_400_000;
/** A file with more late rows than this isn't in order of time at all, and none of its rows is late. */
const ORDERED = 0.1;

/** Rows after an instant, whatever else they are. */
export function laterThan(time: Float64Array, asOf: Instant): number {
  let later = 0;
  for (let row = 0; row < time.length; row++) if (time[row] > asOf) later++;
  return later;
}

/**
 * Rows more than a day older than a row above them in their file, of files that are otherwise in order.
 * @param fileEnds by file: how many rows there are up to its end
 * @param until rows after it, or after as-of, are not looked at: a stray time far ahead would make all below it late
 */
export function lateRows(time: Float64Array, fileEnds: readonly number[], until: Instant = Number.POSITIVE_INFINITY): number {
  let late = 0;
  let row = 0;
  for (const end of fileEnds) {
    let newest = Number.NEGATIVE_INFINITY;
    let readable = 0;
    let own = 0;
    for (; row < end; row++) {
      const t = time[row];
      if (!(t <= until)) continue;
      readable++;
      if (t > newest) newest = t;
      else if (t < newest - LATE) own++;
    }
    if (own <= ORDERED * readable) late += own;
  }
  return late;
}
