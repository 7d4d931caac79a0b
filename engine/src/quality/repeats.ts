import type { SourcePlan } from '../plan.ts';
import { columnsOf, nameOf } from '../store/expr.ts';
import type { SourceEvents } from '../store/source.ts';

/** Below this share of the events, repeats are the odd row that every sample has. */
const FEW = 0.001;
/** A column that repeats on more rows than this tells something else apart than events. */
const KEY = 0.5;
/** What a column is called that tells events apart, without case, `_` and `-`. */
const NAMES = /^(?:(?:event|message|msg|insert|hit|row|record|log|dedup)(?:id|key|uuid|guid)|uuid|guid)$/;

/** Events that another one seems to have been before. */
export interface Repeats {
  /** The column whose value comes again; null where the whole row does. */
  column: string | null;
  rows: number;
  of: number;
}

/**
 * Events of a source without `unique` that were probably delivered twice: a column that is read and called like an id of events holds
 * a value again; or, where every column of the files is read and none is called so, all of a row stands there again.
 *
 * @param count of the events, in order of time, so many are looked at
 * @param texts columns of the source's own files that are read as texts
 */
export function repeatsOf(source: SourceEvents, count: number, texts: readonly string[]): Repeats | null {
  const { plan, relation } = source.rows;
  if (plan.unique || count === 0) return null;
  const telling = (rows: number) => rows >= FEW * count && rows > 0;
  const candidates = texts.filter(name => isKeyName(name) && relation.has(name) && !isTaken(plan, name));
  for (const column of candidates) {
    const rows = valuesAgain(source, count, column);
    if (telling(rows) && rows <= KEY * count) return { column, rows, of: count };
  }
  const read = new Set([...texts, ...(plan.time.column.table ? [] : [nameOf(plan.time.column)])]);
  // A row that is like another in some columns only may well differ in the others; so may two of one day.
  if (candidates.length > 0 || source.days || !relation.columnNames().every(name => read.has(name))) return null;
  const rows = rowsAgain(source, count, texts);
  return telling(rows) ? { column: null, rows, of: count } : null;
}

const isKeyName = (name: string): boolean =>
  NAMES.test(
    name
      .slice(name.lastIndexOf('.') + 1)
      .replace(/[_-]/g, '')
      .toLowerCase(),
  );

/** Whether it is known to tell something else apart: people, names of events, rows of a table. */
function isTaken({ ids, event, joins }: SourcePlan, name: string): boolean {
  const others = [...ids.flatMap(({ value }) => columnsOf(value)), ...joins.map(({ on }) => on)];
  return [...others, ...(event.kind === 'column' ? [event.column] : [])].some(column => !column.table && nameOf(column) === name);
}

function valuesAgain({ rows, order }: SourceEvents, count: number, name: string): number {
  const { codes, dictionary } = rows.relation.text(name);
  const seen = new Uint8Array(dictionary.count);
  let again = 0;
  for (let i = 0; i < count; i++) {
    const code = codes[order[i]];
    if (code < 0) continue;
    again += seen[code];
    seen[code] = 1;
  }
  return again;
}

/** Equal rows are equal in time, and in order of time these stand together. */
function rowsAgain({ rows, order, time }: SourceEvents, count: number, texts: readonly string[]): number {
  const columns = texts.map(name => rows.relation.text(name).codes);
  let again = 0;
  for (let i = 0; i < count; ) {
    let end = i + 1;
    while (end < count && time[order[end]] === time[order[i]]) end++;
    if (end > i + 1) {
      const seen = new Set<string>();
      for (let k = i; k < end; k++) seen.add(columns.map(codes => codes[order[k]]).join());
      again += end - i - seen.size;
    }
    i = end;
  }
  return again;
}
