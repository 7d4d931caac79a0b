import { describe, expect, test } from 'vitest';
import {
  column,
  complete,
  completeOnNOf,
  exit,
  exitAfter,
  exitForAll,
  exitSilent,
  expr,
  history,
  on,
  type Row,
  simulate,
} from './testing.ts';

/** [order-ambiguous runs, order-ambiguous instances] */
const ambiguous = (sketch: Parameters<typeof simulate>[0], rows: Row[], asOf?: number) => {
  const result = simulate(sketch, rows, asOf);
  return [result.ambiguous, result.ambiguousInstances];
};
const stages = { Look: ['look'], Cart: ['cart'] };

describe('ties: two rows at one instant that one instance reads', () => {
  test('are a tie when they match different rules', () => {
    expect(ambiguous({ stages }, history('in 0, look 1, cart 1'))).toEqual([1, 1]);
  });

  test('are none when they are alike in all that is read', () => {
    expect(ambiguous({ stages }, history('in 0, look 1, look 1'))).toEqual([0, 0]);
  });

  test('are none when one of them is not read', () => {
    expect(ambiguous({ stages }, history('in 0, look 1, other 1'))).toEqual([0, 0]);
  });

  test('with a plain `of silence` clock every sign of life is read', () => {
    const ends = [exitSilent('Quiet', 10)];
    expect(ambiguous({ stages, ends }, history('in 0, look 1, other 1'))).toEqual([1, 1]);
    // A mail that matches nothing is none: it isn't read.
    expect(ambiguous({ stages, ends }, [...history('in 0, look 1'), ...history('mail 1', { passive: true })])).toEqual([0, 0]);
  });

  test('differ in passivity', () => {
    const rows = [...history('in 0, look 1'), ...history('look 1', { passive: true })];
    expect(ambiguous({ stages }, rows)).toEqual([1, 1]);
  });

  test('differ in an item of `n of`, or an operand of silence', () => {
    expect(ambiguous({ ends: [completeOnNOf('Done', 2, 'a', 'b')] }, history('in 0, a 1, b 1'))).toEqual([1, 1]);
    expect(ambiguous({ ends: [exitSilent('Quiet', 9, 'a'), exitSilent('Still', 9, 'b')] }, history('in 0, a 1, b 1'))).toEqual([1, 1]);
    // Two operands of one clock are two patterns that a row may match.
    expect(ambiguous({ ends: [exitSilent('Quiet', 9, 'a', 'b')] }, history('in 0, a 1, b 1'))).toEqual([1, 1]);
  });

  test('differ in a property that a metric reads', () => {
    const metrics = { revenue: expr({ kind: 'aggregate', fn: 'sum', event: on('buy'), property: column('total') }) };
    const rows = (a: number, b: number) => [...history('in 0'), ...history('buy 1', { total: a }), ...history('buy 1', { total: b })];
    expect(ambiguous({ metrics }, rows(10, 20))).toEqual([1, 1]);
    expect(ambiguous({ metrics }, rows(10, 10))).toEqual([0, 0]);
    expect(ambiguous({ stages: { Bought: ['buy'] } }, rows(10, 20))).toEqual([0, 0]); // nobody reads it
  });

  test('differ in a text that a count of different ones reads', () => {
    const metrics = { items: expr({ kind: 'aggregate', fn: 'countDistinct', event: on('buy'), property: column('item') }) };
    expect(ambiguous({ metrics }, [...history('in 0'), ...history('buy 1', { item: 'a' }), ...history('buy 1', { item: 'b' })])).toEqual([
      1, 1,
    ]);
  });

  test('in different instances they are none', () => {
    expect(ambiguous({ stages }, [...history('in 0, look 1'), ...history('in 0, cart 1', { who: 'bob' })])).toEqual([0, 0]);
    const rows = [...history('in 0, look 1', { order: 'o1' }), ...history('in 0, cart 1', { order: 'o2' })];
    expect(ambiguous({ stages, per: 'order' }, rows)).toEqual([0, 0]);
  });

  test('the third of three may be the one that differs', () => {
    expect(ambiguous({ stages }, history('in 0, look 1, look 1, cart 1'))).toEqual([1, 1]);
  });
});

