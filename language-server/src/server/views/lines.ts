/** Where a line of one text stands in a later text. */

/**
 * Compares two texts line by line from both ends; between the first and the last line that differ nothing can be said, unless the
 * number of lines there is the same.
 * @returns from a line of `before` to its line in `after`; undefined where it was removed. `same` also asks that its words are unchanged.
 */
export function lineMap(before: string, after: string): { line(before: number): number | undefined; same(before: number): boolean } {
  if (before === after) return { line: line => line, same: () => true };
  const old = before.split(/\r?\n/);
  const now = after.split(/\r?\n/);
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const shift = now.length - old.length;
  return {
    line: line => {
      if (line < head) return line;
      if (line >= old.length - tail) return line + shift;
      return shift === 0 ? line : undefined;
    },
    same: line => line < head || line >= old.length - tail,
  };
}
