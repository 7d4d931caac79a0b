/** Every event pattern of a plan. */
import type { EndPlan, EventPattern, MetricExpr, Plan, SegmentExpr } from '@journey/engine';

/**
 * All patterns: of named events and segments, then of each journey's entry rules, keeps, stages and ends, then of metrics and expectations,
 * then of the rules of privacy.
 * A named event that rules refer to comes again with each of them, with the same places.
 */
export function patternsOf(plan: Partial<Pick<Plan, 'events' | 'segments' | 'journeys' | 'privacy'>>): EventPattern[] {
  return [
    ...(plan.events ?? []).map(event => event.pattern),
    ...(plan.segments ?? []).flatMap(({ condition }) =>
      segmentParts(condition).flatMap(part => (part.kind === 'history' ? [part.event] : [])),
    ),
    ...(plan.journeys ?? []).flatMap(journey => [
      ...journey.enters.map(rule => rule.on),
      ...journey.keeps.map(keep => keep.event),
      ...journey.stages.map(rule => rule.on),
      ...journey.ends.flatMap(endPatterns),
    ]),
    ...metricsOf(plan).flatMap(metricPatterns),
    ...(plan.privacy?.consent ? [plan.privacy.consent.from] : []),
    ...(plan.privacy?.erase ? [plan.privacy.erase.on] : []),
  ];
}

/** What metrics and expectations calculate. */
export function metricsOf({ journeys = [] }: Partial<Pick<Plan, 'journeys'>>): MetricExpr[] {
  return journeys.flatMap(journey => [...journey.metrics.map(metric => metric.value), ...journey.expects.map(expect => expect.condition)]);
}

/** What an end waits for; none for a plain clock. */
function endPatterns({ trigger }: EndPlan): EventPattern[] {
  switch (trigger.kind) {
    case 'event':
      return [trigger.on];
    case 'nOf':
      return trigger.items;
    case 'silence':
      return trigger.of ?? [];
    default:
      return [];
  }
}

const metricPatterns = (expr: MetricExpr): EventPattern[] =>
  metricParts(expr).flatMap(part => (part.kind === 'countEvents' || part.kind === 'aggregate' ? [part.event] : []));

/** A metric's expression and all that it is made of. */
export function metricParts(expr: MetricExpr): MetricExpr[] {
  switch (expr.kind) {
    case 'arithmetic':
    case 'compare':
      return [expr, ...metricParts(expr.left), ...metricParts(expr.right)];
    case 'shareOf':
      return [expr, ...metricParts(expr.share), ...metricParts(expr.of)];
    case 'and':
    case 'or':
      return [expr, ...expr.operands.flatMap(metricParts)];
    case 'not':
    case 'negate':
      return [expr, ...metricParts(expr.operand)];
    default:
      return [expr];
  }
}

/** A segment's condition and all that it is made of. */
export function segmentParts(expr: SegmentExpr): SegmentExpr[] {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return [expr, ...expr.operands.flatMap(segmentParts)];
    case 'not':
      return [expr, ...segmentParts(expr.operand)];
    default:
      return [expr];
  }
}

/** A pattern and the patterns it is made of. */
export function patternParts(pattern: EventPattern): EventPattern[] {
  switch (pattern.kind) {
    case 'rows':
      return [pattern];
    case 'union':
      return [pattern, ...pattern.any.flatMap(patternParts)];
    case 'sequence':
      return [pattern, ...patternParts(pattern.first), ...patternParts(pattern.then)];
    case 'absence':
      return [pattern, ...patternParts(pattern.first), ...patternParts(pattern.no)];
    default:
      return [pattern, ...patternParts(pattern.of)];
  }
}
