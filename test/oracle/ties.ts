/** semantics.md, "Ties", to the letter. */
import { keyOf, matches } from './conditions.ts';
import type { Instance, Run, Step } from './fold.ts';
import { isLookedAt, rulePatterns } from './fold.ts';
import { eventReads } from './metrics.ts';
import type { Def, JourneyDef } from './model.ts';

/**
 * "Two rows at one instant (a day-grained row is at every instant of its day) that one instance reads are a tie unless they are alike."
 * A tie stands where the earlier of the two stands: in whatever order they happened, nothing before that row changes.
 * @returns the instant of the instance's first tie, null where there is none
 */
export function firstTie(def: Def, journey: JourneyDef, instance: Instance): number | null {
  const ties: number[] = [];
  const rows = instance.steps.filter(step => isRead(def, journey, step)).map(step => ({ step, facts: factsOf(def, journey, step) }));
  rows.forEach((a, i) => {
    for (const b of rows.slice(i + 1)) {
      if (atOneInstant(a.step, b.step) && a.facts !== b.facts) ties.push(Math.min(a.step.time, b.step.time));
    }
  });
  return ties.length === 0 ? null : Math.min(...ties);
}

export function atOneInstant(a: Step, b: Step): boolean {
  return a.event.from <= b.event.to && b.event.from <= a.event.to;
}

/**
 * What an instance reads: a row that matches anything the journey looks at, and a sign of life where a clock waits for any. The rest of its
 * rows can change nothing wherever they stand.
 */
export function isRead(def: Def, journey: JourneyDef, { event }: Step): boolean {
  const waitsForAny = journey.ends.some(({ trigger }) => trigger.kind === 'silence' && trigger.of === undefined);
  return isLookedAt(def, journey, event) || (waitsForAny && !event.passive);
}

/** "Each of its runs ending at or after it is order-ambiguous"; an active run ends after everything. */
export function isAmbiguous(run: Run, tie: number | null): boolean {
  return tie !== null && (run.end === null || run.end.time >= tie);
}

/** "Alike in key, passivity, consent, every rule, `n of` item, silence, operand, segment and metric they match, and every property read." */
function factsOf(def: Def, journey: JourneyDef, { event }: Step): string {
  const reads = eventReads(journey).filter(read => matches(def, { any: [read.event] }, event));
  return JSON.stringify({
    key: journey.per === undefined ? null : keyOf(event.row, journey.per),
    passive: event.passive,
    rules: rulePatterns(journey)
      .filter(({ pattern }) => matches(def, pattern, event))
      .map(({ rule }) => rule),
    metrics: reads.map(read => read.metric),
    properties: reads.map(read => (read.property === undefined ? null : keyOf(event.row, read.property))),
  });
}
