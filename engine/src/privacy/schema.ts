/** What the sample looks like, without what is personal data in it. */
import type { Plan } from '../plan.ts';
import type { ColumnSchema, Schema } from '../result.ts';
import { usesOf } from '../store/uses.ts';
import { piiOf } from './pii.ts';
import type { Trust, Trusts } from './trust.ts';

/**
 * @param trusts of files with faults; what isn't named is sound. Where personal data may have slipped into another column, or among
 * the names, none of it is shown.
 */
export function tellableSchema(schema: Schema, plan: Plan, trusts: Trusts = { sources: {}, tables: {} }): Schema {
  const pii = piiOf(plan);
  if (pii.none) return schema;
  const uses = usesOf(plan);
  const columns = (all: Record<string, ColumnSchema>, isPersonal: (name: string) => boolean, read: ReadonlySet<string>, trust?: Trust) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([name]) => (trust?.names ?? true) || read.has(name))
        .map(([name, column]) => [name, isPersonal(name) || trust?.cells === false ? { ...column, examples: [] } : column]),
    );
  const names = (wants: ReadonlyMap<string, { name: string }> | undefined) => new Set([...(wants?.values() ?? [])].map(({ name }) => name));
  const trusted = (trust: Trust | undefined, personal: boolean) => (personal ? trust : undefined);
  return {
    sources: Object.fromEntries(
      Object.entries(schema.sources).map(([source, { columns: all, events, ...rest }]) => {
        const trust = trusted(trusts.sources[source], pii.inSource(source));
        return [
          source,
          {
            columns: columns(all, name => pii.ofSourceColumn(source, name) !== undefined, names(uses.sources.get(source)), trust),
            ...rest,
            events: Object.fromEntries(Object.entries(events).filter(([name]) => pii.eventIsTold(source, name, trust?.cells === false))),
          },
        ];
      }),
    ),
    tables: Object.fromEntries(
      Object.entries(schema.tables).map(([table, { columns: all, rows }]) => {
        const trust = trusted(trusts.tables[table], pii.inTable(table));
        return [
          table,
          { columns: columns(all, name => pii.ofTableColumn(table, name) !== undefined, names(uses.tables.get(table)), trust), rows },
        ];
      }),
    ),
  };
}
