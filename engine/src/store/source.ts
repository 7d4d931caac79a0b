import type { TimeColumn } from '../read/column.ts';
import { zoneOrUtc } from '../read/relation.ts';
import { Conditions, combinations } from './conditions.ts';
import { sortByTime } from './order.ts';
import type { SourceRows } from './rows.ts';
import type { SqlStore } from './sql.ts';

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
    this.order = this.inTime(plan.time.until ?? Infinity);
    if (plan.where) {
      const flags = this.conditions.flags(plan.where, this.order);
      this.order = this.order.filter((_, i) => flags[i] === 1);
    }
    sortByTime(this.order, this.time);
    const duplicate = plan.unique ? this.repeats() : null;
    this.duplicates = new Float64Array(0);
    if (duplicate) {
      this.duplicates = Float64Array.from(
        this.order.filter((_, i) => duplicate[i] === 1),
        row => this.time[row],
      );
      this.order = this.order.filter((_, i) => duplicate[i] === 0);
    }
  }

  /** How many of the events stood before an instant. */
  countBefore(instant: number): number {
    let low = 0;
    let high = this.order.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.time[this.order[middle]] < instant) low = middle + 1;
      else high = middle;
    }
    return low;
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

  /** 1 for each event, in order, whose key an earlier one has. */
  private repeats(): Uint8Array {
    const columns = this.rows.plan.unique!.columns.map(column => this.rows.column(column));
    const { codes, count } =
      columns.length === 1 ? { codes: columns[0].codes, count: columns[0].dictionary.count } : keysOf(combinations(columns));
    const seen = new Uint8Array(count);
    const repeats = new Uint8Array(this.order.length);
    this.order.forEach((row, i) => {
      const code = codes[row];
      if (code < 0) return;
      if (seen[code]) repeats[i] = 1;
      seen[code] = 1;
    });
    return repeats;
  }
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
