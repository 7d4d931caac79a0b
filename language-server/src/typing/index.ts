/** Holds every expression of a plan against the sample's inferred schema. Pure: plan and schema in, findings out. */
import {
  type ColumnRef,
  type ColumnSchema,
  type EventPattern,
  type Expr,
  ID_VALUE,
  type IdentityPlan,
  type JourneyPlan,
  type MetricExpr,
  type Plan,
  rowMatches,
  type Schema,
  type SourcePlan,
  type TablePlan,
} from '@journey/engine';
import type { Finding, Severity } from '../project/types.ts';
import { placeKey } from '../text/places.ts';
import { list } from '../text/words.ts';
import { reportUnknownColumn } from './columns.ts';
import { checkCondition, type Typing, typeOf } from './expressions.ts';
import { metricParts, metricsOf, patternParts, patternsOf, segmentParts } from './patterns.ts';
import { columnName, columnType, findColumn, lastPart, type Report, rowsName, WORD } from './types.ts';

/** @returns what cannot be meant, given what the sample looks like; places may repeat where one text stands for several sources */
export function typeFindings(plan: Plan, schema: Schema): Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const over = (source: string, event?: string): Typing => ({ schema, rows: { source, event }, report });

  for (const source of plan.sources) checkSource(source, over(source.name));
  for (const table of plan.tables) checkTable(table, schema, report);
  for (const identity of plan.identities) checkIgnores(identity, report);
  const { consent } = plan.privacy ?? {};
  if (consent) anywhere(sourcesOf([consent.from]), over, typing => checkCondition(consent.granted, typing));
  for (const pattern of patternsOf(plan)) {
    for (const match of rowMatches(pattern)) if (match.where) checkCondition(match.where, over(match.source, match.event));
  }
  for (const journey of plan.journeys) {
    if (journey.per) checkPer(journey, journey.per, schema, report);
    const entry = entrySources([journey]);
    for (const split of journey.splits) {
      if (split.kind === 'property' || split.kind === 'attribute') anywhere(entry, over, typing => checkColumn(split.column, typing));
    }
    for (const keep of journey.keeps) checkProperty(keep, undefined, over);
    for (const part of metricsOf({ journeys: [journey] }).flatMap(metricParts)) if (part.kind === 'kept') checkKept(part, journey, over);
  }
  for (const pattern of patternsOf(plan).flatMap(patternParts)) checkDerived(pattern, over);
  for (const segment of plan.segments) {
    const entry = sourcesOf(entriesOf(segment.name, plan));
    for (const part of segmentParts(segment.condition)) {
      // A segment that no journey uses, or only one that has errors, may be meant for any source.
      if (part.kind === 'test')
        anywhere(entry.length > 0 ? entry : plan.sources.map(({ name }) => name), over, typing => checkCondition(part.expr, typing));
      else if (part.kind === 'history' && part.property) checkProperty({ event: part.event, property: part.property }, part.fn, over);
    }
  }
  for (const part of metricsOf(plan).flatMap(metricParts)) if (part.kind === 'aggregate') checkAggregate(part, over);
  return findings;
}

function checkSource(source: SourcePlan, typing: Typing): void {
  // Without its time or its name no row of the source is an event: the definition can't work on these files.
  checkColumn(source.time.column, typing, 'error');
  if (source.event.kind === 'column') checkColumn(source.event.column, typing, 'error');
  for (const column of source.unique?.columns ?? []) checkColumn(column, typing);
  for (const join of source.joins) checkColumn(join.on, typing);
  for (const property of source.properties) checkColumn(property.column, typing);
  for (const id of source.ids) typeOf(id.value, typing);
  if (source.where) checkCondition(source.where, typing);
}

/** What is ignored is a text, which the condition names as the author does. */
function checkIgnores({ name, ignores }: IdentityPlan, report: Report): void {
  for (const { where, kinds, text } of ignores) {
    const value = /^ignore\s+any\b/.test(text) ? ID_VALUE : kinds[0];
    const columns: Record<string, ColumnSchema> = { [value]: { type: 'text', missing: 0, examples: [] } };
    const schema: Schema = { sources: { [name]: { columns, events: {} } }, tables: {} };
    checkCondition(renamed(where, value), { schema, rows: { source: name }, report });
  }
}

const renamed = (where: Expr, value: string): Expr => JSON.parse(JSON.stringify(where), (key, part) => (key === 'path' ? [value] : part));

function checkTable(table: TablePlan, schema: Schema, report: Report): void {
  const check = (column: ColumnRef, severity?: Severity) =>
    reportUnknownColumn(findColumn(schema, { source: '' }, { ...column, table: table.name }), column, table.name, report, severity);
  check(table.key.column, 'error');
  for (const property of table.properties) check(property.column);
}

function checkColumn(column: ColumnRef, { schema, rows, report }: Typing, severity: Severity = 'warning'): void {
  reportUnknownColumn(findColumn(schema, rows, column), column, rowsName(rows), report, severity);
}

