/** Random metrics and expectations. */
import fc from 'fast-check';
import type { Comparison, Expectation, JourneyDef, Metric, Periods, Ref } from '../../model.ts';
import type { RefPick } from './patterns.ts';
import { durationArb, HOUR } from './picks.ts';

export const metricPick = fc.record({
  kind: fc.nat(29),
  a: fc.nat(11),
  b: fc.nat(11),
  d: durationArb,
  property: fc.constantFrom('n', 'n', 'k', 's'),
});
export type MetricPick = typeof metricPick extends fc.Arbitrary<infer T> ? T : never;

export const periodPick: fc.Arbitrary<Periods> = fc.record({
  grain: fc.constantFrom<Periods['grain']>('day', 'day', 'week', 'month'),
  zone: fc.constantFrom(undefined, undefined, 'Europe/Berlin', 'Asia/Kolkata'),
  of: fc.constantFrom<Periods['of']>('entry', 'entry', 'end'),
});

/** Shares, durations and numbers are compared with their like only. */
export function comparable(journey: JourneyDef, left: Metric, op: Comparison, right: Metric): Expectation {
  const quantity = (metric: Metric): 'share' | 'duration' | 'number' => {
    if (metric.kind === 'metric') return quantity(journey.metrics.find(({ name }) => name === metric.name)!.value);
    if (metric.kind === 'rate' || metric.kind === 'rate within' || metric.kind === 'retention') return 'share';
    return metric.kind.startsWith('time') ? 'duration' : 'number';
  };
  if (quantity(left) === 'share') return { kind: 'compare', left, op, right: { kind: 'percent', value: 50 } };
  if (quantity(left) === 'duration') return { kind: 'compare', left, op, right: { kind: 'duration', value: 12 * HOUR } };
  return { kind: 'compare', left, op, right: quantity(right) === 'number' ? right : { kind: 'number', value: 1 } };
}

const TOTALS = ['entered', 'people', 'active', 'completed', 'attempts', 'exited', 'exited', 'exited', 'rejected'] as const;
export function buildMetric(pick: MetricPick, journey: JourneyDef, ref: (pick: RefPick) => Ref): Metric {
  const steps = [...journey.stages, ...journey.ends, ...journey.enters].map(rule => rule.name);
  const step = (n: number) => steps[n % steps.length];
  const stage = journey.stages[pick.b % Math.max(1, journey.stages.length)]?.name;
  const end = journey.ends[pick.b % Math.max(1, journey.ends.length)]?.name;
  const summaries = ['median', 'p90', 'avg', 'min', 'max', 'sum'] as const;
  const within = pick.b % 2 === 0 ? pick.d : undefined;
  const count = { kind: 'count' as const, event: ref(pick.a), within };
  switch (pick.kind) {
    case 0:
      return { kind: TOTALS[pick.a % TOTALS.length] };
    case 1:
      return end === undefined ? { kind: 'entered' } : { kind: 'exited of', end };
    case 2:
      return { kind: 'rejected for', reason: ['not open', 'once', 'capped', 'cooling down', 'already in', 'ended a run'][pick.a % 6] };
    case 3:
      return stage === undefined ? { kind: 'active' } : { kind: pick.a % 2 === 0 ? 'reached' : 'visits', stage };
    case 4:
    case 5:
      return { kind: 'rate', of: step(pick.a), ofPeople: pick.b % 2 === 0 };
    case 6:
    case 7:
      return { kind: 'rate within', of: step(pick.a), ofPeople: pick.b % 3 === 0, within: pick.d };
    case 8:
    case 9:
      return {
        kind: 'rate within',
        of: step(pick.a),
        ofPeople: pick.b % 4 === 3,
        within: pick.d,
        from: stage === step(pick.a) ? undefined : stage,
      };
    case 10:
    case 11:
      return count;
    case 12:
      return { kind: 'aggregate', fn: 'count distinct', event: ref(pick.a), property: pick.property, within };
    case 13:
    case 14:
    case 15:
    case 16:
      return { kind: 'aggregate', fn: ([...summaries, 'sum'] as const)[pick.b % 7], event: ref(pick.a), property: 'n', within };
    case 17:
    case 18:
      return { kind: 'time to', fn: summaries[pick.b % 6], step: step(pick.a) };
    case 19:
      return stage === undefined ? { kind: 'completed' } : { kind: 'time in', fn: summaries[pick.a % 6], stage };
    case 20:
      return { kind: 'arithmetic', op: (['+', '-', '*', '/'] as const)[pick.a % 4], left: count, right: { kind: 'entered' } };
    case 21:
      return { kind: 'share of', percent: [5, 50, 12.5][pick.a % 3], of: { kind: 'attempts' } };
    case 22:
      return { kind: 'runs with', rule: step(pick.a) };
    case 23:
      return { kind: 'negative', of: count };
    case 24:
    case 25:
      return { kind: 'retention', from: [0, 6, 12][pick.b % 3] * HOUR + 6 * HOUR, to: pick.d + 18 * HOUR };
    case 26:
    case 27: {
      const keep = journey.keeps[pick.b % Math.max(1, journey.keeps.length)];
      if (keep === undefined) return { kind: 'active' };
      return { kind: 'kept', fn: keep.property === 'n' ? summaries[pick.a % 6] : 'count distinct', keep: keep.name };
    }
    case 28:
      return { kind: 'active' };
    default: {
      const other = journey.metrics.at(-1);
      return other ? { kind: 'metric', name: other.name } : count;
    }
  }
}
