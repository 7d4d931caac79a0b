import type { Sink } from './column.ts';
import { PROFILED, Profile, TextColumn, TimeColumn } from './column.ts';
import { TooLarge } from './dictionary.ts';
import { Faults, plural } from './problem.ts';

export interface Limits {
  /** Of one source or table, over all its files, as stored. */
  fileBytes: number;
  rows: number;
  /** Of one column's distinct values. */
  columnBytes: number;
  /** What sql.js may hold; it dies at 2 GB. */
  sqlBytes: number;
}
export const LIMITS: Limits = { fileBytes: 4 * 2 ** 30, rows: 50_000_000, columnBytes: 2 ** 30, sqlBytes: 1.25 * 2 ** 30 };

/** One pass over the files of a source: which columns are wanted, and what is learnt on the way. */
export class Reading {
  rows = 0;
  /** Of the file at hand. */
  path = '';
  line = 0;
  /** Every column's dotted name in order of appearance. */
  readonly names = new Set<string>();
  readonly profiles = new Map<string, Profile>();
  /** Rows the profiles have looked at. */
  looked = 0;
  readonly faults = new Faults();
  readonly wanted: ReadonlyMap<string, Sink[]>;
  private readonly limits: Limits;
  private readonly sinks: Sink[];

  /** @param faultsOf where what is wrong with one column's values goes */
  constructor(wanted: ReadonlyMap<string, Sink[]>, limits: Limits, faultsOf: (sink: Sink) => Faults) {
    this.wanted = wanted;
    this.limits = limits;
    this.sinks = [...wanted.values()].flat();
    for (const sink of this.sinks) {
      const faults = faultsOf(sink);
      if (sink instanceof TimeColumn) sink.onBad = text => this.badTime(faults, text);
      if (sink instanceof TextColumn) sink.dictionary.onHigh = (bytes, start, end) => this.checkUtf8(faults, bytes, start, end);
    }
  }

  fileStarts(path: string): void {
    this.path = path;
    this.line = 1;
  }

  rowDone(): void {
    if (++this.rows > this.limits.rows) throw new TooLarge(`it has more than ${plural(this.limits.rows, 'row')}`);
    if (this.looked < PROFILED) this.looked++;
  }

  /** About how many rows there will be, judged by those so far. */
  expect(rows: number): void {
    const expected = Math.min(Math.ceil(rows), this.limits.rows);
    for (const sink of this.sinks) sink.expected = expected;
  }

  /** Columns that the file doesn't have are missing in all its rows. */
  fileDone(csv: boolean): void {
    for (const sink of this.sinks) {
      // A file that breaks off within a row leaves a value too many.
      if (sink.rows > this.rows) sink.rows = this.rows;
      while (sink.rows < this.rows) sink.missing();
      if (sink instanceof TextColumn) sink.fileDone(csv);
    }
  }

  /** What takes a column's values, if anybody wants them: its readers, or a profile of the first rows. */
  sinkOf(name: string): Sink | null {
    this.names.add(name);
    const sinks = this.wanted.get(name);
    if (sinks) return sinks.length === 1 ? sinks[0] : new Several(sinks);
    if (this.looked >= PROFILED) return null;
    let profile = this.profiles.get(name);
    if (!profile) {
      profile = new Profile();
      this.profiles.set(name, profile);
    }
    return profile;
  }

  private badTime(faults: Faults, text: string): void {
    const data = { path: this.path, line: this.line };
    const where = `${this.path}:${this.line}`;
    if (text === '') {
      faults.count(
        'missing',
        { code: 'time-unreadable', severity: 'warning', data },
        n => `${plural(n, 'row has', 'rows have')} no time and ${n === 1 ? 'is' : 'are'} left out, the first at ${where}`,
      );
    } else {
      faults.count(
        'unreadable',
        { code: 'time-unreadable', severity: 'warning', data },
        (n, quote) =>
          `${plural(n, 'row has', 'rows have')} a time that can't be read and ${n === 1 ? 'is' : 'are'} left out, the first at ${where}: ${quote(text)}. Expected ISO 8601, such as 2026-03-01T10:00:00Z or 2026-03-01 10:00, or epoch digits`,
      );
    }
  }

  private checkUtf8(faults: Faults, bytes: Uint8Array, start: number, end: number): void {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end));
    } catch {
      const where = `${this.path}:${this.line}`;
      const seen = new TextDecoder('windows-1252').decode(bytes.subarray(start, end));
      faults.count(
        'latin',
        { code: 'sample-encoding', severity: 'warning', data: { path: this.path, line: this.line } },
        (n, quote) =>
          `${plural(n, 'value is', 'values are')} no UTF-8, the first at ${where} (in Windows-1252 it would read ${quote(seen)}): their accented letters can't be compared; save the file as UTF-8`,
      );
    }
  }
}

/** One column asked for in several ways, such as as a time and as a text. */
class Several implements Sink {
  private readonly sinks: Sink[];
  constructor(sinks: Sink[]) {
    this.sinks = sinks;
  }
  get rows(): number {
    return this.sinks[0].rows;
  }
  bytes(buffer: Uint8Array, start: number, end: number, hash: number): void {
    for (const sink of this.sinks) sink.bytes(buffer, start, end, hash);
  }
  missing(): void {
    for (const sink of this.sinks) sink.missing();
  }
  json(text: string, kind: number): void {
    for (const sink of this.sinks) sink.json(text, kind);
  }
}
