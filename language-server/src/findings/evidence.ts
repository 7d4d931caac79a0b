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
import { list } from '../text/words.ts';

export interface Evidence {
  plan: Plan;
  preview: Preview;
  /** Rows that match, at or before as-of, and count: undefined where nobody asked. */
  rows(match: RowMatch): number | undefined;
  /** Those too that count for nothing because they are without consent, erased or too old: what isn't among them is not in the data. */
  recorded(match: RowMatch): number | undefined;
}

/** What was answered, by question key. */
export interface Answers {
  rows: ReadonlyMap<string, number>;
  /** Of those without a row that counts, and with rules of privacy: as if there were no such rules. */
  recorded: ReadonlyMap<string, number>;
}

/** The same for two texts that ask the same, wherever they stand. */
export function questionKey({ source, event, where }: RowMatch): string {
  return JSON.stringify([source, event, where ?? null], (key, value) => (key === 'at' ? undefined : value));
}

/** The plan that asks: its named events stand for the questions, in order. Journeys, none of which need be simulated, say whose consent and erasure count. */
export function questionPlan(plan: Plan, questions: readonly RowMatch[]): Plan {
  return {
    ...plan,
    journeys: mayHide(plan) ? plan.journeys : [],
    scenarios: [],
    expects: [],
    events: questions.map((match, i) => ({
      name: `${i}`,
      at: match.at,
      nameAt: match.at,
      pattern: { kind: 'rows', any: [match], text: '', at: match.at },
    })),
  };
}

/** The same plan as if all that was recorded counted. What is about few is withheld still. */
export function withoutHiding(plan: Plan): Plan {
  return { ...plan, ...(plan.privacy && { privacy: { ...plan.privacy, consent: undefined, erase: undefined, retain: undefined } }) };
}

/** Whether rows may count for nothing by a rule of privacy. */
export const mayHide = ({ privacy }: Plan): boolean =>
  privacy?.consent !== undefined || privacy?.erase !== undefined || privacy?.retain !== undefined;

/** Why rows of this sample may count for nothing: `without consent`, `erased`, `older than what is retained`. */
export function hiding({ plan, preview }: Pick<Evidence, 'plan' | 'preview'>): string[] {
  const sources = Object.values(preview.result.sources);
  return [
    ...(plan.privacy?.consent ? ['without consent'] : []),
    ...(sources.some(({ erased }) => erased > 0) ? ['erased'] : []),
    ...(sources.some(({ expired }) => expired > 0) ? ['older than what is retained'] : []),
  ];
}

/** What goes behind a sentence that nothing like it happens, where it is true only of rows that count; empty where all do. */
export function apart(given: Pick<Evidence, 'plan' | 'preview'>): string {
  const why = hiding(given);
  return why.length === 0 ? '' : `; rows that are ${list(why, 'or')} count for nothing`;
}

/** Whether rows match, but none of them counts. */
export function isHidden(given: Evidence, pattern: EventPattern): boolean {
  const matches = rowMatches(pattern);
  return matches.every(match => given.rows(match) === 0) && matches.some(match => given.recorded(match) !== 0);
}

/** @param answers beyond what the preview itself says */
export function evidence(plan: Plan, preview: Preview, answers: Answers = { rows: new Map(), recorded: new Map() }): Evidence {
  const known = new Map(answers.rows);
  for (const event of plan.events) {
    // Of an event made of others the number is not that of its rows.
    if (event.pattern.kind !== 'rows') continue;
    const [only, ...others] = rowMatches(event.pattern);
    const rows = preview.result.events[event.name];
    if (only && others.length === 0 && rows !== undefined && isTold(rows)) known.set(questionKey(only), rows);
  }
  const rows = (match: RowMatch): number | undefined => {
    const events = preview.schema.sources[match.source]?.events;
    if (events && !Object.hasOwn(events, match.event)) return 0;
    return match.where ? known.get(questionKey(match)) : (known.get(questionKey(match)) ?? events?.[match.event]);
  };
  const recorded = (match: RowMatch): number | undefined => {
    const source = preview.schema.sources[match.source];
    const counting = rows(match);
    if (counting !== 0 || !mayHide(plan)) return counting;
    if (source?.gone?.includes(match.event)) return undefined;
    if (source && !Object.hasOwn(source.events, match.event)) return 0;
    return match.where ? answers.recorded.get(questionKey(match)) : source?.events[match.event];
  };
  return { plan, preview, rows, recorded };
}

/** Whether no row can matter to a journey, because none matches or all are nobody's: that has been said where it comes from. */
export function isDead(given: Evidence, journey: JourneyPlan, pattern: EventPattern): boolean {
  const nobodys = new Set(sourcesWithoutIdentity(given.plan, journey).map(({ name }) => name));
  return neverHappens(given, pattern) || rowMatches(pattern).every(match => given.recorded(match) === 0 || nobodys.has(match.source));
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
