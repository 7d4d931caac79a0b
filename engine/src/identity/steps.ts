/** The steps of a resolution that look at ids and rows one by one: docs/identity.md has them in this order. */
import type { IdentityPlan } from '../plan.ts';
import { FATE } from './fate.ts';
import type { Graph, IdGraph, Seen } from './graph.ts';
import type { Canonical } from './groups.ts';
import type { Rules } from './rules.ts';

/** By node what is ignored or erased, and by rule how many values and rows that is. */
export function ignoredIds(
  graph: IdGraph,
  identity: IdentityPlan,
  rules: Rules,
  erased: { rows: Uint8Array | null; ids: Uint8Array | null } | undefined,
): { ignored: Uint8Array; ignoredBy: { values: number; rows: number }[] } {
  const { count, ids, idsFrom, nodes } = graph;
  const ignored = new Uint8Array(nodes.count);
  const masks = identity.ignores.map(rule => graph.ignoredBy(rule, rules.kinds));
  const ignoredBy = masks.map(() => ({ values: 0, rows: 0 }));
  for (const mask of masks) for (let node = 0; node < mask.length; node++) ignored[node] |= mask[node];
  if (masks.length > 0) {
    const met = new Uint8Array(nodes.count);
    const lastRow = new Int32Array(masks.length).fill(-1);
    for (let p = 0; p < count; p++) {
      if (erased?.rows?.[p]) continue;
      for (let i = idsFrom[p]; i < idsFrom[p + 1]; i++) {
        const node = ids[i];
        if (!ignored[node]) continue;
        masks.forEach((mask, rule) => {
          if (!mask[node]) return;
          if (!met[node]) ignoredBy[rule].values++;
          if (lastRow[rule] !== p) ignoredBy[rule].rows++;
          lastRow[rule] = p;
        });
        met[node] = 1;
      }
    }
  }
  if (erased?.ids) for (let node = 0; node < ignored.length; node++) ignored[node] |= erased.ids[node];
  return { ignored, ignoredBy };
}

/** Rows with two values of a unique kind, and all that don't count: those and the erased ones. */
export function conflictingRows(
  { doubles, ids, idsFrom, kindOf, count }: IdGraph,
  { unique }: Rules,
  ignored: Uint8Array,
  erased: Uint8Array | null,
): { conflicting: Int32Array; without: Uint8Array | null } {
  const conflicting = doubles.filter(p => {
    if (erased?.[p]) return false;
    // Ids ascend by kind: those of one stand together.
    let before = -1;
    for (let i = idsFrom[p]; i < idsFrom[p + 1]; i++) {
      if (ignored[ids[i]]) continue;
      if (kindOf[ids[i]] === before && unique[before]) return true;
      before = kindOf[ids[i]];
    }
    return false;
  });
  if (conflicting.length === 0) return { conflicting, without: erased };
  const without = erased?.slice() ?? new Uint8Array(count);
  for (const p of conflicting) without[p] = 1;
  return { conflicting, without };
}

/** By pair whether it could be a link, or is left out by the `link` rules: every two ids that share a row that counts. */
export function edgesOf({ pairs, kindOf }: IdGraph, { kinds, mayLink }: Rules, ignored: Uint8Array, seen: Seen): Uint8Array {
  const fate = new Uint8Array(pairs.count);
  for (let pair = 0; pair < pairs.count; pair++) {
    const a = pairs.a[pair];
    const b = pairs.b[pair];
    if (seen.rows[pair] === 0 || ignored[a] || ignored[b]) continue;
    fate[pair] = mayLink[kindOf[a] * kinds.length + kindOf[b]] ? FATE.together : FATE.leftOut;
  }
  return fate;
}

/** Ids that too many of a kind share, all judged on the same links, of which they then have none. */
export function quarantinedIds(
  { pairs, kindOf, nodes }: IdGraph,
  identity: IdentityPlan,
  { kinds }: Rules,
  fate: Uint8Array,
): { quarantined: Uint8Array; sharedBy: { ids: number }[] } {
  const quarantined = new Uint8Array(nodes.count);
  const sharedBy = identity.shared.map(rule => {
    const kind = kinds.indexOf(rule.kind);
    const of = kinds.indexOf(rule.of);
    if (kind < 0 || of < 0) return { ids: 0 };
    const neighbours = new Int32Array(nodes.count);
    for (let pair = 0; pair < pairs.count; pair++) {
      if (fate[pair] !== FATE.together) continue;
      const a = pairs.a[pair];
      const b = pairs.b[pair];
      if (kindOf[a] === kind && kindOf[b] === of) neighbours[a]++;
      if (kindOf[b] === kind && kindOf[a] === of) neighbours[b]++;
    }
    let ids = 0;
    for (let node = nodes.starts[kind]; node < nodes.starts[kind + 1]; node++) {
      if (neighbours[node] <= rule.moreThan) continue;
      quarantined[node] = 1;
      ids++;
    }
    return { ids };
  });
  if (identity.shared.length > 0) {
    for (let pair = 0; pair < pairs.count; pair++)
      if (fate[pair] === FATE.together && (quarantined[pairs.a[pair]] || quarantined[pairs.b[pair]])) fate[pair] = FATE.quarantined;
  }
  return { quarantined, sharedBy };
}

