import type { Identity, Source, SourceItem, Table, TableItem } from '@journey/grammar';
import { Sink, textOf } from '../bind/sink.ts';
import { bindSource, bindTable } from '../bind/sources.ts';
import { list } from '../text/words.ts';
import type { Check } from './check.ts';

const EXAMPLES: Partial<Record<SourceItem['$type'] | TableItem['$type'], string>> = {
  Sample: '`sample "data/*.csv"`',
  Time: '`time created_at`',
  EventName: '`event type`, or `event "order_placed"` where every row is that event',
  Key: '`key item_id`',
};

function lacking(node: Source | Table, needed: (keyof typeof EXAMPLES)[]): string[] {
  const types = new Set<string>(node.items.map(item => item.$type));
  return needed.filter(type => !types.has(type)).map(type => EXAMPLES[type]!);
}

export const incompleteSource: Check<Source> = (source, report) => {
  const missing = lacking(source, ['Sample', 'Time', 'EventName']);
  if (missing.length > 0 && source.name) {
    report({ code: 'incomplete', message: `Source \`${source.name}\` lacks ${list(missing)}`, node: source, property: 'name' });
  }
};

export const incompleteTable: Check<Table> = (table, report) => {
  const missing = lacking(table, ['Sample', 'Key']);
  if (missing.length > 0 && table.name) {
    report({ code: 'incomplete', message: `Table \`${table.name}\` lacks ${list(missing)}`, node: table, property: 'name' });
  }
};

export const incompleteIdentity: Check<Identity> = (identity, report) => {
  if (identity.kinds.length > 0 || !identity.name) return;
  const message = `Identity \`${identity.name}\` has no id: list the kinds of id that make it up, strongest first, such as \`id user\``;
  report({ code: 'incomplete', message, node: identity, property: 'name' });
};

/** What may stand only once, and what people call it. */
const ONCE: Partial<Record<string, string>> = {
  Time: 'time',
  EventName: 'event',
  Unique: 'unique',
  Where: 'where',
  Passive: 'passive',
  Warehouse: 'table',
  Key: 'key',
};

const repeated = (node: Source | Table, report: Parameters<Check>[1]) => {
  const seen = new Map<string, SourceItem | TableItem>();
  for (const item of node.items) {
    const word =
      item.$type === 'Join'
        ? `join ${item.table?.$refText}`
        : item.$type === 'Property' && item.column
          ? `property ${textOf(item.column)}`
          : ONCE[item.$type];
    if (!word) continue;
    const other = seen.get(word);
    if (!other) seen.set(word, item);
    else
      report({
        code: 'duplicate-rule',
        message: `\`${word}\` stands here twice: only one of them can hold`,
        node: item,
        related: [{ message: 'The first one', node: other }],
      });
  }
};

export const badSource: Check<Source> = (source, report) => {
  repeated(source, report);
  const sink = new Sink();
  bindSource(source, sink);
  sink.problems.forEach(report);
};

export const badTable: Check<Table> = (table, report) => {
  repeated(table, report);
  const sink = new Sink();
  bindTable(table, sink);
  sink.problems.forEach(report);
};
