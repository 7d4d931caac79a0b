import type { Participants } from '../events.ts';
import { Dictionary } from '../read/dictionary.ts';

/** The ids of one kind that one source's rows carry. */
export interface IdColumn {
  source: number;
  /** Index of the kind, 0 the strongest. */
  kind: number;
  /** By row of the source; -1 where it carries none. */
  codes: Int32Array;
  dictionary: Dictionary;
}

/** Events by position, with the row each comes from. */
interface Positions {
  count: number;
  time: Float64Array;
  source: Uint16Array;
  row: Uint32Array;
}

/**
 * Plain linking: every two ids on one row belong to one participant. A node is (kind, value).
 * The canonical id is the strongest kind's, earliest first seen, then smallest; the order of rows decides nothing.
 */
export function linkParticipants(events: Positions, kinds: readonly string[], columns: readonly IdColumn[]): Participants {
  const { count, time, source, row } = events;
  const nodes = numberNodes(kinds.length, columns);
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
  let canonical: Int32Array | null = null;
  return {
    of,
    count: participants,
    find(kind, id) {
      const node = nodes.find(kinds.indexOf(kind), id);
      return node < 0 || Number.isNaN(firstSeen[node]) ? -1 : participantOf[find(node)];
    },
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

interface Nodes {
  count: number;
  /** By column: from its codes to nodes. */
  of: Int32Array[];
  kindOf(node: number): number;
  text(node: number): string;
  /** -1 where nobody has it. */
  find(kind: number, text: string): number;
}

/** Nodes are numbered kind by kind, the strongest first. */
function numberNodes(kinds: number, columns: readonly IdColumn[]): Nodes {
  const of: Int32Array[] = [];
  const starts: number[] = [];
  const dictionaries: Dictionary[] = [];
  let count = 0;
  for (let kind = 0; kind < kinds; kind++) {
    const own = columns.map((column, i) => ({ column, i })).filter(({ column }) => column.kind === kind);
    const distinct = new Set(own.map(({ column }) => column.dictionary));
    // One column alone needs no merging: encoding half a million ids anew costs more than linking them.
    const dictionary = distinct.size === 1 ? own[0].column.dictionary : new Dictionary();
    for (const { column, i } of own) {
      const codes = distinct.size === 1 ? null : dictionary.merge(column.dictionary);
      of[i] = new Int32Array(column.dictionary.count);
      for (let code = 0; code < of[i].length; code++) of[i][code] = count + (codes ? codes[code] : code);
    }
    starts.push(count);
    dictionaries.push(distinct.size === 1 ? dictionary : dictionary.seal());
    count += dictionary.count;
  }
  const kindOf = (node: number): number => {
    let kind = kinds - 1;
    while (starts[kind] > node) kind--;
    return kind;
  };
  return {
    count,
    of,
    kindOf,
    text: node => dictionaries[kindOf(node)].text(node - starts[kindOf(node)]),
    find: (kind, text) => {
      const code = dictionaries[kind]?.find(text) ?? -1;
      return code < 0 ? -1 : starts[kind] + code;
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
        (firstSeen[node] < firstSeen[other] || (firstSeen[node] === firstSeen[other] && nodes.text(node) < nodes.text(other))));
    if (better) best[participant] = node;
  }
  return best;
}
