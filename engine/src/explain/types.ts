/** What an explanation says: the proof of every participation and rejected attempt of one person in one journey. */
import type { At, Instant, RejectionReason } from '../plan.ts';

export interface ExplainOptions {
  /** Its name. */
  journey: string;
  /** An id of the person, in any kind: `u17`, `user:u17`, `jane@x.example`. */
  who?: string;
  /** Instead of `who`, the first that is like this: `rejected`, `active`, `completed`, `exited`, `ambiguous`, a reason, or the name of an end. */
  any?: string;
  /** Milliseconds UTC; before the plan's own and the default, the last event's time. */
  asOf?: Instant;
  /** Also hand over the events themselves, as a scenario needs them. */
  rows?: boolean;
  signal?: AbortSignal;
}

export interface Explanation {
  journey: string;
  /** The property that tells instances apart, in a journey `per` one. */
  per?: string;
  /**
   * The canonical id, such as `user u17`, or `email no. 17` where that is personal data; null where nobody was found: `note` says
   * what to look for.
   */
  participant: string | null;
  /** All ids of the person, the strongest kind first. Null for a value that is personal data. */
  ids: { kind: string; value: string | null }[];
  /** Null where there is no event at all. */
  asOf: Instant | null;
  /** One, or with `per` one for each value that something happened to, in order of their first event. */
  instances: ExplainedInstance[];
  /** What else is worth knowing, or to do. */
  note?: string;
  /** With `rows`: what happened to the person as far as the journey reads it, and what links the person's ids. */
  rows?: ExplainedRow[];
  /** With `rows`: columns that are not on them, because no made-up value can stand for personal data that a condition takes apart. */
  leftOut?: string[];
}

export interface ExplainedInstance {
  /** The value of the `per` property, or what stands for it where it is personal data; null without `per`. */
  key: string | null;
  /** Two of its rows stand at one instant, and their order may have decided. */
  ambiguous: boolean;
  /** Those two. `day`: at least one of them has a date without time, and so is at every instant of its day. */
  tie?: { at: Instant; events: [ExplainedEvent, ExplainedEvent]; day?: true };
  runs: ExplainedRun[];
  /** In order of time. */
  steps: Step[];
  /** Of runs still active, or lost; and where nobody ever entered. */
  open: OpenEnd[];
}

export interface ExplainedRun {
  /** Index into the instance's runs, from 1: what people call it. */
  number: number;
  entered: Instant;
  enter: string;
  /** Null while active. */
  ended: Instant | null;
  end: string | null;
  outcome: 'active' | 'completed' | 'exited' | 'restarted';
  /** The stages it was in, in order, repeats in a row left out. */
  visits: string[];
  ambiguous: boolean;
}

export interface ExplainedEvent {
  source: string;
  name: string;
  /** What the rule's own condition reads of it; `(withheld: contact.email)` for personal data. */
  fields: Record<string, string>;
  /** Where it is what did not happen, such as `AddedToCart then no Ordered within 1h`; source, name and fields are then of what was not followed. */
  absence?: string;
}

/** What one event, or one clock, did. */
export interface Step {
  at: Instant;
  /** Null: a clock. */
  event: ExplainedEvent | null;
  /** `counted`: one of the events of an `n of` rule. `ignored`: met a rule that has nothing to say outside of a run. */
  what: 'entered' | 'rejected' | 'stage' | 'repeat' | 'counted' | 'completed' | 'exited' | 'restarted' | 'ignored';
  rule: string;
  line: At;
  reason?: RejectionReason;
  /** A sentence for people. */
  because: string;
  /** The number of the run it belongs to; null outside. */
  run: number | null;
}

/** A rule that did not fire. Nearest first: clocks by when they are due, then near misses, then what came at the wrong time, then what never came. */
export interface OpenEnd {
  rule: string;
  line: At;
  because: string;
  /** When its clock fires, if nothing happens before. */
  due?: Instant;
  /** The number of the run; null where nobody entered. */
  run: number | null;
}

/** An event with all that the journey reads of it. Personal data is made up: equal where it was equal, and never what it was. */
export interface ExplainedRow {
  at: Instant;
  source: string;
  event: string;
  ids: { kind: string; value: string; madeUp?: true }[];
  fields: {
    path: string[];
    table?: string;
    value: string | number | boolean /** the column is where this kind of id comes from */;
    idKind?: string;
  }[];
}
