import type { Components } from './components.ts';
import type { Graph, IdGraph } from './graph.ts';

/** Some components of a graph: their ids, pairs and rows, numbered anew and in the same order, so that what is before what stays so. */
export interface Part {
  readonly graph: Graph;
  /** From its numbers to those of the whole. */
  readonly nodeOf: Int32Array;
  readonly pairOf: Int32Array;
  readonly positionOf: Int32Array;
  /** From the whole's ids to its own; -1 for those that are not of it. */
  readonly numberOf: Int32Array;
  /** By pair and by position, as in the whole; -1 where a row belongs to an id that is not of it. */
  readonly fate: Uint8Array;
  readonly belongs: Int32Array;
}

/**
 * The rows that carry an id of some components, with those ids alone. A row may carry ids of several: then it belongs to one of them.
 * @param wanted by canonical id of a component
 */
export function partOf(whole: IdGraph, components: Components, wanted: Uint8Array): Part {
  const { of, quarantined, seen, fate, belongs } = components;
  const { kinds, nodes, kindOf } = whole;
  const numberOf = new Int32Array(nodes.count).fill(-1);
  const nodeOf = new Int32Array(nodes.count);
  const starts = [0];
  let count = 0;
  let ids = 0;
  for (let kind = 0; kind < kinds; kind++) {
    for (let node = nodes.starts[kind]; node < nodes.starts[kind + 1]; node++) {
      if (of[node] < 0 || quarantined[node] || !wanted[of[node]]) continue;
      nodeOf[count] = node;
      numberOf[node] = count++;
      ids += seen.nodes.rows[node];
    }
    starts.push(count);
  }

  const pairNumber = new Int32Array(count ? whole.pairs.count : 0).fill(-1);
  const pairOf = new Int32Array(pairNumber.length);
  let pairs = 0;
  let ofRows = 0;
  for (let pair = 0; pair < pairNumber.length; pair++) {
    if (seen.pairs.rows[pair] === 0 || numberOf[whole.pairs.a[pair]] < 0 || numberOf[whole.pairs.b[pair]] < 0) continue;
    pairOf[pairs] = pair;
    pairNumber[pair] = pairs++;
    ofRows += seen.pairs.rows[pair];
  }
  const ownNodes = nodeOf.slice(0, count);
  const ownPairs = pairOf.slice(0, pairs);
  const { positionOf, ...rows } = rowsOf(
    whole,
    components.without,
    { numberOf, count: ids },
    { numberOf: pairNumber, count: ofRows, pairs },
  );
  return {
    graph: {
      kinds,
      nodes: { count, starts },
      kindOf: Uint16Array.from(ownNodes, node => kindOf[node]),
      pairs: {
        count: pairs,
        a: ownPairs.map(pair => numberOf[whole.pairs.a[pair]]),
        b: ownPairs.map(pair => numberOf[whole.pairs.b[pair]]),
      },
      ...rows,
    },
    nodeOf: ownNodes,
    pairOf: ownPairs,
    positionOf,
    numberOf,
    fate: Uint8Array.from(ownPairs, pair => fate[pair]),
    belongs: positionOf.map(p => (belongs[p] < 0 ? -1 : numberOf[belongs[p]])),
  };
}

/**
 * The rows that carry one of the numbered ids.
 * @param ofIds their new numbers, and how often they stand on those rows; of pairs too
 */
function rowsOf(
  whole: IdGraph,
  without: Uint8Array | null,
  { numberOf, count: most }: { numberOf: Int32Array; count: number },
  ofPairs: { numberOf: Int32Array; count: number; pairs: number },
) {
  const positionOf = new Int32Array(Math.min(most, whole.count));
  const idsFrom = new Int32Array(positionOf.length + 1);
  const ids = new Int32Array(most);
  const pairsOfRows = new Int32Array(ofPairs.count);
  const rowsFrom = new Int32Array(ofPairs.pairs + 1);
  let count = 0;
  let id = 0;
  let pair = 0;
  for (let p = 0, next = 0; id < most; p++) {
    const from = whole.idsFrom[p];
    const to = whole.idsFrom[p + 1];
    const firstPair = next;
    next += ((to - from) * (to - from - 1)) / 2;
    if (without?.[p]) continue;
    const first = id;
    for (let i = from; i < to; i++) if (numberOf[whole.ids[i]] >= 0) ids[id++] = numberOf[whole.ids[i]];
    if (id === first) continue;
    positionOf[count++] = p;
    idsFrom[count] = id;
    if (id - first < 2) continue;
    for (let k = firstPair; k < next; k++) {
      const own = ofPairs.numberOf[whole.pairsOfRows[k]];
      if (own < 0) continue;
      pairsOfRows[pair++] = own;
      rowsFrom[own + 1]++;
    }
  }
  for (let own = 0; own < ofPairs.pairs; own++) rowsFrom[own + 1] += rowsFrom[own];
  const end = rowsFrom.slice();
  const rows = new Int32Array(pair);
  const time = new Float64Array(count);
  const tick = new Int32Array(count);
  let at = 0;
  for (let p = 0; p < count; p++) {
    time[p] = whole.time[positionOf[p]];
    tick[p] = p === 0 ? 0 : tick[p - 1] + (time[p] === time[p - 1] ? 0 : 1);
    const own = idsFrom[p + 1] - idsFrom[p];
    for (const next = at + (own * (own - 1)) / 2; at < next; at++) rows[end[pairsOfRows[at]]++] = p;
  }
  return {
    positionOf: positionOf.subarray(0, count),
    count,
    time,
    tick,
    ticks: count ? tick[count - 1] + 1 : 0,
    idsFrom: idsFrom.subarray(0, count + 1),
    ids,
    pairsOfRows,
    rowsFrom,
    rows,
  };
}
