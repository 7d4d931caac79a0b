/** What of a plan is personal data (`pii`), and how it is spoken of without being told: every view goes through here. */
import type { Participants } from '../events.ts';
import { type ColumnRef, type Expr, type IdentityPlan, type Plan, rowMatches, type SamplePlan } from '../plan.ts';
import { columnsOf, nameOf } from '../store/expr.ts';
import { patternsOf } from '../store/uses.ts';

/** What stands for a value: `(withheld: contact.email)`. */
export const withheld = (category: string): string => `(withheld: ${category})`;

/**
 * Who somebody is whose canonical id is personal data: `email no. 17`.
 * @param number from 1, by order of first event
 */
export const numbered = (kind: string, number: number): string => `${kind} no. ${number}`;

/** What a participant is called: by the canonical id, such as `user u17`, or by a number where that is personal data. */
export function participantName(pii: Pii, participants: Pick<Participants, 'of' | 'count' | 'label'>, participant: number): string {
  const label = participants.label(participant);
  const kind = label.slice(0, label.indexOf(' '));
  return pii.ofKind(kind) === undefined ? label : numbered(kind, numbersOf(participants)[participant]);
}

/** Who was called so, such as by `email no. 17`; -1 for nobody. */
export function participantNumbered(pii: Pii, participants: Pick<Participants, 'of' | 'count' | 'label'>, name: string): number {
  const number = Number(/ no\. (\d+)$/.exec(name)?.[1] ?? Number.NaN);
  const participant = Number.isNaN(number) ? -1 : numbersOf(participants).indexOf(number);
  return participant >= 0 && participantName(pii, participants, participant) === name ? participant : -1;
}

const numbers = new WeakMap<Int32Array, Int32Array>();

/** By participant its place in order of first event, from 1. */
function numbersOf({ of, count }: Pick<Participants, 'of' | 'count'>): Int32Array {
  let found = numbers.get(of);
  if (!found) {
    found = new Int32Array(count);
    let last = 0;
    for (const participant of of) if (participant >= 0 && found[participant] === 0) found[participant] = ++last;
    numbers.set(of, found);
  }
  return found;
}

/** Of a kind of id that no identity declares, perhaps because that one has an error: nothing says that it may be shown. */
const UNKNOWN = 'unknown';

/** Answers a category such as `contact.email`, or undefined for what nobody declared personal. */
export interface Pii {
  /** Nothing is: then there is nothing to withhold. */
  readonly none: boolean;
  /** Values of this kind of id, in whatever identity. */
  ofKind(kind: string): string | undefined;
  /** A column as the rows of a source are asked for it: its own, or with `table` one that it joins. */
  ofSource(source: string, column: ColumnRef): string | undefined;
  /** A column by the dotted name that the files know it by. */
  ofSourceColumn(source: string, name: string): string | undefined;
  ofTableColumn(table: string, name: string): string | undefined;
  /** Whether a source or table holds anything personal: a fault of its files may then shift it into any other column. */
  inSource(source: string): boolean;
  inTable(table: string): boolean;
  /** A column that every source is asked for (metrics, splits, keeps, `per`), or with `table` one of that table: personal if it is in any. */
  anywhere(column: ColumnRef): string | undefined;
  /** An expression over a source's rows: personal if anything that it reads is. */
  ofExpr(source: string, expr: Expr | undefined): string | undefined;
  /** The name of an event as it may be told: where names come from a personal column, only those that the definition says itself. */
  eventName(source: string, name: string): string;
  /** @param doubtful whether what stands in the column may be personal, although nobody declared it so */
  eventIsTold(source: string, name: string, doubtful: boolean): boolean;
  /** What an id that somebody typed could be, if it may be personal: an id without its kind may be of any. */
  ofTyped(identity: IdentityPlan, kind: string | undefined): string | undefined;
}

const made = new WeakMap<Plan, Pii>();

/** The same answers for the same plan object; asking again costs nothing. */
export function piiOf(plan: Plan): Pii {
  let pii = made.get(plan);
  if (!pii) {
    pii = makePii(plan);
    made.set(plan, pii);
  }
  return pii;
}

/** By dotted name, the categories of one source's or table's columns. */
type Columns = Map<string, string>;

