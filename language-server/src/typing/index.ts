/** Holds every expression of a plan against the sample's inferred schema. Pure: plan and schema in, findings out. */
import {
  type ColumnRef,
  type JourneyPlan,
  type MetricExpr,
  type Plan,
  rowMatches,
  type Schema,
  type SourcePlan,
  type TablePlan,
} from '@journey/engine';
import type { Finding, Severity } from '../project/types.ts';
import { list } from '../text/words.ts';
import { reportUnknownColumn } from './columns.ts';
import { checkCondition, type Typing, typeOf } from './expressions.ts';
import { metricParts, metricsOf, patternsOf } from './patterns.ts';
import { columnName, columnType, findColumn, lastPart, type Report, rowsName, WORD } from './types.ts';

/** @returns what cannot be meant, given what the sample looks like; places may repeat where one text stands for several sources */
export function typeFindings(plan: Plan, schema: Schema): Finding[] {
  const findings: Finding[] = [];
  const report = (finding: Finding) => void findings.push(finding);
  const over = (source: string, event?: string): Typing => ({ schema, rows: { source, event }, report });

  for (const source of plan.sources) checkSource(source, over(source.name));
  for (const table of plan.tables) checkTable(table, schema, report);
  for (const pattern of patternsOf(plan)) {
    for (const match of rowMatches(pattern)) if (match.where) checkCondition(match.where, over(match.source, match.event));
  }
  for (const journey of plan.journeys) {
    if (journey.per) checkPer(journey, journey.per, schema, report);
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
  for (const id of source.ids) typeOf(id.value, typing);
  if (source.where) checkCondition(source.where, typing);
}

function checkTable(table: TablePlan, schema: Schema, report: Report): void {
  const { column } = table.key;
  reportUnknownColumn(findColumn(schema, { source: '' }, { ...column, table: table.name }), column, table.name, report, 'error');
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

type Aggregate = Extract<MetricExpr, { kind: 'aggregate' }>;

function checkAggregate({ fn, event, property: written }: Aggregate, over: (source: string, event?: string) => Typing): void {
  const property = lastPart(written);
  for (const match of rowMatches(event)) {
    const typing = over(match.source, match.event);
    const found = findColumn(typing.schema, typing.rows, property);
    if (found.kind !== 'column') {
      reportUnknownColumn(found, property, rowsName(typing.rows), typing.report);
      continue;
    }
    const type = columnType(found.column);
    if (fn === 'countDistinct' || type === 'number' || type === 'unknown') continue;
    typing.report({
      code: 'not-a-number',
      severity: 'warning',
      message: `\`${fn}\` calculates with numbers; \`${columnName(property)}\` of ${rowsName(typing.rows)} is ${WORD[type]}: ${type === 'mixed' ? 'only its numbers count' : 'there is no value'}`,
      at: property.at,
    });
  }
}
