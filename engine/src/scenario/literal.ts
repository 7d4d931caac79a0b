/**
 * A scenario as a plan of its own: the definition as it is, over sources that hold the scenario's rows and nothing else.
 *
 * What the rows say goes the way of any sample, so a scenario can't mean anything that a file would not.
 */
import type { At, ColumnRef, Expr, Instant, Plan, PrivacyPlan, ScenarioPlan, ScenarioRow, SourcePlan, TablePlan } from '../plan.ts';
import { columnsOf, nameOf } from '../store/expr.ts';

export interface Literal {
  plan: Plan;
  /** NDJSON by the sample's pattern. */
  texts: ReadonlyMap<string, string>;
  /** Null where there is neither row nor instant. */
  asOf: Instant | null;
  /** Attributes of a customer on rows that don't say of which, such as `profiles.age`. */
  homeless: string[];
}

type Value = string | number | boolean | null;
type Values = Record<string, Value>;

// Beginning with a character that no text of the language or header of a file holds: they are nobody's column.
const TIME = '\u0001time';
const EVENT = '\u0001event';
const KEY = '\u0001key';
const idColumn = (kind: string): string => `\u0001id ${kind}`;
const joinColumn = (table: string): string => `\u0001join ${table}`;
const rowKey = (row: number): string => `\u0001${row}`;

/** The plan that a scenario's claims are about: of the journeys only those that it speaks of, and of those no metrics. */
export function literal(plan: Plan, scenario: ScenarioPlan): Literal {
  const { rows } = scenario;
  const tables = tableRows(plan, rows);
  const texts = new Map<string, string>();
  const write = (name: string, values: Values[]) => {
    if (values.length > 0) texts.set(name, values.map(value => `${JSON.stringify(value)}\n`).join(''));
  };
  for (const table of plan.tables) write(`table ${table.name}`, tables.of.get(table.name)!);
  for (const source of plan.sources) {
    const own = rows.flatMap((row, i) => (row.source === source.name ? [rowValues(source, row, i)] : []));
    write(`source ${source.name}`, own);
  }
  const samples = (name: string, at: At) => (texts.has(name) ? [{ pattern: name, base: '', at }] : []);
  const claimed = new Set(scenario.claims.map(({ journey }) => journey));
  const last = rows.reduce<Instant | null>((latest, { time }) => (latest === null || time > latest ? time : latest), null);
  return {
    plan: {
      version: 1,
      sources: plan.sources.map(source => ({ ...literalSource(source, rows), samples: samples(`source ${source.name}`, source.at) })),
      tables: plan.tables.map(table => ({
        ...table,
        key: { ...table.key, column: column(KEY, table.key.at) },
        samples: samples(`table ${table.name}`, table.at),
      })),
      identities: plan.identities,
      events: [],
      segments: plan.segments,
      journeys: plan.journeys
        .filter(({ name }) => claimed.has(name))
        .map(journey => ({ ...journey, keeps: [], splits: [], paths: [], metrics: [], expects: [] })),
      scenarios: [],
      expects: [],
      ...(plan.privacy ? { privacy: heldTo(plan.privacy) } : {}),
    },
    texts,
    asOf: scenario.asOf?.instant ?? last,
    homeless: tables.homeless,
  };
}

/** What may be known of people holds for those of a scenario too, but how few of them may be spoken of: they are made up. */
const heldTo = ({ suppressBelow: _, ...privacy }: PrivacyPlan): PrivacyPlan => ({ ...privacy, purposes: [] });

/** `until` is about the sample: it says how far the data can be trusted, and a scenario's rows are all there is. */
function literalSource(source: SourcePlan, rows: readonly ScenarioRow[]): SourcePlan {
  const given = new Set(rows.filter(row => row.source === source.name).flatMap(row => row.fields.flatMap(({ idKind }) => idKind ?? [])));
  const { at, zone } = source.time;
  return {
    ...source,
    time: { column: column(TIME, at), at, zone, atEndOfDay: false },
    event: { kind: 'column', column: column(EVENT, source.event.at), at: source.event.at },
    ids: source.ids.map(id => (given.has(id.kind) ? { ...id, value: givenOr(idColumn(id.kind), id.value) } : id)),
    joins: source.joins.map(join => ({ ...join, on: column(joinColumn(join.table), join.on.at) })),
  };
}

