/** semantics.md, Time and The timeline: from literal rows to every event in its one total order, and to people. */
import { cellOf, holds, keyOf } from './conditions.ts';
import type { Data, Def, Row, SourceDef } from './model.ts';

export interface Event {
  /** Milliseconds since 1970 UTC. */
  time: number;
  source: string;
  name: string;
  passive: boolean;
  row: Row;
  /** The instants it stands at: one, or its whole day for a date without time. */
  from: number;
  to: number;
  /** `kind value`. */
  ids: string[];
  /** Number of its identity cluster; -1 for nobody's. */
  participant: number;
  /** A row's place in the total order. */
  place: number;
  /** A `then no` that came true: which of the text's, and after which A. */
  absence?: { order: number; of: Event };
}

export interface Timeline {
  asOf: number | null;
  events: Event[];
  sources: Record<
    string,
    { rows: number; events: number; duplicates: number; unreadable: number; withoutId: number; from: number | null; to: number | null }
  >;
  people: number;
  /** The ids of each cluster. */
  clusters: Set<string>[];
  /** Where the facts about customers are. */
  data: Data;
}

/** A row with what its joins add: the columns of the table's row with the same key, as `table.column`. */
function joined(def: Def, source: SourceDef, row: Row, data: Data): Row {
  const all = { ...row };
  for (const { table, on } of source.joins) {
    const { file, key } = def.tables.find(({ name }) => name === table)!;
    const wanted = keyOf(row, on);
    const facts = wanted === null ? undefined : (data[file] ?? []).find(fact => keyOf(fact, key) === wanted);
    for (const [column, value] of Object.entries(facts ?? {})) all[`${table}.${column}`] = value;
  }
  return all;
}

interface Placed {
  source: number;
  file: number;
  line: number;
  event: Event;
}

/**
 * @param asOf T; by default the last event's time, not after any source's `until`
 */
export function timeline(def: Def, data: Data, asOf?: number): Timeline {
  const placed: Placed[] = [];
  const sources: Timeline['sources'] = {};
  def.sources.forEach((source, s) => {
    const count = { rows: 0, events: 0, duplicates: 0, unreadable: 0, withoutId: 0, from: null, to: null };
    sources[source.name] = count;
    source.files.forEach((path, f) => {
      (data[path] ?? []).forEach((own, line) => {
        const row = joined(def, source, own, data);
        count.rows++;
        const time = readTime(row, source);
        // "A row whose time can't be read is not an event: it is counted and reported."
        if (time === null) count.unreadable++;
        else if (source.where !== undefined && !holds(source.where, row)) return;
        else if (time.at > untilOf(source)) return;
        else placed.push({ source: s, file: f, line, event: eventOf(source, row, time) });
      });
    });
  });

  // "Order is total: (time, source in order of declaration, file in order of path, row). Nothing else may decide."
  placed.sort((a, b) => a.event.time - b.event.time || a.source - b.source || a.file - b.file || a.line - b.line);

  // "As of T (default: the last event's time, not after a source's `until`)". Doubles are told apart among rows at or before T, so T
  // comes first: a doubled row shows that time went so far.
  const last = placed.at(-1)?.event.time;
  const asked = asOf ?? (def.asOf === undefined ? undefined : lastOfDay(def.asOf, 'UTC'));
  const T = asked ?? (last === undefined ? undefined : Math.min(last, ...def.sources.map(untilOf)));
  if (T === undefined) return { asOf: null, events: [], sources, people: 0, clusters: [], data };

  // "Only events at or before T exist." "`unique` keeps the earliest of equal keys, among rows at or before as-of, and counts the rest."
  const existing = placed.filter(p => p.event.time <= T);
  const events: Event[] = [];
  existing.forEach((p, i) => {
    const count = sources[p.event.source];
    if (isDuplicate(def, existing.slice(0, i), p)) {
      count.duplicates++;
      return;
    }
    count.events++;
    if (p.event.ids.length === 0) count.withoutId++;
    count.from ??= p.event.time;
    count.to = p.event.time;
    events.push(p.event);
  });
  events.forEach((event, place) => {
    event.place = place;
  });
  const clusters = resolve(events);
  return { asOf: T, events, sources, people: clusters.length, clusters, data };
}

/** "A missing key is never a duplicate": of several columns, none may be missing. */
function isDuplicate(def: Def, earlier: Placed[], p: Placed): boolean {
  const unique = def.sources[p.source].unique;
  if (unique === undefined) return false;
  const keys = unique.map(column => keyOf(p.event.row, column));
  if (keys.includes(null)) return false;
  return earlier.some(q => q.source === p.source && unique.every((column, i) => keyOf(q.event.row, column) === keys[i]));
}

