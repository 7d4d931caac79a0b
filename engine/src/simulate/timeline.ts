import type { Events, Keys, Participants } from '../events.ts';

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
  /** By position, 1 where the event is not passive: as the rule-set ids before any rule is looked at. */
  readonly alive: Uint16Array;
}

const NO_KEYS = {};
const cache = new WeakMap<Int32Array, WeakMap<object, { time: Float64Array; timeline: Timeline }>>();

/** The timeline of an identity's instances; the same one while `events` answers with the same arrays. */
export function timelineOf(events: Events, people: Participants, keys: Keys | null): Timeline {
  let byKeys = cache.get(people.of);
  if (!byKeys) {
    byKeys = new WeakMap();
    cache.set(people.of, byKeys);
  }
  const known = byKeys.get(keys?.of ?? NO_KEYS);
  if (known && known.time === events.time) return known.timeline;
  const timeline = keys ? sortByKey(events, people, keys) : sortByParticipant(events, people);
  byKeys.set(keys?.of ?? NO_KEYS, { time: events.time, timeline });
  return timeline;
}

function sortByParticipant(events: Events, people: Participants): Timeline {
  const { order, start } = countingSort(identityOrder(events.count), people.of, people.count);
  const participant = Int32Array.from({ length: people.count }, (_, i) => i);
  return bySlot(events, order, start, participant, null);
}

function sortByKey(events: Events, people: Participants, keys: Keys): Timeline {
  const byKey = countingSort(identityOrder(events.count), keys.of, keys.values.length);
  const keyed = countingSort(byKey.order, people.of, people.count);
  const keyless = countingSort(
    identityOrder(events.count).filter(position => keys.of[position] < 0),
    people.of,
    people.count,
  );
  const total = keyed.order.length;
  const startsOne = (slot: number) =>
    slot === 0 ||
    people.of[keyed.order[slot]] !== people.of[keyed.order[slot - 1]] ||
    keys.of[keyed.order[slot]] !== keys.of[keyed.order[slot - 1]];
  let instances = 0;
  for (let slot = 0; slot < total; slot++) if (startsOne(slot)) instances++;
  const start = new Int32Array(instances + 1);
  const participant = new Int32Array(instances);
  const key = new Int32Array(instances);
  let instance = 0;
  for (let slot = 0; slot < total; slot++) {
    if (!startsOne(slot)) continue;
    start[instance] = slot;
    participant[instance] = people.of[keyed.order[slot]];
    key[instance] = keys.of[keyed.order[slot]];
    instance++;
  }
  start[instances] = total;
  const order = new Int32Array(total + keyless.order.length);
  order.set(keyed.order);
  order.set(keyless.order, total);
  return bySlot(events, order, start, participant, key);
}

function bySlot(events: Events, position: Int32Array, start: Int32Array, participant: Int32Array, key: Int32Array | null): Timeline {
  const time = new Float64Array(position.length);
  for (let slot = 0; slot < position.length; slot++) time[slot] = events.time[position[slot]];
  const alive = new Uint16Array(events.count);
  for (let p = 0; p < events.count; p++) alive[p] = events.passive[events.source[p]] ? 0 : 1;
  return { instances: participant.length, start, participant, key, position, time, alive };
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

function identityOrder(count: number): Int32Array {
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  return order;
}
