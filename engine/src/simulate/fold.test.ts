import { describe, expect, test } from 'vitest';
import { asComplete, complete, completeOnNOf, exit, exitAfter, exitInStage, exitSilent, HOUR, history, simulate } from './testing.ts';

/** Times are hours since the first day began; see `history`. */

describe('clocks first', () => {
  test('if the earliest deadline d satisfies d < t, the run ends at d by that rule', () => {
    // Entered at 0, so the clock stands at 24; `buy` at 30 comes too late.
    const result = simulate({ ends: [complete('Bought', 'buy'), exitAfter('TimedOut', 24)] }, history('in 0, buy 30'));
    expect(result.exits).toEqual({ Bought: 0, TimedOut: 1 });
    expect(result.timeToEnd.medianMs).toBe(24 * HOUR);
  });

  test('windows are inclusive: an event exactly at the deadline is in time', () => {
    const result = simulate({ ends: [complete('Bought', 'buy'), exitAfter('TimedOut', 24)] }, history('in 0, buy 24'));
    expect(result.exits).toEqual({ Bought: 1, TimedOut: 0 });
  });

  test('of equal deadlines the first declared wins', () => {
    // Both stand at 24.
    const later = history('in 0, later 48');
    expect(simulate({ ends: [exitAfter('A', 24), exitSilent('B', 24)] }, later).exits).toEqual({ A: 1, B: 0 });
    expect(simulate({ ends: [exitSilent('B', 24), exitAfter('A', 24)] }, later).exits).toEqual({ B: 1, A: 0 });
  });

  test('the earliest deadline ends the run, whatever the order of declaration', () => {
    expect(simulate({ ends: [exitAfter('A', 24), exitAfter('B', 12)] }, history('in 0, later 48')).exits).toEqual({ A: 0, B: 1 });
  });

  test('after D of silence: the latest non-passive event of the instance in this run, else entry', () => {
    const quiet = { ends: [exitSilent('Quiet', 10)] };
    // 0 → 8 → 16 are within 10 h of each other; 16 + 10 = 26 < 40.
    expect(simulate(quiet, history('in 0, any 8, any 16, any 40')).timeToEnd.medianMs).toBe(26 * HOUR);
    // Nothing after entry: 0 + 10.
    expect(simulate(quiet, history('in 0, any 40')).timeToEnd.medianMs).toBe(10 * HOUR);
  });

  test('passive events do not break silence', () => {
    // The mail at 8 is no sign of life: silence still counts from 0.
    const rows = [...history('in 0, any 40'), ...history('mail 8', { passive: true })];
    expect(simulate({ ends: [exitSilent('Quiet', 10)] }, rows).timeToEnd.medianMs).toBe(10 * HOUR);
  });

  test('an event exactly at the end of the silence breaks it', () => {
    // 0 + 10 = 10 is not < 10; then 10 + 10 = 20 is not < 20, the last event: still active.
    expect(simulate({ ends: [exitSilent('Quiet', 10)] }, history('in 0, any 10, any 20')).active).toBe(1);
  });

  test('silence of A, B: the latest of them in this run; others do not break it', () => {
    // look at 6 and cart at 12 count, `other` at 20 doesn't: 12 + 10 = 22.
    const result = simulate({ ends: [exitSilent('Quiet', 10, 'look', 'cart')] }, history('in 0, look 6, cart 12, other 20, other 40'));
    expect(result.timeToEnd.medianMs).toBe(22 * HOUR);
  });

  test('silence of A: a passive event counts when named', () => {
    const rows = [...history('in 0, other 40'), ...history('mail 8', { passive: true })];
    expect(simulate({ ends: [exitSilent('Unreached', 10, 'mail')] }, rows).timeToEnd.medianMs).toBe(18 * HOUR);
  });

  test('silence counts only within the run: events before entry wind no clock', () => {
    // look at 0 lies before entry at 5: 5 + 10 = 15.
    expect(simulate({ ends: [exitSilent('Quiet', 10, 'look')] }, history('look 0, in 5, other 40')).timeToEnd.medianMs).toBe(10 * HOUR);
  });

  test('after D in S: from the moment S became current, while S is current', () => {
    const stuck = { stages: { Cart: ['cart'], Pay: ['pay'] }, ends: [exitInStage('Stuck', 10, 'Cart')] };
    // Cart from 5: 15.
    expect(simulate(stuck, history('in 0, cart 5, other 40')).timeToEnd.medianMs).toBe(15 * HOUR);
    // Left for Pay at 12, in time: no clock runs.
    expect(simulate(stuck, history('in 0, cart 5, pay 12, other 40')).active).toBe(1);
    // Back in Cart at 20: 30.
    expect(simulate(stuck, history('in 0, cart 5, pay 12, cart 20, other 40')).timeToEnd.medianMs).toBe(30 * HOUR);
  });

  test('a repeat visit does not restart the `in S` clock', () => {
    // cart again at 12 is a repeat: still 5 + 10 = 15.
    const result = simulate(
      { stages: { Cart: ['cart'] }, ends: [exitInStage('Stuck', 10, 'Cart')] },
      history('in 0, cart 5, cart 12, other 40'),
    );
    expect(result.timeToEnd.medianMs).toBe(15 * HOUR);
    expect(result.stages.Cart).toEqual({ reached: 1, visits: 2, medianMs: 10 * HOUR });
  });

  test('a stage entered with the entry event starts its clock at entry', () => {
    const result = simulate({ stages: { Start: ['in'] }, ends: [exitInStage('Stuck', 10, 'Start')] }, history('in 0, other 40'));
    expect(result.timeToEnd.medianMs).toBe(10 * HOUR);
  });

  test('`complete` takes clocks too', () => {
    const result = simulate({ ends: [asComplete(exitAfter('Stayed', 24))] }, history('in 0, other 48'));
    expect([result.completed, result.exits]).toEqual([1, { Stayed: 1 }]);
  });

  test('a clock frees the instance before the event is looked at: what would have been an attempt while in enters', () => {
    // The run of 0 ends at 24; the entry event at 30 finds the instance out.
    const result = simulate({ ends: [exitAfter('TimedOut', 24)], reentry: { policy: 'after exit' } }, history('in 0, in 30'));
    expect([result.entered, result.active, result.rejected]).toEqual([2, 1, {}]);
  });
});

