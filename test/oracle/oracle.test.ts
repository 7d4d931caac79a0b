/** The oracle's own hand-computed answers. Times are hours on 27 March 2026: `5` is 05:00 UTC. */
import { describe, expect, it } from 'vitest';
import type { EndDef, Metric, Row } from './model.ts';
import { answer, at, HOUR, journey, web, world } from './testing.ts';

const exitOn = (name: string, event: string, forAll = false): EndDef => ({
  name,
  kind: 'exit',
  trigger: { kind: 'event', on: web(event), forAll },
});
const expires = (name: string, hours: number): EndDef => ({ name, kind: 'exit', trigger: { kind: 'after', duration: hours * HOUR } });
const silence = (name: string, hours: number, of?: string[]): EndDef => ({
  name,
  kind: 'exit',
  trigger: { kind: 'silence', duration: hours * HOUR, of: of?.map(web) },
});
const inStage = (name: string, hours: number, stage: string): EndDef => ({
  name,
  kind: 'exit',
  trigger: { kind: 'in stage', duration: hours * HOUR, stage },
});

describe('clocks', () => {
  it('leave an event exactly at the deadline in time, and fire before one after it', () => {
    // Entry 0, deadline 5: the stop at 5 ends the run itself; a stop at 6 comes too late.
    const ends = [expires('Out', 5), exitOn('Stop', 'stop')];
    expect(
      journey(
        world({ ends }, [
          [0, 'enter'],
          [5, 'stop'],
        ]),
      ).exits,
    ).toEqual({ Out: 0, Stop: 1 });
    expect(
      journey(
        world({ ends }, [
          [0, 'enter'],
          [6, 'stop'],
        ]),
      ).exits,
    ).toEqual({ Out: 1, Stop: 0 });
  });

  it('have fired as of T where the deadline lies strictly before it', () => {
    const w = world({ ends: [expires('Out', 5)] }, [[0, 'enter']]);
    expect(journey(w, 5)).toMatchObject({ active: 1, exits: { Out: 0 } });
    expect(journey(w, 5.001)).toMatchObject({ active: 0, exits: { Out: 1 }, timeToEnd: { medianMs: 5 * HOUR } });
  });

  it('of equal deadlines the first declared wins', () => {
    // 5 h of silence and 5 h after entry: both at 5.
    expect(journey(world({ ends: [silence('Quiet', 5), expires('Out', 5)] }, [[0, 'enter']]), 9).exits).toEqual({ Quiet: 1, Out: 0 });
    expect(journey(world({ ends: [expires('Out', 5), silence('Quiet', 5)] }, [[0, 'enter']]), 9).exits).toEqual({ Out: 1, Quiet: 0 });
  });

  it('silence is broken by what is not passive, named silence by what is named', () => {
    const rows: [number, string][] = [
      [0, 'enter'],
      [3, 'view'],
      [6, 'mail'],
    ];
    // Plain: the mail at 6 counts too unless passive. Silence since 6 ends at 10; since 3, at 7.
    expect(journey(world({ ends: [silence('Quiet', 4)] }, rows), 20).timeToEnd.medianMs).toBe(10 * HOUR);
    expect(journey(world({ ends: [silence('Quiet', 4)] }, rows, { passive: true }), 20).timeToEnd.medianMs).toBe(4 * HOUR);
    expect(journey(world({ ends: [silence('Quiet', 4, ['view'])] }, rows, { passive: true }), 20).timeToEnd.medianMs).toBe(7 * HOUR);
  });

  it('in a stage run from when it became current: a repeat visit does not restart them, coming back does', () => {
    const stages = [
      { name: 'S', on: web('s') },
      { name: 'T', on: web('t') },
    ];
    const ends = [inStage('Stuck', 4, 'S')];
    expect(
      journey(
        world({ stages, ends }, [
          [0, 'enter'],
          [1, 's'],
          [4, 's'],
        ]),
        20,
      ).timeToEnd.medianMs,
    ).toBe(5 * HOUR);
    expect(
      journey(
        world({ stages, ends }, [
          [0, 'enter'],
          [1, 's'],
          [2, 't'],
          [4, 's'],
        ]),
        20,
      ).timeToEnd.medianMs,
    ).toBe(8 * HOUR);
    expect(
      journey(
        world({ stages, ends }, [
          [0, 'enter'],
          [1, 's'],
          [2, 't'],
        ]),
        20,
      ).active,
    ).toBe(1);
  });
});

