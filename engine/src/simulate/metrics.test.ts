import { describe, expect, test } from 'vitest';
import type { MetricExpr } from '../plan.ts';
import { column, complete, exit, exitAfter, expr, HOUR, history, on, type Row, simulate, step } from './testing.ts';

type Sketch = Parameters<typeof simulate>[0];
const measure = (value: MetricExpr, sketch: Sketch, rows: Row[], asOf?: number) =>
  simulate({ ...sketch, metrics: { m: value } }, rows, asOf).metrics.m;
const number = (value: number) => expr({ kind: 'number', value });
const percent = (value: number) => expr({ kind: 'percent', value: value / 100 });
const count = (kind: string, more = {}) => expr({ kind, ...more });
const rate = (of: ReturnType<typeof step>, more = {}) => expr({ kind: 'rate', of, ofPeople: false, ...more });
const ratio = (left: MetricExpr, op: string, right: MetricExpr) => expr({ kind: 'arithmetic', op, left, right });

/** Three people: ann buys after 2 h, bob after 6 h, cy only looks. The last event is at 10. */
const shop: Sketch = {
  stages: { Look: ['look'], Cart: ['cart'] },
  ends: [complete('Bought', 'buy'), exit('Left', 'leave'), exitAfter('Late', 100)],
  reentry: { policy: 'after exit' },
};
const threePeople = [
  ...history('in 0, look 1, buy 2', { who: 'ann' }),
  ...history('in 1, look 2, cart 3, look 5, buy 7', { who: 'bob' }),
  ...history('in 2, look 10', { who: 'cy' }),
];

describe('counts', () => {
  test.each([
    ['entered', {}, 3],
    ['people', {}, 3],
    ['active', {}, 1],
    ['completed', {}, 2],
    ['attempts', {}, 3],
    ['exited', {}, 0],
    ['exited', { name: 'Bought' }, 2],
    ['rejected', {}, 0],
    ['reached', { stage: 'Cart' }, 1],
    ['visits', { stage: 'Look' }, 4],
    ['enteredBy', { rule: 'In' }, 3],
  ])('%s %j is %d', (kind, more, value) => {
    expect(measure(count(kind, more), shop, threePeople)).toEqual({
      value,
      quantity: 'count',
      numerator: null,
      denominator: null,
      immature: null,
      interval: null,
    });
  });

  test('exited counts exits that are no completions; Restarted is neither', () => {
    const rows = history('in 0, leave 1, in 2, in 3, buy 4');
    expect(measure(count('exited'), { ...shop, reentry: { policy: 'restart' } }, rows).value).toBe(1);
    expect(measure(count('exited', { name: 'Restarted' }), { ...shop, reentry: { policy: 'restart' } }, rows).value).toBe(1);
  });

  test('rejected for a reason', () => {
    const rows = history('in 0, in 1, buy 2, in 3, in 4, in 5');
    expect(measure(count('rejected', { reason: 'already in' }), shop, rows).value).toBe(3);
    expect(measure(count('rejected'), shop, rows).value).toBe(3);
  });

  test('people are distinct, runs are not', () => {
    const rows = history('in 0, buy 1, in 2, buy 3');
    expect([measure(count('people'), shop, rows).value, measure(count('entered'), shop, rows).value]).toEqual([1, 2]);
  });
});

