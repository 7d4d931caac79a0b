import type { Absences, DerivedEvents } from '../derive/index.ts';
import type { Events, Keys, Participants } from '../events.ts';
import type { ColumnRef } from '../plan.ts';
import { type Memory, ownMemory } from './memory.ts';

/**
 * All positions, sorted by instance and in order within each: a *slot* is a place in that order.
 *
 * The fold then reads memory from front to back. It depends on the data alone, so it stays across edits of a definition.
 */
export interface Timeline {
  readonly instances: number;
  /** Slots of instance i: start[i] up to start[i + 1]. Slots from start[instances] on lack the `per` property, sorted by participant. */
  readonly start: Int32Array;
  readonly participant: Int32Array;
  /** By instance, code of its `per` value; null without `per`. */
  readonly key: Int32Array | null;
  /** By slot. */
  readonly position: Int32Array;
  readonly time: Float64Array;
  /**
   * By position, 1 where the event is not passive, 2 where it isn't but there is no consent to see it: as the rule-set ids before any
   * rule is looked at.
   */
  readonly alive: Uint16Array;
}

/** Numbers what belongs together, such as participants, or their values of the `per` property. */
export interface Groups {
  /** By position; -1: in none. */
  readonly of: Int32Array;
  readonly count: number;
}

const parted = new WeakMap<Int32Array, WeakMap<Int32Array, Groups>>();

/** Groups parted further by a column's values; what lacks one is in none. The same ones while the arrays are the same. */
export function groupsOf(groups: Groups, keys: Keys | null): Groups {
  if (!keys) return groups;
  let byKeys = parted.get(groups.of);
  if (!byKeys) {
    byKeys = new WeakMap();
    parted.set(groups.of, byKeys);
  }
  let found = byKeys.get(keys.of);
  if (!found) {
    found = part(groups, keys);
    byKeys.set(keys.of, found);
  }
  return found;
}

function part(groups: Groups, keys: Keys): Groups {
  const byKey = countingSort(identityOrder(groups.of.length), keys.of, keys.values.length);
  const { order } = countingSort(byKey.order, groups.of, groups.count);
  const of = new Int32Array(groups.of.length).fill(-1);
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    const [position, before] = [order[i], order[i - 1]];
    if (i === 0 || groups.of[position] !== groups.of[before] || keys.of[position] !== keys.of[before]) count++;
    of[position] = count - 1;
  }
  return { of, count };
}

const NO_KEYS = {};
const cache = new WeakMap<Int32Array, WeakMap<object, { time: Float64Array; timeline: Timeline }>>();

/**
 * The timeline of an identity's instances.
 * @param memory for a timeline with absences, which lasts no longer than the fold
 */
export function timelineOf(events: DerivedEvents, identity: string, per: ColumnRef | undefined, memory = ownMemory): Timeline {
  const { rows, absences } = events;
  const timeline = timelineOfRows(rows, identity, per);
  if (!absences) return timeline;
  const instances = groupsOf(rows.participants(identity), per ? rows.keys(per) : null);
  return withAbsences(events, absences, timeline, instances, memory);
}

/** The same without absences; it stays while the rows do. */
export function timelineOfRows(rows: Events, identity: string, per?: ColumnRef): Timeline {
  const people = rows.participants(identity);
  const keys = per ? rows.keys(per) : null;
  let byKeys = cache.get(people.of);
  if (!byKeys) {
    byKeys = new WeakMap();
    cache.set(people.of, byKeys);
  }
  const known = byKeys.get(keys?.of ?? NO_KEYS);
  if (known && known.time === rows.time) return seen(known.timeline, rows);
  const timeline = keys ? sortByKey(rows, people, keys) : sortByParticipant(rows, people);
  byKeys.set(keys?.of ?? NO_KEYS, { time: rows.time, timeline });
  return seen(timeline, rows);
}

const seenAlive = new WeakMap<Uint8Array, WeakMap<Uint16Array, Uint16Array>>();

/** Signs of life as far as there is consent to see them. */
function seen(timeline: Timeline, { consent }: Events): Timeline {
  if (!consent) return timeline;
  const { at } = consent;
  const known = seenAlive.get(at) ?? new WeakMap<Uint16Array, Uint16Array>();
  seenAlive.set(at, known);
  const alive = known.get(timeline.alive) ?? timeline.alive.map((sign, position) => (sign === 1 && at[position] === 0 ? 2 : sign));
  known.set(timeline.alive, alive);
  return { ...timeline, alive };
}

