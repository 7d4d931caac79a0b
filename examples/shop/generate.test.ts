import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { files, shopRows } from './generate.ts';

test('writes the very bytes that ship with the example', () => {
  for (const [name, text] of Object.entries(files())) {
    expect(readFileSync(join(import.meta.dirname, 'data', name), 'utf8') === text, `${name}: run node examples/shop/generate.ts`).toBe(
      true,
    );
  }
});

test('the shipped data is small', () => {
  const bytes = Object.values(files()).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(bytes).toBeLessThan(1_000_000);
});

test('writes as many events as it is asked for, and another seed writes others', () => {
  const count = (rows: ReturnType<typeof shopRows>) => rows.web.length + rows.orders.length + rows.mail.length;
  expect(count(shopRows({ events: 5000 }))).toBe(5000);
  expect(shopRows({ events: 500 }).web).toEqual(shopRows({ events: 500 }).web);
  expect(shopRows({ events: 500, seed: 8 }).web).not.toEqual(shopRows({ events: 500 }).web);
});

test('holds what real data holds: several devices, late log-ins, rows delivered twice, unreadable times, lost ids', () => {
  const { web, orders, mail } = shopRows();
  const devices = new Map<string, Set<string>>();
  for (const row of web) if (row.user) devices.set(row.user, (devices.get(row.user) ?? new Set()).add(row.device));
  expect([...devices.values()].filter(of => of.size > 1).length).toBeGreaterThan(30);

  const known = new Set(web.filter(row => row.user).map(row => row.device));
  expect(web.filter(row => !row.user && known.has(row.device)).length, 'pages seen before the log-in').toBeGreaterThan(100);

  const messages = web.map(row => row.messageId);
  expect(messages.length - new Set(messages).size, 'delivered twice').toBeGreaterThan(20);
  expect([...web, ...orders].filter(row => row.time === null).length, 'unreadable times').toBeGreaterThan(2);
  expect(mail.filter(row => row.email === '').length, 'empty ids').toBeGreaterThan(0);
  expect(orders.filter(row => !row.user).length, 'guests').toBeGreaterThan(20);
});

test('holds what identity rules are for: shared tablets, a kiosk, a word for nobody, the address of staff, numbers written by hand', () => {
  const { web, orders } = shopRows();
  const users = new Map<string, Set<string>>();
  for (const { device, user } of web) if (user && user !== 'null') users.set(device, (users.get(device) ?? new Set()).add(user));
  const shared = [...users].filter(([device, by]) => by.size > 1 && device.startsWith('t'));
  expect(shared.map(([, by]) => by.size)).toEqual([2, 2, 2, 2, 2, 2]);
  expect(users.get('kiosk-1')!.size).toBeGreaterThan(5);
  expect(web.filter(row => row.user === 'null').length).toBeGreaterThan(5);
  expect(web.filter(row => row.device === '00000000').length).toBeGreaterThan(2);
  const byPhone = orders.filter(row => row.email === 'service@shop.example');
  expect(new Set(byPhone.map(row => row.user!.toLowerCase())).size).toBeGreaterThan(5);
  expect(byPhone.filter(row => row.user!.startsWith('U')).length).toBeGreaterThan(5);
});
