/** The oracle's answers about segments, keeps, splits, periods, retention and paths, computed by hand. Times are hours on 27 March 2026. */
import { describe, expect, it } from 'vitest';
import type { JourneyDef, Row, SegmentCondition } from './model.ts';
import { at, HOUR, journey, web, world } from './testing.ts';

type Rows = [number, string, Row?][];
const test = (column: string, op: '=' | '!=' | '<' | '>', value: string | number): SegmentCondition => ({
  kind: 'test',
  condition: { kind: 'compare', column, op, value },
});
const earlier = (event: string, value: number, hours?: number): SegmentCondition => ({
  kind: 'history',
  fn: 'count',
  event: { source: 'web', event },
  within: hours === undefined ? undefined : hours * HOUR,
  op: '>=',
  value,
});

/** A journey that only those in the segment `S` may enter, and that is split by it too. */
function gated(condition: SegmentCondition, rows: Rows, more: Partial<JourneyDef> = {}) {
  const w = world(
    {
      enters: [{ name: 'In', on: web('enter'), if: ['S'] }],
      reentry: { policy: 'restart' },
      splits: [{ kind: 'segment', name: 'S' }],
      ...more,
    },
    rows,
  );
  w.def.segments = [{ name: 'S', condition }];
  return w;
}

describe('segments', () => {
  it('turn away who is not in them, and those of whom it is unknown', () => {
    const rows: Rows = [
      [0, 'enter', { n: 5 }],
      [1, 'enter', { n: 1 }],
      [2, 'enter'],
    ];
    expect(journey(gated(test('n', '>', 3), rows))).toMatchObject({ entered: 1, rejected: { 'not eligible': 2 } });
    // As in every condition `!=` holds of what is missing, and so does `not`.
    expect(journey(gated(test('n', '!=', 5), rows)).entered).toBe(2);
    expect(journey(gated({ kind: 'not', part: test('n', '>', 3) }, rows)).entered).toBe(2);
  });

  it('count runs in them, not in them, and unknown, where a value that is read is missing', () => {
    const rows: Rows = [
      [0, 'enter', { n: 5 }],
      [1, 'enter', { n: 1 }],
      [2, 'enter'],
    ];
    const w = gated(test('n', '>', 3), rows, { enters: [{ name: 'In', on: web('enter') }] });
    expect(journey(w).segments).toEqual({ S: { runs: 1, not: 1, unknown: 1 } });
    expect(journey(w).splits[0].map(({ value, kind, entered }) => [value, kind, entered])).toEqual([
      ['no', 'value', 1],
      ['yes', 'value', 1],
      ['unknown', 'unknown', 1],
    ]);
  });

  it('look back strictly before the entry event, as far as D, itself included', () => {
    const rows: Rows = [
      [0, 'a'],
      [4, 'enter'],
      [4.5, 'enter'],
      [5, 'a'],
      [5, 'enter'],
    ];
    // Within 4 h: at 4 the a at 0 is just in time; at 4.5 no more; at 5 the a of that instant stands before.
    expect(journey(gated(earlier('a', 1, 4), rows)).rejected).toEqual({ 'not eligible': 1 });
    expect(journey(gated(earlier('a', 2), rows)).rejected).toEqual({ 'not eligible': 2 });
    // Own entry events count only once they have happened: the third has two before it.
    expect(journey(gated(earlier('enter', 2), rows)).rejected).toEqual({ 'not eligible': 2 });
  });

  it('look at the whole customer, also in a journey per key, and at the tables keyed by one of their ids', () => {
    const rows: Rows = [
      [0, 'a', { k: '1' }],
      [1, 'enter', { k: '2' }],
    ];
    expect(journey(gated(earlier('a', 1), rows, { per: 'k' })).entered).toBe(1);
    const w = gated(test('profiles.age', '<', 30), rows);
    w.def.tables = [{ name: 'profiles', file: 'p.csv', columns: ['who', 'age'], key: 'who', idKind: 'user' }];
    expect(journey(w).rejected).toEqual({ 'not eligible': 1 });
    w.data['p.csv'] = [
      { who: 'u2', age: '50' },
      { who: 'u1', age: '20' },
      { who: 'u1', age: '60' },
    ];
    expect(journey(w).entered).toBe(1);
  });

  it('let the first rule whose gates all open in, else the first match is turned away', () => {
    const enters = [
      { name: 'Chosen', on: web('enter'), if: ['S'] },
      { name: 'Any', on: web('enter') },
    ];
    const w = gated(earlier('a', 1), [[0, 'enter']], { enters });
    expect(journey(w).attemptsBy).toEqual({ Chosen: { attempts: 0, rejected: {} }, Any: { attempts: 1, rejected: {} } });
    w.def.journeys[0].enters.pop();
    expect(journey(w).attemptsBy).toEqual({ Chosen: { attempts: 1, rejected: { 'not eligible': 1 } } });
  });
});

