/** Phrases that hints, lenses, hovers and the status share. */
import type { Count, JourneyResult, RejectionReason, SourceResult, SplitPlan, SplitResult } from '@journey/engine';
import { formatCount, formatPart, formatShare, isTold } from '@journey/engine';
import { day, count as plural } from '../../text/words.ts';

export { day, plural };

/** `2026-01-01 … 2026-06-30`; one day alone where both fall on it. */
export function range({ from, to }: Pick<SourceResult, 'from' | 'to'>): string {
  if (from === null || to === null) return '';
  return day(from) === day(to) ? day(from) : `${day(from)} … ${day(to)}`;
}

/** The largest first, those that are withheld last. */
export const largestFirst = (counts: Partial<Record<string, Count>>): [string, Count][] =>
  Object.entries(counts as Record<string, Count>).sort(([, a], [, b]) => (isTold(b) ? b : -1) - (isTold(a) ? a : -1));

/** Reasons with their counts, most frequent first: `120 already in, 74 once`. */
export function reasons(rejected: Partial<Record<RejectionReason, Count>>, below: number | undefined): string {
  return largestFirst(rejected)
    .map(([reason, count]) => `${formatCount(count, below)} ${reason}`)
    .join(', ');
}

/** Withheld where any part of it is. */
export function sum(counts: readonly Count[]): Count {
  return counts.reduce<Count>((total, count) => (isTold(total) && isTold(count) ? total + count : 'withheld'), 0);
}

/** A part of the runs as `403 · 39.9%`; the count alone where there are none to compare with, or one of the two is withheld. */
export function part(count: Count, of: Count, below: number | undefined): string {
  return isTold(count) && isTold(of) && of > 0 ? `${formatCount(count)} · ${formatShare(count / of)}` : formatCount(count, below);
}

/** The funnel in one line, for the lens and the hover. */
export function headline(journey: JourneyResult): string[] {
  const { entered, active, completed, suppressedBelow: below } = journey;
  if (entered === 0 && isTold(journey.attempts))
    return [journey.attempts === 0 ? 'nobody tried to enter' : `${plural(journey.attempts, 'attempt')}, nobody entered`];
  return [
    `${formatCount(entered, below)} entered`,
    `${formatCount(active, below)} active`,
    `${formatPart(completed, entered, below)} completed`,
  ];
}

/** The result of a split: by its text, or, where one text stands twice, by its place. */
export function resultOf(split: SplitPlan, { splits }: JourneyResult): SplitResult | undefined {
  const same = splits.filter(({ by }) => by === split.text);
  return same.find(({ at }) => at.start.line === split.at.start.line && at.start.character === split.at.start.character) ?? same[0];
}

/** Words of ours are set apart from values of the data. */
export const groupName = ({ value, kind }: SplitResult['groups'][number]): string =>
  kind === 'value' ? value : kind === 'other' ? '(others)' : '(unknown)';
