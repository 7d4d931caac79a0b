import { compareValues } from './lexical.ts';
import { type IdColumn, Nodes, type Positions } from './nodes.ts';
import type { People } from './participants.ts';

/**
 * Plain linking: every two ids on one row belong to one participant. A node is (kind, value).
 * The canonical id is the strongest kind's, earliest first seen, then smallest; the order of rows decides nothing.
 */
export function linkParticipants(events: Positions, kinds: readonly string[], columns: readonly IdColumn[]): People {
  const { count, time, source, row } = events;
  const nodes = new Nodes(kinds.length, columns, false);
  const parent = new Int32Array(nodes.count);
  for (let node = 0; node < parent.length; node++) parent[node] = node;
  const find = (node: number): number => {
    while (parent[node] !== node) {
      parent[node] = parent[parent[node]];
      node = parent[node];
    }
    return node;
  };

  const bySource: { codes: Int32Array; nodeOf: Int32Array }[][] = [];
  columns.forEach((column, i) => {
    bySource[column.source] ??= [];
    bySource[column.source].push({ codes: column.codes, nodeOf: nodes.of[i] });
  });
  // One of a row's nodes, and when each was first seen: positions ascend, so the first time is the earliest.
  const of = new Int32Array(count).fill(-1);
  const firstSeen = new Float64Array(nodes.count).fill(NaN);
  for (let p = 0; p < count; p++) {
    const ids = bySource[source[p]];
    if (!ids) continue;
    const r = row[p];
    let root = -1;
    for (let i = 0; i < ids.length; i++) {
      const code = ids[i].codes[r];
      if (code < 0) continue;
      const node = ids[i].nodeOf[code];
      if (Number.isNaN(firstSeen[node])) firstSeen[node] = time[p];
      const other = find(node);
      if (root < 0) root = other;
      else if (root !== other) {
        // The lower number leads: trees stay shallow enough with the halving above.
        if (other < root) {
          parent[root] = other;
          root = other;
        } else parent[other] = root;
      }
    }
    of[p] = root;
  }

  const participantOf = new Int32Array(nodes.count).fill(-1);
  let participants = 0;
  for (let p = 0; p < count; p++) {
    if (of[p] < 0) continue;
    const root = find(of[p]);
    if (participantOf[root] < 0) participantOf[root] = participants++;
    of[p] = participantOf[root];
  }
  const holder = (kind: string, id: string): number => {
    const node = nodes.find(kinds.indexOf(kind), id);
    return node < 0 || Number.isNaN(firstSeen[node]) ? -1 : participantOf[find(node)];
  };
  let canonical: Int32Array | null = null;
  return {
    resolution: null,
    of,
    count: participants,
    find: holder,
    has: (participant, kind, id) => holder(kind, id) === participant,
    standing: (kind, id) => (holder(kind, id) < 0 ? 'unseen' : 'known'),
    ids(position) {
      const on = (bySource[source[position]] ?? []).map(({ codes, nodeOf }) => nodeOf[codes[row[position]]]);
      return [...new Set(on.filter(node => node !== undefined))].sort((a, b) => a - b);
    },
    label(participant) {
      canonical ??= canonicalNodes(
        participants,
        nodes,
        node => (Number.isNaN(firstSeen[node]) ? -1 : participantOf[find(node)]),
        firstSeen,
      );
      const node = canonical[participant];
      return `${kinds[nodes.kindOf(node)]} ${nodes.text(node)}`;
    },
  };
}

function canonicalNodes(participants: number, nodes: Nodes, participantOf: (node: number) => number, firstSeen: Float64Array): Int32Array {
  const best = new Int32Array(participants).fill(-1);
  // Nodes ascend by kind, so whoever is there already is at least as strong.
  for (let node = 0; node < nodes.count; node++) {
    const participant = participantOf(node);
    if (participant < 0) continue;
    const other = best[participant];
    const better =
      other < 0 ||
      (nodes.kindOf(other) === nodes.kindOf(node) &&
        (firstSeen[node] < firstSeen[other] || (firstSeen[node] === firstSeen[other] && compareNodes(nodes, node, other) < 0)));
    if (better) best[participant] = node;
  }
  return best;
}

/** Of one kind, by code point. */
function compareNodes(nodes: Nodes, a: number, b: number): number {
  return compareValues(nodes.dictionaries[nodes.kindOf(a)], nodes.codeOf(a), nodes.codeOf(b));
}
