import { expect, test } from 'vitest';
import { emptyPlan } from '../plan.ts';
import { ACTIVE, BECAME, REPEATED, TOUCHED } from './columns.ts';
import { foldJourney } from './fold.ts';
import { checkInvariants } from './invariants.ts';
import { complete, DAY, events, exitAfter, HOUR, history, journey, START } from './testing.ts';

const shop = journey({
  stages: { Look: ['look', 'both'], Cart: ['both'] },
  ends: [complete('Bought', 'buy'), exitAfter('Late', 24)],
  reentry: { policy: 'after exit' },
});
const fold = () =>
  foldJourney(
    shop,
    emptyPlan(),
    events([
      ...history('in 0, look 1, look 2, both 3, in 4, buy 5, in 6'),
      ...history('look 1, in 2', { who: 'bob' }),
      ...history('other 50'),
    ]),
    START + 40 * HOUR,
  );

test('runs, visits and rejections come as columns, sorted by instance and time', () => {
  const { runs, visits, rejections, timeline, attempts } = fold();
  const hours = (slots: Int32Array) => Array.from(slots, slot => (timeline.time[slot] - START) / HOUR);
  expect(attempts).toBe(4);
  // ann 0–5 and 6–30, bob 2–26: clocks of 24 h, all of them before T = 40.
  expect([...runs.instance]).toEqual([0, 0, 1]);
  expect(hours(runs.entry)).toEqual([0, 6, 2]);
  expect(Array.from(runs.end, end => (end - START) / HOUR)).toEqual([5, 30, 26]);
  expect([...runs.endRule]).toEqual([0, 1, 1]);
  expect(Array.from(runs.endedBy, slot => (slot < 0 ? null : (timeline.time[slot] - START) / HOUR))).toEqual([5, null, null]);
  expect(hours(visits.slot)).toEqual([1, 2, 3, 3]);
  expect([...visits.stage]).toEqual([0, 0, 0, 1]);
  expect([...visits.kind]).toEqual([BECAME, REPEATED, TOUCHED, BECAME]);
  expect([...runs.visitFrom]).toEqual([0, 4, 4, 4]);
  expect(hours(rejections.slot)).toEqual([4]);
});

test('what is open at T has no end', () => {
  const open = foldJourney(shop, emptyPlan(), events(history('in 0')), START + DAY);
  expect(open.runs.endRule[0]).toBe(ACTIVE);
  expect(open.runs.end[0]).toBeNaN();
});

test('a broken invariant names the journey and the numbers', () => {
  expect(() => checkInvariants(shop, fold())).not.toThrow();
  const miscounted = { ...fold(), attempts: 5 };
  expect(() => checkInvariants(shop, miscounted)).toThrow(/journey Test .* 5 attempts are not 3 entries and 1 rejections/);
  const overlapping = fold();
  overlapping.runs.end[0] = START + 7 * HOUR; // the next run of ann begins at 6
  expect(() => checkInvariants(shop, overlapping)).toThrow(/run 1 is entered at .* while the run before it lasts/);
  const outside = fold();
  outside.runs.end[0] = START + 2 * HOUR; // she was in Cart at 3
  expect(() => checkInvariants(shop, outside)).toThrow(/lies outside run 0/);
});
