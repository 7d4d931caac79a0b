/** Statistics over plain numbers. */

/**
 * Quantiles that interpolate linearly, as SQL's percentile_cont does. Reorders `values`.
 * @param shares 0 to 1
 * @returns null for each where there are no values
 */
export function quantiles(values: Float64Array, ...shares: number[]): (number | null)[] {
  const n = values.length;
  return shares.map(share => {
    if (n === 0) return null;
    const place = share * (n - 1);
    const k = Math.floor(place);
    const lower = select(values, k);
    if (place === k) return lower;
    let upper = Number.POSITIVE_INFINITY;
    for (let i = k + 1; i < n; i++) if (values[i] < upper) upper = values[i];
    return lower + (upper - lower) * (place - k);
  });
}

/** The kth smallest, from 0; afterwards nothing after it is smaller, nothing before it larger. */
function select(values: Float64Array, k: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = medianOfThree(values[from], values[(from + to) >> 1], values[to]);
    let i = from;
    let j = to;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const swap = values[i];
      values[i++] = values[j];
      values[j--] = swap;
    }
    if (k <= j) to = j;
    else if (k >= i) from = i;
    else break;
  }
  return values[k];
}

const medianOfThree = (a: number, b: number, c: number) => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

/** The 95 % Wilson score interval of `successes` out of `trials`; null where there are no trials. */
export function wilson(successes: number, trials: number): [number, number] | null {
  if (trials === 0) return null;
  const share = successes / trials;
  const z2 = Z * Z;
  const centre = share + z2 / (2 * trials);
  const spread = Z * Math.sqrt((share * (1 - share) + z2 / (4 * trials)) / trials);
  const scale = 1 + z2 / trials;
  // None and all are exact, but for rounding.
  return [successes === 0 ? 0 : (centre - spread) / scale, successes === trials ? 1 : (centre + spread) / scale];
}
