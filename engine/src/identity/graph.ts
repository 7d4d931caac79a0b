import type { IgnorePlan } from '../plan.ts';
import type { Dictionary } from '../read/dictionary.ts';
import { type IdColumn, type Nodes, orderedNodes, type Positions } from './nodes.ts';

/** When something was seen, by number of it: positions, -1 where it never was. */
export interface Seen {
  first: Int32Array;
  last: Int32Array;
  /** Ticks of those positions. */
  firstTick: Int32Array;
  lastTick: Int32Array;
  /** Rows that carry it. */
  rows: Int32Array;
}

/** What the rows that count say of ids and pairs. */
export interface Sightings {
  readonly nodes: Seen;
  readonly pairs: Seen;
}

/** Which of a dictionary's values are ignored by a rule, by code. */
export type Ignores = (rule: IgnorePlan, dictionary: Dictionary) => Uint8Array;

/** Rows and their ids: of all data, or of a part of it. */
export interface Graph {
  readonly kinds: number;
  /** How many ids there are, and by kind its first one; then the number of all. */
  readonly nodes: { readonly count: number; readonly starts: readonly number[] };
  /** By node: its kind, 0 the strongest. */
  readonly kindOf: Uint16Array;
  /** Rows, by position. */
  readonly count: number;
  readonly time: Float64Array;
  /** By position: how many different instants stand before it. Equal instants, equal ticks. */
  readonly tick: Int32Array;
  readonly ticks: number;
  /** By position, where its ids begin; they end where the next position's do. */
  readonly idsFrom: Int32Array;
  /** The ids of each row, each once, ascending. */
  readonly ids: Int32Array;
  /** Pairs of ids that share a row, ascending by a, then by b: the stronger endpoint is a, and of one kind the smaller value. */
  readonly pairs: Pairs;
  /** By pair, where its positions begin; they ascend. */
  readonly rowsFrom: Int32Array;
  readonly rows: Int32Array;
  /** The pairs of each row, row after row, within one by a, then b. */
  readonly pairsOfRows: Int32Array;
}

export interface Pairs {
  readonly count: number;
  readonly a: Int32Array;
  readonly b: Int32Array;
}

/**
 * What the rows say of ids, before any rule: the ids of each row, and every two that share one. It depends on the rows and the
 * order of the kinds alone, so it stays while rules are edited.
 */
export class IdGraph implements Graph {
  readonly kinds: number;
  readonly nodes: Nodes;
  readonly kindOf: Uint16Array;
  readonly count: number;
  readonly time: Float64Array;
  readonly tick: Int32Array;
  readonly ticks: number;
  readonly idsFrom: Int32Array;
  readonly ids: Int32Array;
  /** Positions that carry two ids of one kind. */
  readonly doubles: Int32Array;
  readonly pairs: Pairs;
  readonly rowsFrom: Int32Array;
  readonly rows: Int32Array;
  readonly pairsOfRows: Int32Array;
  private readonly ignores: Ignores;
  private readonly seen: Sightings;
  /** Without the rows that were left out last: they stay while other rules are edited. */
  private lately: { without: Uint8Array; seen: Sightings } | null = null;

  constructor(events: Positions, kinds: number, columns: readonly IdColumn[], ignores: Ignores) {
    this.kinds = kinds;
    this.ignores = ignores;
    this.nodes = orderedNodes(kinds, columns);
    this.kindOf = new Uint16Array(this.nodes.count);
    for (let kind = 0; kind < kinds; kind++) this.kindOf.fill(kind, this.nodes.starts[kind], this.nodes.starts[kind + 1]);
    this.count = events.count;
    this.time = events.time;
    this.tick = new Int32Array(this.count);
    for (let p = 1; p < this.count; p++) this.tick[p] = this.tick[p - 1] + (this.time[p] === this.time[p - 1] ? 0 : 1);
    this.ticks = this.count ? this.tick[this.count - 1] + 1 : 0;
    ({ idsFrom: this.idsFrom, ids: this.ids, doubles: this.doubles } = this.readRows(events, columns));
    const pairs = this.findPairs();
    this.pairs = pairs;
    this.rowsFrom = pairs.rowsFrom;
    this.rows = pairs.rows;
    this.pairsOfRows = pairs.pairsOfRows;
    this.seen = sightings(this, null);
  }

  /** When each id and each pair was seen, and on how many rows, but for those left out. */
  seenWithout(without: Uint8Array | null): Sightings {
    if (!without) return this.seen;
    if (!this.lately?.without.every((bit, p) => bit === without[p])) this.lately = { without, seen: sightings(this, without) };
    return this.lately.seen;
  }

  /** By node: 1 where the rule's condition holds for its value, and the rule is for its kind. */
  ignoredBy(rule: IgnorePlan, kinds: readonly string[]): Uint8Array {
    const mask = new Uint8Array(this.nodes.count);
    for (const name of rule.kinds) {
      const kind = kinds.indexOf(name);
      if (kind < 0) continue;
      const byCode = this.ignores(rule, this.nodes.dictionaries[kind]);
      const to = this.nodes.starts[kind + 1];
      for (let node = this.nodes.starts[kind]; node < to; node++) mask[node] = byCode[this.nodes.codeOf(node, kind)];
    }
    return mask;
  }

