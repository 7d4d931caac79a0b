import { describe, expect, test } from 'vitest';
import type { CompareOp, SegmentExpr } from '../plan.ts';
import {
  column,
  complete,
  condition,
  DAY,
  exitAfter,
  expr,
  type history as History,
  history,
  keep,
  on,
  segment,
  simulate,
  split,
} from './testing.ts';

type Sketch = Parameters<typeof simulate>[0];
type Row = ReturnType<typeof History>[number];

/** `fn(event.property within D before entry) op value`. */
const past = (fn: string, op: CompareOp, value: number, more: { event?: string; hours?: number } = {}): SegmentExpr =>
  condition({
    kind: 'history',
    fn,
    event: on(more.event ?? 'buy'),
    ...(fn === 'count' ? {} : { property: column('total') }),
    ...(more.hours === undefined ? {} : { within: more.hours * 3_600_000 }),
    op,
    value,
  });
const of = (name: string): SegmentExpr => condition({ kind: 'segment', name });
const counts = (expr: SegmentExpr, rows: Row[], more: Sketch = {}) => {
  const { runs, not, unknown } = simulate(
    { segments: [segment('S', { ...expr })], splits: [split({ kind: 'segment', name: 'S' })], ...more },
    rows,
  ).segments.S;
  return [runs, not, unknown];
};
const IN = [1, 0, 0];
const NOT = [0, 1, 0];
const UNKNOWN = [0, 0, 1];
const totals = (...rows: [hours: number, total: number | null][]): Row[] => [
  ...rows.map(([hours, total]) => ({ name: 'buy', hours, total })),
  { name: 'in', hours: 10 },
];

describe('history before the entry', () => {
  test.each([
    ['buy 1, buy 2, in 10', IN],
    ['buy 1, in 10', NOT],
    ['buy 1, buy 10, in 10', IN], // at the same instant, but before it
    ['buy 1, in 10, buy 10', NOT], // at the same instant, after it
    ['buy 1, in 10, buy 11', NOT],
  ])('at least 2 purchases: %s', (rows, expected) => expect(counts(past('count', '>=', 2), history(rows))).toEqual(expected));

  test('within 5 h before entry includes the event that stands exactly 5 h before', () => {
    expect(counts(past('count', '>=', 1, { hours: 5 }), history('buy 5, in 10'))).toEqual(IN);
    expect(counts(past('count', '>=', 1, { hours: 5 }), history('buy 4.999, in 10'))).toEqual(NOT);
  });

  test('the entry event itself is not its own history', () => {
    expect(counts(past('count', '>=', 1, { event: 'in' }), history('in 10'))).toEqual(NOT);
    // The first entry is in the history of the second.
    expect(
      counts(past('count', '>=', 1, { event: 'in' }), history('in 10, out 11, in 12'), {
        ends: [complete('Out', 'out')],
        reentry: { policy: 'after exit' },
      }),
    ).toEqual([1, 1, 0]);
  });

  test.each([
    ['sum', '=', 8], // 3 + 5; the purchase without a total counts for nothing
    ['avg', '=', 4],
    ['min', '=', 3],
    ['max', '=', 5],
  ] as const)('%s %s %d', (fn, op, value) => expect(counts(past(fn, op, value), totals([1, 3], [2, 5], [3, null]))).toEqual(IN));

  test('a sum of nothing is 0; an average, minimum or maximum of nothing is missing', () => {
    expect(counts(past('sum', '=', 0), history('in 10'))).toEqual(IN);
    for (const fn of ['avg', 'min', 'max']) {
      expect(counts(past(fn, '>', 1), history('in 10'))).toEqual(UNKNOWN);
      expect(counts(past(fn, '!=', 1), history('in 10'))).toEqual(IN);
    }
  });

  test('over thousands of events, as over few: 3,000 purchases of 1, one of 2 and one of 0.5', () => {
    const many = Array.from({ length: 3_000 }, (_, i) => [i / 1_000, i === 1_700 ? 2 : i === 2_100 ? 0.5 : 1] as [number, number]);
    expect(counts(past('sum', '=', 3_000.5), totals(...many))).toEqual(IN);
    expect(counts(past('max', '=', 2), totals(...many))).toEqual(IN);
    expect(counts(past('min', '=', 0.5), totals(...many))).toEqual(IN);
    // Of the last 9 h before entry at 10: those from 1 h on, 2,000 of them: 1,998 + 2.5.
    expect(counts(past('sum', '=', 2_000.5, { hours: 9 }), totals(...many))).toEqual(IN);
  });

  test('in a `per` journey it is the participant’s whole history', () => {
    const rows = [...history('buy 1', { order: 'a' }), ...history('buy 2'), ...history('in 10', { order: 'b' })];
    expect(counts(past('count', '>=', 2), rows, { per: 'order' })).toEqual(IN);
  });

  test('somebody else’s is not', () => {
    expect(counts(past('count', '>=', 1), [...history('buy 1', { who: 'bob' }), ...history('in 10')])).toEqual(NOT);
  });
});

