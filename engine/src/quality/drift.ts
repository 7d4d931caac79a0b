import type { Instant } from '../plan.ts';
import { KIND, kindOf, type TextColumn } from '../read/column.ts';
import type { Pacer } from '../read/pause.ts';
import { countBelow } from '../store/order.ts';
import type { SourceEvents } from '../store/source.ts';
import { type Change, plainestChange } from './split.ts';

const DAY = 86_400_000;
const MOST_BUCKETS = 2000;
/** Rows of other events than the most frequent ones are looked at together. */
const EVENTS = 32;
/** Rows on either side of a change: fewer are chance. */
const ROWS = 30;
/** The share of rows without a value changes by so much; the share of values of one type changes by so much. */
const APART = { missing: 0.5, type: 0.9 };
/** A type is told of values as they look; so many rows, evenly spread, are looked at. */
const SAMPLED = 20_000;
const TYPES = [
  [KIND.number, 'a number'],
  [KIND.boolean, 'true or false'],
  [KIND.time, 'a time'],
  [KIND.text, 'a text'],
] as const;

/** A used column that is not the same all the time. Shares are of rows before and from `since` on. */
export type Drift = { since: Instant /** the file that begins with the change, if one does */; path?: string } & (
  | { kind: 'missing'; before: number; after: number /** only rows of this event have it */; event?: string }
  | { kind: 'type'; before: string; after: string }
);

/** What drifts in the columns of one source, over its first `count` events. Columns that are asked for again cost nothing. */
export class Drifts {
  private readonly source: SourceEvents;
  private readonly count: number;
  /** A column that nobody uses any more takes its drifts along. */
  private readonly found = new WeakMap<TextColumn, Drift[]>();

  constructor(source: SourceEvents, count: number) {
    this.source = source;
    this.count = count;
  }

  /** @param names columns of the source's own files that are read as texts */
  async of(names: readonly string[], pacer: Pacer): Promise<Map<string, Drift[]>> {
    let axis: Axis | null = null;
    const drifts = new Map<string, Drift[]>();
    for (const name of names) {
      const column = this.source.rows.relation.text(name);
      let known = this.found.get(column);
      if (!known) {
        axis ??= axisOf(this.source, this.count);
        known = driftsOf(this.source, column, axis);
        this.found.set(column, known);
        await pacer.pause();
      }
      if (known.length) drifts.set(name, known);
    }
    return drifts;
  }
}

/** Where each event stands: in which days, and of which events, both few enough to count in. */
interface Axis {
  count: number;
  buckets: number;
  start: Instant;
  width: number;
  classes: number;
  names: (string | undefined)[];
  /** By event: class * buckets + bucket. */
  cell: Int32Array;
  totals: Uint32Array;
}

function axisOf(source: SourceEvents, count: number): Axis {
  const { order, time, rows } = source;
  const start = count ? Math.floor(time[order[0]] / DAY) * DAY : 0;
  const days = count ? Math.floor((time[order[count - 1]] - start) / DAY) + 1 : 1;
  const width = DAY * Math.ceil(days / MOST_BUCKETS);
  const buckets = Math.ceil((days * DAY) / width);
  const { event } = rows.plan;
  const events = event.kind === 'column' ? rows.column(event.column) : null;
  const names: Axis['names'] = [];
  const classOf = new Int32Array(events?.dictionary.count ?? 0);
  if (events) {
    const frequent = Object.keys(source.eventCounts()).slice(0, EVENTS);
    classOf.fill(frequent.length);
    frequent.forEach((name, i) => {
      classOf[events.dictionary.find(name)] = i;
    });
    names.push(...frequent);
  }
  names.push(undefined);
  const cell = new Int32Array(count);
  const totals = new Uint32Array(names.length * buckets);
  let bucket = 0;
  let next = start + width;
  for (let i = 0; i < count; i++) {
    const row = order[i];
    while (time[row] >= next) {
      bucket++;
      next += width;
    }
    const code = events ? events.codes[row] : -1;
    cell[i] = (code < 0 ? names.length - 1 : classOf[code]) * buckets + bucket;
    totals[cell[i]]++;
  }
  return { count, buckets, start, width, classes: names.length, names, cell, totals };
}

function driftsOf(source: SourceEvents, column: TextColumn, axis: Axis): Drift[] {
  if (column.dictionary.count === 0) return [];
  return [missingDrift(source, column, axis), typeDrift(source, column, axis)].filter(drift => drift !== null);
}

