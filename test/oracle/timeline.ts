/** semantics.md, Time and The timeline: from literal rows to every event in its one total order, and to people. */
import { cellOf, holds, keyOf } from './conditions.ts';
import { erasureOf, isConsenting, isRowOf } from './consent.ts';
import { resolve } from './identity.ts';
import type { Answer, Data, Def, Row, SourceDef } from './model.ts';

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
  /** Number of its customer; -1 for nobody's. */
  participant: number;
  /** Its ids that are neither ignored nor quarantined. */
  speaks: string[];
  /** What a consent row says; null for any other row. */
  statement: boolean | null;
  /** Whether its customer consents, where it stands. */
  consents: boolean;
  /** A row's place in the total order. */
  place: number;
  /** A `then no` that came true: which of the text's, and after which A. */
  absence?: { order: number; of: Event };
}

export interface Timeline {
  asOf: number | null;
  events: Event[];
  sources: Answer['sources'];
  people: number;
  identity: Answer['identities'][string];
  /** Canonical ids, by number of the customer. */
  labels: string[];
  /** The ids of each customer: those that lead to it today. */
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
    const count = { rows: 0, events: 0, duplicates: 0, unreadable: 0, withoutId: 0, later: 0, late: 0, erased: 0, expired: 0 };
    sources[source.name] = { ...count, from: null, to: null };
    source.files.forEach((path, f) => {
      (data[path] ?? []).forEach((own, line) => {
        const row = joined(def, source, own, data);
        sources[source.name].rows++;
        const time = readTime(row, source);
        // "A row whose time can't be read is not an event: it is counted and reported."
        if (time === null) sources[source.name].unreadable++;
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
  for (const source of def.sources)
    for (const path of source.files) sources[source.name].late += lateIn(data[path] ?? [], source, T ?? Number.POSITIVE_INFINITY);
  if (T === undefined) return { asOf: null, events: [], sources, ...nobody(def), data };

  // "Only events at or before T exist." "`retain D`: rows older than T - D don't exist": not even for `unique`.
  const retained = T - (def.privacy?.retain ?? Number.POSITIVE_INFINITY);
  for (const p of placed) if (p.event.time < retained) sources[p.event.source].expired++;
  for (const source of def.sources) sources[source.name].later = laterIn(source, data, T);
  const existing = placed.filter(p => p.event.time <= T && p.event.time >= retained);
  // "`unique` keeps the earliest of equal keys, among rows at or before as-of, and counts the rest."
  const rows: Event[] = [];
  existing.forEach((p, i) => {
    if (isDuplicate(def, existing.slice(0, i), p)) sources[p.event.source].duplicates++;
    else rows.push(p.event);
  });

  // "Erasure removes the ids of the person's cluster and every row that belonged to one of them; identity is then resolved again."
  const erasure = erasureOf(def, rows);
  for (const event of erasure.rows) sources[event.source].erased++;
  const events = rows.filter(event => !erasure.rows.has(event));
  events.forEach((event, place) => {
    const count = sources[event.source];
    count.events++;
    if (event.ids.length === 0) count.withoutId++;
    count.from ??= event.time;
    count.to = event.time;
    event.place = place;
  });
  const found = identify(def, events, erasure.ids, T);
  for (const event of events) {
    const { consent } = def.privacy ?? {};
    if (consent && isRowOf(def, consent.from, event)) event.statement = holds(consent.granted, event.row);
  }
  for (const event of events) event.consents = isConsenting(def, events, event);
  return { asOf: T, events, sources, ...found, identity: { ...found.identity, erased: erasure.counts }, data };
}

/** Rows after as-of, whatever else they are. */
function laterIn(source: SourceDef, data: Data, T: number): number {
  const times = source.files.flatMap(path => (data[path] ?? []).flatMap(row => readTime(row, source)?.at ?? []));
  return times.filter(time => time > T).length;
}

/**
 * "Rows told after newer ones: more than a day older than a row above them in their file." Rows after an `until` don't exist, and those after T are `later`; a file with
 * more than a tenth of them isn't in order of time at all, and has none.
 */
function lateIn(rows: Row[], source: SourceDef, T: number): number {
  const times = rows.flatMap(row => readTime(row, source)?.at ?? []).filter(time => time <= Math.min(T, untilOf(source)));
  const late = times.filter((time, i) => times.slice(0, i).some(above => time < above - 24 * 3_600_000)).length;
  return late <= times.length / 10 ? late : 0;
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
    speaks: [],
    statement: null,
    consents: true,
    place: -1,
  };
}

// ---------------------------------------------------------------- people

type Found = Pick<Timeline, 'people' | 'identity' | 'labels' | 'clusters'>;

/** Who is one customer: gives each event its customer's number, and the ids it speaks for. */
function identify(def: Def, events: Event[], erased: Set<string>, T: number): Found {
  const found = resolve(def.identity, events, erased);
  const labels: string[] = [];
  events.forEach((event, i) => {
    const { participant, speaks } = found.rows[i];
    event.speaks = speaks;
    if (participant === null) return;
    if (!labels.includes(participant)) labels.push(participant);
    event.participant = labels.indexOf(participant);
  });
  // "The participant that a row with this id alone would have at as-of; if that has no rows, the one its last row belongs to."
  const ids = new Set(events.filter(({ participant }) => participant >= 0).flatMap(({ speaks }) => speaks));
  const clusters = labels.map(() => new Set<string>());
  for (const id of ids) {
    const today = labels.indexOf(found.participantAt(id, T) ?? '');
    const last = events.filter(event => event.speaks.includes(id)).at(-1)!.participant;
    clusters[today >= 0 ? today : last].add(id);
  }
  const fates = (is: string) => found.rows.filter(row => row.is === is).length;
  return {
    people: labels.length,
    labels,
    clusters,
    identity: {
      customers: labels.length,
      ignored: fates('ignored'),
      conflicting: fates('conflicting'),
      quarantined: { ids: found.quarantined.size, rows: fates('quarantined') },
      refused: found.refused.length,
      ambiguous: found.ambiguous.size,
      ignoredBy: found.ignoredBy,
      erased: { requests: 0, unmatched: 0, people: 0, rows: 0 },
    },
  };
}
function nobody(def: Def): Found {
  return identify(def, [], new Set(), 0);
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
