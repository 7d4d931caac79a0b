/**
 * The Result: what a Plan did to the sample. Plain serialisable data, the same for the editor, the terminal and CI.
 *
 * `Preview` holds everything a view needs; `PreviewJson` (in the command line's reporters) is the documented subset.
 * Times are milliseconds; instants milliseconds since 1970-01-01 UTC.
 */
import type { At, Instant, Millis, Quantity, RejectionReason } from './plan.ts';

/**
 * A count of runs, rows or people, or what is told in place of one: *few*, it is about fewer people than may be spoken of; *withheld*,
 * it would give away such a number, or be given away by it.
 */
export type Count = number | Untold;
export type Untold = 'few' | 'withheld';

export interface Preview {
  schema: Schema;
  result: Result;
  /** What is wrong with the data, or with the definition in the light of it, as far as the engine alone can tell. */
  problems: DataProblem[];
  timings: { loadMs: number; matchMs: number; foldMs: number; totalMs: number };
}

/** What the sample looks like: the ground on which expressions are typed, and names completed. */
export interface Schema {
  sources: Record<string, SourceSchema>;
  tables: Record<string, TableSchema>;
}
export interface SourceSchema {
  /** By dotted path, in order of appearance. Holds every column of the files, used or not. */
  columns: Record<string, ColumnSchema>;
  /** Rows by event name, most frequent first. */
  events: Record<string, number>;
  /** Names that the definition speaks of and no row has any more: those that had one were erased, or are older than what is retained. */
  gone?: string[];
}
export interface TableSchema {
  columns: Record<string, ColumnSchema>;
  rows: number;
}
export interface ColumnSchema {
  /** `mixed`: some values are numbers or booleans and others texts; compared as text. */
  type: 'text' | 'number' | 'boolean' | 'time' | 'mixed' | 'empty';
  /** Share of looked-at rows in which it is missing, 0 to 1. */
  missing: number;
  /** A few frequent values, for completion and hovers; none for a column with about one value a row. */
  examples: string[];
}

export interface DataProblem {
  /** Stable, kebab-case; has a page in docs/diagnostics. */
  code: string;
  severity: 'error' | 'warning' | 'info';
  message: string;
  /** The line of the definition it belongs to. */
  at: At;
  /** Where in the data; lines count from 1. */
  data?: { path: string; line?: number };
  /** Edits that would mend it, the best first. */
  fixes?: { title: string; edits: { at: At; text: string }[] }[];
}

export interface Result {
  version: 1;
  asOf: Instant | null;
  sources: Record<string, SourceResult>;
  tables: Record<string, { rows: number }>;
  /** Set where the plan withholds numbers about fewer people than this. */
  suppressedBelow?: number;
  /** Rows that match each named event, at or before as-of. */
  events: Record<string, Count>;
  /** Identity clusters, over all identities used by a journey. */
  people: Count;
  /** By name, those that a journey uses. */
  identities: Record<string, IdentityResult>;
  journeys: JourneyResult[];
  scenarios: ScenarioResult[];
  /** Of the file itself: what it expects of its sources. */
  expectations: ExpectationResult[];
}

/** Who was told apart, and what was left out: what every preview knows. The rest is in an identity report. */
export interface IdentityResult {
  /** Participants that have rows. */
  customers: Count;
  /** Rows whose every id was ignored, and rows with two values of a unique kind: they belong to nobody. */
  ignored: number;
  conflicting: number;
  /** Ids that too many share, and the rows that carry no other: they enter no journey. */
  quarantined: { ids: number; rows: number };
  /** Links that a limit or a `never link` refused. */
  refused: number;
  /** Customers where only kind and value, or an equal instant, decided. */
  ambiguous: Count;
  /** By `ignore` rule, in order of declaration: values, and rows that carry one. */
  ignoredBy: { at: At; values: number; rows: number }[];
  /** What erasure took: requests, those of them that belong to nobody, people, and rows. */
  erased: { requests: Count; unmatched: number; people: Count; rows: Count };
}

export interface ExpectationResult {
  text: string;
  /** null: undecided */
  ok: boolean | null;
  actual: string;
  severity: 'error' | 'warning' | 'info';
  message?: string;
  at: At;
}

export interface SourceResult {
  /** Data rows read, header lines apart. */
  rows: number;
  /** Rows that are events: readable time, not a duplicate, at or before as-of, meeting `where`. */
  events: number;
  duplicates: number;
  /** Rows without a readable time. */
  unreadable: number;
  /** Rows that carry none of the ids the source declares. */
  withoutId: number;
  /** Of the events; null where there are none. */
  from: Instant | null;
  to: Instant | null;
  files: number;
  bytes: number;
  dayGrained: boolean;
  /** Rows after as-of. */
  later: number;
  /** Rows told after newer ones: more than a day older than a row above them in their file. */
  late: number;
  /** Spans without any event, where it usually has some: the longest first, at most 10. */
  gaps: { from: Instant; to: Instant }[];
  /** Rows that don't exist any more: taken by an erasure, or older than what is retained. */
  erased: number;
  expired: number;
}

