import type { IdentityPlan } from '../plan.ts';
import { FATE } from './fate.ts';
import type { IdGraph, Sightings } from './graph.ts';
import { canonicalBy, namesOf } from './groups.ts';
import { type Rules, rulesOf } from './rules.ts';
import { canonicalIds, conflictingRows, connected, edgesOf, ignoredIds, quarantinedIds, rowsBelonging } from './steps.ts';

/** What an erasure took: it is as if it had never been. */
export interface Erased {
  /** By position: 1 for rows that don't exist any more. */
  rows: Uint8Array | null;
  /** By node: 1 for ids that don't count on the rows of others either. */
  ids: Uint8Array | null;
}

/**
 * The first three steps: which ids and links count, and what hangs together by them. Limits and times decide nothing across components,
 * and nothing at all in most: so these stay while such rules are edited.
 */
export interface Components {
  /** By node: 1 where a rule ignores its value, or it is erased. */
  readonly ignored: Uint8Array;
  readonly ignoredBy: readonly { values: number; rows: number }[];
  readonly erased: Uint8Array | null;
  readonly conflicting: Int32Array;
  readonly without: Uint8Array | null;
  readonly seen: Sightings;
  /** By pair one of FATE; `together`: it may be a link. */
  readonly fate: Uint8Array;
  readonly quarantined: Uint8Array;
  readonly sharedBy: readonly { ids: number }[];
  /** By node: the canonical id of its component, itself where it is in quarantine; -1 where it doesn't count. */
  readonly of: Int32Array;
  /** By position: the id the row belongs to, as long as time has no say; -1: nobody. */
  readonly belongs: Int32Array;
  /** By position: the canonical id of that id's component; -1: nobody. */
  readonly named: Int32Array;
  readonly rows: { withoutId: number; ignored: number; conflicting: number; quarantined: number };
}

export function componentsOf(graph: IdGraph, identity: IdentityPlan, erased?: Erased): Components {
  const rules = rulesOf(identity);
  const { ignored, ignoredBy } = ignoredIds(graph, identity, rules, erased);
  const { conflicting, without } = conflictingRows(graph, rules, ignored, erased?.rows ?? null);
  const seen = graph.seenWithout(without);
  const fate = edgesOf(graph, rules, ignored, seen.pairs);
  const { quarantined, sharedBy } = quarantinedIds(graph, identity, rules, fate);
  const canonical = canonicalBy(graph, seen.nodes);
  const of = canonicalIds(connected(graph, fate), canonical, seen.nodes, ignored);
  const { belongs, rows } = rowsBelonging(graph, canonical, ignored, quarantined, without, conflicting.length);
  const named = namesOf(belongs, of);
  return {
    ignored,
    ignoredBy,
    erased: erased?.ids ?? null,
    conflicting,
    without,
    seen,
    fate,
    quarantined,
    sharedBy,
    of,
    belongs,
    named,
    rows,
  };
}

/** By canonical id of a component: 1 where a limit or time could decide something in it; in all others everybody is one customer. */
export function undecided(
  graph: IdGraph,
  { of, fate, seen }: Components,
  rules: Rules,
  never: readonly (readonly [number, number])[],
  instant: number | null,
): Uint8Array {
  const { nodes, pairs, kindOf, time } = graph;
  const open = new Uint8Array(nodes.count);
  for (const [a, b] of never) if (of[a] >= 0 && of[a] === of[b]) open[of[a]] = 1;
  rules.most.forEach((most, kind) => {
    if (!Number.isFinite(most)) return;
    const held = new Int32Array(nodes.count);
    for (let node = nodes.starts[kind]; node < nodes.starts[kind + 1]; node++)
      if (of[node] >= 0 && ++held[of[node]] > Math.max(most, 1)) open[of[node]] = 1;
  });

  const { retroactive, valid, kinds } = rules;
  const always = valid.every(within => within === Number.POSITIVE_INFINITY);
  if (always && retroactive === Number.POSITIVE_INFINITY) return open;
  // By component: of its links the one first seen last, and the end of the one that ends first; of its rows the first and the last.
  const newest = new Int32Array(nodes.count);
  const until = new Float64Array(nodes.count).fill(Number.POSITIVE_INFINITY);
  for (let pair = 0; pair < pairs.count; pair++) {
    if (fate[pair] !== FATE.together) continue;
    const component = of[pairs.a[pair]];
    if (seen.pairs.first[pair] > newest[component]) newest[component] = seen.pairs.first[pair];
    if (always) continue;
    const end = time[seen.pairs.last[pair]] + valid[kindOf[pairs.a[pair]] * kinds.length + kindOf[pairs.b[pair]]];
    if (end < until[component]) until[component] = end;
  }
  const first = new Int32Array(nodes.count).fill(graph.count);
  const last = new Int32Array(nodes.count).fill(-1);
  for (let node = 0; node < nodes.count; node++) {
    const component = of[node];
    if (component < 0) continue;
    if (seen.nodes.first[node] < first[component]) first[component] = seen.nodes.first[node];
    if (seen.nodes.last[node] > last[component]) last[component] = seen.nodes.last[node];
  }
  for (let component = 0; component < nodes.count; component++) {
    // It gives no component its name.
    if (last[component] < 0) continue;
    const from = time[newest[component]] - retroactive;
    if (from > time[first[component]] || until[component] < time[last[component]]) open[component] = 1;
    if (instant !== null && (from > instant || until[component] < instant)) open[component] = 1;
  }
  return open;
}
