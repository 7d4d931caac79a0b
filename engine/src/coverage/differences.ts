/** Which numbers of a journey differ between two simulations. */
import { formatNumber } from '../format.ts';
import type { JourneyResult } from '../result.ts';

type Leaf = string | number | boolean | null;

/** @returns one line a number, such as `exits Bought 403 → 0` */
export function differences(before: JourneyResult, after: JourneyResult): string[] {
  const was = leavesOf(before);
  const is = leavesOf(after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter(name => !Object.is(was.get(name), is.get(name)))
    .map(name => `${name} ${shown(was.get(name))} → ${shown(is.get(name))}`);
}

/** Every single value by the words that lead to it. */
function leavesOf(result: JourneyResult): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const visit = (part: unknown, words: readonly string[]): void => {
    if (Array.isArray(part)) {
      for (const [i, each] of part.entries()) visit(each, [...words, titleOf(each, i)]);
    } else if (typeof part === 'object' && part !== null) {
      for (const [key, value] of Object.entries(part)) if (key !== 'at' && !TITLES.includes(key)) visit(value, [...words, key]);
    } else if (part !== undefined) leaves.set(words.join(' '), part as Leaf);
  };
  visit(result, []);
  return leaves;
}

/** What names an element of a list: its place is no name, since one more element would move it. */
const TITLES = ['name', 'by', 'day', 'period', 'text'];
function titleOf(element: unknown, place: number): string {
  const of = element as Record<string, unknown> | null;
  if (typeof of !== 'object' || of === null) return `${place + 1}`;
  if ('from' in of && 'to' in of) return `${of.from} → ${of.to}`;
  if ('kind' in of && 'value' in of) return `${of.kind === 'value' ? '' : `${of.kind} `}${of.value}`;
  const title = TITLES.find(each => typeof of[each] === 'string');
  return title ? String(of[title]) : `${place + 1}`;
}

/** Nothing was counted: 0 as a rule, but a value that there is none of is no 0. */
function shown(leaf: Leaf | undefined): string {
  if (leaf === undefined) return 'none';
  if (leaf === null) return 'no value';
  return typeof leaf === 'number' ? formatNumber(leaf) : String(leaf);
}
