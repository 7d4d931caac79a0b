/** For the tests of derived events: patterns in the fewest words, and where they are found. */
import type { ColumnRef, EventPattern, Expr } from '../plan.ts';
import { column, events, HOUR, on, type Row, START } from '../simulate/testing.ts';
import { deriveEvents } from './index.ts';

const { at } = on();
const said = { text: '', at };
const same = (property: string | undefined): { same?: ColumnRef } => (property === undefined ? {} : { same: column(property) });
const rows = (of: string | EventPattern) => (typeof of === 'string' ? on(of) : of);

type Of = string | EventPattern;
/** `first A` */
export const first = (of: Of, property?: string): EventPattern => ({ kind: 'first', of: rows(of), ...same(property), ...said });
/** `n A within D`, hours */
export const repeated = (count: number, of: Of, within: number, property?: string): EventPattern => ({
  kind: 'repeated',
  count,
  of: rows(of),
  within: within * HOUR,
  ...same(property),
  ...said,
});
/** `A then B within D`, hours */
export const follows = (before: Of, after: Of, within: number, property?: string): EventPattern => ({
  kind: 'sequence',
  first: rows(before),
  // biome-ignore lint/suspicious/noThenProperty: the plan's word for it, and never a function
  then: rows(after),
  within: within * HOUR,
  ...same(property),
  ...said,
});
/** `A then no B within D`, hours; declared as the `order`th */
export const thenNo = (before: Of, no: Of, within: number, order = 0, property?: string): EventPattern => ({
  kind: 'absence',
  first: rows(before),
  no: rows(no),
  within: within * HOUR,
  order,
  ...same(property),
  ...said,
});
export const or = (...any: Of[]): EventPattern => ({ kind: 'union', any: any.map(rows), ...said });
export const where = (of: Of, condition: Expr): EventPattern => ({ kind: 'filter', of: rows(of), where: condition, ...said });

interface Told {
  /** Hours since START; the last event's time where absent. */
  asOf?: number;
  per?: string;
}

/** Where a pattern stands, in order: the name of its row, or of the row an absence comes from, and the hour. */
export function found(pattern: EventPattern, written: Row[], { asOf, per }: Told = {}): string[] {
  const sorted = [...written].sort((a, b) => a.hours - b.hours);
  const derived = deriveEvents(events(written), {
    identity: 'customer',
    ...(per ? { per: column(per) } : {}),
    patterns: [pattern],
    asOf: asOf === undefined ? null : START + asOf * HOUR,
  });
  return Array.from(
    derived.match(pattern),
    position =>
      `${sorted[derived.rowOf(position)].name} ${(derived.time[position] - START) / HOUR}${derived.isAbsence(position) ? '*' : ''}`,
  );
}
