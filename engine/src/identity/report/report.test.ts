/** The identity report, by hand: what each rule does, what looks wrong, why one person. */
import { describe, expect, test } from 'vitest';
import type { IdentityPlan, Plan } from '../../plan.ts';
import { Pacer } from '../../read/pause.ts';
import { plan as planOf, source } from '../../testing.ts';
import { resolve } from '../resolve.ts';
import { at, graphOf, identityOf, type Row, type Rules, rowsOf } from '../testing.ts';
import type { IdentityOptions, IdentityReport, Suspect } from '../types.ts';
import { overviewOf } from './index.ts';
import { View } from './view.ts';
import { whoReport } from './who.ts';

interface Asked extends Pick<IdentityOptions, 'who' | 'and'> {
  /** Kinds that are personal data. */
  pii?: string[];
  suppressBelow?: number;
}

async function report(rows: Row[], rules: Rules, { pii = [], suppressBelow, ...asked }: Asked = {}): Promise<IdentityReport> {
  const plain = identityOf(rules);
  const kinds = plain.kinds.map(kind => (pii.includes(kind.name) ? { ...kind, pii: { category: 'contact', at } } : kind));
  const identity: IdentityPlan = { ...plain, kinds };
  const plan: Plan = planOf([source('web', 'web.csv', { ids: [] })], {
    identities: [identity],
    ...(suppressBelow === undefined ? {} : { privacy: { at, purposes: [], suppressBelow: { count: suppressBelow, at } } }),
  });
  const graph = graphOf(rows, Object.keys(rules.kinds));
  const again = (other: IdentityPlan) => resolve(graph, other, null);
  const names = { source: () => 'web', event: () => 'seen', place: (position: number) => ({ file: 'web.csv', row: position + 1 }) };
  const view = new View(again(identity), plan);
  const overview = await overviewOf(view, null, again, names, new Pacer());
  return asked.who === undefined ? overview : { ...overview, who: whoReport(view, names, asked) };
}

const KINDS = { user: /^u/, device: /^[d0]/ };
/**
 * u5 also used 0, which is nobody's. Newest first: u5-d5 (3) and u2-d1 (2) are made; u1-d1 (1) would put two users into one customer.
 * So {u5,d5}, {u2,d1}, {u1}; the last row is u2's.
 */
const ROWS = rowsOf('u1-d1; u2-d1; u5-d5; u5-0; d5; d1', KINDS);
const RULES: Rules = { kinds: { user: { unique: true }, device: { max: 1 } }, ignores: [{ kinds: ['device'], values: ['0'] }] };

