/** The documented, versioned JSON of a preview: docs/preview-json.md, docs/preview.schema.json. */
import type { Count, JourneyResult, MetricValue, PathResult, RejectionReason, SourceResult, SplitResult } from '@journey/engine';
import type { Checked } from './types.ts';

export interface PreviewJson {
  version: 1;
  /** ISO 8601 in UTC with milliseconds, as are all instants here; null where there is no event. */
  asOf: string | null;
  /** Set where numbers about fewer people than this are withheld: null is then such a number, or one that would give it away. */
  suppressedBelow?: number;
  sources: Record<string, SourceJson>;
  people: Count;
  journeys: JourneyJson[];
  /** What the file expects of its sources. */
  expectations: { text: string; ok: boolean | null; actual: string }[];
}

export type SourceJson = Pick<
  SourceResult,
  'rows' | 'events' | 'duplicates' | 'unreadable' | 'withoutId' | 'later' | 'late' | 'erased' | 'expired'
> & { from: string | null; to: string | null; gaps: { from: string; to: string }[] };

export interface JourneyJson {
  name: string;
  attempts: Count;
  entered: Count;
  entries: Record<string, Count>;
  people: Count;
  active: Count;
  completed: Count;
  /** Completions too, by name. */
  exits: Record<string, Count>;
  rejected: Partial<Record<RejectionReason, Count>>;
  ambiguous: Count;
  stages: Record<string, { reached: Count; visits: Count; medianMs: number | null }>;
  transitions: { from: string; to: string; count: number }[];
  timeToEnd: { medianMs: number | null; p90Ms: number | null };
  metrics: Record<string, MetricJson>;
  /** By segment the journey uses: participations in it, not in it, and unknown. */
  segments: JourneyResult['segments'];
  splits: SplitJson[];
  paths: Record<string, PathResult>;
  expectations: { text: string; ok: boolean | null; actual: string }[];
}

/** `series` where the metric is asked `by` a period. */
export type MetricJson = Pick<MetricValue, 'value' | 'suppressed' | 'numerator' | 'denominator' | 'immature' | 'series'>;

export interface SplitJson {
  by: string;
  groups: (Omit<SplitResult['groups'][number], 'metrics'> & { metrics: Record<string, MetricJson> })[];
}

/**
 * @param checked a definition held against its data
 * @returns the contract's JSON; without sources, people and journeys where there was nothing to simulate
 */
export function toPreviewJson({ preview }: Checked): PreviewJson {
  if (!preview) return { version: 1, asOf: null, sources: {}, people: 0, journeys: [], expectations: [] };
  const { asOf, sources, people, journeys, expectations, suppressedBelow } = preview.result;
  return {
    version: 1,
    asOf: iso(asOf),
    ...(suppressedBelow === undefined ? {} : { suppressedBelow }),
    sources: mapValues(sources, sourceJson),
    people,
    journeys: journeys.map(journeyJson),
    expectations: expectations.map(({ text, ok, actual }) => ({ text, ok, actual })),
  };
}

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function sourceJson(source: SourceResult): SourceJson {
  const { rows, events, duplicates, unreadable, withoutId, later, late, gaps, erased, expired, from, to } = source;
  return {
    ...{ rows, events, duplicates, unreadable, withoutId, later, late, erased, expired },
    gaps: gaps.map(({ from, to }) => ({ from: iso(from)!, to: iso(to)! })),
    from: iso(from),
    to: iso(to),
  };
}

/** Written out field by field: what a view may need beside is no part of the contract. */
function journeyJson(journey: JourneyResult): JourneyJson {
  const { name, attempts, entered, entries, people, active, completed, exits, rejected, ambiguous, timeToEnd } = journey;
  return {
    name,
    attempts,
    entered,
    entries,
    people,
    active,
    completed,
    exits,
    rejected,
    ambiguous,
    stages: mapValues(journey.stages, ({ reached, visits, medianMs }) => ({ reached, visits, medianMs })),
    transitions: journey.transitions.map(({ from, to, count }) => ({ from, to, count })),
    timeToEnd: { medianMs: timeToEnd.medianMs, p90Ms: timeToEnd.p90Ms },
    metrics: mapValues(journey.metrics, metricJson),
    segments: mapValues(journey.segments, ({ runs, not, unknown }) => ({ runs, not, unknown })),
    splits: journey.splits.map(({ by, groups }) => ({
      by,
      groups: groups.map(({ value, kind, entered, people, active, completed, exits, metrics }) => ({
        ...{ value, kind, entered, people, active, completed, exits },
        metrics: mapValues(metrics, metricJson),
      })),
    })),
    paths: mapValues(journey.paths, pathJson),
    expectations: journey.expectations.map(({ text, ok, actual }) => ({ text, ok, actual })),
  };
}

const metricJson = ({ value, suppressed, numerator, denominator, immature, series }: MetricValue): MetricJson => ({
  value,
  ...(suppressed ? { suppressed } : {}),
  numerator,
  denominator,
  immature,
  ...(series ? { series: series.map(({ period, ...point }) => ({ period, ...pointJson(point) })) } : {}),
});

const pointJson = ({ value, suppressed, numerator, denominator, immature }: Omit<MetricJson, 'series'>) => ({
  value,
  ...(suppressed ? { suppressed } : {}),
  numerator,
  denominator,
  immature,
});

function pathJson({ steps, outcomes, flags }: PathResult): PathResult {
  const { followed, otherOrder, skipped, underWay, restarted, left } = outcomes;
  const { ladder, chute, detour } = flags;
  return {
    steps: steps.map(({ name, reached, inOrder, medianFromPreviousMs }) => ({ name, reached, inOrder, medianFromPreviousMs })),
    outcomes: { followed, otherOrder, skipped, underWay, restarted, left },
    flags: { ladder, chute, detour },
  };
}
