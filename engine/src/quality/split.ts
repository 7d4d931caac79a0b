/** A share of rows that isn't the same before and after some place in a row of buckets. */
export interface Change {
  /** The first bucket after the change. */
  at: number;
  before: number;
  after: number;
}

/**
 * Where a share changes most plainly: the cut that leaves the two sides most unlike, both of some size.
 * @param hits by bucket (a day, a file): of `totals` rows so many have it
 * @param least rows on either side
 * @returns null where no cut leaves sides whose shares are `apart`
 */
export function plainestChange(hits: ArrayLike<number>, totals: ArrayLike<number>, least: number, apart: number): Change | null {
  let allHits = 0;
  let all = 0;
  for (let i = 0; i < totals.length; i++) {
    allHits += hits[i];
    all += totals[i];
  }
  let best: Change | null = null;
  let most = 0;
  let hitsBefore = 0;
  let rowsBefore = 0;
  for (let i = 0; i + 1 < totals.length; i++) {
    hitsBefore += hits[i];
    rowsBefore += totals[i];
    const rowsAfter = all - rowsBefore;
    if (rowsBefore < least || rowsAfter < least || totals[i + 1] === 0) continue;
    const before = hitsBefore / rowsBefore;
    const after = (allHits - hitsBefore) / rowsAfter;
    const difference = Math.abs(before - after);
    // Two classes as far apart as can be, as in Otsu's threshold.
    const weight = rowsBefore * rowsAfter * difference * difference;
    if (difference < apart || weight <= most) continue;
    most = weight;
    best = { at: i + 1, before, after };
  }
  return best;
}
