/** The oracle's answers about derived events, computed by hand. Times are hours on 27 March 2026. */
import { expect, it } from 'vitest';
import type { Derived, Row } from './model.ts';
import { answer, HOUR, journey, web, world } from './testing.ts';

type Rows = [number, string, Row?][];
const D = { kind: 'sequence', first: web('a'), next: web('b'), within: 4 * HOUR } as const;

/** How often a derived event happens. */
function happens(term: Derived, rows: Rows, hour?: number): number {
  const w = world({ enters: [{ name: 'In', on: { any: [{ event: 'X' }] } }] }, rows);
  w.def.events = [{ name: 'X', pattern: { any: [term] } }];
  return answer(w, hour).events.X;
}
it('first happens once per participant, and once per value with `same`', () => {
  const rows: Rows = [
    [0, 'a', { k: '1' }],
    [1, 'a', { k: '1' }],
    [2, 'a', { k: '2' }],
    [3, 'a', { k: null }],
    [4, 'a', { user: 'u2' }],
    [5, 'a', { user: null }],
  ];
  expect(happens({ kind: 'first', of: web('a') }, rows)).toBe(2);
  // Of u1: k = 1 at 0, k = 2 at 2. The a at 3 lacks k, as does u2's; the one at 5 is nobody's.
  expect(happens({ kind: 'first', of: web('a'), same: 'k' }, rows)).toBe(2);
});

it('n within D: at the nth of a run whose span is at most D, then afresh', () => {
  const term: Derived = { kind: 'repeated', count: 2, of: web('a'), within: 2 * HOUR };
  // 0 and 3 are too far apart; 3 and 5 span exactly 2; then afresh: 6 is the first, 7 the second.
  const rows: Rows = [0, 3, 5, 6, 7].map(hour => [hour, 'a']);
  expect(happens(term, rows)).toBe(2);
  // Without 7: 5 is used up, so 6 stands alone.
  expect(happens(term, rows.slice(0, 4))).toBe(1);
  expect(happens({ ...term, count: 3, within: 4 * HOUR }, rows)).toBe(1); // 3, 5, 6
});

it('then: once per B, at a B preceded by an A no more than D before it', () => {
  // b at 4 is exactly 4 after a; at 5 too late. Two b after one a are two events.
  expect(
    happens(D, [
      [0, 'a'],
      [3, 'b'],
      [4, 'b'],
      [5, 'b'],
    ]),
  ).toBe(2);
  expect(
    happens(D, [
      [3, 'b'],
      [4, 'a'],
    ]),
  ).toBe(0);
  // Of one instant the order of rows decides.
  expect(
    happens(D, [
      [3, 'a'],
      [3, 'b'],
    ]),
  ).toBe(1);
  // An event does not precede itself.
  expect(happens({ ...D, next: web('a') }, [[3, 'a']])).toBe(0);
});

it('then with `same` looks within equal values only', () => {
  const rows: Rows = [
    [0, 'a', { k: '1' }],
    [1, 'b', { k: '2' }],
    [2, 'b', { k: 1 }],
    [3, 'b'],
  ];
  expect(happens(D, rows)).toBe(3);
  expect(happens({ ...D, same: 'k' }, rows)).toBe(1);
});

it('then no: at A + D, once that lies before as-of, if no B stood after A up to and including it', () => {
  const term: Derived = { kind: 'absence', first: web('a'), no: web('b'), within: 4 * HOUR, order: 0 };
  expect(happens(term, [[0, 'a']], 4)).toBe(0);
  expect(happens(term, [[0, 'a']], 4.001)).toBe(1);
  // A b at exactly 4 is in time; one before a, at the same instant, is not after it.
  const at = (hour: number): Rows => [
    [0, 'a'],
    [hour, 'b'],
  ];
  expect(happens(term, at(4), 9)).toBe(0);
  expect(happens(term, at(4.5), 9)).toBe(1);
  expect(
    happens(
      term,
      [
        [0, 'b'],
        [0, 'a'],
      ],
      9,
    ),
  ).toBe(1);
  // Each a has its own: 0 is followed at 3 by another b-less a, both happen.
  expect(
    happens(
      term,
      [
        [0, 'a'],
        [3, 'a'],
      ],
      9,
    ),
  ).toBe(2);
});

