/** The one home of "did you mean": edit distance, and the nearest of some names. */

/**
 * How many single edits (insert, delete, replace, swap of neighbours) lead from `a` to `b`.
 * @param limit beyond which the answer is only "more than that": any number above `limit`
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2] + 1 : replace;
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, replace, swap);
    }
    if (Math.min(...row) > limit && Math.min(...above) > limit) return limit + 1;
    before = above;
    above = row;
  }
  return above[b.length];
}

/** Longer texts are no typing errors of each other, and comparing them would take its time. */
const LONGEST = 80;

/**
 * The name that was most likely meant.
 * @param word what was written
 * @param names those there are; of equally near ones the first wins
 * @returns none where nothing is near: more than a third of the letters differ, case apart
 */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of names) {
    if (name === word || name.length > LONGEST) continue;
    const longer = Math.max(word.length, name.length);
    const allowed = Math.min(longer < 3 ? 0 : Math.max(1, Math.floor(longer / 3)), bestDistance - 1);
    if (allowed < 0) continue;
    const distance = editDistance(wanted, name.toLowerCase(), allowed);
    if (distance > allowed) continue;
    best = name;
    bestDistance = distance;
  }
  return best;
}
