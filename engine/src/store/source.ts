import type { TimeColumn } from '../read/column.ts';
import { zoneOrUtc } from '../read/relation.ts';
import { Conditions, combinations } from './conditions.ts';
import { sortByTime } from './order.ts';
import type { SourceRows } from './rows.ts';
import type { SqlStore } from './sql.ts';

const NONE = new Float64Array(0);

/** The events of one source: which rows they are, when, and what they are called. */
export class SourceEvents {
  readonly rows: SourceRows;
  readonly conditions: Conditions;
  /** Rows that are events, in order of time, then of row. */
  readonly order: Uint32Array;
  /** By row; where `at end of day` applies, the end of the day. */
  readonly time: Float64Array;
  /** By row: a date alone; null where there is none. */
  readonly days: Uint8Array | null;
  /** By row, of a date alone: when its day begins. */
  readonly dayStarts: Float64Array;
  /** When the duplicates stood, ascending. */
  readonly duplicates: Float64Array;
  readonly unreadable: number;
  /** When rows stood that don't exist any more, older than what is retained; ascending. */
  readonly expired: Float64Array = NONE;
  /** When rows stood that an erasure took, ascending. */
  readonly erased: Float64Array = NONE;
  /** Rows that are events or duplicates, in the same order. */
  private readonly candidates: Uint32Array;
  private retained: SourceEvents | null = null;
  private counts: Record<string, number> | null = null;

  constructor(rows: SourceRows, sql: SqlStore, failed: Conditions['onFailure']) {
    this.rows = rows;
    this.conditions = new Conditions(rows, sql);
    this.conditions.onFailure = failed;
    const { plan } = rows;
    const times = rows.times();
    this.unreadable = rows.count - times.present;
    this.days = times.days;
    this.dayStarts = times.ms;
    this.time = plan.time.atEndOfDay && times.days ? endsOfDays(times, plan.time.zone) : times.ms;
    let candidates = this.inTime(plan.time.until ?? Infinity);
    if (plan.where) {
      const flags = this.conditions.flags(plan.where, candidates);
      candidates = candidates.filter((_, i) => flags[i] === 1);
    }
    sortByTime(candidates, this.time);
    this.candidates = candidates;
    ({ order: this.order, duplicates: this.duplicates } = this.distinct(candidates));
  }

  /**
   * The events as if nothing older than an instant existed: of equal keys the earliest that does exist is kept.
   * @returns the same object for the same instant; itself where nothing is older
   */
  since(instant: number): SourceEvents {
    const { candidates, time } = this;
    const first = countOlder(candidates, time, instant);
    if (first === 0) return this;
    if (this.retained?.expired.length !== first) {
      const left = candidates.subarray(first);
      const expired = Float64Array.from(candidates.subarray(0, first), row => time[row]);
      this.retained = this.but({ candidates: left, expired, ...this.distinct(left) });
    }
    return this.retained!;
  }

  /**
   * The events without some. What was a duplicate of one of them stays one: its row is as gone as the first.
   * @param gone by row, 1 for those
   */
  without(gone: Uint8Array): SourceEvents {
    const erased = this.order.filter(row => gone[row] === 1);
    if (erased.length === 0) return this;
    return this.but({ order: this.order.filter(row => gone[row] === 0), erased: Float64Array.from(erased, row => this.time[row]) });
  }

  private but(changes: object): SourceEvents {
    return Object.assign(Object.create(SourceEvents.prototype), this, { counts: null, retained: null }, changes);
  }

  /** How many of the events stood before an instant. */
  countBefore(instant: number): number {
    return countOlder(this.order, this.time, instant);
  }

  /** When the nth event stood. */
  timeAt(n: number): number | undefined {
    return this.time[this.order[n]];
  }

  /** Rows by event name, most frequent first. */
  eventCounts(): Record<string, number> {
    if (this.counts) return this.counts;
    const { event } = this.rows.plan;
    if (event.kind === 'constant') {
      this.counts = { [event.name]: this.order.length };
      return this.counts;
    }
    const { codes, dictionary } = this.rows.column(event.column);
    const counts = new Uint32Array(dictionary.count);
    for (const row of this.order) if (codes[row] >= 0) counts[codes[row]]++;
    // A column with a value a row is no event column; the frequent ones are enough to say so.
    const frequent = Array.from(counts, (_, code) => code)
      .filter(code => counts[code] > 0)
      .sort((a, b) => counts[b] - counts[a] || a - b)
      .slice(0, 10_000);
    this.counts = Object.fromEntries(frequent.map(code => [dictionary.text(code), counts[code]]));
    return this.counts;
  }

  private inTime(until: number): Uint32Array {
    const order = new Uint32Array(this.rows.count);
    let n = 0;
    for (let row = 0; row < order.length; row++) if (this.time[row] <= until) order[n++] = row;
    return order.subarray(0, n);
  }

  /** Keeps the first of equal keys. */
  private distinct(candidates: Uint32Array): { order: Uint32Array; duplicates: Float64Array } {
    if (!this.rows.plan.unique) return { order: candidates, duplicates: NONE };
    const repeats = this.repeats(candidates);
    const repeated = candidates.filter((_, i) => repeats[i] === 1);
    return { order: candidates.filter((_, i) => repeats[i] === 0), duplicates: Float64Array.from(repeated, row => this.time[row]) };
  }

  /** 1 for each, in order, whose key an earlier one has. */
  private repeats(candidates: Uint32Array): Uint8Array {
    const columns = this.rows.plan.unique!.columns.map(column => this.rows.column(column));
    const { codes, count } =
      columns.length === 1 ? { codes: columns[0].codes, count: columns[0].dictionary.count } : keysOf(combinations(columns));
    const seen = new Uint8Array(count);
    const repeats = new Uint8Array(candidates.length);
    candidates.forEach((row, i) => {
      const code = codes[row];
      if (code < 0) return;
      if (seen[code]) repeats[i] = 1;
      seen[code] = 1;
    });
    return repeats;
  }
}

/** How many of the rows, in order of time, stood before an instant. */
function countOlder(rows: Uint32Array, time: Float64Array, instant: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (time[rows[middle]] < instant) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A key of several columns is missing where one of them is. */
function keysOf({ codes, parts }: { codes: Int32Array; parts: Int32Array[] }): { codes: Int32Array; count: number } {
  return { codes: codes.map(code => (parts.some(part => part[code] < 0) ? -1 : code)), count: parts[0].length };
}

function endsOfDays({ ms, days }: TimeColumn, zone?: string): Float64Array {
  const ends = ms.slice();
  const end = dayEnds(zone);
  for (let row = 0; row < ends.length; row++) if (days![row]) ends[row] = end(ms[row]);
  return ends;
}

/** From the start of a day to its last millisecond, remembering the days seen. */
export function dayEnds(zone?: string): (start: number) => number {
  const of = zoneOrUtc(zone);
  const ends = new Map<number, number>();
  return start => {
    let end = ends.get(start);
    if (end === undefined) {
      end = of.endOfDay(start);
      ends.set(start, end);
    }
    return end;
  };
}
