/**
 * Derived events: which positions are an event that is made of others, per participant or group of a participant's events.
 *
 * All of it is decided before the fold, and may look back without limit. Events keep their positions; a `then no` gets one of its own.
 */
import type { Events, Keys, Participants } from '../events.ts';
import type { ColumnRef, EventPattern, Expr, Instant, RowsPattern } from '../plan.ts';
import type { Consent } from '../privacy/consent.ts';
import { type Memory, ownMemory } from '../simulate/memory.ts';
import { type Groups, groupsOf } from '../simulate/timeline.ts';
import { canonical } from '../store/expr.ts';
import { Kept } from '../store/kept.ts';
import { findEither, findFirst, findRepeated, findSequence, findUnfollowed } from './find.ts';
import { type Found, type Ground, numberPoints, type Points, rowOf, timeAt } from './ground.ts';
import { type AbsencePattern, levelOf, paramsKey, partsOf, patternKey } from './pattern.ts';

/** Events with absences among them, each at a position of its own; without absences all positions are those of the rows. */
export interface DerivedEvents extends Events {
  /** What the data layer knows: rows and nothing else, with positions of their own. */
  readonly rows: Events;
  /** Null where there are none. */
  readonly absences: Absences | null;
  match(pattern: EventPattern): Uint32Array;
  /** What matches, whether or not there was consent. */
  all(pattern: RowsPattern): Uint32Array;
  /**
   * What would match but for want of consent: rows, absences, and unions and conditions over these. Any other derived event looks for
   * what it is made of among what is seen, and so stands on nothing that isn't.
   */
  denied(pattern: EventPattern): Uint32Array;
  isAbsence(position: number): boolean;
  /** The row, in `rows`, whose properties a position has: for an absence that of what was not followed. */
  rowOf(position: number): number;
}

export interface Absences {
  /** Ascending. */
  readonly positions: Uint32Array;
  /** The row, in `rows`, that each has its properties from. */
  readonly origin: Uint32Array;
  /** By row its position among all. */
  readonly positionOf: Int32Array;
}

export interface Asked {
  /** Whose participants derived events are of. */
  identity: string;
  /** Evaluated within equal values of it: of rows without one nothing is derived. */
  per?: ColumnRef;
  /** All that will be asked for; absences have positions only if they are in here. */
  patterns: readonly EventPattern[];
  /** An absence stands once its time lies before it. Null: the last event's time. */
  asOf: Instant | null;
  memory?: Memory;
}

export function deriveEvents(events: Events, asked: Asked): DerivedEvents {
  return new Derivation(events, asked);
}

/** What was found stays while the lists it was made of stay: an edit of one condition finds anew what depends on it. */
interface Known {
  lists: Kept<Uint32Array>;
  ids: WeakMap<object, number>;
  lastId: number;
}
const knownOf = new WeakMap<Events, Known>();

const NONE = new Uint32Array(0);

class Derivation implements DerivedEvents {
  readonly rows: Events;
  readonly absences: Absences | null;
  readonly count: number;
  readonly passive: readonly boolean[];
  readonly last: Instant | null;
  private readonly asked: Asked;
  private readonly memory: Memory;
  private readonly known: Known;
  private readonly asOf: Instant;
  private ground: Ground;
  /** What was found, on the ground, by key: the absences, and all else. */
  private readonly unfollowed = new Map<string, Uint32Array>();
  private readonly deniedAbsences = new Map<string, Uint32Array>();
  private readonly lists = new Map<string, Uint32Array>();
  /** By position the row. */
  private readonly origin: Int32Array | null;
  private readonly columns = new Map<object, unknown>();

