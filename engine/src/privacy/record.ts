/** The record of processing: what a definition reads of whom, by which rules and what for. Made of the plan alone; no data is needed, and no value told. */
import type { At, Millis, Plan } from '../plan.ts';
import { nameOf } from '../store/expr.ts';
import { type Pii, piiOf } from './pii.ts';
import { type Read, type Reader, readsOf } from './reads.ts';

export interface ProcessingRecord {
  version: 1;
  /** None: nothing is said of what anything is read for. */
  purposes: { name: string; doc?: string; at: At /** Every journey, where none is named. */; journeys: string[] }[];
  /** As written; absent: everybody's events count. */
  consent?: { text: string; at: At };
  /** As written; absent: nobody is ever erased. */
  erase?: { text: string; at: At };
  /** Numbers about fewer people are withheld; absent: none is. */
  suppressBelow?: { count: number; at: At };
  /** Older rows don't exist; absent: all of them do. */
  retain?: { within: Millis; at: At };
  /** In order of declaration, sources before tables. */
  data: DataRecord[];
  identities: IdentityRecord[];
  /** Journeys that read personal data without any purpose. */
  uncovered: { journey: string; at: At; columns: string[]; categories: string[] }[];
}

export interface DataRecord {
  kind: 'source' | 'table';
  name: string;
  at: At;
  doc?: string;
  /** As written. */
  samples: string[];
  warehouse?: string;
  /** What is read, in order of first use: structure, rules, privacy. */
  columns: ColumnRecord[];
  /** Declared, and read by nothing. */
  unused: { column: string; pii: string | null; at: At; doc?: string }[];
}

export interface ColumnRecord {
  /** Dotted. */
  column: string;
  /** The category; null where it isn't personal, as far as anything says. */
  pii: string | null;
  doc?: string;
  /** The kinds of id that are taken from it. */
  ids: string[];
  /** Each once, in order. */
  readers: Reader[];
  /** The journeys it serves, and what those that have one are for. */
  journeys: string[];
  purposes: string[];
}

export interface IdentityRecord {
  name: string;
  at: At;
  journeys: string[];
  /** Strongest first. */
  kinds: {
    name: string;
    at: At;
    pii: string | null;
    /** Where its values are from: `web.user_id`. */
    from: string[];
    unique: boolean;
    max?: number;
    /** How long after it was last seen a link holds; absent: for ever. */
    valid?: Millis;
  }[];
  /** How far back a link reaches; absent: without limit; 0: not at all. */
  retroactive?: Millis;
}

/** Deterministic: one plan, one record. */
export function recordOf(plan: Plan): ProcessingRecord {
  const pii = piiOf(plan);
  const reads = readsOf(plan);
  const { privacy } = plan;
  const everyJourney = plan.journeys.map(({ name }) => name);
  const purposes = (privacy?.purposes ?? []).map(({ name, doc, at, journeys }) => ({
    name,
    ...(doc === undefined ? {} : { doc }),
    at,
    journeys: journeys.length === 0 ? everyJourney : everyJourney.filter(journey => journeys.includes(journey)),
  }));
  const purposesOf = (journeys: readonly string[]) =>
    purposes.filter(purpose => purpose.journeys.some(journey => journeys.includes(journey))).map(({ name }) => name);

  const dataOf = (
    kind: 'source' | 'table',
    { name, at, doc, samples, warehouse, properties }: Plan['sources' | 'tables'][number],
  ): DataRecord => {
    const own = reads.filter(({ place }) => place.kind === kind && place.name === name);
    const columns = [...new Set(own.map(({ column }) => column))];
    const declared = new Map(properties.map(property => [nameOf(property.column), property]));
    return {
      kind,
      name,
      at,
      ...(doc === undefined ? {} : { doc }),
      samples: samples.map(({ pattern }) => pattern),
      ...(warehouse === undefined ? {} : { warehouse }),
      columns: columns.map(column => {
        const of = own.filter(read => read.column === column);
        const journeys = everyJourney.filter(journey => of.some(read => read.journeys.includes(journey)));
        const said = declared.get(column)?.doc;
        return {
          column,
          pii: categoryOf(pii, kind, name, column),
          ...(said === undefined ? {} : { doc: said }),
          ids: of.flatMap(({ by }) => (by.kind === 'structure' && by.name.startsWith('id ') ? [by.name.slice(3)] : [])),
          readers: distinct(of.map(({ by }) => by)),
          journeys,
          purposes: purposesOf(journeys),
        };
      }),
      unused: properties
        .filter(property => !columns.includes(nameOf(property.column)))
        .map(property => ({
          column: nameOf(property.column),
          pii: property.pii?.category ?? null,
          at: property.at,
          ...(property.doc === undefined ? {} : { doc: property.doc }),
        })),
    };
  };

  return {
    version: 1,
    purposes,
    ...(privacy?.consent ? { consent: { text: privacy.consent.text, at: privacy.consent.at } } : {}),
    ...(privacy?.erase ? { erase: { text: privacy.erase.text, at: privacy.erase.at } } : {}),
    ...(privacy?.suppressBelow ? { suppressBelow: privacy.suppressBelow } : {}),
    ...(privacy?.retain ? { retain: privacy.retain } : {}),
    data: [...plan.sources.map(source => dataOf('source', source)), ...plan.tables.map(table => dataOf('table', table))],
    identities: plan.identities.map(identity => ({
      name: identity.name,
      at: identity.at,
      journeys: plan.journeys.filter(journey => journey.identity === identity.name).map(({ name }) => name),
      kinds: identity.kinds.map(kind => ({
        name: kind.name,
        at: kind.at,
        pii: pii.ofKind(kind.name) ?? null,
        from: [
          ...new Set(
            reads
              .filter(({ by }) => by.kind === 'structure' && by.name === `id ${kind.name}`)
              .map(({ place, column }) => `${place.name}.${column}`),
          ),
        ],
        unique: kind.unique !== undefined,
        ...(kind.max ? { max: kind.max.count } : {}),
        ...(kind.valid ? { valid: kind.valid.within } : {}),
      })),
      ...(identity.retroactive.within === undefined ? {} : { retroactive: identity.retroactive.within }),
    })),
    uncovered: uncovered(plan, reads),
  };
}

/** The journeys that read personal data, and that no purpose speaks of. */
export function uncovered(plan: Plan, reads: readonly Read[]): ProcessingRecord['uncovered'] {
  const pii = piiOf(plan);
  const personal = reads.flatMap(read => {
    const category = categoryOf(pii, read.place.kind, read.place.name, read.column);
    return category === null ? [] : [{ read, category }];
  });
  return plan.journeys.flatMap(journey => {
    const covered = plan.privacy?.purposes.some(({ journeys }) => journeys.length === 0 || journeys.includes(journey.name));
    const own = covered ? [] : personal.filter(({ read }) => read.journeys.includes(journey.name));
    if (own.length === 0) return [];
    const columns = [...new Set(own.map(({ read }) => `${read.place.name}.${read.column}`))].sort();
    return [{ journey: journey.name, at: journey.nameAt, columns, categories: [...new Set(own.map(({ category }) => category))].sort() }];
  });
}

export const categoryOf = (pii: Pii, kind: 'source' | 'table', name: string, column: string): string | null =>
  (kind === 'source' ? pii.ofSourceColumn(name, column) : pii.ofTableColumn(name, column)) ?? null;

function distinct(readers: readonly Reader[]): Reader[] {
  return [...new Map(readers.map(reader => [`${reader.name}\0${reader.at.uri}\0${reader.at.start.line}`, reader])).values()];
}
