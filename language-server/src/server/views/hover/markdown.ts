/** The Markdown that hovers are made of. */
import { formatCount } from '@journey/engine';

/** What the reader can see. */
export interface Look {
  /** SVG instead of block characters. */
  pictures: boolean;
  /** The numbers belong to an older text or older data. */
  stale: boolean;
}

/** So many rows of a table are read at a glance. */
export const ROWS = 12;

/** @param rows of which the first `most` are shown, and the others counted */
export function table(head: string[], rows: string[][], most = ROWS): string {
  const line = (cells: string[]) => `| ${cells.map(text).join(' | ')} |`;
  const shown = [line(head), `|${head.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`, ...rows.slice(0, most).map(line)].join('\n');
  return rows.length > most ? `${shown}\n\n… and ${formatCount(rows.length - most)} more` : shown;
}

/** Names and values come from the text and the data: none of them is Markdown. */
export function text(value: string): string {
  const short = value.length > 80 ? `${value.slice(0, 79)}…` : value;
  return short.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&');
}