  constructor(events: Events, asked: Asked) {
    this.rows = events;
    this.asked = asked;
    this.memory = asked.memory ?? ownMemory;
    this.asOf = asked.asOf ?? events.last ?? Number.NEGATIVE_INFINITY;
    this.last = events.last;
    const known = knownOf.get(events) ?? {
      lists: new Kept<Uint32Array>(200, list => list.byteLength, 32 * 2 ** 20),
      ids: new WeakMap<object, number>(),
      lastId: 0,
    };
    known.lists.turn++;
    knownOf.set(events, known);
    this.known = known;
    this.ground = { rows: events.count, time: events.time, points: null };
    this.placeAbsences();
    const { points } = this.ground;
    this.count = events.count + (points?.count ?? 0);
    this.passive = points ? [...events.passive, true] : events.passive;
    [this.absences, this.origin] = points ? this.place(points) : [null, null];
  }

  match(pattern: EventPattern): Uint32Array {
    return this.placed(this.list(pattern));
  }

  all(pattern: RowsPattern): Uint32Array {
    return this.placed((this.rows.consent?.all ?? this.rows).match(pattern));
  }

  denied(pattern: EventPattern): Uint32Array {
    return this.rows.consent ? this.placed(this.deniedList(pattern, this.rows.consent)) : NONE;
  }

  /** From the numbers of the ground to positions. */
  private placed(list: Uint32Array): Uint32Array {
    const { absences } = this;
    if (!absences) return list;
    return this.column(list, () => {
      const { positionOf, positions } = absences;
      const rows = positionOf.length;
      const found = new Uint32Array(list.length);
      for (let i = 0; i < list.length; i++) found[i] = list[i] < rows ? positionOf[list[i]] : positions[list[i] - rows];
      return found;
    });
  }

  isAbsence(position: number): boolean {
    return this.absences !== null && this.source[position] === this.rows.passive.length;
  }

  rowOf(position: number): number {
    return this.origin ? this.origin[position] : position;
  }

  /** Where all stand: an absence after every row of its instant. */
  private place({ count, time, origin }: Points): [Absences, Int32Array] {
    const { count: rows, time: rowTime } = this.rows;
    const positions = new Uint32Array(count);
    const positionOf = this.memory.int32(rows);
    const rowAt = this.memory.int32(this.count);
    let point = 0;
    for (let row = 0; row <= rows; row++) {
      for (; point < count && (row === rows || time[point] < rowTime[row]); point++) {
        positions[point] = row + point;
        rowAt[row + point] = origin[point];
      }
      if (row === rows) break;
      positionOf[row] = row + point;
      rowAt[row + point] = row;
    }
    return [{ positions, origin, positionOf }, rowAt];
  }

  // ---------------------------------------------------------------- finding

  /** Those made of rows first, then those made of them, and so on: each is looked for among all that stand by then. */
  private placeAbsences(): void {
    const declared = new Map<string, AbsencePattern>();
    for (const part of this.asked.patterns.flatMap(partsOf)) if (part.kind === 'absence') declared.set(patternKey(part), part);
    const found: (Found & { key: string })[] = [];
    for (let level = 1; found.length < declared.size; level++) {
      for (const [key, absence] of declared) {
        if (levelOf(absence) !== level) continue;
        const first = this.without(absence);
        const time = new Float64Array(first.length);
        const origin = new Uint32Array(first.length);
        for (let i = 0; i < first.length; i++) {
          time[i] = timeAt(this.ground, first[i]) + absence.within;
          origin[i] = rowOf(this.ground, first[i]);
        }
        found.push({ key, order: absence.order, first, time, origin });
      }
      const { points, positions } = numberPoints(this.rows.count, found);
      this.ground = { ...this.ground, points: points.count > 0 ? points : null };
      this.lists.clear();
      for (const [i, { key }] of found.entries()) this.settle(key, positions[i]);
    }
  }