describe('segments of segments', () => {
  const rich = past('avg', '>', 100);
  const loyal = past('count', '>=', 2);
  test.each<[string, SegmentExpr, number[]]>([
    // Of somebody without purchases the average is missing, the count is 0.
    ['not known to be rich is met', condition({ kind: 'not', operand: rich }), IN],
    ['not loyal is met', condition({ kind: 'not', operand: loyal }), IN],
    [
      'rich or not loyal is met, whatever is missing',
      condition({ kind: 'or', operands: [rich, condition({ kind: 'not', operand: loyal })] }),
      IN,
    ],
    ['rich or loyal is not met, and the average is missing', condition({ kind: 'or', operands: [rich, loyal] }), UNKNOWN],
    ['rich and loyal neither', condition({ kind: 'and', operands: [rich, loyal] }), UNKNOWN],
    ['a segment by its name', of('Loyal'), NOT],
    ['what a segment of it reads, it reads', of('Rich'), UNKNOWN],
  ])('%s', (_, expr, expected) => {
    const segments = [segment('Rich', { ...rich }), segment('Loyal', { ...loyal }), segment('S', { ...expr })];
    expect(counts(expr, history('in 10'), { segments })).toEqual(expected);
  });
});

describe('gates', () => {
  const segments = [segment('Loyal', { ...past('count', '>=', 1) }), segment('Rich', { ...past('avg', '>', 100) })];
  const tried = (sketch: Sketch, rows: Row[]) => {
    const { entries, rejected, attemptsBy } = simulate({ segments, ...sketch }, rows);
    return { entries, rejected, attemptsBy };
  };
  const two: Sketch = { enter: { A: ['in'], B: ['in', 'come'] } };

  test('who is not in the segment is turned away as not eligible, and so is who is unknown', () => {
    expect(tried({ gates: { In: ['Loyal'] } }, history('in 1')).rejected).toEqual({ 'not eligible': 1 });
    expect(tried({ gates: { In: ['Loyal'] } }, history('buy 0, in 1')).entries).toEqual({ In: 1 });
    expect(tried({ gates: { In: ['Rich'] } }, history('in 1')).rejected).toEqual({ 'not eligible': 1 });
  });

  test('all of several must hold', () => {
    expect(tried({ gates: { In: ['Loyal', 'Rich'] } }, [{ name: 'buy', hours: 0, total: 50 }, ...history('in 1')]).rejected).toEqual({
      'not eligible': 1,
    });
    expect(tried({ gates: { In: ['Loyal', 'Rich'] } }, [{ name: 'buy', hours: 0, total: 500 }, ...history('in 1')]).entries).toEqual({
      In: 1,
    });
  });

  test('the first matching rule whose gate is passed enters', () => {
    expect(tried({ ...two, gates: { A: ['Loyal'] } }, history('in 1')).entries).toEqual({ A: 0, B: 1 });
    expect(tried({ ...two, gates: { A: ['Loyal'] } }, history('buy 0, in 1')).entries).toEqual({ A: 1, B: 0 });
  });

  test('where none is passed, the first matching rule is turned away for its first reason', () => {
    expect(tried({ ...two, gates: { A: ['Loyal'], B: ['Loyal'] } }, history('in 1')).attemptsBy).toEqual({
      A: { attempts: 1, rejected: { 'not eligible': 1 } },
      B: { attempts: 0, rejected: {} },
    });
    // At 3 A is not eligible, and B has been entered once: of the first rule, not eligible stands before once.
    expect(tried({ ...two, ends: [complete('Out', 'out')], gates: { A: ['Rich'] } }, history('in 1, out 2, in 3')).rejected).toEqual({
      'not eligible': 1,
    });
    // The other way round the first rule fails at once only.
    expect(tried({ ...two, ends: [complete('Out', 'out')], gates: { B: ['Rich'] } }, history('in 1, out 2, in 3')).rejected).toEqual({
      once: 1,
    });
    // And before the journey opens, that is the reason of all.
    expect(tried({ ...two, open: { from: 5 }, gates: { A: ['Loyal'] } }, history('in 1')).rejected).toEqual({ 'not open': 1 });
  });

  test('restart asks for eligibility, other policies say already in', () => {
    const later = segment('Later', { ...past('count', '<', 1) });
    const gated: Sketch = { segments: [later], gates: { In: ['Later'] } };
    expect(tried({ ...gated, reentry: { policy: 'restart' } }, history('in 0, buy 1, in 2')).rejected).toEqual({ 'not eligible': 1 });
    expect(tried({ ...gated, reentry: { policy: 'restart' } }, history('in 0, in 2')).entries).toEqual({ In: 2 });
    expect(tried(gated, history('in 0, buy 1, in 2')).rejected).toEqual({ 'already in': 1 });
  });

  test('restart by the second of two matching rules', () => {
    const later = segment('Later', { ...past('count', '<', 1) });
    const { entries, exits } = simulate(
      { ...two, segments: [later], gates: { A: ['Later'] }, reentry: { policy: 'restart' } },
      history('in 0, buy 1, in 2'),
    );
    expect([entries, exits]).toEqual([{ A: 1, B: 1 }, { Restarted: 1 }]);
  });
});