describe('stages', () => {
  const stages = { Look: ['look', 'both'], Cart: ['cart', 'both'] };

  test('the last declared match becomes current; other matches count for reached only', () => {
    // `both` matches Look and Cart: Cart becomes current, Look is reached without a visit.
    const result = simulate({ stages }, history('in 0, both 1, other 5'));
    expect(result.stages).toEqual({
      Look: { reached: 1, visits: 0, medianMs: null },
      Cart: { reached: 1, visits: 1, medianMs: 4 * HOUR }, // 1 to 5, the last event
    });
  });

  test('a match of what is current already is a repeat visit, and no transition', () => {
    const result = simulate({ stages }, history('in 0, look 1, look 2, cart 4, look 5'));
    // Look 1–4 and 5–5, Cart 4–5.
    expect(result.stages).toEqual({
      Look: { reached: 1, visits: 3, medianMs: 3 * HOUR },
      Cart: { reached: 1, visits: 1, medianMs: 1 * HOUR },
    });
    expect(result.transitions).toEqual([
      { from: 'In', to: 'Look', count: 1 },
      { from: 'Look', to: 'Cart', count: 1 },
      { from: 'Cart', to: 'Look', count: 1 },
    ]);
  });

  test('e is recorded as a stage, then ends the run', () => {
    const result = simulate({ stages, ends: [complete('Done', 'cart')] }, history('in 0, cart 3, look 9'));
    expect(result.stages.Cart).toEqual({ reached: 1, visits: 1, medianMs: 0 });
    expect(result.stages.Look.reached).toBe(0); // after the end
    expect(result.transitions).toEqual([
      { from: 'In', to: 'Cart', count: 1 },
      { from: 'Cart', to: 'Done', count: 1 },
    ]);
  });

  test('on entry e’s stages are recorded', () => {
    expect(simulate({ stages: { Start: ['in'] } }, history('in 0, other 2')).stages.Start).toEqual({
      reached: 1,
      visits: 1,
      medianMs: 2 * HOUR,
    });
  });

  test('a second run starts with no stage', () => {
    const result = simulate(
      { stages, ends: [complete('Done', 'buy')], reentry: { policy: 'after exit' } },
      history('in 0, look 1, buy 2, in 3, look 4, other 6'),
    );
    // Look 1–2 in the first run, 4–6 in the second: a visit each, median of 1 h and 2 h.
    expect(result.stages.Look).toEqual({ reached: 2, visits: 2, medianMs: 1.5 * HOUR });
  });
});

