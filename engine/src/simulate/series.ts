import type { Instant, JourneyPlan, MetricExpr, MetricPlan } from '../plan.ts';
import { zoneOrUtc } from '../read/relation.ts';
import type { MetricValue, SeriesPoint } from '../result.ts';
import { countBelow } from '../store/order.ts';
import { metricParts } from '../store/uses.ts';
import { type Cohort, cohorts } from './cohort.ts';
import { ACTIVE, type Fold } from './columns.ts';
import type { Measures } from './metrics.ts';
import { periodIndex, periodsOf } from './periods.ts';

export type By = NonNullable<MetricPlan['by']>;
type Periodic = { label: string; measures: Measures }[];

/** The metrics, and with `by` their value in every period: of the runs that began in it, ended in it, or are open at its end. */
export function withSeries(
  journey: JourneyPlan,
  fold: Fold,
  metrics: Record<string, MetricValue>,
  measuresIn: (cohort: Cohort) => Measures,
): Record<string, MetricValue> {
  const known = new Map<string, Periodic>();
  const periodic = (by: By, attempts: boolean): Periodic => {
    const key = [by.grain, by.zone, by.of, attempts].join();
    let made = known.get(key);
    if (!made) {
      const parted = periodCohorts(fold, by, attempts);
      made = parted.labels.map((label, i) => ({ label, measures: measuresIn(parted.cohorts[i]) }));
      known.set(key, made);
    }
    return made;
  };
  return Object.fromEntries(
    journey.metrics.map(({ name, by, value }) => {
      if (!by) return [name, metrics[name]];
      const series = periodic(by, readsAttempts(value, journey)).map(({ label, measures }): SeriesPoint => {
        const { value, numerator, denominator, immature } = measures.metric(name);
        return { period: label, value, numerator, denominator, immature };
      });
      return [name, { ...metrics[name], series }];
    }),
  );
}

export interface Periods {
  labels: string[];
  cohorts: Cohort[];
}

/** @param attempts whether those turned away make periods too */
export function periodCohorts(fold: Fold, by: Pick<By, 'grain' | 'zone' | 'of'>, attempts: boolean): Periods {
  return by.of === 'open' ? openCohorts(fold, by) : cohortsByPeriod(fold, by, attempts);
}

/** An attempt that was turned away belongs to the period it was made in; by end it belongs to none. */
function cohortsByPeriod(fold: Fold, by: Pick<By, 'grain' | 'zone' | 'of'>, attempts: boolean): Periods {
  const { runs, rejections, timeline } = fold;
  const ofEntry = by.of === 'entry';
  const times = ofEntry ? runs.entry : runs.end;
  const ofRuns = Float64Array.from(times, ofEntry ? slot => timeline.time[slot] : end => end);
  const ofRejections = Float64Array.from(rejections.slot, slot => (ofEntry ? timeline.time[slot] : Number.NaN));
  const all = attempts ? new Float64Array(runs.count + rejections.count) : ofRuns;
  if (attempts) {
    all.set(ofRuns);
    all.set(ofRejections, runs.count);
  }
  const periods = periodsOf(all, by.grain, zoneOrUtc(by.zone));
  return {
    labels: periods.labels,
    cohorts: cohorts(periods.labels.length, periodIndex(ofRuns, periods), () => periodIndex(ofRejections, periods)),
  };
}

/** The runs open at the last millisecond of each period, as they would be active as of then; of the last period, as of as-of. */
function openCohorts(fold: Fold, by: Pick<By, 'grain' | 'zone'>): Periods {
  const { runs, timeline } = fold;
  if (runs.count === 0 || fold.asOf === null) return { labels: [], cohorts: [] };
  const T = fold.asOf;
  const began = Float64Array.from(runs.entry, slot => timeline.time[slot]);
  const times = new Float64Array(runs.count + 1);
  times.set(began);
  times[runs.count] = T;
  const { labels, starts } = periodsOf(times, by.grain, zoneOrUtc(by.zone));
  const moments = Array.from(labels, (_, i) => Math.min(T, starts[i + 1] - 1));
  /** At the instant an event ends a run it is over; a clock's fires after it. */
  const isOpen = (run: number, at: Instant) =>
    began[run] <= at && (runs.endRule[run] === ACTIVE || runs.end[run] > at || (runs.end[run] === at && runs.endedBy[run] < 0));
  const sizes = openSizes(moments, fold, began, isOpen);
  return {
    labels,
    cohorts: moments.map((at, i) => {
      let own: Int32Array | null = null;
      return {
        size: sizes[i],
        open: true,
        get runs() {
          if (own) return own;
          own = new Int32Array(sizes[i]);
          for (let run = 0, n = 0; n < own.length; run++) if (isOpen(run, at)) own[n++] = run;
          return own;
        },
        rejections: new Int32Array(0),
      };
    }),
  };
}

/** How many runs are open at each of the moments: every run is counted from its first to its last, by differences. */
function openSizes(moments: Instant[], { runs }: Fold, began: Float64Array, isOpen: (run: number, at: Instant) => boolean): Int32Array {
  const sizes = new Int32Array(moments.length + 1);
  const all = Float64Array.from(moments);
  for (let run = 0; run < runs.count; run++) {
    const from = countBelow(all, began[run]);
    let to = runs.endRule[run] === ACTIVE ? moments.length : countBelow(all, runs.end[run]);
    if (to < moments.length && isOpen(run, moments[to])) to++;
    sizes[from]++;
    sizes[to]--;
  }
  for (let i = 1; i < sizes.length; i++) sizes[i] += sizes[i - 1];
  return sizes;
}

/** Whether a metric counts attempts, itself or by another that it is made of. */
export function readsAttempts(expr: MetricExpr, journey: JourneyPlan, seen = new Set<string>()): boolean {
  if (expr.kind === 'attempts' || expr.kind === 'rejected') return true;
  if (expr.kind === 'metric') {
    const metric = seen.has(expr.name) ? undefined : journey.metrics.find(({ name }) => name === expr.name);
    seen.add(expr.name);
    return metric !== undefined && readsAttempts(metric.value, journey, seen);
  }
  return metricParts(expr).some(part => readsAttempts(part, journey, seen));
}
