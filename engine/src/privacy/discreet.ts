/** Journeys without what would tell somebody's personal data: the language reports it, and no number is made of it. */
import type { ColumnRef, JourneyPlan, MetricExpr, Plan, SplitPlan } from '../plan.ts';
import type { JourneyResult, SplitResult } from '../result.ts';
import { type Pii, piiOf, withheld } from './pii.ts';

/** Functions whose result is somebody's own value. */
export const OWN_VALUE: ReadonlySet<string> = new Set(['min', 'max', 'median', 'p90']);

/** The category of a split whose groups would be named by personal data. */
export function splitCategory(journey: JourneyPlan, split: SplitPlan, pii: Pii): string | undefined {
  if ('column' in split) return pii.anywhere(split.column);
  const keep = split.kind === 'keep' ? journey.keeps.find(({ name }) => name === split.name) : undefined;
  return keep && pii.anywhere(keep.property);
}

/** The property of which a metric would tell one person's own value. */
export function ownValue(journey: JourneyPlan, expr: MetricExpr): ColumnRef | undefined {
  if (expr.kind === 'aggregate' && OWN_VALUE.has(expr.fn)) return expr.property;
  return expr.kind === 'kept' && OWN_VALUE.has(expr.fn) ? journey.keeps.find(({ name }) => name === expr.keep)?.property : undefined;
}

/** The plan's journeys as they are simulated: without splits by personal data; a metric of somebody's own value has none. */
export function discreetJourneys(plan: Plan): JourneyPlan[] {
  const pii = piiOf(plan);
  if (pii.none) return plan.journeys;
  return plan.journeys.map(journey => {
    const quiet = (expr: MetricExpr): MetricExpr => {
      const own = ownValue(journey, expr);
      if (own && pii.anywhere(own) !== undefined) return noValue(expr);
      switch (expr.kind) {
        case 'arithmetic':
        case 'compare':
          return { ...expr, left: quiet(expr.left), right: quiet(expr.right) };
        case 'negate':
        case 'not':
          return { ...expr, operand: quiet(expr.operand) };
        case 'shareOf':
          return { ...expr, share: quiet(expr.share), of: quiet(expr.of) };
        case 'and':
        case 'or':
          return { ...expr, operands: expr.operands.map(quiet) };
        default:
          return expr;
      }
    };
    return {
      ...journey,
      splits: journey.splits.filter(split => splitCategory(journey, split, pii) === undefined),
      metrics: journey.metrics.map(metric => ({ ...metric, value: quiet(metric.value) })),
      expects: journey.expects.map(expect => ({ ...expect, condition: quiet(expect.condition) })),
    };
  });
}

/** Nothing by nothing has no value. */
function noValue({ at }: MetricExpr): MetricExpr {
  const nothing: MetricExpr = { kind: 'number', value: 0, at };
  return { kind: 'arithmetic', op: '/', left: nothing, right: nothing, at };
}

/** In the place of each split that was left out, all participations as one group without a name. */
export function withheldSplits(journey: JourneyPlan, plan: Plan, result: JourneyResult): JourneyResult {
  const pii = piiOf(plan);
  const told = [...result.splits];
  const splits = journey.splits.flatMap((split): SplitResult[] => {
    const category = splitCategory(journey, split, pii);
    if (category === undefined) return told.splice(0, 1);
    const { entered, people, active, completed, exits, metrics } = result;
    return [
      {
        by: split.text,
        at: split.at,
        groups: [{ value: withheld(category), kind: 'value', entered, people, active, completed, exits, metrics }],
      },
    ];
  });
  return splits.length === result.splits.length ? result : { ...result, splits };
}
