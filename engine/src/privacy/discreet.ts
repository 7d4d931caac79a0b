/** Journeys without what would tell somebody's personal data: the language reports it, and no number is made of it. */
import type { ColumnRef, JourneyPlan, MetricExpr, Plan, SplitPlan } from '../plan.ts';
import type { JourneyResult, SplitResult } from '../result.ts';
import { type Pii, piiOf, withheld } from './pii.ts';

/** Functions whose result is somebody's own value, of however many it is taken. */
const OWN_VALUE: ReadonlySet<string> = new Set(['min', 'max', 'median', 'p90']);
/** Functions whose result is somebody's own value where it is taken of one person: a group of a split or a day may hold no other. */
const POOLED: ReadonlySet<string> = new Set(['avg', 'sum']);

/** The category of a split whose groups would be named by personal data. */
export function splitCategory(journey: JourneyPlan, split: SplitPlan, pii: Pii): string | undefined {
  if ('column' in split) return pii.anywhere(split.column);
  const keep = split.kind === 'keep' ? journey.keeps.find(({ name }) => name === split.name) : undefined;
  return keep && pii.anywhere(keep.property);
}

/** The property of which a metric may tell one person's own value. How many different values there are is no value. */
export function ownValue(journey: JourneyPlan, expr: MetricExpr, { privacy }: Plan): ColumnRef | undefined {
  if (expr.kind !== 'aggregate' && expr.kind !== 'kept') return undefined;
  // Suppression asks for enough people behind whatever is summed up: at least two, so that none of it is one person's.
  if (!OWN_VALUE.has(expr.fn) && (privacy?.suppressBelow || !POOLED.has(expr.fn))) return undefined;
  return expr.kind === 'aggregate' ? expr.property : journey.keeps.find(({ name }) => name === expr.keep)?.property;
}

/** The plan's journeys as they are simulated: without splits by personal data; a metric of somebody's own value has none. */
export function discreetJourneys(plan: Plan): JourneyPlan[] {
  const pii = piiOf(plan);
  if (pii.none) return plan.journeys;
  return plan.journeys.map(journey => {
    const quiet = (expr: MetricExpr): MetricExpr => {
      const own = ownValue(journey, expr, plan);
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
