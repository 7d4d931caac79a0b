/** How each kind of derived event is found: in one walk over the positions of its operands, in order, with a little state by group. */
import type { Instant, Millis } from '../plan.ts';
import type { Groups } from '../simulate/timeline.ts';
import { before, type Ground, groupAt, timeAt } from './ground.ts';

/** The first of each group. */
export function findFirst(ground: Ground, groups: Groups, of: Uint32Array): Uint32Array {
  const seen = new Uint8Array(groups.count);
  const found = new Uint32Array(Math.min(of.length, groups.count));
  let count = 0;
  for (let i = 0; i < of.length; i++) {
    const group = groupAt(ground, groups, of[i]);
    if (group < 0 || seen[group]) continue;
    seen[group] = 1;
    found[count++] = of[i];
  }
  return found.slice(0, count);
}

/** The nth of every n whose span is no longer than `within`; then counting starts afresh. */
export function findRepeated(ground: Ground, groups: Groups, of: Uint32Array, n: number, within: Millis): Uint32Array {
  // Each group's latest, at most n, as a chain: index into `of`, from the oldest to the newest.
  const oldest = new Int32Array(groups.count);
  const newest = new Int32Array(groups.count);
  const length = new Int32Array(groups.count);
  const following = new Int32Array(of.length);
  const found = new Uint32Array(of.length);
  let count = 0;
  for (let i = 0; i < of.length; i++) {
    const group = groupAt(ground, groups, of[i]);
    if (group < 0) continue;
    if (length[group] === 0) oldest[group] = i;
    else following[newest[group]] = i;
    newest[group] = i;
    if (length[group] < n) length[group]++;
    else oldest[group] = following[oldest[group]];
    if (length[group] < n || timeAt(ground, of[i]) - timeAt(ground, of[oldest[group]]) > within) continue;
    found[count++] = of[i];
    length[group] = 0;
  }
  return found.slice(0, count);
}

/** Every `then` that stands after a `first` of its group, no more than `within` later. An event doesn't stand after itself. */
export function findSequence(ground: Ground, groups: Groups, first: Uint32Array, then: Uint32Array, within: Millis): Uint32Array {
  const latest = new Float64Array(groups.count).fill(Number.NEGATIVE_INFINITY);
  const found = new Uint32Array(then.length);
  let count = 0;
  for (let i = 0, next = 0; i < then.length; i++) {
    for (; next < first.length && before(ground, first[next], then[i]); next++) {
      const group = groupAt(ground, groups, first[next]);
      if (group >= 0) latest[group] = timeAt(ground, first[next]);
    }
    const group = groupAt(ground, groups, then[i]);
    if (group >= 0 && timeAt(ground, then[i]) - latest[group] <= within) found[count++] = then[i];
  }
  return found.slice(0, count);
}

/** Every `first` after which no `no` of its group stood up to and including `within` later, that being before `asOf`. */
export function findUnfollowed(
  ground: Ground,
  groups: Groups,
  first: Uint32Array,
  no: Uint32Array,
  within: Millis,
  asOf: Instant,
): Uint32Array {
  // From the end: what was seen last is what comes next.
  const following = new Float64Array(groups.count).fill(Number.POSITIVE_INFINITY);
  const found = new Uint32Array(first.length);
  let from = first.length;
  for (let i = first.length - 1, next = no.length - 1; i >= 0; i--) {
    for (; next >= 0 && before(ground, first[i], no[next]); next--) {
      const group = groupAt(ground, groups, no[next]);
      if (group >= 0) following[group] = timeAt(ground, no[next]);
    }
    const group = groupAt(ground, groups, first[i]);
    const due = timeAt(ground, first[i]) + within;
    if (group >= 0 && due < asOf && following[group] > due) found[--from] = first[i];
  }
  return found.slice(from);
}

/** What stands in one of two, or in both, once. */
export function findEither(ground: Ground, a: Uint32Array, b: Uint32Array): Uint32Array {
  const found = new Uint32Array(a.length + b.length);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) j++;
    else found[count++] = before(ground, a[i], b[j]) ? a[i++] : b[j++];
  }
  while (i < a.length) found[count++] = a[i++];
  while (j < b.length) found[count++] = b[j++];
  return found.slice(0, count);
}