describe('keep', () => {
  const kept = (rows: Row[], ...[which, hours]: [('first' | 'last')?, number?]) =>
    simulate(
      { keeps: [keep('k', which ?? 'last', 'view', 'page', hours)], splits: [split({ kind: 'keep', name: 'k' })] },
      rows,
    ).splits[0].groups.map(({ value, kind, entered }) => (kind === 'value' ? value : kind) + (entered === 1 ? '' : entered));
  const views = (...rows: [number, string | null][]): Row[] => [
    ...rows.map(([hours, page]) => ({ name: 'view', hours, page })),
    ...history('in 10'),
  ];

  test('the first or the last before the entry', () => {
    expect(kept(views([1, 'home'], [2, 'shoes']), 'first')).toEqual(['home']);
    expect(kept(views([1, 'home'], [2, 'shoes']), 'last')).toEqual(['shoes']);
    expect(kept(views([1, 'home'], [11, 'shoes']), 'last')).toEqual(['home']);
  });

  test('within: exactly D before the entry is in time', () => {
    expect(kept(views([4.9, 'home'], [5, 'shoes']), 'first', 5)).toEqual(['shoes']);
    expect(kept(views([4.9, 'home']), 'first', 5)).toEqual(['unknown']);
  });

  test('it is that event’s property, also where it is missing', () => {
    expect(kept(views([1, 'home'], [2, null]), 'last')).toEqual(['unknown']);
    expect(kept(history('in 10'))).toEqual(['unknown']);
  });

  test('metrics over what runs keep: ann’s and bob’s last totals are 4 and 6, cy has none', () => {
    const rows = [
      ...[1, 4].map((total, i) => ({ name: 'buy', hours: i, total, who: 'ann' })),
      { name: 'buy', hours: 0, total: 6, who: 'bob' },
      ...['ann', 'bob', 'cy'].flatMap(who => history('in 10', { who })),
    ];
    const value = (fn: string) =>
      simulate({ keeps: [keep('k', 'last', 'buy', 'total')], metrics: { m: expr({ kind: 'kept', fn, keep: 'k' }) } }, rows).metrics.m.value;
    expect(['sum', 'avg', 'min', 'max', 'median', 'p90', 'countDistinct'].map(value)).toEqual([10, 5, 4, 6, 5, 5.8, 2]);
  });
});

