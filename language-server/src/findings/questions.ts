/** What is worth asking the engine about the rows behind a definition, beside its preview. */
import { type ColumnRef, type Expr, type Plan, type RowMatch, rowMatches, type Schema } from '@journey/engine';
import { placeKey } from '../text/places.ts';
import { metricParts, metricsOf, patternsOf } from '../typing/patterns.ts';
import { columnType, findColumn, lastPart } from '../typing/types.ts';
import { exprParts, questionKey } from './evidence.ts';

/** A value that a condition asks for, and the rows that have it. */
export interface ValueUse {
  rows: RowMatch;
  match: RowMatch;
  operand: Expr;
  literal: Extract<Expr, { kind: 'literal' }>;
  /** The sample's examples show it: nobody need ask. */
  seen: boolean;
}

/** A property that is looked at, and the rows that have it. */
export interface PropertyUse {
  rows: RowMatch;
  match: RowMatch;
  column: ColumnRef;
}

/** All different row matches of a plan in order of the text. */
export function matchesOf(plan: Plan): RowMatch[] {
  const seen = new Map<string, RowMatch>();
  for (const pattern of patternsOf(plan)) {
    for (const match of rowMatches(pattern)) {
      const key = placeKey(match.at) + questionKey(match);
      if (!seen.has(key)) seen.set(key, match);
    }
  }
  return [...seen.values()];
}

/** The questions, each once. */
export function questions(plan: Plan, schema: Schema): RowMatch[] {
  const asked = new Map<string, RowMatch>();
  const ask = (match: RowMatch) => asked.set(questionKey(match), match);
  for (const match of matchesOf(plan)) {
    if (!occursIn(schema, match)) continue;
    if (match.where) ask(match);
    for (const use of valuesOf(match, schema)) if (!use.seen) ask(use.rows);
  }
  for (const use of propertiesOf(plan, schema)) ask(use.rows);
  return [...asked.values()];
}

/** Values asked for with `=` or `in`. */
export function valuesOf(match: RowMatch, schema: Schema): ValueUse[] {
  if (!match.where) return [];
  return exprParts(match.where).flatMap(part => {
    if (part.kind === 'in' && !part.negated) return part.values.flatMap(value => valueUse(match, schema, part.operand, value));
    if (part.kind !== 'compare' || part.op !== '=') return [];
    return [...valueUse(match, schema, part.left, part.right), ...valueUse(match, schema, part.right, part.left)];
  });
}

function valueUse(match: RowMatch, schema: Schema, operand: Expr, literal: Expr): ValueUse[] {
  if (literal.kind !== 'literal' || literal.value === null) return [];
  const columns = exprParts(operand).flatMap(part => (part.kind === 'column' ? [findColumn(schema, match, part.column)] : []));
  // A column that isn't there has been reported itself.
  if (columns.length === 0 || columns.some(found => found.kind !== 'column')) return [];
  const [column] = columns;
  let seen = false;
  if (operand.kind === 'column' && column.kind === 'column') {
    const type = columnType(column.column);
    const wanted = typeof literal.value === 'string' ? 'text' : typeof literal.value;
    // So has a value of another type.
    if (type !== wanted && type !== 'mixed' && !(type === 'time' && wanted === 'text')) return [];
    seen = column.column.examples.includes(String(literal.value));
  }
  const where: Expr = { kind: 'compare', op: '=', left: operand, right: literal, at: literal.at };
  return [{ rows: { source: match.source, event: match.event, where, at: literal.at }, match, operand, literal, seen }];
}

/** Properties that so many rows of the source lack that all rows of the event may. */
export function propertiesOf(plan: Plan, schema: Schema): PropertyUse[] {
  const inConditions = matchesOf(plan).flatMap(match =>
    match.where ? exprParts(match.where).flatMap(part => (part.kind === 'column' ? [{ match, column: part.column }] : [])) : [],
  );
  const inMetrics = metricsOf(plan)
    .flatMap(metricParts)
    .flatMap(part => (part.kind === 'aggregate' ? rowMatches(part.event).map(match => ({ match, column: lastPart(part.property) })) : []));
  return [...inConditions, ...inMetrics]
    .filter(({ match, column }) => column.table === undefined && occursIn(schema, match) && mayLack(schema, match, column))
    .map(({ match, column }) => {
      const where: Expr = { kind: 'isNull', negated: true, operand: { kind: 'column', column, at: column.at }, at: column.at };
      return { rows: { source: match.source, event: match.event, where, at: column.at }, match, column };
    });
}

function mayLack(schema: Schema, match: RowMatch, column: ColumnRef): boolean {
  const found = findColumn(schema, match, column);
  if (found.kind !== 'column') return false;
  const { events } = schema.sources[match.source];
  const all = Object.values(events).reduce((sum, rows) => sum + rows, 0);
  // The share is that of the rows looked at, which need not be all: leave some room.
  return found.column.missing >= Math.min(1, events[match.event] / all) * 0.9;
}

export function occursIn(schema: Schema, { source, event }: RowMatch): boolean {
  return Object.hasOwn(schema.sources[source]?.events ?? {}, event);
}
