/** How far the cells of a file can be believed, where personal data may have slipped out of its column. */
import type { Plan, PropertyPlan } from '../plan.ts';
import type { Relation } from '../read/relation.ts';
import { type Uses, usesOf } from '../store/uses.ts';
import { piiOf } from './pii.ts';

export interface Trust {
  /** False where the first line may hold values instead of names. */
  names: boolean;
  /** False where values may stand in the wrong column. */
  cells: boolean;
}
export interface Trusts {
  sources: Record<string, Trust>;
  tables: Record<string, Trust>;
}

/** Without a line of names above them, values of the first row stand for names; in a row of another length, for those of others. */
export function trustIn({ faults }: Relation): Trust {
  return { names: !faults.some(({ code }) => code.startsWith('csv-header-')), cells: !faults.some(({ code }) => shifts(code)) };
}

/** Whether after such a fault values may stand in the wrong column. */
export const shifts = (code: string): boolean => code === 'csv-ragged' || code === 'csv-quote' || code.startsWith('csv-header-');

/** What stands for the category of a value that may be one of another column. */
const SHIFTED = 'may be shifted';

const made = new WeakMap<Plan, { key: string; plan: Plan }>();

/**
 * The plan as its data may be told: where cells of a source or table with personal data may stand in the wrong column, all that is
 * read of it is personal. Which rows those are wouldn't do: a value names a group, a customer or an order, wherever it came from.
 */
export function asTrusted(plan: Plan, { sources, tables }: Trusts): Plan {
  const pii = piiOf(plan);
  const doubtful = (trust: Trust | undefined, personal: boolean) => personal && trust?.cells === false;
  const ofSources = plan.sources.filter(({ name }) => doubtful(sources[name], pii.inSource(name)));
  const ofTables = plan.tables.filter(({ name }) => doubtful(tables[name], pii.inTable(name)));
  if (ofSources.length + ofTables.length === 0) return plan;
  const key = JSON.stringify([...ofSources, ...ofTables].map(({ name }) => name));
  const before = made.get(plan);
  if (before?.key === key) return before.plan;

  const uses = usesOf(plan);
  const all = <T extends Plan['sources' | 'tables'][number]>(one: T, wants: Uses['sources']): T => {
    const isKnown = (name: string) => one.properties.some(({ column, pii: own }) => own && column.path.join('.') === name);
    const read = [...wants.get(one.name)!.values()].filter(({ name }) => !isKnown(name));
    const properties = read.map(
      ({ name, at }): PropertyPlan => ({ column: { path: name.split('.'), at }, at, pii: { category: SHIFTED, at } }),
    );
    return { ...one, properties: [...one.properties, ...properties] };
  };
  const trusted: Plan = {
    ...plan,
    sources: plan.sources.map(source => (ofSources.includes(source) ? all(source, uses.sources) : source)),
    tables: plan.tables.map(table => (ofTables.includes(table) ? all(table, uses.tables) : table)),
  };
  made.set(plan, { key, plan: trusted });
  return trusted;
}