/** By node one of all that hang together by links that may be. */
export function connected({ pairs, nodes }: Graph, fate: Uint8Array): Int32Array {
  const parent = new Int32Array(nodes.count);
  for (let node = 0; node < parent.length; node++) parent[node] = node;
  const root = (node: number): number => {
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]];
      node = parent[node];
    }
    return node;
  };
  for (let pair = 0; pair < pairs.count; pair++) {
    if (fate[pair] !== FATE.together) continue;
    const a = root(pairs.a[pair]);
    const b = root(pairs.b[pair]);
    if (a < b) parent[b] = a;
    else parent[a] = b;
  }
  for (let node = 0; node < parent.length; node++) parent[node] = root(node);
  return parent;
}

/** By node the canonical id of those with the same root; -1 where it is on no row that counts, or ignored. */
export function canonicalIds(roots: Int32Array, canonical: Canonical, { rows }: Seen, ignored: Uint8Array | null): Int32Array {
  const best = new Int32Array(roots.length).fill(-1);
  const canonicalOf = new Int32Array(roots.length).fill(-1);
  for (let node = 0; node < roots.length; node++) {
    if (rows[node] === 0 || ignored?.[node]) continue;
    const root = roots[node];
    best[root] = best[root] < 0 ? node : canonical(best[root], node);
    canonicalOf[node] = root;
  }
  for (let node = 0; node < roots.length; node++) if (canonicalOf[node] >= 0) canonicalOf[node] = best[canonicalOf[node]];
  return canonicalOf;
}

/** By position the strongest id that isn't in quarantine; where all are, the strongest of them. -1: nobody. */
export function rowsBelonging(
  { count, ids, idsFrom }: IdGraph,
  canonical: Canonical,
  ignored: Uint8Array,
  quarantined: Uint8Array,
  without: Uint8Array | null,
  conflicting: number,
) {
  const belongs = new Int32Array(count).fill(-1);
  const rows = { withoutId: 0, ignored: 0, conflicting, quarantined: 0 };
  for (let p = 0; p < count; p++) {
    const from = idsFrom[p];
    const to = idsFrom[p + 1];
    if (without?.[p]) continue;
    if (from === to) rows.withoutId++;
    let free = -1;
    let shared = -1;
    for (let i = from; i < to; i++) {
      const node = ids[i];
      if (ignored[node]) continue;
      if (quarantined[node]) shared = shared < 0 ? node : canonical(shared, node);
      else free = free < 0 ? node : canonical(free, node);
    }
    belongs[p] = free >= 0 ? free : shared;
    if (belongs[p] < 0 && from < to) rows.ignored++;
    if (free < 0 && shared >= 0) rows.quarantined++;
  }
  return { belongs, rows };
}

export interface Numbered {
  /** By position: the participant; -1 for none. */
  readonly of: Int32Array;
  /** By participant, in order of first row: its canonical id, and that row's position. */
  readonly participants: Int32Array;
  readonly first: Int32Array;
}

/** Numbers participants in order of their first row. */
export function numbered(named: Int32Array, quarantined: Uint8Array | null, nodes: number): Numbered {
  const of = new Int32Array(named.length).fill(-1);
  const number = new Int32Array(nodes).fill(-1);
  const participants = new Int32Array(nodes);
  const first = new Int32Array(nodes);
  let count = 0;
  for (let p = 0; p < named.length; p++) {
    const id = named[p];
    if (id < 0 || quarantined?.[id]) continue;
    if (number[id] < 0) {
      participants[count] = id;
      first[count] = p;
      number[id] = count++;
    }
    of[p] = number[id];
  }
  return { of, participants: participants.slice(0, count), first: first.slice(0, count) };
}

/**
 * The same in which some rows are others' than before. Nobody's own row is read again but theirs: a participant's number is near those
 * of the rows around it, an id's is anywhere.
 * @param gone by canonical id: 1 for participants all of whose rows are among those
 * @param own whose they are now, by number of row and id
 * @param positionOf by row of `own` its position
 * @param nodeOf by id of `own` the id
 */
export function renumbered(all: Numbered, gone: Uint8Array, own: Numbered, positionOf: Int32Array, nodeOf: Int32Array): Numbered {
  if (own.participants.length === 0) return all;
  const most = all.participants.length + own.participants.length;
  const participants = new Int32Array(most);
  const first = new Int32Array(most);
  const numberOf = new Int32Array(all.participants.length);
  const ownNumber = new Int32Array(own.participants.length);
  let count = 0;
  let next = 0;
  const takeOwn = (before: number): void => {
    for (; next < ownNumber.length && positionOf[own.first[next]] < before; next++) {
      participants[count] = nodeOf[own.participants[next]];
      first[count] = positionOf[own.first[next]];
      ownNumber[next] = count++;
    }
  };
  for (let participant = 0; participant < numberOf.length; participant++) {
    const id = all.participants[participant];
    if (gone[id]) continue;
    takeOwn(all.first[participant]);
    participants[count] = id;
    first[count] = all.first[participant];
    numberOf[participant] = count++;
  }
  takeOwn(all.of.length);
  const of = new Int32Array(all.of.length);
  for (let p = 0; p < of.length; p++) of[p] = all.of[p] < 0 ? -1 : numberOf[all.of[p]];
  for (let i = 0; i < positionOf.length; i++) if (own.of[i] >= 0) of[positionOf[i]] = ownNumber[own.of[i]];
  return { of, participants: participants.slice(0, count), first: first.slice(0, count) };
}