describe('split by', () => {
  const people = (values: (string | number | null)[], more: Partial<Row> = {}): Row[] =>
    values.map((plan, i) => ({ name: 'in', hours: i / 100, who: `p${i}`, plan, ...more }));
  const byPlan = [split({ kind: 'property', column: column('plan') })];

  test('a property of the entry event: the largest first, the missing last; run counts sum to the total', () => {
    const { groups } = simulate({ splits: byPlan }, people(['free', null, 'pro', 'free', 'aa'])).splits[0];
    expect(groups.map(({ value, kind, entered }) => [value, kind, entered])).toEqual([
      ['free', 'value', 2],
      ['aa', 'value', 1],
      ['pro', 'value', 1],
      ['unknown', 'unknown', 1],
    ]);
  });

  test('a number by its text', () => {
    expect(simulate({ splits: byPlan }, people([10, 9, 10])).splits[0].groups.map(({ value }) => value)).toEqual(['10', '9']);
  });

  test('twenty values, and all others together', () => {
    // Values v00 .. v22, v00 to v02 twice: 26 runs. The twenty: v00, v01, v02, then v03 to v19; v20, v21 and v22 are others.
    const names = Array.from({ length: 23 }, (_, i) => `v${String(i).padStart(2, '0')}`);
    const { groups } = simulate({ splits: byPlan }, people([...names, ...names.slice(0, 3)])).splits[0];
    expect(groups).toHaveLength(21);
    expect(groups.slice(0, 3).map(({ value, entered }) => [value, entered])).toEqual([
      ['v00', 2],
      ['v01', 2],
      ['v02', 2],
    ]);
    expect(groups.at(-2)!.value).toBe('v19');
    expect([groups.at(-1)!.kind, groups.at(-1)!.entered]).toEqual(['other', 3]);
    expect(simulate({ splits: byPlan }, people(names.slice(0, 20))).splits[0].groups).toHaveLength(20);
  });

  test('every metric per group; one person may be in several', () => {
    const sketch: Sketch = {
      splits: byPlan,
      reentry: { policy: 'after exit' },
      ends: [complete('Bought', 'buy'), exitAfter('Late', 1_000)],
      metrics: {
        rate: expr({ kind: 'rate', of: { kind: 'end', name: 'Bought' }, within: DAY, ofPeople: false }),
        revenue: expr({ kind: 'aggregate', fn: 'sum', event: on('buy'), property: column('total') }),
        turned: expr({ kind: 'rejected' }),
      },
    };
    const rows: Row[] = [
      { name: 'in', hours: 0, plan: 'free' },
      { name: 'in', hours: 1, plan: 'pro' }, // already in
      { name: 'buy', hours: 2, total: 5 },
      { name: 'in', hours: 3, plan: 'pro' },
      { name: 'in', hours: 4, plan: 'free', who: 'bob' },
      { name: 'in', hours: 5, plan: 'gold', who: 'bob' }, // already in, and nobody entered with it
      { name: 'z', hours: 50 },
    ];
    const { groups } = simulate(sketch, rows).splits[0];
    expect(
      groups.map(({ value, entered, people, active, completed, exits }) => [value, entered, people, active, completed, exits]),
    ).toEqual([
      ['free', 2, 2, 1, 1, { Bought: 1, Late: 0 }],
      ['pro', 1, 1, 1, 0, { Bought: 0, Late: 0 }],
      ['gold', 0, 0, 0, 0, { Bought: 0, Late: 0 }],
    ]);
    expect(groups.map(({ metrics: { rate, revenue, turned } }) => [rate.value, rate.denominator, revenue.value, turned.value])).toEqual([
      [0.5, 2, 5, 0],
      [0, 1, 0, 1],
      [null, 0, 0, 1],
    ]);
  });

  test('the entry rule, and a segment', () => {
    const sketch: Sketch = {
      enter: { A: ['a'], B: ['b'] },
      segments: [segment('Loyal', { ...past('count', '>=', 1) })],
      splits: [split({ kind: 'enter' }), split({ kind: 'segment', name: 'Loyal' })],
    };
    const rows = [...history('buy 0, b 1', { who: 'ann' }), ...history('a 1', { who: 'bob' }), ...history('b 1', { who: 'cy' })];
    const [byRule, byLoyal] = simulate(sketch, rows).splits.map(({ groups }) => groups.map(({ value, entered }) => [value, entered]));
    expect(byRule).toEqual([
      ['B', 2],
      ['A', 1],
    ]);
    expect(byLoyal).toEqual([
      ['no', 2],
      ['yes', 1],
    ]);
  });
});

