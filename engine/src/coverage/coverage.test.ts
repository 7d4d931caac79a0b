import { expect, it } from 'vitest';
import type { JourneyPlan, Plan, ScenarioPlan } from '../plan.ts';
import { at, engineOver, filesOf, journey, plan, rows, source } from '../testing.ts';
import type { Coverage } from './types.ts';

const HOUR = 3_600_000;
const rule = (name: string, line: number) => ({ name, at: at(line), nameAt: at(line) });
const event = (name: string) => ({ kind: 'event' as const, on: rows('web', name), forAll: false });
const buying: JourneyPlan = {
  ...journey(rows('web', 'joined')),
  enters: [
    { ...rule('Joined', 1), on: rows('web', 'joined') },
    { ...rule('Again', 2), on: rows('web', 'joined') },
  ],
  stages: [{ ...rule('Looking', 3), on: rows('web', 'viewed') }],
  ends: [
    { ...rule('Bought', 4), kind: 'complete', trigger: event('bought') },
    { ...rule('Refused', 5), kind: 'exit', trigger: event('refused') },
    { ...rule('Gone', 6), kind: 'exit', trigger: { kind: 'after', duration: 48 * HOUR } },
  ],
};
const scenario: ScenarioPlan = {
  title: 'refused',
  at: at(20),
  titleAt: at(20),
  rows: ['joined', 'refused'].map((name, i) => ({
    at: at(21 + i),
    time: i * HOUR,
    source: 'web',
    event: name,
    fields: [{ path: ['user'], idKind: 'user', value: 'a', at: at() }],
  })),
  claims: [{ at: at(23), text: 'J exited 1', journey: 'J', parts: [{ kind: 'exited', count: 1, at: at(23) }] }],
};

async function coverage(events: string, scenarios: ScenarioPlan[] = []): Promise<Coverage> {
  const engine = engineOver(filesOf({ 'web.csv': `time,event,user\n${events}` }));
  const of: Plan = plan([source('web', 'web.csv')], { journeys: [buying], scenarios });
  try {
    return await engine.coverage(of);
  } finally {
    engine.dispose();
  }
}
// ann buys; bob looks, and three days later cid joins, by when bob is gone.
const SAMPLE = [
  '2026-03-01T10:00Z,joined,ann',
  '2026-03-01T11:00Z,bought,ann',
  '2026-03-01T12:00Z,joined,bob',
  '2026-03-01T13:00Z,viewed,bob',
  '2026-03-04T10:00Z,joined,cid',
].join('\n');

it('of every rule: how often the sample takes it, and what would change without it', async () => {
  const { rules, score } = await coverage(SAMPLE);
  expect(rules.map(({ rule, kind, takenInSample, matters, at }) => [rule, kind, takenInSample, matters, at.start.line])).toEqual([
    ['Joined', 'enter', 3, true, 1],
    // Shadowed by Joined, and nothing would be missed.
    ['Again', 'enter', 0, false, 2],
    ['Looking', 'stage', 1, true, 3],
    ['Bought', 'complete', 1, true, 4],
    ['Refused', 'exit', 0, false, 5],
    ['Gone', 'exit', 1, true, 6],
  ]);
  // 4 of 6
  expect(score).toBeCloseTo(4 / 6);
});

it('says which numbers, its own last', async () => {
  const { rules } = await coverage(SAMPLE);
  const changes = (name: string) => rules.find(each => each.rule === name)!.changes;
  // Without Bought ann is gone after two days, as bob is.
  expect(changes('Bought')).toEqual(expect.arrayContaining(['completed 1 → 0', 'exits Gone 1 → 2', 'exits Bought 1 → 0']));
  expect(changes('Bought').at(-1)).toContain('Bought');
  // Without Joined all three enter by Again: nobody is lost.
  expect(changes('Joined')).toEqual(expect.arrayContaining(['entries Again 0 → 3', 'entries Joined 3 → 0']));
  expect(changes('Joined')).not.toContain('entered 3 → 0');
  expect(changes('Again')).toEqual([]);
});

it('scenarios exercise rules too: without them a claim fails', async () => {
  const { rules, score } = await coverage(SAMPLE, [scenario]);
  const refused = rules.find(each => each.rule === 'Refused')!;
  expect(refused).toMatchObject({ takenInSample: 0, takenInScenarios: 1, matters: true, changes: ['scenario "refused": J exited 1'] });
  expect(score).toBeCloseTo(5 / 6);
});

it('without a sample the scenarios alone count', async () => {
  const { rules } = await coverage('', [scenario]);
  expect(rules.map(({ rule, takenInScenarios, matters }) => [rule, takenInScenarios, matters])).toEqual([
    // Without Joined the scenario enters by Again, and its claim holds as well.
    ['Joined', 1, false],
    ['Again', 0, false],
    ['Looking', 0, false],
    ['Bought', 0, false],
    ['Refused', 1, true],
    ['Gone', 0, false],
  ]);
});

it('the score of a definition without rules is that nothing is missing', async () => {
  const engine = engineOver(filesOf({}));
  expect(await engine.coverage(plan([]))).toEqual({ rules: [], score: 1 });
  engine.dispose();
});

it('an expectation on the rows of a source is held as it is in a preview', async () => {
  const quality = { kind: 'quality' as const, source: 'web', of: 'rows' as const, at: at() };
  const asked: JourneyPlan = {
    ...buying,
    metrics: [
      { ...rule('perRow', 7), value: { kind: 'arithmetic', op: '/', left: { kind: 'entered', at: at() }, right: quality, at: at() } },
    ],
  };
  const engine = engineOver(filesOf({ 'web.csv': `time,event,user\n${SAMPLE}` }));
  const { rules } = await engine.coverage(plan([source('web', 'web.csv')], { journeys: [asked] }));
  engine.dispose();
  // Five rows; three enter, and without either rule to enter by the other lets the same three in: 0.6 stays 0.6. Without Gone nobody is lost either.
  const changes = rules.flatMap(row => row.changes.filter(change => change.startsWith('metrics perRow')));
  expect(changes).toEqual([]);
  const only = engineOver(filesOf({ 'web.csv': `time,event,user\n${SAMPLE}` }));
  const alone = await only.coverage(plan([source('web', 'web.csv')], { journeys: [{ ...asked, enters: asked.enters.slice(0, 1) }] }));
  only.dispose();
  // 3 of 5 rows enter, and none without the only rule.
  expect(alone.rules[0].changes).toContain('metrics perRow 0.6 → 0');
});
