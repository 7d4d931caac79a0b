/** Who reads which column: every part of a plan that looks at the data, at its line. */
import { carriersOf, leavesOf, partsOf } from '../derive/pattern.ts';
import type { At, ColumnRef, EventPattern, Expr, JourneyPlan, MetricExpr, Plan, SegmentExpr, SourcePlan } from '../plan.ts';
import { columnsOf, nameOf } from '../store/expr.ts';
import { metricParts, patternsOf, segmentParts, segmentsOf } from '../store/uses.ts';

/** A column of a source or table, and who reads it. */
export interface Read {
  place: { kind: 'source' | 'table'; name: string };
  /** Dotted. */
  column: string;
  /** Where the column is named. */
  at: At;
  by: Reader;
  /** The journeys it serves. */
  journeys: string[];
}

export interface Reader {
  /** `structure`: what makes rows events and people of them, so that a journey can read them at all. */
  kind: 'structure' | 'rule' | 'event' | 'segment' | 'privacy';
  /** `Onboarding.Bought`, `id email`, `event Ordered`, `segment Young`, `consent`. */
  name: string;
  /** The line it stands at. */
  at: At;
}

/** In order of the plan: its sources and tables, events, journeys, rules of privacy. */
export function readsOf(plan: Plan): Read[] {
  const found: Read[] = [];
  const every = plan.journeys.map(({ name }) => name);

  /** A column as the rows of a source are asked for it. */
  const read = (source: SourcePlan | undefined, column: ColumnRef, by: Reader, journeys: string[]): void => {
    if (!source) return;
    const { table } = column;
    if (table !== undefined && !source.joins.some(join => join.table === table)) return;
    const place = table === undefined ? ({ kind: 'source', name: source.name } as const) : ({ kind: 'table', name: table } as const);
    found.push({ place, column: nameOf(column), at: column.at, by, journeys });
  };
  const named = (name: string) => plan.sources.find(source => source.name === name);
  const readExpr = (source: SourcePlan | undefined, expr: Expr | undefined, by: Reader, journeys: string[]): void => {
    for (const column of columnsOf(expr)) read(source, column, by, journeys);
  };
  /** A column that the rows of several sources are asked for, or, of a table keyed by an id, the person. */
  const ask = (column: ColumnRef, sources: Iterable<string>, by: Reader, journeys: string[]): void => {
    const table = plan.tables.find(({ name, key }) => name === column.table && key.idKind !== undefined);
    if (table) found.push({ place: { kind: 'table', name: table.name }, column: nameOf(column), at: column.at, by, journeys });
    else for (const source of sources) read(named(source), column, by, journeys);
  };
  const readPattern = (pattern: EventPattern, by: Reader, journeys: string[]): void => {
    for (const part of partsOf(pattern)) {
      if (part.kind === 'rows') for (const { source, where } of part.any) readExpr(named(source), where, by, journeys);
      else if (part.kind === 'filter') for (const source of carriers(part)) readExpr(named(source), part.where, by, journeys);
      else if ('same' in part && part.same) for (const source of leaves(part)) read(named(source), part.same, by, journeys);
    }
  };

  for (const source of plan.sources) {
    const reading = plan.journeys.filter(journey => reads(plan, journey, source)).map(({ name }) => name);
    const by = (name: string, at: At): Reader => ({ kind: 'structure', name, at });
    read(source, source.time.column, by('time', source.time.at), reading);
    if (source.event.kind === 'column') read(source, source.event.column, by('event', source.event.at), reading);
    for (const column of source.unique?.columns ?? []) read(source, column, by('unique', source.unique!.at), reading);
    for (const { kind, value, at } of source.ids) {
      const identities = plan.identities.filter(({ kinds }) => kinds.some(({ name }) => name === kind)).map(({ name }) => name);
      const linked = plan.journeys.filter(({ identity }) => identities.includes(identity)).map(({ name }) => name);
      readExpr(source, value, by(`id ${kind}`, at), linked);
    }
    for (const { table, on, at } of source.joins) read(source, on, by(`join ${table}`, at), reading);
    if (source.where) readExpr(source, source.where, by('where', source.where.at), reading);
  }
  for (const { name, key } of plan.tables) {
    const of = plan.sources.filter(({ joins }) => joins.some(({ table }) => table === name));
    const by: Reader = { kind: 'structure', name: key.idKind === undefined ? 'key' : `id ${key.idKind}`, at: key.at };
    const journeys = plan.journeys
      .filter(journey => of.some(source => reads(plan, journey, source)) || asksTable(plan, journey, name))
      .map(one => one.name);
    found.push({ place: { kind: 'table', name }, column: nameOf(key.column), at: key.column.at, by, journeys });
  }

  for (const journey of plan.journeys) {
    const own = [journey.name];
    const rule = (name: string, at: At): Reader => ({ kind: 'rule', name: `${journey.name}.${name}`, at });
    const entering = new Set(journey.enters.flatMap(({ on }) => [...carriers(on)]));
    const all = new Set(patternsOf(journey, plan.segments).flatMap(pattern => [...leaves(pattern)]));
    if (journey.per) ask(journey.per, all, { kind: 'rule', name: `${journey.name} per`, at: journey.nameAt }, own);
    for (const { name, at, on } of [...journey.enters, ...journey.stages]) readPattern(on, rule(name, at), own);
    for (const { name, at, trigger } of journey.ends) {
      if (trigger.kind === 'event') readPattern(trigger.on, rule(name, at), own);
      else if (trigger.kind === 'nOf') for (const item of trigger.items) readPattern(item, rule(name, at), own);
      else if (trigger.kind === 'silence') for (const event of trigger.of ?? []) readPattern(event, rule(name, at), own);
    }
    for (const { name, at, event, property } of journey.keeps) {
      readPattern(event, rule(name, at), own);
      ask(property, carriers(event), rule(name, at), own);
    }
    for (const split of journey.splits) if ('column' in split) ask(split.column, entering, rule(`split by ${split.text}`, split.at), own);
    const measured = [
      ...journey.metrics.map(({ name, at, value }) => ({ by: rule(name, at), expr: value })),
      ...journey.expects.map(({ at, condition }) => ({ by: rule('expect', at), expr: condition })),
    ];
    for (const { by, expr } of measured)
      for (const part of metricTree(expr)) {
        if (part.kind !== 'countEvents' && part.kind !== 'aggregate') continue;
        readPattern(part.event, by, own);
        if (part.kind === 'aggregate') ask(part.property, carriers(part.event), by, own);
      }
    for (const segment of segmentsOf(journey, plan.segments)) {
      const by: Reader = { kind: 'segment', name: `segment ${segment.name}`, at: segment.at };
      for (const part of segmentParts(
        { ...journey, enters: [], splits: [{ kind: 'segment', name: segment.name, at: segment.at, text: '' }] },
        plan.segments,
      ))
        readSegment(part, by, own, entering);
    }
  }
  // What no journey speaks of serves none, but is read all the same.
  const spoken = new Set(plan.journeys.flatMap(journey => segmentsOf(journey, plan.segments)));
  for (const { pattern, name, at } of plan.events) {
    const used = plan.journeys.some(journey => patternsOf(journey, plan.segments).some(one => speaksOf(one, name)));
    if (!used) readPattern(pattern, { kind: 'event', name: `event ${name}`, at }, []);
  }
  for (const segment of plan.segments) {
    const { name, at, condition } = segment;
    if (!spoken.has(segment))
      for (const part of leavesOfSegment(condition)) readSegment(part, { kind: 'segment', name: `segment ${name}`, at }, [], []);
  }

  const { consent, erase } = plan.privacy ?? {};
  if (consent) {
    const by: Reader = { kind: 'privacy', name: 'consent', at: consent.at };
    readPattern(consent.from, by, every);
    for (const source of carriers(consent.from)) readExpr(named(source), consent.granted, by, every);
  }
  if (erase) readPattern(erase.on, { kind: 'privacy', name: 'erase', at: erase.at }, every);
  return found;

  function readSegment(part: SegmentExpr, by: Reader, journeys: string[], entering: Iterable<string>): void {
    if (part.kind === 'test') for (const column of columnsOf(part.expr)) ask(column, entering, by, journeys);
    if (part.kind !== 'history') return;
    readPattern(part.event, by, journeys);
    if (part.property) ask(part.property, carriers(part.event), by, journeys);
  }
}

