import { describe, expect, test } from 'vitest';
import type { MetricPlan } from '../plan.ts';
import { Zone } from '../read/zone.ts';
import { periodIndex, periodsOf } from './periods.ts';
import { complete, DAY, exitAfter, expr, HOUR, history, type Row, START, simulate, step } from './testing.ts';

type By = Omit<NonNullable<MetricPlan['by']>, 'at'>;
const utc = new Zone();
const berlin = new Zone('Europe/Berlin');
const labels = (grain: By['grain'], zone: Zone, ...times: string[]) =>
  periodsOf(
    Float64Array.from(times, time => Date.parse(time)),
    grain,
    zone,
  ).labels;

describe('periods', () => {
  test.each([
    ['day', ['2026-02-28T23:59:59.999Z', '2026-03-01T00:00:00Z'], ['2026-02-28', '2026-03-01']],
    // Without a gap, in whatever order the times come.
    ['day', ['2026-03-03T12:00:00Z', '2026-03-01T12:00:00Z'], ['2026-03-01', '2026-03-02', '2026-03-03']],
    ['month', ['2025-11-30T12:00:00Z', '2026-02-01T00:00:00Z'], ['2025-11', '2025-12', '2026-01', '2026-02']],
    // 2026-03-01 is a Sunday, the last day of the ninth week.
    ['week', ['2026-03-01T23:59:59Z', '2026-03-02T00:00:00Z'], ['2026-W09', '2026-W10']],
    // 2025-12-29 is the Monday of the week whose Thursday is 2026-01-01; 2027-01-03 is the Sunday of 2026's 53rd.
    ['week', ['2025-12-28T12:00:00Z', '2025-12-29T12:00:00Z'], ['2025-W52', '2026-W01']],
    ['week', ['2027-01-03T12:00:00Z', '2027-01-04T12:00:00Z'], ['2026-W53', '2027-W01']],
    ['day', ['1969-12-31T23:00:00Z'], ['1969-12-31']],
    ['week', ['1969-12-28T12:00:00Z'], ['1969-W52']],
  ] as const)('by %s: %j', (grain, times, expected) => expect(labels(grain, utc, ...times)).toEqual(expected));

  test('a day of Berlin: 23 hours when summer begins, 25 when it ends', () => {
    // 2026-03-29 lasts from 23:00 UTC of the 28th to 22:00 UTC of the 29th.
    expect(labels('day', berlin, '2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00Z')).toEqual(['2026-03-28', '2026-03-29']);
    expect(labels('day', berlin, '2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00Z')).toEqual(['2026-03-29', '2026-03-30']);
    const spring = periodsOf(Float64Array.of(Date.parse('2026-03-29T12:00:00Z')), 'day', berlin).starts;
    expect(spring[1] - spring[0]).toBe(23 * HOUR);
    const autumn = periodsOf(Float64Array.of(Date.parse('2026-10-25T12:00:00Z')), 'day', berlin).starts;
    expect(autumn[1] - autumn[0]).toBe(25 * HOUR);
  });

  test('a month of Berlin begins at 23:00 UTC of the day before, or 22:00 in summer', () => {
    expect(labels('month', berlin, '2026-02-28T22:59:00Z', '2026-02-28T23:00:00Z')).toEqual(['2026-02', '2026-03']);
    expect(labels('month', berlin, '2026-03-31T21:59:00Z', '2026-03-31T22:00:00Z')).toEqual(['2026-03', '2026-04']);
  });

  test('a day without midnight: Beirut goes from 2026-03-28 24:00 to 01:00 at once', () => {
    const starts = periodsOf(Float64Array.of(Date.parse('2026-03-29T12:00:00Z')), 'day', new Zone('Asia/Beirut')).starts;
    expect(new Date(starts[0]).toISOString()).toBe('2026-03-28T22:00:00.000Z');
    expect(starts[1] - starts[0]).toBe(23 * HOUR);
  });

  test('one stray time does not make 300,000 empty days', () => {
    const times = Float64Array.of(Date.parse('1000-01-01T12:00:00Z'), START, START + 2 * DAY);
    const periods = periodsOf(times, 'day', utc);
    expect(periods.labels).toEqual(['1000-01-01', '2026-01-01', '2026-01-03']);
    expect([...periodIndex(times, periods)]).toEqual([0, 1, 2]);
  });

  test('every time lies in the period that bears its name', () => {
    const times = Float64Array.from({ length: 2_000 }, (_, i) => START + i * 13 * HOUR);
    const periods = periodsOf(times, 'day', berlin);
    const of = periodIndex(times, periods);
    const name = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' });
    expect(Array.from(times, (_, i) => periods.labels[of[i]])).toEqual(Array.from(times, time => name.format(time)));
  });
});