/** Where nothing is withheld its counts are plain numbers: `JourneyResult<number>`. */
export interface JourneyResult<C extends Count = Count> {
  name: string;
  /** Set where the plan withholds numbers about fewer people than this: *few* are such numbers. */
  suppressedBelow?: number;
  attempts: C;
  entered: C;
  /** Distinct participants of the runs. */
  people: C;
  /** By entry rule, every rule a key. */
  entries: Record<string, C>;
  active: C;
  completed: C;
  /** By end rule, every rule a key, completions too; `Restarted` where the policy allows it. */
  exits: Record<string, C>;
  /** Only reasons that occurred. */
  rejected: Partial<Record<RejectionReason, C>>;
  /** By entry rule: how often it was attempted, and why its attempts were turned away. */
  attemptsBy: Record<string, { attempts: C; rejected: Partial<Record<RejectionReason, C>> }>;
  /** Order-ambiguous runs. */
  ambiguous: C;
  ambiguousInstances: C;
  /**
   * By day-grained source: order-ambiguous runs that would be certain if ties with its dates without a time of day were none.
   * Absent where no source is day-grained, and where numbers are withheld.
   */
  ambiguousBy?: Record<string, number>;
  /** Rows left out because the `per` property is missing; those that end `for all` are not counted. */
  withoutKey: C;
  stages: Record<string, { reached: C; visits: C /** time in it, over its visiting runs */; medianMs: Millis | null }>;
  /** entry rule → stage → … → end, between different stages; most frequent first. Those that would have to be withheld are left out. */
  transitions: { from: string; to: string; count: number }[];
  /** Entry to end, over ended runs. */
  timeToEnd: { medianMs: Millis | null; p90Ms: Millis | null };
  metrics: Record<string, MetricValue>;
  /** Runs by segment: in it, not in it, unknown because a value it reads is missing. They sum to entered. */
  segments: Record<string, { runs: C; not: C; unknown: C }>;
  splits: SplitResult<C>[];
  paths: Record<string, PathResult<C>>;
  expectations: ExpectationResult[];
  /** Entries per day (UTC), for the small pictures; without the days that would have to be withheld. */
  entriesByDay: { day: string; entered: number }[];
}

export interface MetricValue {
  /** null: no value (a division by zero, no runs). Durations in ms, shares 0 to 1. */
  value: number | null;
  /** There may be a value, but it is about too few people, or would give away a number that is. */
  suppressed?: Untold;
  quantity: Quantity;
  /** Set where the value is one rate. */
  numerator: number | null;
  denominator: number | null;
  /** Runs too young for the rate's window to have passed. */
  immature: number | null;
  /** With `by`: a value per period (2026-03-01, 2026-W09, 2026-03), in order of time. */
  series?: SeriesPoint[];
  /** 95 % Wilson score interval of a rate. */
  interval: [number, number] | null;
}

export interface SeriesPoint {
  period: string;
  value: number | null;
  /** As above. */
  suppressed?: Untold;
  numerator: number | null;
  denominator: number | null;
  immature: number | null;
}

/** Run counts of the groups sum to the total; those that are withheld stand last. At most 20 values by size, the rest in `other`, missing ones in `unknown`. */
export interface SplitResult<C extends Count = Count> {
  /** As written. */
  by: string;
  at: At;
  groups: {
    value: string;
    kind: 'value' | 'other' | 'unknown';
    entered: C;
    people: C;
    active: C;
    completed: C;
    exits: Record<string, C>;
    metrics: Record<string, MetricValue>;
  }[];
}

export interface PathResult<C extends Count = Count> {
  steps: {
    name: string;
    /** Runs that reached it. */
    reached: C;
    /** Runs that reached it and every step before it, first reached in order. */
    inOrder: C;
    /** From the first visit of the step before to its own, over runs that reached both in that order. */
    medianFromPreviousMs: Millis | null;
  }[];
  /** They sum to entered. `left[k]`: at step k, 0 where none was reached. */
  outcomes: { followed: C; otherOrder: C; skipped: C; underWay: C; restarted: C; left: C[] };
  flags: { ladder: C; chute: C; detour: C };
}

export interface ScenarioResult {
  title: string;
  at: At;
  ok: boolean;
  ms: number;
  claims: { at: At; text: string; ok: boolean /** what happened instead, a sentence; empty where ok */; instead: string }[];
  /** By journey it speaks of: the rules that somebody took. */
  taken: Record<string, string[]>;
}
