/** semantics.md, "Privacy": consent is what held at the event's own time. Hours since the start; `say` states consent, `to: yes` grants it. */
import { describe, expect, test } from 'vitest';
import { deriveEvents } from '../derive/index.ts';
import { first, follows, or, repeated, thenNo, where } from '../derive/testing.ts';
import type { EventPattern, JourneyPlan, PrivacyPlan } from '../plan.ts';
import { simulateJourney } from '../simulate/index.ts';
import {
  column,
  complete,
  completeOnNOf,
  type condition,
  events,
  exitAfter,
  exitForAll,
  exitSilent,
  expr,
  HOUR,
  history,
  is,
  journey,
  keep,
  on,
  planOf,
  type Row,
  START,
  segment,
  simulate,
  split,
} from '../simulate/testing.ts';
import { consented } from './consent.ts';

const { at } = on();
const privacy: PrivacyPlan = { at, purposes: [], consent: { at, text: 'say', from: on('say'), granted: is('to', 'yes') } };
type Sketch = Parameters<typeof simulate>[0];
const run = (sketch: Sketch, rows: Row[], asOf?: number) => simulate({ ...sketch, privacy }, rows, asOf);
const yes = (hours: number, more: Partial<Row> = {}): Row => ({ name: 'say', hours, to: 'yes', ...more });
const no = (hours: number, more: Partial<Row> = {}): Row => ({ name: 'say', hours, to: 'no', ...more });
const ofBob = (row: Row): Row => ({ ...row, who: 'bob' });
/** The hours at which there is consent, of rows named `e`. */
const seen = (rows: Row[]): number[] => {
  const all = consented(events(rows), planOf({ privacy }), 'customer');
  return Array.from(all.match(on('e')), position => (all.time[position] - START) / HOUR);
};

describe('the state', () => {
  test('missing is denied; granted holds from its own row on, until it is withdrawn', () => {
    expect(seen([...history('e 0, e 2, e 4, e 6'), yes(1), no(3), yes(5)])).toEqual([2, 6]);
  });

  test('a row that neither grants nor denies in so many words denies', () => {
    expect(seen([...history('e 2, e 4'), yes(1), { name: 'say', hours: 3, to: null }])).toEqual([2]);
  });

  test('of one instant the positions decide', () => {
    expect(seen([yes(1), ...history('e 1')])).toEqual([1]);
    expect(seen([...history('e 1'), yes(1)])).toEqual([]);
  });

  test('a statement is heard at its own row: it may be an event too', () => {
    const rules: Sketch = { enter: { In: ['say'] }, ends: [] };
    expect(run(rules, [yes(1)])).toMatchObject({ entered: 1 });
    expect(run(rules, [no(1)])).toMatchObject({ entered: 0, rejected: { 'no consent': 1 } });
  });

  test('everybody speaks for themselves; rows of nobody grant nothing', () => {
    expect(seen([yes(0), ...history('e 1'), ...history('e 2').map(ofBob)])).toEqual([1]);
    expect(seen([yes(0, { who: null }), ...history('e 1'), ...history('e 2', { who: null })])).toEqual([]);
  });

  test('after a merge the most restrictive holds: every id that ever spoke must have granted last', () => {
    // The phone grants at 1, the laptop denies at 3 and grants at 5: both are one person.
    const rows = [...history('e 2, e 4, e 6, e 8'), yes(1, { id: 'phone' }), no(3, { id: 'laptop' }), yes(5, { id: 'laptop' })];
    expect(seen(rows)).toEqual([2, 6, 8]);
    // That the phone grants again at 3.5 doesn't speak for the laptop.
    expect(seen([...rows, yes(3.5, { id: 'phone' })])).toEqual([2, 6, 8]);
    expect(seen([...rows, no(7, { id: 'phone' })])).toEqual([2, 6]);
  });

  test('without a rule the events are what they were', () => {
    const all = events(history('e 0'));
    expect(consented(all, planOf({}), 'customer')).toBe(all);
  });

  test('asked again it is the same; where nothing is left out, so are the lists', () => {
    const all = events([yes(0), ...history('e 1, f 2'), no(3), ...history('f 4')]);
    const view = consented(all, planOf({ privacy }), 'customer');
    expect(consented(all, planOf({ privacy }), 'customer')).toBe(view);
    expect(view.match(on('e'))).toBe(all.match(on('e')));
    expect(view.match(on('f'))).toBe(view.match(on('f')));
    expect([...view.match(on('f'))]).toEqual([2]);
  });
});

