/** Who is one participant: linking by hand, and shuffled. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Dictionary } from '../read/dictionary.ts';
import { linkParticipants } from './link.ts';
import type { IdColumn } from './nodes.ts';

const KINDS = ['user', 'email', 'device'];
/** Time, then ids by kind. */
type Row = { time: number; user?: string; email?: string; device?: string };

/** Participant labels by row, in the order of the rows given. */
function labels(rows: Row[]): (string | null)[] {
  const order = rows.map((_, i) => i).sort((a, b) => rows[a].time - rows[b].time || a - b);
  const columns = KINDS.map((name, kind): IdColumn => {
    const dictionary = new Dictionary();
    const codes = Int32Array.from(rows, row => {
      const value = row[name as 'user'];
      return value === undefined ? -1 : dictionary.addText(value);
    });
    return { source: 0, kind, codes, dictionary };
  });
  const time = Float64Array.from(order, i => rows[i].time);
  const { of, label } = linkParticipants(
    { count: rows.length, time, source: new Uint16Array(rows.length), row: Uint32Array.from(order) },
    KINDS,
    columns,
  );
  const result: (string | null)[] = [];
  order.forEach((row, p) => {
    result[row] = of[p] < 0 ? null : label(of[p]);
  });
  return result;
}

test('rows that share an id are one participant, named by its strongest', () => {
  expect(
    labels([
      { time: 1, device: 'd1' },
      { time: 2, device: 'd1', user: 'u1' },
      { time: 3, device: 'd2', email: 'a@x' },
      { time: 4, email: 'a@x', user: 'u1' },
      { time: 5, device: 'd3' },
      { time: 6 },
    ]),
  ).toEqual(['user u1', 'user u1', 'user u1', 'user u1', 'device d3', null]);
});

test('equal values of different kinds are different ids', () => {
  expect(
    labels([
      { time: 1, user: '7' },
      { time: 2, device: '7' },
    ]),
  ).toEqual(['user 7', 'device 7']);
});

test('of several ids of the strongest kind the earliest names the participant, then the smallest', () => {
  expect(
    labels([
      { time: 1, user: 'u9', device: 'd' },
      { time: 2, user: 'u1', device: 'd' },
    ]),
  ).toEqual(['user u9', 'user u9']);
  expect(
    labels([
      { time: 1, user: 'u9', device: 'd' },
      { time: 1, user: 'u1', device: 'd' },
    ]),
  ).toEqual(['user u1', 'user u1']);
});

test('the order of rows decides nothing', () => {
  const id = (prefix: string) =>
    fc.option(
      fc.integer({ min: 0, max: 6 }).map(n => `${prefix}${n}`),
      { nil: undefined },
    );
  const row = fc.record({ time: fc.integer({ min: 0, max: 5 }), user: id('u'), email: id('e'), device: id('d') });
  const rows = fc.array(row, { maxLength: 25 });
  fc.assert(
    fc.property(rows, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (original, random) => {
      const place = original.map(() => random.next().value);
      const shuffle = original.map((_, i) => i).sort((a, b) => place[a] - place[b]);
      const shuffled = labels(shuffle.map(i => original[i]));
      const back: (string | null)[] = [];
      shuffle.forEach((i, at) => {
        back[i] = shuffled[at];
      });
      expect(back).toEqual(labels(original));
    }),
  );
});

test('a star and a chain stay fast', () => {
  const star = Array.from({ length: 50_000 }, (_, i): Row => ({ time: i, user: 'u', device: `d${i}` }));
  const chain = Array.from({ length: 50_000 }, (_, i): Row => ({ time: i, email: `e${i}`, device: `d${i}` })).flatMap((row, i) => [
    row,
    { time: row.time, email: `e${i + 1}`, device: `d${i}` },
  ]);
  const started = performance.now();
  expect(new Set(labels(star)).size).toBe(1);
  expect(new Set(labels(chain.reverse())).size).toBe(1);
  expect(performance.now() - started).toBeLessThan(5000);
});