function sortByParticipant(rows: Events, people: Participants): Timeline {
  const { order, start } = sortedPositions(people);
  return bySlot(rows, order, start, identityOrder(people.count), null);
}

function sortByKey(rows: Events, people: Participants, keys: Keys): Timeline {
  const instances = groupsOf(people, keys);
  const keyed = sortedPositions(instances);
  const keyless = countingSort(
    identityOrder(rows.count).filter(position => keys.of[position] < 0),
    people.of,
    people.count,
  );
  const firstOf = (column: Int32Array) => Int32Array.from({ length: instances.count }, (_, i) => column[keyed.order[keyed.start[i]]]);
  const order = new Int32Array(keyed.order.length + keyless.order.length);
  order.set(keyed.order);
  order.set(keyless.order, keyed.order.length);
  return bySlot(rows, order, keyed.start, firstOf(people.of), firstOf(keys.of));
}

function bySlot(rows: Events, position: Int32Array, start: Int32Array, participant: Int32Array, key: Int32Array | null): Timeline {
  const time = new Float64Array(position.length);
  for (let slot = 0; slot < position.length; slot++) time[slot] = rows.time[position[slot]];
  const alive = new Uint16Array(rows.count).fill(1);
  if (rows.passive.includes(true)) for (let p = 0; p < rows.count; p++) if (rows.passive[rows.source[p]]) alive[p] = 0;
  return { instances: participant.length, start, participant, key, position, time, alive };
}

/** The same with absences in their places. */
function withAbsences(
  events: DerivedEvents,
  { positions: placed, origin, positionOf }: Absences,
  timeline: Timeline,
  instances: Groups,
  memory: Memory,
): Timeline {
  const { start, position, time } = timeline;
  const instanceOf = memory.int32(origin.length);
  for (let i = 0; i < origin.length; i++) instanceOf[i] = instances.of[origin[i]];
  const own = countingSort(identityOrder(placed.length), instanceOf, instances.count);
  const added = own.order.length;
  const positions = memory.int32(position.length + added);
  const times = memory.float64(position.length + added);
  const starts = memory.int32(start.length);
  const allTimes = events.time;
  let slot = 0;
  let to = 0;
  // The last round is of the rows without a key, which have no absences.
  for (let instance = 0; instance <= timeline.instances; instance++) {
    starts[instance] = to;
    const isInstance = instance < timeline.instances;
    const end = isInstance ? start[instance + 1] : position.length;
    let next = isInstance ? own.start[instance] : added;
    const last = isInstance ? own.start[instance + 1] : added;
    for (; slot < end; slot++) {
      const at = positionOf[position[slot]];
      for (; next < last && placed[own.order[next]] < at; next++) {
        positions[to] = placed[own.order[next]];
        times[to] = allTimes[positions[to++]];
      }
      positions[to] = at;
      times[to++] = time[slot];
    }
    for (; next < last; next++) {
      positions[to] = placed[own.order[next]];
      times[to] = allTimes[positions[to++]];
    }
  }
  const alive = memory.uint16(events.count).fill(0);
  for (let row = 0; row < timeline.alive.length; row++) alive[positionOf[row]] = timeline.alive[row];
  return { ...timeline, start: starts, position: positions, time: times, alive };
}

/** Stable: items keep their order within a bucket. Items whose bucket is negative are left out. */
export function countingSort(items: Int32Array, bucketOf: Int32Array, buckets: number): { order: Int32Array; start: Int32Array } {
  const start = new Int32Array(buckets + 1);
  for (const item of items) if (bucketOf[item] >= 0) start[bucketOf[item] + 1]++;
  for (let b = 0; b < buckets; b++) start[b + 1] += start[b];
  const next = start.slice();
  const order = new Int32Array(start[buckets]);
  for (const item of items) if (bucketOf[item] >= 0) order[next[bucketOf[item]]++] = item;
  return { order, start };
}

/** All positions by group. They are numbered anew whenever who is whom is edited, so no list of them is made first. */
function sortedPositions({ of, count }: Groups): { order: Int32Array; start: Int32Array } {
  const start = new Int32Array(count + 1);
  for (let p = 0; p < of.length; p++) if (of[p] >= 0) start[of[p] + 1]++;
  for (let group = 0; group < count; group++) start[group + 1] += start[group];
  const next = start.slice();
  const order = new Int32Array(start[count]);
  for (let p = 0; p < of.length; p++) if (of[p] >= 0) order[next[of[p]]++] = p;
  return { order, start };
}

function identityOrder(count: number): Int32Array {
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return order;
}