describe('an event without consent', () => {
  const rules: Sketch = { stages: { Look: ['look'] }, ends: [complete('Done', 'buy')] };

  test('records nothing and ends nothing', () => {
    const result = run(rules, [yes(0), ...history('in 1, look 2, look 4, buy 5, buy 7'), no(3), yes(6)], 9);
    expect(result).toMatchObject({ attempts: 1, entered: 1, completed: 1, timeToEnd: { medianMs: 6 * HOUR } });
    expect(result.stages.Look).toMatchObject({ reached: 1, visits: 1 });
  });

  test('at `enter` it is an attempt: out, by the first failing gate; in, *already in*', () => {
    expect(run(rules, history('in 1'))).toMatchObject({ attempts: 1, entered: 0, rejected: { 'no consent': 1 } });
    // The second is denied while in; once out of it, `once` is asked only after consent.
    const rows = [yes(0), ...history('in 1, in 3, buy 5, in 7, in 9'), no(2), yes(4), no(6), yes(8)];
    expect(run(rules, rows)).toMatchObject({
      attempts: 4,
      entered: 1,
      rejected: { 'already in': 1, 'no consent': 1, once: 1 },
      attemptsBy: { In: { attempts: 4, rejected: { 'already in': 1, 'no consent': 1, once: 1 } } },
    });
  });

  test('*not open* is asked before consent, eligibility after', () => {
    expect(run({ ...rules, open: { from: 5 } }, history('in 1, in 6'))).toMatchObject({ rejected: { 'not open': 1, 'no consent': 1 } });
    const nobody = segment('Nobody', { kind: 'history', fn: 'count', event: on('never'), op: '>', value: 0 });
    const gated: Sketch = { segments: [nobody], gates: { In: ['Nobody'] } };
    expect(run(gated, [...history('in 1, in 3'), yes(2)])).toMatchObject({ rejected: { 'no consent': 1, 'not eligible': 1 } });
  });

  test('under `restart` it restarts nothing, and is rejected by the first failing gate', () => {
    const restart: Sketch = { ...rules, reentry: { policy: 'restart' }, open: { to: 6 } };
    const result = run(restart, [yes(0), ...history('in 1, in 3, in 5, in 7'), no(2), yes(4), no(6)], 8);
    // 1 enters; 3 denied; 5 restarts; 7 is denied, but not open comes first.
    expect(result).toMatchObject({ entered: 2, exits: { Done: 0, Restarted: 1 }, rejected: { 'no consent': 1, 'not open': 1 } });
  });

  test('one that ends and enters does neither: *already in*, also under `at exit`', () => {
    const both: Sketch = { ends: [complete('Done', 'in', 'buy')], reentry: { policy: 'at exit' } };
    const result = run(both, [yes(0), ...history('in 1, in 3'), no(2)], 5);
    expect(result).toMatchObject({ entered: 1, active: 1, rejected: { 'already in': 1 } });
  });

  test('of several entry rules the attempt is that of the first that matches', () => {
    const result = run({ enter: { A: ['other'], B: ['in', 'x'], C: ['in'] } }, history('in 1'));
    expect(result.attemptsBy).toMatchObject({ A: { attempts: 0 }, B: { attempts: 1, rejected: { 'no consent': 1 } }, C: { attempts: 0 } });
  });

  test('withdrawn in the middle of a run: its clocks run on, and what comes is silence', () => {
    // Alive at 2 for the last time that may be seen: quiet at 2 + 10, though there is a row at 8 and at 11.
    const quiet = run({ ends: [exitSilent('Quiet', 10)] }, [yes(0), ...history('in 1, look 2, look 8, look 11'), no(3)], 20);
    expect(quiet).toMatchObject({ exits: { Quiet: 1 }, timeToEnd: { medianMs: 11 * HOUR } });
    // The denial at 3 is itself without consent, and so no sign of life: with it the run would end at 13.
    const late = run({ ends: [exitAfter('Late', 5)] }, [yes(0), ...history('in 1, look 9'), no(2)], 20);
    expect(late).toMatchObject({ exits: { Late: 1 }, timeToEnd: { medianMs: 5 * HOUR } });
    // `silence of A` counts from the last A that was seen.
    const named = run({ ends: [exitSilent('Quiet', 10, 'look')] }, [yes(0), ...history('in 1, look 2, look 8'), no(3)], 20);
    expect(named).toMatchObject({ timeToEnd: { medianMs: 11 * HOUR } });
  });

  test('is no item of `n of`', () => {
    const rows = (more: Row[]) => [yes(0), ...history('in 1, a 2, b 4'), ...more];
    const ends = [completeOnNOf('Done', 2, 'a', 'b')];
    expect(run({ ends }, rows([])).completed).toBe(1);
    expect(run({ ends }, rows([no(3)])).completed).toBe(0);
  });

  test('ends nothing `for all`', () => {
    const ends = [exitForAll('Out', 'bye')];
    const rows = [yes(0), ...history('in 1', { key: 'k1' }), ...history('in 1.5', { key: 'k2' }), ...history('bye 3', { key: 'k3' })];
    expect(run({ ends, per: 'key' }, rows).exits.Out).toBe(2);
    expect(run({ ends, per: 'key' }, [...rows, no(2)])).toMatchObject({ exits: { Out: 0 }, active: 2 });
  });

  test('counts in no metric, keep, segment or retention', () => {
    const rows = [...history('buy 1', { total: 1 }), yes(2), ...history('buy 3', { total: 10 }), ...history('in 4'), no(6)];
    rows.push(...history('buy 5', { total: 100 }), ...history('buy 7', { total: 1000 }));
    const result = run(
      {
        metrics: {
          sum: expr({ kind: 'aggregate', fn: 'sum', event: on('buy'), property: column('total') }),
          count: expr({ kind: 'countEvents', event: on('buy'), within: 9 * HOUR }),
          early: expr({ kind: 'kept', fn: 'sum', keep: 'First' }),
          back: expr({ kind: 'retention', from: 0.5 * HOUR, to: 1.5 * HOUR }),
          later: expr({ kind: 'retention', from: 2.5 * HOUR, to: 4 * HOUR }),
        },
        keeps: [keep('First', 'first', 'buy', 'total')],
        segments: [segment('Twice', { kind: 'history', fn: 'count', event: on('buy'), op: '>=', value: 2 })],
        splits: [split({ kind: 'segment', name: 'Twice' })],
      },
      rows,
      20,
    );
    const value = (name: string) => result.metrics[name].value;
    // Seen are the 10 before entry and the 100 in it.
    expect([value('sum'), value('count'), value('early')]).toEqual([100, 1, 10]);
    // [4.5, 5.5) holds the 100; [6.5, 8) holds the 1000, which isn't seen.
    expect([value('back'), value('later')]).toEqual([1, 0]);
    expect(result.segments.Twice).toEqual({ runs: 0, not: 1, unknown: 0 });
  });

  test('without the `per` property it is counted as left out only as an attempt', () => {
    const rows = [...history('in 1, look 1.5'), yes(2), ...history('in 3, look 4')];
    // in 1, in 3 and look 4.
    expect(run({ ...rules, per: 'key' }, rows)).toMatchObject({ attempts: 0, withoutKey: 3 });
  });

  test('in a `per` journey consent is the person’s, whatever the key of the row that states it', () => {
    const rows = [...history('in 1, buy 5', { key: 'k1' }), yes(0, { key: 'k2' }), no(4)];
    expect(run({ ...rules, per: 'key' }, rows, 9)).toMatchObject({ entered: 1, completed: 0, active: 1 });
  });

  test('a group of attempts sums up: also those without consent are in one', () => {
    const attempts = expr({ kind: 'attempts' });
    const asked = segment('Buyer', { kind: 'history', fn: 'count', event: on('buy'), op: '>', value: 0 } as Parameters<
      typeof condition
    >[0]);
    const rows = [yes(0), ...history('buy 1'), no(2), ...history('in 3'), ...[yes(0), ...history('in 3')].map(ofBob)];
    const { splits } = run({ metrics: { attempts }, segments: [asked], splits: [split({ kind: 'segment', name: 'Buyer' })] }, rows);
    // Ann bought while she could be seen, and was turned away as a buyer; Bob entered as none.
    const told = splits[0].groups.map(({ value, metrics }) => [value, metrics.attempts.value]);
    expect(told.reduce((sum, [, n]) => sum + Number(n), 0)).toBe(2);
  });
});

