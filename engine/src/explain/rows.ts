/** What stands on the rows behind events, by their position among the rows: its name, its values, and which part of a condition it fails. */
import { type ColumnRef, type EventPattern, type Expr, type Plan, type RowMatch, rowMatches, type SourcePlan } from '../plan.ts';
import { type Pii, piiOf, withheld } from '../privacy/pii.ts';
import { columnKey, columnsOf } from '../store/expr.ts';
import { countBelow } from '../store/order.ts';
import type { SourceEvents } from '../store/source.ts';
import type { TimelineAsOf } from '../store/timeline.ts';
import type { ExplainedEvent } from './types.ts';
import { columnName } from './words.ts';

export class Rows {
  private readonly plan: Plan;
  private readonly events: TimelineAsOf;
  private readonly pii: Pii;

  constructor(plan: Plan, events: TimelineAsOf) {
    this.plan = plan;
    this.events = events;
    this.pii = piiOf(plan);
  }

  source(position: number): string {
    return this.planned(position).name;
  }

  event(position: number): string {
    const { event } = this.planned(position);
    return event.kind === 'constant' ? event.name : (this.text(position, event.column) ?? '');
  }

  /** The category of a column that is personal data on this row. */
  personal(position: number, column: ColumnRef): string | undefined {
    return this.pii.ofSource(this.source(position), column);
  }

  /** As the data has it, personal or not: for what decides, not for what is told. Null where missing. */
  text(position: number, column: ColumnRef): string | null {
    const { codes, dictionary } = this.stored(position).rows.column(column);
    const code = codes[this.events.rowAt(position)];
    return code < 0 ? null : dictionary.text(code);
  }

  /** The value in the type that the column has in the sample. */
  value(position: number, column: ColumnRef): string | number | boolean | null {
    const text = this.text(position, column);
    const { type } = this.stored(position).rows.column(column);
    // Beyond 15 digits a number isn't what the text says.
    if (type === 'number' && text !== null && text.length <= 15) return Number(text);
    return type === 'boolean' && text !== null ? text.toLowerCase() === 'true' : text;
  }

  /** Two-valued, as everywhere. */
  holds(position: number, condition: Expr): boolean {
    const row = Uint32Array.of(this.events.rowAt(position));
    return this.stored(position).conditions.flags(condition, row)[0] === 1;
  }

  /** Where it stands: the file as people would write it, and the row's number in it, from 1, without a header. */
  place(position: number): { file: string; row: number } {
    const { files, fileEnds } = this.stored(position).rows.relation;
    const row = this.events.rowAt(position);
    const file = countBelow(fileEnds, row + 1);
    return { file: files[file].path, row: row + 1 - (file === 0 ? 0 : fileEnds[file - 1]) };
  }

  /** Its name as it may be told. */
  toldName(position: number): string {
    return this.pii.eventName(this.source(position), this.event(position));
  }

  /** An event of that source and name; whether it meets the condition is another matter. */
  named(position: number, { source, event }: RowMatch): boolean {
    return this.source(position) === source && this.event(position) === event;
  }

  /** The operands of a condition's outermost `and` that don't hold. */
  failing(position: number, condition: Expr): Expr[] {
    if (condition.kind === 'and') return condition.operands.flatMap(operand => this.failing(position, operand));
    return this.holds(position, condition) ? [] : [condition];
  }

  /** `total was 0`, for each column that a condition reads. */
  was(position: number, condition: Expr): string[] {
    return columnsOf(condition).map(column => `${columnName(column)} ${this.said(position, column)}`);
  }

  /** The event, with the values that these patterns' conditions read of it. */
  explained(position: number, patterns: readonly EventPattern[]): ExplainedEvent {
    const columns = new Map(this.read(position, patterns).map(column => [columnKey(column), column]));
    const fields: Record<string, string> = {};
    for (const column of columns.values()) {
      const text = this.text(position, column);
      const category = this.personal(position, column);
      if (text !== null) fields[columnName(column)] = category === undefined ? text : withheld(category);
    }
    return { source: this.source(position), name: this.toldName(position), fields };
  }

  /** The columns that patterns' conditions read of an event like this. */
  read(position: number, patterns: readonly EventPattern[]): ColumnRef[] {
    return patterns.flatMap(rowMatches).flatMap(match => (this.named(position, match) ? columnsOf(match.where) : []));
  }

  private planned(position: number): SourcePlan {
    return this.plan.sources[this.events.source[position]];
  }

  private stored(position: number): SourceEvents {
    return this.events.sources[this.events.source[position]];
  }

  private said(position: number, column: ColumnRef): string {
    const text = this.text(position, column);
    if (text === null) return 'was missing';
    const category = this.personal(position, column);
    if (category !== undefined) return `was ${withheld(category)}`;
    return `was ${typeof this.value(position, column) === 'string' ? JSON.stringify(text) : text}`;
  }
}
