import type { IdentityPlan } from '../plan.ts';
import { FATE } from './fate.ts';
import { type Graph, type IdGraph, pairOf, type Seen, sortedBy } from './graph.ts';

/** An identity's rules, by index of kind. */
export interface Rules {
  readonly kinds: readonly string[];
  readonly unique: readonly boolean[];
  /** Ids of the kind that a cluster may have; Infinity: any number. */
  readonly most: readonly number[];
  /** Milliseconds after it was last seen that a link covers, by index of both kinds: `valid[a * kinds + b]`. */
  readonly valid: readonly number[];
  /** Milliseconds before it was first seen that a link covers. */
  readonly retroactive: number;
  /** 1 where ids of two kinds may link: `mayLink[a * kinds + b]`. */
  readonly mayLink: Uint8Array;
}

export function rulesOf(identity: IdentityPlan): Rules {
  const kinds = identity.kinds.map(({ name }) => name);
  const size = kinds.length;
  const mayLink = new Uint8Array(size * size).fill(identity.links.length ? 0 : 1);
  for (const link of identity.links) {
    for (const other of link.with) {
      const [a, b] = [kinds.indexOf(link.kind), kinds.indexOf(other)];
      if (a < 0 || b < 0) continue;
      mayLink[a * size + b] = 1;
      mayLink[b * size + a] = 1;
    }
  }
  const valid = identity.kinds.map(kind => kind.valid?.within ?? Number.POSITIVE_INFINITY);
  return {
    kinds,
    unique: identity.kinds.map(kind => kind.unique !== undefined),
    most: identity.kinds.map(kind => Math.min(kind.unique ? 1 : Number.POSITIVE_INFINITY, kind.max?.count ?? Number.POSITIVE_INFINITY)),
    valid: valid.flatMap(a => valid.map(b => Math.min(a, b))),
    retroactive: identity.retroactive.within ?? Number.POSITIVE_INFINITY,
    mayLink,
  };
}

/** The ids of `never link` that are in the data. */
export function neverLinks({ nodes }: IdGraph, identity: IdentityPlan, { kinds }: Rules): [number, number][] {
  return identity.neverLinks
    .map(({ a, b }): [number, number] => [nodes.find(kinds.indexOf(a.kind), a.value), nodes.find(kinds.indexOf(b.kind), b.value)])
    .filter(([a, b]) => a >= 0 && b >= 0 && a !== b);
}

/** Pairs in the order in which they are linked, and where only kind and value decide it. */
export interface LinkOrder {
  readonly pairs: Int32Array;
  /** Beside each pair its ids, and a number that is equal where only kind and value tell two apart: read in order, they cost little. */
  readonly a: Int32Array;
  readonly b: Int32Array;
  readonly classOf: Int32Array;
}

/**
 * The pairs that may be links: stronger weaker endpoint first, then last seen, newest first (`latest`) or first seen, oldest first, then
 * the stronger stronger endpoint, then kind and value: the order in which pairs are numbered.
 */
export function linkOrder(
  { pairs, kindOf, kinds, ticks }: Graph,
  { firstTick, lastTick }: Seen,
  keep: 'latest' | 'earliest',
  fate: Uint8Array,
): LinkOrder {
  const stronger = new Uint16Array(pairs.count);
  const weaker = new Uint16Array(pairs.count);
  const when = new Int32Array(pairs.count);
  const free = new Int32Array(pairs.count);
  let n = 0;
  for (let pair = 0; pair < pairs.count; pair++) {
    stronger[pair] = kindOf[pairs.a[pair]];
    weaker[pair] = kindOf[pairs.b[pair]];
    when[pair] = keep === 'latest' ? ticks - 1 - lastTick[pair] : firstTick[pair];
    if (fate[pair] === FATE.together) free[n++] = pair;
  }
  const sorted = sortedBy(sortedBy(sortedBy(free.subarray(0, n), stronger, kinds), when, ticks), weaker, kinds);
  const classOf = new Int32Array(n);
  for (let i = 1; i < n; i++) {
    const pair = sorted[i];
    const before = sorted[i - 1];
    const same = weaker[pair] === weaker[before] && when[pair] === when[before] && stronger[pair] === stronger[before];
    classOf[i] = classOf[i - 1] + (same ? 0 : 1);
  }
  return { pairs: sorted, a: sorted.map(pair => pairs.a[pair]), b: sorted.map(pair => pairs.b[pair]), classOf };
}

/** By pair: its place in the order of links; -1 where it can't be one, which those never to be linked can't either. */
export function placesOf({ pairs }: Graph, order: LinkOrder, never: readonly (readonly [number, number])[]): Int32Array {
  const places = new Int32Array(pairs.count).fill(-1);
  order.pairs.forEach((pair, place) => {
    places[pair] = place;
  });
  for (const [a, b] of never) {
    const pair = pairOf(pairs, a, b);
    if (pair >= 0) places[pair] = -1;
  }
  return places;
}
