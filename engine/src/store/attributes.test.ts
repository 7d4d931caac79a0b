import { expect, test } from 'vitest';
import type { Expr, Plan, SegmentExpr } from '../plan.ts';
import type { JourneyResult } from '../result.ts';
import { at, column, compare, journey, literal, people, plan, preview, ref, rows, source, table } from '../testing.ts';

/** u1 has two ids, of which the table knows the e-mail first; u2's age is missing; u3 is not in the table. */
const FILES = {
  'a.csv': `event,time,user,email,limit
in,2026-01-01,u1,u1@example.org,30
in,2026-01-02,u2,,30
in,2026-01-03,u3,,30
`,
  'profiles.csv': 'id,age,town\nu9,80,Ulm\nu1@example.org,25,Bonn\nu2,,Köln\nu1@example.org,99,Trier\n',
};
const profiles = (kind: string) => {
  const plain = table('profiles', 'profiles.csv', 'id');
  return { ...plain, key: { ...plain.key, idKind: kind } };
};

async function simulated(condition: Expr, kind = 'email'): Promise<JourneyResult> {
  const test: SegmentExpr = { kind: 'test', expr: condition, at: at() };
  const of: Plan = plan([source('a', 'a.csv', { ids: ['user', 'email'].map(id => ({ kind: id, value: column(id), at: at() })) })], {
    tables: [profiles(kind)],
    identities: [people('user', 'email')],
    segments: [{ name: 'S', at: at(), nameAt: at(), condition: test, text: '' }],
    journeys: [
      {
        ...journey(rows('a', 'in')),
        splits: [
          { kind: 'segment', name: 'S', at: at(), text: 'S' },
          { kind: 'attribute', column: ref('town', 'profiles'), at: at(), text: 'profiles.town' },
        ],
      },
    ],
  });
  return (await preview(FILES, of)).result.journeys[0];
}
const counted = async (condition: Expr, kind?: string) => {
  const { runs, not, unknown } = (await simulated(condition, kind)).segments.S;
  return [runs, not, unknown];
};
const age = column('age', 'profiles');

test('a table keyed by an id tells of the participant: the first row of any of the ids', async () => {
  // By e-mail: u1 is 25 (not 99, which a later row says), u2 and u3 are not found.
  expect(await counted(compare('<', age, literal(30)))).toEqual([1, 0, 2]);
  expect(await counted(compare('>', age, literal(30)))).toEqual([0, 1, 2]);
  // By user: u2 is found, without an age.
  expect(await counted(compare('<', age, literal(30)), 'user')).toEqual([0, 0, 3]);
});

test('what only is asked whether it is there leaves nothing unknown', async () => {
  expect(await counted({ kind: 'isNull', operand: age, negated: false, at: at() })).toEqual([2, 1, 0]);
  expect(await counted({ kind: 'isNull', operand: age, negated: true, at: at() })).toEqual([1, 2, 0]);
});

test('a missing value unlike another is met, as in every condition', async () => {
  expect(await counted(compare('!=', age, literal(25)))).toEqual([2, 1, 0]);
});

test('an attribute beside a property of the entry event', async () => {
  expect(await counted(compare('<', age, column('limit')))).toEqual([1, 0, 2]);
  expect(await counted(compare('=', column('user'), literal('u3')))).toEqual([1, 2, 0]);
});

test('a split by an attribute: who is not in the table is unknown', async () => {
  const split = async (kind: string) =>
    (await simulated(literal(true), kind)).splits[1].groups.map(({ value, kind, entered }) => [value, kind, entered]);
  expect(await split('email')).toEqual([
    ['Bonn', 'value', 1],
    ['unknown', 'unknown', 2],
  ]);
  expect(await split('user')).toEqual([
    ['Köln', 'value', 1],
    ['unknown', 'unknown', 2],
  ]);
});