const bought = expr({ kind: 'rate', of: step('end', 'Bought'), within: 2 * DAY, ofPeople: false });
const entered = expr({ kind: 'entered' });
const series = (value: typeof bought, by: By, rows: Row[], asOfDays?: number, more = {}) =>
  simulate(
    {
      ends: [complete('Bought', 'buy'), exitAfter('Late', 100 * 24)],
      metrics: { m: value },
      by: { m: by },
      reentry: { policy: 'after exit' },
      ...more,
    },
    rows,
    asOfDays === undefined ? undefined : asOfDays * 24,
  ).metrics.m.series!.map(({ period, value, numerator, denominator, immature }) => [period, value, numerator, denominator, immature]);
const days = (text: string, who: string) => history(text, { who }).map(row => ({ ...row, hours: row.hours * 24 }));

describe('a metric by period', () => {
  /** ann and bob enter on January 1st, ann buys a day later; nobody in February; cy enters on March 2nd (day 60), and buys. */
  const rows = [...days('in 0, buy 1', 'ann'), ...days('in 0.5', 'bob'), ...days('in 60, buy 61', 'cy')];

  test('by entry: every month from the first to the last, one without runs has no rate and 0 entries', () => {
    expect(series(bought, { grain: 'month', of: 'entry' }, rows, 70)).toEqual([
      ['2026-01', 0.5, 1, 2, 0],
      ['2026-02', null, 0, 0, 0],
      ['2026-03', 1, 1, 1, 0],
    ]);
    expect(series(entered, { grain: 'month', of: 'entry' }, rows, 70).map(([, value]) => value)).toEqual([2, 0, 1]);
  });

  test('maturity stands beside each: as of day 62 cy, who entered on day 60, is too young for two days', () => {
    expect(series(bought, { grain: 'month', of: 'entry' }, rows, 62).at(-1)).toEqual(['2026-03', null, 0, 0, 1]);
  });

  test('by end: the runs that ended in it; an open one is in none', () => {
    expect(series(entered, { grain: 'week', of: 'end' }, rows, 70)).toEqual([
      ['2026-W01', 1, null, null, null], // ann on January 2nd, a Friday
      ...['02', '03', '04', '05', '06', '07', '08', '09'].map(week => [`2026-W${week}`, 0, null, null, null]),
      ['2026-W10', 1, null, null, null], // cy on March 3rd
    ]);
  });

  test('in the declared zone', () => {
    const late = [{ name: 'in', hours: 23.5 }];
    expect(series(entered, { grain: 'day', of: 'entry' }, late)[0][0]).toBe('2026-01-01');
    expect(series(entered, { grain: 'day', of: 'entry', zone: 'Europe/Berlin' }, late)[0][0]).toBe('2026-01-02');
  });

  test('active: open at the end of each month; of the last, as of now', () => {
    // January's end: bob. February's: bob. As of day 60.5: bob and cy.
    expect(series(expr({ kind: 'active' }), { grain: 'month', of: 'open' }, rows, 60.5).map(([period, value]) => [period, value])).toEqual([
      ['2026-01', 1],
      ['2026-02', 1],
      ['2026-03', 2],
    ]);
  });

  test('at the end of a day, what ended with its last millisecond is over, by an event; what a clock ends then is open still', () => {
    const end = 24 - 1 / HOUR;
    const active = (text: string, more = {}) =>
      series(expr({ kind: 'active' }), { grain: 'day', of: 'open' }, history(text), 1.5, more).map(([, value]) => value);
    expect(active('in 0, buy 24')).toEqual([1, 0]);
    expect(active(`in 0, buy ${end}`)).toEqual([0, 0]);
    expect(active('in 0, z 36', { ends: [exitAfter('Late', end)] })).toEqual([1, 0]);
    expect(active(`in 0, z 36`, { ends: [exitAfter('Late', end - 1 / HOUR)] })).toEqual([0, 0]);
  });

  test('what is open can be divided like anything else', () => {
    const share = expr({ kind: 'arithmetic', op: '/', left: expr({ kind: 'active' }), right: expr({ kind: 'people' }) });
    // bob enters twice, with a purchase between: as of each day's end one run is open, his.
    const twice = days('in 0, buy 0.1, in 0.2, z 1.5', 'bob');
    expect(series(share, { grain: 'day', of: 'open' }, twice).map(([, value]) => value)).toEqual([1, 1]);
  });

  test('arithmetic of other metrics is done in each period', () => {
    const half = expr({
      kind: 'arithmetic',
      op: '/',
      left: expr({ kind: 'metric', name: 'all' }),
      right: expr({ kind: 'number', value: 2 }),
    });
    expect(
      series(half, { grain: 'month', of: 'entry' }, rows, 70, { metrics: { all: entered, m: half } }).map(([, value]) => value),
    ).toEqual([1, 0, 0.5]);
  });

  test('attempts count in the period they were made in, also where nobody entered', () => {
    const attempts = expr({ kind: 'attempts' });
    const again = days('in 0, in 1, in 40', 'ann');
    expect(series(attempts, { grain: 'month', of: 'entry' }, again).map(([period, value]) => [period, value])).toEqual([
      ['2026-01', 2],
      ['2026-02', 1],
    ]);
    expect(series(expr({ kind: 'rejected' }), { grain: 'month', of: 'entry' }, again).map(([, value]) => value)).toEqual([1, 1]);
  });

  test('without runs there is no period', () => {
    for (const of of ['entry', 'end', 'open'] as const) expect(series(entered, { grain: 'day', of }, history('z 0'))).toEqual([]);
  });
});

