import { describe, expect, test } from 'vitest';
import { complete, exitAfter, exitForAll, exitSilent, HOUR, history, simulate } from './testing.ts';

describe('per: one participation per value', () => {
  const perOrder = {
    enter: { In: ['in'] },
    stages: { Sent: ['sent'] },
    ends: [complete('Done', 'done'), exitForAll('Closed', 'close')],
    per: 'order',
  };

  test('instances are (participant, value); several are open at once', () => {
    const rows = [
      ...history('in 0, done 9', { order: 'o1' }),
      ...history('in 1', { order: 'o2' }),
      ...history('in 2', { order: 'o1', who: 'bob' }),
    ];
    expect(simulate(perOrder, rows)).toMatchObject({ entered: 3, people: 2, completed: 1, active: 2 });
  });

  test('keys compare as text: 17 and "17" are one', () => {
    const rows = [...history('in 0', { order: 17 }), ...history('done 1', { order: '17' })];
    expect(simulate(perOrder, rows).completed).toBe(1);
  });

  test('rows without the value are ignored and counted', () => {
    const rows = [...history('in 0', { order: 'o1' }), ...history('done 1, sent 2, unrelated 3'), ...history('in 4', { order: '' })];
    // done, sent and the empty order's `in` are left out; `unrelated` matches no rule and isn't missed.
    expect(simulate(perOrder, rows)).toMatchObject({ attempts: 1, entered: 1, active: 1, withoutKey: 3 });
  });

  test('for all ends every open instance of the participant, and of nobody else', () => {
    const rows = [
      ...history('in 0', { order: 'o1' }),
      ...history('in 1, done 2', { order: 'o2' }),
      ...history('in 3', { order: 'o3' }),
      ...history('in 4', { order: 'o4', who: 'bob' }),
      ...history('close 5'),
      ...history('in 6', { order: 'o5' }),
    ];
    expect(simulate(perOrder, rows)).toMatchObject({ entered: 5, exits: { Done: 1, Closed: 2 }, active: 2, withoutKey: 0 });
  });

  test('in an instance whose key it lacks, such an event only ends: no stage, attempt or entry', () => {
    const sketch = { ...perOrder, enter: { In: ['in', 'close'] }, stages: { Sent: ['sent', 'close'] } };
    const rows = [...history('in 0', { order: 'o1' }), ...history('close 2', { order: 'o2' })];
    // In o1 the row of o2 only ends. In o2 it is out: an attempt, which enters, with its stage.
    expect(simulate(sketch, rows)).toMatchObject({
      attempts: 2,
      entered: 2,
      exits: { Closed: 1 },
      active: 1,
      stages: { Sent: { reached: 1, visits: 1 } },
    });
  });

  test('in an instance whose key it lacks, only the rules `for all` count', () => {
    // `close` matches Done first, but Done is not for all.
    const sketch = { ...perOrder, ends: [complete('Done', 'close'), exitForAll('Closed', 'close')] };
    expect(simulate(sketch, [...history('in 0', { order: 'o1' }), ...history('close 1')]).exits).toEqual({ Done: 0, Closed: 1 });
    expect(simulate(sketch, [...history('in 0', { order: 'o1' }), ...history('close 1', { order: 'o1' })]).exits).toEqual({
      Done: 1,
      Closed: 0,
    });
  });

  test('clocks come before `for all` too', () => {
    const sketch = { ...perOrder, ends: [exitAfter('Late', 2), exitForAll('Closed', 'close')] };
    expect(simulate(sketch, [...history('in 0', { order: 'o1' }), ...history('close 3')]).exits).toEqual({ Late: 1, Closed: 0 });
  });

  test('silence is that of the instance: other orders’ events do not break it', () => {
    const sketch = { ...perOrder, ends: [exitSilent('Quiet', 5)] };
    const rows = [...history('in 0, other 20', { order: 'o1' }), ...history('in 4', { order: 'o2' })];
    // o1 ends at 5 for all that happened to o2 at 4; o2 at 9.
    expect(simulate(sketch, rows)).toMatchObject({ exits: { Quiet: 2 }, timeToEnd: { medianMs: 5 * HOUR } });
  });

  test('without `per`, for all is an exit like any other', () => {
    const result = simulate({ stages: { S: ['close'] }, ends: [exitForAll('Closed', 'close')] }, history('in 0, close 1'));
    expect(result).toMatchObject({ exits: { Closed: 1 }, stages: { S: { visits: 1 } }, withoutKey: 0 });
  });
});