describe('each of its runs ending at or after the tie is order-ambiguous', () => {
  const sketch = { stages, ends: [complete('Done', 'buy'), exitAfter('Late', 50)], reentry: { policy: 'after exit' as const } };

  test('a run that ended before is certain; one that is active is not', () => {
    // 0–2 lies before the tie at 5; the run of 4 is active.
    expect(ambiguous(sketch, history('in 0, buy 2, in 4, look 5, cart 5'))).toEqual([1, 1]);
  });

  test('so is every later run', () => {
    expect(ambiguous(sketch, history('in 0, look 1, cart 1, buy 2, in 4, buy 6, in 7'))).toEqual([3, 1]);
  });

  test('ending at its instant counts', () => {
    expect(ambiguous(sketch, history('in 0, buy 2, look 2'))).toEqual([1, 1]);
  });

  test('an instance with a tie is counted even without a run', () => {
    expect(ambiguous(sketch, history('look 1, cart 1'))).toEqual([0, 1]);
  });

  test('what comes after T does not exist', () => {
    expect(ambiguous(sketch, history('in 0, look 5, cart 5'), 4)).toEqual([0, 0]);
  });
});

describe('`for all` rows', () => {
  const sketch = { stages, ends: [exit('Left', 'leave'), exitForAll('Closed', 'close')], per: 'order' };

  test('tie with the instance’s own', () => {
    const rows = [...history('in 0, look 5', { order: 'o1' }), ...history('in 0, look 4', { order: 'o2' }), ...history('close 5')];
    expect(ambiguous(sketch, rows)).toEqual([1, 1]);
  });

  test('with each other unless their keys are alike', () => {
    const rows = (a: string, b: string) => [
      ...history('in 0', { order: 'o1' }),
      ...history('close 5', { order: a }),
      ...history('close 5', { order: b }),
    ];
    // Read by o1, and each by its own instance: three instances read both.
    expect(ambiguous(sketch, rows('o2', 'o3'))).toEqual([1, 3]);
    expect(ambiguous(sketch, rows('o2', 'o2'))).toEqual([0, 0]);
  });
});

describe('day-grained rows are at every instant of their day', () => {
  /** A row of a day, at its start or its last millisecond. */
  const dated = (name: string, day: number, atEnd = false): Row => ({ name, hours: day * 24 + (atEnd ? 24 - 1 / 3_600_000 : 0), day });
  const sketch = { stages, ends: [complete('Done', 'buy'), exitAfter('Late', 10)], reentry: { policy: 'after exit' as const } };

  test('they tie with every event of that day that is not alike', () => {
    expect(ambiguous({ stages }, [...history('in 0, look 30'), dated('cart', 1)])).toEqual([1, 1]);
    expect(ambiguous({ stages }, [...history('in 0, look 30'), dated('look', 1)])).toEqual([0, 0]);
    expect(ambiguous({ stages }, [...history('in 0, look 30'), dated('cart', 2)])).toEqual([0, 0]);
  });

  test('wherever in the day they stand', () => {
    expect(ambiguous({ stages }, [...history('in 0, look 30'), dated('cart', 1, true)])).toEqual([1, 1]);
    // The day ends at 48 exclusive: an event at 48 is of the next.
    expect(ambiguous({ stages }, [...history('in 0, look 48'), dated('cart', 1, true)])).toEqual([0, 0]);
  });

  test('with each other', () => {
    expect(ambiguous({ stages }, [...history('in 0'), dated('look', 1), dated('cart', 1)])).toEqual([1, 1]);
    expect(ambiguous({ stages }, [...history('in 0'), dated('look', 1), dated('cart', 2)])).toEqual([0, 0]);
  });

  test('an alike one between does not hide the others', () => {
    expect(ambiguous({ stages }, [...history('in 0'), dated('look', 1), dated('look', 1), ...history('look 30, cart 40')])).toEqual([1, 1]);
  });

  test('exact rows among them still tie at their instant', () => {
    expect(ambiguous({ stages }, [...history('in 0, look 80, cart 80'), dated('look', 1)])).toEqual([1, 1]);
  });

  test('the tie stands at the earlier row: nothing before it changes', () => {
    // The row of day 1 at its end, and `look` at 40: the run 25–35 is over by then, that of 38 is not.
    const rows = [...history('in 1, in 38, look 40'), dated('cart', 1, true)];
    expect(ambiguous(sketch, rows)).toEqual([1, 1]); // 1–11 certain; 38–48 isn't
    // Standing at the day's start, 24, it may have happened after 30: all that ends from 24 on is uncertain.
    expect(ambiguous(sketch, [...history('in 1, in 25, look 40'), dated('cart', 1)])).toEqual([1, 1]);
  });
});
