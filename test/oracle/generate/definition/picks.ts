/** The small vocabularies that everything is drawn from. */
import fc from 'fast-check';
import type { Comparison } from '../../model.ts';

export const HOUR = 3_600_000;
export const KINDS = ['user', 'email', 'device'];
/** Columns every source has: `n` holds numbers, `s` and `t` texts, `k` keys. */
export const COLUMNS = ['at', 'type', 'k', 'n', 's', 't', 'mid', 'order id', ...KINDS, 'user2'];
export const TYPES = ['a', 'b', 'c', 'Signed Up'];
export const TEXTS = ['x', 'X', 'xy', 'yx'];

export const durationArb = fc.constantFrom(6, 6, 12, 12, 24, 24, 36, 48, 72).map(hours => hours * HOUR);
export const comparison = fc.constantFrom<Comparison>('=', '!=', '<', '<=', '>', '>=');
/** Once in n times. */
export function sometimes<T>(arbitrary: fc.Arbitrary<T>, n: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: n - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** `2 of (A, A)` says nothing that `1 of (A)` doesn't. */
export function distinct<T>(things: T[]): T[] {
  const written = things.map(thing => JSON.stringify(thing));
  return things.filter((_, i) => written.indexOf(written[i]) === i);
}