function makePii(plan: Plan): Pii {
  const sources = new Map<string, Columns>(plan.sources.map(({ name }) => [name, new Map()]));
  const tables = new Map<string, Columns>(plan.tables.map(({ name }) => [name, new Map()]));
  const kinds = new Map<string, string>();

  const place = (source: string, { table }: ColumnRef): Columns | undefined =>
    table === undefined ? sources.get(source) : tables.get(table);
  const at = (columns: Columns | undefined, name: string): string | undefined => {
    if (!columns) return undefined;
    const exact = columns.get(name);
    if (exact !== undefined) return exact;
    // Of nested data the whole tells its parts, and `property contact pii person` means all that is in it.
    for (const [other, category] of columns) if (other.startsWith(`${name}.`) || name.startsWith(`${other}.`)) return category;
    return undefined;
  };
  const ofSource = (source: string, column: ColumnRef) => at(place(source, column), nameOf(column));

  for (const source of plan.sources)
    for (const { column, pii } of source.properties) if (pii) place(source.name, column)?.set(nameOf(column), pii.category);
  for (const table of plan.tables)
    for (const { column, pii } of table.properties) if (pii) tables.get(table.name)!.set(nameOf(column), pii.category);
  for (const identity of plan.identities)
    for (const { name, pii } of identity.kinds) if (pii && !kinds.has(name)) kinds.set(name, pii.category);
  const declared = new Set(plan.identities.flatMap(({ kinds: own }) => own.map(({ name }) => name)));
  const used = [...plan.sources.flatMap(({ ids }) => ids.map(({ kind }) => kind)), ...plan.tables.flatMap(({ key }) => key.idKind ?? [])];
  for (const kind of used) if (!declared.has(kind)) kinds.set(kind, UNKNOWN);

  // The same value is personal wherever it stands: in the column that an id is taken from, in the key that it joins, in another
  // source over the same files. What follows from one may lead to the next, so it is followed until nothing is new.
  let found: boolean;
  const both = (a: Columns | undefined, nameA: string, b: Columns | undefined, nameB: string): void => {
    learn(a, nameA, at(b, nameB));
    learn(b, nameB, at(a, nameA));
  };
  const learn = (columns: Columns | undefined, name: string, category: string | undefined): void => {
    if (!columns || category === undefined || at(columns, name) !== undefined) return;
    columns.set(name, category);
    found = true;
  };
  const idOf = (kind: string, columns: Columns | undefined, name: string): void => {
    learn(columns, name, kinds.get(kind));
    const category = at(columns, name);
    if (category === undefined || kinds.has(kind)) return;
    kinds.set(kind, category);
    found = true;
  };
  const readings = [
    ...plan.sources.map(({ name, samples }) => ({ columns: sources.get(name)!, samples })),
    ...plan.tables.map(({ name, samples }) => ({ columns: tables.get(name)!, samples })),
  ];
  do {
    found = false;
    for (const { name, ids, joins } of plan.sources) {
      for (const { kind, value } of ids) for (const column of columnsOf(value)) idOf(kind, place(name, column), nameOf(column));
      for (const { table, on } of joins) {
        const key = plan.tables.find(one => one.name === table)?.key.column;
        if (key) both(place(name, on), nameOf(on), tables.get(table), nameOf(key));
      }
    }
    for (const { name, key } of plan.tables) if (key.idKind !== undefined) idOf(key.idKind, tables.get(name), nameOf(key.column));
    for (const [i, one] of readings.entries())
      for (const other of readings.slice(0, i)) {
        if (!sameFiles(one.samples, other.samples)) continue;
        for (const name of [...one.columns.keys(), ...other.columns.keys()]) both(one.columns, name, other.columns, name);
      }
  } while (found);

  let said: ReadonlySet<string> | undefined;
  const isSaid = (name: string): boolean => {
    said ??= eventsSaid(plan);
    return said.has(name);
  };
  const ofEvents = (source: string): string | undefined => {
    const event = plan.sources.find(one => one.name === source)?.event;
    return event?.kind === 'column' ? ofSource(source, event.column) : undefined;
  };
  return {
    none: kinds.size === 0 && readings.every(({ columns }) => columns.size === 0),
    ofKind: kind => kinds.get(kind),
    ofSource,
    ofSourceColumn: (source, name) => at(sources.get(source), name),
    ofTableColumn: (table, name) => at(tables.get(table), name),
    inSource: source => (sources.get(source)?.size ?? 0) > 0,
    inTable: table => (tables.get(table)?.size ?? 0) > 0,
    anywhere(column) {
      const places = column.table === undefined ? [...sources.values()] : [tables.get(column.table)];
      for (const columns of places) {
        const category = at(columns, nameOf(column));
        if (category !== undefined) return category;
      }
      return undefined;
    },
    ofExpr(source, expr) {
      for (const column of columnsOf(expr)) {
        const category = ofSource(source, column);
        if (category !== undefined) return category;
      }
      return undefined;
    },
    eventName(source, name) {
      const category = ofEvents(source);
      return category === undefined || isSaid(name) ? name : withheld(category);
    },
    eventIsTold: (source, name, doubtful) => (!doubtful && ofEvents(source) === undefined) || isSaid(name),
    ofTyped(identity, kind) {
      const own = identity.kinds.map(({ name }) => name);
      for (const one of kind !== undefined && own.includes(kind) ? [kind] : own) {
        const category = kinds.get(one);
        if (category !== undefined) return category;
      }
      return undefined;
    },
  };
}

const sameFiles = (a: readonly SamplePlan[], b: readonly SamplePlan[]): boolean =>
  a.some(one => b.some(other => one.pattern === other.pattern && one.base === other.base));

/** Names of events that stand in the definition. */
export function eventsSaid({ events, journeys, segments, privacy }: Plan): Set<string> {
  const patterns = [
    ...events.map(({ pattern }) => pattern),
    ...journeys.flatMap(journey => patternsOf(journey, segments)),
    ...(privacy?.consent ? [privacy.consent.from] : []),
    ...(privacy?.erase ? [privacy.erase.on] : []),
  ];
  return new Set(patterns.flatMap(rowMatches).map(({ event }) => event));
}
