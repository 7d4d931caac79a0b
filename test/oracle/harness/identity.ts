/** Identity alone: rows and rules straight to the product's `resolve`, thousands of graphs a second. */

import { componentsOf } from '../../../engine/src/identity/components.ts';
import { IdGraph } from '../../../engine/src/identity/graph.ts';
import { linkParticipants } from '../../../engine/src/identity/link.ts';
import type { IdColumn, Positions } from '../../../engine/src/identity/nodes.ts';
import { type People, participantsOf } from '../../../engine/src/identity/participants.ts';
import { resolve as productResolve } from '../../../engine/src/identity/resolve.ts';
import { Dictionary } from '../../../engine/src/read/dictionary.ts';
import { holds } from '../conditions.ts';
import type { Graph } from '../generate/definition/identity.ts';
import { type IdRow, kindOf, type Resolution, resolve, valueOfId } from '../identity.ts';
import type { Difference } from './compare.ts';
import { identityPlan } from './plan.ts';

/** All that is told of who is one customer, in words. */
export interface Told {
  /** By row: the canonical id, or why there is none. */
  rows: string[];
  /** By row: the id it belongs to before the canonical one. */
  belongs: (string | null)[];
  /** By row: the ids it speaks for. */
  speaks: string[][];
  clusters: string[];
  quarantined: string[];
  refused: string[];
  ambiguous: string[];
  ignoredBy: { values: number; rows: number }[];
  /** Where an id leads today. */
  today: Record<string, string | null>;
}

/** The oracle, or one with a fault. */
export type Resolver = typeof resolve;

export function oracleTells({ rules, rows, erase }: Graph, resolver: Resolver = resolve): Told {
  const { gone, ids } = erasedFrom({ rules, rows, erase }, resolver);
  const left = rows.filter((_, r) => !gone.has(r));
  return toldOf(rows, gone, left, resolver(rules, left, ids));
}

/** The rows and ids of the person that row `erase` belongs to. */
function erasedFrom({ rules, rows, erase }: Graph, resolver: Resolver): { gone: Set<number>; ids: Set<string> } {
  if (erase === undefined || rows.length === 0) return { gone: new Set(), ids: new Set() };
  const found = resolver(rules, rows);
  const ids = found.clusters.find(cluster => cluster.has(found.rows[erase % rows.length].belongs ?? '')) ?? new Set<string>();
  return { gone: new Set(rows.flatMap((_, r) => (ids.has(found.rows[r].belongs ?? '') ? r : []))), ids };
}

function toldOf(rows: IdRow[], gone: Set<number>, left: IdRow[], found: Resolution): Told {
  const fates = new Map(left.map((row, i) => [row, found.rows[i]]));
  const fateOf = (row: IdRow) => fates.get(row) ?? { is: 'erased', belongs: null, participant: null, speaks: [] };
  const T = rows.at(-1)?.time ?? 0;
  const known = new Set(found.rows.flatMap(({ speaks }) => speaks));
  const labels = new Set(found.rows.flatMap(({ participant }) => participant ?? []));
  const lead = (id: string) => {
    if (!known.has(id)) return null;
    const today = found.participantAt(id, T);
    return today !== null && labels.has(today) ? today : found.rows.filter(row => row.speaks.includes(id)).at(-1)!.participant;
  };
  return {
    rows: rows.map((row, r) => (gone.has(r) ? 'erased' : (fateOf(row).participant ?? fateOf(row).is))),
    belongs: rows.map(row => fateOf(row).belongs),
    speaks: rows.map(row => [...fateOf(row).speaks].sort()),
    clusters: found.clusters.map(cluster => [...cluster].sort().join(', ')).sort(),
    quarantined: [...found.quarantined].sort(),
    refused: found.refused.map(({ a, b }) => `${a} - ${b}`).sort(),
    ambiguous: [...found.ambiguous].sort(),
    ignoredBy: found.ignoredBy,
    today: Object.fromEntries([...new Set(rows.flatMap(({ ids }) => ids))].map(id => [id, lead(id)])),
  };
}

