import {
  type At,
  type ColumnRef,
  type EventPattern,
  type Expr,
  type JourneyPlan,
  type MetricExpr,
  type Plan,
  rowMatches,
} from '../plan.ts';
import { type Want, wantKey } from '../read/relation.ts';
import { columnsOf, nameOf, partsOf } from './expr.ts';

/** The columns a plan reads of each source and table, with the first place that names each. */
export interface Uses {
  sources: Map<string, Map<string, Want & { at: At }>>;
  tables: Map<string, Map<string, Want & { at: At }>>;
  /** Every condition and expression over rows, for checks. */
  expressions: Expr[];
}

export function usesOf(plan: Plan): Uses {
  const uses: Uses = {
    sources: new Map(plan.sources.map(source => [source.name, new Map()])),
    tables: new Map(plan.tables.map(table => [table.name, new Map()])),
    expressions: [],
  };
  const want = (source: string, ref: ColumnRef, time?: { zone?: string }): void => {
    const of = ref.table === undefined ? uses.sources.get(source) : joins(plan, source, ref.table) ? uses.tables.get(ref.table) : undefined;
    const wanted = { name: nameOf(ref), time: time !== undefined, zone: time?.zone, at: ref.at };
    if (of && !of.has(wantKey(wanted))) of.set(wantKey(wanted), wanted);
  };
  const read = (source: string, expr: Expr | undefined): void => {
    if (!expr) return;
    uses.expressions.push(expr);
    for (const ref of columnsOf(expr)) want(source, ref);
  };
  const readPattern = (pattern: EventPattern): void => {
    for (const part of rowMatches(pattern)) read(part.source, part.where);
  };

  for (const table of plan.tables)
    uses.tables.get(table.name)!.set(nameOf(table.key.column), { name: nameOf(table.key.column), time: false, at: table.key.column.at });
  for (const source of plan.sources) {
    const { name, time, event, unique, ids, where } = source;
    want(name, time.column, { zone: time.zone });
    if (event.kind === 'column') want(name, event.column);
    for (const column of unique?.columns ?? []) want(name, column);
    for (const id of ids) read(name, id.value);
    for (const join of source.joins) want(name, join.on);
    read(name, where);
  }
  for (const event of plan.events) readPattern(event.pattern);
  for (const journey of plan.journeys) {
    for (const pattern of patternsOf(journey)) readPattern(pattern);
    // One participant's rows of any source may carry the key, and the properties are asked of all.
    const asked = [
      ...(journey.per ? [journey.per] : []),
      ...journey.metrics.flatMap(metric => propertiesOf(metric.value)),
      ...journey.expects.flatMap(expect => propertiesOf(expect.condition)),
    ];
    for (const ref of asked) for (const source of plan.sources) want(source.name, ref);
  }
  return uses;
}

/** Every event pattern a journey's rules and metrics wait for. */
export function patternsOf(journey: JourneyPlan): EventPattern[] {
  const patterns = [...journey.enters, ...journey.stages].map(rule => rule.on);
  for (const { trigger } of journey.ends) {
    if (trigger.kind === 'event') patterns.push(trigger.on);
    else if (trigger.kind === 'nOf') patterns.push(...trigger.items);
    else if (trigger.kind === 'silence') patterns.push(...(trigger.of ?? []));
  }
  const visit = (expr: MetricExpr): void => {
    if (expr.kind === 'countEvents' || expr.kind === 'aggregate') patterns.push(expr.event);
    for (const part of metricParts(expr)) visit(part);
  };
  for (const metric of journey.metrics) visit(metric.value);
  for (const expect of journey.expects) visit(expect.condition);
  return patterns;
}

/** All expressions within one, itself included. */
export function* within(expr: Expr): Iterable<Expr> {
  yield expr;
  for (const part of partsOf(expr)) yield* within(part);
}

function propertiesOf(expr: MetricExpr): ColumnRef[] {
  return [...(expr.kind === 'aggregate' ? [expr.property] : []), ...metricParts(expr).flatMap(propertiesOf)];
}

/** The parts of a metric's expression, one level down. */
export function metricParts(expr: MetricExpr): MetricExpr[] {
  switch (expr.kind) {
    case 'arithmetic':
    case 'compare':
      return [expr.left, expr.right];
    case 'negate':
    case 'not':
      return [expr.operand];
    case 'shareOf':
      return [expr.share, expr.of];
    case 'and':
    case 'or':
      return expr.operands;
    default:
      return [];
  }
}

const joins = (plan: Plan, source: string, table: string): boolean =>
  plan.sources.some(one => one.name === source && one.joins.some(join => join.table === table));
