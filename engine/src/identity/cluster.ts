import type { IdGraph } from './graph.ts';
import type { LinkOrder, Rules } from './rules.ts';

/** A link that would have broken a limit. */
export interface Refusal {
  pair: number;
  /** The kind whose limit it would have broken, the strongest of them; -1: a `never link`. */
  limit: number;
  /** Only kind and value put it after the links that stood in its way. */
  undecided: boolean;
}

export interface Clusters {
  /** A node of the cluster that stands for it: the same for all of it. */
  root(node: number): number;
  /** Pairs that made one cluster of two, in order. */
  merges: Int32Array;
  refused: Refusal[];
}

const NEVER = -1;
const FINE = -2;

/** Links pair after pair, but for those that would put too many ids of a kind, or two that are never linked, into one cluster. */
export function cluster(graph: IdGraph, rules: Rules, order: LinkOrder, never: readonly (readonly [number, number])[]): Clusters {
  const { nodes, pairs } = graph;
  const parent = new Int32Array(nodes.count);
  const size = new Int32Array(nodes.count).fill(1);
  for (let node = 0; node < parent.length; node++) parent[node] = node;
  const root = (node: number): number => {
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]];
      node = parent[node];
    }
    return node;
  };

  const limited = rules.kinds.map((_, kind) => kind).filter(kind => Number.isFinite(rules.most[kind]));
  const most = limited.map(kind => rules.most[kind]);
  // By root: how many ids of each limited kind its cluster has.
  const held = limited.map(kind => new Int32Array(nodes.count).fill(1, nodes.starts[kind], nodes.starts[kind + 1]));
  // By root: what ids of its cluster must not be with.
  const foes = new Map<number, number[]>();
  for (const [a, b] of never) {
    foes.set(a, [...(foes.get(a) ?? []), b]);
    foes.set(b, [...(foes.get(b) ?? []), a]);
  }

  /** What stands in the way of making two clusters one. */
  const obstacle = (x: number, y: number): number => {
    for (let i = 0; i < limited.length; i++) if (held[i][x] + held[i][y] > most[i] && held[i][x] > 0 && held[i][y] > 0) return limited[i];
    if (foes.size === 0) return FINE;
    const [ofX, ofY] = [foes.get(x), foes.get(y)];
    if (!ofX || !ofY) return FINE;
    const [few, other] = ofX.length < ofY.length ? [ofX, y] : [ofY, x];
    return few.some(foe => root(foe) === other) ? NEVER : FINE;
  };
  const unite = (x: number, y: number): void => {
    const [large, small] = size[x] < size[y] ? [y, x] : [x, y];
    parent[small] = large;
    size[large] += size[small];
    for (const counts of held) counts[large] += counts[small];
    const more = foes.get(small);
    if (!more) return;
    const all = foes.get(large);
    foes.delete(small);
    if (!all) foes.set(large, more);
    else if (all.length >= more.length) for (const foe of more) all.push(foe);
    else {
      for (const foe of all) more.push(foe);
      foes.set(large, more);
    }
  };

  const merges = new Int32Array(order.pairs.length);
  const refused: Refusal[] = [];
  // By place in a class of links that only kind and value tell apart: whether it could have been made before all of them.
  let possible = new Uint8Array(0);
  let merged = 0;
  for (let i = 0; i < order.pairs.length; ) {
    let end = i + 1;
    while (end < order.pairs.length && !order.begins[end]) end++;
    if (end - i > 1) {
      if (possible.length < end - i) possible = new Uint8Array((end - i) * 2);
      for (let k = i; k < end; k++) {
        const pair = order.pairs[k];
        const [x, y] = [root(pairs.a[pair]), root(pairs.b[pair])];
        possible[k - i] = x === y || obstacle(x, y) === FINE ? 1 : 0;
      }
    }
    for (let k = i; k < end; k++) {
      const pair = order.pairs[k];
      const x = root(pairs.a[pair]);
      const y = root(pairs.b[pair]);
      if (x === y) continue;
      const limit = obstacle(x, y);
      if (limit === FINE) {
        unite(x, y);
        merges[merged++] = pair;
      } else refused.push({ pair, limit, undecided: end - i > 1 && possible[k - i] === 1 });
    }
    i = end;
  }
  checkLimits(graph, rules, root, never);
  return { root, merges: merges.slice(0, merged), refused };
}

/** @throws Error where a cluster has more ids of a kind than it may, or two that are never linked: a fault of ours */
function checkLimits(
  { nodes }: IdGraph,
  rules: Rules,
  root: (node: number) => number,
  never: readonly (readonly [number, number])[],
): void {
  rules.most.forEach((most, kind) => {
    if (!Number.isFinite(most)) return;
    const held = new Int32Array(nodes.count);
    for (let node = nodes.starts[kind]; node < nodes.starts[kind + 1]; node++) {
      const cluster = root(node);
      if (++held[cluster] > Math.max(most, 1))
        throw new Error(`a cluster has ${held[cluster]} ids of kind ${rules.kinds[kind]}, not ${most}`);
    }
  });
  for (const [a, b] of never) if (a !== b && root(a) === root(b)) throw new Error('two ids that are never linked are in one cluster');
}
