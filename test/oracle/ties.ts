/** semantics.md, "Ties", to the letter. */
import { keyOf } from './conditions.ts';
import type { Instance, Run, Step } from './fold.ts';
import { matches, rulePatterns } from './fold.ts';
import { eventReads } from './metrics.ts';
import type { Def, Derived, JourneyDef, Pattern, SegmentCondition } from './model.ts';
import { segmentOf } from './segments.ts';
import type { Event, Timeline } from './timeline.ts';

/**
 * "Two rows at one instant (a day-grained row is at every instant of its day) that one instance reads are a tie unless they are alike."
 * A tie stands where the earlier of the two stands: in whatever order they happened, nothing before that row changes.
 * @returns the instant of the instance's first tie, null where there is none
 */
export function firstTie(def: Def, journey: JourneyDef, instance: Instance, line: Timeline): number | null {
  const ties: number[] = [];
  // An absence is no row.
  const read = instance.steps.filter(step => !step.event.absence && isRead(def, journey, step));
  const rows = read.map(step => ({ step, facts: factsOf(def, journey, step, line) }));
  rows.forEach((a, i) => {
    for (const b of rows.slice(i + 1)) {
      if (atOneInstant(a.step.event, b.step.event) && a.facts !== b.facts) ties.push(Math.min(a.step.time, b.step.time));
    }
  });
  return ties.length === 0 ? null : Math.min(...ties);
}

export function atOneInstant(a: Event, b: Event): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/**
 * What an instance reads: a row that matches anything the journey looks at, and a sign of life where a clock waits for any. The rest of its
 * rows can change nothing wherever they stand.
 */
export function isRead(def: Def, journey: JourneyDef, step: Step): boolean {
  const waitsForAny = journey.ends.some(({ trigger }) => trigger.kind === 'silence' && trigger.of === undefined);
  return readPatterns(def, journey).some(({ pattern }) => matches(pattern, step)) || (waitsForAny && !step.event.passive);
}

/** Everything a journey looks for: its rules, their operands down to the rows, what segments and `keep` look back at, and metrics. */
function readPatterns(def: Def, journey: JourneyDef): { of: string; pattern: Pattern; properties: string[] }[] {
  const found: { of: string; pattern: Pattern; properties: string[] }[] = [];
  const add = (of: string, pattern: Pattern, ...properties: (string | undefined)[]) => {
    found.push({ of, pattern, properties: properties.filter(property => property !== undefined) });
    pattern.any.forEach((term, i) => {
      const below = `${of}.${i}`;
      if ('kind' in term) {
        if (pattern.any.length > 1 || pattern.where !== undefined) found.push({ of: below, pattern: { any: [term] }, properties: [] });
        for (const operand of operandsOf(term)) add(below, operand, term.same);
      } else if (term.source === undefined) add(below, def.events.find(event => event.name === term.event)!.pattern);
    });
  };
  const ofSegment = (name: string) => {
    const walk = (condition: SegmentCondition) => {
      if (condition.kind === 'history') add(`segment ${name}`, { any: [condition.event] }, condition.property);
      else if (condition.kind === 'segment') ofSegment(condition.name);
      else if (condition.kind === 'not') walk(condition.part);
      else if (condition.kind !== 'test') condition.parts.forEach(walk);
    };
    walk(def.segments.find(segment => segment.name === name)!.condition);
  };
  for (const { rule, pattern } of rulePatterns(journey)) add(rule, pattern);
  for (const { metric, event, property } of eventReads(journey)) add(metric, { any: [event] }, property);
  for (const { name, event, property } of journey.keeps) add(name, { any: [event] }, property);
  for (const name of segmentsOf(journey)) ofSegment(name);
  return found;
}
function segmentsOf(journey: JourneyDef): string[] {
  return [
    ...journey.enters.flatMap(enter => enter.if ?? []),
    ...journey.splits.flatMap(split => (split.kind === 'segment' ? split.name : [])),
  ];
}
function operandsOf(term: Derived): Pattern[] {
  return term.kind === 'sequence' ? [term.first, term.next] : term.kind === 'absence' ? [term.first, term.no] : [term.of];
}

/** "Each of its runs ending at or after it is order-ambiguous"; an active run ends after everything. */
export function isAmbiguous(run: Run, tie: number | null): boolean {
  return tie !== null && (run.end === null || run.end.time >= tie);
}

/** "Alike in key, passivity, consent, every rule, `n of` item, silence, operand, segment and metric they match, and every property read." */
function factsOf(def: Def, journey: JourneyDef, step: Step, line: Timeline): string {
  const { event } = step;
  const matching = readPatterns(def, journey).filter(({ pattern }) => matches(pattern, step));
  const enters = journey.enters.some(enter => matches(enter.on, step));
  return JSON.stringify({
    key: journey.per === undefined ? null : keyOf(event.row, journey.per),
    passive: event.passive,
    matching: matching.map(({ of }) => of),
    properties: matching.flatMap(({ properties }) => properties.map(property => keyOf(event.row, property))),
    segments: enters ? segmentsOf(journey).map(name => segmentOf(def, line, name, event)) : [],
    splits: enters ? journey.splits.map(split => (split.kind === 'property' ? keyOf(event.row, split.column) : null)) : [],
  });
}