describe('ends', () => {
  test('the first complete or exit rule, in declaration order, that e matches ends the run', () => {
    const rows = history('in 0, both 1');
    expect(simulate({ ends: [exit('Left', 'both'), complete('Won', 'both')] }, rows).exits).toEqual({ Left: 1, Won: 0 });
    expect(simulate({ ends: [complete('Won', 'both'), exit('Left', 'both')] }, rows).exits).toEqual({ Won: 1, Left: 0 });
  });

  test('an entry event never ends the run it begins', () => {
    expect(simulate({ ends: [complete('Done', 'in')] }, history('in 0, other 9'))).toMatchObject({ active: 1, completed: 0 });
  });

  test('a journey may have no terminal rule', () => {
    expect(simulate({}, history('in 0, other 999'))).toMatchObject({ entered: 1, active: 1, exits: {} });
  });

  test('an event before entry does nothing', () => {
    expect(simulate({ ends: [complete('Done', 'buy')] }, history('buy 0, in 1'))).toMatchObject({ entered: 1, active: 1 });
  });
});

describe('complete X on n of (A, B, C)', () => {
  const settled = { ends: [completeOnNOf('Settled', 2, 'a', 'b', 'c')] };

  test('at the event by which n different ones have happened', () => {
    expect(simulate(settled, history('in 0, a 1, c 5')).timeToEnd.medianMs).toBe(5 * HOUR);
  });
  test('the same one twice is one', () => {
    expect(simulate(settled, history('in 0, a 1, a 2, a 3')).active).toBe(1);
  });
  test('only what happens after the entry event', () => {
    // a before entry, and the entry event itself, count for nothing.
    const rows = history('a 0, in 1, b 2, other 3');
    expect(simulate(settled, rows).active).toBe(1);
    expect(simulate({ enter: { In: ['a'] }, ends: settled.ends }, history('a 0, b 2')).active).toBe(1);
  });
  test('one event may be several of them', () => {
    const both = { ...settled, ends: [{ ...settled.ends[0] }] };
    both.ends[0] = completeOnNOf('Settled', 2, 'x', 'x', 'c');
    expect(simulate(both, history('in 0, x 1')).completed).toBe(1);
  });
  test('each run counts afresh', () => {
    const result = simulate({ ...settled, reentry: { policy: 'after exit' } }, history('in 0, a 1, b 2, in 3, c 4'));
    expect([result.completed, result.active]).toEqual([1, 1]);
  });
  test('its place among the rules is that of its declaration', () => {
    const rows = history('in 0, a 1, b 2');
    expect(simulate({ ends: [exit('Left', 'b'), ...settled.ends] }, rows).exits).toEqual({ Left: 1, Settled: 0 });
    expect(simulate({ ends: [...settled.ends, exit('Left', 'b')] }, rows).exits).toEqual({ Left: 0, Settled: 1 });
  });
});

