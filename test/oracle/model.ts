/**
 * The oracle's own words: a definition and literal rows, as plain objects. It knows nothing of the product's types.
 * Durations are milliseconds; dates and times are written as they stand in the text.
 */

/** A row as it stands in its file: CSV holds only texts, NDJSON anything. A column that is not there is missing. */
export type Row = Record<string, string | number | boolean | null>;
/** Rows by the file's path. */
export type Data = Record<string, Row[]>;

export interface Def {
  sources: SourceDef[];
  /** Facts joined by key; a condition looks at them as `table.column`. */
  tables: TableDef[];
  identity: IdentityDef;
  privacy?: PrivacyDef;
  events: { name: string; pattern: Pattern }[];
  segments: SegmentDef[];
  journeys: JourneyDef[];
  /** What the file expects of its sources. */
  expects: Expectation[];
  /** `as of`: a date, the whole day. */
  asOf?: string;
}

/** Who is one customer: the one identity, `customer`. */
export interface IdentityDef {
  /** Strongest first. */
  kinds: KindDef[];
  ignores: IgnoreDef[];
  /** Which kinds may link; none: any two. */
  links: { kind: string; with: string[] }[];
  /** Ids are `kind value`. */
  neverLinks: { a: string; b: string }[];
  shared: { kind: string; moreThan: number; of: string }[];
  keep: 'latest' | 'earliest';
  /** R; absent: from ever; 0: `forward`. */
  retroactive?: number;
  splitByTime: boolean;
}
export interface KindDef {
  name: string;
  unique?: boolean;
  max?: number;
  /** V */
  valid?: number;
}
/** A value that is no id, by a condition over the column `value`. */
export interface IgnoreDef {
  /** A kind, or `any`. */
  kind: string;
  where: Condition;
}

export interface PrivacyDef {
  /** `granted where` over the consent row. */
  consent?: { from: Pattern; granted: Condition };
  erase?: Pattern;
  suppressBelow?: number;
  retain?: number;
}

export interface SourceDef {
  name: string;
  format: 'csv' | 'ndjson';
  /** In order of path. */
  files: string[];
  /** Every column a row may have, in order: the header of its CSV files. */
  columns: string[];
  passive: boolean;
  time: { column: string; zone?: string; atEndOfDay: boolean /** a date: its whole day counts */; until?: string };
  event: { constant: string } | { column: string };
  unique?: string[];
  /** `clean` is `lower(trim(column))`. */
  ids: { kind: string; column: string; clean: boolean }[];
  joins: { table: string; on: string }[];
  where?: Condition;
}

/** A CSV file whose `key` names each row once; with `idKind` its values are ids of customers, and the rows their attributes. */
export interface TableDef {
  name: string;
  file: string;
  columns: string[];
  key: string;
  idKind?: string;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type Condition =
  | { kind: 'compare'; column: string; op: Comparison; value: string | number }
  | { kind: 'columns'; left: string; op: '=' | '!='; right: string }
  | { kind: 'in'; column: string; not: boolean; values: (string | number)[] }
  | { kind: 'like'; column: string; not: boolean; ignoreCase: boolean; pattern: string }
  | { kind: 'matches'; column: string; not: boolean; regex: string; flags: string }
  | { kind: 'null'; column: string; not: boolean }
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; part: Condition };

/** `source.name`, or a named event where `source` is absent. */
export interface Ref {
  source?: string;
  event: string;
}
/** `A or B where p`: one `where`, last, covers all events before it. */
export interface Pattern {
  any: (Ref | Derived)[];
  where?: Condition;
}
/** An event made of others. */
export type Derived =
  | { kind: 'first'; of: Pattern; same?: string }
  | { kind: 'repeated'; count: number; of: Pattern; within: number; same?: string }
  | { kind: 'sequence'; first: Pattern; next: Pattern; within: number; same?: string }
  /** `A then no B`; `order` is its place among those of the text. */
  | { kind: 'absence'; first: Pattern; no: Pattern; within: number; same?: string; order: number };

export interface SegmentDef {
  name: string;
  condition: SegmentCondition;
}
export type SegmentCondition =
  /** Columns are those of the entry event, with a dot those of a table keyed by an id. */
  | { kind: 'test'; condition: Condition }
  | {
      kind: 'history';
      fn: 'count' | 'sum' | 'avg' | 'min' | 'max';
      event: Ref;
      property?: string;
      within?: number;
      op: Comparison;
      value: number;
    }
  | { kind: 'segment'; name: string }
  | { kind: 'and' | 'or'; parts: SegmentCondition[] }
  | { kind: 'not'; part: SegmentCondition };

export interface JourneyDef {
  name: string;
  per?: string;
  /** Dates; the range includes its whole last day. One of them may be absent. */
  open?: { from?: string; to?: string };
  enters: { name: string; on: Pattern; if?: string[] /** segments, all of which must hold */ }[];
  /** Absent: once. */
  reentry?: { policy: Policy; wait?: number; interval?: number; max?: number };
  stages: { name: string; on: Pattern }[];
  /** `complete` and `exit` rules, in order of declaration. */
  ends: EndDef[];
  keeps: { name: string; which: 'first' | 'last'; event: Ref; property: string; within?: number }[];
  splits: SplitDef[];
  paths: { name: string; steps: string[] }[];
  metrics: { name: string; value: Metric; by?: Periods }[];
  expects: Expectation[];
}
export type SplitDef =
  | { kind: 'property' /** of the entry event */ | 'attribute' /** of a table keyed by an id: with a dot */; column: string }
  | { kind: 'keep' | 'segment'; name: string }
  | { kind: 'enter' };
