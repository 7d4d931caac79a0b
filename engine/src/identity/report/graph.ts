/**
 * What a customer's links hang on. Everything here is linear in the links, and nothing recurs: a customer may have 50,000 ids,
 * one after the other.
 */

/** The links at each node: those of node n are from `start[n]` up to `start[n + 1]`. */
export interface Adjacency {
  start: Int32Array;
  /** The node at the other end, and the link's number. */
  to: Int32Array;
  link: Int32Array;
}

/** @param kept 1 for each link that counts */
export function adjacency(nodes: number, a: Int32Array, b: Int32Array, kept: Uint8Array): Adjacency {
  const start = new Int32Array(nodes + 1);
  for (let e = 0; e < a.length; e++) {
    if (!kept[e]) continue;
    start[a[e] + 1]++;
    start[b[e] + 1]++;
  }
  for (let n = 0; n < nodes; n++) start[n + 1] += start[n];
  const next = start.slice(0, nodes);
  const to = new Int32Array(start[nodes]);
  const link = new Int32Array(start[nodes]);
  for (let e = 0; e < a.length; e++) {
    if (!kept[e]) continue;
    to[next[a[e]]] = b[e];
    link[next[a[e]]++] = e;
    to[next[b[e]]] = a[e];
    link[next[b[e]]++] = e;
  }
  return { start, to, link };
}

/** Clusters walked depth first from one node each. What is numbered by step is in the order in which nodes were met. */
export interface Walk {
  /** By step: the node. A cluster's steps follow each other, its root's first. */
  node: Int32Array;
  /** By node: its step; -1 where it was not met. */
  step: Int32Array;
  /** By step: the step it was met from, and the link; -1 for a root. */
  parent: Int32Array;
  link: Int32Array;
  /** By step: the earliest step that it or what was met from it has a link to, other than the one it was met by. */
  low: Int32Array;
  /** By step: nodes met from it, itself included. */
  size: Int32Array;
}

/** @param roots a node of each cluster that is looked at */
export function walk(nodes: number, { start, to, link: links }: Adjacency, roots: Iterable<number>): Walk {
  const node = new Int32Array(nodes);
  const step = new Int32Array(nodes).fill(-1);
  const parent = new Int32Array(nodes).fill(-1);
  const link = new Int32Array(nodes).fill(-1);
  const next = start.slice(0, nodes);
  let met = 0;
  for (const root of roots) {
    if (step[root] >= 0) continue;
    step[root] = met;
    node[met++] = root;
    for (let at = step[root]; at >= 0; ) {
      const from = node[at];
      if (next[from] === start[from + 1]) {
        at = parent[at];
        continue;
      }
      const i = next[from]++;
      if (step[to[i]] >= 0) continue;
      parent[met] = at;
      link[met] = links[i];
      step[to[i]] = met;
      node[met] = to[i];
      at = met++;
    }
  }
  const low = new Int32Array(met);
  const size = new Int32Array(met).fill(1);
  for (let at = 0; at < met; at++) low[at] = at;
  // Whatever was met from a node comes after it.
  for (let at = met - 1; at >= 0; at--) {
    const from = node[at];
    for (let i = start[from]; i < start[from + 1]; i++) if (links[i] !== link[at] && step[to[i]] < low[at]) low[at] = step[to[i]];
    const above = parent[at];
    if (above < 0) continue;
    size[above] += size[at];
    if (low[at] < low[above]) low[above] = low[at];
  }
  return { node: node.subarray(0, met), step, parent: parent.subarray(0, met), link: link.subarray(0, met), low, size };
}

export interface Hub {
  node: number;
  /** Clusters that the other ids would be without it, and the ids of the largest of them. */
  parts: number;
  largest: number;
}

/**
 * The node without which its cluster falls into the most parts; of those the one that leaves the smallest largest part.
 * @param root of the cluster: where it was walked from
 * @param before decides where nothing else does
 * @returns null where none is needed by others
 */
