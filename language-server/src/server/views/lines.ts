/** Where a line of one text stands in a later text. */

export interface LineMap {
  /** From a line of the older text to its line in the newer one; undefined where it is gone. */
  line(before: number): number | undefined;
  /** Whether its words are unchanged too. */
  same(before: number): boolean;
}

/**
 * Compares two texts line by line: from both ends, then by the lines between that stand there once in either text. Where the
 * number of lines between two such is unchanged, a line that differs is the same line, edited.
 */
export function lineMap(before: string, after: string): LineMap {
  if (before === after) return { line: line => line, same: () => true };
  const old = before.split(/\r?\n/);
  const now = after.split(/\r?\n/);
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;

  const same = new Map<number, number>();
  for (let line = 0; line < head; line++) same.set(line, line);
  for (let back = tail; back > 0; back--) same.set(old.length - back, now.length - back);
  const unique = once(now, head, now.length - tail);
  let reached = head - 1;
  for (const [text, line] of [...once(old, head, old.length - tail)].sort(([, a], [, b]) => a - b)) {
    const found = unique.get(text);
    if (found === undefined || found <= reached) continue;
    same.set(line, found);
    reached = found;
  }

  const moved = new Map(same);
  let last = -1;
  for (const line of [...same.keys(), old.length].sort((a, b) => a - b)) {
    const from = last < 0 ? -1 : same.get(last)!;
    const to = line === old.length ? now.length : same.get(line)!;
    if (line - last === to - from) for (let between = last + 1; between < line; between++) moved.set(between, from + between - last);
    last = line;
  }
  return { line: line => moved.get(line), same: line => same.has(line) };
}

/** Lines that stand in a region exactly once, by their text. */
function once(lines: string[], from: number, to: number): Map<string, number> {
  const found = new Map<string, number>();
  const twice = new Set<string>();
  for (let line = from; line < to; line++) {
    const text = lines[line];
    if (found.has(text)) twice.add(text);
    found.set(text, line);
  }
  for (const text of twice) found.delete(text);
  return found;
}
