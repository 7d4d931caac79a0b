/** A metric over time. */
import type { MetricValue, Untold } from '@journey/engine';
import { formatCount, formatUntold, formatValue } from '@journey/engine';
import { columns } from '../picture.ts';
import { table } from './markdown.ts';

/** Its periods as a picture and a table, the latest first; empty where it has none. */
export function seriesTable({ series, quantity }: MetricValue, pictures: boolean, below: number | undefined): string {
  if (!series || series.length === 0) return '';
  const first = series[0].period;
  const last = series[series.length - 1].period;
  const points = series.map(({ value, immature }) => ({ value, faint: (immature ?? 0) > 0 }));
  const shares = series.some(({ denominator }) => denominator !== null);
  const young = series.some(({ immature }) => (immature ?? 0) > 0);
  // What a withheld value is made of is withheld too, as far as it is.
  const count = (value: number | null, untold?: Untold) =>
    value !== null ? formatCount(value) : untold ? formatUntold('withheld', below) : '';
  const rows = series.map(({ period, value, suppressed, numerator, denominator, immature }) => [
    period,
    formatValue({ value, quantity, suppressed }, below),
    ...(shares ? [count(numerator, suppressed), count(denominator, suppressed)] : []),
    ...(young ? [count(immature, suppressed)] : []),
  ]);
  const head = ['period', 'value', ...(shares ? ['with', 'of'] : []), ...(young ? ['too young'] : [])];
  return [columns(points, `${first} … ${last}`, pictures), `${first} … ${last}`, table(head, rows.reverse(), 24)].join('\n\n');
}