describe('derived events', () => {
  /** Where a pattern stands, in hours; `*` on no row. `without` lists what would match, were there consent. */
  const stands = (pattern: EventPattern, rows: Row[], asOf?: number) => {
    const derived = deriveEvents(consented(events(rows), planOf({ privacy }), 'customer'), {
      identity: 'customer',
      patterns: [pattern],
      asOf: asOf === undefined ? null : START + asOf * HOUR,
    });
    const told = (positions: Uint32Array) =>
      Array.from(positions, position => `${(derived.time[position] - START) / HOUR}${derived.isAbsence(position) ? '*' : ''}`);
    return { seen: told(derived.match(pattern)), denied: told(derived.denied(pattern)) };
  };

  test('`first A` is the first that may be seen', () => {
    expect(stands(first('a'), [...history('a 1, a 3, a 4'), yes(2)])).toEqual({ seen: ['3'], denied: [] });
  });

  test('`n A within D` counts what may be seen', () => {
    // Of 1, 3, 4, 6 the first is denied: 3 and 4 are two.
    expect(stands(repeated(2, 'a', 9), [...history('a 1, a 3, a 4, a 6'), yes(2)])).toEqual({ seen: ['4'], denied: [] });
  });

  test('`A then B` needs both', () => {
    expect(stands(follows('a', 'b', 9), [...history('a 1, b 3'), yes(2)]).seen).toEqual([]);
    expect(stands(follows('a', 'b', 9), [yes(0), ...history('a 1, b 3'), no(2)])).toEqual({ seen: [], denied: [] });
  });

  test('an absence needs consent when it stands, and its A when that stood', () => {
    const rows = history('a 1, x 20');
    expect(stands(thenNo('a', 'b', 5), [yes(0), ...rows])).toEqual({ seen: ['6*'], denied: [] });
    // Withdrawn before it stands: it is no event, but an attempt.
    expect(stands(thenNo('a', 'b', 5), [yes(0), ...rows, no(6)])).toEqual({ seen: [], denied: ['6*'] });
    expect(stands(thenNo('a', 'b', 5), [yes(0), ...rows, no(6.001)])).toEqual({ seen: ['6*'], denied: [] });
    // Granted only after A: nothing was seen that could have been followed.
    expect(stands(thenNo('a', 'b', 5), [...rows, yes(2)])).toEqual({ seen: [], denied: [] });
    // Withdrawn and granted again in between makes no difference.
    expect(stands(thenNo('a', 'b', 5), [yes(0), ...rows, no(3), yes(4)])).toEqual({ seen: ['6*'], denied: [] });
  });

  test('a B without consent doesn’t prevent it', () => {
    expect(stands(thenNo('a', 'b', 5), [yes(0), ...history('a 1, b 3, x 20'), no(2), yes(4)]).seen).toEqual(['6*']);
  });

  test('an absence without consent is nothing to other derived events', () => {
    const left = thenNo('a', 'b', 5);
    expect(stands(first(left), [yes(0), ...history('a 1, a 10, x 30'), no(5), yes(8)])).toEqual({ seen: ['15*'], denied: [] });
    expect(stands(or(left, 'c'), [yes(0), ...history('a 1, c 5.5, x 30'), no(5)])).toEqual({ seen: [], denied: ['5.5', '6*'] });
    expect(stands(where(left, is('n', 1)), [yes(0), ...history('a 1', { n: 1 }), ...history('a 2, x 30'), no(5)]).denied).toEqual(['6*']);
  });

  test('as ways in: what was derived from something unseen is not even an attempt', () => {
    const entering = (pattern: EventPattern, rows: Row[]) => {
      const plan: JourneyPlan = { ...journey({}), enters: [{ ...journey({}).enters[0], on: pattern }] };
      return simulateJourney(plan, planOf({ privacy }), events(rows), null);
    };
    expect(entering(first('a'), [...history('a 1, a 3'), yes(2)])).toMatchObject({ attempts: 1, entered: 1 });
    const rows = [yes(0), ...history('a 1, x 20'), no(3)];
    expect(entering(thenNo('a', 'b', 5), rows)).toMatchObject({ attempts: 1, entered: 0, rejected: { 'no consent': 1 } });
    expect(entering(or('a', first('b')), [...history('a 1, b 2')])).toMatchObject({ attempts: 1, rejected: { 'no consent': 1 } });
  });
});

