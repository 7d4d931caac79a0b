/** Rows as the text of files, the same bytes on every machine, and onto the disk. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Row } from './log.ts';
import { HOUR } from './people.ts';

/** The text of each file, by its name. */
export type Files = Record<string, string>;

export const lines = (rows: string[]) => `${rows.join('\n')}\n`;

/** @returns one JSON object a line; missing fields are left out */
export const ndjson = (rows: Row[]) => lines(rows.map(row => JSON.stringify(row)));

/** @returns a header and a line for each row; missing fields are empty */
export const csv = (columns: string[], rows: Row[]) =>
  lines([columns.join(','), ...rows.map(row => columns.map(column => quoted(String(row[column] ?? ''))).join(','))]);

/** @returns a field of a CSV file, in quotes where it needs them */
export const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** @returns such as 2026-03-01T10:00:00.000Z */
export const iso = (time: number) => new Date(time).toISOString();

/** @returns such as 2026-03-01T10:00:00Z */
export const isoSecond = (time: number) => iso(time).replace(/\.\d+/, '');

/** @returns such as 2026-03-01 */
export const isoDay = (time: number) => iso(time).slice(0, 10);

/** The wall clock of an office in Berlin as its systems write it, such as 2026-03-01 11:00:00: no offset, and two summer-time changes a year. */
export function berlin(time: number): string {
  // Summer time from 2026-03-29T01:00Z to 2026-10-25T01:00Z, all the samples' years need: no time zone database has a say in the bytes.
  const summer = time >= Date.UTC(2026, 2, 29, 1) && time < Date.UTC(2026, 9, 25, 1);
  return iso(time + (summer ? 2 : 1) * HOUR)
    .slice(0, 19)
    .replace('T', ' ');
}

/** Writes the files into a folder, and says so. */
export function save(files: Files, folder: string): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`${path}  ${text.split('\n').length - 1} lines, ${Math.ceil(text.length / 1024)} kB`);
  }
}