describe('rate(X) = runs with X / entered', () => {
  test('carries numerator, denominator and its 95 % Wilson interval', () => {
    // p = 2/3, n = 3, z² = 3.841459:
    // centre = (0.666667 + 3.841459/6) / (1 + 3.841459/3) = 1.306910 / 2.280486 = 0.573084
    // spread = 1.959964 · √(0.666667·0.333333/3 + 3.841459/36) / 2.280486 = 1.959964 · √(0.074074 + 0.106707) / 2.280486 = 0.365424
    const value = measure(rate(step('end', 'Bought')), shop, threePeople);
    expect(value).toMatchObject({ value: 2 / 3, quantity: 'share', numerator: 2, denominator: 3, immature: null });
    expect(value.interval![0]).toBeCloseTo(0.20766, 4);
    expect(value.interval![1]).toBeCloseTo(0.93851, 4);
  });

  test('the interval of none of 10 and of all of 10 stays within 0 and 1', () => {
    // 0 of 10: upper = z² / (10 + z²) = 3.841459 / 13.841459 = 0.277533; 10 of 10 is its mirror.
    const ten = Array.from({ length: 10 }, (_, i) => history('in 0, look 1', { who: `p${i}` })).flat();
    const none = measure(rate(step('end', 'Bought')), shop, ten).interval!;
    const all = measure(rate(step('stage', 'Look')), shop, ten).interval!;
    expect(none[0]).toBe(0);
    expect(none[1]).toBeCloseTo(0.277533, 6);
    expect(all[0]).toBeCloseTo(1 - 0.277533, 6);
    expect(all[1]).toBe(1);
  });

  test('of a stage counts runs that reached it, of an entry rule those it let in', () => {
    expect(measure(rate(step('stage', 'Cart')), shop, threePeople).numerator).toBe(1);
    expect(measure(rate(step('enter', 'In')), shop, threePeople).value).toBe(1);
  });

  test('of people counts people on both sides', () => {
    // ann: two runs, one bought; bob: one, none. 1 of 3 runs, 1 of 2 people.
    const rows = [...history('in 0, buy 1, in 2'), ...history('in 0, look 3', { who: 'bob' })];
    expect(measure(rate(step('end', 'Bought')), shop, rows)).toMatchObject({ numerator: 1, denominator: 3 });
    expect(measure(rate(step('end', 'Bought'), { ofPeople: true }), shop, rows)).toMatchObject({
      numerator: 1,
      denominator: 2,
      value: 0.5,
    });
  });

  test('of nothing has no value and no interval', () => {
    expect(measure(rate(step('end', 'Bought')), shop, [])).toEqual({
      value: null,
      quantity: 'share',
      numerator: 0,
      denominator: 0,
      immature: null,
      interval: null,
    });
  });
});

describe('rate(X within D)', () => {
  const bought = (hours: number, more = {}) => rate(step('end', 'Bought'), { within: hours * HOUR, ...more });

  test('counts X up to and including entry + D', () => {
    // ann needs 2 h, bob 6 h; all entered at least 6 h before T = 10, but cy's 2 + 6 = 8 < 10 too.
    expect(measure(bought(2), shop, threePeople)).toMatchObject({ numerator: 1, denominator: 3, immature: 0 });
    expect(measure(bought(6), shop, threePeople)).toMatchObject({ numerator: 2, denominator: 3, immature: 0 });
    expect(measure(bought(5.9), shop, threePeople)).toMatchObject({ numerator: 1, denominator: 3 });
  });

  test('only mature runs count on either side: entry + D < T', () => {
    // D = 8: ann 8 < 10 is mature, bob 9 < 10 is, cy 10 < 10 is not.
    expect(measure(bought(8), shop, threePeople)).toMatchObject({ numerator: 2, denominator: 2, immature: 1, value: 1 });
    // D = 9: bob's 10 < 10 is not, though he bought within it.
    expect(measure(bought(9), shop, threePeople)).toMatchObject({ numerator: 1, denominator: 1, immature: 2 });
    expect(measure(bought(10), shop, threePeople)).toMatchObject({ numerator: 0, denominator: 0, immature: 3, value: null });
  });

  test('of S: from the first time S was reached; both sides stay all mature runs', () => {
    // Look first at 1 (ann, bought 1 h later) and at 2 (bob, 5 h later); cy at 10.
    expect(measure(bought(1, { from: step('stage', 'Look') }), shop, threePeople)).toMatchObject({ numerator: 1, denominator: 3 });
    expect(measure(bought(5, { from: step('stage', 'Look') }), shop, threePeople)).toMatchObject({ numerator: 2, denominator: 3 });
    // Only bob was in Cart, 4 h before he bought.
    expect(measure(bought(4, { from: step('stage', 'Cart') }), shop, threePeople)).toMatchObject({ numerator: 1, denominator: 3 });
  });

  test('of S: X counts from S on, not before it', () => {
    // bob looked at 2 before Cart at 3, and again at 5, 2 h after it.
    const look = (hours: number) => rate(step('stage', 'Look'), { within: hours * HOUR, from: step('stage', 'Cart') });
    expect(measure(look(1), shop, threePeople).numerator).toBe(0);
    expect(measure(look(2), shop, threePeople).numerator).toBe(1);
  });

  test('a clock’s end within D', () => {
    const late = { ...shop, ends: [exitAfter('Late', 4)] };
    // Both end at entry + 4.
    const rows = [...history('in 0'), ...history('in 1, other 20', { who: 'bob' })];
    expect(measure(rate(step('end', 'Late'), { within: 4 * HOUR }), late, rows)).toMatchObject({ numerator: 2, denominator: 2 });
    expect(measure(rate(step('end', 'Late'), { within: 3.9 * HOUR }), late, rows)).toMatchObject({ numerator: 0, denominator: 2 });
  });
});

