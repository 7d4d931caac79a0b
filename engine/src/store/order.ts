/**
 * Sorts indices by time, stably, in place: what stood first stays first among equals.
 * A natural merge sort: files mostly come in order, and then one pass sees it.
 */
export function sortByTime(indices: Uint32Array, time: Float64Array): void {
  const n = indices.length;
  let runs: number[] = [0];
  for (let i = 1; i < n; i++) if (time[indices[i]] < time[indices[i - 1]]) runs.push(i);
  if (runs.length === 1) return;
  let from: Uint32Array = indices;
  let to: Uint32Array = new Uint32Array(n);
  while (runs.length > 1) {
    const merged: number[] = [];
    for (let r = 0; r < runs.length; r += 2) {
      const start = runs[r];
      const middle = r + 1 < runs.length ? runs[r + 1] : n;
      const end = r + 2 < runs.length ? runs[r + 2] : n;
      merged.push(start);
      let a = start;
      let b = middle;
      let out = start;
      while (a < middle && b < end) to[out++] = time[from[b]] < time[from[a]] ? from[b++] : from[a++];
      while (a < middle) to[out++] = from[a++];
      while (b < end) to[out++] = from[b++];
    }
    [from, to] = [to, from];
    runs = merged;
  }
  if (from !== indices) indices.set(from);
}

/** How many of an ascending array are below the value; with `low` and `high` the first place between them that isn't. */
export function countBelow(array: ArrayLike<number>, value: number, low = 0, high = array.length): number {
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (array[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
