import type { Participants } from '../events.ts';
import type { Resolution } from './resolve.ts';

/** Participants, and what becomes of an id. */
export interface People extends Participants {
  /** Null where no rule had anything to decide. */
  readonly resolution: Resolution | null;
  /** Whether an id is one of a participant's own: in its cluster, and not only on its rows. */
  has(participant: number, kind: string, id: string): boolean;
  /** `unseen`: on no row that counts. */
  standing(kind: string, id: string): 'known' | 'ignored' | 'quarantined' | 'unseen';
}

/** A resolution as the simulation reads it. */
export function participantsOf(resolution: Resolution): People {
  const { graph, rules, of, participants, clusterOf, ignored, erased, quarantined, without, seen } = resolution;
  const { nodes } = graph;
  const { kinds } = rules;
  let numberOf: Map<number, number> | null = null;
  const find = (kind: string, id: string): number => {
    const node = nodes.find(kinds.indexOf(kind), id);
    const canonical = node < 0 ? -1 : resolution.participantOf(node);
    if (canonical < 0) return -1;
    numberOf ??= new Map(Array.from(participants, (node, participant) => [node, participant]));
    return numberOf.get(canonical) ?? of[seen.nodes.last[node]];
  };
  return {
    resolution,
    of,
    count: participants.length,
    find,
    ids(position) {
      if (without?.[position]) return [];
      const own = graph.ids.subarray(graph.idsFrom[position], graph.idsFrom[position + 1]);
      return Array.from(own).filter(node => !ignored[node] && !quarantined[node]);
    },
    label(participant) {
      const node = participants[participant];
      return `${kinds[graph.kindOf[node]]} ${nodes.text(node)}`;
    },
    has(participant, kind, id) {
      const node = nodes.find(kinds.indexOf(kind), id);
      return node >= 0 && clusterOf[node] >= 0 && clusterOf[node] === clusterOf[participants[participant]];
    },
    standing(kind, id) {
      const node = nodes.find(kinds.indexOf(kind), id);
      if (node < 0 || erased?.[node]) return 'unseen';
      if (ignored[node]) return 'ignored';
      return clusterOf[node] < 0 ? 'unseen' : quarantined[node] ? 'quarantined' : 'known';
    },
  };
}
