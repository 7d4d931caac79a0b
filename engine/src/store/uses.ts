import { carriersOf, partsOf as patternParts } from '../derive/pattern.ts';
import type {
  At,
  ColumnRef,
  EventPattern,
  Expr,
  JourneyPlan,
  MetricExpr,
  Plan,
  PropertyPlan,
  RowsPattern,
  SegmentExpr,
  SegmentPlan,
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
    if (of) wantOf(of, ref, time);
  };
  const wantOf = (of: Map<string, Want & { at: At }>, ref: ColumnRef, time?: { zone?: string }): void => {
    const wanted = { name: nameOf(ref), time: time !== undefined, zone: time?.zone, at: ref.at };
    if (!of.has(wantKey(wanted))) of.set(wantKey(wanted), wanted);
  };
  const read = (source: string, expr: Expr | undefined): void => {
    if (!expr) return;
    uses.expressions.push(expr);
    for (const ref of columnsOf(expr)) want(source, ref);
  };
  const readPattern = (pattern: EventPattern): void => {
    for (const part of patternParts(pattern)) {
      if (part.kind === 'rows') for (const match of part.any) read(match.source, match.where);
      if (part.kind === 'filter') for (const source of sourcesOf(carriersOf(part))) read(source, part.where);
      if ('same' in part && part.same) for (const source of plan.sources) want(source.name, part.same);
    }
  };

  // A declared property is offered and looked after before a rule uses it; a personal one is read only where a rule does.
  const declared = (of: Map<string, Want & { at: At }>, { column, at, pii }: PropertyPlan): void => {
    if (!pii) wantOf(of, { ...column, at });
  };
  for (const table of plan.tables) {
    const of = uses.tables.get(table.name)!;
    of.set(nameOf(table.key.column), { name: nameOf(table.key.column), time: false, at: table.key.column.at });
    for (const property of table.properties) declared(of, property);
  }
  for (const source of plan.sources) {
    const { name, time, event, unique, ids, where } = source;
    want(name, time.column, { zone: time.zone });
    if (event.kind === 'column') want(name, event.column);
    for (const column of unique?.columns ?? []) want(name, column);
    for (const id of ids) read(name, id.value);
    for (const join of source.joins) want(name, join.on);
    read(name, where);
    for (const property of source.properties) declared(uses.sources.get(name)!, property);
  }
  for (const event of plan.events) readPattern(event.pattern);
  const { consent, erase } = plan.privacy ?? {};
  for (const rows of [consent?.from, erase?.on]) if (rows) readPattern(rows);
  if (consent) for (const source of sourcesOf([consent.from])) read(source, consent.granted);
  for (const journey of plan.journeys) {
    for (const pattern of patternsOf(journey, plan.segments)) readPattern(pattern);
    // One participant's rows of any source may carry the key, and the properties are asked of all.
    const asked = [
      ...(journey.per ? [journey.per] : []),
      ...journey.metrics.flatMap(metric => propertiesOf(metric.value)),
      ...journey.expects.flatMap(expect => propertiesOf(expect.condition)),
      ...journey.keeps.map(keep => keep.property),
      ...journey.splits.flatMap(split => ('column' in split ? [split.column] : [])),
    ];
    for (const part of segmentParts(journey, plan.segments)) {
      if (part.kind === 'history' && part.property) asked.push(part.property);
      if (part.kind !== 'test') continue;
      uses.expressions.push(part.expr);
      asked.push(...columnsOf(part.expr));
    }
    for (const ref of asked) {
      const table = plan.tables.find(({ name, key }) => name === ref.table && key.idKind !== undefined);
      if (table) wantOf(uses.tables.get(table.name)!, ref);
      else for (const source of plan.sources) want(source.name, ref);
    }
  }
  return uses;
}

/** Every event pattern a journey's rules and metrics wait for, and those that its segments and keeps look back at. */
export function patternsOf(journey: JourneyPlan, segments: readonly SegmentPlan[]): EventPattern[] {
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
  for (const part of segmentParts(journey, segments)) if (part.kind === 'history') patterns.push(part.event);
  patterns.push(...journey.keeps.map(keep => keep.event));
  return patterns;
}

/** The segments that a journey asks by name, as gates or in splits, in order of declaration. */
export function segmentsOf(journey: JourneyPlan, segments: readonly SegmentPlan[]): SegmentPlan[] {
  const names = new Set([
    ...journey.enters.flatMap(rule => rule.if?.map(({ segment }) => segment) ?? []),
    ...journey.splits.flatMap(split => (split.kind === 'segment' ? [split.name] : [])),
  ]);
  return segments.filter(({ name }) => names.has(name));
}

/** The conditions of those segments down to their leaves, and of the segments that they are made of. */
export function segmentParts(journey: JourneyPlan, segments: readonly SegmentPlan[]): SegmentExpr[] {
  const parts: SegmentExpr[] = [];
  const seen = new Set<string>();
  const visitSegment = ({ name, condition }: SegmentPlan): void => {
    if (seen.has(name)) return;
    seen.add(name);
    visit(condition);
  };
  const visit = (expr: SegmentExpr): void => {
    if (expr.kind === 'and' || expr.kind === 'or') expr.operands.forEach(visit);
    else if (expr.kind === 'not') visit(expr.operand);
    else if (expr.kind === 'segment') segments.filter(({ name }) => name === expr.name).forEach(visitSegment);
    else parts.push(expr);
  };
  segmentsOf(journey, segments).forEach(visitSegment);
  return parts;
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

const sourcesOf = (patterns: readonly RowsPattern[]): Set<string> =>
  new Set(patterns.flatMap(({ any }) => any.map(({ source }) => source)));
