import type { Sink } from './column.ts';
import { KIND, kindOf, PROFILED, Profile } from './column.ts';
import { HASH_START, hashOf, TooLarge } from './dictionary.ts';
import { plural, shown } from './problem.ts';
import type { Reading } from './reading.ts';

const QUOTE = 34;
const CR = 13;
const LF = 10;
/** A field longer than this is an unclosed quote that swallows the file. */
const MAX_FIELD = 4 * 1024 * 1024;
const MAX_HEADER = 1024 * 1024;

/**
 * CSV, byte by byte: a field goes from the file's bytes into a dictionary, and becomes a string nowhere.
 * RFC 4180, and what people send: `,` `;` or tab, LF, CRLF or CR, rows of the wrong length, quotes inside plain fields.
 */
export class CsvReader {
  private readonly reading: Reading;
  private header: string[] | null = null;
  private sinks: (Sink | null)[] = [];
  private delimiter = 44;
  private newline = LF;
  /** Bytes of an unfinished field. */
  private rest = new Uint8Array(0);
  private field = 0;
  private profiling = true;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  push(piece: Uint8Array): void {
    let bytes = piece;
    if (this.rest.length) {
      bytes = new Uint8Array(this.rest.length + piece.length);
      bytes.set(this.rest);
      bytes.set(piece, this.rest.length);
    }
    this.consume(bytes, false);
  }

  end(): void {
    this.consume(this.rest, true);
    if (!this.header)
      this.reading.faults.add({
        code: 'sample-empty',
        severity: 'error',
        message: `${this.reading.path} is empty: expected a line of column names and rows below it`,
        data: { path: this.reading.path },
      });
    else if (!this.reading.rows)
      this.reading.faults.add({
        code: 'sample-empty',
        severity: 'warning',
        message: `${this.reading.path} has column names and no rows`,
        data: { path: this.reading.path },
      });
  }

  private consume(bytes: Uint8Array, last: boolean): void {
    let at = 0;
    if (!this.header) {
      at = this.readHeader(bytes, last);
      if (at < 0) {
        this.rest = bytes.slice();
        return;
      }
    }
    at = this.fields(bytes, at, last);
    this.rest = bytes.slice(at);
    if (this.rest.length > MAX_FIELD) {
      const { path, line } = this.reading;
      this.reading.faults.add({
        code: 'csv-quote',
        severity: 'error',
        message: `${path}:${line}: a field that begins here is longer than ${MAX_FIELD / 1048576} MB, most likely a quote that is never closed; the rest of the file is not read`,
        data: { path, line },
      });
      throw new TooLarge('');
    }
  }

  /** @returns where the first row begins, or -1 where the header isn't all there yet */
  private readHeader(bytes: Uint8Array, last: boolean): number {
    let quoted = false;
    let end = -1;
    const counts = new Map([
      [44, 0],
      [59, 0],
      [9, 0],
    ]);
    for (let i = 0; i < bytes.length; i++) {
      const c = bytes[i];
      if (c === QUOTE) quoted = !quoted;
      else if (quoted) continue;
      else if (c === LF || (c === CR && i + 1 < bytes.length && bytes[i + 1] !== LF)) {
        end = i;
        this.newline = c;
        break;
      } else if (counts.has(c)) counts.set(c, counts.get(c)! + 1);
    }
    if (end < 0) {
      if (!last && bytes.length < MAX_HEADER) return -1;
      if (!last) throw new TooLarge(`its first line is longer than ${MAX_HEADER / 1048576} MB: expected a line of column names`);
      if (!bytes.length) return -1;
      end = bytes.length;
    }
    this.delimiter = [...counts].sort((a, b) => b[1] - a[1])[0][0];
    const names: string[] = [];
    const collect: Sink = {
      rows: 0,
      bytes: (b, start, to) => names.push(new TextDecoder().decode(b.subarray(start, to)).trim()),
      missing: () => names.push(''),
      json: () => {},
    };
    this.sinks = new Array(16_384).fill(collect);
    this.header = [];
    const { rows, looked } = this.reading;
    this.fields(bytes.subarray(0, end), 0, true);
    this.reading.rows = rows;
    this.reading.looked = looked;
    this.reading.line = 1;
    for (let i = 0; i < end; i++) if (bytes[i] === this.newline) this.reading.line++;
    if (end < bytes.length) this.reading.line++;
    this.field = 0;
    this.useHeader(names);
    return Math.min(end + 1, bytes.length);
  }

  private useHeader(names: string[]): void {
    const { reading } = this;
    const data = { path: reading.path, line: 1 };
    const encoder = new TextEncoder();
    const values = names.filter(name => {
      const b = encoder.encode(name);
      return b.length && (kindOf(b, 0, b.length) & (KIND.number | KIND.time | KIND.boolean)) !== 0;
    });
    if (values.length)
      reading.faults.count(
        'csv-header-missing',
        { code: 'csv-header-missing', severity: 'warning', data },
        (_, quote) =>
          `${reading.path}:1: the first line should name the columns, but it holds values such as ${quote(values[0])}; put a line of column names above it`,
      );
    const seen = new Set<string>();
    this.header = names.map((name, i) => {
      if (name && !seen.has(name)) {
        seen.add(name);
        return name;
      }
      if (name)
        reading.faults.count(
          `header ${name}`,
          { code: 'csv-header-duplicate', severity: 'warning', data },
          (_, quote) =>
            `${reading.path}:1: two columns are named ${quote(name)}; the first is read, the other as ${shown(`column_${i + 1}`)}`,
        );
      return `column_${i + 1}`;
    });
    // A sink is fed by one column of a file only.
    this.sinks = this.header.map(name => reading.sinkOf(name));
  }