describe('times', () => {
  const time = (fn: string, of: object) => expr({ kind: 'time', fn, of });
  const toBought = { kind: 'timeTo', step: step('end', 'Bought') };

  test('time to X: entry to first X, over runs that reached it', () => {
    // 2 h and 6 h.
    expect(measure(time('median', toBought), shop, threePeople)).toMatchObject({ value: 4 * HOUR, quantity: 'duration' });
    expect(measure(time('avg', toBought), shop, threePeople).value).toBe(4 * HOUR);
    expect(measure(time('min', toBought), shop, threePeople).value).toBe(2 * HOUR);
    expect(measure(time('max', toBought), shop, threePeople).value).toBe(6 * HOUR);
    expect(measure(time('sum', toBought), shop, threePeople).value).toBe(8 * HOUR);
  });

  test('quantiles interpolate linearly', () => {
    // p90 of 2 and 6: 2 + 0.9 · 4 = 5.6. Of Look, first at 1, 1 and 8 h: place 0.9 · 2 = 1.8, so 1 + 0.8 · 7 = 6.6.
    expect(measure(time('p90', toBought), shop, threePeople).value).toBeCloseTo(5.6 * HOUR, 3);
    expect(measure(time('p90', { kind: 'timeTo', step: step('stage', 'Look') }), shop, threePeople).value).toBeCloseTo(6.6 * HOUR, 3);
  });

  test('time in S: until another stage becomes current, or the end, or T; summed per run', () => {
    // Look: ann 1–2; bob 2–3 and 5–7, 3 h together; cy 10–10. Cart: bob 3–5.
    const timeIn = (fn: string, stage: string) => measure(time(fn, { kind: 'timeIn', stage }), shop, threePeople).value;
    expect(timeIn('sum', 'Look')).toBe(4 * HOUR);
    expect(timeIn('max', 'Look')).toBe(3 * HOUR);
    expect(timeIn('median', 'Look')).toBe(1 * HOUR);
    expect(timeIn('avg', 'Cart')).toBe(2 * HOUR);
    expect(measure(time('max', { kind: 'timeIn', stage: 'Look' }), shop, threePeople, 14).value).toBe(4 * HOUR); // cy until T
  });

  test('over no run there is no value; nothing sums up to 0', () => {
    expect(measure(time('median', toBought), shop, []).value).toBeNull();
    expect(measure(time('sum', toBought), shop, []).value).toBe(0);
  });
});

