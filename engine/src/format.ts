/** Numbers as people read them. The same words in the editor, the terminal and the reports; no locale decides. */
import type { Instant, Millis } from './plan.ts';
import type { Count, MetricValue, Untold } from './result.ts';

// Made once: `toLocaleString` makes one of these at every call, and an editor shows hundreds of numbers.
const whole = new Intl.NumberFormat('en-US');
const oneDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const twoDecimals = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const twoDigits = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });

/**
 * `12,345`, `< 10` for a count about too few people, `withheld` for one that would give such a count away.
 * @param below what the plan withholds, if anything: a number about fewer people
 */
export function formatCount(count: number): string;
export function formatCount(count: Count, below: number | undefined): string;
export function formatCount(count: Count, below?: number): string {
  return isTold(count) ? whole.format(Math.round(count)) : formatUntold(count, below);
}

/** Whether there is a number to work with. */
export const isTold = (count: Count): count is number => typeof count === 'number';

/** What stands in place of a number about fewer people than this, and of one that would give such a number away. */
export const formatUntold = (untold: Untold, below: number | undefined): string =>
  untold === 'few' && below !== undefined ? `< ${formatCount(below)}` : 'withheld';

/** `1 row`, `1,204 rows`, `< 10 rows`. */
export function formatCounted(count: number, one: string, many?: string): string;
export function formatCounted(count: Count, one: string, many: string | undefined, below: number | undefined): string;
export function formatCounted(count: Count, one: string, many = `${one}s`, below?: number): string {
  return `${formatCount(count, below)} ${count === 1 ? one : many}`;
}

/** `an email`, `a device`. Names of ids that begin with u are spoken like "you": `a user`, `a uuid`. */
export const withArticle = (noun: string): string => `${/^[aeio]/i.test(noun) ? 'an' : 'a'} ${noun}`;

/** A part of a whole as a share: `24.1%`; `< 10` where it is about few, nothing where the whole is nothing. */
export function formatPart(part: Count, of: Count, below: number | undefined): string {
  if (!isTold(part)) return formatUntold(part, below);
  if (!isTold(of)) return formatUntold('withheld', below);
  return of > 0 ? formatShare(part / of) : '';
}

/** `1,234.57`: up to two decimals, more for small numbers, so that none but 0 reads 0. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1 || size === 0) return twoDecimals.format(value);
  return twoDigits.format(value);
}

/** A share 0 to 1 as `24.1%`. Only nothing reads 0%, only everything 100%. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '<0.1%';
  if (share < 1 && share >= 0.9995) return '>99.9%';
  return `${oneDecimal.format(share * 100)}%`;
}

const UNITS: [string, Millis][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
];

/** The two largest units, rounded: `2d 4h`, `3m 20s`, `1.5s`, `250ms`. */
export function formatDuration(duration: Millis): string {
  if (duration < 0) return `-${formatDuration(-duration)}`;
  for (let i = 0; i < UNITS.length - 1; i++) {
    const [unit, length] = UNITS[i];
    const [part, partLength] = UNITS[i + 1];
    const parts = Math.round(duration / partLength);
    const perUnit = length / partLength;
    if (parts < perUnit) continue;
    const rest = parts % perUnit;
    const whole = `${formatCount(Math.floor(parts / perUnit))}${unit}`;
    return rest === 0 ? whole : `${whole} ${rest}${part}`;
  }
  if (duration >= 1000) return `${formatNumber(Math.round(duration / 100) / 10)}s`;
  return duration === 0 ? '0s' : `${formatNumber(duration)}ms`;
}

/** In UTC, as exact as it has to be: `2026-03-01 10:00`, `2026-03-01 10:00:05`, `2026-03-01 10:00:05.250`. */
export function formatInstant(instant: Instant): string {
  const text = new Date(instant).toISOString().replace('T', ' ');
  if (instant % 1000) return text.slice(0, -1);
  return text.slice(0, instant % 60_000 ? 19 : 16);
}

/** The same to the second: what happened within one stands in its order. */
export const formatMoment = (instant: Instant): string => formatInstant(Math.floor(instant / 1000) * 1000);

const WRITTEN: [string, Millis][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** Exactly, as the language writes it, in the largest unit that takes no fraction: `26h`, `90min`, `1.5s`. */
export function writtenDuration(duration: Millis): string {
  const [unit, length] = WRITTEN.find(([, length]) => duration >= length && duration % length === 0) ?? ['s', 1000];
  return `${duration / length}${unit}`;
}

/** The value alone, in its quantity: `24.1%`, `2d 4h`, `1,234`; `no value` where there is none; `< 10` or `withheld` in its place. */
export function formatValue(
  { value, quantity, suppressed }: Pick<MetricValue, 'value' | 'quantity' | 'suppressed'>,
  below?: number,
): string {
  if (suppressed) return formatUntold(suppressed, below);
  if (value === null) return 'no value';
  switch (quantity) {
    case 'count':
      return formatCount(value);
    case 'share':
      return formatShare(value);
    case 'duration':
      return formatDuration(value);
    case 'number':
      return formatNumber(value);
  }
}

/** The value and what it is made of: `24.1% (241 of 1,000)`; `< 10 of 1,000` where only the whole may be told. */
export function formatMetric(metric: MetricValue, below?: number): string {
  const { numerator, denominator, immature } = metric;
  if (metric.suppressed === 'few' && denominator !== null) return `${formatValue(metric, below)} of ${formatCount(denominator)}`;
  if (numerator === null || denominator === null || metric.suppressed) return formatValue(metric, below);
  const young = immature ? `, ${formatCount(immature)} too young` : '';
  return `${formatValue(metric)} (${formatCount(numerator)} of ${formatCount(denominator)}${young})`;
}