  /** @returns where the unfinished field begins */
  private fields(bytes: Uint8Array, from: number, last: boolean): number {
    const { delimiter, newline, reading } = this;
    let sinks = this.sinks;
    const n = bytes.length;
    let i = from;
    let start = i;
    let c = 0;
    while (i < n) {
      start = i;
      const sink = this.field < sinks.length ? sinks[this.field] : null;
      c = bytes[i];
      if (c === QUOTE) {
        i = this.quoted(bytes, i, sink, last);
        if (i < 0) return start;
        c = i < n ? bytes[i] : newline;
      } else if (sink) {
        let hash = HASH_START;
        while (c !== delimiter && c !== newline) {
          hash = Math.imul(hash ^ c, 0x01000193);
          if (++i === n) break;
          c = bytes[i];
        }
        if (i === n) {
          if (!last) return start;
          c = newline;
        }
        let end = i;
        if (c === newline && end > start && bytes[end - 1] === CR) {
          end--;
          hash = hashOf(bytes, start, end);
        }
        if (end > start) sink.bytes(bytes, start, end, hash);
        else if (c !== newline || this.field > 0) sink.missing();
      } else {
        while (c !== delimiter && c !== newline && ++i < n) c = bytes[i];
        if (i === n) {
          if (!last) return start;
          c = newline;
        }
      }
      if (c === newline) {
        const blank = this.field === 0 && (i === start || (i === start + 1 && bytes[start] === CR));
        if (!blank) {
          this.rowDone();
          sinks = this.sinks;
        }
        this.field = 0;
        reading.line++;
      } else this.field++;
      i++;
    }
    // A delimiter at the very end of the file opens one more, empty field.
    if (last && this.field > 0) {
      if (this.field < sinks.length) sinks[this.field]?.missing();
      this.rowDone();
      this.field = 0;
    }
    return n;
  }

  private rowDone(): void {
    const { reading, header, sinks } = this;
    const found = this.field + 1;
    if (found !== header!.length && header!.length) {
      const { path, line } = reading;
      reading.faults.count(
        'ragged',
        { code: 'csv-ragged', severity: 'warning', data: { path, line } },
        n =>
          `${plural(n, 'row has', 'rows have')} another number of fields than the ${plural(header!.length, 'column name')}, the first at ${path}:${line} with ${found}: what lacks is missing, what is too much is not read`,
      );
      for (let f = found; f < sinks.length && f < header!.length; f++) sinks[f]?.missing();
    }
    reading.rowDone();
    if (this.profiling && reading.looked >= PROFILED) {
      this.profiling = false;
      this.sinks = sinks.map(sink => (sink instanceof Profile ? null : sink));
    }
  }

  /** @returns where the field ends, or -1 where it isn't all there yet */
  private quoted(bytes: Uint8Array, start: number, sink: Sink | null, last: boolean): number {
    const { delimiter, newline } = this;
    const n = bytes.length;
    let lines = 0;
    let plain = true;
    let close = -1;
    let i = start + 1;
    for (; i < n; i++) {
      const c = bytes[i];
      if (c === QUOTE) {
        if (i + 1 === n && !last) return -1;
        if (bytes[i + 1] !== QUOTE || i + 1 === n) {
          close = i++;
          break;
        }
        plain = false;
        i++;
      } else if (c === newline) lines++;
    }
    if (close < 0) {
      if (!last) return -1;
      const { path, line } = this.reading;
      this.reading.faults.add({
        code: 'csv-quote',
        severity: 'error',
        message: `${path}:${line}: a quote opened here is never closed; everything after it was read as one field`,
        data: { path, line },
      });
      close = n;
    }
    const after = i;
    while (i < n && bytes[i] !== delimiter && bytes[i] !== newline) i++;
    if (i === n && !last) return -1;
    this.reading.line += lines;
    if (!sink) return i;
    // What stands between the closing quote and the delimiter belongs to the value, as in every other reader.
    const tail = i > after && bytes[i - 1] === CR && (i === n || bytes[i] === newline) ? i - 1 : i;
    if (plain && tail <= after) this.give(sink, bytes, start + 1, close);
    else {
      const value = new Uint8Array(tail - start);
      let length = 0;
      for (let j = start + 1; j < close; j++) {
        value[length++] = bytes[j];
        if (bytes[j] === QUOTE) j++;
      }
      for (let j = after; j < tail; j++) value[length++] = bytes[j];
      this.give(sink, value, 0, length);
    }
    return i;
  }

  private give(sink: Sink, bytes: Uint8Array, start: number, end: number): void {
    if (end > start) sink.bytes(bytes, start, end, hashOf(bytes, start, end));
    else sink.missing();
  }
}
