/** What is made of values, and held against them: one home for the metrics and expectations of journeys and of the file itself. */
import { formatMetric } from '../format.ts';
import type { ArithmeticOp, CompareOp, ExpectPlan, MetricExpr, QualityCount, Quantity } from '../plan.ts';
import type { ExpectationResult, MetricValue } from '../result.ts';
import { metricParts } from '../store/uses.ts';

type Made = 'number' | 'percent' | 'duration' | 'arithmetic' | 'negate' | 'shareOf' | 'compare' | 'and' | 'or' | 'not';
/** What has to be counted; all else is made of such values. */
export type Leaf = Exclude<MetricExpr, { kind: Made }>;

/** What is counted of a source's rows; null where there is no such source, or none of its rows to speak of. */
export type QualityOf = (source: string, of: QualityCount) => number | null;

export interface Evaluator {
  measure(expr: MetricExpr): MetricValue;
  expectation(expect: ExpectPlan): ExpectationResult;
}

/**
 * @param below values about few read as being about fewer people than this
 */
export function evaluator(leaf: (expr: Leaf) => MetricValue, below?: number): Evaluator {
  const formatted = (value: MetricValue) => formatMetric(value, below);
  const measure = (expr: MetricExpr): MetricValue => {
    switch (expr.kind) {
      case 'number':
        return plain(expr.value, 'number');
      case 'percent':
        return plain(expr.value, 'share');
      case 'duration':
        return plain(expr.value, 'duration');
      case 'arithmetic':
        return arithmetic(expr.op, measure(expr.left), measure(expr.right));
      case 'negate': {
        const operand = measure(expr.operand);
        return { ...plain(operand.value === null ? null : -operand.value, operand.quantity), ...withheld(operand) };
      }
      case 'shareOf': {
        const share = measure(expr.share);
        const of = measure(expr.of);
        // What people compare with is the decimal number: 7% of 100 is 7, not 7.000000000000001.
        const value = share.value === null || of.value === null ? null : Number((share.value * of.value).toPrecision(14));
        return { ...plain(value, of.quantity === 'count' ? 'number' : of.quantity), ...withheld(share, of) };
      }
      case 'compare':
      case 'and':
      case 'or':
      case 'not': {
        const truth = holds(expr);
        if (truth !== null) return plain(Number(truth), 'number');
        return { ...nothing('number'), ...withheld(...metricParts(expr).map(measure)) };
      }
      default:
        return leaf(expr);
    }
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
        return isWritten(expr.right) ? left : `${left} against ${formatted(measure(expr.right))}`;
      }
      case 'and':
      case 'or':
        return expr.operands.map(actual).join(', ');
      case 'not':
        return actual(expr.operand);
      default:
        return formatted(measure(expr));
    }
  };
  /** `rejected < 5% of attempts`: what share of the attempts it was. */
  const shown = (left: MetricExpr, right: MetricExpr): string => {
    const value = measure(left);
    if (right.kind !== 'shareOf' || value.quantity !== 'count' || value.value === null) return formatted(value);
    const of = measure(right.of);
    if (of.quantity !== 'count' || !of.value) return formatted(value);
    return formatted({ ...value, value: value.value / of.value, quantity: 'share', numerator: value.value, denominator: of.value });
  };

  const expectation = ({ text, condition, severity, message, at }: ExpectPlan): ExpectationResult => ({
    text,
    ok: holds(condition),
    actual: actual(condition),
    severity,
    ...(message === undefined ? {} : { message }),
    at,
  });
  return { measure, expectation };
}

const isWritten = (expr: MetricExpr): boolean =>
  expr.kind === 'number' || expr.kind === 'percent' || expr.kind === 'duration' || (expr.kind === 'shareOf' && isWritten(expr.share));

export function plain(value: number | null, quantity: Quantity): MetricValue {
  return { value, quantity, numerator: null, denominator: null, immature: null, interval: null };
}
export const nothing = (quantity: Quantity) => plain(null, quantity);

/** What is made of something withheld is withheld. */
const withheld = (...values: MetricValue[]): Pick<MetricValue, 'suppressed'> =>
  values.some(({ suppressed }) => suppressed) ? { suppressed: 'withheld' } : {};

function arithmetic(op: ArithmeticOp, left: MetricValue, right: MetricValue): MetricValue {
  const quantity = resulting(op, left.quantity, right.quantity);
  const a = left.value;
  const b = right.value;
  if (a === null || b === null) return { ...nothing(quantity), ...withheld(left, right) };
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