export interface Periods {
  grain: 'day' | 'week' | 'month';
  zone?: string;
  of: 'entry' | 'end' | 'open' /** `active by …` */;
}
export type Expectation =
  | { kind: 'compare'; left: Metric; op: Comparison; right: Metric }
  | { kind: 'and' | 'or'; parts: Expectation[] }
  | { kind: 'not'; part: Expectation };
export type Policy = 'once' | 'after exit' | 'at exit' | 'restart';

export interface EndDef {
  name: string;
  kind: 'complete' | 'exit';
  trigger:
    | { kind: 'event'; on: Pattern; forAll: boolean }
    | { kind: 'n of'; count: number; items: Pattern[] }
    | { kind: 'after'; duration: number }
    | { kind: 'silence'; duration: number; of?: Pattern[] }
    | { kind: 'in stage'; duration: number; stage: string };
}

/** Rules are named here by name alone: within a journey no two share one. */
export type Metric =
  | { kind: 'number' | 'percent' | 'duration'; value: number }
  | { kind: 'metric'; name: string }
  | { kind: 'entered' | 'people' | 'active' | 'completed' | 'attempts' | 'exited' | 'rejected' }
  | { kind: 'exited of'; end: string }
  | { kind: 'rejected for'; reason: string }
  | { kind: 'reached' | 'visits'; stage: string }
  | { kind: 'rate'; of: string; ofPeople: boolean }
  | { kind: 'rate within'; of: string; ofPeople: boolean; within: number; from?: string }
  /** `count(rule)`: runs that reached a rule. */
  | { kind: 'runs with'; rule: string }
  | { kind: 'negative'; of: Metric }
  | { kind: 'count'; event: Ref; within?: number }
  | {
      kind: 'aggregate';
      fn: Summary | 'count distinct';
      event: Ref;
      property: string;
      within?: number;
    }
  | { kind: 'retention'; from: number; to: number }
  | { kind: 'kept'; fn: Summary | 'count distinct'; keep: string }
  | { kind: 'time to'; fn: Summary; step: string }
  | { kind: 'time in'; fn: Summary; stage: string }
  | { kind: 'arithmetic'; op: '+' | '-' | '*' | '/'; left: Metric; right: Metric }
  | { kind: 'share of'; percent: number; of: Metric };
export type Summary = 'median' | 'p90' | 'avg' | 'min' | 'max' | 'sum';

// ---------------------------------------------------------------- what the oracle answers

export interface Answer {
  asOf: number | null;
  sources: Record<
    string,
    {
      rows: number;
      events: number;
      duplicates: number;
      unreadable: number;
      withoutId: number;
      from: number | null;
      to: number | null;
      later: number;
      late: number;
      erased: number;
      expired: number;
    }
  >;
  events: Record<string, number>;
  people: number;
  identities: Record<
    string,
    {
      customers: number;
      ignored: number;
      conflicting: number;
      quarantined: { ids: number; rows: number };
      refused: number;
      ambiguous: number;
      ignoredBy: { values: number; rows: number }[];
      erased: { requests: number; unmatched: number; people: number; rows: number };
    }
  >;
  journeys: JourneyAnswer[];
}

export interface JourneyAnswer {
  name: string;
  attempts: number;
  entered: number;
  people: number;
  entries: Record<string, number>;
  active: number;
  completed: number;
  exits: Record<string, number>;
  rejected: Record<string, number>;
  attemptsBy: Record<string, { attempts: number; rejected: Record<string, number> }>;
  ambiguous: number;
  ambiguousInstances: number;
  withoutKey: number;
  stages: Record<string, { reached: number; visits: number; medianMs: number | null }>;
  /** Count by `from → to`. */
  transitions: Record<string, number>;
  timeToEnd: { medianMs: number | null; p90Ms: number | null };
  metrics: Record<string, MetricAnswer>;
  expectations: (boolean | null)[];
  entriesByDay: Record<string, number>;
  segments: Record<string, { runs: number; not: number; unknown: number }>;
  splits: GroupAnswer[][];
  paths: Record<string, PathAnswer>;
}
export interface GroupAnswer {
  value: string;
  kind: 'value' | 'other' | 'unknown';
  entered: number;
  people: number;
  active: number;
  completed: number;
  exits: Record<string, number>;
  metrics: Record<string, MetricAnswer>;
}
export interface PathAnswer {
  steps: { name: string; reached: number; inOrder: number; medianFromPreviousMs: number | null }[];
  outcomes: { followed: number; otherOrder: number; skipped: number; underWay: number; restarted: number; left: number[] };
  flags: { ladder: number; chute: number; detour: number };
}
export interface MetricAnswer {
  value: number | null;
  numerator: number | null;
  denominator: number | null;
  immature: number | null;
  interval: [number, number] | null;
  /** With `by`. */
  series?: { period: string; value: number | null; numerator: number | null; denominator: number | null; immature: number | null }[];
}
