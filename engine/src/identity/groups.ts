import type { IdGraph, Seen } from './graph.ts';
import type { Rules } from './rules.ts';

/** What a link covers, instants included. */
export interface Cover {
  from(pair: number): number;
  to(pair: number): number;
}

/** First seen - R to last seen + V; null where every link covers all time. */
export function coverOf({ pairs, kindOf, time }: IdGraph, { kinds, valid, retroactive }: Rules, seen: Seen): Cover | null {
  if (!Number.isFinite(retroactive) && !valid.some(Number.isFinite)) return null;
  return {
    from: pair => time[seen.first[pair]] - retroactive,
    to: pair => time[seen.last[pair]] + valid[kindOf[pairs.a[pair]] * kinds.length + kindOf[pairs.b[pair]]],
  };
}

/** Of two ids the one that names them both: the stronger kind's, then the one first seen earlier, then the smaller. */
export type Canonical = (x: number, y: number) => number;

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
export function groupsAt({ nodes, pairs }: IdGraph, links: Int32Array, cover: Cover, canonical: Canonical, instant: number): Int32Array {
  const groups = new Groups(nodes.count, canonical);
  for (const pair of links) if (cover.from(pair) <= instant && instant <= cover.to(pair)) groups.unite(pairs.a[pair], pairs.b[pair]);
  return Int32Array.from({ length: nodes.count }, (_, node) => groups.of(node));
}

/**
 * By position the canonical id of the group of the id it belongs to, formed by the links that cover its instant.
 * Where all links of a cluster cover all its rows, that is the cluster's; the others are gone through by halving their time: a link
 * that covers a half is made once for all of it, and forgotten after.
 * @param belongs by position the id, or -1
 * @param clusterOf by node the canonical id of its cluster
 */
export function groupsByRow(
  graph: IdGraph,
  belongs: Int32Array,
  clusterOf: Int32Array,
  links: Int32Array,
  cover: Cover,
  canonical: Canonical,
): Int32Array {
  const { nodes, pairs, time } = graph;
  const clusterOfLink = (pair: number): number => clusterOf[pairs.a[pair]];
  // By cluster: the span that all its links cover.
  const from = new Float64Array(nodes.count).fill(Number.NEGATIVE_INFINITY);
  const to = new Float64Array(nodes.count).fill(Number.POSITIVE_INFINITY);
  for (const pair of links) {
    const cluster = clusterOfLink(pair);
    from[cluster] = Math.max(from[cluster], cover.from(pair));
    to[cluster] = Math.min(to[cluster], cover.to(pair));
  }
  const named = new Int32Array(belongs.length).fill(-1);
  const changes = new Uint8Array(nodes.count);
  for (let p = 0; p < belongs.length; p++) {
    if (belongs[p] < 0) continue;
    named[p] = clusterOf[belongs[p]];
    if (time[p] < from[named[p]] || time[p] > to[named[p]]) changes[named[p]] = 1;
  }
  const rowsOf = gathered(named, cluster => changes[cluster] === 1);
  if (rowsOf.size === 0) return named;
  const linksOf = gathered(links.map(clusterOfLink), cluster => changes[cluster] === 1);
  const groups = new Groups(nodes.count, canonical);
  for (const [cluster, rows] of rowsOf) {
    const own = linksOf.get(cluster)!.map(i => links[i]);
    halve(graph, rows, own, cover, groups, p => {
      named[p] = groups.of(belongs[p]);
    });
  }
  return named;
}

/** Tells each of the rows once, while the links that cover its instant, and no others, are made. */
function halve(
  { time, pairs }: IdGraph,
  rows: number[],
  links: number[],
  cover: Cover,
  groups: Groups,
  tell: (position: number) => void,
): void {
  const starts: number[] = [];
  rows.forEach((p, i) => {
    if (i === 0 || time[p] !== time[rows[i - 1]]) starts.push(i);
  });
  const instants = starts.map(i => time[rows[i]]);
  // By link: the first and last of the instants that it covers.
  const first = links.map(pair => below(instants, cover.from(pair), false));
  const last = links.map(pair => below(instants, cover.to(pair), true) - 1);
  const over = (low: number, high: number, own: number[]): void => {
    const mark = groups.mark;
    for (const i of own) if (first[i] <= low && last[i] >= high) groups.unite(pairs.a[links[i]], pairs.b[links[i]]);
    if (low === high) {
      const end = starts[low + 1] ?? rows.length;
      for (let i = starts[low]; i < end; i++) tell(rows[i]);
    } else {
      const middle = (low + high) >> 1;
      // What is together already stays so in both halves.
      const open = own.filter(i => groups.root(pairs.a[links[i]]) !== groups.root(pairs.b[links[i]]));
      over(
        low,
        middle,
        open.filter(i => first[i] <= middle),
      );
      over(
        middle + 1,
        high,
        open.filter(i => last[i] > middle),
      );
    }
    groups.backTo(mark);
  };
  over(
    0,
    instants.length - 1,
    links.map((_, i) => i).filter(i => first[i] <= last[i]),
  );
}

/** How many of ascending instants stand before one, itself included or not. */
function below(instants: number[], instant: number, included: boolean): number {
  let low = 0;
  let high = instants.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (instants[middle] < instant || (included && instants[middle] === instant)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Places by the value that stands there, ascending, for the values asked for. */
function gathered(values: Int32Array, asked: (value: number) => boolean): Map<number, number[]> {
  const places = new Map<number, number[]>();
  values.forEach((value, place) => {
    if (value < 0 || !asked(value)) return;
    const own = places.get(value);
    if (own) own.push(place);
    else places.set(value, [place]);
  });
  return places;
}
