import type { Database, SqlJsStatic } from 'sql.js';
import { type Dictionary, TooLarge } from '../read/dictionary.ts';
import { TimeReader } from '../read/time.ts';
import type { Zone } from '../read/zone.ts';
import { numberOf } from './expr.ts';
import { regexTest } from './regex.ts';

/** Values a statement inserts at once: one bound text, cut up inside SQLite, costs half of single rows. */
const BATCH = 20_000;

/** The sample's distinct values in sql.js: one table a dictionary, made when it is first asked. */
export class SqlStore {
  private readonly db: Database;
  private readonly maxBytes: number;
  private bytes = 0;
  private tables = 0;
  private readonly byDictionary = new Map<Dictionary, { table: string; bytes: number }>();
  private readonly byTuples = new Map<readonly Int32Array[], string>();
  private readonly zones = new Map<Zone, string>();
  private readonly patterns: ((text: string) => boolean)[] = [];
  private readonly patternIds = new Map<string, number | null>();

  constructor(sql: SqlJsStatic, maxBytes: number) {
    this.db = new sql.Database();
    this.maxBytes = maxBytes;
    this.db.run('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;');
    const onText = (name: string, fn: (text: string) => string | number | boolean | null) =>
      this.db.create_function(name, (text: unknown) => (text === null ? null : fn(String(text))));
    onText('fold_lower', text => text.toLowerCase());
    onText('fold_upper', text => text.toUpperCase());
    onText('number', text => {
      const value = numberOf(text);
      return !Number.isNaN(value) ? value : null;
    });
    this.db.create_function('written', (value: number | null) => (value === null ? null : String(value)));
    this.db.create_function('matches', (text: string | null, id: number) =>
      text === null ? null : this.patterns[id](String(text)) ? 1 : 0,
    );
  }

  /** A table (code, t) of a dictionary's values; code -1 is the missing one. */
  tableOf(dictionary: Dictionary): string {
    const known = this.byDictionary.get(dictionary);
    if (known) return known.table;
    this.reserve(dictionary.size + dictionary.count * 16);
    const table = `d${this.tables++}`;
    this.db.run(`CREATE TABLE ${table} (code INTEGER PRIMARY KEY, t TEXT)`);
    this.db.run(`BEGIN; INSERT INTO ${table} VALUES (-1, NULL)`);
    for (let from = 0; from < dictionary.count; from += BATCH) {
      const texts = dictionary.texts(from, Math.min(dictionary.count, from + BATCH));
      this.db.run(`INSERT INTO ${table} SELECT key + ?, value FROM json_each(?)`, [from, JSON.stringify(texts)]);
    }
    this.db.run('COMMIT');
    this.byDictionary.set(dictionary, { table, bytes: dictionary.size + dictionary.count * 16 });
    return table;
  }

  /** A table (code, c0, c1, ...) of combinations: which codes stand together on a row. */
  tuplesOf(parts: readonly Int32Array[]): string {
    const known = this.byTuples.get(parts);
    if (known) return known;
    const count = parts[0].length;
    this.reserve(count * parts.length * 8);
    const table = `p${this.tables++}`;
    const columns = parts.map((_, i) => `c${i}`);
    this.db.run(`CREATE TABLE ${table} (code INTEGER PRIMARY KEY, ${columns.join(', ')})`);
    this.db.run('BEGIN');
    for (let from = 0; from < count; from += BATCH) {
      const rows: number[][] = [];
      for (let i = from; i < Math.min(count, from + BATCH); i++) rows.push(parts.map(part => part[i]));
      this.db.run(`INSERT INTO ${table} SELECT key + ?, ${columns.map((_, i) => `value ->> ${i}`).join(', ')} FROM json_each(?)`, [
        from,
        JSON.stringify(rows),
      ]);
    }
    this.db.run('COMMIT');
    this.byTuples.set(parts, table);
    return table;
  }

  /** Codes at which the condition holds; -1 among them where it holds for a missing value. */
  codes(from: string, code: string, condition: string): Int32Array {
    const text = this.db.exec(`SELECT group_concat(${code}) FROM ${from} WHERE ${condition}`)[0].values[0][0] as string | null;
    return text === null ? new Int32Array(0) : parseCodes(String(text));
  }

  holds(condition: string): boolean {
    return this.db.exec(`SELECT ${condition}`)[0].values[0][0] === 1;
  }

  /** The value of an expression for every code, in order of code; null where it is missing. */
  values(from: string, code: string, expression: string, each: (code: number, text: string | null) => void): void {
    const statement = this.db.prepare(`SELECT ${code}, ${expression} FROM ${from}`);
    try {
      while (statement.step()) {
        const [at, text] = statement.get();
        each(at as number, text === null ? null : String(text));
      }
    } finally {
      statement.free();
    }
  }

  instant(zone: Zone): string {
    let name = this.zones.get(zone);
    if (!name) {
      name = `instant${this.zones.size}`;
      const reader = new TimeReader(zone);
      this.db.create_function(name, (text: unknown) => {
        if (text === null) return null;
        const ms = reader.text(String(text));
        return !Number.isNaN(ms) ? ms : null;
      });
      this.zones.set(zone, name);
    }
    return name;
  }

  pattern(regex: string, flags: string): number | null {
    const key = `${flags}/${regex}`;
    let id = this.patternIds.get(key);
    if (id === undefined) {
      const test = regexTest(regex, flags);
      id = test ? this.patterns.push(test) - 1 : null;
      this.patternIds.set(key, id);
    }
    return id;
  }

  /** Lets go of the tables of dictionaries nobody has any more. */
  keepOnly(dictionaries: ReadonlySet<Dictionary>, tuples: ReadonlySet<readonly Int32Array[]>): void {
    for (const [dictionary, { table, bytes }] of this.byDictionary) {
      if (dictionaries.has(dictionary)) continue;
      this.db.run(`DROP TABLE ${table}`);
      this.bytes -= bytes;
      this.byDictionary.delete(dictionary);
    }
    for (const [parts, table] of this.byTuples) {
      if (tuples.has(parts)) continue;
      this.db.run(`DROP TABLE ${table}`);
      this.bytes -= parts[0].length * parts.length * 8;
      this.byTuples.delete(parts);
    }
  }

  close(): void {
    this.db.close();
  }

  private reserve(bytes: number): void {
    if (this.bytes + bytes > this.maxBytes)
      throw new TooLarge(`its columns hold more distinct values than the SQL engine can take (${Math.round(this.maxBytes / 1048576)} MB)`);
    this.bytes += bytes;
  }
}

/** `3,17,-1` */
function parseCodes(text: string): Int32Array {
  let count = 1;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === 44) count++;
  const codes = new Int32Array(count);
  let at = 0;
  let value = 0;
  let negative = false;
  for (let i = 0; i <= text.length; i++) {
    const c = i < text.length ? text.charCodeAt(i) : 44;
    if (c === 44) {
      codes[at++] = negative ? -value : value;
      value = 0;
      negative = false;
    } else if (c === 45) negative = true;
    else value = value * 10 + c - 48;
  }
  return codes;
}
