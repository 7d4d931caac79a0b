/**
 * The Plan: what a `.journey` definition means, as plain serialisable data.
 *
 * It is the only thing that crosses from the language to the engine. Every part carries the range of the text it came
 * from, so that any number can say which line it belongs to. Names are unique within their kind; references are by name.
 * All durations are milliseconds, all instants milliseconds since 1970-01-01 UTC.
 */
import type { IdentityPlan } from './identity-plan.ts';
import type { PrivacyPlan, PropertyPlan } from './privacy-plan.ts';

export * from './identity-plan.ts';
export type * from './privacy-plan.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;
/** A length of time in milliseconds; always positive in a valid plan. */
export type Millis = number;

/** A place in a text; lines and characters count from 0, characters in UTF-16 units, as in the language server protocol. */
export interface Position {
  line: number;
  character: number;
}
export interface At {
  uri: string;
  start: Position;
  end: Position;
}

export interface Plan {
  version: 1;
  /** In order of declaration, imports first: this order decides ties. */
  sources: SourcePlan[];
  tables: TablePlan[];
  identities: IdentityPlan[];
  /** Named events, imports first. */
  events: EventPlan[];
  journeys: JourneyPlan[];
  segments: SegmentPlan[];
  /** Of the file itself, as its journeys are. */
  scenarios: ScenarioPlan[];
  /** Of the file itself: what it expects of its sources. Those of a journey stand in the journey. */
  expects: ExpectPlan[];
  privacy?: PrivacyPlan;
  /** The instant the definition itself is to be read at, if it names one. */
  asOf?: { at: At; instant: Instant };
}

/** The plan of a text that says nothing, to be filled. */
export const emptyPlan = (): Plan => ({
  version: 1,
  sources: [],
  tables: [],
  identities: [],
  events: [],
  journeys: [],
  segments: [],
  scenarios: [],
  expects: [],
});

// ---------------------------------------------------------------- sources and tables

export interface SamplePlan {
  /** A path or glob, as written, relative to `base`. */
  pattern: string;
  /** The uri of the folder that holds the declaring file. */
  base: string;
  at: At;
}

export interface SourcePlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  samples: SamplePlan[];
  /** The same rows in the warehouse. */
  warehouse?: string;
  passive: boolean;
  time: TimePlan;
  event: { kind: 'constant'; name: string; at: At } | { kind: 'column'; column: ColumnRef; at: At };
  unique?: { columns: ColumnRef[]; at: At };
  ids: SourceIdPlan[];
  joins: JoinPlan[];
  properties: PropertyPlan[];
  /** Only rows that meet it are events of the source. */
  where?: Expr;
}

export interface TimePlan {
  column: ColumnRef;
  at: At;
  /** IANA name; a time without offset is read in it, else in UTC. */
  zone?: string;
  /** A date without time stands at its day's last millisecond instead of its first. */
  atEndOfDay: boolean;
  /** Rows later than this do not exist. A date means its whole day. */
  until?: Instant;
}

export interface SourceIdPlan {
  kind: string;
  value: Expr;
  at: At;
}
export interface JoinPlan {
  table: string;
  on: ColumnRef;
  at: At;
}

export interface TablePlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  samples: SamplePlan[];
  warehouse?: string;
  /** The column that identifies a row; with `idKind` its values are ids of that kind. */
  key: { column: ColumnRef; idKind?: string; at: At };
  properties: PropertyPlan[];
}

// ---------------------------------------------------------------- expressions over one row

/**
 * A column of the row a condition looks at. `path` is one name for CSV, and the way down for nested JSON.
 * With `table`, a column of the table that the row's source joins.
 */
export interface ColumnRef {
  table?: string;
  path: string[];
  at: At;
}

export type CompareOp = '=' | '!=' | '<' | '<=' | '>' | '>=';
export type ArithmeticOp = '+' | '-' | '*' | '/';

/**
 * Conditions are two-valued: a comparison with a missing value is false, `!=` and `not in` are true then.
 * `not` is plain negation of that. Arithmetic with a missing value, or by zero, is missing.
 */
