/**
 * What the simulation reads: every event of the sample in its one total order, as typed arrays.
 *
 * A *position* is an event's place in that order (time, source in order of declaration, file in order of path, row), from 0.
 * Positions, not times, decide. Duplicates, unreadable rows and rows a source's `where` or `until` leaves out have no position.
 * Events made of other events are none of its business: `derive/` adds them.
 * The data layer makes it, and caches everything by the canonical text of what was asked, so asking again costs nothing.
 */
import type { ColumnRef, Expr, Instant, RowsPattern } from './plan.ts';
import type { Consent } from './privacy/consent.ts';

export interface Events {
  readonly count: number;
  /** By position, never falling. */
  readonly time: Float64Array;
  /** By position: index into the plan's sources. */
  readonly source: Uint16Array;
  /** By source: was done to the customer, is no sign of life. */
  readonly passive: readonly boolean[];
  /** First and last instant of a day-grained row's day, by position; NaN for any other row. Null where no row is day-grained. */
  readonly days: { from: Float64Array; to: Float64Array } | null;
  /** The last event's time. Null where there is none. */
  readonly last: Instant | null;
  /** Where a consent rule hides some of them from `match`; absent: there is none, and all are seen. */
  readonly consent?: Consent;

  /** The positions whose row matches, ascending. One array per canonical pattern: the same one comes back. */
  match(pattern: RowsPattern): Uint32Array;
  /**
   * 1 for each of these positions whose row meets the condition, 0 for each other.
   * @param identity the columns of tables keyed by an id are then attributes of the row's participant
   */
  meets(where: Expr, positions: Uint32Array, identity?: string): Uint8Array;
  /** Which participant of an identity each position belongs to; -1 for none. */
  participants(identity: string): Participants;
  /** A column's values as text, dictionary-encoded by position; -1 where missing (null, empty, or no such column). Equal text, equal code, across sources. */
  keys(column: ColumnRef): Keys;
  /** A column's values as numbers by position; NaN where missing or no number. */
  numbers(column: ColumnRef): Float64Array;
  /**
   * A column of a table keyed by an id, as text by participant: of the rows whose key is one of the participant's ids, the first
   * in order of file. -1 where missing.
   */
  attributes(column: ColumnRef, identity: string): Keys;
}

export interface Participants {
  readonly of: Int32Array;
  readonly count: number;
  /** The canonical id of a participant, such as `user u17`. */
  label(participant: number): string;
  /** The participant that has an id; -1 where nobody has. */
  find(kind: string, id: string): number;
  /** The ids a row speaks for, as numbers, ascending: none that is ignored or in quarantine, and none on a row of nobody. */
  ids(position: number): readonly number[];
}

export interface Keys {
  readonly of: Int32Array;
  readonly values: readonly string[];
}
