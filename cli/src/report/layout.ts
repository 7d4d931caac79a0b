/** Rows in columns, without borders. */
import Table from 'cli-table3';
import type { Style } from '../terminal.ts';

export type Align = 'left' | 'right';
export interface Column {
  align: Align;
  /** At least so wide. */
  width?: number;
}

const NO_BORDERS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map(place => [place, '']),
);
const GAP = '  ';
const INDENT = '  ';

/**
 * @param rows a cell per column; the last column takes what width is left, and wraps there
 * @returns lines without trailing blanks, indented
 */
export function columns(spec: Column[], rows: string[][], style: Style): string {
  if (rows.length === 0) return '';
  const widths = spec.map(({ width = 0 }, i) => Math.max(width, ...rows.map(row => visible(row[i] ?? ''))));
  const last = widths.length - 1;
  const used = INDENT.length + widths.slice(0, last).reduce((sum, width) => sum + width + GAP.length, 0);
  // A cell of its own line would be worse than one that runs over.
  widths[last] = Math.max(Math.min(widths[last], style.width - used), Math.min(widths[last], 16), 1);
  const table = new Table({
    chars: { ...NO_BORDERS, middle: GAP },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colWidths: widths,
    colAligns: spec.map(({ align }) => align),
    wordWrap: true,
  });
  table.push(...rows.map(row => spec.map((_, i) => row[i] ?? '')));
  return lines(
    table
      .toString()
      .split('\n')
      .map(line => INDENT + line),
  );
}

/** Lines with one end each, blanks at their ends taken off. */
export function lines(all: string[]): string {
  return all.map(line => `${line.trimEnd()}\n`).join('');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const COLOR = /\u001b\[\d+m/g;
export function visible(text: string): number {
  return text.replace(COLOR, '').length;
}