export function productTells(graph: Graph): Told {
  const { rules, rows } = graph;
  const kinds = rules.kinds.map(({ name }) => name);
  const plan = identityPlan(rules);
  const { events, columns } = storeOf(rows, kinds);
  const ids = new IdGraph(events, kinds.length, columns, (rule, dictionary) => {
    const { where } = rules.ignores[plan.ignores.indexOf(rule)];
    return Uint8Array.from(dictionary.texts(), value => (holds(where, { value }) ? 1 : 0));
  });
  const { nodes } = ids;
  const text = (node: number) => `${kinds[nodes.kindOf(node)]} ${nodes.text(node)}`;
  const T = rows.at(-1)?.time ?? null;
  const erased = erasedFrom(graph, resolve);
  const components = componentsOf(ids, plan, {
    rows: Uint8Array.from(rows, (_, r) => (erased.gone.has(r) ? 1 : 0)),
    ids: Uint8Array.from({ length: nodes.count }, (_, node) => (erased.ids.has(text(node)) ? 1 : 0)),
  });
  const found = productResolve(ids, plan, T, components);
  const people = participantsOf(found);
  const clusters = new Map<number, string[]>();
  found.clusterOf.forEach((cluster, node) => {
    if (cluster >= 0) clusters.set(cluster, [...(clusters.get(cluster) ?? []), text(node)]);
  });
  const conflicting = new Set(found.conflicting);
  const isIgnored = (position: number) =>
    ids.ids.subarray(ids.idsFrom[position], ids.idsFrom[position + 1]).every(node => found.ignored[node]);
  const fate = (position: number) => {
    if (erased.gone.has(position)) return 'erased';
    if (found.of[position] >= 0) return people.label(found.of[position]);
    if (found.belongs[position] >= 0) return 'quarantined';
    if (ids.idsFrom[position] === ids.idsFrom[position + 1]) return 'nobody';
    return conflicting.has(position) ? 'conflicting' : isIgnored(position) ? 'ignored' : 'lost';
  };
  return {
    rows: rows.map((_, r) => fate(r)),
    belongs: rows.map((_, r) => (found.belongs[r] < 0 ? null : text(found.belongs[r]))),
    speaks: rows.map((_, r) => people.ids(r).map(text).sort()),
    clusters: [...clusters.values()].map(cluster => cluster.sort().join(', ')).sort(),
    quarantined: [...found.quarantined].flatMap((bit, node) => (bit ? text(node) : [])).sort(),
    refused: found.refused.map(({ pair }) => `${text(ids.pairs.a[pair])} - ${text(ids.pairs.b[pair])}`).sort(),
    ambiguous: [...found.ambiguous].map(text).sort(),
    ignoredBy: found.ignoredBy.map(({ values, rows }) => ({ values, rows })),
    today: todayOf(rows, people),
  };
}

/** What plain linking tells, where no rule says otherwise: by row and by id. */
export function plainlyTold({ rules, rows }: Graph): Pick<Told, 'rows' | 'today'> {
  const kinds = rules.kinds.map(({ name }) => name);
  const { events, columns } = storeOf(rows, kinds);
  const people = linkParticipants(events, kinds, columns);
  return {
    rows: Array.from(people.of, participant => (participant < 0 ? 'nobody' : people.label(participant))),
    today: todayOf(rows, people),
  };
}

function todayOf(rows: IdRow[], people: People): Told['today'] {
  const lead = (id: string) => people.find(kindOf(id), valueOfId(id));
  return Object.fromEntries([...new Set(rows.flatMap(({ ids }) => ids))].map(id => [id, lead(id) < 0 ? null : people.label(lead(id))]));
}

/** Rows as the store has them: one source, as many columns of a kind as a row has ids of it. */
function storeOf(rows: IdRow[], kinds: string[]): { events: Positions; columns: IdColumn[] } {
  const columns = kinds.flatMap((name, kind) => {
    const values = rows.map(({ ids }) => ids.filter(id => kindOf(id) === name).map(valueOfId));
    return Array.from({ length: Math.max(0, ...values.map(own => own.length)) }, (_, i): IdColumn => {
      const dictionary = new Dictionary();
      const codes = Int32Array.from(values, own => (own.length > i ? dictionary.addText(own[i]) : -1));
      return { source: 0, kind, codes, dictionary };
    });
  });
  const time = Float64Array.from(rows, row => row.time);
  const row = Uint32Array.from(rows, (_, r) => r);
  return { events: { count: rows.length, time, source: new Uint16Array(rows.length), row }, columns };
}

/** What the oracle, or a faulty one, tells against what the product does. */
export function graphDifferences(oracle: Told, product: Partial<Told>): Difference[] {
  return Object.entries(product).flatMap(([path, theirs]) => {
    const ours = oracle[path as keyof Told];
    return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [{ path, oracle: ours, product: theirs }];
  });
}

export function isPlain({ kinds, ignores, links, neverLinks, shared, retroactive, splitByTime }: Graph['rules']): boolean {
  const limited = kinds.some(({ unique, max, valid }) => unique || max !== undefined || valid !== undefined);
  return !limited && [...ignores, ...links, ...neverLinks, ...shared].length === 0 && retroactive === undefined && !splitByTime;
}
