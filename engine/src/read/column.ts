import type { ColumnSchema } from '../result.ts';
import { Dictionary, encode, grown, hashOf } from './dictionary.ts';
import { TimeReader } from './time.ts';

/** What takes the values of one column, row after row. `hash` is hashOf the bytes. */
export interface Sink {
  rows: number;
  /** Rows there will be, as far as can be told: growing by the half again and again costs twice the memory. */
  expected?: number;
  bytes(buffer: Uint8Array, start: number, end: number, hash: number): void;
  missing(): void;
  /** A JSON value that is no text, in its written form. */
  json(text: string, kind: number): void;
}

export const KIND = { number: 1, boolean: 2, time: 4, text: 8, /** types were told apart by JSON */ json: 16 } as const;

const times = new TimeReader();

/** What a text of a CSV file could be: a plain number has no leading zeros and no sign but `-`. */
export function kindOf(b: Uint8Array, start: number, end: number): number {
  const c = b[start];
  if (c === 45 || (c >= 48 && c <= 57)) {
    if (isNumber(b, start, end)) return KIND.number;
    const ms = times.read(b, start, end);
    return end - start > 4 && b[start + 4] === 45 && !Number.isNaN(ms) ? KIND.time : KIND.text;
  }
  const length = end - start;
  return (length === 4 && word(b, start, 'true')) || (length === 5 && word(b, start, 'false')) ? KIND.boolean : KIND.text;
}

function word(b: Uint8Array, start: number, lower: string): boolean {
  for (let i = 0; i < lower.length; i++) if ((b[start + i] | 32) !== lower.charCodeAt(i)) return false;
  return true;
}

function isNumber(b: Uint8Array, start: number, end: number): boolean {
  let i = start;
  const digits = () => {
    const from = i;
    while (i < end && b[i] >= 48 && b[i] <= 57) i++;
    return i - from;
  };
  if (b[i] === 45) i++;
  const zero = b[i] === 48;
  const whole = digits();
  if (!whole || (zero && whole > 1)) return false;
  if (i < end && b[i] === 46) {
    i++;
    if (!digits()) return false;
  }
  if (i < end && (b[i] | 32) === 101) {
    i++;
    if (b[i] === 43 || b[i] === 45) i++;
    if (!digits()) return false;
  }
  return i === end;
}

function typeOf(kinds: number): ColumnSchema['type'] {
  const found = kinds & 15;
  if (!found) return 'empty';
  if (found === KIND.number) return 'number';
  if (found === KIND.boolean) return 'boolean';
  if (found === KIND.time) return 'time';
  return kinds & KIND.json && found & (KIND.number | KIND.boolean) ? 'mixed' : 'text';
}

/** A column's values: one code a row, -1 where missing. */
export class TextColumn implements Sink {
  rows = 0;
  codes: Int32Array;
  kinds = 0;
  present = 0;
  readonly dictionary: Dictionary;
  expected = 0;
  private classified = 0;
  private schemaOnce: ColumnSchema | null = null;

  /** @param expected rows, if known: saves growing */
  constructor(expected = 1024, maxBytes?: number) {
    this.codes = new Int32Array(expected);
    this.dictionary = new Dictionary(maxBytes);
  }

  static of(codes: Int32Array, dictionary: Dictionary, kinds: number): TextColumn {
    const column = new TextColumn(0);
    Object.assign(column, { codes, dictionary, kinds, rows: codes.length, classified: dictionary.count });
    for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) column.present++;
    return column;
  }

  bytes(buffer: Uint8Array, start: number, end: number, hash: number): void {
    if (this.rows === this.codes.length) this.codes = grown(this.codes, this.rows + 1, this.expected);
    this.codes[this.rows++] = this.dictionary.add(buffer, start, end, hash);
    this.present++;
  }

  missing(): void {
    if (this.rows === this.codes.length) this.codes = grown(this.codes, this.rows + 1, this.expected);
    this.codes[this.rows++] = -1;
  }

  json(text: string, kind: number): void {
    const { bytes, length } = encode(text);
    this.bytes(bytes, 0, length, hashOf(bytes, 0, length));
    this.kinds |= KIND.json | (kind === KIND.text ? kindOf(bytes, 0, length) & KIND.time || KIND.text : kind);
  }

  /** @param csv types show in the texts only */
  fileDone(csv: boolean): void {
    if (csv) {
      for (let code = this.classified; code < this.dictionary.count && !(this.kinds & KIND.text); code++)
        this.kinds |= this.dictionary.bytes(code, kindOf);
    }
    this.classified = this.dictionary.count;
  }

  seal(): this {
    this.dictionary.onHigh = null;
    this.dictionary.seal();
    if (this.codes.length > this.rows) this.codes = this.codes.slice(0, this.rows);
    return this;
  }

  get type(): ColumnSchema['type'] {
    return typeOf(this.kinds);
  }

  schema(): ColumnSchema {
    this.schemaOnce ??= {
      type: this.type,
      missing: this.rows ? 1 - this.present / this.rows : 0,
      examples: this.examples(),
    };
    return this.schemaOnce;
  }

  /** The most frequent values; none where nearly every row has its own, as ids do. */
  private examples(): string[] {
    const { dictionary, codes } = this;
    if (!dictionary.count || dictionary.count > 10_000 || (dictionary.count > 20 && dictionary.count * 2 > this.present)) return [];
    const counts = new Uint32Array(dictionary.count);
    for (let row = 0; row < this.rows; row++) if (codes[row] >= 0) counts[codes[row]]++;
    const order = Array.from(counts, (_, code) => code).sort((a, b) => counts[b] - counts[a] || a - b);
    return order
      .slice(0, 5)
      .map(code => dictionary.text(code))
      .filter(text => text.length <= 80);
  }
}

