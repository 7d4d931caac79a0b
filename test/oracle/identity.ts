/** identity.md, step by step: from rows and rules to who is one customer. Sets and walks, no union-find. An id is its text `kind value`. */
import { holds } from './conditions.ts';
import type { IdentityDef } from './model.ts';

/** A row as identity sees it: the instant it stands at, and its ids in order of the source's lines, normalised. */
export interface IdRow {
  time: number;
  ids: string[];
}
/** What becomes of a row. */
export interface Fate {
  /** `nobody`: it carries no id at all. */
  is: 'a customer' | 'nobody' | 'ignored' | 'conflicting' | 'quarantined';
  /** The id it belongs to, before the canonical one of its group; null where it belongs to nobody. */
  belongs: string | null;
  /** The canonical id; null where nobody's. */
  participant: string | null;
  /** Its ids that are neither ignored nor quarantined. */
  speaks: string[];
}
export interface Edge {
  /** The stronger endpoint, and the weaker. */
  a: string;
  b: string;
  firstSeen: number;
  lastSeen: number;
  /** All instants at which they shared a row. */
  at: number[];
}
export interface Resolution {
  rows: Fate[];
  /** The clusters of step 4; a quarantined id is one alone. */
  clusters: Set<string>[];
  quarantined: Set<string>;
  refused: Edge[];
  /** Canonical ids of the customers where only kind and value, or an equal instant, decided. */
  ambiguous: Set<string>;
  /** By `ignore` rule: values, and rows that carry one. */
  ignoredBy: { values: number; rows: number }[];
  /** The canonical id that a row with this id alone would belong to at an instant; null for nobody. */
  participantAt(id: string, time: number): string | null;
}