describe('re-entry', () => {
  const ends = [exitOn('Stop', 'stop')];
  const rows: [number, string][] = [
    [0, 'enter'],
    [1, 'enter'],
    [2, 'stop'],
    [3, 'enter'],
    [4, 'stop'],
    [7, 'enter'],
    [9, 'stop'],
    [20, 'enter'],
  ];

  it('once', () => {
    expect(journey(world({ ends }, rows)).rejected).toEqual({ 'already in': 1, once: 3 });
  });
  it('after exit, with wait, interval and max', () => {
    const policy = 'after exit';
    expect(journey(world({ ends, reentry: { policy } }, rows))).toMatchObject({ entered: 4, rejected: { 'already in': 1 }, active: 1 });
    // wait 5: ends at 2, so 3 is turned away, 7 = 2 + 5 enters; ends at 9, so 20 enters.
    expect(journey(world({ ends, reentry: { policy, wait: 5 * HOUR } }, rows)).rejected).toEqual({ 'already in': 1, 'cooling down': 1 });
    // interval 8: entered at 0, so 3 and 7 are turned away, and 20 enters.
    expect(journey(world({ ends, reentry: { policy, interval: 8 * HOUR } }, rows)).rejected).toEqual({
      'already in': 1,
      'cooling down': 2,
    });
    expect(journey(world({ ends, reentry: { policy, max: 2 } }, rows)).rejected).toEqual({ 'already in': 1, capped: 2 });
  });
  it('at exit: the event that ended a run may begin the next', () => {
    const both = [exitOn('Again', 'enter')];
    const twice: [number, string][] = [
      [0, 'enter'],
      [3, 'enter'],
    ];
    expect(journey(world({ ends: both, reentry: { policy: 'at exit' } }, twice))).toMatchObject({
      entered: 2,
      exits: { Again: 1 },
      active: 1,
    });
    expect(journey(world({ ends: both, reentry: { policy: 'after exit' } }, twice))).toMatchObject({
      entered: 1,
      rejected: { 'ended a run': 1 },
    });
  });
  it('restart: the event belongs to the new run only', () => {
    const w = world(
      {
        reentry: { policy: 'restart' },
        stages: [{ name: 'S', on: web('enter') }],
        metrics: [{ name: 'n', value: { kind: 'count', event: { source: 'web', event: 'enter' } } }],
      },
      [
        [0, 'enter'],
        [3, 'enter'],
      ],
    );
    // Each of the two runs holds one entry event, visits S once, and the first took 3 hours.
    expect(journey(w)).toMatchObject({
      entered: 2,
      exits: { Restarted: 1 },
      stages: { S: { visits: 2 } },
      timeToEnd: { medianMs: 3 * HOUR },
    });
    expect(journey(w).metrics.n.value).toBe(2);
  });
  it('a closed journey turns attempts away, and a restart that fails its gate lets the run go on', () => {
    const open = { from: '2026-03-27', to: '2026-03-27' };
    const w = world({ open, reentry: { policy: 'restart' } }, [
      [-1, 'enter'],
      [0, 'enter'],
      [23.999, 'enter'],
      [24, 'enter'],
    ]);
    expect(journey(w)).toMatchObject({ attempts: 4, entered: 2, rejected: { 'not open': 2 }, active: 1 });
  });
});