export type Expr =
  | { kind: 'literal'; value: string | number | boolean | null; at: At }
  /** A date or date and time, written in the text; compares with text columns that hold times. */
  | { kind: 'instant'; value: Instant; text: string; at: At }
  | { kind: 'duration'; value: Millis; at: At }
  | { kind: 'column'; column: ColumnRef; at: At }
  | { kind: 'compare'; op: CompareOp; left: Expr; right: Expr; at: At }
  | { kind: 'arithmetic'; op: ArithmeticOp; left: Expr; right: Expr; at: At }
  | { kind: 'negate'; operand: Expr; at: At }
  | { kind: 'and' | 'or'; operands: Expr[]; at: At }
  | { kind: 'not'; operand: Expr; at: At }
  | { kind: 'in'; negated: boolean; operand: Expr; values: Expr[]; at: At }
  | { kind: 'like'; negated: boolean; ignoreCase: boolean; operand: Expr; pattern: string; at: At }
  | { kind: 'matches'; negated: boolean; operand: Expr; regex: string; flags: string; at: At }
  | { kind: 'isNull'; negated: boolean; operand: Expr; at: At }
  /** The language's functions: lower, upper, trim, length, coalesce, concat, substr, replace, abs, round. */
  | { kind: 'call'; fn: FunctionName; args: Expr[]; at: At };

export const FUNCTIONS = ['lower', 'upper', 'trim', 'length', 'coalesce', 'concat', 'substr', 'replace', 'abs', 'round'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

// ---------------------------------------------------------------- events

/** Rows of one source with one event name, that meet a condition. */
export interface RowMatch {
  source: string;
  event: string;
  where?: Expr;
  /** Where a rule or another event refers to it: by its source, or by the named event `via`. */
  at: At;
  via?: string;
}

/** What a rule waits for: rows of sources, or events made of other events. References to named events are already resolved. */
export type EventPattern = RowsPattern | DerivedPattern;

/** `any` is a union, and a row that meets several of its parts still matches once. */
export interface RowsPattern {
  kind: 'rows';
  any: RowMatch[];
  /** As written, for people. */
  text: string;
  at: At;
}

/**
 * An event made of others, evaluated over one participant's timeline; inside a `per` journey, and with `same`, within equal
 * values of that property. All but `absence` fall on a row and are that row.
 */
export type DerivedPattern = { text: string; at: At } & (
  | { kind: 'union'; any: EventPattern[] }
  /** Read from the row it falls on; for `absence` the row of `first`. */
  | { kind: 'filter'; of: EventPattern; where: Expr }
  | { kind: 'first'; of: EventPattern; same?: ColumnRef }
  | { kind: 'repeated'; count: number; of: EventPattern; within: Millis; same?: ColumnRef }
  | { kind: 'sequence'; first: EventPattern; then: EventPattern; within: Millis; same?: ColumnRef }
  /** `order` numbers the `then no` patterns of a plan in order of declaration: it decides among those of one instant. */
  | { kind: 'absence'; first: EventPattern; no: EventPattern; within: Millis; same?: ColumnRef; order: number }
);

/** Every match of rows that a pattern is made of, in order. */
export function rowMatches(pattern: EventPattern): RowMatch[] {
  switch (pattern.kind) {
    case 'rows':
      return pattern.any;
    case 'union':
      return pattern.any.flatMap(rowMatches);
    case 'sequence':
      return [...rowMatches(pattern.first), ...rowMatches(pattern.then)];
    case 'absence':
      return [...rowMatches(pattern.first), ...rowMatches(pattern.no)];
    default:
      return rowMatches(pattern.of);
  }
}

export interface EventPlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  pattern: EventPattern;
}

// ---------------------------------------------------------------- segments

/** A group of customers, looked at once, at entry. */
export interface SegmentPlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  condition: SegmentExpr;
  text: string;
}

export type SegmentExpr =
  /** Over the entry event (`entry.plan`: a column without table) and tables keyed by an id (`profiles.age`). */
  | { kind: 'test'; expr: Expr; at: At }
  /** Events strictly before the entry event, with `within` no earlier than entry - D. */
  | {
      kind: 'history';
      fn: 'count' | 'sum' | 'avg' | 'min' | 'max';
      event: EventPattern;
      property?: ColumnRef;
      within?: Millis;
      op: CompareOp;
      value: number;
      at: At;
    }
  | { kind: 'segment'; name: string; at: At }
  | { kind: 'and' | 'or'; operands: SegmentExpr[]; at: At }
  | { kind: 'not'; operand: SegmentExpr; at: At };

