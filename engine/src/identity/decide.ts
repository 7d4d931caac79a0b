import type { IdentityPlan, Instant } from '../plan.ts';
import { Anonymous } from './anonymous.ts';
import { type Clusters, cluster } from './cluster.ts';
import { FATE } from './fate.ts';
import { type Sightings, sightings } from './graph.ts';
import { type Canonical, canonicalBy, coverOf, groupsAt, groupsByRow, namesOf } from './groups.ts';
import type { Part } from './part.ts';
import { type LinkOrder, linkOrder, placesOf, type Rules } from './rules.ts';
import { canonicalIds } from './steps.ts';

/** The links of some components, one by one in their order. All numbers are the part's. */
export interface Linked extends Clusters {
  part: Part;
  never: readonly (readonly [number, number])[];
  seen: Sightings;
  canonical: Canonical;
  order: LinkOrder;
  /** By pair: one of FATE. */
  fate: Uint8Array;
  /** By node: the canonical id of its cluster. */
  clusterOf: Int32Array;
}

/** @param never the whole's ids */
export function linked(part: Part, identity: IdentityPlan, rules: Rules, never: readonly (readonly [number, number])[]): Linked {
  const { graph, numberOf } = part;
  const seen = sightings(graph, null);
  const canonical = canonicalBy(graph, seen.nodes);
  const apart = never.map(([a, b]) => [numberOf[a], numberOf[b]] as const).filter(([a, b]) => a >= 0 && b >= 0);
  const order = linkOrder(graph, seen.pairs, identity.onConflict.keep, part.fate);
  const clusters = cluster(graph, rules, order, apart);
  const fate = part.fate.slice();
  for (const pair of clusters.merges) fate[pair] = FATE.merged;
  for (const { pair } of clusters.refused) fate[pair] = FATE.refused;
  const clusterOf = canonicalIds(clusters.roots, canonical, seen.nodes, null);
  return { ...clusters, part, never: apart, seen, canonical, order, fate, clusterOf };
}

/** Whose each row is, by links and time. All numbers are the part's. */
export interface Assigned {
  /** By position: the id the row belongs to, and the canonical id of its group then; -1 for rows of other parts. */
  belongs: Int32Array;
  named: Int32Array;
  ambiguous: ReadonlySet<number>;
  /** The canonical id that a row with this id alone would be of at an instant after all rows. */
  at(node: number, instant: Instant): number;
}

export function assigned(found: Linked, identity: IdentityPlan, rules: Rules): Assigned {
  const { part, seen, canonical, order, fate, clusterOf } = found;
  const { graph } = part;
  const { pairs, kindOf, tick, time } = graph;
  const ambiguous = new Set<number>();
  for (const { pair, undecided } of found.refused) {
    if (!undecided) continue;
    ambiguous.add(clusterOf[pairs.a[pair]]);
    ambiguous.add(clusterOf[pairs.b[pair]]);
  }

  const belongs = part.belongs.slice();
  const anonymous = identity.splitByTime && new Anonymous(graph, rules, placesOf(graph, order, found.never));
  const tied: Tied[] = [];
  if (anonymous) {
    for (let p = 0; p < graph.count; p++) {
      if (belongs[p] < 0 || kindOf[belongs[p]] === 0) continue;
      const from = belongs[p];
      belongs[p] = anonymous.from(from, tick[p], time[p]);
      if (!anonymous.tied) continue;
      const instead = anonymous.all(from, tick[p], time[p]);
      if (instead === null || instead.length > 1) tied.push({ p, instead: instead?.filter(id => id !== belongs[p]) });
    }
  }

  const cover = coverOf(graph, rules, seen.pairs);
  const links = cover && order.pairs.filter(pair => fate[pair] !== FATE.refused);
  const name = (ids: Int32Array) => (cover ? groupsByRow(graph, ids, clusterOf, links!, cover, canonical) : namesOf(ids, clusterOf));
  const named = name(belongs);
  for (const p of elsewhere(tied, belongs, clusterOf, named, cover ? name : null)) ambiguous.add(named[p]);

  let today: { instant: Instant; groups: Int32Array } | null = null;
  return {
    belongs,
    named,
    ambiguous,
    at(node, instant) {
      const id = anonymous ? anonymous.from(node, graph.ticks, instant) : node;
      if (!cover) return clusterOf[id];
      if (today?.instant !== instant) today = { instant, groups: groupsAt(graph, links!, cover, canonical, instant) };
      return today.groups[id];
    },
  };
}

/** A row whose way upwards an equal instant decided, and the other ids it could have gone to; without them where they are very many. */
interface Tied {
  p: number;
  instead?: number[];
}

/**
 * The tied rows that would be another customer's. Mostly none is: a row with an address and a user is met by a device as two ids that
 * lead to one customer.
 * @param name who each row is, by the id it belongs to; null where that is its cluster
 */
function elsewhere(
  tied: Tied[],
  belongs: Int32Array,
  clusterOf: Int32Array,
  named: Int32Array,
  name: ((ids: Int32Array) => Int32Array) | null,
): number[] {
  const leaves = ({ p, instead }: Tied) => !instead || instead.some(id => clusterOf[id] !== clusterOf[belongs[p]]);
  const found = tied.filter(leaves).map(({ p }) => p);
  if (!name) return found;
  let left = tied.filter(each => !leaves(each));
  for (let nth = 0; left.length > 0; nth++) {
    const ids = belongs.slice();
    for (const { p, instead } of left) ids[p] = instead![nth];
    const then = name(ids);
    found.push(...left.filter(({ p }) => then[p] !== named[p]).map(({ p }) => p));
    left = left.filter(({ p, instead }) => then[p] === named[p] && nth + 1 < instead!.length);
  }
  return found;
}
