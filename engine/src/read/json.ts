import { KIND, PROFILED, Profile, type Sink } from './column.ts';
import { TooLarge } from './dictionary.ts';
import { plural } from './problem.ts';
import type { Reading } from './reading.ts';

const MAX_RECORD = 16 * 1024 * 1024;
const decoder = new TextDecoder('utf-8');

/** A column seen in an object: where its values go, or the columns inside it. */
interface Place {
  name: string;
  inner: Map<string, Place>;
  sink: Sink | null;
}

/** Takes parsed objects, row after row. Nested objects are columns with dotted names; arrays are their JSON text. */
class Rows {
  private readonly reading: Reading;
  private readonly root = new Map<string, Place>();

  constructor(reading: Reading) {
    this.reading = reading;
  }

  parse(text: string): void {
    const { reading } = this;
    let value: unknown;
    try {
      value = JSON.parse(exact(text));
    } catch (error) {
      const { path, line } = reading;
      reading.faults.count(
        'broken',
        { code: 'json-broken', severity: 'warning', data: { path, line } },
        n =>
          `${plural(n, 'record')} can't be read and ${n === 1 ? 'is' : 'are'} left out, the first at ${path}:${line}: ${whereOf(error as Error)}`,
      );
      return;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const { path, line } = reading;
      reading.faults.count(
        'shape',
        { code: 'json-shape', severity: 'warning', data: { path, line } },
        n => `${plural(n, 'record is', 'records are')} no JSON object and ${n === 1 ? 'is' : 'are'} left out, the first at ${path}:${line}`,
      );
      return;
    }
    this.walk(value as Record<string, unknown>, this.root, '');
    reading.rowDone();
    for (const sinks of reading.wanted.values()) for (const sink of sinks) if (sink.rows < reading.rows) sink.missing();
  }

  private walk(object: Record<string, unknown>, places: Map<string, Place>, prefix: string): void {
    for (const key in object) {
      let place = places.get(key);
      if (!place) {
        place = { name: prefix + key, inner: new Map(), sink: null };
        places.set(key, place);
      }
      const value = object[key];
      if (value === null || value === '') continue;
      if (typeof value === 'object' && !Array.isArray(value)) this.walk(value as Record<string, unknown>, place.inner, `${place.name}.`);
      else this.take(place, value);
    }
  }

  private take(place: Place, value: unknown): void {
    if (!place.sink) {
      // Known by name only, once the first rows have been looked at.
      if (this.reading.names.has(place.name) && !this.reading.wanted.has(place.name) && this.reading.looked >= PROFILED) return;
      place.sink = this.reading.sinkOf(place.name);
      if (!place.sink) return;
    }
    const { sink, reading } = { sink: place.sink, reading: this.reading };
    if (sink instanceof Profile) {
      if (reading.looked >= PROFILED) return;
    } else if (sink.rows > reading.rows) return; // `{"a.b": 1, "a": {"b": 2}}`: the first counts
    if (typeof value === 'string') {
      if (value.charCodeAt(0) === 0) sink.json(value.slice(1), KIND.number);
      else sink.json(value, KIND.text);
    } else if (typeof value === 'number') sink.json(String(value), KIND.number);
    else if (typeof value === 'boolean') sink.json(String(value), KIND.boolean);
    else sink.json(JSON.stringify(value), KIND.text);
  }
}