// ---------------------------------------------------------------- journeys

export interface JourneyPlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  identity: string;
  /** One participation per value of this property; absent from a source's rows, it is missing there. */
  per?: ColumnRef;
  open?: { from?: Instant /** inclusive: the last millisecond of the last day */; to?: Instant; at: At };
  enters: EnterPlan[];
  reentry: ReentryPlan;
  stages: StagePlan[];
  /** `complete` and `exit` rules together, in order of declaration: the first that matches ends the run. */
  ends: EndPlan[];
  keeps: KeepPlan[];
  splits: SplitPlan[];
  paths: PathPlan[];
  metrics: MetricPlan[];
  expects: ExpectPlan[];
}

export interface EnterPlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  on: EventPattern;
  /** All must hold at the entry event, else the attempt is *not eligible*. */
  if?: { segment: string; at: At }[];
}

export interface ReentryPlan {
  policy: 'once' | 'after exit' | 'at exit' | 'restart';
  wait?: Millis;
  interval?: Millis;
  max?: number;
  /** Absent when the definition is silent: then `once`. */
  at?: At;
}

export interface StagePlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  on: EventPattern;
}

export interface EndPlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  kind: 'complete' | 'exit';
  trigger:
    | { kind: 'event'; on: EventPattern; forAll: boolean }
    /** `n of (A, B, C)`: at the event by which n different ones have happened after the entry event. */
    | { kind: 'nOf'; count: number; items: EventPattern[] }
    | { kind: 'after'; duration: Millis }
    | { kind: 'silence'; duration: Millis /** absent: any non-passive event of the instance */; of?: EventPattern[] }
    | { kind: 'inStage'; duration: Millis; stage: string };
}

/** A property of an earlier event, remembered with the run: of the first or last such event before entry. */
export interface KeepPlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  which: 'first' | 'last';
  event: EventPattern;
  property: ColumnRef;
  /** No earlier than entry - D. */
  within?: Millis;
}

export type SplitPlan = { at: At; text: string } & (
  | { kind: 'property' /** of the entry event */; column: ColumnRef }
  | { kind: 'attribute' /** of a table keyed by an id */; column: ColumnRef }
  | { kind: 'keep' | 'segment'; name: string }
  | { kind: 'enter' }
);

/** The intended workflow. Steps are distinct. */
export interface PathPlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  steps: { step: StepRef; at: At }[];
}

// ---------------------------------------------------------------- metrics and expectations

export interface MetricPlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  value: MetricExpr;
  /** A value per period, in `zone` or UTC: of the runs that began in it, ended in it, or are open at its end. */
  by?: { grain: 'day' | 'week' | 'month'; zone?: string; of: 'entry' | 'end' | 'open'; at: At };
}

/** A step a run can reach: an entry rule, a stage, or an end. */
export interface StepRef {
  kind: 'enter' | 'stage' | 'end';
  name: string;
}

/** What can be counted of a source's rows; in the language `without_id`. `later`: after as-of. `late`: told after newer ones. */
export const QUALITY_COUNTS = ['rows', 'events', 'unreadable', 'duplicates', 'withoutId', 'later', 'late'] as const;
export type QualityCount = (typeof QUALITY_COUNTS)[number];

export type AggregateFunction = 'sum' | 'avg' | 'min' | 'max' | 'median' | 'p90' | 'countDistinct';

export type Quantity = 'count' | 'share' | 'duration' | 'number';

