import { describe, expect, test } from 'vitest';
import type { PathResult } from '../result.ts';
import { complete, exit, exitAfter, HOUR, history, type Row, simulate, step } from './testing.ts';

type Sketch = Parameters<typeof simulate>[0];
const stage = (name: string) => step('stage', name);

/** Intended: A -> B -> Done. X is a stage off the path; `both` is A and B at once, `bx` B and X. */
const shop: Sketch = {
  stages: { A: ['a', 'both'], B: ['b', 'both', 'bx'], X: ['x', 'bx'] },
  ends: [complete('Done', 'done', 'last'), exit('Left', 'leave')],
  reentry: { policy: 'restart' },
  paths: { Way: [stage('A'), stage('B'), step('end', 'Done')] },
};
const conform = (rows: Row[], sketch: Sketch = shop, asOf?: number): PathResult<number> => simulate(sketch, rows, asOf).paths.Way;
const onlyOutcome = ({ outcomes: { left, ...others } }: PathResult<number>): string[] => [
  ...Object.entries(others).flatMap(([name, count]) => Array.from({ length: count }, () => name)),
  ...left.flatMap((count, k) => Array.from({ length: count }, () => `left ${k}`)),
];
const flagsOf = ({ flags }: PathResult<number>): string[] => Object.entries(flags).flatMap(([name, count]) => (count ? [name] : []));

describe('every run has exactly one outcome', () => {
  test.each([
    ['in 0, a 1, b 2, done 3', 'followed'],
    ['in 0, both 1, done 2', 'followed'], // one event is in order
    ['in 0, a 1, a 2, b 3, a 4, done 5', 'followed'], // only the first of each decides
    ['in 0, b 1, a 2, done 3', 'otherOrder'],
    ['in 0, done 1', 'skipped'],
    ['in 0, b 1, done 2', 'skipped'],
    ['in 0, a 1, done 2', 'skipped'],
    ['in 0', 'underWay'],
    ['in 0, a 1, b 2', 'underWay'],
    ['in 0, leave 1', 'left 0'],
    ['in 0, x 1, leave 2', 'left 0'],
    ['in 0, a 1, leave 2', 'left 1'],
    ['in 0, a 1, b 2, leave 3', 'left 2'],
    ['in 0, b 1, leave 2', 'left 2'], // the highest step, though A was skipped
  ])('%s: %s', (rows, outcome) => expect(onlyOutcome(conform(history(rows)))).toEqual([outcome]));

  test('restarted: what the run had reached by then does not matter', () => {
    // The first run is cut short at 2, the second is active.
    expect(onlyOutcome(conform(history('in 0, a 1, in 2')))).toEqual(['underWay', 'restarted']);
  });

  test('the last step comes first: a run that reached it has skipped, also while it is active', () => {
    const open: Sketch = { ...shop, paths: { Way: [stage('A'), stage('B')] } };
    expect(onlyOutcome(conform(history('in 0, b 1'), open))).toEqual(['skipped']);
    expect(onlyOutcome(conform(history('in 0, b 1, in 2'), open))).toEqual(['skipped', 'underWay']);
  });

  test('a stage that matched beside the one that became current was reached', () => {
    const open: Sketch = { ...shop, paths: { Way: [stage('B'), stage('X'), step('end', 'Done')] } };
    expect(onlyOutcome(conform(history('in 0, bx 1, done 2'), open))).toEqual(['followed']);
  });

  test('the entry rule can be the first step: runs of another rule miss it', () => {
    const open: Sketch = {
      ...shop,
      enter: { In: ['in'], Other: ['other'] },
      reentry: { policy: 'once' },
      paths: { Way: [step('enter', 'In'), stage('A')] },
    };
    expect(onlyOutcome(conform(history('in 0, a 1'), open))).toEqual(['followed']);
    expect(onlyOutcome(conform(history('other 0, a 1'), open))).toEqual(['skipped']);
    expect(onlyOutcome(conform(history('in 0, leave 1'), open))).toEqual(['left 1']);
  });

  test('a clock ends a run after every event', () => {
    const clock: Sketch = { ...shop, ends: [exitAfter('Late', 5)], paths: { Way: [stage('A'), step('end', 'Late')] } };
    // A stands at the very deadline, 5 hours after the entry: it is in time, and before the end.
    expect(onlyOutcome(conform(history('in 0, a 5, z 6'), clock, 6))).toEqual(['followed']);
  });

  test('the event that ends a run is still a visit of it, and in order with its end', () => {
    const both: Sketch = { ...shop, stages: { A: ['a'], B: ['last'] } };
    expect(onlyOutcome(conform(history('in 0, a 1, last 2'), both))).toEqual(['followed']);
  });
});

describe('flags', () => {
  test.each([
    ['in 0, a 1, b 2, done 3', []],
    ['in 0, b 1', ['ladder']], // A was skipped, so far
    ['in 0, b 1, done 2', ['ladder']],
    ['in 0, b 1, a 2, done 3', []], // other order: nothing is missing, and A was never left for B
    ['in 0, a 1, b 2, a 3', ['chute']],
    ['in 0, a 1, b 2, a 3, b 4, done 5', ['chute']], // also when followed
    ['in 0, a 1, a 2, b 3', []], // twice the same is no way back
    ['in 0, both 1, a 2', ['chute']], // B was reached with A, then A again
    ['in 0, both 1, both 2', []], // at one event nothing comes after anything
    ['in 0, a 1, x 2, b 3', ['detour']],
    ['in 0, a 1, x 2, a 3', ['detour']],
    ['in 0, x 1, a 2, b 3', []], // before the first step
    ['in 0, a 1, x 2', []], // after the last
    ['in 0, a 1, x 2, done 3', ['ladder', 'detour']],
    ['in 0, a 1, bx 2', []], // at the step itself
    ['in 0, a 1, bx 2, done 3', ['detour']], // X was current between A and Done
    ['in 0, b 1, x 2, b 3, leave 4', ['ladder', 'detour']],
  ])('%s: %j', (rows, flags) => expect(flagsOf(conform(history(rows)))).toEqual(flags));

  test('a stage on the path is no detour, nor is one that only matched beside another', () => {
    const order: Sketch = { ...shop, stages: { A: ['a'], X: ['xb'], B: ['b', 'xb'] } };
    expect(flagsOf(conform(history('in 0, a 1, xb 2, done 3'), order))).toEqual([]);
  });
});

test('the funnel: reached, reached in order, and the time from the step before', () => {
  const rows = [
    ...history('in 0, a 1, b 3, done 7', { who: 'ann' }), // 2 h, 4 h
    ...history('in 0, a 1, b 7, leave 8', { who: 'bob' }), // 6 h
    ...history('in 0, b 1, a 2, done 4', { who: 'cy' }), // B before A: counts neither for A-B nor in order; B-Done 3 h
    ...history('in 0, done 9', { who: 'dee' }),
  ];
  expect(conform(rows).steps).toEqual([
    { name: 'A', reached: 3, inOrder: 3, medianFromPreviousMs: null },
    { name: 'B', reached: 3, inOrder: 2, medianFromPreviousMs: 4 * HOUR }, // of 2 and 6
    { name: 'Done', reached: 3, inOrder: 1, medianFromPreviousMs: 3.5 * HOUR }, // of 4 and 3
  ]);
});
