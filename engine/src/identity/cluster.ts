import type { Graph } from './graph.ts';
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
  /** By node: one of its cluster, the same for all of it. */
  roots: Int32Array;
  /** Pairs that made one cluster of two, in order. */
  merges: Int32Array;
  refused: Refusal[];
}

const NEVER = -1;
const FINE = -2;

/** Links pair after pair, but for those that would put too many ids of a kind, or two that are never linked, into one cluster. */
export function cluster(graph: Graph, rules: Rules, order: LinkOrder, never: readonly (readonly [number, number])[]): Clusters {
  const { nodes } = graph;
  const { a, b, classOf, pairs } = order;
  const limited = rules.kinds.map((_, kind) => kind).filter(kind => Number.isFinite(rules.most[kind]));
  const most = limited.map(kind => rules.most[kind]);
  // A node's parent, and for a root its cluster's size and how many ids of each limited kind it has: side by side, as they are read.
  const width = 2 + limited.length;
  const state = new Int32Array(nodes.count * width);
  for (let node = 0, at = 0; node < nodes.count; node++, at += width) {
    state[at] = at;
    state[at + 1] = 1;
  }
  limited.forEach((kind, i) => {
    for (let node = nodes.starts[kind]; node < nodes.starts[kind + 1]; node++) state[node * width + 2 + i] = 1;
  });
  const rootAt = (at: number): number => {
    while (state[at] !== at) {
      state[at] = state[state[at]];
      at = state[at];
    }
    return at;
  };
  // By root: what ids of its cluster must not be with.
  const foes = new Map<number, number[]>();
  for (const [x, y] of never) {
    foes.set(x * width, [...(foes.get(x * width) ?? []), y * width]);
    foes.set(y * width, [...(foes.get(y * width) ?? []), x * width]);
  }

  /** What stands in the way of making two clusters one. */
  const obstacle = (x: number, y: number): number => {
    for (let i = 0; i < most.length; i++) {
      const ofX = state[x + 2 + i];
      const ofY = state[y + 2 + i];
      if (ofX > 0 && ofY > 0 && ofX + ofY > most[i]) return limited[i];
    }
    if (foes.size === 0) return FINE;
    const [ofX, ofY] = [foes.get(x), foes.get(y)];
    if (!ofX || !ofY) return FINE;
    const [few, other] = ofX.length < ofY.length ? [ofX, y] : [ofY, x];
    return few.some(foe => rootAt(foe) === other) ? NEVER : FINE;
  };
  const unite = (x: number, y: number): void => {
    const large = state[x + 1] < state[y + 1] ? y : x;
    const small = large === x ? y : x;
    state[small] = large;
    for (let i = 1; i < width; i++) state[large + i] += state[small + i];
    if (foes.size > 0) together(foes, large, small);
  };

  const merges = new Int32Array(pairs.length);
  const refused: Refusal[] = [];
  // By place in a class of links that only kind and value tell apart: whether it could have been made before all of them.
  let possible = new Uint8Array(0);
  let merged = 0;
  for (let i = 0; i < pairs.length; ) {
    let end = i + 1;
    while (end < pairs.length && classOf[end] === classOf[i]) end++;
    if (end - i > 1) {
      if (possible.length < end - i) possible = new Uint8Array((end - i) * 2);
      for (let k = i; k < end; k++) {
        const x = rootAt(a[k] * width);
        const y = rootAt(b[k] * width);
        possible[k - i] = x === y || obstacle(x, y) === FINE ? 1 : 0;
      }
    }
    for (let k = i; k < end; k++) {
      const x = rootAt(a[k] * width);
      const y = rootAt(b[k] * width);
      if (x === y) continue;
      const limit = obstacle(x, y);
      if (limit === FINE) {
        unite(x, y);
        merges[merged++] = pairs[k];
      } else refused.push({ pair: pairs[k], limit, undecided: end - i > 1 && possible[k - i] === 1 });
    }
    i = end;
  }
  const roots = new Int32Array(nodes.count);
  for (let node = 0; node < nodes.count; node++) roots[node] = rootAt(node * width) / width;
  checkLimits(graph, rules, roots, never);
  return { roots, merges: merges.slice(0, merged), refused };
}

/** What neither of two clusters may be with, the shorter list put to the longer. */
function together(foes: Map<number, number[]>, large: number, small: number): void {
  const more = foes.get(small);
  if (!more) return;
  const all = foes.get(large) ?? [];
  foes.delete(small);
  const [long, short] = all.length < more.length ? [more, all] : [all, more];
  for (const foe of short) long.push(foe);
  foes.set(large, long);
}

/** @throws Error where a cluster has more ids of a kind than it may, or two that are never linked: a fault of ours */
function checkLimits({ nodes }: Graph, rules: Rules, roots: Int32Array, never: readonly (readonly [number, number])[]): void {
  rules.most.forEach((most, kind) => {
    if (!Number.isFinite(most)) return;
    const held = new Int32Array(nodes.count);
    for (let node = nodes.starts[kind]; node < nodes.starts[kind + 1]; node++) {
      const cluster = roots[node];
      if (++held[cluster] > Math.max(most, 1))
        throw new Error(`a cluster has ${held[cluster]} ids of kind ${rules.kinds[kind]}, not ${most}`);
    }
  });
  for (const [a, b] of never) if (a !== b && roots[a] === roots[b]) throw new Error('two ids that are never linked are in one cluster');
}
