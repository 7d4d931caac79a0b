import type { IdentityPlan } from '../plan.ts';
import type { IdGraph, Seen } from './graph.ts';
import { sortedBy } from './graph.ts';

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
  /** By place in `pairs`: 1 where it differs from the one before by more than kind and value. */
  readonly begins: Uint8Array;
}

/**
 * Stronger weaker endpoint first, then last seen, newest first (`latest`) or first seen, oldest first, then the stronger stronger
 * endpoint, then kind and value: the order in which pairs are numbered.
 */
export function linkOrder(
  { pairs, kindOf, kinds, tick, ticks }: IdGraph,
  of: Int32Array,
  seen: Seen,
  keep: 'latest' | 'earliest',
): LinkOrder {
  const { a, b } = pairs;
  const { first, last } = seen;
  const when = keep === 'latest' ? (pair: number) => ticks - 1 - tick[last[pair]] : (pair: number) => tick[first[pair]];
  const byStronger = sortedBy(of, pair => kindOf[a[pair]], kinds);
  const sorted = sortedBy(sortedBy(byStronger, when, ticks), pair => kindOf[b[pair]], kinds);
  const begins = new Uint8Array(sorted.length);
  for (let i = 0; i < sorted.length; i++) {
    const [pair, before] = [sorted[i], sorted[i - 1]];
    const same = i > 0 && kindOf[b[pair]] === kindOf[b[before]] && when(pair) === when(before) && kindOf[a[pair]] === kindOf[a[before]];
    begins[i] = same ? 0 : 1;
  }
  return { pairs: sorted, begins };
}

/** By pair: its place in the order of links; -1 where it can't be one, which those never to be linked can't either. */
export function placesOf(graph: IdGraph, order: LinkOrder, never: readonly (readonly [number, number])[]): Int32Array {
  const places = new Int32Array(graph.pairs.count).fill(-1);
  order.pairs.forEach((pair, place) => {
    places[pair] = place;
  });
  for (const [a, b] of never) {
    const pair = graph.pairOf(a, b);
    if (pair >= 0) places[pair] = -1;
  }
  return places;
}