describe('instances', () => {
  it('are one per value of the `per` property; what ends for all ends every one', () => {
    const ends = [exitOn('Closed', 'close', true), exitOn('Done', 'done')];
    const rows: [number, string, Row?][] = [
      [0, 'enter', { k: 17 }],
      [1, 'enter', { k: '17' }], // the same key as text: already in
      [2, 'enter', { k: 'o2' }],
      [3, 'enter', {}], // no key: ignored and counted
      [4, 'done', { k: 'o2' }],
      [5, 'close', {}], // no key: ends 17, is not counted as ignored
    ];
    expect(journey(world({ per: 'k', ends }, rows))).toMatchObject({
      entered: 2,
      people: 1,
      rejected: { 'already in': 1 },
      exits: { Closed: 1, Done: 1 },
      withoutKey: 1,
    });
  });
  it('n of: at the event by which n different ones happened after the entry event', () => {
    const items = ['enter', 'a', 'b'].map(web);
    const ends: EndDef[] = [{ name: 'Two', kind: 'complete', trigger: { kind: 'n of', count: 2, items } }];
    // The entry event is no item yet, a twice is one: complete at b.
    expect(
      journey(
        world({ ends }, [
          [0, 'enter'],
          [1, 'a'],
          [2, 'a'],
          [6, 'b'],
        ]),
      ).timeToEnd.medianMs,
    ).toBe(6 * HOUR);
  });
  it('people are linked by ids that share a row', () => {
    const w = world(
      {},
      [
        [0, 'enter', { user: null, device: 'd1' }],
        [5, 'x', { device: 'd1' }],
        [6, 'enter'],
      ],
      {
        ids: ['user', 'device'].map(kind => ({ kind, column: kind, clean: false })),
      },
    );
    expect(answer(w)).toMatchObject({ people: 1, journeys: [{ entered: 1, rejected: { 'already in': 1 } }] });
    // As of 4 the row that links them does not exist.
    expect(answer(w, 4)).toMatchObject({ people: 1, journeys: [{ entered: 1, attempts: 1 }] });
  });
});

describe('rows', () => {
  it('are counted where unreadable or doubled, and cut at `until`', () => {
    const w = world(
      {},
      [
        [0, 'enter', { id: 'a' }],
        [1, 'x', { id: 'a' }],
        [2, 'x', { id: '' }],
        [3, 'x', { id: '' }],
        [4, 'x', { at: 'soon' }],
        [30, 'x'],
      ],
      {
        unique: ['id'],
        time: { column: 'at', atEndOfDay: false, until: '2026-03-27' },
      },
    );
    // Six rows: one unreadable, one doubled, one after the 27th. The last event is at 3.
    expect(answer(w)).toMatchObject({
      asOf: at(3),
      sources: { web: { rows: 6, events: 3, duplicates: 1, unreadable: 1, from: at(0), to: at(3) } },
    });
  });
  it('with a date alone stand at the start or the end of their day, in the zone of the source', () => {
    const time = (zone: string | undefined, atEndOfDay: boolean) => ({ time: { column: 'at', zone, atEndOfDay } });
    const asOf = (zone: string | undefined, atEndOfDay: boolean) =>
      answer(world({}, [[0, 'enter', { at: '2026-03-29' }]], time(zone, atEndOfDay))).asOf;
    expect(asOf(undefined, false)).toBe(Date.parse('2026-03-29T00:00Z'));
    expect(asOf(undefined, true)).toBe(Date.parse('2026-03-29T23:59:59.999Z'));
    // In Berlin the day begins at +01:00, loses an hour, and ends at +02:00.
    expect(asOf('Europe/Berlin', false)).toBe(Date.parse('2026-03-28T23:00Z'));
    expect(asOf('Europe/Berlin', true)).toBe(Date.parse('2026-03-29T21:59:59.999Z'));
  });
});

describe('ties', () => {
  const ends = [exitOn('Stop', 'stop')];
  it('make the instance and each of its runs ending at or after them ambiguous', () => {
    const reentry = { policy: 'after exit' as const };
    const rows: [number, string][] = [
      [0, 'enter'],
      [2, 'stop'],
      [3, 'enter'],
      [3, 'stop'],
      [9, 'stop'],
    ];
    // Of two runs, 0-2 is certain; 3-… depends on which of the two at 3 came first.
    expect(journey(world({ ends, reentry }, rows))).toMatchObject({ entered: 2, ambiguous: 1, ambiguousInstances: 1 });
  });
  it('are none between rows that are alike, or that the journey does not read', () => {
    expect(
      journey(
        world({ ends }, [
          [0, 'enter'],
          [0, 'enter'],
          [0, 'other'],
        ]),
      ).ambiguous,
    ).toBe(0);
  });
  it('of a date are with every row of its day', () => {
    const dated: [number, string, Row?][] = [
      [0, 'enter', { at: '2026-03-27' }],
      [20, 'stop'],
      [25, 'stop'],
    ];
    expect(journey(world({ ends }, dated)).ambiguous).toBe(1);
    expect(journey(world({ ends }, [dated[0], dated[2]])).ambiguous).toBe(0);
  });
});

