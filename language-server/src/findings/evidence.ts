/**
 * What findings are drawn from, and the few further questions they put to the engine.
 *
 * The preview says how often a rule was taken, but not how many rows meet a condition somewhere inside a pattern. Those
 * questions go to the engine as a plan of nothing but named events, one a question: cheap, and answered from its caches.
 */
import {
  type EventPattern,
  type Expr,
  isTold,
  type JourneyPlan,
  type Plan,
  type Preview,
  type RowMatch,
  rowMatches,
  type SourcePlan,
} from '@journey/engine';

export interface Evidence {
  plan: Plan;
  preview: Preview;
  /** Rows that match, at or before as-of; undefined where nobody asked. */
  rows(match: RowMatch): number | undefined;
}

/** The same for two texts that ask the same, wherever they stand. */
export function questionKey({ source, event, where }: RowMatch): string {
  return JSON.stringify([source, event, where ?? null], (key, value) => (key === 'at' ? undefined : value));
}

/** The plan that asks: its named events stand for the questions, in order. */
export function questionPlan(plan: Plan, questions: readonly RowMatch[]): Plan {
  return {
    ...plan,
    journeys: [],
    scenarios: [],
    events: questions.map((match, i) => ({
      name: `${i}`,
      at: match.at,
      nameAt: match.at,
      pattern: { kind: 'rows', any: [match], text: '', at: match.at },
    })),
  };
}

/** @param counts rows by question key, beyond what the preview itself says */
export function evidence(plan: Plan, preview: Preview, counts: ReadonlyMap<string, number> = new Map()): Evidence {
  const known = new Map(counts);
  for (const event of plan.events) {
    // Of an event made of others the number is not that of its rows.
    if (event.pattern.kind !== 'rows') continue;
    const [only, ...others] = rowMatches(event.pattern);
    const rows = preview.result.events[event.name];
    if (only && others.length === 0 && rows !== undefined && isTold(rows)) known.set(questionKey(only), rows);
  }
  return {
    plan,
    preview,
    rows: match => {
      const events = preview.schema.sources[match.source]?.events;
      if (events && !Object.hasOwn(events, match.event)) return 0;
      return match.where ? known.get(questionKey(match)) : (known.get(questionKey(match)) ?? events?.[match.event]);
    },
  };
}

/** Whether no row can matter to a journey, because none matches or all are nobody's: that has been said where it comes from. */
export function isDead(given: Evidence, journey: JourneyPlan, pattern: EventPattern): boolean {
  const nobodys = new Set(sourcesWithoutIdentity(given.plan, journey).map(({ name }) => name));
  return neverHappens(given, pattern) || rowMatches(pattern).every(match => given.rows(match) === 0 || nobodys.has(match.source));
}

/** Whether it is a named event made of others that never happens: that is told where it is declared. */
export function neverHappens({ plan, preview }: Pick<Evidence, 'plan' | 'preview'>, pattern: EventPattern): boolean {
  const named = pattern.kind === 'rows' ? undefined : plan.events.find(({ name }) => name === pattern.text);
  return named !== undefined && preview.result.events[named.name] === 0;
}

/** Sources none of whose ids is of the journey's identity. */
export function sourcesWithoutIdentity(plan: Plan, journey: JourneyPlan): SourcePlan[] {
  const kinds = plan.identities.find(({ name }) => name === journey.identity)?.kinds.map(({ name }) => name) ?? [];
  return plan.sources.filter(source => !source.ids.some(id => kinds.includes(id.kind)));
}

/** Every part of a condition, itself first. */
export function exprParts(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'compare':
    case 'arithmetic':
      return [expr, ...exprParts(expr.left), ...exprParts(expr.right)];
    case 'and':
    case 'or':
      return [expr, ...expr.operands.flatMap(exprParts)];
    case 'not':
    case 'negate':
    case 'like':
    case 'matches':
    case 'isNull':
      return [expr, ...exprParts(expr.operand)];
    case 'in':
      return [expr, ...exprParts(expr.operand), ...expr.values.flatMap(exprParts)];
    case 'call':
      return [expr, ...expr.args.flatMap(exprParts)];
    default:
      return [expr];
  }
}