describe('what is read at entry makes ties', () => {
  const ambiguous = (rows: Row[], sketch: Sketch) => simulate(sketch, rows).ambiguous;
  const loyal: Sketch = { segments: [segment('S', { ...past('count', '>=', 1) })], splits: [split({ kind: 'segment', name: 'S' })] };
  const byPage: Sketch = { keeps: [keep('k', 'last', 'view', 'page')] };

  test('an event of the history at the instant of the entry', () => {
    expect(ambiguous(history('buy 1, in 1'), loyal)).toBe(1);
    expect(ambiguous(history('buy 1, in 1'), {})).toBe(0);
  });

  test('also of another key', () => {
    expect(ambiguous([...history('buy 1', { order: 'a' }), ...history('in 1', { order: 'b' })], { ...loyal, per: 'order' })).toBe(1);
    expect(ambiguous([...history('buy 0', { order: 'a' }), ...history('in 1', { order: 'b' })], { ...loyal, per: 'order' })).toBe(0);
  });

  test('two events that would be kept, unless their property is the same', () => {
    const two = (a: string, b: string): Row[] => [
      { name: 'view', hours: 0, page: a },
      { name: 'view', hours: 0, page: b },
      ...history('in 1'),
    ];
    expect(ambiguous(two('home', 'shoes'), byPage)).toBe(1);
    expect(ambiguous(two('home', 'home'), byPage)).toBe(0);
  });

  test('two entry events that differ in what is split by', () => {
    const two: Row[] = [
      { name: 'in', hours: 0, plan: 'free' },
      { name: 'in', hours: 0, plan: 'pro' },
    ];
    expect(ambiguous(two, { splits: [split({ kind: 'property', column: column('plan') })] })).toBe(1);
    expect(ambiguous(two, {})).toBe(0);
  });

  test('a row without the key that is only looked back at is not left out', () => {
    const rows = [...history('buy 1'), ...history('in 2', { order: 'b' })];
    expect(simulate({ ...loyal, per: 'order' }, rows).withoutKey).toBe(0);
    expect(simulate({ ...loyal, per: 'order', stages: { B: ['buy'] } }, rows).withoutKey).toBe(1);
  });
});
