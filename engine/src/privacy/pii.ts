/** What of a plan is personal data (`pii`), and how it is spoken of without being told: every view goes through here. */
import type { ColumnRef, Expr, IdentityPlan, Plan, SamplePlan } from '../plan.ts';
import { columnsOf, nameOf } from '../store/expr.ts';

/** What stands for a value: `(withheld: contact.email)`. */
export const withheld = (category: string): string => `(withheld: ${category})`;

/**
 * Who somebody is whose canonical id is personal data: `email no. 17`.
 * @param number from 1, by order of first event
 */
export const numbered = (kind: string, number: number): string => `${kind} no. ${number}`;

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
  /** A column that every source is asked for (metrics, splits, keeps, `per`), or with `table` one of that table: personal if it is in any. */
  anywhere(column: ColumnRef): string | undefined;
  /** An expression over a source's rows: personal if anything that it reads is. */
  ofExpr(source: string, expr: Expr | undefined): string | undefined;
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

  return {
    none: kinds.size === 0 && readings.every(({ columns }) => columns.size === 0),
    ofKind: kind => kinds.get(kind),
    ofSource,
    ofSourceColumn: (source, name) => at(sources.get(source), name),
    ofTableColumn: (table, name) => at(tables.get(table), name),
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