export type MetricExpr =
  | { kind: 'number'; value: number; at: At }
  /** `30%`: value 0.3 */
  | { kind: 'percent'; value: number; at: At }
  | { kind: 'duration'; value: Millis; at: At }
  /** Another metric of the same journey. */
  | { kind: 'metric'; name: string; at: At }
  | { kind: 'entered' | 'people' | 'active' | 'completed' | 'attempts'; at: At }
  /** All exits that are no completions, or one end by name (`exited(X)`). */
  | { kind: 'exited'; name?: string; at: At }
  /** All rejections, or those for one reason. */
  | { kind: 'rejected'; reason?: RejectionReason; at: At }
  | { kind: 'reached' | 'visits'; stage: string; at: At }
  /** Rows of a source, or those of them with a fault. A bare share beside one, as in `web.unreadable < 1%`, is bound as a share of its rows. */
  | { kind: 'quality'; source: string; of: QualityCount; at: At }
  /** Runs of one entry rule. */
  | { kind: 'enteredBy'; rule: string; at: At }
  | { kind: 'rate'; of: StepRef; within?: Millis /** `within D of S` */; from?: StepRef; ofPeople: boolean; at: At }
  /** Events in positions entry..end inclusive; with `within` entry to entry + D whatever the end. */
  | { kind: 'countEvents'; event: EventPattern; within?: Millis; at: At }
  | {
      kind: 'aggregate';
      fn: AggregateFunction;
      event: EventPattern;
      property: ColumnRef;
      within?: Millis;
      at: At;
    }
  | {
      kind: 'time';
      fn: 'median' | 'p90' | 'avg' | 'min' | 'max' | 'sum';
      of: { kind: 'timeTo'; step: StepRef } | { kind: 'timeIn'; stage: string };
      at: At;
    }
  /** Share of runs with entry + to < T whose participant has a non-passive event in [entry + from, entry + to). */
  | { kind: 'retention'; from: Millis; to: Millis; at: At }
  /** Over the runs' kept values. */
  | { kind: 'kept'; fn: AggregateFunction; keep: string; at: At }
  | { kind: 'arithmetic'; op: ArithmeticOp; left: MetricExpr; right: MetricExpr; at: At }
  | { kind: 'negate'; operand: MetricExpr; at: At }
  /** `5% of attempts` */
  | { kind: 'shareOf'; share: MetricExpr; of: MetricExpr; at: At }
  | { kind: 'compare'; op: CompareOp; left: MetricExpr; right: MetricExpr; at: At }
  | { kind: 'and' | 'or'; operands: MetricExpr[]; at: At }
  | { kind: 'not'; operand: MetricExpr; at: At };

export interface ExpectPlan {
  /** As written, for people. */
  text: string;
  at: At;
  condition: MetricExpr;
  severity: 'error' | 'warning' | 'info';
  /** What the author says to whoever sees it fail. */
  message?: string;
}

// ---------------------------------------------------------------- scenarios

/** A test in the language: a few literal events, and what must follow from them. */
export interface ScenarioPlan {
  title: string;
  at: At;
  titleAt: At;
  rows: ScenarioRow[];
  /** Absent: the last row's time. */
  asOf?: { instant: Instant; at: At };
  claims: ScenarioClaim[];
}

/** `+2h` is already resolved: it counts from the row before. */
export interface ScenarioRow {
  at: At;
  time: Instant;
  source: string;
  event: string;
  /** With `idKind` the id itself, whatever column the source takes it from; else a column, of a joined table too. */
  fields: { path: string[]; table?: string; idKind?: string; value: string | number | boolean | null; at: At }[];
}

export interface ScenarioClaim {
  at: At;
  text: string;
  journey: string;
  parts: ClaimPart[];
}

export type ClaimPart = { at: At } & (
  | {
      kind: 'entered' | 'completed' | 'exited' | 'active' | 'rejected' | 'people' | 'attempts';
      count: number;
      /** A rule, or for `rejected` a reason. */
      as?: string;
      /** Entry to end, of each of them. */
      after?: Millis;
    }
  /** The stages of all runs in order, repeats in a row left out. */
  | { kind: 'visits'; stages: string[] }
);

/** Why an attempt was turned away; the words people read, and the keys of the JSON contract. */
export const REJECTION_REASONS = [
  'not open',
  'no consent',
  'not eligible',
  'once',
  'capped',
  'cooling down',
  'already in',
  'ended a run',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];
/** The end of a run that a later entry event cut short under `reentry restart`. */
export const RESTARTED = 'Restarted';
