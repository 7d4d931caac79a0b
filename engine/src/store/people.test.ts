/** Identity rules over files: conditions on ids in SQL, what a preview tells, what stays while rules are edited. */
import { expect, test } from 'vitest';
import type { Expr, IdentityPlan } from '../plan.ts';
import { at, column, compare, engineOver, filesOf, journey, literal, people, plan, rows, source } from '../testing.ts';

const lines = (...all: string[]) => `${all.join('\n')}\n`;
// d0 is shared by three; NULL, 000 and test@x stand for nobody.
const FILES = {
  'web.csv': lines(
    'time,event,user,device',
    '2026-01-01,seen,u1,d0',
    '2026-01-02,seen,u2,d0',
    '2026-01-03,seen,u3,d0',
    '2026-01-04,seen,,d0',
    '2026-01-05,seen,NULL,d1',
    '2026-01-06,seen,NULL,d2',
    '2026-01-07,seen,,000',
    '2026-01-08,seen,,',
  ),
  'shop.csv': lines('time,event,mail,device', '2026-01-02,seen,test@x,d1', '2026-01-03,seen,ann@x,d2', '2026-01-04,seen,ann@x,000'),
};
const value = column('value');
const matching = (regex: string): Expr => ({ kind: 'matches', negated: false, operand: value, regex, flags: '', at: at() });
const ignore = (where: Expr, ...kinds: string[]): IdentityPlan['ignores'][number] => ({ at: at(7), text: '', kinds, where });
const KINDS = ['user', 'email', 'device'];

function planOf(rules: Partial<IdentityPlan>) {
  const ids = (...kinds: [string, string][]) => kinds.map(([kind, name]) => ({ kind, value: column(name), at: at() }));
  return plan(
    [
      source('web', 'web.csv', { ids: ids(['user', 'user'], ['device', 'device']) }),
      source('shop', 'shop.csv', { ids: ids(['email', 'mail'], ['device', 'device']) }),
    ],
    { identities: [{ ...people(...KINDS), ...rules }], journeys: [journey(rows('web', 'seen'))] },
  );
}

test('ids are ignored by conditions over their value, whichever source they come from', async () => {
  const engine = engineOver(filesOf(FILES));
  const told = async (rules: Partial<IdentityPlan>) => (await engine.preview(planOf(rules))).result.identities.customer;
  // All of u1, u2, u3 over d0; NULL with d1, d2, 000, test@x and ann@x.
  expect(await told({})).toMatchObject({ customers: 2, ignored: 0, ignoredBy: [] });
  const ignores = [
    ignore(matching('^(null|NULL|0+)$'), ...KINDS),
    ignore({ kind: 'like', negated: false, ignoreCase: false, operand: value, pattern: 'test%', at: at() }, 'email'),
    ignore(compare('<', { kind: 'call', fn: 'length', args: [value], at: at() }, literal(2)), 'device'),
  ];
  // d0 with its users; d1 (with test@x left out); d2 and ann@x. The row of 000 alone is nobody's.
  expect(await told({ ignores })).toMatchObject({
    customers: 3,
    ignored: 1,
    ignoredBy: [
      // NULL on two rows; 000 on two.
      { at: at(7), values: 2, rows: 4 },
      { at: at(7), values: 1, rows: 1 },
      { at: at(7), values: 0, rows: 0 },
    ],
  });
  engine.dispose();
});

test('limits, quarantine and conflicts are counted, and rows of nobody attempt nothing', async () => {
  const engine = engineOver(filesOf(FILES));
  const shared = [{ at: at(), text: '', kind: 'device', moreThan: 2, of: 'user' }];
  const { result } = await engine.preview(planOf({ shared }));
  // d0 links nobody: u1, u2, u3; and NULL with its devices. Its own row at the 4th enters nothing.
  expect(result.identities.customer).toMatchObject({ customers: 4, quarantined: { ids: 1, rows: 1 }, refused: 0 });
  expect(result.people).toBe(4);
  // u1, u2, u3 enter; so does NULL, which comes again on the 6th and, with the 000 of ann@x, on the 7th.
  expect(result.journeys[0]).toMatchObject({ attempts: 6, entered: 4 });

  const unique = planOf({ kinds: people(...KINDS).kinds.map(kind => (kind.name === 'user' ? { ...kind, unique: { at: at() } } : kind)) });
  // d0 is u3's, the last; u1 and u2 are refused.
  expect((await engine.preview(unique)).result.identities.customer).toMatchObject({ customers: 4, refused: 2, ambiguous: 0 });
  engine.dispose();
});

test('what can’t be decided holds for no value, and is told each time', async () => {
  const engine = engineOver(filesOf(FILES), { limits: { sqlBytes: 60 } });
  const asked = planOf({ ignores: [ignore(compare('=', value, literal('d0')), 'device')] });
  for (let i = 0; i < 2; i++) {
    const { result, problems } = await engine.preview(asked);
    expect(result.identities.customer).toMatchObject({ customers: 2, ignoredBy: [{ values: 0, rows: 0 }] });
    expect(problems.map(({ code, at: { start } }) => [code, start.line])).toContainEqual(['condition-failed', 0]);
  }
  engine.dispose();
});

test('an edit of a rule reads no file and asks no more of SQL than it must', async () => {
  const files = filesOf(FILES);
  const engine = engineOver(files);
  const customers = async (rules: Partial<IdentityPlan>) => (await engine.preview(planOf(rules))).result.identities.customer.customers;
  const d0 = [ignore(compare('=', value, literal('d0')), 'device')];
  expect(await customers({})).toBe(2);
  const read = files.reads.length;
  expect(await customers({ ignores: d0 })).toBe(4);
  expect(await customers({ retroactive: { within: 0 } })).toBe(await customers({ retroactive: { within: 0 } }));
  expect(await customers({})).toBe(2);
  expect(files.reads.length).toBe(read);
  engine.dispose();
});
