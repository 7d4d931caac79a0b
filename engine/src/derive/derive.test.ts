/** semantics.md, "Derived events", sentence by sentence. Hours since the start; `*` marks what stands on no row. */
import { describe, expect, test } from 'vitest';
import { events, HOUR, history, is, on, type Row, START } from '../simulate/testing.ts';
import { deriveEvents } from './index.ts';
import { first, follows, found, or, repeated, thenNo, where } from './testing.ts';

const two = (ann: string, bob: string): Row[] => [...history(ann), ...history(bob, { who: 'bob' })];
const keyed = (text: string): Row[] =>
  text.split(',').map(part => {
    const [name, hours, key] = part.trim().split(' ');
    return { name, hours: Number(hours), key: key ?? null };
  });

describe('`first A` once per participant', () => {
  test('the earliest of each', () => {
    expect(found(first('a'), two('x 0, a 1, a 2', 'a 3, a 4'))).toEqual(['a 1', 'a 3']);
  });
  test('of two at one instant the one that stands first', () => {
    // Rows in their order: the position decides, not the time.
    expect(
      found(where(first('a'), is('n', 1)), [
        { name: 'a', hours: 1, n: 1 },
        { name: 'a', hours: 1, n: 2 },
      ]),
    ).toEqual(['a 1']);
    expect(
      found(where(first('a'), is('n', 2)), [
        { name: 'a', hours: 1, n: 1 },
        { name: 'a', hours: 1, n: 2 },
      ]),
    ).toEqual([]);
  });
  test('rows of nobody are nobody’s first', () => {
    expect(
      found(first('a'), [
        { name: 'a', hours: 0, who: null },
        { name: 'a', hours: 1 },
      ]),
    ).toEqual(['a 1']);
  });
});

describe('`n A within D`: at the nth A of a run of n whose span is <= D', () => {
  test('a span of exactly D is in', () => {
    // 0, 4, 10: 10 - 0 = 10.
    expect(found(repeated(3, 'a', 10), history('a 0, a 4, a 10'))).toEqual(['a 10']);
    expect(found(repeated(3, 'a', 9), history('a 0, a 4, a 10'))).toEqual([]);
  });
  test('the run may begin late: only its own span counts', () => {
    // 0, 8, 9: 9; then 8, 9, 10: 2.
    expect(found(repeated(3, 'a', 5), history('a 0, a 8, a 9, a 10'))).toEqual(['a 10']);
  });
  test('then counting starts afresh', () => {
    // 1 2 3 | 4 5 6 | 7: without that it would stand at 3, 4, 5, 6 and 7.
    expect(found(repeated(3, 'a', 10), history('a 1, a 2, a 3, a 4, a 5, a 6, a 7'))).toEqual(['a 3', 'a 6']);
  });
  test('each participant counts for itself', () => {
    expect(found(repeated(2, 'a', 10), two('a 1, a 4', 'a 2, a 3'))).toEqual(['a 3', 'a 4']);
  });
  test('one within anything is every A; more than there are never comes', () => {
    expect(found(repeated(1, 'a', 1), history('a 1, a 2'))).toEqual(['a 1', 'a 2']);
    expect(found(repeated(1_000_000_000, 'a', 1), history('a 1, a 2'))).toEqual([]);
  });
});

describe('`A then B within D`: once per B, at a B preceded by an A no more than D before it', () => {
  test('exactly D is in, more is not', () => {
    expect(found(follows('a', 'b', 5), history('a 0, b 5'))).toEqual(['b 5']);
    expect(found(follows('a', 'b', 4), history('a 0, b 5'))).toEqual([]);
  });
  test('once per B, however many A precede it, and for every B after one A', () => {
    expect(found(follows('a', 'b', 9), history('a 0, a 1, b 2, b 3'))).toEqual(['b 2', 'b 3']);
  });
  test('at one instant the positions decide', () => {
    expect(found(follows('a', 'b', 5), history('a 1, b 1'))).toEqual(['b 1']);
    expect(found(follows('a', 'b', 5), history('b 1, a 1'))).toEqual([]);
  });
  test('an event doesn’t precede itself', () => {
    expect(found(follows('a', 'a', 5), history('a 0, a 1, a 9'))).toEqual(['a 1']);
  });
  test('somebody else’s A is none', () => {
    expect(found(follows('a', 'b', 9), two('a 0', 'b 1'))).toEqual([]);
  });
});

