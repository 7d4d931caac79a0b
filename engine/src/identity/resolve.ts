import type { IdentityPlan, Instant } from '../plan.ts';
import type { Refusal } from './cluster.ts';
import { type Components, componentsOf } from './components.ts';
import { assigned, linked } from './decide.ts';
import type { IdGraph, Sightings } from './graph.ts';
import { partOf } from './part.ts';
import { neverLinks, type Rules, rulesOf } from './rules.ts';
import { numbered, renumbered } from './steps.ts';
import { undecided } from './undecided.ts';

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

/**
 * Who is one customer: a function of the rows, the rules and what was erased. What no rule can decide anything in is left as it hangs
 * together; the rest is gone through step by step.
 * @param components what hangs together under these rules: `componentsOf`
 */
export function resolve(
  graph: IdGraph,
  identity: IdentityPlan,
  asOf: Instant | null,
  components: Components = componentsOf(graph, identity),
): Resolution {
  const rules = rulesOf(identity);
  const never = neverLinks(graph, identity, rules);
  const { quarantined, fate, of: componentOf } = components;
  const link = (wanted: Uint8Array) => linked(partOf(graph, components, wanted), identity, rules, never);
  const open = undecided(graph, components, rules, never, null);
  const found = link(open);
  const { part } = found;
  const rows = assigned(found, identity, rules);

  const clusterOf = patched(componentOf, part.nodeOf, found.clusterOf, part.nodeOf);
  const own = numbered(rows.named, null, part.graph.nodes.count);
  const { of, participants } = renumbered(components.numbered, open, own, part.positionOf, part.nodeOf);

  const instant = asOf ?? (graph.count ? graph.time[graph.count - 1] : 0);
  // Few ask for these: all components are gone through then.
  const whole = once(() => link(new Uint8Array(graph.nodes.count).fill(1)));
  const today = once(() => {
    const open = undecided(graph, components, rules, never, instant);
    const found = link(open);
    return { open, part: found.part, ...assigned(found, identity, rules) };
  });
  const belongs = once(() => {
    if (!identity.splitByTime) return components.belongs;
    const { part } = whole();
    return patched(components.belongs, part.positionOf, assigned(whole(), identity, rules).belongs, part.nodeOf);
  });
  const fates = once(() => {
    const all = fate.slice();
    whole().fate.forEach((of, pair) => {
      all[whole().part.pairOf[pair]] = of;
    });
    return all;
  });
  const pairs = (own: Int32Array) => own.map(pair => whole().part.pairOf[pair]);
  const order = once(() => pairs(whole().order.pairs));
  const merges = once(() => pairs(whole().merges));
  return {
    graph,
    identity,
    rules,
    asOf,
    of,
    participants,
    clusterOf,
    ignored: components.ignored,
    erased: components.erased,
    quarantined,
    without: components.without,
    seen: components.seen,
    refused: found.refused.map(refusal => ({ ...refusal, pair: part.pairOf[refusal.pair] })),
    ambiguous: new Set(Array.from(rows.ambiguous, node => part.nodeOf[node])),
    rows: components.rows,
    conflicting: components.conflicting,
    ignoredBy: components.ignoredBy,
    sharedBy: components.sharedBy,
    get belongs() {
      return belongs();
    },
    get fate() {
      return fates();
    },
    get order() {
      return order();
    },
    get merges() {
      return merges();
    },
    participantOf(node) {
      if (clusterOf[node] < 0 || quarantined[node]) return -1;
      const { open, part, at } = today();
      return open[componentOf[node]] ? part.nodeOf[at(part.numberOf[node], instant)] : clusterOf[node];
    },
  };
}

/** With a part's numbers in their places, but for those that the part doesn't tell. */
function patched(whole: Int32Array, places: Int32Array, values: Int32Array, nodeOf: Int32Array): Int32Array {
  const copy = whole.slice();
  for (let i = 0; i < places.length; i++) if (values[i] >= 0) copy[places[i]] = nodeOf[values[i]];
  return copy;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