const LONG_NUMBER = /[:,[\s]-?\d{16}/;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
/** Keeps whole numbers beyond 2^53 as written: an id that is rounded is another customer's. A NUL marks them. */
function exact(text: string): string {
  return LONG_NUMBER.test(text) ? text.replace(TOKENS, token => (token[0] === '"' ? token : `"\\u0000${token}"`)) : text;
}

/** One JSON object a line. */
export class NdjsonReader {
  private readonly reading: Reading;
  private readonly rows: Rows;
  private rest = new Uint8Array(0);

  constructor(reading: Reading) {
    this.reading = reading;
    this.rows = new Rows(reading);
  }

  push(piece: Uint8Array): void {
    const end = piece.lastIndexOf(10) + 1;
    if (!end) {
      this.keep(piece);
      return;
    }
    this.lines(this.rest.length ? joined(this.rest, piece.subarray(0, end)) : piece.subarray(0, end));
    this.rest = piece.slice(end);
  }

  end(): void {
    if (this.rest.length) this.lines(this.rest);
    if (!this.reading.rows) nothing(this.reading);
  }

  private lines(bytes: Uint8Array): void {
    const text = decoder.decode(bytes);
    for (let at = 0; at < text.length; ) {
      let end = text.indexOf('\n', at);
      if (end < 0) end = text.length;
      const line = text.slice(at, end);
      if (line.trim()) this.rows.parse(line);
      this.reading.line++;
      at = end + 1;
    }
  }

  private keep(piece: Uint8Array): void {
    this.rest = joined(this.rest, piece);
    tooLong(this.rest.length, this.reading);
  }
}

/** An array of objects, or an object that holds one array; cut into its records without holding the whole. */
export class JsonReader {
  private readonly reading: Reading;
  private readonly rows: Rows;
  private rest = new Uint8Array(0);
  private scanned = 0;
  private depth = 0;
  /** Depth at which records stand, once the array is found. */
  private records = -1;
  private arrays = 0;
  private start = -1;
  private lines = 0;
  private text = false;
  private escaped = false;

  constructor(reading: Reading) {
    this.reading = reading;
    this.rows = new Rows(reading);
  }

  push(piece: Uint8Array): void {
    const bytes = this.rest.length ? joined(this.rest, piece) : piece;
    for (let i = this.scanned; i < bytes.length; i++) {
      const c = bytes[i];
      if (c === 10) this.lines++;
      if (this.text) {
        if (this.escaped) this.escaped = false;
        else if (c === 92) this.escaped = true;
        else if (c === 34) this.text = false;
        continue;
      }
      if (c === 34) {
        this.text = true;
        if (this.depth === this.records && this.start < 0) this.start = i;
      } else if (c === 123 || c === 91) {
        if (this.depth === this.records && this.start < 0) this.start = i;
        if (c === 91 && this.records < 0 && (this.depth === 0 || this.depth === 1)) {
          this.records = this.depth + 1;
          this.arrays++;
        }
        this.depth++;
      } else if (c === 125 || c === 93) {
        if (this.depth === this.records && c === 93) {
          this.record(bytes, i);
          this.records = -1;
          if (this.depth === 1) this.records = -2;
        }
        this.depth--;
      } else if (c === 44) {
        if (this.depth === this.records) this.record(bytes, i);
      } else if (this.depth === this.records && this.start < 0 && c > 32) this.start = i;
    }
    const keep = this.start < 0 ? bytes.length : this.start;
    this.rest = bytes.slice(keep);
    this.scanned = this.rest.length;
    this.start = this.start < 0 ? -1 : 0;
    tooLong(this.rest.length, this.reading);
  }

  end(): void {
    const { reading } = this;
    const data = { path: reading.path };
    if (this.depth > 0 || this.text)
      reading.faults.add({
        code: 'sample-damaged',
        severity: 'error',
        message: `${reading.path} ends in the middle of its JSON; the records before are used`,
        data,
      });
    else if (!this.arrays)
      reading.faults.add({
        code: 'json-shape',
        severity: 'error',
        message: `${reading.path}: expected an array of objects, or an object that holds one array`,
        data,
      });
    else if (this.arrays > 1)
      reading.faults.add({
        code: 'json-shape',
        severity: 'warning',
        message: `${reading.path}: the object holds ${this.arrays} arrays, and the records of all of them are read; expected one`,
        data,
      });
    else if (!reading.rows) nothing(reading);
  }

  private record(bytes: Uint8Array, end: number): void {
    if (this.start < 0) return;
    const record = bytes.subarray(this.start, end);
    let inside = 0;
    for (let i = 0; i < record.length; i++) if (record[i] === 10) inside++;
    this.reading.line = 1 + this.lines - inside;
    this.rows.parse(decoder.decode(record));
    this.start = -1;
  }
}

function nothing({ faults, path }: Reading): void {
  faults.add({ code: 'sample-empty', severity: 'warning', message: `${path} holds no records`, data: { path } });
}

function tooLong(length: number, { path, line }: Reading): void {
  if (length > MAX_RECORD) throw new TooLarge(`the record at ${path}:${line} is longer than ${MAX_RECORD / 1048576} MB`);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Where it stops being JSON. What stands there is not told: it may be of a column that nobody reads. */
function whereOf({ message }: Error): string {
  const at = /position (\d+)/.exec(message)?.[1];
  return at === undefined ? 'it is no JSON' : `it is no JSON, near its character ${Number(at) + 1}`;
}