export function hubOf({ node, step, parent, low, size }: Walk, root: number, before: (a: number, b: number) => boolean): Hub | null {
  const first = step[root];
  const all = size[first];
  const parts = new Int32Array(all);
  const largest = new Int32Array(all);
  const cut = new Int32Array(all);
  for (let at = first + 1; at < first + all; at++) {
    const above = parent[at];
    if (low[at] < above) continue;
    const i = above - first;
    parts[i]++;
    cut[i] += size[at];
    if (size[at] > largest[i]) largest[i] = size[at];
  }
  let best: Hub | null = null;
  for (let i = 0; i < all; i++) {
    // What it was met from is a part of its own.
    const rest = all - 1 - cut[i];
    const hub = { node: node[first + i], parts: parts[i] + (rest > 0 ? 1 : 0), largest: Math.max(largest[i], rest) };
    if (hub.parts < 2) continue;
    const order = best === null ? 1 : hub.parts - best.parts || best.largest - hub.largest || (before(hub.node, best.node) ? 1 : -1);
    if (order > 0) best = hub;
  }
  return best;
}

export interface Bridge {
  link: number;
  /** The node at the far end from the root, and the nodes on its side and on the other. */
  node: number;
  parts: [number, number];
}

/**
 * The one link without which its cluster falls into the most even halves.
 * @param before decides between links where nothing else does
 * @returns null where every link has a way round
 */
export function bridgeOf(
  { node, step, parent, link, low, size }: Walk,
  root: number,
  before: (a: number, b: number) => boolean,
): Bridge | null {
  const first = step[root];
  const all = size[first];
  let best: Bridge | null = null;
  for (let at = first + 1; at < first + all; at++) {
    if (low[at] <= parent[at]) continue;
    const bridge: Bridge = { link: link[at], node: node[at], parts: [size[at], all - size[at]] };
    const order = best === null ? 1 : Math.min(...bridge.parts) - Math.min(...best.parts) || (before(bridge.link, best.link) ? 1 : -1);
    if (order > 0) best = bridge;
  }
  return best;
}

export interface Hanging {
  node: number;
  /** The weaker id without which it would have nothing to do with the others of its kind. */
  by: number;
}

/**
 * Ids that are one customer with others of their kind only through one id of a weaker kind. Every cluster must have been walked from
 * its canonical node: it hangs on nobody.
 * @param kindOf 0 the strongest
 * @returns each id once, with the id it hangs on that is nearest to it
 */
export function hangingOf({ node, parent, low, size }: Walk, kindOf: (node: number) => number, kinds: number): Hanging[] {
  const met = node.length;
  const kind = Int32Array.from(node, kindOf);
  // Of what was met from a step, itself included: the strongest kind, how many are of it, and one of them.
  const strongest = kind.slice();
  const count = new Int32Array(met).fill(1);
  const one = node.slice();
  for (let at = met - 1; at >= 0; at--) {
    const above = parent[at];
    if (above < 0) continue;
    if (strongest[at] < strongest[above]) {
      strongest[above] = strongest[at];
      count[above] = 0;
      one[above] = one[at];
    }
    if (strongest[at] === strongest[above]) count[above] += count[at];
  }
  const found: Hanging[] = [];
  const done = new Set<number>();
  const ofKind = new Int32Array(kinds);
  for (let first = 0; first < met; first += size[first]) {
    ofKind.fill(0);
    for (let at = first; at < first + size[first]; at++) ofKind[kind[at]]++;
    // From the far ends on: the first that an id is seen to hang on is the nearest.
    for (let at = first + size[first] - 1; at > first; at--) {
      const above = parent[at];
      const cut = low[at] >= above && strongest[at] < kind[above];
      if (!cut || count[at] !== 1 || ofKind[strongest[at]] < 2 || done.has(one[at])) continue;
      done.add(one[at]);
      found.push({ node: one[at], by: node[above] });
    }
  }
  return found;
}

/** The shortest way from one node to another, by links: none where they are one, null where there is no way. */
export function pathBetween(nodes: number, { start, to, link }: Adjacency, from: number, goal: number): number[] | null {
  const via = new Int32Array(nodes).fill(-1);
  const back = new Int32Array(nodes).fill(-1);
  const queue = [from];
  back[from] = from;
  for (let head = 0; head < queue.length && back[goal] < 0; head++) {
    const at = queue[head];
    for (let i = start[at]; i < start[at + 1]; i++) {
      if (back[to[i]] >= 0) continue;
      back[to[i]] = at;
      via[to[i]] = link[i];
      queue.push(to[i]);
    }
  }
  if (back[goal] < 0) return null;
  const path: number[] = [];
  for (let at = goal; at !== from; at = back[at]) path.push(via[at]);
  return path.reverse();
}
