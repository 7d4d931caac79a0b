import type { IdentityPlan } from '../plan.ts';
import type { IdGraph, Sightings } from './graph.ts';
import { canonicalBy, namesOf } from './groups.ts';
import { rulesOf } from './rules.ts';
import {
  canonicalIds,
  conflictingRows,
  connected,
  edgesOf,
  ignoredIds,
  type Numbered,
  numbered,
  quarantinedIds,
  rowsBelonging,
} from './steps.ts';

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
  /** Who would be whom if nothing else decided: participants in order of first row, by position and as canonical ids. */
  readonly numbered: Numbered;
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
  const participants = numbered(namesOf(belongs, of), quarantined, graph.nodes.count);
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
    numbered: participants,
    rows,
  };
}
