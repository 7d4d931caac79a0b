/** What a view may know of the columns and names in the data. */
import type { Plan } from './plan.ts';
import { eventsSaid } from './privacy/pii.ts';
import { tellableSchema } from './privacy/schema.ts';
import { type Trusts, trustIn } from './privacy/trust.ts';
import type { Loaded } from './problems.ts';
import type { Schema } from './result.ts';
import type { SourceEvents } from './store/source.ts';

/** By name, what each source and table was read from. */
export interface AllLoaded {
  sources: Map<string, Loaded>;
  tables: Map<string, Loaded>;
}

/**
 * What the sample looks like, as far as it may be told.
 *
 * @param stored the plan's sources as they are, and `recorded` as they were before anything was erased or grew too old
 */
export function schemaOf(plan: Plan, loaded: AllLoaded, stored: readonly SourceEvents[], recorded: readonly SourceEvents[]): Schema {
  const schema: Schema = { sources: {}, tables: {} };
  plan.sources.forEach((source, i) => {
    const { relation } = loaded.sources.get(source.name)!;
    const events = stored[i].eventCounts();
    const gone = stored[i] === recorded[i] ? [] : goneFrom(events, recorded[i].eventCounts(), plan);
    schema.sources[source.name] = { columns: relation.schema(), events, ...(gone.length > 0 && { gone }) };
  });
  for (const table of plan.tables) {
    const { relation } = loaded.tables.get(table.name)!;
    schema.tables[table.name] = { columns: relation.schema(), rows: relation.rows };
  }
  return tellableSchema(schema, plan, trustsIn(plan, loaded));
}

export function trustsIn({ sources, tables }: Plan, loaded: AllLoaded): Trusts {
  const of = (names: { name: string }[], read: Map<string, Loaded>) =>
    Object.fromEntries(names.map(({ name }) => [name, trustIn(read.get(name)!.relation)]));
  return { sources: of(sources, loaded.sources), tables: of(tables, loaded.tables) };
}

/** Only names that the definition says itself: those of people who are gone are nobody's to read. */
const goneFrom = (events: Record<string, number>, before: Record<string, number>, plan: Plan): string[] =>
  [...eventsSaid(plan)].filter(name => Object.hasOwn(before, name) && !Object.hasOwn(events, name));