describe('gates and re-entry', () => {
  const done = [complete('Done', 'buy')];

  test('once, the default: a second attempt is rejected as once', () => {
    expect(simulate({ ends: done }, history('in 0, buy 1, in 2'))).toMatchObject({ attempts: 2, entered: 1, rejected: { once: 1 } });
  });

  test('while in, an attempt is rejected as already in, under once, after exit and at exit', () => {
    for (const policy of ['once', 'after exit', 'at exit'] as const) {
      expect(simulate({ ends: done, reentry: { policy } }, history('in 0, in 1')).rejected).toEqual({ 'already in': 1 });
    }
  });

  test('an entry event that ended the run by a rule is rejected as ended a run', () => {
    for (const policy of ['once', 'after exit', 'restart'] as const) {
      const result = simulate({ ends: [complete('Done', 'in')], reentry: { policy } }, history('in 0, in 1'));
      expect(result).toMatchObject({ attempts: 2, entered: 1, completed: 1, rejected: { 'ended a run': 1 } });
    }
  });

  test('under at exit it passes the gates and enters at t; its stages belong to both runs', () => {
    const result = simulate(
      { stages: { S: ['in'] }, ends: [complete('Done', 'in')], reentry: { policy: 'at exit' } },
      history('in 0, in 3, in 7'),
    );
    // 0–3, 3–7, and 7 on. S is visited at entry, and again by the event that ends the run.
    expect(result).toMatchObject({ attempts: 3, entered: 3, completed: 2, active: 1, rejected: {} });
    expect(result.stages.S).toMatchObject({ reached: 3, visits: 5 });
  });

  test('under at exit the gates are asked after the end: wait counts from it', () => {
    const reentry = { policy: 'at exit' as const, wait: 2 * HOUR };
    // The end is at 3 and so is the attempt: 3 < 3 + 2. At 5 nobody is in, and 5 < 5 is false.
    const result = simulate({ ends: [complete('Done', 'in')], reentry }, history('in 0, in 3, in 5'));
    expect(result).toMatchObject({ entered: 2, rejected: { 'cooling down': 1 } });
  });

  test('after exit: after any end', () => {
    const result = simulate(
      { ends: [complete('Done', 'buy'), exitAfter('Late', 10)], reentry: { policy: 'after exit' } },
      history('in 0, buy 1, in 2, in 30'),
    );
    expect(result).toMatchObject({ entered: 3, exits: { Done: 1, Late: 1 }, active: 1 });
  });

  test('restart: the run ends at t as Restarted, and e belongs to the new run only', () => {
    const result = simulate(
      { stages: { S: ['in'], L: ['look'] }, ends: done, reentry: { policy: 'restart' } },
      history('in 0, look 1, in 4, buy 6'),
    );
    expect(result).toMatchObject({ attempts: 2, entered: 2, exits: { Done: 1, Restarted: 1 }, rejected: {}, completed: 1 });
    // S at 0 and at 4, one visit in each run: 0–1 and 4–6.
    expect(result.stages.S).toEqual({ reached: 2, visits: 2, medianMs: 1.5 * HOUR });
    expect(result.transitions).toContainEqual({ from: 'L', to: 'Restarted', count: 1 });
    // 4 h until Restarted, 2 h until Done.
    expect(result.timeToEnd.medianMs).toBe(3 * HOUR);
  });

  test('restart asks not open: failing, e is rejected for that reason and the run goes on', () => {
    const result = simulate(
      { stages: { S: ['in'] }, ends: done, reentry: { policy: 'restart' }, open: { to: 2 } },
      history('in 0, in 3, buy 4'),
    );
    expect(result).toMatchObject({ entered: 1, completed: 1, rejected: { 'not open': 1 }, exits: { Restarted: 0 } });
    expect(result.stages.S.visits).toBe(2); // the rejected event is still a step of the run
  });

  test('restart winds every clock anew', () => {
    const result = simulate({ ends: [exitAfter('Late', 10)], reentry: { policy: 'restart' } }, history('in 0, in 8, other 18, other 19'));
    expect(result.exits).toEqual({ Late: 1, Restarted: 1 }); // 8 + 10 = 18 < 19
  });

  test('max n counts the runs of the instance: capped', () => {
    const result = simulate({ ends: done, reentry: { policy: 'after exit', max: 2 } }, history('in 0, buy 1, in 2, buy 3, in 4, in 5'));
    expect(result).toMatchObject({ attempts: 4, entered: 2, rejected: { capped: 2 } });
  });

  test('wait D: t < last end + D is cooling down; exactly at it is not', () => {
    const reentry = { policy: 'after exit' as const, wait: 5 * HOUR };
    expect(simulate({ ends: done, reentry }, history('in 0, buy 2, in 6.9')).rejected).toEqual({ 'cooling down': 1 });
    expect(simulate({ ends: done, reentry }, history('in 0, buy 2, in 7'))).toMatchObject({ entered: 2, rejected: {} });
  });

  test('interval D: t < last entry + D is cooling down', () => {
    const reentry = { policy: 'after exit' as const, interval: 5 * HOUR };
    expect(simulate({ ends: done, reentry }, history('in 0, buy 2, in 4.9')).rejected).toEqual({ 'cooling down': 1 });
    expect(simulate({ ends: done, reentry }, history('in 0, buy 2, in 5')).entered).toBe(2);
  });

  test('wait and interval together: both must be over', () => {
    const reentry = { policy: 'after exit' as const, wait: 1 * HOUR, interval: 10 * HOUR };
    // Ended at 8, entered at 0: 8.5 breaks wait alone, 9 (of an interval until 10) breaks interval alone, 10 passes.
    const result = simulate({ ends: done, reentry }, history('in 0, buy 8, in 8.5, in 9, in 10'));
    expect(result).toMatchObject({ entered: 2, rejected: { 'cooling down': 2 } });
  });

  test('gates in order: not open before once, capped before cooling down', () => {
    expect(simulate({ ends: done, open: { to: 1 } }, history('in 0, buy 1, in 2')).rejected).toEqual({ 'not open': 1 });
    const reentry = { policy: 'after exit' as const, max: 1, wait: 100 * HOUR };
    expect(simulate({ ends: done, reentry }, history('in 0, buy 1, in 2')).rejected).toEqual({ capped: 1 });
  });

  test('max counts over the clock’s ends and under at exit too', () => {
    const result = simulate({ ends: [complete('Done', 'in')], reentry: { policy: 'at exit', max: 2 } }, history('in 0, in 1, in 2'));
    // 0–1, 1–2; the event at 2 ends the second and is one too many.
    expect(result).toMatchObject({ entered: 2, completed: 2, rejected: { capped: 1 } });
  });

  test('open a .. b holds at both ends', () => {
    const open = { from: 1, to: 3 };
    const rows = ['in 0.9', 'in 1', 'in 3', 'in 3.1'].flatMap((text, i) => history(text, { who: `p${i}` }));
    expect(simulate({ open }, rows)).toMatchObject({ attempts: 4, entered: 2, rejected: { 'not open': 2 } });
  });

  test('several enter rules: the first that matches enters, and answers for the rejection', () => {
    const enter = { Organic: ['in', 'both'], Invited: ['invite', 'both'] };
    const result = simulate({ enter }, [...history('both 0, invite 1, both 2'), ...history('invite 0', { who: 'bob' })]);
    expect(result.entries).toEqual({ Organic: 1, Invited: 1 });
    expect(result.attemptsBy).toEqual({
      Organic: { attempts: 2, rejected: { 'already in': 1 } },
      Invited: { attempts: 2, rejected: { 'already in': 1 } },
    });
  });

  test('an event that matches everything at once enters when out, then visits, ends and is turned away', () => {
    const everything = {
      enter: { A: ['x'], B: ['x'] },
      stages: { S: ['x'], T: ['x'] },
      ends: [complete('Done', 'x'), exit('Left', 'x'), completeOnNOf('Two', 1, 'x'), exitSilent('Quiet', 5, 'x')],
    };
    // 0 enters, 1 ends (Done is declared first) and is rejected, 2 is rejected as once.
    const result = simulate(everything, history('x 0, x 1, x 2'));
    expect(result).toMatchObject({
      attempts: 3,
      entered: 1,
      exits: { Done: 1, Left: 0, Two: 0, Quiet: 0 },
      rejected: { 'ended a run': 1, once: 1 },
    });
    expect(result.stages).toEqual({ S: { reached: 1, visits: 0, medianMs: null }, T: { reached: 1, visits: 2, medianMs: 1 * HOUR } });
  });
});