/** A column read as times, straight from the bytes: no dictionary of a million instants. */
export class TimeColumn implements Sink {
  rows = 0;
  /** Start of the day for a date alone; NaN where missing or unreadable. */
  ms: Float64Array;
  /** 1 where the row holds a date alone; null where none does. */
  days: Uint8Array | null = null;
  present = 0;
  unreadable = 0;
  absent = 0;
  /** Told of every row without a readable time; the empty text is a missing one. */
  onBad: ((text: string) => void) | null = null;
  expected = 0;
  readonly reader: TimeReader;

  constructor(reader: TimeReader, expected = 1024) {
    this.reader = reader;
    this.ms = new Float64Array(expected);
  }

  bytes(buffer: Uint8Array, start: number, end: number): void {
    const ms = this.reader.read(buffer, start, end);
    if (Number.isNaN(ms)) {
      this.unreadable++;
      this.onBad?.(new TextDecoder().decode(buffer.subarray(start, end)));
    } else {
      this.present++;
      if (this.reader.dayOnly) {
        this.days ??= new Uint8Array(this.ms.length);
        if (this.rows >= this.days.length) this.days = grown(this.days, Math.max(this.rows + 1, this.ms.length));
        this.days[this.rows] = 1;
      }
    }
    this.push(ms);
  }

  missing(): void {
    this.absent++;
    this.onBad?.('');
    this.push(NaN);
  }

  json(text: string): void {
    const { bytes, length } = encode(text);
    this.bytes(bytes, 0, length);
  }

  /** A joined row's time; row -1 has none. */
  copy(from: TimeColumn | undefined, row: number): void {
    const ms = from && row >= 0 ? from.ms[row] : NaN;
    if (Number.isNaN(ms)) this.unreadable++;
    else {
      this.present++;
      if (from!.days?.[row]) {
        this.days ??= new Uint8Array(this.ms.length);
        this.days[this.rows] = 1;
      }
    }
    this.push(ms);
  }

  seal(): this {
    this.onBad = null;
    if (this.ms.length > this.rows) this.ms = this.ms.slice(0, this.rows);
    if (this.days && this.days.length !== this.rows) {
      const days = new Uint8Array(this.rows);
      days.set(this.days.subarray(0, this.rows));
      this.days = days;
    }
    return this;
  }

  schema(): ColumnSchema {
    return {
      type: this.present ? 'time' : this.unreadable ? 'text' : 'empty',
      missing: this.rows ? this.absent / this.rows : 0,
      examples: [],
    };
  }

  private push(ms: number): void {
    if (this.rows === this.ms.length) this.ms = grown(this.ms, this.rows + 1, this.expected);
    this.ms[this.rows++] = ms;
  }
}

/** Looks at a column nobody uses, for its type and how often it is missing. Keeps no value. */
export class Profile implements Sink {
  rows = 0;
  private kinds = 0;
  private absent = 0;

  bytes(buffer: Uint8Array, start: number, end: number): void {
    this.rows++;
    this.kinds |= kindOf(buffer, start, end);
  }
  missing(): void {
    this.rows++;
    this.absent++;
  }
  json(text: string, kind: number): void {
    const { bytes, length } = encode(text);
    this.rows++;
    this.kinds |= KIND.json | (kind === KIND.text ? kindOf(bytes, 0, length) & KIND.time || KIND.text : kind);
  }
  /** @param looked rows looked at, where a JSON row doesn't tell what it lacks */
  schema(looked = this.rows): ColumnSchema {
    return { type: typeOf(this.kinds), missing: looked ? Math.max(0, 1 - (this.rows - this.absent) / looked) : 0, examples: [] };
  }
}
/** Rows a profile looks at. */
export const PROFILED = 2000;