describe('`A then no B within D`: at A + D, if no B stood after A up to and including A + D', () => {
  test('it stands at A + D', () => {
    expect(found(thenNo('a', 'b', 5), history('a 1, x 9'))).toEqual(['a 6*']);
  });
  test('a B exactly at A + D is in time, one later is not', () => {
    expect(found(thenNo('a', 'b', 5), history('a 1, b 6, x 9'))).toEqual([]);
    expect(found(thenNo('a', 'b', 5), history('a 1, b 6.001, x 9'))).toEqual(['a 6*']);
  });
  test('once that is < as-of', () => {
    expect(found(thenNo('a', 'b', 5), history('a 1'), { asOf: 6 })).toEqual([]);
    expect(found(thenNo('a', 'b', 5), history('a 1'), { asOf: 6.001 })).toEqual(['a 6*']);
    // By default as-of is the last event's time.
    expect(found(thenNo('a', 'b', 5), history('a 1, x 6'))).toEqual([]);
  });
  test('at the instant of A, a B after it counts, one before it doesn’t', () => {
    expect(found(thenNo('a', 'b', 5), history('a 1, b 1, x 9'))).toEqual([]);
    expect(found(thenNo('a', 'b', 5), history('b 1, a 1, x 9'))).toEqual(['a 6*']);
  });
  test('B may be a list, and A itself: a later one counts', () => {
    // A cart at 0 and again at 3: only the second is left behind.
    expect(found(thenNo('a', or('a', 'b'), 5), history('a 0, a 3, x 9'))).toEqual(['a 8*']);
    expect(found(thenNo('a', on('a', 'b'), 5), history('a 0, a 3, b 4, x 19'))).toEqual([]);
  });
  test('each A by itself: two of them make two', () => {
    expect(found(thenNo('a', 'b', 5), history('a 0, a 3, x 9'))).toEqual(['a 5*', 'a 8*']);
  });
});

describe('a `then no` stands after every row of its instant, in order of declaration, with A’s properties', () => {
  const pattern = (order: number, name: string) => thenNo(name, 'b', 5, order);
  const derive = (patterns: ReturnType<typeof on | typeof first>[], rows: Row[]) =>
    deriveEvents(events(rows), { identity: 'customer', patterns, asOf: null });

  test('after a row of its instant, before the next', () => {
    const absence = pattern(0, 'a');
    const derived = derive([absence], history('a 0, x 5, y 5, z 6'));
    // Positions: a, x, y, the absence, z.
    expect([...derived.match(absence)]).toEqual([3]);
    expect([...derived.match(on('z'))]).toEqual([4]);
    expect(Array.from(derived.time, time => (time - START) / HOUR)).toEqual([0, 5, 5, 5, 6]);
    expect(derived.count).toBe(5);
  });
  test('several at one instant: in order of declaration, whatever the order of their A', () => {
    const [late, early] = [pattern(1, 'a'), pattern(0, 'c')];
    const derived = derive([late, early], history('a 0, c 0, x 9'));
    // Rows at 0 and 1; the first declared at 2, the second at 3.
    expect([...derived.match(early)]).toEqual([2]);
    expect([...derived.match(late)]).toEqual([3]);
  });
  test('several of one declaration at one instant: in the order of their A', () => {
    const absence = pattern(0, 'a');
    const derived = derive(
      [absence],
      [
        { name: 'a', hours: 0, n: 7 },
        { name: 'a', hours: 0, n: 8 },
        { name: 'x', hours: 9 },
      ],
    );
    const { column } = { column: { path: ['n'], at: on().at } };
    expect(Array.from(derived.match(absence), position => derived.numbers(column)[position])).toEqual([7, 8]);
  });
  test('its properties are A’s, its participant is A’s, and it is passive', () => {
    const absence = pattern(0, 'a');
    const derived = derive(
      [absence],
      [
        { name: 'a', hours: 0, n: 7, who: 'bob' },
        { name: 'x', hours: 9, n: 1 },
      ],
    );
    const [position] = derived.match(absence);
    expect(derived.numbers({ path: ['n'], at: on().at })[position]).toBe(7);
    const people = derived.participants('customer');
    expect(people.label(people.of[position])).toBe('bob');
    expect(derived.passive[derived.source[position]]).toBe(true);
  });
  test('without an absence nothing is copied', () => {
    const rows = events(history('a 0, b 1'));
    const derived = deriveEvents(rows, { identity: 'customer', patterns: [first('a')], asOf: null });
    expect(derived.time).toBe(rows.time);
    expect(derived.match(on('a'))).toBe(rows.match(on('a')));
  });
  test('an absence that was not announced is refused', () => {
    expect(() => derive([], history('a 0')).match(pattern(0, 'a'))).toThrow(/announced/);
  });
});

