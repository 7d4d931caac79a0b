/** Small pictures for hovers: SVG in a data URI where the client shows them, block characters elsewhere. */
import type { Count } from '@journey/engine';
import { formatCount, formatShare, isTold } from '@journey/engine';

export interface Bar {
  label: string;
  /** null: withheld. */
  count: Count;
}

/** Seen on light and dark grounds alike. */
export const INK = '#4a90d9';
export const TEXT = '#8a8a8a';
/** How a bar looks whose number is withheld. */
export const HATCH = {
  pattern: `<defs><pattern id="few" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="${TEXT}" stroke-width="2"/></pattern></defs>`,
  look: 'fill="url(#few)"',
};
/** As wide as this, whatever the number. */
const WITHHELD = 24;

export const xml = (text: string) => text.replace(/[&<>"']/g, char => `&#${char.charCodeAt(0)};`);
export const image = (svg: string, title: string) => `![${title}](data:image/svg+xml;base64,${base64(svg)})`;

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Counts over time as one row of columns. */
export function sparkline(counts: number[], title: string, pictures: boolean): string {
  const bins = squeeze(counts, pictures ? 120 : 60);
  const most = Math.max(...bins, 0);
  if (most === 0) return '';
  if (!pictures) return `\`${spark(bins, bins.length)}\``;
  const width = 360;
  const height = 48;
  // A few days are a few columns, not a wall.
  const step = Math.min(12, width / bins.length);
  const bars = bins.map((count, i) => {
    const size = (count / most) * height;
    return `<rect x="${round(i * step)}" y="${round(height - size)}" width="${round(Math.max(step - 1, step * 0.8))}" height="${round(size)}"/>`;
  });
  return image(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="${INK}">${bars.join('')}</svg>`, title);
}

/** A value of a series; `faint`: it may still change, since some runs are too young. */
export interface Point {
  value: number | null;
  faint?: boolean;
}

const LEVELS = '▁▂▃▄▅▆▇█';

/** The last values as block characters, a gap for none; empty where there is no value at all. */
export function spark(values: (number | null)[], most: number): string {
  const shown = values.slice(-most);
  const known = shown.filter(value => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(0, ...known);
  const span = Math.max(0, ...known) - low || 1;
  return shown.map(value => (value === null ? '·' : LEVELS[Math.min(7, Math.floor(((value - low) / span) * 7.999))])).join('');
}

/** The values of a series as one row of columns, a gap where there is none. */
export function columns(points: Point[], title: string, pictures: boolean): string {
  if (!pictures)
    return `\`${spark(
      points.map(({ value }) => value),
      60,
    )}\``;
  const shown = points.slice(-120);
  const known = shown.flatMap(({ value }) => value ?? []);
  if (known.length === 0) return '';
  const width = 360;
  const height = 60;
  const low = Math.min(0, ...known);
  const span = Math.max(0, ...known) - low || 1;
  const step = width / shown.length;
  const zero = height - (-low / span) * height;
  const drawn = shown.map(({ value, faint }, i) => {
    if (value === null) return '';
    const size = (Math.abs(value) / span) * height;
    const place = `x="${round(i * step)}" y="${round(value < 0 ? zero : zero - size)}" width="${round(Math.min(40, Math.max(step - 2, step * 0.8)))}"`;
    return `<rect ${place} height="${round(Math.max(size, 1))}"${faint ? ' opacity="0.45"' : ''}/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" fill="${INK}">${drawn.join('')}</svg>`;
  return image(svg, title);
}

/**
 * Bars below each other, as long as their share of `of`; hatched where a number is withheld.
 * @param below numbers about fewer people are
 */
export function bars(rows: Bar[], of: Count, title: string, pictures: boolean, below: number | undefined): string {
  if (rows.length === 0 || of === 0) return '';
  const share = (count: Count): number | null => (isTold(count) && isTold(of) ? count / of : null);
  if (!pictures) {
    const label = Math.max(...rows.map(row => row.label.length));
    const lines = rows.map(row => {
      const part = share(row.count);
      const bar = part === null ? '░░'.padEnd(24) : blocks(part, 24);
      return `${row.label.padEnd(label)}  ${bar}  ${formatCount(row.count, below)}${part === null ? '' : `  ${formatShare(part)}`}`;
    });
    return ['```text', ...lines, '```'].join('\n');
  }
  const line = 20;
  const longest = Math.min(180, Math.max(...rows.map(row => row.label.length)) * 7 + 10);
  const room = 160;
  const drawn = rows.map((row, i) => {
    const y = i * line;
    const part = share(row.count);
    const size = part === null ? WITHHELD : Math.max(1, part * room);
    const said = part === null ? formatCount(row.count, below) : `${formatCount(row.count, below)} · ${formatShare(part)}`;
    return (
      `<text x="0" y="${y + 14}">${xml(row.label)}</text><rect x="${longest}" y="${y + 4}" width="${round(size)}" height="12" rx="2" ${part === null ? HATCH.look : `fill="${INK}"`}/>` +
      `<text x="${round(longest + size + 6)}" y="${y + 14}">${xml(said)}</text>`
    );
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${longest + room + 110}" height="${rows.length * line + 4}" font-family="sans-serif" font-size="12" fill="${TEXT}">${rows.some(({ count }) => share(count) === null) ? HATCH.pattern : ''}${drawn.join('')}</svg>`;
  return image(svg, title);
}

function blocks(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, share) * width * 8);
  const text = '█'.repeat(Math.floor(eighths / 8)) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8];
  return text.padEnd(width);
}

/** At most `width` bins, neighbours summed. */
function squeeze(counts: number[], width: number): number[] {
  const per = Math.ceil(counts.length / width);
  if (per <= 1) return counts;
  return Array.from({ length: Math.ceil(counts.length / per) }, (_, i) =>
    counts.slice(i * per, (i + 1) * per).reduce((sum, count) => sum + count, 0),
  );
}

export const round = (value: number) => Math.round(value * 10) / 10;
