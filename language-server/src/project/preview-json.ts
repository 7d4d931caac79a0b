/** The documented, versioned JSON of a preview: docs/preview-json.md, docs/preview.schema.json. */
import type { JourneyResult, MetricValue, RejectionReason, SourceResult } from '@journey/engine';
import type { Checked } from './types.ts';

export interface PreviewJson {
  version: 1;
  /** ISO 8601 in UTC with milliseconds, as are all instants here; null where there is no event. */
  asOf: string | null;
  sources: Record<string, SourceJson>;
  people: number;
  journeys: JourneyJson[];
}

export type SourceJson = Pick<SourceResult, 'rows' | 'events' | 'duplicates' | 'unreadable'> & { from: string | null; to: string | null };

export interface JourneyJson {
  name: string;
  attempts: number;
  entered: number;
  entries: Record<string, number>;
  people: number;
  active: number;
  completed: number;
  /** Completions too, by name. */
  exits: Record<string, number>;
  rejected: Partial<Record<RejectionReason, number>>;
  ambiguous: number;
  stages: Record<string, { reached: number; visits: number; medianMs: number | null }>;
  transitions: { from: string; to: string; count: number }[];
  timeToEnd: { medianMs: number | null; p90Ms: number | null };
  metrics: Record<string, Pick<MetricValue, 'value' | 'numerator' | 'denominator' | 'immature'>>;
  expectations: { text: string; ok: boolean | null; actual: string }[];
}

/**
 * @param checked a definition held against its data
 * @returns the contract's JSON; without sources, people and journeys where there was nothing to simulate
 */
export function toPreviewJson({ preview }: Checked): PreviewJson {
  if (!preview) return { version: 1, asOf: null, sources: {}, people: 0, journeys: [] };
  const { asOf, sources, people, journeys } = preview.result;
  return { version: 1, asOf: iso(asOf), sources: mapValues(sources, sourceJson), people, journeys: journeys.map(journeyJson) };
}

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function sourceJson({ rows, events, duplicates, unreadable, from, to }: SourceResult): SourceJson {
  return { rows, events, duplicates, unreadable, from: iso(from), to: iso(to) };
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
    metrics: mapValues(journey.metrics, ({ value, numerator, denominator, immature }) => ({ value, numerator, denominator, immature })),
    expectations: journey.expectations.map(({ text, ok, actual }) => ({ text, ok, actual })),
  };
}
