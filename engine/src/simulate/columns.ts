import type { DerivedEvents } from '../derive/index.ts';
import type { Instant } from '../plan.ts';
import type { EntryFacts } from './entry.ts';
import type { Rules } from './rules.ts';
import type { Timeline } from './timeline.ts';

/** `runs.endRule` of a run that is still open at as-of. */
export const ACTIVE = -1;

/** `visits.kind`: the stage became current; it was current already; it matched beside the one that became current. */
export const BECAME = 0;
export const REPEATED = 1;
export const TOUCHED = 2;

/**
 * What a journey did to a sample, as columns: the ground for numbers, explanations, paths and SQL tables.
 *
 * Rows are sorted by instance, and in order of time within one. Events are named by their slot: `timeline.position` and
 * `timeline.time` say which and when.
 */
export interface Fold {
  /** Null where there is no event and no as-of: nothing happened. */
  asOf: Instant | null;
  /** What was folded: the rows, and what is made of them. */
  events: DerivedEvents;
  facts: EntryFacts;
  timeline: Timeline;
  rules: Rules;
  runs: {
    count: number;
    instance: Int32Array;
    /** Slot of the entry event. */
    entry: Int32Array;
    /** Index into the journey's `enters`. */
    enterRule: Int32Array;
    /** Instant; NaN while active. */
    end: Float64Array;
    /** Index into the journey's `ends`; their number for Restarted; ACTIVE. */
    endRule: Int32Array;
    /** Slot of the event that ended it; -1 where a clock did, or nothing. */
    endedBy: Int32Array;
    /** Its own events are the slots from `entry` up to this one, excluded. An entry event that restarts is none of those of the run it ends. */
    to: Int32Array;
    /** Its visits are visitFrom[run] up to visitFrom[run + 1]. */
    visitFrom: Int32Array;
    /** 1 where the order of a tie may have decided it. */
    ambiguous: Uint8Array;
  };
  /** `stage` is an index into the journey's `stages`. */
  visits: { count: number; stage: Uint16Array; slot: Int32Array; kind: Uint8Array };
  /** `reason` is an index into REJECTION_REASONS. */
  rejections: { count: number; instance: Int32Array; slot: Int32Array; enterRule: Int32Array; reason: Uint8Array };
  /** Events that matched an entry rule. */
  attempts: number;
  ambiguousInstances: number;
  /** By index of a source with day-grained rows: ambiguous runs that are certain without the ties these take part in. */
  ambiguousBy: { source: number; runs: number }[];
  withoutKey: number;
}