describe('ties', () => {
  const rules: Sketch = { stages: { Look: ['look'] } };
  const ambiguous = (rows: Row[], sketch = rules) => run(sketch, rows).ambiguousInstances;

  test('a statement is read: with a row of its instant that is read it is a tie', () => {
    expect(ambiguous([yes(0), ...history('in 1, look 2'), no(2)])).toBe(1);
    expect(ambiguous([yes(0), ...history('in 1, other 2'), no(2)])).toBe(0);
    // Whether or not there is consent for it: exchanged, it might be seen.
    expect(ambiguous([...history('in 1'), yes(1)])).toBe(1);
  });

  test('two statements are alike where they say the same for the same ids', () => {
    expect(ambiguous([yes(0), yes(0), ...history('in 1')])).toBe(0);
    expect(ambiguous([yes(0), no(0), ...history('in 1')])).toBe(1);
    expect(ambiguous([yes(0, { id: 'phone' }), yes(0, { id: 'laptop' }), ...history('in 1')])).toBe(1);
  });

  test('every instance of the person reads them', () => {
    const rows = [yes(0), ...history('in 1, look 2', { key: 'k1' }), ...history('in 1, look 3', { key: 'k2' }), no(2, { key: 'k2' })];
    expect(ambiguous(rows, { ...rules, per: 'key' })).toBe(1);
    expect(ambiguous([yes(0), ...history('in 1, look 2', { key: 'k1' }), no(2)], { ...rules, per: 'key' })).toBe(1);
  });

  test('with a plain `of silence` clock a sign of life ties with what lets it be seen', () => {
    const ends = [exitSilent('Quiet', 9)];
    expect(ambiguous([yes(0), ...history('in 1, other 2'), no(2)], { ends })).toBe(1);
    expect(ambiguous([yes(0), ...history('in 1'), ...history('mail 2', { passive: true }), no(2)], { ends })).toBe(0);
  });
});