describe('metrics', () => {
  const stages = [{ name: 'S', on: web('s') }];
  const ends: EndDef[] = [{ name: 'Won', kind: 'complete', trigger: { kind: 'event', on: web('win'), forAll: false } }];
  const rows: [number, string, Row?][] = [
    [0, 'enter', { user: 'a', n: 1 }],
    [1, 's', { user: 'a', n: 10 }],
    [2, 's', { user: 'a', n: 2.5 }],
    [6, 'win', { user: 'a', n: null }],
    [7, 's', { user: 'a', n: 100 }],
    [0, 'enter', { user: 'b' }],
    [8, 'enter', { user: 'c' }],
    [10, 's', { user: 'c', n: 4 }],
  ];
  const value = (metric: Metric) => journey(world({ stages, ends, metrics: [{ name: 'm', value: metric }] }, rows)).metrics.m;
  const s = { source: 'web', event: 's' };

  it('rates carry both sides and their interval; of the young none counts', () => {
    // Three runs, one won: Wilson's 95 % interval of 1/3 is 6.1 % to 79.2 %.
    expect(value({ kind: 'rate', of: 'Won', ofPeople: false })).toMatchObject({
      value: 1 / 3,
      numerator: 1,
      denominator: 3,
      immature: null,
    });
    expect(value({ kind: 'rate', of: 'Won', ofPeople: false }).interval![0]).toBeCloseTo(0.0615, 3);
    expect(value({ kind: 'rate', of: 'Won', ofPeople: false }).interval![1]).toBeCloseTo(0.7923, 3);
    // As of 10: with 6 h, c (entered at 8) is immature; a won exactly 6 h after its entry.
    expect(value({ kind: 'rate within', of: 'Won', ofPeople: false, within: 6 * HOUR })).toMatchObject({
      value: 1 / 2,
      numerator: 1,
      denominator: 2,
      immature: 1,
    });
    // 4 h from S at 1: the win at 6 is 5 h later.
    expect(value({ kind: 'rate within', of: 'Won', ofPeople: false, within: 4 * HOUR, from: 'S' })).toMatchObject({
      numerator: 0,
      denominator: 2,
      immature: 1,
    });
    expect(value({ kind: 'rate within', of: 'Won', ofPeople: false, within: 5 * HOUR, from: 'S' })).toMatchObject({
      numerator: 1,
      denominator: 2,
      immature: 1,
    });
  });
  it('sums run from entry to end, or as long as their window', () => {
    expect(value({ kind: 'aggregate', fn: 'sum', event: s, property: 'n' }).value).toBe(16.5); // 10 + 2.5 of a, 4 of c
    expect(value({ kind: 'aggregate', fn: 'sum', event: s, property: 'n', within: 7 * HOUR }).value).toBe(116.5); // 7 h after entry: 100 too
    expect(value({ kind: 'count', event: s }).value).toBe(3);
    expect(value({ kind: 'aggregate', fn: 'median', event: s, property: 'n' }).value).toBe(4);
    expect(value({ kind: 'aggregate', fn: 'p90', event: s, property: 'n' }).value).toBeCloseTo(8.8); // 4 + 0.8 × 6
    expect(value({ kind: 'aggregate', fn: 'min', event: { source: 'web', event: 'win' }, property: 'n' }).value).toBeNull();
  });
  it('times: entry to the first, and in a stage until another, the end or as-of', () => {
    expect(value({ kind: 'time to', fn: 'avg', step: 'S' }).value).toBe(1.5 * HOUR); // 1 and 2
    expect(value({ kind: 'time in', fn: 'max', stage: 'S' }).value).toBe(5 * HOUR); // a: 1 to 6; c: 10 to as-of
  });
  it('a division by zero is no value, and an expectation on it undecided', () => {
    const none: Metric = { kind: 'arithmetic', op: '/', left: { kind: 'entered' }, right: { kind: 'number', value: 0 } };
    expect(value(none).value).toBeNull();
    const w = world({ expects: [{ kind: 'compare', left: none, op: '>', right: { kind: 'number', value: 1 } }] }, rows);
    expect(journey(w).expectations).toEqual([null]);
  });
  it('transitions go between different stages', () => {
    expect(journey(world({ stages, ends }, rows)).transitions).toEqual({ 'In → S': 2, 'S → Won': 1 });
  });
});