it('keep remembers the first or last before the entry event, the entry event apart', () => {
  const rows: Rows = [
    [0, 'enter', { n: 1 }],
    [2, 'enter', { n: 2 }],
    [9, 'enter', { n: 4 }],
  ];
  const keeps: JourneyDef['keeps'] = [
    { name: 'Last', which: 'last', event: { source: 'web', event: 'enter' }, property: 'n' },
    { name: 'First', which: 'first', event: { source: 'web', event: 'enter' }, property: 'n' },
    { name: 'Near', which: 'last', event: { source: 'web', event: 'enter' }, property: 'n', within: 2 * HOUR },
  ];
  const sums = keeps.map(({ name }) => ({ name, value: { kind: 'kept' as const, fn: 'sum' as const, keep: name } }));
  const w = world({ reentry: { policy: 'restart' }, keeps, metrics: sums, splits: [{ kind: 'keep', name: 'Near' }] }, rows);
  const { metrics, splits } = journey(w);
  // Of the runs at 0, 2, 9 the last before: none, 1, 2; the first: none, 1, 1; within 2 h: none, 1, none.
  expect(Object.values(metrics).map(({ value }) => value)).toEqual([3, 2, 1]);
  expect(splits[0].map(({ value, entered }) => [value, entered])).toEqual([
    ['1', 1],
    ['unknown', 2],
  ]);
});

it('a split has at most twenty values; the rest are other, and no run is lost', () => {
  const rows: Rows = Array.from({ length: 23 }, (_, i) => [
    i,
    'enter',
    { user: `u${i}`, k: i === 22 ? null : `k${String(i).padStart(2, '0')}` },
  ]);
  const [groups] = journey(world({ splits: [{ kind: 'property', column: 'k' }] }, rows)).splits;
  expect(groups.map(({ entered }) => entered)).toEqual([...Array(20).fill(1), 2, 1]);
  expect(groups.slice(20).map(({ kind }) => kind)).toEqual(['other', 'unknown']);
});

describe('periods', () => {
  const rows: Rows = [
    [0, 'enter', { user: 'u1' }],
    [25, 'enter', { user: 'u2' }],
    [26, 'stop', { user: 'u1' }],
    [74, 'stop', { user: 'u2' }],
  ];
  const stop = { name: 'Stop', kind: 'exit' as const, trigger: { kind: 'event' as const, on: web('stop'), forAll: false } };
  const points = (by: NonNullable<JourneyDef['metrics'][number]['by']>, kind: 'entered' | 'active', hour = 100) =>
    journey(world({ ends: [stop], metrics: [{ name: 'm', value: { kind }, by }] }, rows), hour).metrics.m.series!.map(p => [
      p.period,
      p.value,
    ]);

  it('group runs by entry or by end, without a gap between', () => {
    expect(points({ grain: 'day', of: 'entry' }, 'entered')).toEqual([
      ['2026-03-27', 1],
      ['2026-03-28', 1],
    ]);
    // Ended at 26 h and 74 h: on the 28th and the 30th.
    expect(points({ grain: 'day', of: 'end' }, 'entered')).toEqual([
      ['2026-03-28', 1],
      ['2026-03-29', 0],
      ['2026-03-30', 1],
    ]);
    // 27 March is a Friday: the week from Monday 23 March is the 13th.
    expect(points({ grain: 'week', of: 'entry' }, 'entered')).toEqual([['2026-W13', 2]]);
    expect(points({ grain: 'month', of: 'entry' }, 'entered')).toEqual([['2026-03', 2]]);
    // 25 h is 01:00 UTC on the 28th, and in New York still the 27th.
    expect(points({ grain: 'day', of: 'entry', zone: 'America/New_York' }, 'entered').map(([, value]) => value)).toEqual([1, 1]);
    expect(points({ grain: 'day', of: 'entry', zone: 'America/New_York' }, 'entered')[1]).toEqual(['2026-03-27', 1]);
  });

  it('count what is open at the end of each, and of the last as of T', () => {
    // End of the 27th: u1. Of the 28th: u2 (u1 stopped at 26 h). Of the 29th: u2. 30th: nobody. 31st, at 100 h: nobody.
    expect(points({ grain: 'day', of: 'open' }, 'active').map(([, value]) => value)).toEqual([1, 1, 1, 0, 0]);
    expect(points({ grain: 'day', of: 'open' }, 'active', 25)).toEqual([
      ['2026-03-27', 1],
      ['2026-03-28', 2],
    ]);
  });
});