function eventOf(source: SourceDef, row: Row, time: { at: number; from: number; to: number }): Event {
  const ids: string[] = [];
  for (const id of source.ids) {
    const value = keyOf(row, id.column);
    const cleaned = value !== null && id.clean ? value.trim().toLowerCase() : value;
    if (cleaned !== null && cleaned !== '') ids.push(`${id.kind} ${cleaned}`);
  }
  const name = 'constant' in source.event ? source.event.constant : (keyOf(row, source.event.column) ?? '');
  return {
    time: time.at,
    from: time.from,
    to: time.to,
    source: source.name,
    name,
    passive: source.passive,
    row,
    ids,
    participant: -1,
    place: -1,
  };
}

// ---------------------------------------------------------------- people

/**
 * Plain linking: every two ids on one row belong to one customer. Starts with everybody alone and merges until nothing changes.
 * @returns the clusters; gives each event its cluster's number
 */
function resolve(events: Event[]): Set<string>[] {
  let clusters: Set<string>[] = events.filter(e => e.ids.length > 0).map(e => new Set(e.ids));
  for (let merged = true; merged; ) {
    merged = false;
    for (let i = 0; i < clusters.length; i++)
      for (let j = i + 1; j < clusters.length; j++)
        if ([...clusters[j]].some(id => clusters[i].has(id))) {
          for (const id of clusters[j]) clusters[i].add(id);
          clusters = clusters.filter((_, k) => k !== j);
          merged = true;
          j--;
        }
  }
  for (const event of events) event.participant = clusters.findIndex(cluster => cluster.has(event.ids[0]));
  return clusters;
}

// ---------------------------------------------------------------- time

/**
 * "A time without offset is read in the source's `zone`, else UTC. A date without time makes the source day-grained: the event stands
 * at the start of its day, or at its last millisecond where the source says `at end of day`, and ties with every event of that day."
 * @returns null where it can't be read
 */
function readTime(row: Row, source: SourceDef): { at: number; from: number; to: number } | null {
  const value = cellOf(row, source.time.column);
  if (typeof value === 'number') return { at: value, from: value, to: value };
  if (typeof value !== 'string') return null;
  if (/^\d{13}$/.test(value)) return { at: Number(value), from: Number(value), to: Number(value) };
  const zone = source.time.zone ?? 'UTC';
  if (/^\d{4}-\d\d-\d\d$/.test(value)) {
    const from = local(value, zone);
    const to = lastOfDay(value, zone);
    return { at: source.time.atEndOfDay ? to : from, from, to };
  }
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?$/.exec(value);
  if (!parts) return null;
  const at = parts[3] === undefined ? local(`${parts[1]}T${parts[2]}`, zone) : Date.parse(`${parts[1]}T${parts[2]}${parts[3]}`);
  return { at, from: at, to: at };
}

/** "A date range includes its whole last day." Without `until` nothing is too late. */
function untilOf(source: SourceDef): number {
  return source.time.until === undefined ? Number.POSITIVE_INFINITY : lastOfDay(source.time.until, source.time.zone ?? 'UTC');
}

/** The last millisecond of a date in a zone. */
export function lastOfDay(date: string, zone: string): number {
  const next = new Date(Date.parse(date) + 24 * 3600_000).toISOString().slice(0, 10);
  return local(next, zone) - 1;
}

/** The instant of a wall-clock date or time in a zone: the one at which a clock on the wall there shows it. */
export function local(text: string, zone: string): number {
  const known = locals.get(`${text} ${zone}`);
  if (known !== undefined) return known;
  const instant = search(text, zone);
  locals.set(`${text} ${zone}`, instant);
  return instant;
}
const locals = new Map<string, number>();

function search(text: string, zone: string): number {
  const asUtc = Date.parse(text.includes('T') ? `${text}Z` : `${text}T00:00Z`);
  if (zone === 'UTC') return asUtc;
  for (let quarters = -14 * 4; quarters <= 14 * 4; quarters++) {
    const instant = asUtc + quarters * 900_000;
    if (wallClock(instant, zone) === asUtc) return instant;
  }
  throw new Error(`${text} never was in ${zone}`);
}

const formats = new Map<string, Intl.DateTimeFormat>();
/** What the wall clock shows at an instant, as if it were UTC. */
export function wallClock(instant: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(zone, format);
  }
  const [, d, m, y, time] = /(\d\d)\/(\d\d)\/(\d{4}), (.*)/.exec(format.format(instant))!;
  return Date.parse(`${y}-${m}-${d}T${time}.${String(((instant % 1000) + 1000) % 1000).padStart(3, '0')}Z`);
}
