import type { Keys } from '../events.ts';
import type { ColumnRef, Expr, Instant, Plan, RowMatch, RowsPattern, SourceIdPlan } from '../plan.ts';
import { Dictionary } from '../read/dictionary.ts';
import type { Attributes } from './attributes.ts';
import { columnKey, numberOf, rowsKey } from './expr.ts';
import { Kept } from './kept.ts';
import { countBelow, sortByTime } from './order.ts';
import type { IdRef } from './people.ts';
import type { TableRows } from './rows.ts';
import { dayEnds, type SourceEvents } from './source.ts';
import { TimelineAsOf } from './view.ts';

export type { TimelineAsOf };

/** One source's events of one name: their positions, and the rows they come from. */
interface Postings {
  positions: Uint32Array;
  rows: Uint32Array;
}
const NONE = new Uint32Array(0);

/** Every event of a plan's sources in the one total order, and what has been asked about it. */
export class Timeline {
  readonly count: number;
  readonly time: Float64Array;
  readonly source: Uint16Array;
  readonly days: { from: Float64Array; to: Float64Array } | null;
  readonly sources: readonly SourceEvents[];
  /** By position: the row in its source. */
  private readonly row: Uint32Array;
  private readonly postings = new Map<string, Postings[]>();
  /** While somebody types, every keystroke is another pattern: the oldest go. */
  private readonly matches = new Kept<Uint32Array>(300, positions => positions.byteLength, 64 * 2 ** 20);
  /** With the columns each was made from. */
  private readonly keysOf = new Map<string, { keys: Keys; of: Dictionary[] }>();
  private readonly numbersOf = new Map<string, { numbers: Float64Array; of: Dictionary[] }>();
  private view: TimelineAsOf | null = null;

  /** @param sources in order of declaration */
  constructor(sources: readonly SourceEvents[]) {
    this.sources = sources;
    this.count = sources.reduce((sum, source) => sum + source.order.length, 0);
    this.source = new Uint16Array(this.count);
    if (sources.length === 1) {
      const { order, time } = sources[0];
      this.row = order;
      // A file in order of time is its own timeline; most are.
      this.time = order.length === time.length && order.every((row, p) => row === p) ? time : Float64Array.from(order, row => time[row]);
    } else {
      this.time = new Float64Array(this.count);
      this.row = new Uint32Array(this.count);
      this.interleave();
    }
    this.days = this.dayRanges();
  }

  /** The time of the last row, duplicates among them: what was delivered twice shows that time went so far. */
  get last(): Instant | null {
    const ends = this.sources
      .flatMap(source => [source.timeAt(source.order.length - 1), source.duplicates.at(-1)])
      .filter(time => time !== undefined);
    return ends.length ? Math.max(...ends) : null;
  }

  /**
   * The events at or before an instant, as if no later ones existed: identity is resolved from them alone.
   * @param asOf null: all of them
   * @param erased ids that don't count any more, on whatever row
   */
  asOf(asOf: Instant | null, plan: Plan, tables: ReadonlyMap<string, TableRows>, erased: readonly IdRef[] = []): TimelineAsOf {
    this.matches.turn++;
    const count = asOf === null ? this.count : countBelow(this.time, nextAfter(asOf));
    if (this.view?.count !== count) this.view = new TimelineAsOf(this, count);
    return this.view.under(plan, tables, asOf, erased);
  }

  match(pattern: RowsPattern): Uint32Array {
    const key = rowsKey(pattern);
    let found = this.matches.find(key);
    if (!found) {
      const failures = this.failures();
      const parts = pattern.any.map(part => this.matchOne(part)).filter(part => part.length > 0);
      found = parts.length === 0 ? NONE : parts.length === 1 ? parts[0] : this.union(parts);
      if (failures === this.failures()) this.matches.set(key, found);
    }
    return found;
  }

  /** How many rows at or before an instant match. */
  matchedUpTo(pattern: RowsPattern, asOf: Instant | null): number {
    const matched = this.match(pattern);
    return asOf === null ? matched.length : countBelow(matched, countBelow(this.time, nextAfter(asOf)));
  }