describe('inside a `per p` journey, and with `same p` anywhere, within equal p', () => {
  const rows = keyed('a 0 k1, a 1 k2, b 2 k2, a 3, b 4, b 5 k1');
  test('`same p`', () => {
    expect(found(first('a', 'key'), rows)).toEqual(['a 0', 'a 1']);
    // b 5 follows its a by 5 h, b 2 by 1 h; b 4 has no key, and nothing precedes it.
    expect(found(follows('a', 'b', 4, 'key'), rows)).toEqual(['b 2']);
    expect(found(thenNo('a', 'b', 4, 0, 'key'), rows)).toEqual(['a 4*']);
    expect(found(repeated(2, or('a', 'b'), 1, 'key'), rows)).toEqual(['b 2']);
  });
  test('`per p` means the same for every derived event', () => {
    expect(found(first('a'), rows, { per: 'key' })).toEqual(['a 0', 'a 1']);
    expect(found(follows('a', 'b', 4), rows, { per: 'key' })).toEqual(['b 2']);
  });
  test('of a row without p nothing is derived, but a row it stays', () => {
    expect(found(first('a'), keyed('a 0, a 1 k'), { per: 'key' })).toEqual(['a 1']);
    expect(found(or('a', first('b')), keyed('a 0, b 1, b 2 k'), { per: 'key' })).toEqual(['a 0', 'b 2']);
  });
  test('both: equal in the one and the other', () => {
    const both = [
      { name: 'a', hours: 0, key: 'k', other: 'x' },
      { name: 'a', hours: 1, key: 'k', other: 'y' },
      { name: 'a', hours: 2, key: 'l', other: 'x' },
      { name: 'a', hours: 3, key: 'k', other: 'x' },
    ];
    expect(found(first('a', 'other'), both, { per: 'key' })).toEqual(['a 0', 'a 1', 'a 2']);
  });
  test('`same` is of the event that says so: what it is made of is found in all of the participant’s', () => {
    // The participant's first a is at 0, of k1; the first of k2 isn't it.
    expect(found(follows(first('a'), 'b', 9, 'key'), rows)).toEqual(['b 5']);
  });
});

describe('derived events in each other, `or`, and `where` over them', () => {
  test('the first time that something followed', () => {
    expect(found(first(follows('a', 'b', 2)), history('a 0, b 3, a 4, b 5, b 6'))).toEqual(['b 5']);
  });
  test('what follows an absence: a cart left behind, and bought after all', () => {
    // Left behind at 0 + 2; bought at 5, within 4 h of that. The one at 10 is left behind for good.
    expect(found(follows(thenNo('a', 'b', 2), 'b', 4), history('a 0, b 5, a 10, b 17'))).toEqual(['b 5']);
  });
  test('an absence after an absence', () => {
    // At 2 nobody came back; 3 h later neither.
    expect(found(thenNo(thenNo('a', 'b', 2, 0), 'b', 3, 1), history('a 0, a 10, b 14, x 30'))).toEqual(['a 5*']);
  });
  test('an absence of an absence: that one stood at A + D is up to and including A + D', () => {
    // a 0 is left behind at 2: so c 0 was followed by that.
    expect(found(thenNo('c', thenNo('a', 'b', 2, 0), 2, 1), history('c 0, a 0, x 30'))).toEqual([]);
    expect(found(thenNo('c', thenNo('a', 'b', 2, 1), 2, 0), history('c 0, a 0, x 30'))).toEqual([]);
    expect(found(thenNo('c', thenNo('a', 'b', 3, 0), 2, 1), history('c 0, a 0, x 30'))).toEqual(['c 2*']);
  });
  test('the first absence, and the third within a day', () => {
    expect(found(first(thenNo('a', 'b', 2)), history('a 0, b 1, a 3, a 9, x 20'))).toEqual(['a 5*']);
    expect(found(repeated(2, thenNo('a', 'b', 2), 4), history('a 0, a 6, a 9, x 20'))).toEqual(['a 11*']);
  });
  test('`or`: in order, what is so twice over stands once', () => {
    expect(found(or(first('a'), thenNo('a', 'b', 2), 'b'), history('a 0, a 1, b 9, x 10'))).toEqual(['a 0', 'a 2*', 'a 3*', 'b 9']);
    expect(found(or('a', first('a')), history('a 0, a 1'))).toEqual(['a 0', 'a 1']);
  });
  test('`where` is asked of the row it falls on, for an absence of A’s', () => {
    const rows = [
      { name: 'a', hours: 0, n: 1 },
      { name: 'a', hours: 1, n: 2 },
      { name: 'x', hours: 9 },
    ];
    expect(found(where(thenNo('a', 'b', 3), is('n', 2)), rows)).toEqual(['a 4*']);
    expect(found(where(first('a'), is('n', 2)), rows)).toEqual([]);
    expect(found(first(where('a', is('n', 2))), rows)).toEqual(['a 1']);
  });
});
