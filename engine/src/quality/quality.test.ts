import { expect, it } from 'vitest';
import type { MetricExpr, SourcePlan } from '../plan.ts';
import { at, column, compare, doubts, journey, literal, plan, preview, rows, source } from '../testing.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 2); // a Monday
const csv = (header: string, lines: string[]) => [header, ...lines].join('\n');
const time = (instant: number) => new Date(instant).toISOString();
const web = (more: Partial<SourcePlan> = {}) => source('web', 'web*.csv', more);

/** One event an hour for 30 days but for those left out. */
const hourly = (leftOut: (hour: number) => boolean) =>
  Array.from({ length: 30 * 24 }, (_, hour) => hour)
    .filter(hour => !leftOut(hour))
    .map(hour => `${time(START + hour * HOUR)},view,u${hour % 7}`);

async function web1(lines: string[], more: Partial<SourcePlan> = {}, asOf?: number) {
  const { result, problems } = await preview({ 'web.csv': csv('time,event,user', lines) }, plan([web(more)]), { asOf });
  return { ...result.sources.web, problems };
}

it('a gap is a wait far longer than usual: hours for a source that never sleeps', async () => {
  // 9 of 720 hours are missing: from hour 99 to hour 109 it waits 10 h, where it usually waits 1 h.
  expect((await web1(hourly(hour => hour >= 100 && hour < 109))).gaps).toEqual([{ from: START + 99 * HOUR, to: START + 109 * HOUR }]);
  // A wait of 6 h is not longer than 6 h.
  expect((await web1(hourly(hour => hour >= 100 && hour < 105))).gaps).toEqual([]);
});

it('nights and weekends are no gaps, a week without an event is one', async () => {
  // 9 to 17 o'clock, Monday to Friday: the weekend's wait of 64 h ends on one day in five, so that it is usual.
  const open = (hour: number) => hour % 24 >= 9 && hour % 24 <= 17 && Math.floor(hour / 24) % 7 < 5;
  expect((await web1(hourly(hour => !open(hour)))).gaps).toEqual([]);
  // At night only: the usual wait is 16 h, and two days without any make 64 h, more than three times as long.
  const day = (hour: number) => hour % 24 >= 9 && hour % 24 <= 17;
  const closed = (hour: number) => hour >= 10 * 24 && hour < 12 * 24;
  expect((await web1(hourly(hour => !day(hour) || closed(hour)))).gaps).toEqual([
    { from: START + (9 * 24 + 17) * HOUR, to: START + (12 * 24 + 9) * HOUR },
  ]);
});

it('what is usual is what is so around it: a source that grows began with waits of days', async () => {
  // An event every second day for 30 days, then ten a day for 150: of 164 longest waits 15 are long, not one in ten.
  const instants = [
    ...Array.from({ length: 15 }, (_, i) => START + i * 2 * DAY),
    ...Array.from({ length: 1500 }, (_, i) => START + 30 * DAY + i * 2.4 * HOUR),
  ];
  const without = (from: number, to: number) =>
    instants.filter(at => !(at > START + from * DAY && at < START + to * DAY)).map(at => `${time(at)},view,u1`);
  // 4 days at the beginning are twice the usual there; 4 days later on are not.
  expect((await web1(without(6, 10))).gaps).toEqual([]);
  expect((await web1(without(100, 104))).gaps).toEqual([{ from: START + 100 * DAY, to: START + 104 * DAY }]);
});

it('a source that falls silent has a gap up to as-of; few days say nothing of what is usual', async () => {
  const lines = hourly(() => false);
  expect((await web1(lines, {}, START + 40 * DAY)).gaps).toEqual([{ from: START + 719 * HOUR, to: START + 40 * DAY }]);
  expect((await web1(lines.slice(0, 5 * 24), {}, START + 40 * DAY)).gaps).toEqual([]);
});

it('late rows stand below rows that are more than a day newer, in files that are otherwise in order', async () => {
  const lines = hourly(() => false);
  const late = [...lines.slice(0, 200), lines[150], lines[175], lines[10], ...lines.slice(200)];
  // Of the three, hours 150 and 10 are more than 24 h before hour 199; hour 175 is exactly 24 h before it.
  expect((await web1(late)).late).toBe(2);
  expect((await web1([...lines].reverse())).late).toBe(0);
  // A stray time far ahead makes all below it late, and so none; cut off, it does no harm.
  const stray = [...lines.slice(0, 700), '2031-01-01T00:00:00Z,view,u1', ...lines.slice(700), lines[3]];
  expect((await web1(stray)).late).toBe(21);
  expect((await web1(stray, { time: { ...web().time, until: START + 60 * DAY } })).late).toBe(1);
  expect((await web1(stray, {}, START + 60 * DAY)).late).toBe(1);
});

it('later rows are after as-of', async () => {
  const lines = hourly(() => false);
  // Hours 0 to 240 are at or before the tenth day's midnight; 720 - 241 are later.
  expect(await web1(lines, {}, START + 10 * DAY)).toMatchObject({ events: 241, later: 479 });
  expect(await web1(lines)).toMatchObject({ events: 720, later: 0 });
});

const onPlan = (event: string) => rows('web', event, compare('=', column('plan'), literal('pro')));
const withPlan = (of = onPlan('signup')) => plan([web()], { journeys: [journey(of)] });
/** 10 sign-ups a day for 20 days, and 20 views without any plan. */
const days = (planOf: (day: number) => string, from = 0, to = 20) =>
  Array.from({ length: to - from }, (_, i) => from + i).flatMap(day =>
    Array.from({ length: 30 }, (_, i) =>
      i < 10 ? `${time(START + day * DAY + i)},signup,u${i},${planOf(day)}` : `${time(START + day * DAY + i)},view,u${i},`,
    ),
  );