describe('over events', () => {
  const orders = (fn: string, more = {}) => expr({ kind: 'aggregate', fn, event: on('order'), property: column('total'), ...more });
  const rows = [
    { name: 'order', hours: 0, total: 1000 },
    ...history('in 1'),
    { name: 'order', hours: 2, total: 10 },
    { name: 'order', hours: 4, total: 30 },
    { name: 'order', hours: 5, total: null },
    ...history('buy 6'),
    { name: 'order', hours: 7, total: 500 },
    ...history('other 20'),
  ];

  test('in positions entry..end inclusive', () => {
    // 10 + 30; the one before entry and that after the end are none of it, the one without a total has none.
    expect(measure(orders('sum'), shop, rows)).toMatchObject({ value: 40, quantity: 'number' });
    expect(measure(orders('avg'), shop, rows).value).toBe(20);
    expect(measure(orders('min'), shop, rows).value).toBe(10);
    expect(measure(orders('max'), shop, rows).value).toBe(30);
    expect(measure(orders('median'), shop, rows).value).toBe(20);
    expect(measure(orders('p90'), shop, rows).value).toBeCloseTo(28, 9); // 10 + 0.9 · 20
    expect(measure(orders('countDistinct'), shop, rows)).toMatchObject({ value: 2, quantity: 'count' });
    expect(measure(expr({ kind: 'countEvents', event: on('order') }), shop, rows)).toMatchObject({ value: 3, quantity: 'count' });
  });

  test('the entry event and the event that ends count', () => {
    const bought = { ...shop, enter: { In: ['order'] }, ends: [complete('Bought', 'order')] };
    // 1000 enters, 10 ends; 30 enters again, the one without total ends; 500 enters.
    expect(measure(orders('sum'), bought, rows).value).toBe(1540);
  });

  test('an entry event that restarts belongs to the new run only, one at exit to both', () => {
    const again = [
      { name: 'order', hours: 0, total: 1 },
      { name: 'order', hours: 1, total: 10 },
    ];
    expect(measure(orders('sum'), { enter: { In: ['order'] }, reentry: { policy: 'restart' } }, again).value).toBe(11);
    const atExit: Sketch = { enter: { In: ['order'] }, ends: [complete('Done', 'order')], reentry: { policy: 'at exit' } };
    expect(measure(orders('sum'), atExit, again).value).toBe(21); // 1 + 10 in the first run, 10 in the second
  });

  test('an event after a clock’s deadline is not in the run, one at it is', () => {
    const late = { ...shop, ends: [exitAfter('Late', 3)] };
    // Entered at 1: until 4, the order of 30 at 4 included.
    expect(measure(orders('sum'), late, rows).value).toBe(40);
    expect(measure(orders('sum'), { ...shop, ends: [exitAfter('Late', 2.9)] }, rows).value).toBe(10);
  });

  test('within D: entry to entry + D, whatever the end', () => {
    expect(measure(orders('sum', { within: 3 * HOUR }), shop, rows).value).toBe(40);
    expect(measure(orders('sum', { within: 1 * HOUR }), shop, rows).value).toBe(10);
    expect(measure(orders('sum', { within: 6 * HOUR }), shop, rows).value).toBe(540); // 7 = 1 + 6, after the end
    expect(measure(orders('sum', { within: 6 * HOUR }), shop, rows, 6.5).value).toBe(40); // not after T
  });

  test('with per: the instance’s own events', () => {
    const perOrder = { ...shop, per: 'order' };
    const two = [
      ...history('in 0, other 9', { order: 'a' }),
      { name: 'order', hours: 1, total: 5, order: 'b' },
      { name: 'order', hours: 1, total: 7, order: 'a' },
    ];
    expect(measure(orders('sum'), perOrder, two).value).toBe(7);
  });

  test('no events: a sum of 0, and no value for all that would divide or choose', () => {
    const none = history('in 0, buy 1');
    expect(measure(orders('sum'), shop, none).value).toBe(0);
    for (const fn of ['avg', 'min', 'max', 'median', 'p90']) expect(measure(orders(fn), shop, none).value).toBeNull();
  });
});

