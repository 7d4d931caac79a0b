import { type Graph, type Seen, sortedBy } from './graph.ts';
import type { Rules } from './rules.ts';

/** What a link covers, instants included. */
export interface Cover {
  from(pair: number): number;
  to(pair: number): number;
}

/** First seen - R to last seen + V; null where every link covers all time. */
export function coverOf({ pairs, kindOf, time }: Graph, { kinds, valid, retroactive }: Rules, seen: Seen): Cover | null {
  if (!Number.isFinite(retroactive) && !valid.some(Number.isFinite)) return null;
  return {
    from: pair => time[seen.first[pair]] - retroactive,
    to: pair => time[seen.last[pair]] + valid[kindOf[pairs.a[pair]] * kinds.length + kindOf[pairs.b[pair]]],
  };
}

/** Of two ids the one that names them both: the stronger kind's, then the one first seen earlier, then the smaller. */
export type Canonical = (x: number, y: number) => number;

export const canonicalBy =
  ({ kindOf }: Graph, { firstTick }: Seen): Canonical =>
  (x, y) =>
    (kindOf[x] - kindOf[y] || firstTick[x] - firstTick[y] || x - y) <= 0 ? x : y;

/** A union-find that can forget what was done last: no path is ever shortened. */
class Groups {
  private readonly parent: Int32Array;
  private readonly size: Int32Array;
  private readonly best: Int32Array;
  private readonly canonical: Canonical;
  /** Roots that were put under another, with the canonical id that other had. */
  private readonly done: number[] = [];

  constructor(nodes: number, canonical: Canonical) {
    this.parent = new Int32Array(nodes);
    for (let node = 0; node < nodes; node++) this.parent[node] = node;
    this.best = this.parent.slice();
    this.size = new Int32Array(nodes).fill(1);
    this.canonical = canonical;
  }

  root(node: number): number {
    while (this.parent[node] !== node) node = this.parent[node];
    return node;
  }

  of(node: number): number {
    return this.best[this.root(node)];
  }

  unite(a: number, b: number): void {
    let [large, small] = [this.root(a), this.root(b)];
    if (large === small) return;
    if (this.size[large] < this.size[small]) [large, small] = [small, large];
    this.done.push(small, this.best[large]);
    this.parent[small] = large;
    this.size[large] += this.size[small];
    this.best[large] = this.canonical(this.best[large], this.best[small]);
  }

  get mark(): number {
    return this.done.length;
  }

  backTo(mark: number): void {
    while (this.done.length > mark) {
      const best = this.done.pop()!;
      const small = this.done.pop()!;
      const large = this.parent[small];
      this.parent[small] = small;
      this.size[large] -= this.size[small];
      this.best[large] = best;
    }
  }
}

/** The canonical id of each id's group at one instant. */
export function groupsAt({ nodes, pairs }: Graph, links: Int32Array, cover: Cover, canonical: Canonical, instant: number): Int32Array {
  const groups = new Groups(nodes.count, canonical);
  for (const pair of links) if (cover.from(pair) <= instant && instant <= cover.to(pair)) groups.unite(pairs.a[pair], pairs.b[pair]);
  return Int32Array.from({ length: nodes.count }, (_, node) => groups.of(node));
}

/**
 * By position the canonical id of the group of the id it belongs to, formed by the links that cover its instant.
 * Where all links of a cluster cover all its rows, that is the cluster's; the others are gone through one by one.
 * @param belongs by position the id, or -1
 * @param clusterOf by node the canonical id of its cluster
 */
export function groupsByRow(
  graph: Graph,
  belongs: Int32Array,
  clusterOf: Int32Array,
  links: Int32Array,
  cover: Cover,
  canonical: Canonical,
): Int32Array {
  const { nodes, pairs, time } = graph;
  const clusterOfLink = new Int32Array(links.length);
  // By cluster: the span that all its links cover.
  const from = new Float64Array(nodes.count).fill(Number.NEGATIVE_INFINITY);
  const to = new Float64Array(nodes.count).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < links.length; i++) {
    const cluster = clusterOf[pairs.a[links[i]]];
    clusterOfLink[i] = cluster;
    from[cluster] = Math.max(from[cluster], cover.from(links[i]));
    to[cluster] = Math.min(to[cluster], cover.to(links[i]));
  }
  const named = namesOf(belongs, clusterOf);
  const changes = new Uint8Array(nodes.count);
  for (let p = 0; p < named.length; p++) if (named[p] >= 0 && (time[p] < from[named[p]] || time[p] > to[named[p]])) changes[named[p]] = 1;

  const rows = sortedBy(placesWhere(named, changes), named, nodes.count);
  const linked = sortedBy(placesWhere(clusterOfLink, changes), clusterOfLink, nodes.count);
  const span = new Span(graph, new Groups(nodes.count, canonical), belongs, named);
  for (let row = 0, link = 0; row < rows.length; ) {
    const cluster = named[rows[row]];
    const firstRow = row;
    const firstLink = link;
    while (row < rows.length && named[rows[row]] === cluster) row++;
    while (link < linked.length && clusterOfLink[linked[link]] === cluster) link++;
    span.name(rows.subarray(firstRow, row), linked.subarray(firstLink, link), links, cover);
  }
  return named;
}