it('retention: a sign of life from entry + a on, before entry + b; only where that lies before T', () => {
  const metrics = [{ name: 'm', value: { kind: 'retention' as const, from: 2 * HOUR, to: 4 * HOUR } }];
  const came = (hour: number, T: number) =>
    journey(
      world({ metrics, enters: [{ name: 'In', on: web('enter') }] }, [
        [0, 'enter'],
        [hour, 'x'],
      ]),
      T,
    ).metrics.m;
  expect(came(2, 9)).toMatchObject({ numerator: 1, denominator: 1, immature: 0 });
  expect(came(4, 9)).toMatchObject({ numerator: 0, denominator: 1 });
  expect(came(1.9, 9)).toMatchObject({ numerator: 0, denominator: 1 });
  expect(came(2, 4)).toMatchObject({ value: null, denominator: 0, immature: 1 });
});

describe('paths', () => {
  const stages = ['a', 'b', 'c', 'x'].map(name => ({ name: name.toUpperCase(), on: web(name) }));
  const ends: JourneyDef['ends'] = [{ name: 'Stop', kind: 'exit', trigger: { kind: 'event', on: web('stop'), forAll: false } }];
  const paths = [{ name: 'P', steps: ['A', 'B', 'C'] }];
  const told = (events: string, hour = 50) => {
    const rows: Rows = [[0, 'enter'], ...[...events].map((event, i): Rows[number] => [i + 1, event === '.' ? 'stop' : event])];
    const { outcomes, flags, steps } = journey(world({ stages, ends, paths }, rows), hour).paths.P;
    const outcome = [...Object.entries(outcomes), ...outcomes.left.map((n, k) => [`left ${k}`, n])].find(([, n]) => n === 1)![0];
    return { outcome, flags: Object.entries(flags).flatMap(([flag, n]) => (n > 0 ? flag : [])), steps };
  };

  it('have exactly one outcome', () => {
    expect(told('abc').outcome).toBe('followed');
    expect(told('bac').outcome).toBe('otherOrder');
    expect(told('ac').outcome).toBe('skipped');
    expect(told('ab').outcome).toBe('underWay');
    expect(told('.').outcome).toBe('left 0');
    expect(told('b.').outcome).toBe('left 2');
  });

  it('and any number of flags', () => {
    expect(told('abc').flags).toEqual([]);
    expect(told('ac').flags).toEqual(['ladder']);
    expect(told('abac').flags).toEqual(['chute']);
    // a again, but before b was reached.
    expect(told('aabc').flags).toEqual([]);
    expect(told('axbc').flags).toEqual(['detour']);
    expect(told('xabcx').flags).toEqual([]);
    expect(told('bxb.').flags).toEqual(['ladder', 'detour']);
  });

  it('count step by step, with the time between', () => {
    // b at 1 h, a at 2 h, c at 3 h: all reached, only a in order; c is 2 h after b, and a to b is no way forward.
    expect(told('bac').steps).toEqual([
      { name: 'A', reached: 1, inOrder: 1, medianFromPreviousMs: null },
      { name: 'B', reached: 1, inOrder: 0, medianFromPreviousMs: null },
      { name: 'C', reached: 1, inOrder: 0, medianFromPreviousMs: 2 * HOUR },
    ]);
  });
});

it('as of in the file means the whole day, and is overruled', () => {
  const w = world({}, [
    [0, 'enter'],
    [30, 'enter', { user: 'u2' }],
  ]);
  w.def.asOf = '2026-03-27';
  expect(journey(w).entered).toBe(1);
  expect(journey(w, 40).entered).toBe(2);
  expect(at(24) - 1).toBe(Date.parse('2026-03-27T23:59:59.999Z'));
});