describe('arithmetic', () => {
  test('division by zero is no value, and so is all that is made of it', () => {
    const nothing = ratio(number(1), '/', number(0));
    expect(measure(nothing, shop, []).value).toBeNull();
    expect(measure(ratio(nothing, '+', number(1)), shop, []).value).toBeNull();
  });

  test('a metric may use another', () => {
    const result = simulate(
      {
        ...shop,
        metrics: {
          perPerson: ratio(count('completed'), '/', count('people')),
          twice: ratio(count('metric', { name: 'perPerson' }), '*', number(2)),
        },
      },
      threePeople,
    );
    expect(result.metrics.twice.value).toBeCloseTo(4 / 3, 12);
  });

  test('what comes out is a count, a share, a duration or a number', () => {
    const duration = expr({ kind: 'duration', value: 6 * HOUR });
    const quantity = (value: MetricExpr) => measure(value, shop, threePeople).quantity;
    expect(quantity(ratio(count('entered'), '+', count('active')))).toBe('count');
    expect(quantity(ratio(count('completed'), '/', count('entered')))).toBe('number');
    expect(quantity(ratio(number(1), '-', rate(step('end', 'Bought'))))).toBe('share');
    expect(measure(ratio(duration, '/', number(2)), shop, [])).toMatchObject({ value: 3 * HOUR, quantity: 'duration' });
    expect(measure(ratio(duration, '/', duration), shop, [])).toMatchObject({ value: 1, quantity: 'number' });
    expect(measure(expr({ kind: 'negate', operand: duration }), shop, [])).toMatchObject({ value: -6 * HOUR, quantity: 'duration' });
  });

  test('5% of attempts', () => {
    // 5 % of 3; and 7 % of 100 is 7, though 0.07 · 100 is more in binary.
    expect(measure(expr({ kind: 'shareOf', share: percent(5), of: count('attempts') }), shop, threePeople).value).toBe(0.15);
    expect(measure(expr({ kind: 'shareOf', share: percent(7), of: number(100) }), shop, []).value).toBe(7);
  });
});

describe('expect', () => {
  const held = (condition: MetricExpr, rows = threePeople) => {
    const [{ ok, actual }] = simulate({ ...shop, expects: [condition] }, rows).expectations;
    return [ok, actual];
  };
  const compare = (left: MetricExpr, op: string, right: MetricExpr) => expr({ kind: 'compare', op, left, right });
  const bought = rate(step('end', 'Bought'));
  const undecided = compare(ratio(number(1), '/', number(0)), '>', number(0));

  test('holds or fails, and says what was', () => {
    expect(held(compare(bought, '>=', percent(50)))).toEqual([true, '66.7% (2 of 3)']);
    expect(held(compare(bought, '>=', percent(70)))).toEqual([false, '66.7% (2 of 3)']);
    expect(held(compare(percent(70), '<=', bought))).toEqual([false, '66.7% (2 of 3)']);
    expect(held(compare(count('entered'), '=', number(3)))).toEqual([true, '3']);
    expect(held(compare(count('entered'), '>', count('active')))).toEqual([true, '3 against 1']);
  });

  test('rejected < 5% of attempts shows the share it is of', () => {
    // One rejection among four attempts.
    const rows = [...threePeople, ...history('in 9', { who: 'cy' })];
    expect(held(compare(count('rejected'), '<', expr({ kind: 'shareOf', share: percent(5), of: count('attempts') })), rows)).toEqual([
      false,
      '25% (1 of 4)',
    ]);
  });

  test('on no value it is undecided, and says so', () => {
    expect(held(compare(bought, '>=', percent(50)), [])).toEqual([null, 'no value (0 of 0)']);
    const young = rate(step('end', 'Bought'), { within: 100 * HOUR });
    expect(held(compare(young, '>=', percent(50)))).toEqual([null, 'no value (0 of 0, 3 too young)']);
  });

  test('and, or and not are decided as soon as one side decides', () => {
    const yes = compare(number(1), '=', number(1));
    const no = compare(number(1), '=', number(2));
    expect(held(expr({ kind: 'and', operands: [undecided, no] }))[0]).toBe(false);
    expect(held(expr({ kind: 'and', operands: [undecided, yes] }))[0]).toBeNull();
    expect(held(expr({ kind: 'or', operands: [undecided, yes] }))[0]).toBe(true);
    expect(held(expr({ kind: 'or', operands: [undecided, no] }))[0]).toBeNull();
    expect(held(expr({ kind: 'not', operand: undecided }))[0]).toBeNull();
    expect(held(expr({ kind: 'not', operand: no }))[0]).toBe(true);
  });
});