describe('as of T', () => {
  const sketch = { ends: [complete('Done', 'buy'), exitAfter('Late', 24)] };

  test('only events at or before T exist', () => {
    const rows = history('in 0, buy 5');
    expect(simulate(sketch, rows, 5).completed).toBe(1);
    expect(simulate(sketch, rows, 4.99)).toMatchObject({ completed: 0, active: 1 });
    expect(simulate(sketch, rows, -1)).toMatchObject({ attempts: 0, entered: 0 });
  });

  test('clocks with d < T have fired; what is in is active', () => {
    expect(simulate(sketch, history('in 0'), 24)).toMatchObject({ active: 1 });
    expect(simulate(sketch, history('in 0'), 24.01)).toMatchObject({ active: 0, exits: { Late: 1 } });
  });

  test('the default is the last event’s time, whoever’s it is', () => {
    const rows = [...history('in 0'), ...history('other 30', { who: 'bob' })];
    expect(simulate(sketch, rows).exits.Late).toBe(1);
  });

  test('no events, nothing happened', () => {
    expect(simulate({ ...sketch, stages: { S: ['s'] } }, [])).toEqual({
      name: 'Test',
      attempts: 0,
      entered: 0,
      people: 0,
      entries: { In: 0 },
      active: 0,
      completed: 0,
      exits: { Done: 0, Late: 0 },
      rejected: {},
      attemptsBy: { In: { attempts: 0, rejected: {} } },
      ambiguous: 0,
      ambiguousInstances: 0,
      withoutKey: 0,
      stages: { S: { reached: 0, visits: 0, medianMs: null } },
      transitions: [],
      timeToEnd: { medianMs: null, p90Ms: null },
      metrics: {},
      segments: {},
      splits: [],
      paths: {},
      expectations: [],
      entriesByDay: [],
    });
  });

  test('rows of nobody are in no timeline', () => {
    expect(simulate(sketch, history('in 0', { who: null })).attempts).toBe(0);
  });
});

test('entriesByDay: days on which somebody entered, UTC', () => {
  const rows = [...history('in 0', { who: 'a' }), ...history('in 23.9', { who: 'b' }), ...history('in 72', { who: 'c' })];
  expect(simulate({}, rows).entriesByDay).toEqual([
    { day: '2026-01-01', entered: 2 },
    { day: '2026-01-04', entered: 1 },
  ]);
});

test('more rules than bits in a number', () => {
  const stages = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`S${i}`, [`e${i}`, 'all']]));
  const result = simulate({ stages }, history('in 0, e99 1, e40 2, all 3'));
  expect(result.stages.S99).toMatchObject({ reached: 1, visits: 2 });
  expect(result.stages.S40).toMatchObject({ reached: 1, visits: 1 });
  expect(result.stages.S7).toMatchObject({ reached: 1, visits: 0 });
});