describe('the whole', () => {
  test('customers, kinds, sizes, the largest', async () => {
    expect(await report(ROWS, RULES)).toMatchObject({
      identity: 'customer',
      rows: 6,
      customers: 3,
      links: 2,
      refused: 1,
      ambiguous: 0,
      kinds: [
        // Rows 1 to 4 carry a user; all three share a row with a device that counts.
        { kind: 'user', ids: 3, rows: 4, ignored: 0, linked: 3, quarantined: 0, pii: false },
        // d1 on three rows, d5 on two.
        { kind: 'device', ids: 2, rows: 5, ignored: 1, linked: 2, quarantined: 0, pii: false },
      ],
      sizes: [
        { from: 1, to: 1, customers: 1 },
        { from: 2, to: 2, customers: 2 },
      ],
      // Two have two ids; u2 is the smaller. Rows 2 and 6 are its.
      biggest: {
        customer: 'user u2',
        ids: 2,
        rows: 2,
        hub: null,
        bridge: { a: { kind: 'user', value: 'u2' }, b: { kind: 'device', value: 'd1' }, rows: 1, parts: [1, 1] },
      },
      nobody: { withoutId: 0, ignored: 0, conflicting: 0 },
    });
  });

  test('each rule: customers without it and with it, links refused, links it made room for', async () => {
    const { rules } = await report(ROWS, RULES);
    const [unique, max, ignore] = ['unique', 'max', 'ignore'].map(kind => rules.find(rule => rule.kind === kind));
    // Without it u1 and u2 are one by d1.
    expect(unique).toMatchObject({ text: 'user unique', without: 2, with: 3, refused: 1, rows: 0 });
    expect(max).toMatchObject({ text: 'device max 1', without: 3, with: 3, refused: 0 });
    // Without it u5-0 (4) comes first, and d5 is one device too many: a customer of its own.
    expect(ignore).toMatchObject({
      without: 4,
      with: 3,
      values: 1,
      rows: 1,
      freedCount: 1,
      freed: [{ a: { kind: 'user', value: 'u5' }, b: { kind: 'device', value: 'd5' } }],
    });
  });

  test('the other policy: whose rows would be others', async () => {
    // Oldest first u1 gets d1 and with it row 6, which u2 loses: two of three customers.
    expect((await report(ROWS, RULES)).otherPolicy).toEqual({ keep: 'earliest', customers: 3, changed: 2 });
    expect((await report(rowsOf('u1-d1; u2-d2', KINDS), RULES)).otherPolicy).toEqual({ keep: 'earliest', customers: 2, changed: 0 });
  });

  test('a shared device, and what only it carries', async () => {
    const shared = { at, text: 'shared device when more than 1 user', kind: 'device', moreThan: 1, of: 'user' };
    const found = await report(rowsOf('u1-d1; u2-d1; d1; d1', KINDS), { kinds: { user: {}, device: {} }, shared: [shared] });
    expect(found.quarantined).toEqual({ ids: 1, rows: 2 });
    // Without it all are one customer; with it u1 and u2, and d1 is nobody's customer.
    expect(found.rules).toMatchObject([{ kind: 'shared', without: 1, with: 2, values: 1, rows: 2 }]);
  });

  test('links that are left out, never links, and the time rules', async () => {
    const kinds = { user: /^u/, email: /^e/, device: /^d/ };
    const links = [
      { at, text: 'link user with email', kind: 'user', with: ['email'] },
      { at: { ...at, start: { line: 1, character: 0 } }, text: 'link user with device', kind: 'user', with: ['device'] },
    ];
    // u1-e1 and u1-d1 are links; e1-d1 is none.
    const linked = await report(rowsOf('u1-e1-d1', kinds), { kinds: { user: {}, email: {}, device: {} }, links });
    expect(linked.rules).toMatchObject([
      { text: 'link user with email', links: 1, refused: 1, with: 1 },
      { text: 'link user with device', links: 1, refused: 0, with: 1 },
    ]);
    const never = [
      { at, text: 'never link user "u1" with user "u2"', a: { kind: 'user', value: 'u1', at }, b: { kind: 'user', value: 'u2', at } },
    ];
    const apart = await report(rowsOf('u1-d1; u2-d1', KINDS), { kinds: { user: {}, device: {} }, neverLinks: never });
    expect(apart.rules).toMatchObject([{ kind: 'never', without: 1, with: 2, refused: 1 }]);
    // Row 1 is before u1 was seen at d1: forward, it is d1's own.
    const forward = await report(rowsOf('d1; u1-d1', KINDS), { kinds: { user: {}, device: {} }, retroactive: { within: 0, at } });
    expect(forward.rules).toMatchObject([{ kind: 'retroactive', text: 'forward', without: 1, with: 2 }]);
  });
});

