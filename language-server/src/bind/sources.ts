import { type SamplePlan, type SourcePlan, type TablePlan, type TimePlan, Zone } from '@journey/engine';
import type * as ast from '@journey/grammar';
import { AstUtils, UriUtils } from 'langium';
import { parseDate } from '../language/literals.ts';
import { bindColumn, bindExpr, fixTo } from './expressions.ts';
import { bindProperty } from './privacy.ts';
import type { Sink } from './sink.ts';
import { isZone, noZone } from './zones.ts';

type Item<T extends ast.SourceItem['$type'] | ast.TableItem['$type']> = Extract<ast.SourceItem | ast.TableItem, { $type: T }>;

function all<T extends ast.SourceItem['$type'] | ast.TableItem['$type']>(node: ast.Source | ast.Table, type: T): Item<T>[] {
  return (node.items as (ast.SourceItem | ast.TableItem)[]).filter((item): item is Item<T> => item.$type === type);
}

function samplesOf(node: ast.Source | ast.Table, sink: Sink): SamplePlan[] {
  const base = UriUtils.dirname(AstUtils.getDocument(node).uri).toString();
  const samples = all(node, 'Sample');
  if (samples.length === 0) sink.missing();
  return samples.map(sample => {
    if (!sample.path) sink.missing();
    return { pattern: sample.path ?? '', base, at: sink.at(sample) };
  });
}

const named = (node: { name?: string } & ast.Element, sink: Sink) => ({
  name: node.name ?? '',
  at: sink.at(node),
  nameAt: sink.at(node, 'name'),
});

export function bindSource(node: ast.Source, sink: Sink): SourcePlan {
  const [event] = all(node, 'EventName');
  const [unique] = all(node, 'Unique');
  const [where] = all(node, 'Where');
  if (!node.name || !event) sink.missing();
  const at = event ? sink.at(event) : sink.at(node);
  return {
    ...named(node, sink),
    samples: samplesOf(node, sink),
    warehouse: all(node, 'Warehouse')[0]?.table,
    passive: all(node, 'Passive').length > 0,
    time: bindTime(node, all(node, 'Time')[0], sink),
    event:
      event?.constant === undefined
        ? { kind: 'column', column: bindColumn(event?.column, node, sink), at }
        : { kind: 'constant', name: event.constant, at },
    unique: unique && { columns: unique.columns.map(column => bindColumn(column, node, sink)), at: sink.at(unique) },
    ids: all(node, 'SourceId').map(id => {
      if (!id.kind?.ref) sink.missing();
      return { kind: id.kind?.$refText ?? '', value: bindExpr(id.value, node, sink), at: sink.at(id) };
    }),
    joins: all(node, 'Join').map(join => {
      if (!join.table?.ref || sink.isBroken(join.table.ref)) sink.missing();
      return { table: join.table?.$refText ?? '', on: bindColumn(join.column, node, sink), at: sink.at(join) };
    }),
    properties: all(node, 'Property').map(property => bindProperty(property, sink)),
    where: where && bindExpr(where.condition, node, sink),
  };
}

function bindTime(source: ast.Source, node: ast.Time | undefined, sink: Sink): TimePlan {
  if (!node) sink.missing();
  const time: TimePlan = {
    column: bindColumn(node?.column, source, sink),
    at: sink.at(node ?? source),
    zone: node?.zone,
    atEndOfDay: node?.endOfDay ?? false,
  };
  const known = node?.zone === undefined || isZone(node.zone);
  if (node?.zone !== undefined && !known) sink.report(noZone(node, node.zone));
  if (node?.until !== undefined) {
    // A day of the source: as its rows' times, in its zone.
    const until = parseDate(node.until, new Zone(known ? node.zone : undefined));
    if (until.ok) time.until = until.last;
    else sink.report({ code: 'bad-date', message: until.message, node, property: 'until', fix: fixTo(until.fix) });
  }
  return time;
}

export function bindTable(node: ast.Table, sink: Sink): TablePlan {
  const [key] = all(node, 'Key');
  if (!node.name || !key || (key.kind && !key.kind.ref)) sink.missing();
  return {
    ...named(node, sink),
    samples: samplesOf(node, sink),
    warehouse: all(node, 'Warehouse')[0]?.table,
    key: { column: bindColumn(key?.column, undefined, sink), idKind: key?.kind?.$refText, at: sink.at(key ?? node) },
    properties: all(node, 'Property').map(property => bindProperty(property, sink)),
  };
}
