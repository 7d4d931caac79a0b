/** semantics.md, "eligibility", and what language.md says of segments and `keep`: what is looked at once, at the entry event. */
import { cellOf, holds, keyOf, numberOf } from './conditions.ts';
import { inOrder, worldOf } from './derived.ts';
import type { Ran } from './metrics.ts';
import type { Comparison, Condition, Def, JourneyDef, Ref, Row, SegmentCondition } from './model.ts';
import type { Event, Timeline } from './timeline.ts';

/** Whether a segment holds at an entry event; null: unknown, since a value it reads is missing. */
export function segmentOf(def: Def, line: Timeline, name: string, entry: Event): boolean | null {
  const segment = def.segments.find(s => s.name === name);
  if (!segment) throw new Error(`no segment ${name}`);
  return met(def, line, segment.condition, entry);
}

function met(def: Def, line: Timeline, condition: SegmentCondition, entry: Event): boolean | null {
  switch (condition.kind) {
    case 'test': {
      const row = withAttributes(def, line, entry);
      if (missingIn(condition.condition, row)) return null;
      return holds(condition.condition, row);
    }
    case 'history': {
      const rows = before(def, line, entry, condition.event, condition.within).map(event => event.row);
      const value = summaryOf(condition.fn, rows, condition.property);
      return value === null ? null : compare(value, condition.op, condition.value);
    }
    case 'segment':
      return segmentOf(def, line, condition.name, entry);
    case 'not': {
      const part = met(def, line, condition.part, entry);
      return part === null ? null : !part;
    }
    default: {
      const parts = condition.parts.map(part => met(def, line, part, entry));
      const decided = condition.kind === 'or';
      return parts.includes(decided) ? decided : parts.includes(null) ? null : !decided;
    }
  }
}

/** Events strictly before the entry event, with `within` no earlier than entry - D; of the participant, whatever their `per` values are. */
function before(def: Def, line: Timeline, entry: Event, event: Ref, within: number | undefined): Event[] {
  const earlier = worldOf(def, line, entry.participant)
    .occurrences({ any: [event] })
    .filter(e => inOrder(e, entry) < 0);
  return earlier.filter(e => within === undefined || e.time >= entry.time - within);
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
function withAttributes(def: Def, line: Timeline, entry: Event): Row {
  const row = { ...entry.row };
  for (const table of def.tables.filter(t => t.idKind !== undefined)) {
    const ids = line.clusters[entry.participant] ?? new Set();
    const facts = (line.data[table.file] ?? []).find(fact => ids.has(`${table.idKind} ${keyOf(fact, table.key)}`));
    for (const column of table.columns) row[`${table.name}.${column}`] = facts ? cellOf(facts, column) : null;
  }
  return row;
}

/** An attribute of the customer at an entry event. */
export function attributeOf(def: Def, line: Timeline, column: string, entry: Event): string | null {
  return keyOf(withAttributes(def, line, entry), column);
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
export function keptBy(def: Def, line: Timeline, journey: JourneyDef, name: string, { run, instance }: Ran): Event | null {
  const keep = journey.keeps.find(k => k.name === name);
  if (!keep) throw new Error(`no keep ${name}`);
  const found = before(def, line, instance.steps[run.first].event, keep.event, keep.within);
  return found.at(keep.which === 'first' ? 0 : -1) ?? null;
}
