/** Which numbers of a journey differ between two simulations. */
import { formatDuration, formatNumber, formatUntold, formatValue } from '../format.ts';
import type { JourneyResult, MetricValue } from '../result.ts';

type Leaf = string | number | boolean | null;

/** @returns one line a number, such as `exits Bought 403 → 0`; its name alone where numbers about few are withheld: the difference could be one */
export function differences(before: JourneyResult, after: JourneyResult): string[] {
  const was = leavesOf(before);
  const is = leavesOf(after);
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter(name => was.get(name) !== is.get(name))
    .map(name => (before.suppressedBelow === undefined ? `${name} ${was.get(name) ?? 'none'} → ${is.get(name) ?? 'none'}` : name));
}

/** Every single value, as people read it, by the words that lead to it. */
function leavesOf({ suppressedBelow: below, ...result }: JourneyResult): Map<string, string> {
  const leaves = new Map<string, string>();
  const visit = (part: unknown, words: readonly string[]): void => {
    if (Array.isArray(part)) {
      for (const [i, each] of part.entries()) visit(each, [...words, titleOf(each, i)]);
    } else if (isMetric(part)) {
      const { value, quantity, suppressed, ...rest } = part;
      leaves.set(words.join(' '), formatValue({ value, quantity, suppressed }, below));
      visit(rest, words);
    } else if (typeof part === 'object' && part !== null) {
      for (const [key, value] of Object.entries(part)) if (!UNSAID.has(key)) visit(value, [...words, key]);
    } else if (part !== undefined)
      leaves.set(
        words
          .map(word => WORDS[word] ?? word)
          .join(' ')
          .trimEnd(),
        shown(part as Leaf, words, below),
      );
  };
  visit(result, []);
  return leaves;
}

const isMetric = (part: unknown): part is MetricValue => typeof part === 'object' && part !== null && 'quantity' in part && 'value' in part;

/** Names of elements, which lead to their values, and places. */
const UNSAID = new Set(['at', 'name', 'by', 'day', 'period', 'text', 'from', 'to', 'kind']);
const WORDS: Record<string, string> = {
  medianMs: 'median',
  p90Ms: 'p90',
  medianFromPreviousMs: 'median from the step before',
  timeToEnd: 'time to end',
  count: '',
};

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

function shown(leaf: Leaf, words: readonly string[], below: number | undefined): string {
  // Of times and of what a value is made of there may be none, too.
  if (leaf === null) return below === undefined ? 'no value' : formatUntold('withheld', below);
  if (typeof leaf !== 'number') return String(leaf);
  return words.at(-1)?.endsWith('Ms') ? formatDuration(leaf) : formatNumber(leaf);
}