const carriers = (pattern: EventPattern): Set<string> => new Set(carriersOf(pattern).flatMap(({ any }) => any.map(({ source }) => source)));
const leaves = (pattern: EventPattern): Set<string> => new Set(leavesOf(pattern).flatMap(({ any }) => any.map(({ source }) => source)));

/** Whether a journey looks at a source's rows. */
function reads(plan: Plan, journey: JourneyPlan, source: SourcePlan): boolean {
  // Any sign of life counts: of every source that knows who somebody is.
  const alive = journey.ends.some(({ trigger }) => trigger.kind === 'silence' && !trigger.of);
  const measured = [...journey.metrics.map(({ value }) => value), ...journey.expects.map(({ condition }) => condition)];
  const anything = alive || measured.some(expr => metricTree(expr).some(({ kind }) => kind === 'retention'));
  if (anything && !source.passive && source.ids.length > 0) return true;
  const { consent, erase } = plan.privacy ?? {};
  const patterns = [...patternsOf(journey, plan.segments), ...(consent ? [consent.from] : []), ...(erase ? [erase.on] : [])];
  return patterns.some(pattern => leaves(pattern).has(source.name));
}

/** Whether a journey asks what a table says of a person. */
function asksTable(plan: Plan, journey: JourneyPlan, table: string): boolean {
  const inSegment = segmentParts(journey, plan.segments).some(
    part => part.kind === 'test' && columnsOf(part.expr).some(column => column.table === table),
  );
  return inSegment || journey.splits.some(split => 'column' in split && split.column.table === table);
}

const speaksOf = (pattern: EventPattern, name: string): boolean =>
  partsOf(pattern).some(part => part.text === name || (part.kind === 'rows' && part.any.some(({ via }) => via === name)));

function metricTree(expr: MetricExpr): MetricExpr[] {
  return [expr, ...metricParts(expr).flatMap(metricTree)];
}

function leavesOfSegment(expr: SegmentExpr): SegmentExpr[] {
  if (expr.kind === 'and' || expr.kind === 'or') return expr.operands.flatMap(leavesOfSegment);
  return expr.kind === 'not' ? leavesOfSegment(expr.operand) : [expr];
}
