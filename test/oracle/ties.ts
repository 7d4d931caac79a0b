/** semantics.md, "Ties", to the letter. */
import { keyOf } from './conditions.ts';
import { carriersOf, derivedIn, inOrder, leavesOf, operandsOf, plainRows, worldOf } from './derived.ts';
import type { Instance, Run, Step } from './fold.ts';
import { isSaidBy, rulePatterns } from './fold.ts';
import { eventReads } from './metrics.ts';
import type { Condition, Def, JourneyDef, Pattern, Ref, SegmentCondition } from './model.ts';
import { segmentOf, segmentsOf } from './segments.ts';
import type { Event, Timeline } from './timeline.ts';

/**
 * "Two rows at one instant (a day-grained row is at every instant of its day) that one instance reads are a tie unless they are alike."
 * A tie stands where the earlier of the two stands: in whatever order they happened, nothing before that row changes.
 * @returns the instant of the instance's first tie, null where there is none
 */
export function firstTie(def: Def, journey: JourneyDef, instance: Instance, line: Timeline): number | null {
  const ties: number[] = [];
  const read = rowsOf(def, journey, instance, line).filter(step => isRead(def, journey, step));
  const rows = read.map(step => ({ step, facts: factsOf(def, journey, step, line) }));
  rows.forEach((a, i) => {
    for (const b of rows.slice(i + 1)) {
      if (atOneInstant(a.step.event, b.step.event) && a.facts !== b.facts) ties.push(Math.min(a.step.time, b.step.time));
    }
  });
  return ties.length === 0 ? null : Math.min(...ties);
}

/**
 * The rows that may matter to an instance: its own, those that end `for all`, and of its participant's others those that segments and
 * `keep` look back at, whatever their key, and those that speak of consent. An absence is no row.
 */
export function rowsOf(def: Def, journey: JourneyDef, instance: Instance, line: Timeline): Step[] {
  const own = instance.steps.filter(step => !step.event.absence);
  const back = lookedBackAt(def, journey).flatMap(({ event }) => leavesOf(def, { any: [event] }));
  // Where consent moves, so do the rows of other keys that would end `for all`, and those that such an event is made of.
  const forAll = journey.ends.flatMap(({ trigger }) => (trigger.kind === 'event' && trigger.forAll ? leavesOf(def, trigger.on) : []));
  if (def.privacy?.consent) back.push(...forAll);
  const others = line.events
    .filter(event => event.participant === instance.participant && !own.some(step => step.event === event))
    .map(event => ({ time: event.time, event, world: worldOf(def, line, event.participant), own: false }))
    .filter(step => step.event.statement !== null || back.some(leaf => isSaidBy(leaf, step)));
  return [...own, ...others].sort((a, b) => inOrder(a.event, b.event));
}

/** The events that a journey's segments and keeps look back at, and what they read of them. */
function lookedBackAt(def: Def, journey: JourneyDef): { event: Ref; property?: string }[] {
  const found: { event: Ref; property?: string }[] = [...journey.keeps];
  const walk = (condition: SegmentCondition) => {
    if (condition.kind === 'history') found.push(condition);
    else if (condition.kind === 'segment') walk(def.segments.find(segment => segment.name === condition.name)!.condition);
    else if (condition.kind === 'not') walk(condition.part);
    else if (condition.kind !== 'test') condition.parts.forEach(walk);
  };
  for (const name of segmentsOf(journey)) walk({ kind: 'segment', name });
  return found;
}

export function atOneInstant(a: Event, b: Event): boolean {
  return a.from <= b.to && b.from <= a.to;
}

/**
 * What an instance reads: a row that matches anything the journey looks at, and a sign of life where a clock waits for any. The rest of its
 * rows can change nothing wherever they stand.
 */
export function isRead(def: Def, journey: JourneyDef, step: Step): boolean {
  if (step.event.statement !== null) return true;
  const waitsForAny = journey.ends.some(({ trigger }) => trigger.kind === 'silence' && trigger.of === undefined);
  return lookedFor(def, journey).some(({ rows }) => rows.some(pattern => isSaidBy(pattern, step))) || (waitsForAny && !step.event.passive);
}

/**
 * Everything that a journey looks for, down to the rows, and the properties it reads of them: its rules and their operands, metrics, what
 * segments and `keep` look back at. Of a derived event its operands count: which of two equal rows is the first changes nothing.
 */
function lookedFor(def: Def, journey: JourneyDef): Looked[] {
  const known = looked.get(journey) ?? look(def, journey);
  looked.set(journey, known);
  return known;
}
interface Looked {
  rows: Pattern[];
  properties: string[];
}
const looked = new WeakMap<JourneyDef, Looked[]>();

function look(def: Def, journey: JourneyDef): Looked[] {
  const found: Looked[] = [];
  const add = (pattern: Pattern, property?: string) => {
    addOperands(pattern);
    if (property !== undefined) found.push({ rows: carriersOf(def, pattern), properties: [property] });
  };
  /** A union of rows is one thing to look for, whichever of them a row is. */
  const addOperands = (pattern: Pattern) => {
    found.push({ rows: plainRows(def, pattern), properties: [] });
    for (const { term, conditions } of derivedIn(def, pattern)) {
      // What a derived event is asked is asked of the row it falls on; `same` is read of all its operands.
      const carriers = carriersOf(def, { any: [term] });
      for (const condition of conditions) found.push({ rows: carriers.map(row => both(row, condition)), properties: [] });
      if (term.same !== undefined) found.push({ rows: leavesOf(def, { any: [term] }), properties: [term.same] });
      for (const operand of operandsOf(term)) addOperands(operand);
    }
  };
  for (const { pattern } of rulePatterns(journey)) add(pattern);
  for (const { event, property } of eventReads(journey)) add({ any: [event] }, property);
  for (const { event, property } of lookedBackAt(def, journey)) add({ any: [event] }, property);
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
  const sees = lookedFor(def, journey).map(({ rows, properties }) =>
    rows.some(pattern => isSaidBy(pattern, step)) ? properties.map(property => keyOf(event.row, property)) : null,
  );
  const mayEnter = journey.enters.some(enter => carriersOf(def, enter.on).some(pattern => isSaidBy(pattern, step)));
  const read = journey.splits.map(split => (split.kind === 'property' ? keyOf(event.row, split.column) : null));
  const held = mayEnter ? segmentsOf(journey).map(name => segmentOf({ def, line, journey, entry: event }, name)) : [];
  const says = event.statement !== null && [event.statement, [...event.speaks].sort()];
  return JSON.stringify([
    journey.per === undefined ? null : keyOf(event.row, journey.per),
    event.passive,
    [event.consents, says],
    sees,
    held,
    mayEnter && read,
  ]);
}
