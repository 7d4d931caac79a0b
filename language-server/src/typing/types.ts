/** What an expression's value can be, as far as the sample shows. */
import type { ColumnRef, ColumnSchema, Schema } from '@journey/engine';
import type { Finding } from '../project/types.ts';

export type Report = (finding: Finding) => void;

/** `unknown`: nothing can be said, so nothing is held against it. */
export type Type = 'text' | 'number' | 'boolean' | 'time' | 'duration' | 'mixed' | 'unknown';

/** `a number`, for a sentence. */
export const WORD: Record<Type, string> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  time: 'a time',
  duration: 'a length of time',
  mixed: 'sometimes a number and sometimes a text',
  unknown: 'a value',
};

/** What an expression may look at: the rows of a source, or those of one event of it. */
export interface Rows {
  source: string;
  event?: string;
}

export const rowsName = ({ source, event }: Rows): string => (event === undefined ? source : `${source}.${quotedName(event)}`);
export const columnName = (column: ColumnRef): string => [...(column.table ? [column.table] : []), ...column.path].join('.');

const PLAIN = /^[A-Za-z_\u00c0-\ud7ff][\w\u00c0-\ud7ff]*$/;
/** A name as it is written after a dot: `order_placed`, `"Signed Up"`. */
export const quotedName = (name: string): string => (PLAIN.test(name) ? name : JSON.stringify(name));
/** A column's dotted path as it is written: what is no plain name takes backticks. */
export const writtenPath = (path: readonly string[]): string => path.map(part => (PLAIN.test(part) ? part : `\`${part}\``)).join('.');

export type Found =
  | { kind: 'column'; column: ColumnSchema }
  | { kind: 'object'; members: string[] }
  | { kind: 'none'; among: string[] }
  | { kind: 'nothing known' };

/** Looks a column up in the sample: that of the row itself, or of a table its source joins. */
export function findColumn(schema: Schema, rows: Rows, { table, path }: ColumnRef): Found {
  const columns = (table === undefined ? schema.sources[rows.source] : schema.tables[table])?.columns ?? {};
  const name = path.join('.');
  if (Object.hasOwn(columns, name)) return { kind: 'column', column: columns[name] };
  const among = Object.keys(columns);
  if (among.length === 0) return { kind: 'nothing known' };
  const members = among.filter(other => other.startsWith(`${name}.`)).map(other => other.slice(name.length + 1));
  return members.length > 0 ? { kind: 'object', members } : { kind: 'none', among };
}

export function columnType(column: ColumnSchema): Type {
  return column.type === 'empty' ? 'unknown' : column.type;
}

/** A metric names a property behind its event, `Ordered.total`, all in one place: what may be wrong with it is the property alone. */
export function lastPart(column: ColumnRef): ColumnRef {
  const { path, at } = column;
  const character = at.end.character - path.join('.').length;
  const onOneLine = at.start.line === at.end.line && character >= at.start.character;
  return onOneLine ? { ...column, at: { ...at, start: { ...at.end, character } } } : column;
}
