import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('edit distance', () => {
  it.each([
    ['order', 'order', 0],
    ['', 'abc', 3],
    ['totl', 'total', 1], // one letter missing
    ['toatl', 'total', 1], // two neighbours swapped
    ['kitten', 'sitting', 3], // k→s, e→i, and a g
  ])('%s → %s is %i', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
    expect(editDistance(b, a)).toBe(edits);
  });

  it('gives up beyond the limit', () => {
    expect(editDistance('kitten', 'sitting', 2)).toBeGreaterThan(2);
    expect(editDistance('a', 'a long sentence', 3)).toBe(4);
  });
});

describe('nearest', () => {
  it('finds what was meant', () => expect(nearest('totl', ['item', 'total', 'note'])).toBe('total'));
  it('takes case for the smallest slip', () => expect(nearest('Order_Placed', ['order_place', 'order_placed'])).toBe('order_placed'));
  it('prefers the first of equally near names', () => expect(nearest('cat', ['car', 'cap'])).toBe('car'));
  it('is silent where nothing is near', () => expect(nearest('refund', ['order', 'visit'])).toBeUndefined());
  it('does not guess between short words', () => expect(nearest('a', ['b'])).toBeUndefined());
  it('never proposes the word itself', () => expect(nearest('total', ['total'])).toBeUndefined());
});