/** @param erased ids that erasure took: as if ignored on the rows of others */
export function resolve(rules: IdentityDef, rows: IdRow[], erased: Set<string> = new Set()): Resolution {
  const rank = (id: string) => rules.kinds.findIndex(({ name }) => name === kindOf(id));

  // 1. "Extract ids per row, normalise as declared, drop ignored values (counted per rule). A node is (kind, value)."
  const ignoredBy = rules.ignores.map(({ kind, where }) => {
    const meets = (id: string) => (kind === 'any' || kind === kindOf(id)) && holds(where, { value: valueOfId(id) });
    return {
      meets,
      values: new Set(rows.flatMap(({ ids }) => ids.filter(meets))).size,
      rows: rows.filter(row => row.ids.some(meets)).length,
    };
  });
  const counts = (id: string) => !erased.has(id) && !ignoredBy.some(({ meets }) => meets(id));
  const idsOf = rows.map(({ ids }) => [...new Set(ids.filter(counts))]);
  // "A row with two values of a `unique` kind makes no edges, belongs to nobody, and is reported." It exists for nobody.
  const conflicting = idsOf.map(ids => rules.kinds.some(({ name, unique }) => unique && ids.filter(id => kindOf(id) === name).length > 1));
  const looked = rows.map(({ time }, r) => ({ time, ids: conflicting[r] ? [] : idsOf[r] }));
  const nodes = [...new Set(looked.flatMap(({ ids }) => ids))];
  const firstSeen = new Map(nodes.map(id => [id, Math.min(...looked.filter(row => row.ids.includes(id)).map(row => row.time))]));
  /** "Of equal kinds: earliest first seen, then smallest." */
  const strongerFirst = (x: string, y: string) =>
    rank(x) - rank(y) || firstSeen.get(x)! - firstSeen.get(y)! || compareTexts(valueOfId(x), valueOfId(y));
  const strongest = (ids: Iterable<string>) => [...ids].sort(strongerFirst)[0];

  // 2. "Every two ids on one row are an edge (unless `link` rules narrow which kinds may link), kept once with first and last seen."
  const names = (kind: string, other: string) => rules.links.some(link => link.kind === kind && link.with.includes(other));
  const mayLink = (x: string, y: string) => rules.links.length === 0 || names(kindOf(x), kindOf(y)) || names(kindOf(y), kindOf(x));
  const edges: Edge[] = [];
  for (const { time, ids } of looked)
    for (const x of ids)
      for (const y of ids) {
        // Of one kind the smaller value counts as the stronger endpoint.
        const ordered = rank(x) < rank(y) || (rank(x) === rank(y) && compareTexts(valueOfId(x), valueOfId(y)) < 0);
        if (!ordered || !mayLink(x, y)) continue;
        let edge = edges.find(({ a, b }) => a === x && b === y);
        if (!edge) {
          edge = { a: x, b: y, firstSeen: time, lastSeen: time, at: [] };
          edges.push(edge);
        }
        edge.firstSeen = Math.min(edge.firstSeen, time);
        edge.lastSeen = Math.max(edge.lastSeen, time);
        edge.at.push(time);
      }

  // 3. "`shared K when more than n U`: every K node with more than n distinct U neighbours is quarantined: no links, whatever their age."
  const neighbours = (id: string, kind: string) =>
    edges.flatMap(({ a, b }) => (a === id ? b : b === id ? a : [])).filter(other => kindOf(other) === kind);
  const quarantined = new Set(
    nodes.filter(id => rules.shared.some(rule => rule.kind === kindOf(id) && neighbours(id, rule.of).length > rule.moreThan)),
  );
  const free = edges.filter(({ a, b }) => !quarantined.has(a) && !quarantined.has(b));

  // 4. "Sort edges by a strict total order: stronger *weaker endpoint* first, then `keep latest` (last seen, newest first) or `keep
  // earliest` (first seen, oldest first), then the stronger stronger-endpoint, then kind and value."
  const byPolicy = (x: Edge, y: Edge) =>
    rank(x.b) - rank(y.b) || (rules.keep === 'latest' ? y.lastSeen - x.lastSeen : x.firstSeen - y.firstSeen) || rank(x.a) - rank(y.a);
  const inOrder = (x: Edge, y: Edge) =>
    byPolicy(x, y) || compareTexts(valueOfId(x.a), valueOfId(y.a)) || compareTexts(valueOfId(x.b), valueOfId(y.b));
  const sorted = [...free].sort(inOrder);
  /** "Refuse an edge that would break a `unique` or `max n` limit (per cluster)", or a `never link`. */
  const breaksALimit = (union: Set<string>) =>
    rules.kinds.some(({ name, unique, max }) => {
      const most = unique ? 1 : (max ?? Number.POSITIVE_INFINITY);
      return [...union].filter(id => kindOf(id) === name).length > most;
    }) || rules.neverLinks.some(({ a, b }) => union.has(a) && union.has(b));
  let clusters = nodes.map(id => new Set([id]));
  const clusterIn = (among: Set<string>[], id: string) => among.find(cluster => cluster.has(id))!;
  const isRefused = (among: Set<string>[], { a, b }: Edge) => {
    const [x, y] = [clusterIn(among, a), clusterIn(among, b)];
    return x !== y && breaksALimit(new Set([...x, ...y]));
  };
  const refused: Edge[] = [];
  const undecided: Edge[] = [];
  let beforeClass = clusters;
  sorted.forEach((edge, i) => {
    if (i === 0 || byPolicy(sorted[i - 1], edge) !== 0) beforeClass = clusters;
    if (isRefused(clusters, edge)) {
      refused.push(edge);
      // "Where only kind and value decided a refusal": it would have been accepted in the state before its class.
      if (!isRefused(beforeClass, edge)) undecided.push(edge);
      return;
    }
    const [x, y] = [clusterIn(clusters, edge.a), clusterIn(clusters, edge.b)];
    if (x !== y) clusters = [...clusters.filter(cluster => cluster !== x && cluster !== y), new Set([...x, ...y])];
  });
  const clusterOf = (id: string) => clusterIn(clusters, id);
  const ambiguous = new Set(undecided.flatMap(({ a, b }) => [strongest(clusterOf(a)), strongest(clusterOf(b))]));

  // 5. "A link covers rows from first seen - R to last seen + V; of two kinds the shorter."
  const R = rules.retroactive ?? Number.POSITIVE_INFINITY;
  const validOf = ({ a, b }: { a: string; b: string }) =>
    Math.min(...[a, b].map(id => rules.kinds[rank(id)].valid ?? Number.POSITIVE_INFINITY));
  const links = free.filter(({ a, b }) => clusterOf(a) === clusterOf(b));
  /** "At a row's time the covering links between ids of its cluster form groups." */
  const groupAt = (id: string, time: number): Set<string> => {
    const covering = links.filter(link => link.firstSeen - R <= time && time <= link.lastSeen + validOf(link));
    const group = new Set([id]);
    for (const reached of group)
      for (const { a, b } of covering)
        if (a === reached) group.add(b);
        else if (b === reached) group.add(a);
    return group;
  };

  // 6. "`anonymous split by time`: a row without an id of the strongest kind goes from its strongest id to the stronger id that shared a
  // row with it last, at or before the row, refused links included, within V; else to the next one, within R; repeat upwards."
  const neverLinked = (x: string, y: string) => rules.neverLinks.some(({ a, b }) => (a === x && b === y) || (a === y && b === x));
  const climb = (from: string, time: number): { id: string; undecided: boolean; instead: string[] } => {
    const here = { id: from, undecided: false, instead: [] };
    if (!rules.splitByTime || rank(from) === 0) return here;
    const meetings = free
      .filter(({ a, b }) => b === from && rank(a) < rank(from) && !neverLinked(a, b))
      .flatMap(edge => edge.at.map(at => ({ edge, at })));
    const past = meetings.filter(({ edge, at }) => at <= time && time - at <= validOf(edge));
    const future = meetings.filter(({ at }) => at > time && at - time <= R);
    const instant =
      past.length > 0 ? Math.max(...past.map(({ at }) => at)) : future.length > 0 ? Math.min(...future.map(({ at }) => at)) : null;
    if (instant === null) return here;
    // "Of equal instants the edge that is first in 4, counted as *identity-ambiguous*."
    const there = (past.length > 0 ? past : future).filter(({ at }) => at === instant).map(({ edge }) => edge);
    const [first] = there.sort(inOrder);
    const next = climb(first.a, time);
    const instead = there.map(({ a }) => climb(a, time)).flatMap(({ id, instead }) => [id, ...instead]);
    return { id: next.id, undecided: next.undecided || there.some(({ a }) => a !== first.a), instead };
  };

  const fates = rows.map((row, r): Fate => {
    const none = { belongs: null, participant: null, speaks: [] };
    if (row.ids.length === 0) return { is: 'nobody', ...none };
    // 8. "Rows whose every id was ignored belong to nobody, and are counted."
    if (idsOf[r].length === 0) return { is: 'ignored', ...none };
    if (conflicting[r]) return { is: 'conflicting', ...none };
    // "A row belongs to its strongest id that isn't quarantined; a quarantined id alone is a cluster that enters no journey."
    const speaks = idsOf[r].filter(id => !quarantined.has(id));
    if (speaks.length === 0) return { is: 'quarantined', belongs: strongest(idsOf[r]), participant: null, speaks };
    const belongs = climb(strongest(speaks), row.time);
    // 7. "Canonical id: the strongest kind's value, earliest first seen, then smallest."
    const participant = strongest(groupAt(belongs.id, row.time));
    // Nothing is ambiguous where each of them leads to the same customer, as the user and the address of one row mostly do.
    if (belongs.undecided && belongs.instead.some(id => strongest(groupAt(id, row.time)) !== participant)) ambiguous.add(participant);
    return { is: 'a customer', belongs: belongs.id, participant, speaks };
  });

  const participantAt = (id: string, time: number) =>
    firstSeen.has(id) && !quarantined.has(id) ? strongest(groupAt(climb(id, time).id, time)) : null;
  return {
    rows: fates,
    clusters,
    quarantined,
    refused,
    ambiguous,
    ignoredBy: ignoredBy.map(({ values, rows }) => ({ values, rows })),
    participantAt,
  };
}

export function kindOf(id: string): string {
  return id.slice(0, id.indexOf(' '));
}
export function valueOfId(id: string): string {
  return id.slice(id.indexOf(' ') + 1);
}

/** By code point. */
function compareTexts(x: string, y: string): number {
  const [a, b] = [x, y].map(text => [...text].map(letter => letter.codePointAt(0)!));
  const i = a.findIndex((code, i) => code !== b[i]);
  if (i < 0) return a.length - b.length;
  return i < b.length ? a[i] - b[i] : 1;
}