  /** An absence needs consent when it stands, as what was not followed needed it when that stood. */
  private settle(key: string, positions: Uint32Array): void {
    const { consent } = this.rows;
    this.unfollowed.set(key, positions);
    if (!consent) return;
    const { of } = this.rows.participants(this.asked.identity);
    const seen = positions.map(position => (consent.holds(of[rowOf(this.ground, position)], timeAt(this.ground, position)) ? 1 : 0));
    this.unfollowed.set(
      key,
      positions.filter((_, i) => seen[i] === 1),
    );
    this.deniedAbsences.set(
      key,
      positions.filter((_, i) => seen[i] === 0),
    );
  }

  private deniedList(pattern: EventPattern, consent: Consent): Uint32Array {
    switch (pattern.kind) {
      case 'rows': {
        const { of } = this.rows.participants(this.asked.identity);
        return consent.all.match(pattern).filter(position => consent.at[position] === 0 && of[position] >= 0);
      }
      case 'absence':
        return this.deniedAbsences.get(patternKey(pattern)) ?? NONE;
      case 'filter': {
        const list = this.deniedList(pattern.of, consent);
        const met = this.rows.meets(
          pattern.where,
          list.map(i => rowOf(this.ground, i)),
        );
        return list.filter((_, i) => met[i] === 1);
      }
      case 'union':
        return pattern.any.map(part => this.deniedList(part, consent)).reduce((a, b) => findEither(this.ground, a, b), NONE);
      default:
        return NONE;
    }
  }

  /** In the numbers of the ground. */
  private list(pattern: EventPattern): Uint32Array {
    if (pattern.kind === 'rows') return this.rows.match(pattern);
    const key = patternKey(pattern);
    let list = this.lists.get(key);
    if (!list) {
      list = this.find(pattern, key);
      this.lists.set(key, list);
    }
    return list;
  }

  private find(pattern: Exclude<EventPattern, RowsPattern>, key: string): Uint32Array {
    switch (pattern.kind) {
      case 'absence': {
        const found = this.unfollowed.get(key);
        if (!found) throw new Error(`The absence "${pattern.text}" was not among the patterns that were announced.`);
        return found;
      }
      case 'filter':
        return this.met(pattern, key);
      case 'union': {
        const lists = pattern.any.map(part => this.list(part));
        return this.once(pattern, lists, null, () => lists.reduce((all, list) => findEither(this.ground, all, list)));
      }
      case 'sequence': {
        const lists = [this.list(pattern.first), this.list(pattern.then)];
        const groups = this.groups(pattern.same);
        return this.once(pattern, lists, groups, () => findSequence(this.ground, groups, lists[0], lists[1], pattern.within));
      }
      case 'first': {
        const list = this.list(pattern.of);
        const groups = this.groups(pattern.same);
        return this.once(pattern, [list], groups, () => findFirst(this.ground, groups, list));
      }
      case 'repeated': {
        const list = this.list(pattern.of);
        const groups = this.groups(pattern.same);
        return this.once(pattern, [list], groups, () => findRepeated(this.ground, groups, list, pattern.count, pattern.within));
      }
    }
  }

  private without(absence: AbsencePattern): Uint32Array {
    const [first, no] = [this.list(absence.first), this.list(absence.no)];
    const groups = this.groups(absence.same);
    const find = () => findUnfollowed(this.ground, groups, first, no, absence.within, this.asOf);
    return this.once(absence, [first, no], groups, find);
  }

  /** Conditions that couldn't be decided are tried again: so the rows are asked each time, and the same answer is the same array. */
  private met(pattern: Extract<EventPattern, { kind: 'filter' }>, key: string): Uint32Array {
    const list = this.list(pattern.of);
    const met = this.rows.meets(
      pattern.where,
      list.map(i => rowOf(this.ground, i)),
    );
    const fresh = list.filter((_, i) => met[i] === 1);
    const before = this.known.lists.find(key);
    const same = before?.length === fresh.length && fresh.every((position, i) => position === before[i]);
    return same ? before : this.known.lists.set(key, fresh);
  }

