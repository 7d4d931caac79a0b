/** The small pictures of a terminal: bars, and entries over time. */
import type { JourneyResult } from '@journey/engine';
import sparkly from 'sparkly';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar of `share` (0 to 1) of `width` characters, to an eighth of a character; something always shows as something. */
export function bar(share: number, width: number): string {
  const eighths = share > 0 ? Math.max(1, Math.round(Math.min(share, 1) * width * 8)) : 0;
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** In place of the bar of a number that is withheld: of no length in particular. */
export const WITHHELD_BAR = '░░';

const DAY = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface EntriesChart {
  /** What one column stands for: `day`, `week`, `4 weeks`. */
  per: string;
  /** Two lines of columns, the upper first. */
  picture: [string, string];
  /** The months, below where they begin. */
  axis: string;
  least: number;
  most: number;
}

/** Entries over time, in at most `width` characters. Undefined where there are too few days for a picture. */
export function entriesChart(byDay: JourneyResult['entriesByDay'], width: number): EntriesChart | undefined {
  const days = byDay.map(({ day, entered }) => ({ at: Date.parse(day), entered }));
  if (days.length < 2) return undefined;
  const from = days[0].at;
  const span = Math.round((days[days.length - 1].at - from) / DAY) + 1;
  if (span < 5) return undefined;
  const size = span <= 31 && span <= width ? 1 : 7 * Math.max(1, Math.ceil(span / 7 / width));
  const counts = new Array<number>(Math.ceil(span / size)).fill(0);
  for (const { at, entered } of days) counts[Math.floor(Math.round((at - from) / DAY) / size)] += entered;
  // Wider columns where there is room: easier on the eye.
  const zoom = Math.max(1, Math.min(3, Math.floor(width / counts.length)));
  const most = Math.max(...counts);
  const half = most / 2;
  return {
    per: size === 1 ? 'day' : size === 7 ? 'week' : `${size / 7} weeks`,
    picture: [
      columns(
        counts.map(count => count - half),
        half,
        zoom,
      ),
      columns(
        counts.map(count => Math.min(count, half)),
        half,
        zoom,
      ),
    ],
    axis: months(counts.length, from, size, zoom),
    least: Math.min(...counts),
    most,
  };
}

function columns(counts: number[], most: number, zoom: number): string {
  const ticks = [...sparkly(counts, { minimum: 0, maximum: most })];
  return counts.map((count, i) => (count > 0 ? ticks[i] : ' ').repeat(zoom)).join('');
}

function months(buckets: number, from: number, size: number, zoom: number): string {
  let axis = '';
  let current = -1;
  for (let i = 0; i < buckets; i++) {
    const month = new Date(from + i * size * DAY).getUTCMonth();
    if (month !== current && axis.length <= i * zoom) axis = `${axis.padEnd(i * zoom)}${MONTHS[month]} `;
    current = month;
  }
  return axis.trimEnd();
}
