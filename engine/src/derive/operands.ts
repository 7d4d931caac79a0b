import type { ColumnRef, EventPattern } from '../plan.ts';
import type { DerivedEvents } from './index.ts';
import { carriersOf, leavesOf, partsOf } from './pattern.ts';

export interface Operands {
  /** What a row is in itself: the rows that match a leaf, and those that meet the condition of a derived event that they could be. */
  rows: Uint32Array[];
  /** Properties by which rows are held together, and the rows whose value of it counts. */
  same: { column: ColumnRef; rows: Uint32Array[] }[];
}

/** Everything that patterns look at, down to the rows: two rows that are equal in it can change places, and nothing changes. */
export function operandsIn(patterns: readonly EventPattern[], events: DerivedEvents): Operands {
  const found: Operands = { rows: [], same: [] };
  for (const part of patterns.flatMap(partsOf)) {
    if (part.kind === 'rows') found.rows.push(events.all(part));
    if (part.kind === 'filter') {
      for (const carrier of carriersOf(part.of)) {
        const rows = events.all(carrier);
        const met = events.meets(part.where, rows);
        found.rows.push(rows.filter((_, i) => met[i] === 1));
      }
    }
    if ('same' in part && part.same) found.same.push({ column: part.same, rows: leavesOf(part).map(leaf => events.all(leaf)) });
  }
  return found;
}
