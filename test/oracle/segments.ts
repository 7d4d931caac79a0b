/** semantics.md, "eligibility", and what language.md says of segments and `keep`: what is looked at once, at the entry event. */
import { cellOf, holds, keyOf, numberOf } from './conditions.ts';
import { inOrder, worldOf } from './derived.ts';
import type { Comparison, Condition, Def, JourneyDef, Ref, Row, SegmentCondition } from './model.ts';
import type { Event, Timeline } from './timeline.ts';

/** What is asked of an entry event: in which journey, of which event. */
export interface Asking {
  def: Def;
  line: Timeline;
  journey: JourneyDef;
  entry: Event;
}

/**
 * Whether a segment holds at an entry event, two-valued as all conditions are; where it doesn't, it is unknown (null) if a value that it
 * reads is missing.
 */
export function segmentOf(asking: Asking, name: string): boolean | null {
  const condition: SegmentCondition = { kind: 'segment', name };
  return isMet(asking, condition) ? true : isMissing(asking, condition) ? null : false;
}

function isMet(asking: Asking, condition: SegmentCondition): boolean {
  switch (condition.kind) {
    case 'test':
      return holds(condition.condition, withAttributes(asking));
    case 'history': {
      const value = valueOfHistory(asking, condition);
      return value === null ? condition.op === '!=' : compare(value, condition.op, condition.value);
    }
    case 'segment':
      return isMet(asking, conditionOf(asking, condition.name));
    case 'not':
      return !isMet(asking, condition.part);
    case 'and':
      return condition.parts.every(part => isMet(asking, part));
    case 'or':
      return condition.parts.some(part => isMet(asking, part));
  }
}

function isMissing(asking: Asking, condition: SegmentCondition): boolean {
  switch (condition.kind) {
    case 'test':
      return missingIn(condition.condition, withAttributes(asking));
    case 'history':
      return valueOfHistory(asking, condition) === null;
    case 'segment':
      return isMissing(asking, conditionOf(asking, condition.name));
    case 'not':
      return isMissing(asking, condition.part);
    default:
      return condition.parts.some(part => isMissing(asking, part));
  }
}

function conditionOf({ def }: Asking, name: string): SegmentCondition {
  const segment = def.segments.find(s => s.name === name);
  if (!segment) throw new Error(`no segment ${name}`);
  return segment.condition;
}

/**
 * Events strictly before the entry event, with `within` no earlier than entry - D; of the participant, also those of other `per` values
 * or of none. Derived ones are those of the journey: within equal values.
 */
function before({ def, line, journey, entry }: Asking, event: Ref, within: number | undefined): Event[] {
  const rows = line.events.filter(row => row.participant === entry.participant);
  const worlds = new Set(
    rows.map(row => worldOf(def, line, row.participant, journey.per, journey.per === undefined ? null : keyOf(row.row, journey.per))),
  );
  const all = [...worlds].flatMap(world => world.occurrences({ any: [event] })).sort(inOrder);
  const earlier = all.filter(e => inOrder(e, entry) < 0);
  return earlier.filter(e => within === undefined || e.time >= entry.time - within);
}

function valueOfHistory(asking: Asking, { fn, event, property, within }: SegmentCondition & { kind: 'history' }): number | null {
  return summaryOf(
    fn,
    before(asking, event, within).map(e => e.row),
    property,
  );
}

function summaryOf(fn: 'count' | 'sum' | 'avg' | 'min' | 'max', rows: Row[], property: string | undefined): number | null {
  if (fn === 'count') return rows.length;
  const numbers = rows.map(row => numberOf(row, property!)).filter(number => number !== null);
  const sum = numbers.reduce((total, number) => total + number, 0);
  if (fn === 'sum') return sum;
  if (numbers.length === 0) return null;
  return { avg: sum / numbers.length, min: Math.min(...numbers), max: Math.max(...numbers) }[fn];
}

function compare(left: number, op: Comparison, right: number): boolean {
  return { '=': left === right, '!=': left !== right, '<': left < right, '<=': left <= right, '>': left > right, '>=': left >= right }[op];
}

/** The entry event's row, with the customer's attributes as `table.column`: those of the rows of tables keyed by one of their ids. */
export function withAttributes({ def, line, entry }: { def: Def; line: Timeline; entry: Pick<Event, 'participant' | 'row'> }): Row {
  const row = { ...entry.row };
  for (const table of def.tables.filter(t => t.idKind !== undefined)) {
    const ids = line.clusters[entry.participant] ?? new Set();
    const facts = (line.data[table.file] ?? []).find(fact => ids.has(`${table.idKind} ${keyOf(fact, table.key)}`));
    for (const column of table.columns) row[`${table.name}.${column}`] = facts ? cellOf(facts, column) : null;
  }
  return row;
}

/** An attribute of the customer at an entry event. */
export function attributeOf(asking: Asking, column: string): string | null {
  return keyOf(withAttributes(asking), column);
}

/** A value that a test compares is missing; `is null` asks, and so never misses one. */
function missingIn(condition: Condition, row: Row): boolean {
  switch (condition.kind) {
    case 'null':
      return false;
    case 'columns':
      return [condition.left, condition.right].some(column => cellOf(row, column) === null);
    case 'and':
    case 'or':
      return condition.parts.some(part => missingIn(part, row));
    case 'not':
      return missingIn(condition.part, row);
    default:
      return cellOf(row, condition.column) === null;
  }
}

/** "What is remembered with a run from before its entry": the first or last such event before the entry event; null where there is none. */
export function keptBy(asking: Asking, name: string): Event | null {
  const keep = asking.journey.keeps.find(k => k.name === name);
  if (!keep) throw new Error(`no keep ${name}`);
  return before(asking, keep.event, keep.within).at(keep.which === 'first' ? 0 : -1) ?? null;
}

/** The segments that a journey's gates and splits name. */
export function segmentsOf(journey: JourneyDef): string[] {
  return [
    ...journey.enters.flatMap(enter => enter.if ?? []),
    ...journey.splits.flatMap(split => (split.kind === 'segment' ? split.name : [])),
  ];
}