describe('retention', () => {
  /** Of [entry + 24 h, entry + 48 h). */
  const measured = (rows: Row[], asOf = 100, more = {}) => {
    const metrics = { m: expr({ kind: 'retention', from: DAY, to: 2 * DAY }) };
    const { value, numerator, denominator, immature } = simulate({ metrics, ...more }, rows, asOf).metrics.m;
    return [value, numerator, denominator, immature];
  };

  test('the first instant of the window counts, the last doesn’t', () => {
    expect(measured(history('in 0, z 24'))).toEqual([1, 1, 1, 0]);
    expect(measured(history('in 0, z 47.99'))).toEqual([1, 1, 1, 0]);
    expect(measured(history('in 0, z 48'))).toEqual([0, 0, 1, 0]);
    expect(measured(history('in 0, z 23.99'))).toEqual([0, 0, 1, 0]);
  });

  test('what was done to the customer is no sign of life', () => {
    expect(measured([...history('in 0'), ...history('mail 30', { passive: true })])).toEqual([0, 0, 1, 0]);
    expect(measured([...history('in 0, z 31'), ...history('mail 30', { passive: true })])).toEqual([1, 1, 1, 0]);
  });

  test('a run whose window has not passed counts on neither side, and is told', () => {
    // bob enters at 60: 60 + 48 = 108 is not before 108, but it is before 109.
    const rows = [...history('in 0, z 30', { who: 'ann' }), ...history('in 60, z 90', { who: 'bob' })];
    expect(measured(rows, 108)).toEqual([1, 1, 1, 1]);
    expect(measured(rows, 109)).toEqual([1, 2, 2, 0]);
  });

  test('the participant’s events count, also outside the run, of another key, or of somebody else not', () => {
    const ended = { ends: [complete('Bought', 'buy')] };
    expect(measured(history('in 0, buy 1, z 30'), 100, ended)).toEqual([1, 1, 1, 0]);
    expect(measured([...history('in 0', { order: 'a' }), ...history('z 30', { order: 'b' })], 100, { per: 'order' })).toEqual([1, 1, 1, 0]);
    expect(measured([...history('in 0', { who: 'ann' }), ...history('z 30', { who: 'bob' })])).toEqual([0, 0, 1, 0]);
  });
});
