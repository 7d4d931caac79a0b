/** Phrases that hints, lenses, hovers and the status share. */
import type { JourneyResult, RejectionReason, SourceResult, SplitPlan, SplitResult } from '@journey/engine';
import { formatCount, formatShare } from '@journey/engine';
import { day, count as plural } from '../../text/words.ts';

export { day, plural };

/** `2026-01-01 … 2026-06-30`; one day alone where both fall on it. */
export function range({ from, to }: Pick<SourceResult, 'from' | 'to'>): string {
  if (from === null || to === null) return '';
  return day(from) === day(to) ? day(from) : `${day(from)} … ${day(to)}`;
}

/** Reasons with their counts, most frequent first: `120 already in, 74 once`. */
export function reasons(rejected: Partial<Record<RejectionReason, number>>): string {
  return Object.entries(rejected)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${formatCount(count)} ${reason}`)
    .join(', ');
}

export function sum(counts: Partial<Record<string, number>>): number {
  return Object.values(counts).reduce<number>((total, count) => total + (count ?? 0), 0);
}

/** A part of the runs as `403 · 39.9%`; the count alone where there are none to compare with. */
export function part(count: number, of: number): string {
  return of > 0 ? `${formatCount(count)} · ${formatShare(count / of)}` : formatCount(count);
}

/** The funnel in one line, for the lens and the hover. */
export function headline(journey: JourneyResult): string[] {
  const { entered, active, completed } = journey;
  if (entered === 0) return [journey.attempts === 0 ? 'nobody tried to enter' : `${plural(journey.attempts, 'attempt')}, nobody entered`];
  return [`${formatCount(entered)} entered`, `${formatCount(active)} active`, `${formatShare(completed / entered)} completed`];
}

/** The result of a split: by its text, or, where one text stands twice, by its place. */
export function resultOf(split: SplitPlan, { splits }: JourneyResult): SplitResult | undefined {
  const same = splits.filter(({ by }) => by === split.text);
  return same.find(({ at }) => at.start.line === split.at.start.line && at.start.character === split.at.start.character) ?? same[0];
}

/** Words of ours are set apart from values of the data. */
export const groupName = ({ value, kind }: SplitResult['groups'][number]): string =>
  kind === 'value' ? value : kind === 'other' ? '(others)' : '(unknown)';