/** Of each event by itself: what mix of events there is on a day says nothing of their properties. */
function missingDrift(source: SourceEvents, { codes, present: filled }: TextColumn, axis: Axis): Drift | null {
  const { cell, totals, buckets, count, names } = axis;
  const { order } = source;
  // Most columns are there on every row.
  if (filled === codes.length) return null;
  const present = new Uint32Array(totals.length);
  for (let i = 0; i < count; i++) if (codes[order[i]] >= 0) present[cell[i]]++;
  let best: { change: Change; one: number } | null = null;
  let most = 0;
  let carrying = 0;
  for (let one = 0; one < axis.classes; one++) {
    const own = present.subarray(one * buckets, (one + 1) * buckets);
    if (!own.some(n => n > 0)) continue;
    carrying++;
    const all = totals.subarray(one * buckets, (one + 1) * buckets);
    const change = plainestChange(own, all, ROWS, APART.missing);
    const rows = all.reduce((sum, n) => sum + n, 0);
    if (!change || rows <= most) continue;
    most = rows;
    best = { change, one };
  }
  if (!best) return null;
  const { change, one } = best;
  return {
    kind: 'missing',
    before: 1 - change.before,
    after: 1 - change.after,
    ...(names[one] === undefined || carrying === 1 ? {} : { event: names[one] }),
    ...placeOf(source, axis, change.at, row => codes[row] >= 0, one),
  };
}

function typeDrift(source: SourceEvents, { codes, dictionary, type }: TextColumn, axis: Axis): Drift | null {
  if (type !== 'text' && type !== 'mixed') return null;
  const { order } = source;
  const { buckets, count, cell } = axis;
  const kinds = new Uint8Array(dictionary.count);
  const kindAt = (row: number): number => {
    const code = codes[row];
    if (code < 0) return 0;
    kinds[code] ||= dictionary.bytes(code, kindOf);
    return kinds[code];
  };
  const step = Math.max(1, Math.floor(count / SAMPLED));
  const totals = new Uint32Array(buckets);
  const ofKind = new Map<number, Uint32Array>(TYPES.map(([kind]) => [kind, new Uint32Array(buckets)]));
  for (let i = 0; i < count; i += step) {
    const kind = kindAt(order[i]);
    if (!kind) continue;
    totals[cell[i] % buckets]++;
    ofKind.get(kind)![cell[i] % buckets]++;
  }
  for (const [kind] of TYPES) {
    const change = plainestChange(ofKind.get(kind)!, totals, ROWS, APART.type);
    if (!change) continue;
    // What most values are on the other side.
    const others = TYPES.filter(([other]) => other !== kind);
    const [from, to] = change.before < change.after ? [0, change.at] : [change.at, buckets];
    const sum = (other: number) =>
      ofKind
        .get(other)!
        .subarray(from, to)
        .reduce((all, n) => all + n, 0);
    const other = others.reduce((a, b) => (sum(b[0]) > sum(a[0]) ? b : a))[0];
    const [before, after] = change.before < change.after ? [other, kind] : [kind, other];
    const words = (which: number) => TYPES.find(([one]) => one === which)![1];
    return {
      kind: 'type',
      before: words(before),
      after: words(after),
      ...placeOf(source, axis, change.at, row => (kindAt(row) === 0 ? null : kindAt(row) === kind)),
    };
  }
  return null;
}

/** The day of a change (`has` is null for rows that have no say); where the files tell it better than the days, also the file that begins with it. */
function placeOf(
  source: SourceEvents,
  { start, width, count, cell, buckets }: Axis,
  at: number,
  has: (row: number) => boolean | null,
  one?: number,
): { since: Instant; path?: string } {
  const since = start + at * width;
  const { files, fileEnds } = source.rows.relation;
  if (files.length < 2) return { since };
  const hits = new Uint32Array(files.length);
  const totals = new Uint32Array(files.length);
  for (let i = 0; i < count; i++) {
    if (one !== undefined && Math.floor(cell[i] / buckets) !== one) continue;
    const row = source.order[i];
    const hit = has(row);
    if (hit === null) continue;
    const file = countBelow(fileEnds, row + 1);
    totals[file]++;
    if (hit) hits[file]++;
  }
  const change = plainestChange(hits, totals, ROWS, APART.missing);
  // Only where it is the same change: the file's first event stands where the days say.
  if (!change) return { since };
  const from = fileEnds[change.at - 1];
  let first = Number.POSITIVE_INFINITY;
  for (let row = from; row < fileEnds[change.at]; row++) if (source.time[row] < first) first = source.time[row];
  return Math.abs(first - since) <= width ? { since, path: files[change.at].path } : { since };
}
