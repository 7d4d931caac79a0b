/** Who is one customer of the shop, as it is printed. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call } from '../testing.ts';

const shop = join(import.meta.dirname, '../../../examples/shop');

const identity = (...args: string[]) => call(shop, ['identity', ...args]);

test('the table: customers, ids by kind, how large customers are', async () => {
  const { code, out } = await identity('shop.journey');
  expect(code).toBe(0);
  expect(out).toMatch(/^Identity customer {2}shop\.journey · as of 2026-04-30 22:13:25 UTC\n/);
  // 334 users, 329 addresses and 475 devices are 1,138 ids.
  expect(out).toContain('444 customers of 1,138 ids on 4,973 events');
  expect(out).toMatch(/user +334 values +2,940 rows/);
});

test('each rule: what it does, and where it stands', async () => {
  const { out } = await identity('shop.journey');
  // Six tablets of two, met by both: without `unique` each would make one customer of two.
  expect(out).toMatch(/user unique +438 → 444 customers · 12 links refused +shop\.journey:\d+\n/);
  // Of an address not even the pattern is told. It joins nobody: whoever ordered by telephone only gets other rows.
  expect(out).toMatch(/ignore email like … +6 values on 72 rows · other events for 5 customers +shop\.journey:\d+\n/);
  expect(out).toMatch(
    /shared device when more than 5 user +1 device quarantined, 23 rows · other events for 5 customers +shop\.journey:\d+\n/,
  );
});

test('--who: the ids of a person, and each link with its rows, times and line', async () => {
  const { out } = await identity('shop.journey', '--who', 'd22b');
  expect(out).toMatch(/^user u1022 /);
  expect(out).toMatch(
    /user u1022 and device d22b, on 1 row at 2026-03-23 17:17:25 \(data\/web\/2026-03\.ndjson, row 614\) {2}shop\.journey:\d+\n/,
  );
});

test('--and: the way from one id to another', async () => {
  const { out } = await identity('shop.journey', '--who', 'd22b', '--and', 'd22a');
  // Both by the user.
  expect(out.match(/^ {2}\d\. .*$/gm)?.map(line => /\d\. (.*), on/.exec(line)![1])).toEqual([
    'user u1022 and device d22b',
    'user u1022 and device d22a',
  ]);
});

test('JSON is one object', async () => {
  const { out } = await identity('shop.journey', '--who', 'u1022', '--format', 'json');
  expect(JSON.parse(out)).toMatchObject({ version: 1, customers: 444, who: { customer: 'user u1022', idsCount: 4 } });
});

test.each([
  [['shop.journey', '--who', 'u10229'], 'Nobody has this id. Did you mean user:u1022?'],
  [['shop.journey', '--and', 'u1'], '--and names the second of two ids'],
  [['shop.journey', '--identity', 'custmer'], 'no identity is called custmer: did you mean customer?'],
  [['nothing.journey'], 'nothing.journey does not exist'],
  [['shop.journey', '--as-of', 'soon'], 'soon'],
  [['shop.journey', '--format', 'xml'], 'xml'],
])('%s is usage', async (args, message) => {
  const { code, err } = await identity(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
});