  /** Kept for the next edit too, where it is made of rows: absences get other positions with every one of them. */
  private once(pattern: EventPattern, lists: Uint32Array[], groups: Groups | null, find: () => Uint32Array): Uint32Array {
    const operands = pattern.kind === 'absence' ? [pattern.first, pattern.no] : [pattern];
    if (operands.some(operand => levelOf(operand) > 0)) return find();
    const asOf = pattern.kind === 'absence' ? this.asOf : null;
    return this.known.lists.get(canonical([paramsKey(pattern), lists.map(list => this.id(list)), groups && this.id(groups), asOf]), find);
  }

  private groups(same: ColumnRef | undefined): Groups {
    const { identity, per } = this.asked;
    let groups = groupsOf(this.rows.participants(identity), per ? this.rows.keys(per) : null);
    if (same) groups = groupsOf(groups, this.rows.keys(same));
    return groups;
  }

  private id(object: object): number {
    const { ids } = this.known;
    let id = ids.get(object);
    if (id === undefined) {
      id = ++this.known.lastId;
      ids.set(object, id);
    }
    return id;
  }

  // ---------------------------------------------------------------- what the rows say, and of absences the rows they come from

  get time(): Float64Array {
    const { absences, rows } = this;
    if (!absences) return rows.time;
    return this.column(rows.time, () => {
      const time = this.spread(this.memory.float64(this.count), rows.time);
      absences.positions.forEach((position, point) => {
        time[position] = this.ground.points!.time[point];
      });
      return time;
    });
  }

  /** Absences are of a source of their own: a passive one. */
  get source(): Uint16Array {
    const { absences, rows } = this;
    if (!absences) return rows.source;
    return this.column(rows.source, () => {
      const source = this.spread(this.memory.uint16(this.count), rows.source);
      for (const position of absences.positions) source[position] = rows.passive.length;
      return source;
    });
  }

  /** An absence stands at an instant, also where what was not followed is anywhere in a day. */
  get days(): Events['days'] {
    const { absences, rows } = this;
    if (!absences || !rows.days) return rows.days;
    return this.column(rows.days, days => {
      const spread = (of: Float64Array) => {
        const all = this.spread(this.memory.float64(this.count), of);
        for (const position of absences.positions) all[position] = Number.NaN;
        return all;
      };
      return { from: spread(days.from), to: spread(days.to) };
    });
  }

  attributes(column: ColumnRef, identity: string): Keys {
    return this.rows.attributes(column, identity);
  }

  meets(where: Expr, positions: Uint32Array, identity?: string): Uint8Array {
    return this.rows.meets(where, this.absences ? positions.map(position => this.rowOf(position)) : positions, identity);
  }

  participants(identity: string): Participants {
    const participants = this.rows.participants(identity);
    if (!this.absences) return participants;
    const of = this.column(participants.of, codes => this.spread(this.memory.int32(this.count), codes));
    return { ...participants, of };
  }

  keys(column: ColumnRef): Keys {
    const keys = this.rows.keys(column);
    if (!this.absences) return keys;
    const of = this.column(keys.of, codes => this.spread(this.memory.int32(this.count), codes));
    return {
      of,
      get values() {
        return keys.values;
      },
    };
  }

  numbers(column: ColumnRef): Float64Array {
    const numbers = this.rows.numbers(column);
    return this.absences ? this.column(numbers, values => this.spread(this.memory.float64(this.count), values)) : numbers;
  }

  /** What the rows say, by position. */
  private spread<T extends Int32Array | Float64Array | Uint16Array>(to: T, of: T): T {
    const origin = this.origin!;
    for (let position = 0; position < origin.length; position++) to[position] = of[origin[position]];
    return to;
  }

  /** Made once of a column of the rows. */
  private column<T extends object>(of: T, make: (of: T) => T): T {
    const known = (this.columns.get(of) as T | undefined) ?? make(of);
    this.columns.set(of, known);
    return known;
  }
}