/** By position the canonical id of its cluster, or -1. */
export function namesOf(belongs: Int32Array, clusterOf: Int32Array): Int32Array {
  const named = new Int32Array(belongs.length);
  for (let p = 0; p < named.length; p++) named[p] = belongs[p] < 0 ? -1 : clusterOf[belongs[p]];
  return named;
}

function placesWhere(values: Int32Array, wanted: Uint8Array): Int32Array {
  const places = new Int32Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) if (values[i] >= 0 && wanted[values[i]]) places[n++] = i;
  return places.slice(0, n);
}

/**
 * The rows of one cluster, named instant by instant. Their time is halved again and again: a link that covers all of a part is made once
 * for all of it and forgotten after, so that no link is made more often than the logarithm of the instants.
 */
class Span {
  private readonly graph: Graph;
  private readonly groups: Groups;
  private readonly belongs: Int32Array;
  private readonly named: Int32Array;
  private rows: Int32Array = new Int32Array(0);
  /** By link of the cluster: its ids, and the first and last of the instants that it covers. */
  private a = new Int32Array(16);
  private b = new Int32Array(16);
  private first = new Int32Array(16);
  private last = new Int32Array(16);
  /** Where the rows of each instant begin. */
  private starts = new Int32Array(16);
  /** Links still to be made in the parts that are being gone through, the innermost part's last. */
  private stack = new Int32Array(64);

  constructor(graph: Graph, groups: Groups, belongs: Int32Array, named: Int32Array) {
    this.graph = graph;
    this.groups = groups;
    this.belongs = belongs;
    this.named = named;
  }

  /**
   * @param rows positions, ascending
   * @param own places of the cluster's links among all of them
   */
  name(rows: Int32Array, own: Int32Array, links: Int32Array, cover: Cover): void {
    const { time } = this.graph;
    const { pairs } = this.graph;
    this.rows = rows;
    if (this.starts.length <= rows.length) this.starts = new Int32Array(rows.length * 2);
    if (this.a.length < own.length) [this.a, this.b, this.first, this.last] = [0, 0, 0, 0].map(() => new Int32Array(own.length * 2));
    let instants = 0;
    for (let i = 0; i < rows.length; i++) if (i === 0 || time[rows[i]] !== time[rows[i - 1]]) this.starts[instants++] = i;
    this.starts[instants] = rows.length;
    this.reserve(own.length);
    let open = 0;
    for (let i = 0; i < own.length; i++) {
      const pair = links[own[i]];
      this.a[i] = pairs.a[pair];
      this.b[i] = pairs.b[pair];
      this.first[i] = this.instantsBelow(cover.from(pair), instants, false);
      this.last[i] = this.instantsBelow(cover.to(pair), instants, true) - 1;
      if (this.first[i] <= this.last[i]) this.stack[open++] = i;
    }
    this.over(0, instants - 1, 0, open);
  }

  /** The part from one instant to another, with the links that cover some of it: those of the stack between two places. */
  private over(low: number, high: number, from: number, to: number): void {
    const { groups, a, b, first, last, starts, rows } = this;
    const mark = groups.mark;
    for (let i = from; i < to; i++) {
      const link = this.stack[i];
      if (first[link] <= low && last[link] >= high) groups.unite(a[link], b[link]);
    }
    if (low === high) {
      for (let i = starts[low]; i < starts[low + 1]; i++) this.named[rows[i]] = groups.of(this.belongs[rows[i]]);
    } else {
      const middle = (low + high) >> 1;
      this.reserve(to + to - from);
      let end = to;
      for (let i = from; i < to; i++) if (first[this.stack[i]] <= middle && this.isOpen(this.stack[i])) this.stack[end++] = this.stack[i];
      this.over(low, middle, to, end);
      end = to;
      for (let i = from; i < to; i++) if (last[this.stack[i]] > middle && this.isOpen(this.stack[i])) this.stack[end++] = this.stack[i];
      this.over(middle + 1, high, to, end);
    }
    groups.backTo(mark);
  }

  /** What is together already stays so in both halves. */
  private isOpen(link: number): boolean {
    return this.groups.root(this.a[link]) !== this.groups.root(this.b[link]);
  }

  private reserve(length: number): void {
    if (this.stack.length >= length) return;
    const larger = new Int32Array(length * 2);
    larger.set(this.stack);
    this.stack = larger;
  }

  /** How many of the instants stand before one, itself included or not. */
  private instantsBelow(instant: number, instants: number, included: boolean): number {
    const { time } = this.graph;
    let low = 0;
    let high = instants;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = time[this.rows[this.starts[middle]]];
      if (at < instant || (included && at === instant)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
