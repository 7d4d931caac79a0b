/** semantics.md, "Ties", to the letter. */
import { keyOf } from './conditions.ts';
import { carriersOf, leavesOf, namedPattern, operandsOf } from './derived.ts';
import type { Instance, Run, Step } from './fold.ts';
import { matches, rulePatterns } from './fold.ts';
import { eventReads } from './metrics.ts';
import type { Condition, Def, JourneyDef, Pattern, SegmentCondition } from './model.ts';
import { segmentOf, segmentsOf } from './segments.ts';
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
  return lookedFor(def, journey).some(({ rows }) => rows.some(pattern => matches(pattern, step))) || (waitsForAny && !step.event.passive);
}

/**
 * Everything that a journey looks for, down to the rows, and the properties it reads of them: its rules and their operands, metrics, what
 * segments and `keep` look back at. Of a derived event its operands count: which of two equal rows is the first changes nothing.
 */
function lookedFor(def: Def, journey: JourneyDef): { rows: Pattern[]; properties: string[] }[] {
  const found: { rows: Pattern[]; properties: string[] }[] = [];
  const add = (pattern: Pattern, property?: string) => {
    for (const leaf of leavesOf(def, pattern)) found.push({ rows: [leaf], properties: [] });
    if (property !== undefined) found.push({ rows: carriersOf(def, pattern), properties: [property] });
    addConditions(pattern);
  };
  /** What a derived event is asked is asked of the row it falls on; `same` is read of all its operands. */
  const addConditions = (pattern: Pattern) => {
    for (const term of pattern.any) {
      const below = 'kind' in term ? operandsOf(term) : term.source === undefined ? [namedPattern(def, term)] : [];
      below.forEach(addConditions);
      if ('kind' in term && term.same !== undefined) found.push({ rows: leavesOf(def, { any: [term] }), properties: [term.same] });
    }
    const { where } = pattern;
    if (where !== undefined) found.push({ rows: carriersOf(def, pattern).map(row => both(row, where)), properties: [] });
  };
  const addSegment = (name: string) => {
    const walk = (condition: SegmentCondition) => {
      if (condition.kind === 'history') add({ any: [condition.event] }, condition.property);
      else if (condition.kind === 'segment') addSegment(condition.name);
      else if (condition.kind === 'not') walk(condition.part);
      else if (condition.kind !== 'test') condition.parts.forEach(walk);
    };
    walk(def.segments.find(segment => segment.name === name)!.condition);
  };
  for (const { pattern } of rulePatterns(journey)) add(pattern);
  for (const { event, property } of eventReads(journey)) add({ any: [event] }, property);
  for (const { event, property } of journey.keeps) add({ any: [event] }, property);
  for (const name of segmentsOf(journey)) addSegment(name);
  return found;
}
function both(row: Pattern, where: Condition): Pattern {
  return { any: row.any, where: row.where === undefined ? where : { kind: 'and', parts: [row.where, where] } };
}
/** "Each of its runs ending at or after it is order-ambiguous"; an active run ends after everything. */
export function isAmbiguous(run: Run, tie: number | null): boolean {
  return tie !== null && (run.end === null || run.end.time >= tie);
}

/** "Alike in key, passivity, consent, every rule, `n of` item, silence, operand, segment and metric they match, and every property read." */
function factsOf(def: Def, journey: JourneyDef, step: Step, line: Timeline): string {
  const { event } = step;
  const looked = lookedFor(def, journey).map(({ rows, properties }) =>
    rows.some(pattern => matches(pattern, step)) ? properties.map(property => keyOf(event.row, property)) : null,
  );
  const mayEnter = journey.enters.some(enter => carriersOf(def, enter.on).some(pattern => matches(pattern, step)));
  const read = journey.splits.map(split => (split.kind === 'property' ? keyOf(event.row, split.column) : null));
  const held = mayEnter ? segmentsOf(journey).map(name => segmentOf({ def, line, journey, entry: event }, name)) : [];
  return JSON.stringify([journey.per === undefined ? null : keyOf(event.row, journey.per), event.passive, looked, held, mayEnter && read]);
}
