/** For tests: rows and rules in few words. */
import { type At, type Expr, type IdentityPlan, type IdKindPlan, type IgnorePlan, PLAIN_LINKING } from '../plan.ts';
import { Dictionary } from '../read/dictionary.ts';
import { componentsOf, type Erased } from './components.ts';
import { IdGraph, type Ignores } from './graph.ts';
import type { IdColumn, Positions } from './nodes.ts';
import { type Resolution, resolve } from './resolve.ts';

export const at: At = { uri: 'a.journey', start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

/** An id, `kind value`. */
export type Id = string;
export interface Row {
  time: number;
  ids: Id[];
}

/**
 * Rows in order of time: `user:tom-tab@3; tab@4`. An id of no named kind is of the first whose pattern it meets; a row without a time
 * stands one after the row before it.
 */
export function rowsOf(text: string, kinds: Record<string, RegExp>): Row[] {
  let time = 0;
  return text.split(';').map(row => {
    const [, ids, instant] = /^\s*(.*?)(?: ?@(\d+))?\s*$/.exec(row)!;
    time = instant === undefined ? time + 1 : Number(instant);
    return {
      time,
      ids: ids.split('-').map(id => {
        const kind = Object.keys(kinds).find(one => kinds[one].test(id));
        if (!kind) throw new Error(`${id} is of no kind`);
        return `${kind} ${id}`;
      }),
    };
  });
}

export type Rules = Partial<Omit<IdentityPlan, 'kinds' | 'ignores'>> & {
  kinds: Record<string, { unique?: boolean; max?: number; valid?: number }>;
  /** By kinds, the values. */
  ignores?: { kinds: string[]; values: string[] }[];
};

export function identityOf({ kinds, ignores = [], ...rest }: Rules): IdentityPlan {
  return {
    name: 'customer',
    at,
    nameAt: at,
    kinds: Object.entries(kinds).map(
      ([name, { unique, max, valid }]): IdKindPlan => ({
        name,
        at,
        ...(unique ? { unique: { at } } : {}),
        ...(max === undefined ? {} : { max: { count: max, at } }),
        ...(valid === undefined ? {} : { valid: { within: valid, at } }),
      }),
    ),
    ...PLAIN_LINKING,
    ignores: ignores.map(({ kinds, values }): IgnorePlan => ({ at, text: '', kinds, where: anyOf(values) })),
    ...rest,
  };
}

const anyOf = (values: string[]): Expr => ({
  kind: 'in',
  negated: false,
  operand: { kind: 'column', column: { path: ['value'], at }, at },
  values: values.map(value => ({ kind: 'literal', value, at })),
  at,
});

/** The values a rule made by `identityOf` names; what the store asks of SQL. */
const ignores: Ignores = ({ where }, dictionary) => {
  const values = where.kind === 'in' ? where.values.map(part => (part.kind === 'literal' ? String(part.value) : '')) : [];
  return Uint8Array.from(dictionary.texts(), text => (values.includes(text) ? 1 : 0));
};

/** Rows as the store has them: in order of time, one source, as many columns a kind as a row has ids of it. */
export function eventsOf(rows: Row[], kinds: string[]): { events: Positions; columns: IdColumn[]; order: number[] } {
  const order = rows.map((_, i) => i).sort((a, b) => rows[a].time - rows[b].time || a - b);
  const columns = kinds.flatMap((name, kind): IdColumn[] => {
    const values = rows.map(({ ids }) => ids.filter(id => id.startsWith(`${name} `)).map(id => id.slice(name.length + 1)));
    const most = Math.max(0, ...values.map(own => own.length));
    return Array.from({ length: most }, (_, i) => {
      const dictionary = new Dictionary();
      const codes = Int32Array.from(values, own => (own.length > i ? dictionary.addText(own[i]) : -1));
      return { source: 0, kind, codes, dictionary };
    });
  });
  const time = Float64Array.from(order, i => rows[i].time);
  return { events: { count: rows.length, time, source: new Uint16Array(rows.length), row: Uint32Array.from(order) }, columns, order };
}

export function graphOf(rows: Row[], kinds: string[]): IdGraph {
  const { events, columns } = eventsOf(rows, kinds);
  return new IdGraph(events, kinds.length, columns, ignores);
}

export function resolved(
  rows: Row[],
  rules: Rules,
  { asOf = null as number | null, erased }: { asOf?: number | null; erased?: Erased } = {},
): Resolution {
  const graph = graphOf(rows, Object.keys(rules.kinds));
  const identity = identityOf(rules);
  return resolve(graph, identity, asOf, componentsOf(graph, identity, erased));
}

/** The clusters, as `{Sum,111} {Tom}`: the largest first, then by text. Ids within one as they are numbered. */
export function clustersOf({ clusterOf, graph }: Resolution): string {
  const clusters = new Map<number, string[]>();
  clusterOf.forEach((cluster, node) => {
    if (cluster >= 0) clusters.set(cluster, [...(clusters.get(cluster) ?? []), graph.nodes.text(node)]);
  });
  return [...clusters.values()]
    .sort((a, b) => b.length - a.length || (a[0] < b[0] ? -1 : 1))
    .map(ids => `{${ids.join(',')}}`)
    .join(' ');
}

/** By row in order of time: the value of the canonical id, or `-`. */
export function customersOf({ of, participants, graph }: Resolution): string {
  return Array.from(of, participant => (participant < 0 ? '-' : graph.nodes.text(participants[participant]))).join(' ');
}
