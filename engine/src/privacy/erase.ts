/** Erasure: whom the requests are of, and what goes with them. Identity is then resolved anew, without those ids and rows. */
import { FATE } from '../identity/fate.ts';
import type { Resolution } from '../identity/resolve.ts';
import { countBelow } from '../store/order.ts';
import type { IdRef } from '../store/people.ts';

/** Requests, those of them that belong to nobody, people, and rows. */
export interface Erased {
  requests: number;
  unmatched: number;
  people: number;
  rows: number;
}

/** What went, and what is to be told of it. */
export interface Erasure {
  /** By position: 1 for rows that don't exist any more. */
  readonly rows: Uint8Array;
  /** Ids that don't count any more, on whatever row and in whatever identity. */
  readonly ids: readonly IdRef[];
  /** By identity. */
  readonly counts: ReadonlyMap<string, Erased>;
  /** By identity: who was one customer before. */
  readonly before: ReadonlyMap<string, Resolution>;
  readonly requests: number;
  /** Requests that belong to nobody in any identity. */
  readonly unmatched: number;
}

/**
 * @param requests positions of the rows that ask for it
 * @param before by identity, of all that journeys use: who is one customer as long as nothing is erased
 */
export function erasureOf(requests: Uint32Array, before: ReadonlyMap<string, Resolution>, count: number): Erasure {
  const rows = new Uint8Array(count);
  const ids = new Map<string, IdRef>();
  const counts = new Map<string, Erased>();
  const matched = new Uint8Array(requests.length);
  for (const [identity, { belongs, clusterOf, graph, rules }] of before) {
    const { nodes, kindOf } = graph;
    const gone = new Uint8Array(nodes.count);
    let people = 0;
    let unmatched = 0;
    for (let i = 0; i < requests.length; i++) {
      const own = belongs[requests[i]];
      if (own < 0) {
        unmatched++;
        continue;
      }
      matched[i] = 1;
      people += gone[clusterOf[own]] ^ 1;
      gone[clusterOf[own]] = 1;
    }
    let taken = 0;
    for (let position = 0; position < count && people > 0; position++) {
      if (belongs[position] < 0 || !gone[clusterOf[belongs[position]]]) continue;
      rows[position] = 1;
      taken++;
    }
    for (let node = 0; node < nodes.count && people > 0; node++) {
      if (clusterOf[node] < 0 || !gone[clusterOf[node]]) continue;
      const id = { kind: rules.kinds[kindOf[node]], value: nodes.text(node) };
      ids.set(`${id.kind}\0${id.value}`, id);
    }
    counts.set(identity, { requests: requests.length, unmatched, people, rows: taken });
  }
  const found = matched.reduce((sum, one) => sum + one, 0);
  return { rows, ids: [...ids.values()], counts, before, requests: requests.length, unmatched: requests.length - found };
}

/** Links that there are only since the erasure: a limit was in their way, or that too many shared one of their ids, or who they shared a row with. */
export function freedLinks(before: Resolution, after: Resolution): { a: IdRef; b: IdRef }[] {
  const { nodes, kindOf, pairs } = after.graph;
  const idOf = (node: number): IdRef => ({ kind: after.rules.kinds[kindOf[node]], value: nodes.text(node) });
  const joins = ({ fate }: Resolution, pair: number): boolean => fate[pair] === FATE.merged || fate[pair] === FATE.together;
  const wasLink = (a: number, b: number): boolean => {
    const [x, y] = [a, b].map(node => before.graph.nodes.find(kindOf[node], nodes.text(node)));
    const from = countBelow(before.graph.pairs.a, x);
    const to = countBelow(before.graph.pairs.a, x + 1, from);
    const pair = countBelow(before.graph.pairs.b, y, from, to);
    return pair < to && before.graph.pairs.b[pair] === y && joins(before, pair);
  };
  const freed = after.order.filter(pair => joins(after, pair) && !wasLink(pairs.a[pair], pairs.b[pair]));
  return Array.from(freed, pair => ({ a: idOf(pairs.a[pair]), b: idOf(pairs.b[pair]) }));
}