const column = (name: string, at: At): ColumnRef => ({ path: [name], at });
const givenOr = (name: string, value: Expr): Expr => ({
  kind: 'call',
  fn: 'coalesce',
  args: [{ kind: 'column', column: column(name, value.at), at: value.at }, value],
  at: value.at,
});

function rowValues(source: SourcePlan, row: ScenarioRow, index: number): Values {
  const values: Values = { [TIME]: new Date(row.time).toISOString(), [EVENT]: row.event };
  for (const { path, table, idKind, value } of row.fields) {
    if (table !== undefined) continue;
    values[idKind === undefined ? path.join('.') : idColumn(idKind)] = value;
  }
  // What the row says of its time, name and ids can be read from their columns too, as in a file.
  const also = (ref: ColumnRef, value: Value) => {
    if (ref.table === undefined) values[nameOf(ref)] ??= value;
  };
  also(source.time.column, values[TIME]);
  if (source.event.kind === 'column') also(source.event.column, row.event);
  for (const id of source.ids) {
    const given = values[idColumn(id.kind)];
    const read = given === undefined ? [] : columnsOf(id.value);
    if (read.length === 1) also(read[0], given);
  }
  for (const join of source.joins) values[joinColumn(join.table)] = rowKey(index);
  return values;
}

/** What the rows say of tables: beside a row for that row alone; for customers, by their id. */
function tableRows(plan: Plan, rows: readonly ScenarioRow[]): { of: Map<string, Values[]>; homeless: string[] } {
  const of = new Map<string, Values[]>();
  const homeless = new Set<string>();
  for (const table of plan.tables) {
    const byId = new Map<Value, Values>();
    const byPartner = new Map<string, Values>();
    const joined: { row: number; own: Values; partner: Values | undefined }[] = [];
    rows.forEach((row, index) => {
      const fields = row.fields.filter(field => field.table === table.name);
      const own = Object.fromEntries(fields.map(({ path, value }) => [path.join('.'), value]));
      const source = plan.sources.find(({ name }) => name === row.source);
      const join = source?.joins.find(each => each.table === table.name);
      if (join) {
        // Facts of one key are facts of all rows that have it: told once, they hold for the others.
        const key = join.on.table === undefined ? fieldOf(row, nameOf(join.on)) : undefined;
        const partner = key === undefined || key === null ? undefined : learnt(byPartner, String(key), own);
        if (partner && key !== undefined) partner[nameOf(table.key.column)] ??= key;
        joined.push({ row: index, own, partner });
      }
      if (table.key.idKind === undefined || fields.length === 0) return;
      const id = source && idOf(source, row, table);
      if (id !== undefined && id !== null) learnt(byId, id, own)[nameOf(table.key.column)] ??= id;
      else if (!join) for (const name of Object.keys(own)) homeless.add(`${table.name}.${name}`);
    });
    of.set(table.name, [
      ...[...byId].map(([id, values]) => ({ ...values, [KEY]: id })),
      ...joined
        .map(({ row, own, partner }) => ({ ...partner, ...own, [KEY]: rowKey(row) }))
        .filter(values => Object.keys(values).length > 1),
    ]);
  }
  return { of, homeless: [...homeless] };
}

/** The first to say something is right, as of rows of a table that repeat a key. */
function learnt<K>(all: Map<K, Values>, key: K, more: Values): Values {
  const known = all.get(key) ?? {};
  all.set(key, known);
  for (const [name, value] of Object.entries(more)) known[name] ??= value;
  return known;
}

const fieldOf = (row: ScenarioRow, name: string): Value | undefined =>
  row.fields.find(field => field.table === undefined && field.idKind === undefined && field.path.join('.') === name)?.value;

/** The id that a row carries of the kind a table is keyed by: as such, or in the one column it is taken from. */
function idOf(source: SourcePlan, row: ScenarioRow, { key }: TablePlan): Value | undefined {
  const given = row.fields.find(({ idKind }) => idKind === key.idKind)?.value;
  if (given !== undefined) return given;
  for (const { kind, value } of source.ids) {
    if (kind !== key.idKind || value.kind !== 'column') continue;
    const found = fieldOf(row, nameOf(value.column));
    if (found !== undefined) return found;
  }
  return undefined;
}
