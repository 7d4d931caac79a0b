/** Expectations that hold, or fail, whatever the data. */
import type { CompareOp, MetricExpr, MetricPlan } from '@journey/engine';

/** Bounds of a number, both included. */
interface Range {
  low: number;
  high: number;
}
const ANY: Range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const COUNT: Range = { low: 0, high: Number.POSITIVE_INFINITY };
const SHARE: Range = { low: 0, high: 1 };

/**
 * Whether a condition over a journey's numbers can fail, or hold, at all.
 * @returns `always` and `never` leave aside that a number may have no value, where an expectation is undecided
 */
export function outcomeOf(expr: MetricExpr, metrics: readonly MetricPlan[]): 'always' | 'never' | 'depends' {
  switch (expr.kind) {
    case 'and':
    case 'or': {
      const all = expr.operands.map(operand => outcomeOf(operand, metrics));
      const [decides, other] = expr.kind === 'and' ? (['never', 'always'] as const) : (['always', 'never'] as const);
      return all.includes(decides) ? decides : all.every(each => each === other) ? other : 'depends';
    }
    case 'not': {
      const outcome = outcomeOf(expr.operand, metrics);
      return outcome === 'always' ? 'never' : outcome === 'never' ? 'always' : 'depends';
    }
    case 'compare':
      return compare(expr.op, rangeOf(expr.left, metrics), rangeOf(expr.right, metrics));
    default:
      return 'depends';
  }
}

function compare(op: CompareOp, left: Range, right: Range): 'always' | 'never' | 'depends' {
  switch (op) {
    case '>':
      return left.low > right.high ? 'always' : left.high <= right.low ? 'never' : 'depends';
    case '>=':
      return left.low >= right.high ? 'always' : left.high < right.low ? 'never' : 'depends';
    case '<':
      return compare('>', right, left);
    case '<=':
      return compare('>=', right, left);
    case '=':
    case '!=': {
      const apart = left.high < right.low || right.high < left.low;
      const same = left.low === left.high && right.low === right.high && left.low === right.low;
      return apart ? (op === '=' ? 'never' : 'always') : same ? (op === '=' ? 'always' : 'never') : 'depends';
    }
  }
}

function rangeOf(expr: MetricExpr, metrics: readonly MetricPlan[]): Range {
  const of = (part: MetricExpr) => rangeOf(part, metrics);
  switch (expr.kind) {
    case 'number':
    case 'percent':
    case 'duration':
      return { low: expr.value, high: expr.value };
    case 'metric': {
      const metric = metrics.find(({ name }) => name === expr.name);
      return metric ? of(metric.value) : ANY;
    }
    case 'rate':
    case 'retention':
      return SHARE;
    case 'aggregate':
    case 'kept':
      return expr.fn === 'countDistinct' ? COUNT : ANY;
    case 'negate': {
      const { low, high } = of(expr.operand);
      return { low: -high, high: -low };
    }
    case 'shareOf':
      return times(of(expr.share), of(expr.of));
    case 'arithmetic': {
      const [left, right] = [of(expr.left), of(expr.right)];
      if (expr.op === '+') return { low: left.low + right.low, high: left.high + right.high };
      if (expr.op === '-') return { low: left.low - right.high, high: left.high - right.low };
      if (expr.op === '*') return times(left, right);
      return left.low >= 0 && right.low >= 0 ? COUNT : ANY;
    }
    case 'compare':
    case 'and':
    case 'or':
    case 'not':
      return ANY;
    default:
      return COUNT; // runs, events, times
  }
}

function times(left: Range, right: Range): Range {
  // Nothing times without end is nothing here: a bound that isn't reached.
  const products = [left.low, left.high].flatMap(a => [right.low, right.high].map(b => (a === 0 || b === 0 ? 0 : a * b)));
  return { low: Math.min(...products), high: Math.max(...products) };
}