  meets(where: Expr, positions: Uint32Array, attributes: Attributes | null): Uint8Array {
    const met = new Uint8Array(positions.length);
    this.sources.forEach((source, index) => {
      const own = new Uint32Array(positions.length);
      let n = 0;
      for (let i = 0; i < positions.length; i++) if (this.source[positions[i]] === index) own[n++] = i;
      if (n === 0) return;
      const rows = new Uint32Array(n);
      for (let i = 0; i < n; i++) rows[i] = this.row[positions[own[i]]];
      const flags = attributes ? attributes.flags(source, index, where, rows) : source.conditions.flags(where, rows);
      for (let i = 0; i < n; i++) met[own[i]] = flags[i];
    });
    return met;
  }

  keys(ref: ColumnRef): Keys {
    const key = columnKey(ref);
    let known = this.keysOf.get(key);
    if (!known) {
      known = { keys: this.makeKeys(ref), of: this.dictionariesOf(ref) };
      this.keysOf.set(key, known);
    }
    return known.keys;
  }

  numbers(ref: ColumnRef): Float64Array {
    const key = columnKey(ref);
    const known = this.numbersOf.get(key);
    if (known) return known.numbers;
    const bySource = this.sources.map(source => {
      const { codes, dictionary } = source.rows.column(ref);
      return { codes, values: Float64Array.from(dictionary.texts(), numberOf) };
    });
    const numbers = new Float64Array(this.count);
    for (let p = 0; p < this.count; p++) {
      const { codes, values } = bySource[this.source[p]];
      const code = codes[this.row[p]];
      numbers[p] = code < 0 ? NaN : values[code];
    }
    this.numbersOf.set(key, { numbers, of: this.dictionariesOf(ref) });
    return numbers;
  }

  /** Lets go of what was made of columns that nobody reads any more. */
  keepOnly(dictionaries: Set<Dictionary>): void {
    const gone = (of: Dictionary[]) => of.some(one => one.count > 0 && !dictionaries.has(one));
    for (const [key, { of }] of this.keysOf) if (gone(of)) this.keysOf.delete(key);
    for (const [key, { of }] of this.numbersOf) if (gone(of)) this.numbersOf.delete(key);
    this.view?.keepOnly(dictionaries);
  }

  private dictionariesOf(ref: ColumnRef): Dictionary[] {
    return this.sources.map(source => source.rows.column(ref).dictionary);
  }

  private failures(): number {
    return this.sources.reduce((sum, source) => sum + source.conditions.failures, 0);
  }

  /** The row in its source that stands at a position. */
  rowAt(position: number): number {
    return this.row[position];
  }

  /** The first of the positions, with the row each comes from. */
  positions(count: number) {
    return { count, time: this.time, source: this.source, row: this.row };
  }

  /** Events of a source, at or before a position, whose row carries none of the ids it declares. */
  withoutId(source: number, ids: SourceIdPlan[], count: number): number {
    const { conditions } = this.sources[source];
    const columns = ids.map(id => conditions.text(id.value).codes);
    let without = 0;
    for (let p = 0; p < count; p++) if (this.source[p] === source && columns.every(codes => codes[this.row[p]] < 0)) without++;
    return without;
  }

  private interleave(): void {
    const { sources, count } = this;
    // Laid out source after source, a stable sort by time alone gives the total order.
    const time = new Float64Array(count);
    const source = new Uint16Array(count);
    const row = new Uint32Array(count);
    let at = 0;
    sources.forEach(({ order, time: times }, index) => {
      source.fill(index, at, at + order.length);
      row.set(order, at);
      for (const r of order) time[at++] = times[r];
    });
    const order = new Uint32Array(count);
    for (let i = 0; i < count; i++) order[i] = i;
    sortByTime(order, time);
    for (let p = 0; p < count; p++) {
      const i = order[p];
      this.time[p] = time[i];
      this.source[p] = source[i];
      this.row[p] = row[i];
    }
  }

