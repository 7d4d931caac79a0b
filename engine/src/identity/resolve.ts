import type { IdentityPlan, Instant } from '../plan.ts';
import { Anonymous } from './anonymous.ts';
import { cluster, type Refusal } from './cluster.ts';
import { FATE } from './fate.ts';
import type { IdGraph, Sightings } from './graph.ts';
import { type Canonical, coverOf, groupsAt, groupsByRow, namesOf } from './groups.ts';
import { linkOrder, neverLinks, orderOf, placesOf, type Rules, rulesOf } from './rules.ts';
import { canonicalIds, conflictingRows, edgesOf, ignoredIds, numbered, quarantinedIds, rowsBelonging } from './steps.ts';

export { FATE } from './fate.ts';

/** What an erasure took: it is as if it had never been. */
export interface Erased {
  /** By position: 1 for rows that don't exist any more. */
  rows: Uint8Array | null;
  /** By node: 1 for ids that don't count on the rows of others either. */
  ids: Uint8Array | null;
}

/** Who is one customer. Ids are nodes of the graph, rows are positions. */
export interface Resolution {
  readonly graph: IdGraph;
  readonly identity: IdentityPlan;
  readonly rules: Rules;
  readonly asOf: Instant | null;
  /** By position: the participant; -1 for none. */
  readonly of: Int32Array;
  /** By participant, in order of first row: its canonical id. */
  readonly participants: Int32Array;
  /**
   * By position: the id the row belongs to, before the canonical one of its group. -1: it belongs to nobody. A row whose every id is
   * in quarantine belongs to its strongest, and to no participant.
   */
  readonly belongs: Int32Array;
  /** By node: the canonical id of its cluster, itself where it is in quarantine; -1 where it is on no row that counts, or ignored. */
  readonly clusterOf: Int32Array;
  /** By node: 1 where a rule ignores its value, or it is erased. */
  readonly ignored: Uint8Array;
  /** By node: 1 where it is erased; null where none is. */
  readonly erased: Uint8Array | null;
  /** By node: 1 where too many share it. */
  readonly quarantined: Uint8Array;
  /** By position: 1 for rows with two values of a unique kind, and for erased ones; null where there are none. */
  readonly without: Uint8Array | null;
  /** By node and by pair, over the rows that count: positions, and numbers of rows. */
  readonly seen: Sightings;
  /** By pair: one of FATE. */
  readonly fate: Uint8Array;
  /** Pairs in the order in which they were looked at: merged, refused or together. */
  readonly order: Int32Array;
  /** Pairs that made one cluster of two, in order. */
  readonly merges: Int32Array;
  /** In order. The ids of each stand in different clusters. */
  readonly refused: readonly Refusal[];
  /** Canonical ids of participants where only kind and value, or of an equal instant the order of links, decided between customers. */
  readonly ambiguous: ReadonlySet<number>;
  /** Rows that belong to nobody, by reason, and rows that only ids in quarantine carry. */
  readonly rows: { withoutId: number; ignored: number; conflicting: number; quarantined: number };
  /** Positions of rows with two values of a unique kind. */
  readonly conflicting: Int32Array;
  /** By `ignore` rule: values, and rows that carry one. */
  readonly ignoredBy: readonly { values: number; rows: number }[];
  /** By `shared` rule: ids that it puts into quarantine. */
  readonly sharedBy: readonly { ids: number }[];
  /** The canonical id of the participant that a row with this id alone would have at as-of; -1 for none. */
  participantOf(node: number): number;
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

/**
 * Who is one customer: a function of the rows, the rules and what was erased. The graph holds all that doesn't depend on the rules, so
 * resolving again under others costs little.
 */
export function resolve(graph: IdGraph, identity: IdentityPlan, asOf: Instant | null, erased?: Erased): Resolution {
  const rules = rulesOf(identity);
  const { kindOf, pairs, nodes } = graph;
  const { ignored, ignoredBy } = ignoredIds(graph, identity, rules, erased);
  const { conflicting, without } = conflictingRows(graph, rules, ignored, erased?.rows ?? null);
  const seen = graph.seenWithout(without);

  const fate = edgesOf(graph, rules, ignored, seen.pairs);
  const { quarantined, sharedBy } = quarantinedIds(graph, identity, rules, fate);
  const never = neverLinks(graph, identity, rules);
  const order = orderOf(linkOrder(graph, seen, identity.onConflict.keep), fate, FATE.together);
  const clusters = cluster(graph, rules, order, never);
  for (const pair of clusters.merges) fate[pair] = FATE.merged;
  for (const { pair } of clusters.refused) fate[pair] = FATE.refused;

  const { tick, time } = graph;
  const { firstTick } = seen.nodes;
  const canonical: Canonical = (x, y) => ((kindOf[x] - kindOf[y] || firstTick[x] - firstTick[y] || x - y) <= 0 ? x : y);
  const clusterOf = canonicalIds(graph, clusters, canonical, seen.nodes, ignored, quarantined);
  const ambiguous = new Set<number>();
  for (const { pair, undecided } of clusters.refused) {
    if (!undecided) continue;
    ambiguous.add(clusterOf[pairs.a[pair]]);
    ambiguous.add(clusterOf[pairs.b[pair]]);
  }

  const { belongs, rows } = rowsBelonging(graph, canonical, ignored, quarantined, without, conflicting.length);
  const anonymous = identity.splitByTime && new Anonymous(graph, rules, placesOf(graph, order, never), without);
  const tied: Tied[] = [];
  if (anonymous) {
    for (let p = 0; p < graph.count; p++) {
      if (belongs[p] < 0 || kindOf[belongs[p]] === 0 || quarantined[belongs[p]]) continue;
      const from = belongs[p];
      belongs[p] = anonymous.from(from, tick[p], time[p]);
      if (!anonymous.tied) continue;
      const instead = anonymous.all(from, tick[p], time[p]);
      if (instead === null || instead.length > 1) tied.push({ p, instead: instead?.filter(id => id !== belongs[p]) });
    }
  }

  const cover = coverOf(graph, rules, seen.pairs);
  const links = () => order.pairs.filter(pair => fate[pair] !== FATE.refused);
  const name = (ids: Int32Array) => (cover ? groupsByRow(graph, ids, clusterOf, links(), cover, canonical) : namesOf(ids, clusterOf));
  const named = name(belongs);
  for (const p of elsewhere(tied, belongs, clusterOf, named, cover ? name : null)) ambiguous.add(named[p]);
  const { of, participants } = numbered(named, quarantined, nodes.count);

  const instant = asOf ?? (graph.count ? time[graph.count - 1] : 0);
  let atEnd: Int32Array | null = null;
  return {
    graph,
    identity,
    rules,
    asOf,
    of,
    participants,
    belongs,
    clusterOf,
    ignored,
    erased: erased?.ids ?? null,
    quarantined,
    without,
    seen,
    fate,
    order: order.pairs,
    merges: clusters.merges,
    refused: clusters.refused,
    ambiguous,
    rows,
    conflicting,
    ignoredBy,
    sharedBy,
    participantOf(node) {
      if (clusterOf[node] < 0 || quarantined[node]) return -1;
      const id = anonymous ? anonymous.from(node, graph.ticks, instant) : node;
      atEnd ??= cover ? groupsAt(graph, links(), cover, canonical, instant) : clusterOf;
      return atEnd[id];
    },
  };
}