/** Rows of some sources may lack the key, which only leaves them out; where no source has it there is no participation at all. */
function checkPer(journey: JourneyPlan, per: ColumnRef, schema: Schema, report: Report): void {
  const sources = [...new Set(patternsOf({ journeys: [journey] }).flatMap(pattern => rowMatches(pattern).map(match => match.source)))];
  const found = sources.map(source => findColumn(schema, { source }, per));
  if (found.length === 0 || found.some(one => one.kind !== 'none')) return;
  const among = [...new Set(found.flatMap(one => (one.kind === 'none' ? one.among : [])))];
  reportUnknownColumn({ kind: 'none', among }, per, list(sources, 'or'), report, 'error');
}

type Over = (source: string, event?: string) => Typing;

/** The sources whose rows begin runs. */
const entrySources = (journeys: readonly JourneyPlan[]): string[] =>
  sourcesOf(journeys.flatMap(journey => journey.enters.map(enter => enter.on)));
const sourcesOf = (patterns: readonly EventPattern[]): string[] => [
  ...new Set(patterns.flatMap(pattern => rowMatches(pattern).map(({ source }) => source))),
];

/** The entries at which a segment is looked at: of the rules it is a gate of, of the journeys it splits, of segments made of it. */
function entriesOf(segment: string, { journeys, segments }: Plan): EventPattern[] {
  const names = new Set([segment]);
  // A set grows while it is walked.
  for (const name of names) {
    for (const { name: user, condition } of segments)
      if (segmentParts(condition).some(part => part.kind === 'segment' && part.name === name)) names.add(user);
  }
  return journeys.flatMap(({ enters, splits }) =>
    splits.some(split => split.kind === 'segment' && names.has(split.name))
      ? enters.map(({ on }) => on)
      : enters.filter(enter => enter.if?.some(gate => names.has(gate.segment))).map(({ on }) => on),
  );
}

/** Rows of any of the sources may be meant: only what is wrong with all of them is. */
function anywhere(sources: string[], over: Over, check: (typing: Typing) => void): void {
  const told = sources.map(source => {
    const findings = new Map<string, Finding>();
    check({ ...over(source), report: finding => void findings.set(finding.code + placeKey(finding.at), finding) });
    return findings;
  });
  const [first, ...others] = told;
  for (const [key, finding] of first ?? []) if (others.every(each => each.has(key))) over(sources[0]).report(finding);
}

/** What an event made of others says of their rows: a condition on the row it falls on, and the property that must be the same. */
function checkDerived(pattern: EventPattern, over: Over): void {
  if (pattern.kind === 'filter') anywhere(sourcesOf([pattern.of]), over, typing => checkCondition(pattern.where, typing));
  const same = 'same' in pattern ? pattern.same : undefined;
  if (same) anywhere(sourcesOf([pattern]), over, typing => checkColumn(same, typing));
}

function checkAggregate({ fn, event, property }: Extract<MetricExpr, { kind: 'aggregate' }>, over: Over): void {
  checkProperty({ event, property: lastPart(property) }, fn, over);
}

/** `sum` over a kept text. */
function checkKept({ fn, keep: name, at }: Extract<MetricExpr, { kind: 'kept' }>, { keeps }: JourneyPlan, over: Over): void {
  const keep = keeps.find(keep => keep.name === name);
  if (!keep || fn === 'countDistinct') return;
  const types = rowMatches(keep.event).map(({ source, event }) => {
    const { schema, rows } = over(source, event);
    const found = findColumn(schema, rows, keep.property);
    return found.kind === 'column' ? columnType(found.column) : 'unknown';
  });
  const [type] = types;
  if (!type || type === 'number' || type === 'unknown' || types.some(other => other !== type)) return;
  over(rowMatches(keep.event)[0].source).report({
    code: 'not-a-number',
    severity: 'warning',
    message: `\`${fn}\` calculates with numbers; what ${name} keeps is ${WORD[type]}: ${type === 'mixed' ? 'only its numbers count' : 'there is no value'}`,
    at,
  });
}

/** @param fn what calculates with the property; undefined where any value will do */
function checkProperty({ event, property }: { event: EventPattern; property: ColumnRef }, fn: string | undefined, over: Over): void {
  const seen = new Set<string>();
  for (const match of rowMatches(event)) {
    const typing = over(match.source, match.event);
    if (seen.has(rowsName(typing.rows))) continue;
    seen.add(rowsName(typing.rows));
    const found = findColumn(typing.schema, typing.rows, property);
    if (found.kind !== 'column') {
      reportUnknownColumn(found, property, rowsName(typing.rows), typing.report);
      continue;
    }
    const type = columnType(found.column);
    if (fn === undefined || fn === 'countDistinct' || type === 'number' || type === 'unknown') continue;
    typing.report({
      code: 'not-a-number',
      severity: 'warning',
      message: `\`${fn}\` calculates with numbers; \`${columnName(property)}\` of ${rowsName(typing.rows)} is ${WORD[type]}: ${type === 'mixed' ? 'only its numbers count' : 'there is no value'}`,
      at: property.at,
    });
  }
}
