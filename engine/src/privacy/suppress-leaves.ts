/** What a metric counts, as keys of the ledger: a number that is told twice has one key, wherever it is told. */
import type { JourneyPlan, MetricExpr, StepRef } from '../plan.ts';
import type { Leaf } from '../simulate/evaluate.ts';
import type { Measures } from '../simulate/metrics.ts';
import { metricParts } from '../store/uses.ts';

/** The counts that these expressions are made of, each once; through other metrics too. */
export function leavesOf(exprs: readonly MetricExpr[], journey: JourneyPlan): Leaf[] {
  const found = new Map<string, Leaf>();
  const seen = new Set<string>();
  const visit = (expr: MetricExpr): void => {
    if (expr.kind === 'metric') {
      if (seen.has(expr.name)) return;
      seen.add(expr.name);
      const metric = journey.metrics.find(({ name }) => name === expr.name);
      if (metric) visit(metric.value);
      return;
    }
    if (LITERAL.has(expr.kind)) return;
    const parts = metricParts(expr);
    if (parts.length > 0) parts.forEach(visit);
    else found.set(idOf(expr), expr as Leaf);
  };
  exprs.forEach(visit);
  return [...found.values()];
}

const LITERAL = new Set<MetricExpr['kind']>(['number', 'percent', 'duration', 'quality']);

const idOf = (expr: MetricExpr): string => JSON.stringify(expr, (key, value) => (key === 'at' || key === 'text' ? undefined : value));

/** Of a rate, what it is a share of and what was too young; else one count alone. */
export interface LeafKeys {
  count: string;
  of?: string;
  young?: string;
}

export function keysOf(expr: Leaf): LeafKeys {
  switch (expr.kind) {
    case 'entered':
    case 'people':
    case 'active':
    case 'completed':
    case 'attempts':
      return { count: expr.kind };
    case 'exited':
      return { count: expr.name === undefined ? 'exited' : `exit ${expr.name}` };
    case 'rejected':
      return { count: expr.reason === undefined ? 'rejected' : `rejected ${expr.reason}` };
    case 'reached':
    case 'visits':
      return { count: `${expr.kind} ${expr.stage}` };
    case 'enteredBy':
      return { count: `enter ${expr.rule}` };
    case 'rate': {
      const { within, from, ofPeople, of } = expr;
      const plain = within === undefined && !from && !ofPeople;
      return { count: plain ? stepKey(of) : idOf(expr), ...wholeOf(within, ofPeople) };
    }
    case 'retention':
      return { count: idOf(expr), ...wholeOf(expr.to, false) };
    default:
      return { count: idOf(expr) };
  }
}

const wholeOf = (within: number | undefined, ofPeople: boolean): Omit<LeafKeys, 'count'> => {
  if (within === undefined) return { of: ofPeople ? 'people' : 'entered' };
  return { of: `mature ${within}${ofPeople ? ' people' : ''}`, young: `young ${within}` };
};

/** Runs that reached a step. */
export const stepKey = ({ kind, name }: StepRef): string => `${kind === 'stage' ? 'reached' : kind === 'end' ? 'exit' : 'enter'} ${name}`;

/** What a cohort counts for it, by key. */
export function countsOf(expr: Leaf, measures: Measures): [key: string, count: number][] {
  const { count, of, young } = keysOf(expr);
  if (of === undefined) return [[count, measures.size(expr)]];
  const { numerator, denominator, immature } = measures.leaf(expr);
  return [[count, numerator ?? 0], [of, denominator ?? 0], ...(young === undefined ? [] : [[young, immature ?? 0] as [string, number]])];
}