describe('why one person', () => {
  test('links with their rows, and those refused with the limit and the customer at the other end', async () => {
    expect((await report(ROWS, RULES, { who: 'd1' })).who).toMatchObject({
      who: 'd1',
      customer: 'user u2',
      idsCount: 2,
      ids: [
        { kind: 'user', value: 'u2', rows: 1, firstSeen: 2, lastSeen: 2 },
        { kind: 'device', value: 'd1', rows: 3, firstSeen: 1, lastSeen: 6 },
      ],
      links: [
        {
          a: { value: 'u2' },
          b: { value: 'd1' },
          rows: 1,
          firstSeen: 2,
          lastSeen: 2,
          source: 'web',
          event: 'seen',
          file: 'web.csv',
          row: 2,
        },
      ],
      refused: [{ a: { value: 'u1' }, because: 'user unique', limit: { kind: 'user', most: 1 }, other: 'user u1', ambiguous: false }],
      refusedCount: 1,
    });
  });

  test('the way between two ids, or that there is none', async () => {
    const rows = rowsOf('u1-d1; u2-d1; u2-d2; u3-d3', KINDS);
    const open: Rules = { kinds: { user: {}, device: {} } };
    const way = (await report(rows, open, { who: 'u1', and: 'device:d2' })).who!.path!;
    expect(way.links!.map(({ a, b }) => `${a.value}-${b.value}`)).toEqual(['u1-d1', 'u2-d1', 'u2-d2']);
    expect((await report(rows, open, { who: 'u1', and: 'u3' })).who!.path).toEqual({
      to: 'u3',
      links: null,
      note: 'No links join them: they are user u1 and user u3.',
    });
  });

  test.each([
    ['0', '0 is ignored: a rule says that it is nobody'],
    ['elephant', 'Nobody has the id elephant. Ids here are of the kinds user, device.'],
  ])('%s is nobody', async (asked, note) => {
    const { who } = await report(ROWS, RULES, { who: asked });
    expect(who).toMatchObject({ customer: null, note: expect.stringContaining(note) });
  });
});

test('an id nearly written right is named', async () => {
  const { who } = await report(rowsOf('u1031-d1', KINDS), { kinds: { user: {}, device: {} } }, { who: 'u1O31' });
  expect(who?.note).toBe('Nobody has the id u1O31. Did you mean user:u1031?');
});

describe('personal data', () => {
  test('is not told: people are numbered by first event', async () => {
    const found = await report(ROWS, RULES, { who: 'user:u2', and: 'u1', pii: ['user'] });
    expect(JSON.stringify(found)).not.toMatch(/u[125]/);
    expect(found.biggest?.customer).toBe('user no. 2');
    expect(found.who).toMatchObject({ who: '(withheld: contact)', customer: 'user no. 2', refused: [{ other: 'user no. 1' }] });
    // By that name they can be asked for again.
    expect((await report(ROWS, RULES, { who: 'user no. 2', pii: ['user'] })).who?.customer).toBe('user no. 2');
  });

  test('of fewer customers than may be told nothing is told', async () => {
    const found = await report(ROWS, RULES, { suppressBelow: 3 });
    // Three customers may be told of. One fewer without `unique` is about one; sizes of 1 and 2; two that would change.
    expect(found.customers).toBe(3);
    expect(found.rules.map(({ without, with: now }) => [without, now])).toEqual([
      ['few', 3],
      ['withheld', 3],
      ['withheld', 3],
    ]);
    // Of two sizes that come to 3 customers not even that either is few: 0 and 3 would be told by it.
    expect(found.sizes.map(({ customers }) => customers)).toEqual(['withheld', 'withheld']);
    expect(found.otherPolicy).toEqual({ keep: 'earliest', customers: 'withheld', changed: 'few' });
    expect(found.ambiguous).toBe('few');
    // Links are no people.
    expect([found.links, found.refused]).toEqual([2, 1]);
  });
});

