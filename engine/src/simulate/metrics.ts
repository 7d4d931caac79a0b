import type { Events } from '../events.ts';
import type { AggregateFunction, JourneyPlan } from '../plan.ts';
import type { ExpectationResult, MetricValue } from '../result.ts';
import { evaluator, type Leaf, nothing, plain, type QualityOf } from './evaluate.ts';
import { quantiles, wilson } from './numbers.ts';
import { retention } from './retention.ts';
import { type AttemptTally, type Tally, tally, tallyAttempts } from './tally.ts';
import type { RunTimes } from './times.ts';
import { type Values, valuesKept, valuesOfEvents } from './values.ts';

/** The metrics and expectations of a journey, taken of one cohort. */
export interface Measures {
  metric(name: string): MetricValue;
  metrics(): Record<string, MetricValue>;
  expectations(): ExpectationResult[];
  readonly tally: Tally;
  /** What has to be counted of it, and how many runs or events have a share in that. */
  leaf(expr: Leaf): MetricValue;
  size(expr: Leaf): number;
}

/** Who may see what: every value that is counted passes through before anything is made of it. */
export interface Discretion {
  readonly below: number;
  show(expr: Leaf, value: MetricValue): MetricValue;
}

/**
 * Only what is asked for is counted.
 * @param quality what is counted of sources; the same for every cohort
 */
export function measuresOf(
  journey: JourneyPlan,
  events: Events,
  times: RunTimes,
  quality: QualityOf = () => null,
  discretion?: Discretion,
): Measures {
  const { fold, cohort } = times;
  let counted: Tally | null = null;
  const counts = (): Tally => {
    counted ??= tally(journey, fold, cohort);
    return counted;
  };
  let countedAttempts: AttemptTally | null = null;
  const attempts = (): AttemptTally => {
    countedAttempts ??= tallyAttempts(fold, cohort);
    return countedAttempts;
  };
  const known = new Map<string, MetricValue>();
  const metric = (name: string): MetricValue => {
    const before = known.get(name);
    if (before) return before;
    known.set(name, nothing('number')); // a metric that needs itself has no value
    const plan = journey.metrics.find(m => m.name === name);
    const value = plan ? measure(plan.value) : nothing('number');
    known.set(name, value);
    return value;
  };

  const leaf = (expr: Leaf): MetricValue => {
    switch (expr.kind) {
      case 'quality':
        return plain(quality(expr.source, expr.of), 'count');
      case 'retention':
        return rate(retention(journey.identity, times, expr.from, expr.to), true);
      case 'kept':
        return aggregated(expr.fn, valuesOf(expr));
      case 'metric':
        return metric(expr.name);
      case 'entered':
        return plain(cohort.size, 'count');
      case 'active':
        return plain(cohort.open ? cohort.size : counts().active, 'count');
      case 'people':
      case 'completed':
        return plain(counts()[expr.kind], 'count');
      case 'attempts':
        return plain(attempts().attempts, 'count');
      case 'exited':
        return plain(exited(expr.name), 'count');
      case 'rejected':
        return plain(expr.reason ? (attempts().rejected[expr.reason] ?? 0) : cohort.rejections.length, 'count');
      case 'reached':
      case 'visits':
        return plain(times[expr.kind][journey.stages.findIndex(({ name }) => name === expr.stage)] ?? 0, 'count');
      case 'enteredBy':
        return plain(counts().entries[expr.rule] ?? 0, 'count');
      case 'rate':
        return rate(times.rate(expr.of, expr.within, expr.from, expr.ofPeople), expr.within !== undefined);
      case 'countEvents':
        return plain(valuesOfEvents(events, fold, cohort, expr.event, expr.within).count, 'count');
      case 'aggregate':
        return aggregated(expr.fn, valuesOf(expr));
      case 'time': {
        const numbers = durations(expr);
        return plain(summary(expr.fn, { count: numbers.length, numbers }), 'duration');
      }
    }
  };
  const shown = discretion ? (expr: Leaf) => discretion.show(expr, leaf(expr)) : leaf;
  const { measure, expectation } = evaluator(shown, discretion?.below);

  const exited = (name: string | undefined): number => {
    const { exits } = counts();
    if (name !== undefined) return exits[name] ?? 0;
    return journey.ends.reduce((sum, end) => (end.kind === 'exit' ? sum + exits[end.name] : sum), 0);
  };

  const valuesOf = (expr: Leaf & { kind: 'aggregate' | 'kept' }): Values => {
    const asText = expr.fn === 'countDistinct';
    return expr.kind === 'kept'
      ? valuesKept(journey, times, expr.keep, asText)
      : valuesOfEvents(events, fold, cohort, expr.event, expr.within, expr.property, asText);
  };
  const durations = ({ of }: Leaf & { kind: 'time' }) => (of.kind === 'timeTo' ? times.timeTo(of.step) : times.timeIn(of.stage));
  const size = (expr: Leaf): number => {
    switch (expr.kind) {
      case 'aggregate':
      case 'kept': {
        const { distinct, numbers } = valuesOf(expr);
        return expr.fn === 'countDistinct' ? distinct : numbers.length;
      }
      case 'time':
        return durations(expr).length;
      default:
        return leaf(expr).value ?? 0;
    }
  };

  return {
    metric,
    metrics: () => Object.fromEntries(journey.metrics.map(({ name }) => [name, metric(name)])),
    expectations: () => journey.expects.map(expectation),
    get tally() {
      return counts();
    },
    leaf,
    size,
  };
}

function rate(
  { numerator, denominator, immature }: { numerator: number; denominator: number; immature: number },
  windowed: boolean,
): MetricValue {
  return {
    value: denominator === 0 ? null : numerator / denominator,
    quantity: 'share',
    numerator,
    denominator,
    immature: windowed ? immature : null,
    interval: wilson(numerator, denominator),
  };
}

function aggregated(fn: AggregateFunction, values: Values): MetricValue {
  return fn === 'countDistinct' ? plain(values.distinct, 'count') : plain(summary(fn, values), 'number');
}

/** A sum of nothing is 0; everything else about nothing has no value. */
function summary(fn: 'sum' | 'avg' | 'min' | 'max' | 'median' | 'p90', { numbers }: Pick<Values, 'numbers' | 'count'>): number | null {
  const n = numbers.length;
  if (fn === 'sum') return numbers.reduce((sum, value) => sum + value, 0);
  if (n === 0) return null;
  switch (fn) {
    case 'avg':
      return numbers.reduce((sum, value) => sum + value, 0) / n;
    case 'min':
      return numbers.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
    case 'max':
      return numbers.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case 'median':
      return quantiles(numbers, 0.5)[0];
    case 'p90':
      return quantiles(numbers, 0.9)[0];
  }
}