  private dayRanges(): Timeline['days'] {
    if (!this.sources.some(source => source.days)) return null;
    const from = new Float64Array(this.count).fill(NaN);
    const to = new Float64Array(this.count).fill(NaN);
    const bySource = this.sources.map(source => ({ days: source.days, start: source.dayStarts, end: dayEnds(source.rows.plan.time.zone) }));
    for (let p = 0; p < this.count; p++) {
      const { days, start, end } = bySource[this.source[p]];
      const row = this.row[p];
      if (!days?.[row]) continue;
      from[p] = start[row];
      to[p] = end(start[row]);
    }
    return { from, to };
  }

  private matchOne(part: RowMatch): Uint32Array {
    const index = this.sources.findIndex(source => source.rows.plan.name === part.source);
    const postings = index < 0 ? null : this.postingsOf(index, part.event);
    if (!postings) return NONE;
    if (!part.where) return postings.positions;
    const flags = this.sources[index].conditions.flags(part.where, postings.rows);
    let n = 0;
    for (let i = 0; i < flags.length; i++) n += flags[i];
    const found = new Uint32Array(n);
    for (let i = 0, at = 0; at < n; i++) if (flags[i]) found[at++] = postings.positions[i];
    return found;
  }

  private postingsOf(index: number, event: string): Postings | null {
    const { plan } = this.sources[index].rows;
    const constant = plan.event.kind === 'constant';
    if (plan.event.kind === 'constant' && plan.event.name !== event) return null;
    const codes = plan.event.kind === 'column' ? this.sources[index].rows.column(plan.event.column) : null;
    const code = codes ? codes.dictionary.find(event) : 0;
    if (code < 0) return null;
    let all = this.postings.get(plan.name);
    if (!all) {
      all = this.makePostings(index, constant ? null : codes!.codes, codes?.dictionary.count ?? 1);
      this.postings.set(plan.name, all);
    }
    return all[code];
  }

  /** By event code: a counting sort. */
  private makePostings(index: number, codes: Int32Array | null, names: number): Postings[] {
    const counts = new Uint32Array(names);
    for (let p = 0; p < this.count; p++) {
      if (this.source[p] !== index) continue;
      const code = codes ? codes[this.row[p]] : 0;
      if (code >= 0) counts[code]++;
    }
    const all = Array.from(counts, n => ({ positions: new Uint32Array(n), rows: new Uint32Array(n) }));
    counts.fill(0);
    for (let p = 0; p < this.count; p++) {
      if (this.source[p] !== index) continue;
      const code = codes ? codes[this.row[p]] : 0;
      if (code < 0) continue;
      all[code].positions[counts[code]] = p;
      all[code].rows[counts[code]++] = this.row[p];
    }
    return all;
  }

  private union(parts: Uint32Array[]): Uint32Array {
    const marks = new Uint8Array(this.count);
    let n = 0;
    for (const part of parts) {
      for (let i = 0; i < part.length; i++) {
        n += marks[part[i]] ^ 1;
        marks[part[i]] = 1;
      }
    }
    const all = new Uint32Array(n);
    for (let p = 0, at = 0; at < n; p++) if (marks[p]) all[at++] = p;
    return all;
  }

  private makeKeys(ref: ColumnRef): Keys {
    const columns = this.sources.map(source => source.rows.column(ref));
    const filled = columns.filter(column => column.dictionary.count > 0);
    const dictionary = filled.length === 1 ? filled[0].dictionary : new Dictionary();
    const codesOf = columns.map(column => (filled.length === 1 ? null : dictionary.merge(column.dictionary)));
    const of = new Int32Array(this.count);
    for (let p = 0; p < this.count; p++) {
      const code = columns[this.source[p]].codes[this.row[p]];
      const codes = codesOf[this.source[p]];
      of[p] = code < 0 || !codes ? code : codes[code];
    }
    let values: readonly string[] | null = null;
    return {
      of,
      get values() {
        values ??= dictionary.texts();
        return values;
      },
    };
  }
}

/** Instants are whole milliseconds. */
const nextAfter = (instant: Instant): number => Math.floor(instant) + 1;
