import type { Events } from '../events.ts';
import { formatMetric } from '../format.ts';
import type { AggregateFunction, ArithmeticOp, CompareOp, ExpectPlan, JourneyPlan, MetricExpr, Quantity } from '../plan.ts';
import type { JourneyResult, MetricValue } from '../result.ts';
import { quantiles, wilson } from './numbers.ts';
import { retention } from './retention.ts';
import { type AttemptTally, type Tally, tally, tallyAttempts } from './tally.ts';
import type { RunTimes } from './times.ts';
import { type Values, valuesKept, valuesOfEvents } from './values.ts';

type Outcome = JourneyResult['expectations'][number];

/** The metrics and expectations of a journey, taken of one cohort. */
export interface Measures {
  metric(name: string): MetricValue;
  metrics(): Record<string, MetricValue>;
  expectations(): Outcome[];
  readonly tally: Tally;
}

/** Only what is asked for is counted. */
export function measuresOf(journey: JourneyPlan, events: Events, times: RunTimes): Measures {
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

  const measure = (expr: MetricExpr): MetricValue => {
    switch (expr.kind) {
      case 'quality':
        return nothing('count');
      case 'retention':
        return rate(retention(journey.identity, times, expr.from, expr.to), true);
      case 'kept':
        return aggregated(expr.fn, valuesKept(journey, times, expr.keep, expr.fn === 'countDistinct'));
      case 'number':
        return plain(expr.value, 'number');
      case 'percent':
        return plain(expr.value, 'share');
      case 'duration':
        return plain(expr.value, 'duration');
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
        return aggregate(expr);
      case 'time': {
        const durations = expr.of.kind === 'timeTo' ? times.timeTo(expr.of.step) : times.timeIn(expr.of.stage);
        return plain(summary(expr.fn, { count: durations.length, numbers: durations }), 'duration');
      }
      case 'arithmetic':
        return arithmetic(expr.op, measure(expr.left), measure(expr.right));
      case 'negate': {
        const { value, quantity } = measure(expr.operand);
        return plain(value === null ? null : -value, quantity);
      }
      case 'shareOf': {
        const share = measure(expr.share).value;
        const of = measure(expr.of);
        // What people compare with is the decimal number: 7% of 100 is 7, not 7.000000000000001.
        const value = share === null || of.value === null ? null : Number((share * of.value).toPrecision(14));
        return plain(value, of.quantity === 'count' ? 'number' : of.quantity);
      }
      case 'compare':
      case 'and':
      case 'or':
      case 'not': {
        const truth = holds(expr);
        return plain(truth === null ? null : Number(truth), 'number');
      }
    }
  };

  const exited = (name: string | undefined): number => {
    const { exits } = counts();
    if (name !== undefined) return exits[name] ?? 0;
    return journey.ends.reduce((sum, end) => (end.kind === 'exit' ? sum + exits[end.name] : sum), 0);
  };

  const aggregate = (expr: MetricExpr & { kind: 'aggregate' }): MetricValue => {
    const asText = expr.fn === 'countDistinct';
    return aggregated(expr.fn, valuesOfEvents(events, fold, cohort, expr.event, expr.within, expr.property, asText));
  };

  /** Null: undecided. A false `and` and a true `or` are decided by one side alone. */
  const holds = (expr: MetricExpr): boolean | null => {
    switch (expr.kind) {
      case 'compare': {
        const left = measure(expr.left).value;
        const right = measure(expr.right).value;
        return left === null || right === null ? null : compare(expr.op, left, right);
      }
      case 'and':
      case 'or': {
        const decisive = expr.kind === 'or';
        const truths = expr.operands.map(holds);
        if (truths.includes(decisive)) return decisive;
        return truths.includes(null) ? null : !decisive;
      }
      case 'not': {
        const truth = holds(expr.operand);
        return truth === null ? null : !truth;
      }
      default: {
        const { value } = measure(expr);
        return value === null ? null : value !== 0;
      }
    }
  };

  /** What people read beside an expectation: the values it compares, but for those that stand in the text. */
  const actual = (expr: MetricExpr): string => {
    switch (expr.kind) {
      case 'compare': {
        if (isWritten(expr.left)) return actual(expr.right);
        const left = shown(expr.left, expr.right);
        return isWritten(expr.right) ? left : `${left} against ${formatMetric(measure(expr.right))}`;
      }
      case 'and':
      case 'or':
        return expr.operands.map(actual).join(', ');
      case 'not':
        return actual(expr.operand);
      default:
        return formatMetric(measure(expr));
    }
  };
  /** `rejected < 5% of attempts`: what share of the attempts it was. */
  const shown = (left: MetricExpr, right: MetricExpr): string => {
    const value = measure(left);
    if (right.kind !== 'shareOf' || value.quantity !== 'count' || value.value === null) return formatMetric(value);
    const of = measure(right.of);
    if (of.quantity !== 'count' || !of.value) return formatMetric(value);
    return formatMetric({ ...value, value: value.value / of.value, quantity: 'share', numerator: value.value, denominator: of.value });
  };

  const expectation = ({ text, condition, severity, message, at }: ExpectPlan): Outcome => ({
    text,
    ok: holds(condition),
    actual: actual(condition),
    severity,
    ...(message === undefined ? {} : { message }),
    at,
  });
  return {
    metric,
    metrics: () => Object.fromEntries(journey.metrics.map(({ name }) => [name, metric(name)])),
    expectations: () => journey.expects.map(expectation),
    get tally() {
      return counts();
    },
  };
}

const isWritten = (expr: MetricExpr): boolean =>
  expr.kind === 'number' || expr.kind === 'percent' || expr.kind === 'duration' || (expr.kind === 'shareOf' && isWritten(expr.share));

function plain(value: number | null, quantity: Quantity): MetricValue {
  return { value, quantity, numerator: null, denominator: null, immature: null, interval: null };
}
const nothing = (quantity: Quantity) => plain(null, quantity);

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

function arithmetic(op: ArithmeticOp, left: MetricValue, right: MetricValue): MetricValue {
  const quantity = resulting(op, left.quantity, right.quantity);
  const a = left.value;
  const b = right.value;
  if (a === null || b === null) return nothing(quantity);
  switch (op) {
    case '+':
      return plain(a + b, quantity);
    case '-':
      return plain(a - b, quantity);
    case '*':
      return plain(a * b, quantity);
    case '/':
      return plain(b === 0 ? null : a / b, quantity);
  }
}

/** Alike adds up to the same; a duration or a share keeps being one beside, times and over plain numbers; all else is a number. */
function resulting(op: ArithmeticOp, left: Quantity, right: Quantity): Quantity {
  if (op === '/') return (left === 'duration' && right !== 'duration') || (left === 'share' && right === 'number') ? left : 'number';
  if (left === right) return op === '*' && left === 'duration' ? 'number' : left;
  if (left === 'duration' || right === 'duration') return 'duration';
  if (op === '*' && (left === 'count' || right === 'count')) return 'number';
  return left === 'share' || right === 'share' ? 'share' : 'number';
}

export function compare(op: CompareOp, a: number, b: number): boolean {
  switch (op) {
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}
