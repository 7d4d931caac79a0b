/** Sums and averages of personal data: told where enough people are behind them, and of nobody else. */
import type { JourneyResult } from '@journey/engine';
import { afterAll, expect, it } from 'vitest';
import { call, folderOf, removeFolders } from './harness.ts';

/** Ages 20 to 50; three on the free plan, one on pro; three enter on the 1st, one on the 2nd. */
const DATA = `at,type,user,age,plan
2026-01-01T08:00Z,joined,u1,20,free
2026-01-01T09:00Z,joined,u2,30,free
2026-01-01T10:00Z,joined,u3,40,free
2026-01-02T08:00Z,joined,u4,50,pro
2026-01-03T08:00Z,left,u1,20,free
`;
const definition = (privacy: string, metrics: string) => `source web {
  sample   "web.csv"
  time     at
  event    type
  id       user = user
  property age pii person.age
}
identity customer { id user }
event Young = web.joined where age < 50
${privacy}
journey Onboarding for customer {
  enter on web.joined
  exit  Left on web.left
  keep  seen = last web.joined.age within 1d before entry
  split by plan
  ${metrics}
}
`;
afterAll(removeFolders);

async function journeyOf(privacy: string, metrics: string): Promise<JourneyResult> {
  const cwd = folderOf({ 'web.csv': DATA, 'a.journey': definition(privacy, metrics) });
  const { out } = await call(cwd, 'preview', 'a.journey', '--format', 'json');
  return JSON.parse(out).journeys[0];
}

const METRICS = `metric mean  = avg(web.joined.age)
  metric total = sum(web.joined.age)
  metric daily = avg(web.joined.age) by day
  metric later = avg(web.left.age) + 0
  metric ages  = count(distinct web.joined.age)
  metric old   = max(web.joined.age)
  expect avg(web.joined.age) > 10, else info "young"`;
const measured = (journey: JourneyResult, name: string) => journey.metrics[name].value;
const series = (journey: JourneyResult) => journey.metrics.daily.series!.map(({ period, value }) => [period, value]);
const groups = (journey: JourneyResult, name: string) =>
  Object.fromEntries(journey.splits[0].groups.map(({ value, metrics }) => [value, metrics[name].value]));

it('without `suppress below` none is told, whoever is behind it', async () => {
  const journey = await journeyOf('privacy { purpose analytics }', METRICS);
  for (const name of ['mean', 'total', 'later', 'old']) expect(measured(journey, name), name).toBeNull();
  expect(series(journey)).toEqual([
    ['2026-01-01', null],
    ['2026-01-02', null],
  ]);
  expect(groups(journey, 'mean')).toEqual({ free: null, pro: null });
  expect(journey.expectations[0]).toMatchObject({ ok: null, actual: 'no value' });
  // How many ages there are is none of them.
  expect(measured(journey, 'ages')).toBe(4);
});

it('without a `privacy` block neither', async () => {
  expect(measured(await journeyOf('', METRICS), 'mean')).toBeNull();
});

it('with `suppress below 3` it is told of three people, not of one, nor where one could be worked out', async () => {
  const journey = await journeyOf('privacy { purpose analytics  suppress below 3 }', METRICS);
  expect(measured(journey, 'mean')).toBe(35); // (20 + 30 + 40 + 50) / 4
  expect(measured(journey, 'total')).toBe(140);
  expect(journey.expectations[0].ok).toBe(true); // 35 > 10
  // Of the one who left, and of anybody alone, never; and the three others of a group or day would tell the fourth: 4 * 35 - 3 * 30 = 50.
  expect(measured(journey, 'later')).toBeNull();
  expect(series(journey)).toEqual([
    ['2026-01-01', null],
    ['2026-01-02', null],
  ]);
  expect(groups(journey, 'mean')).toEqual({ free: null, pro: null });
  // The largest is one person's own value of however many.
  expect(measured(journey, 'old')).toBeNull();
});

it('two sums tell nobody apart who is in one of them only', async () => {
  const privacy = 'privacy { purpose analytics  suppress below 3 }';
  // All but the eldest: 140 - 90 = 50 would be the age of one.
  const near = await journeyOf(privacy, 'metric all = sum(web.joined.age)\n  metric most = avg(Young.age)');
  expect([measured(near, 'all'), measured(near, 'most')].filter(value => value !== null)).toHaveLength(1);
  const apart = await journeyOf(privacy, 'metric told = sum(web.joined.age) - sum(Young.age)');
  expect(measured(apart, 'told')).toBeNull();
  // The mean and the sum of the same people are told both.
  const same = await journeyOf(privacy, 'metric all = sum(web.joined.age)\n  metric mean = avg(web.joined.age)');
  expect([measured(same, 'all'), measured(same, 'mean')]).toEqual([140, 35]);
});