it('an absence stands after every row of its instant, with its first event’s properties, and is passive', () => {
  const absence: Derived = { kind: 'absence', first: web('a'), no: web('b'), within: 4 * HOUR, order: 0 };
  const w = world(
    {
      enters: [{ name: 'In', on: web('enter') }],
      ends: [
        { name: 'Gone', kind: 'exit', trigger: { kind: 'event', on: { any: [absence] }, forAll: false } },
        { name: 'Quiet', kind: 'exit', trigger: { kind: 'silence', duration: 20 * HOUR } },
      ],
      metrics: [{ name: 'n', value: { kind: 'aggregate', fn: 'sum', event: { event: 'X' }, property: 'n' } }],
    },
    [
      [0, 'a', { n: 5 }],
      [4, 'enter'],
    ],
  );
  w.def.events = [{ name: 'X', pattern: { any: [absence] } }];
  // The entry at 4 stands before the absence of 4, which ends the run it began; and 5 is the a's own n.
  expect(journey(w, 9)).toMatchObject({ entered: 1, exits: { Gone: 1, Quiet: 0 }, metrics: { n: { value: 5 } } });
  // Without that exit the run goes quiet 20 h after its entry: the absence at 4 (or any later) breaks no silence.
  w.def.journeys[0].ends.shift();
  expect(journey(w, 40).timeToEnd.medianMs).toBe(20 * HOUR);
});

it('of absences at one instant the first declared comes first', () => {
  const none = (order: number): Derived => ({ kind: 'absence', first: web('a'), no: web('b'), within: 4 * HOUR, order });
  const ends = (first: number, second: number) =>
    [first, second].map((order, i) => ({
      name: `End${i}`,
      kind: 'exit' as const,
      trigger: { kind: 'event' as const, on: { any: [none(order)] }, forAll: false },
    }));
  const rows: Rows = [[0, 'a']];
  const w = (first: number, second: number) => world({ enters: [{ name: 'In', on: web('a') }], ends: ends(first, second) }, rows);
  expect(journey(w(0, 1), 9).exits).toEqual({ End0: 1, End1: 0 });
  expect(journey(w(1, 0), 9).exits).toEqual({ End0: 0, End1: 1 });
});

it('events are made of derived ones too: once with a condition, once of another', () => {
  const first: Derived = { kind: 'first', of: web('a') };
  // The first a has n = 1, so "first a where n > 1" never is; the first of "a where n > 1" is the second a.
  const rows: Rows = [
    [0, 'a', { n: 1 }],
    [1, 'a', { n: 2 }],
    [2, 'b'],
  ];
  const over = { kind: 'compare', column: 'n', op: '>', value: 1 } as const;
  const w = world({}, rows);
  w.def.events = [
    { name: 'X', pattern: { any: [first], where: over } },
    { name: 'Y', pattern: { any: [{ kind: 'first', of: { ...web('a'), where: over } }] } },
    // b after the first a, and after the first a by no more than 1 h.
    { name: 'Z', pattern: { any: [{ ...D, first: { any: [first] } }] } },
    { name: 'W', pattern: { any: [{ ...D, first: { any: [first] }, within: HOUR }] } },
    { name: 'V', pattern: { any: [{ event: 'Y' }, { event: 'Z' }, { event: 'Y' }] } },
  ];
  expect(answer(w).events).toEqual({ X: 0, Y: 1, Z: 1, W: 0, V: 2 });
});

it('inside a per journey they are looked for within equal keys, and not among rows without one', () => {
  const rows: Rows = [
    [0, 'a', { k: '1' }],
    [1, 'a', { k: '2' }],
    [2, 'a', { k: '1' }],
    [3, 'a'],
  ];
  const enters = [{ name: 'In', on: { any: [{ kind: 'first', of: web('a') } as const] } }];
  expect(journey(world({ enters, per: 'k' }, rows))).toMatchObject({ attempts: 2, entered: 2 });
  expect(journey(world({ enters }, rows))).toMatchObject({ attempts: 1, entered: 1 });
});

it('break the silence they are named in, count among n of', () => {
  const thenB: Derived = D;
  const rows: Rows = [
    [0, 'enter'],
    [1, 'a'],
    [3, 'b'],
  ];
  const quiet = (of: Derived) => [
    { name: 'Quiet', kind: 'exit' as const, trigger: { kind: 'silence' as const, duration: 5 * HOUR, of: [{ any: [of] }] } },
  ];
  // The b at 3 is `a then b`: quiet at 8. `b then a` never was: quiet at 5.
  expect(journey(world({ ends: quiet(thenB) }, rows), 50).timeToEnd.medianMs).toBe(8 * HOUR);
  expect(journey(world({ ends: quiet({ ...D, first: web('b'), next: web('a') }) }, rows), 50).timeToEnd.medianMs).toBe(5 * HOUR);
  const both = { kind: 'n of' as const, count: 2, items: [web('a'), { any: [thenB] }] };
  expect(journey(world({ ends: [{ name: 'Both', kind: 'complete', trigger: both }] }, rows))).toMatchObject({ completed: 1 });
});