const withHeader = (lines: string[]) => csv('time,event,user,plan', lines);
const drifts = async (contents: Record<string, string>) =>
  (await doubts(contents, withPlan()))
    .filter(({ code }) => code.startsWith('property-'))
    .map(({ code, severity, message }) => ({ code, severity, message }));

it('a property that goes missing is told with the day; what other events lack is not', async () => {
  expect(await drifts({ 'web.csv': withHeader(days(day => (day < 12 ? 'pro' : ''))) })).toEqual([
    {
      code: 'property-goes-missing',
      severity: 'warning',
      message: '"plan" is missing on 0% of the rows at first, and on 100% from 2026-03-14 on: conditions on it miss what comes later',
    },
  ]);
  expect(await drifts({ 'web.csv': withHeader(days(() => 'pro')) })).toEqual([]);
  // Every second sign-up without a plan is no drift.
  expect(await drifts({ 'web.csv': withHeader(days(day => (day % 2 ? 'pro' : ''))) })).toEqual([]);
});

it('a property that changes type is told with the day, and with the file that begins with it', async () => {
  const [first, second] = [days(() => '17', 0, 12), days(() => 'pro', 12)];
  const message = '"plan" is a number at first and a text from 2026-03-14 on';
  expect(await drifts({ 'web.csv': withHeader([...first, ...second]) })).toEqual([
    { code: 'property-changes-type', severity: 'warning', message: `${message}: a comparison that fits the one misses the other` },
  ]);
  expect(await drifts({ 'web-1.csv': withHeader(first), 'web-2.csv': withHeader(second) })).toEqual([
    {
      code: 'property-changes-type',
      severity: 'warning',
      message: `${message}, with web-2.csv: a comparison that fits the one misses the other`,
    },
  ]);
});

it('a day-grained source is why a run is uncertain that is certain without its ties', async () => {
  const crm = source('crm', 'crm.csv');
  const stage = (name: string, of: string) => ({ name, at: at(), nameAt: at(), on: rows(of, name) });
  const of = plan([web(), crm], {
    journeys: [{ ...journey(rows('web', 'in')), stages: [stage('look', 'web'), stage('cart', 'web'), stage('call', 'crm')] }],
  });
  const hit = (event: string, user: string, hour: number) =>
    `2026-03-0${1 + Math.floor(hour / 24)}T${String(hour % 24).padStart(2, '0')}:00,${event},${user}`;
  const { result } = await preview(
    {
      'web.csv': csv('time,event,user', [
        // u1 looks on the day of the call; u2 looks and fills the cart at one instant, and is called that day too; u3 neither.
        ...[hit('in', 'u1', 1), hit('look', 'u1', 30)],
        ...[hit('in', 'u2', 1), hit('look', 'u2', 30), hit('cart', 'u2', 30)],
        ...[hit('in', 'u3', 1), hit('look', 'u3', 30)],
      ]),
      'crm.csv': csv('time,event,user', ['2026-03-02,call,u1', '2026-03-02,call,u2', '2026-03-03,call,u3']),
    },
    of,
  );
  expect(result.journeys[0]).toMatchObject({ entered: 3, ambiguous: 2, ambiguousBy: { crm: 1 } });
  const exact = await preview({ 'web.csv': csv('time,event,user', [hit('in', 'u1', 1)]), 'crm.csv': csv('time,event,user', []) }, of);
  expect(exact.result.journeys[0].ambiguousBy).toBeUndefined();
});

it('what a file expects of its sources is judged like a journey: count and share', async () => {
  const quality = (of: 'rows' | 'unreadable' | 'duplicates'): MetricExpr => ({ kind: 'quality', source: 'web', of, at: at() });
  const share = (value: number): MetricExpr => ({
    kind: 'shareOf',
    share: { kind: 'percent', value, at: at() },
    of: quality('rows'),
    at: at(),
  });
  const expects = (left: MetricExpr, op: '<' | '=', right: MetricExpr) => ({
    text: 'as written',
    at: at(7),
    condition: { kind: 'compare' as const, op, left, right, at: at() },
    severity: 'error' as const,
  });
  const zero: MetricExpr = { kind: 'number', value: 0, at: at() };
  const lines = ['2026-03-02,a,u1', 'soon,a,u1', '2026-03-03,a,u2', '2026-03-04,a,u2'];
  const of = plan([web()], {
    expects: [expects(quality('unreadable'), '<', share(0.01)), expects(quality('duplicates'), '=', zero)],
    journeys: [
      {
        ...journey(rows('web', 'a')),
        metrics: [{ name: 'bad', at: at(), nameAt: at(), value: quality('unreadable') }],
        expects: [expects(quality('unreadable'), '<', share(0.5))],
      },
    ],
  });
  const { result } = await preview({ 'web.csv': csv('time,event,user', lines) }, of);
  // One of four rows.
  expect(result.expectations.map(({ ok, actual }) => [ok, actual])).toEqual([
    [false, '25% (1 of 4)'],
    [true, '0'],
  ]);
  expect(result.journeys[0].metrics.bad).toMatchObject({ value: 1, quantity: 'count' });
  expect(result.journeys[0].expectations.map(({ ok }) => ok)).toEqual([true]);
  // Without a file nothing can be said.
  const without = await preview({}, of);
  expect(without.result.expectations.map(({ ok, actual }) => [ok, actual])).toEqual([
    [null, 'no value'],
    [null, 'no value'],
  ]);
});