  private readRows({ count, source, row }: Positions, columns: readonly IdColumn[]) {
    const bySource: { codes: Int32Array; nodes: Int32Array }[][] = [];
    columns.forEach((column, i) => {
      bySource[column.source] ??= [];
      bySource[column.source].push({ codes: column.codes, nodes: this.nodes.of[i] });
    });
    let most = 0;
    for (let p = 0; p < count; p++) most += bySource[source[p]]?.length ?? 0;
    const ids = new Int32Array(most);
    const idsFrom = new Int32Array(count + 1);
    const doubles: number[] = [];
    let end = 0;
    for (let p = 0; p < count; p++) {
      const from = end;
      idsFrom[p] = from;
      const own = bySource[source[p]];
      if (!own) continue;
      let double = false;
      for (let i = 0; i < own.length; i++) {
        const code = own[i].codes[row[p]];
        if (code < 0) continue;
        const node = own[i].nodes[code];
        // Few ids stand on a row: inserting each in its place beats any other sort.
        let at = end;
        while (at > from && ids[at - 1] > node) at--;
        if (at > from && ids[at - 1] === node) continue;
        for (let j = end; j > at; j--) ids[j] = ids[j - 1];
        ids[at] = node;
        end++;
        double ||=
          (at > from && this.kindOf[ids[at - 1]] === this.kindOf[node]) || (at + 1 < end && this.kindOf[ids[at + 1]] === this.kindOf[node]);
      }
      if (double) doubles.push(p);
    }
    idsFrom[count] = end;
    return { idsFrom, ids: ids.subarray(0, end), doubles: Int32Array.from(doubles) };
  }

  private findPairs() {
    const { count, ids, idsFrom } = this;
    let n = 0;
    for (let p = 0; p < count; p++) {
      const ids = idsFrom[p + 1] - idsFrom[p];
      n += (ids * (ids - 1)) / 2;
    }
    const a = new Int32Array(n);
    const b = new Int32Array(n);
    const position = new Int32Array(n);
    let at = 0;
    for (let p = 0; p < count; p++) {
      for (let i = idsFrom[p]; i < idsFrom[p + 1]; i++) {
        for (let j = i + 1; j < idsFrom[p + 1]; j++) {
          a[at] = ids[i];
          b[at] = ids[j];
          position[at++] = p;
        }
      }
    }
    const places = new Int32Array(n);
    for (let i = 0; i < n; i++) places[i] = i;
    const order = sortedBy(sortedBy(places, b, this.nodes.count), a, this.nodes.count);
    const pairA = new Int32Array(n);
    const pairB = new Int32Array(n);
    const rows = new Int32Array(n);
    const pairsOfRows = new Int32Array(n);
    const rowsFrom = new Int32Array(n + 1);
    let pairs = 0;
    for (let k = 0; k < n; k++) {
      const i = order[k];
      if (pairs === 0 || pairA[pairs - 1] !== a[i] || pairB[pairs - 1] !== b[i]) {
        pairA[pairs] = a[i];
        pairB[pairs] = b[i];
        rowsFrom[pairs++] = k;
      }
      rows[k] = position[i];
      pairsOfRows[i] = pairs - 1;
    }
    rowsFrom[pairs] = n;
    return {
      count: pairs,
      a: pairA.slice(0, pairs),
      b: pairB.slice(0, pairs),
      rowsFrom: rowsFrom.slice(0, pairs + 1),
      rows,
      pairsOfRows,
    };
  }
}

/** The pair of two ids, either way round; -1 where no row carries both. */
export function pairOf({ a, b, count }: Pairs, x: number, y: number): number {
  const [stronger, weaker] = x < y ? [x, y] : [y, x];
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (a[middle] < stronger || (a[middle] === stronger && b[middle] < weaker)) low = middle + 1;
    else high = middle;
  }
  return low < count && a[low] === stronger && b[low] === weaker ? low : -1;
}

/** When each id and each pair was seen, and on how many rows, but for those left out. */
export function sightings(graph: Graph, without: Uint8Array | null): Sightings {
  const nodes = unseen(graph.nodes.count);
  for (let p = 0; p < graph.count; p++) {
    if (without?.[p]) continue;
    for (let i = graph.idsFrom[p]; i < graph.idsFrom[p + 1]; i++) {
      const node = graph.ids[i];
      if (nodes.rows[node]++ === 0) nodes.first[node] = p;
      nodes.last[node] = p;
    }
  }
  const pairs = unseen(graph.pairs.count);
  for (let pair = 0; pair < graph.pairs.count; pair++) {
    for (let k = graph.rowsFrom[pair]; k < graph.rowsFrom[pair + 1]; k++) {
      const p = graph.rows[k];
      if (without?.[p]) continue;
      if (pairs.rows[pair]++ === 0) pairs.first[pair] = p;
      pairs.last[pair] = p;
    }
  }
  for (const { first, last, firstTick, lastTick } of [nodes, pairs]) {
    for (let i = 0; i < first.length; i++) {
      firstTick[i] = first[i] < 0 ? -1 : graph.tick[first[i]];
      lastTick[i] = last[i] < 0 ? -1 : graph.tick[last[i]];
    }
  }
  return { nodes, pairs };
}

const unseen = (count: number): Seen => ({
  first: new Int32Array(count).fill(-1),
  last: new Int32Array(count).fill(-1),
  firstTick: new Int32Array(count),
  lastTick: new Int32Array(count),
  rows: new Int32Array(count),
});

/** In order of a key from 0 to size - 1, by item; equal ones stay in the order they were given in. */
export function sortedBy(items: Int32Array, key: Int32Array | Uint16Array, size: number): Int32Array {
  const places = new Int32Array(size + 1);
  for (let i = 0; i < items.length; i++) places[key[items[i]] + 1]++;
  for (let k = 0; k < size; k++) places[k + 1] += places[k];
  const sorted = new Int32Array(items.length);
  for (let i = 0; i < items.length; i++) sorted[places[key[items[i]]]++] = items[i];
  return sorted;
}