describe('what looks wrong', () => {
  const suspects = async (rows: Row[], rules: Rules, asked?: Asked): Promise<Suspect[]> => (await report(rows, rules, asked)).suspects;
  const open: Rules = { kinds: { user: {}, device: {} } };
  const seen = (time: number, user?: string, device?: string): Row => ({
    time,
    ids: [...(user === undefined ? [] : [`user ${user}`]), ...(device === undefined ? [] : [`device ${device}`])],
  });

  test('nothing, in ordinary rows', async () => {
    expect(await suspects(rowsOf('d1; u1-d1; d2; u2-d2; u2-d3; u1', KINDS), open)).toEqual([]);
  });

  test('a placeholder, with what it joins; but not once it is ignored', async () => {
    const rows = [seen(1, '"null"', 'd1'), seen(2, '"null"', 'd2'), seen(3, 'u1', 'd2')];
    expect(await suspects(rows, open)).toContainEqual({
      kind: 'placeholder',
      id: { kind: 'user', value: '"null"' },
      looks: 'word',
      rows: 2,
      links: 2,
    });
    expect(await suspects(rows, { ...open, ignores: [{ kinds: ['user'], values: ['"null"'] }] })).toEqual([]);
  });

  test('one value on most rows', async () => {
    // Of 30 rows with a device 21 have 7f3a, each with another of 7 users.
    const rows = Array.from({ length: 30 }, (_, i) => seen(i, `u${i % 7}`, i < 21 ? '7f3a' : `d${i}`));
    expect(await suspects(rows, open)).toContainEqual({
      kind: 'placeholder',
      id: { kind: 'device', value: '7f3a' },
      looks: 'constant',
      rows: 21,
      links: 7,
    });
  });

  test('ids alike that are different customers', async () => {
    const rows = [seen(1, 'Ann@X.example'), seen(2, 'ann@x.example '), seen(3, 'bob@x.example')];
    // One of the two could go. By code point capitals come first.
    expect(await suspects(rows, open)).toContainEqual({
      kind: 'alike',
      of: 'user',
      count: 1,
      pairs: [['Ann@X.example', 'ann@x.example ']],
    });
    expect(await suspects([...rows, seen(4, 'Ann@X.example', 'd'), seen(5, 'ann@x.example ', 'd')], open)).not.toContainEqual(
      expect.objectContaining({ kind: 'alike' }),
    );
  });

  test('a kind about one row each that is mostly alone, and one that never meets another', async () => {
    const rows = Array.from({ length: 24 }, (_, i) => seen(i, undefined, `session-${i}`));
    expect(await suspects([...rows, seen(30, 'u1'), seen(31, 'u1')], open)).toEqual([
      { kind: 'unlinked', of: 'user', ids: 1 },
      { kind: 'session', of: 'device', ids: 24, rows: 24 },
      { kind: 'unlinked', of: 'device', ids: 24 },
    ]);
    // Beside a user on every row it harms nobody.
    expect(
      await suspects(
        rows.map((row, i) => seen(row.time, `u${i % 3}`, `session-${i}`)),
        open,
      ),
    ).toEqual([]);
  });

  test('a giant, with its hub', async () => {
    // 25 users at one device, each with a second one of their own; two people beside.
    const rows = Array.from({ length: 25 }, (_, i) => [seen(i, `u${i}`, 'kiosk'), seen(i, `u${i}`, `own${i}`)]).flat();
    const found = await suspects([...rows, seen(90, 'x', 'y'), seen(91, 'v', 'w')], open);
    // Without the kiosk 25 pairs are left.
    expect(found.find(({ kind }) => kind === 'giant')).toMatchObject({
      biggest: { customer: 'user u0', ids: 51, rows: 50, hub: { kind: 'device', value: 'kiosk', links: 25, parts: 25, largest: 2 } },
      next: 2,
    });
  });

  test('rows with two values of a unique kind', async () => {
    const rows = [seen(5, 'u1'), { time: 7, ids: ['user a', 'user b'] }, { time: 9, ids: ['user c', 'user d', 'device d'] }];
    expect(await suspects(rows, { kinds: { user: { unique: true }, device: {} } })).toContainEqual({
      kind: 'conflicting',
      of: 'user',
      rows: 2,
      example: { source: 'web', at: 7 },
    });
  });

  test('a login that hangs on a device alone (case 4)', async () => {
    const kinds = { C: /^[A-Z][a-z]+$/, L: /^[A-Z]$/, E: /^\d+$/ };
    const rows = rowsOf('Tom-A; Tom-B; A-111; C-111', kinds);
    expect(await suspects(rows, { kinds: { C: { unique: true }, L: {}, E: {} } })).toEqual([
      { kind: 'hanging', of: 'L', by: 'E', count: 1, example: { id: { kind: 'L', value: 'C' }, by: { kind: 'E', value: '111' } } },
    ]);
  });
});
