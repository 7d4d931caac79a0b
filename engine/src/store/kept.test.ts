import { expect, test } from 'vitest';
import { Kept } from './kept.ts';

test('the least lately used goes', () => {
  const kept = new Kept<number>(2);
  kept.set('a', 1);
  kept.set('b', 2);
  kept.find('a');
  kept.set('c', 3);
  expect([kept.find('a'), kept.find('b'), kept.find('c')]).toEqual([1, undefined, 3]);
});

test('what is heavy goes once two turns have passed without it', () => {
  const kept = new Kept<number>(100, weight => weight, 10);
  kept.set('a', 8);
  kept.turn = 1;
  kept.set('b', 8); // 16 are too many, but `a` was used a turn ago
  expect([kept.find('a'), kept.find('b')]).toEqual([8, 8]);
  kept.turn = 3;
  kept.set('c', 8);
  expect([kept.find('a'), kept.find('b'), kept.find('c')]).toEqual([undefined, undefined, 8]);
});
