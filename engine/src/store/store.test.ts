/** Time, tables, duplicates and as-of, on data small enough to count by hand. */
import { expect, test } from 'vitest';
import {
  at,
  column,
  compare,
  engineOver,
  filesOf,
  journey,
  literal,
  named,
  people,
  plan,
  preview,
  ref,
  rows,
  source,
  table,
} from '../testing.ts';

const lines = (...rows: string[]): string => `${rows.join('\n')}\n`;
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

test('day-grained rows stand at the start of their day in the zone, or at its end', async () => {
  const files = { 'a.csv': lines('time,event,user', '2026-03-29,seen,u1', '2026-03-29 12:00,seen,u1') };
  const of = (atEndOfDay: boolean) =>
    plan([source('a', 'a.csv', { time: { column: ref('time'), at: at(), zone: 'Europe/Berlin', atEndOfDay } })]);
  const start = (await preview(files, of(false))).result.sources.a;
  expect([iso(start.from), iso(start.to), start.dayGrained]).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T10:00:00.000Z', true]);
  // The day has 23 hours: it ends at 22:00 UTC.
  const end = (await preview(files, of(true))).result.sources.a;
  expect([iso(end.from), iso(end.to)]).toEqual(['2026-03-29T10:00:00.000Z', '2026-03-29T21:59:59.999Z']);
});

test('rows after `until` do not exist', async () => {
  const files = {
    'a.csv': lines('time,event,user', '2026-01-01,seen,u1', '2026-01-02T00:00:00Z,seen,u1', '2026-01-02T00:00:00.001Z,seen,u1'),
  };
  const until = Date.UTC(2026, 0, 2);
  const { result } = await preview(
    files,
    plan([source('a', 'a.csv', { time: { column: ref('time'), at: at(), atEndOfDay: false, until } })]),
  );
  expect(result.sources.a).toMatchObject({ rows: 3, events: 2, to: until });
  expect(result.asOf).toBe(until);
});

test("the default as-of is not after any source's `until`", async () => {
  const files = {
    'a.csv': lines('time,event,user', '2026-01-01,seen,u1', '2026-01-05,seen,u1'),
    'b.csv': lines('time,event,user', '2026-01-02,seen,u1', '2026-01-04,seen,u1'),
  };
  const until = Date.UTC(2026, 0, 3) - 1;
  const cut = source('b', 'b.csv', { time: { column: ref('time'), at: at(), atEndOfDay: false, until } });
  // Of a the event on the 5th comes after b fell silent: two events are left, one of each source.
  const { result } = await preview(files, plan([source('a', 'a.csv'), cut]));
  expect(result).toMatchObject({ asOf: until, sources: { a: { events: 1 }, b: { events: 1 } } });
});

test('an unknown zone is told, and read as UTC', async () => {
  const { result, problems } = await preview(
    { 'a.csv': lines('time,event,user', '2026-01-01 10:00,seen,u1') },
    plan([source('a', 'a.csv', { time: { column: ref('time'), at: at(2), zone: 'Europe/Atlantis', atEndOfDay: false } })]),
  );
  expect(problems).toMatchObject([{ code: 'time-zone-unknown', severity: 'error', at: at(2) }]);
  expect(iso(result.asOf)).toBe('2026-01-01T10:00:00.000Z');
});

const ORDERS = lines(
  'time,event,user,id,item',
  '2026-01-01,order,u1,o1,17',
  '2026-01-02,order,u2,o2,018',
  '2026-01-03,order,u3,o3,',
  '2026-01-04,order,u4,o4,99',
);
const ITEMS = lines('{"item":17,"price":5,"since":"2026-02-01"}', '{"item":"018","price":50}', '{"item":17,"price":500}');

test('a join: keys are the same as texts, the first row of a key counts, the others are told', async () => {
  const p = plan([source('orders', 'orders.csv', { joins: [{ table: 'items', on: ref('item'), at: at(7) }] })], {
    tables: [table('items', 'items.ndjson', 'item')],
    events: named({
      cheap: rows('orders', 'order', compare('<', column('price', 'items'), literal(10))),
      dear: rows('orders', 'order', compare('>=', column('price', 'items'), literal(50))),
      unpriced: rows('orders', 'order', { kind: 'isNull', negated: false, operand: column('price', 'items'), at: at() }),
    }),
  });
  const { result, problems } = await preview({ 'orders.csv': ORDERS, 'items.ndjson': ITEMS }, p);
  // 17 costs 5 (its second row doesn't count), 018 costs 50, the third order has no item, 99 isn't in the table.
  expect(result.events).toEqual({ cheap: 1, dear: 1, unpriced: 2 });
  expect(result.tables).toEqual({ items: { rows: 3 } });
  expect(problems.map(({ code, severity, message, at: { start } }) => [code, severity, start.line, message])).toEqual([
    [
      'table-duplicate-key',
      'warning',
      12,
      '1 row of items repeats the item of an earlier row, such as "17"; the first row of each key is used',
    ],
    [
      'join-without-partner',
      'info',
      7,
      '2 rows of 4 rows of orders find no partner in items (1 of them has no item); its columns are missing there',
    ],
  ]);
});

test('a table gives the time', async () => {
  const p = plan(
    [
      source('orders', 'orders.csv', {
        joins: [{ table: 'items', on: ref('item'), at: at() }],
        time: { column: ref('since', 'items'), at: at(), atEndOfDay: false },
      }),
    ],
    { tables: [table('items', 'items.ndjson', 'item')] },
  );
  const { result } = await preview({ 'orders.csv': ORDERS, 'items.ndjson': ITEMS }, p);
  expect(result.sources.orders).toMatchObject({ rows: 4, events: 1, unreadable: 3, from: Date.UTC(2026, 1, 1) });
});

test('of equal keys the earliest counts, a missing key is never a duplicate, and as-of decides what is counted', async () => {
  const files = {
    'a.csv': lines(
      'time,event,user,id',
      '2026-01-03,seen,u1,m1',
      '2026-01-01,seen,u2,m1',
      '2026-01-02,seen,u3,',
      '2026-01-02,seen,u4,',
      '2026-01-04,seen,u5,m1',
    ),
  };
  const p = plan([source('a', 'a.csv', { unique: { columns: [ref('id')], at: at() } })], { journeys: [journey(rows('a', 'seen'))] });
  const all = await preview(files, p);
  expect(all.result.sources.a).toMatchObject({ rows: 5, events: 3, duplicates: 2 });
  expect(all.result.people).toBe(3); // u2, u3, u4
  const early = await preview(files, p, { asOf: Date.UTC(2026, 0, 3) });
  expect(early.result.sources.a).toMatchObject({ events: 3, duplicates: 1, to: Date.UTC(2026, 0, 2) });
  const first = await preview(files, p, { asOf: Date.UTC(2026, 0, 1) });
  expect(first.result).toMatchObject({ asOf: Date.UTC(2026, 0, 1), people: 1, sources: { a: { rows: 5, events: 1, duplicates: 0 } } });
});

test('a key of several columns', async () => {
  const files = {
    'a.csv': lines(
      'time,event,user,o,l',
      '2026-01-01,x,u,1,1',
      '2026-01-02,x,u,1,2',
      '2026-01-03,x,u,1,1',
      '2026-01-04,x,u,1,',
      '2026-01-05,x,u,1,',
    ),
  };
  const { result } = await preview(files, plan([source('a', 'a.csv', { unique: { columns: [ref('o'), ref('l')], at: at() } })]));
  expect(result.sources.a).toMatchObject({ events: 4, duplicates: 1 });
});

test('what the source leaves out is no event', async () => {
  const files = { 'a.csv': lines('time,event,user,bot', '2026-01-01,seen,u1,true', '2026-01-02,seen,u2,', '2026-01-03,seen,u3,FALSE') };
  const where = compare('!=', column('bot'), literal(true));
  const { result, schema } = await preview(files, plan([source('a', 'a.csv', { where })]));
  expect(schema.sources.a.columns.bot.type).toBe('boolean');
  expect(result.sources.a).toMatchObject({ rows: 3, events: 2, unreadable: 0 });
});

test('a stray last event is told', async () => {
  const files = { 'a.csv': lines('time,event,user', '2026-01-01,seen,u1', '2026-01-02,seen,u2', '2026-03-01,seen,u3') };
  const p = plan([source('a', 'a.csv')]);
  expect((await preview(files, p)).problems).toMatchObject([
    { code: 'as-of-gap', severity: 'warning', message: expect.stringContaining('stands 58 days after the one before it') },
  ]);
  expect((await preview(files, p, { asOf: Date.UTC(2026, 2, 1) })).problems).toEqual([]);
});

test('order: time, then source as declared, then file by path, then row', async () => {
  const files = {
    'b1.csv': lines('time,event,user', '2026-01-01,b1,u', '2026-01-01,b2,u'),
    'b0.csv': lines('time,event,user', '2026-01-01,b0,u'),
    'a.csv': lines('time,event,user', '2026-01-02,last,u', '2026-01-01,a,u'),
  };
  // `restart` says in which order the entries came: each ends the run before, and the last one is active.
  const p = plan([source('b', 'b*.csv'), source('a', 'a.csv')], {
    journeys: [
      {
        ...journey(rows('b', 'b0')),
        enters: ['b2', 'a', 'last', 'b1'].map(name => ({ name, at: at(), nameAt: at(), on: rows(name.startsWith('b') ? 'b' : 'a', name) })),
        reentry: { policy: 'restart' },
        stages: ['b0', 'b1', 'b2', 'a'].map(name => ({
          name: `at_${name}`,
          at: at(),
          nameAt: at(),
          on: rows(name.startsWith('b') ? 'b' : 'a', name),
        })),
      },
    ],
  });
  const { result } = await preview(files, p);
  const [{ transitions, entered, stages }] = result.journeys;
  expect(entered).toBe(4);
  expect(stages.at_b0.reached).toBe(0); // it stands before every entry
  expect(transitions.map(({ from, to }) => `${from} ${to}`)).toContain('b1 at_b1');
});

test('ids by expression, of several kinds and sources, link to one person', async () => {
  const lowered = {
    kind: 'call' as const,
    fn: 'lower' as const,
    args: [{ kind: 'call' as const, fn: 'trim' as const, args: [column('mail')], at: at() }],
    at: at(),
  };
  const files = {
    'web.csv': lines('time,event,user,device', '2026-01-01,seen,,d1', '2026-01-02,seen,u1,d1', '2026-01-03,seen,,d2', '2026-01-04,seen,,'),
    'shop.csv': lines(
      'time,event,user,mail',
      '2026-01-05,order,u1, Ann@X.example ',
      '2026-01-06,order,,ann@x.example',
      '2026-01-07,order,,ÄNNE@x.example',
      '2026-01-08,order,,änne@x.example',
      '2026-01-09,order,,   ',
    ),
  };
  const p = plan(
    [
      source('web', 'web.csv', {
        ids: [
          { kind: 'user', value: column('user'), at: at() },
          { kind: 'device', value: column('device'), at: at() },
        ],
      }),
      source('shop', 'shop.csv', {
        ids: [
          { kind: 'user', value: column('user'), at: at() },
          { kind: 'email', value: lowered, at: at() },
        ],
      }),
    ],
    { identities: [people('user', 'email', 'device')], journeys: [journey(rows('web', 'seen'))] },
  );
  const { result } = await preview(files, p);
  // u1 with d1 and ann@; d2; änne@. The row of blanks alone and the one without any id are nobody's.
  expect(result.people).toBe(3);
  expect(result.sources.web.withoutId).toBe(1);
  expect(result.sources.shop.withoutId).toBe(1);
  expect(result.journeys[0].people).toBe(2);
  // On the first day nobody knows yet that d1 is u1's; the number is the same, the person is not.
  expect((await preview(files, p, { asOf: Date.UTC(2026, 0, 1) })).result.people).toBe(1);
});

test('an edit reads only the column it starts to use, a changed file is read anew, and the rest stays', async () => {
  const files = filesOf({ 'a.csv': lines('time,event,user,plan,tier', '2026-01-01,seen,u1,free,1', '2026-01-02,seen,u2,pro,2') });
  const engine = engineOver(files);
  const of = (name: string, value: string) =>
    plan([source('a', 'a.csv')], { events: named({ E: rows('a', 'seen', compare('=', column(name), literal(value))) }) });
  const count = async (name: string, value: string) => (await engine.preview(of(name, value))).result.events.E;
  expect(await count('plan', 'free')).toBe(1);
  expect(files.reads).toEqual(['a.csv']);
  expect(await count('plan', 'pro')).toBe(1);
  expect(await count('nothing', 'pro')).toBe(0); // no such column: missing everywhere, and nothing to read
  expect(files.reads).toEqual(['a.csv']);
  expect(await count('tier', '2')).toBe(1);
  expect(files.reads).toEqual(['a.csv', 'a.csv']);
  files.put('a.csv', lines('time,event,user,plan,tier', '2026-01-01,seen,u1,pro,1', '2026-01-02,seen,u2,pro,2'));
  expect(await count('plan', 'pro')).toBe(1); // nobody said so yet
  engine.filesChanged();
  expect(await count('plan', 'pro')).toBe(2);
  engine.dispose();
});

test('a file that changes while nobody looks is read anew as a whole', async () => {
  const files = filesOf({ 'a.csv': lines('time,event,user,plan', '2026-01-01,seen,u1,free') });
  const engine = engineOver(files);
  expect((await engine.preview(plan([source('a', 'a.csv')]))).result.sources.a.rows).toBe(1);
  files.put('a.csv', lines('time,event,user,plan', '2026-01-01,seen,u1,free', '2026-01-02,seen,u2,free'));
  const { result } = await engine.preview(
    plan([source('a', 'a.csv')], { events: named({ E: rows('a', 'seen', compare('=', column('plan'), literal('free'))) }) }),
  );
  expect([result.sources.a.rows, result.events.E]).toEqual([2, 2]);
  engine.dispose();
});

test('a preview is cancelled, and the next one works', async () => {
  const files = filesOf(
    { 'a.csv': `time,event,user\n${Array.from({ length: 200_000 }, (_, i) => `2026-01-01,seen,u${i}\n`).join('')}` },
    4096,
  );
  const engine = engineOver(files);
  const aborted = AbortSignal.abort();
  await expect(engine.preview(plan([source('a', 'a.csv')]), { signal: aborted })).rejects.toMatchObject({ name: 'AbortError' });
  const controller = new AbortController();
  const running = engine.preview(plan([source('a', 'a.csv')]), {
    signal: controller.signal,
    onProgress: ({ done }) => done > 100_000 && controller.abort(),
  });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect((await engine.preview(plan([source('a', 'a.csv')]))).result.sources.a.events).toBe(200_000);
  engine.dispose();
});

test('values too many for the SQL engine are told at the condition, not died of', async () => {
  const files = { 'a.csv': lines('time,event,user', ...Array.from({ length: 2000 }, (_, i) => `2026-01-01,seen,user${i}`)) };
  const where = { ...compare('>', column('user'), literal('user5')), at: at(9) };
  const { result, problems } = await preview(
    files,
    plan([source('a', 'a.csv')], { events: named({ E: rows('a', 'seen', where) }) }),
    {},
    { limits: { sqlBytes: 1000 } },
  );
  expect(result.events.E).toBe(0);
  expect(problems).toMatchObject([
    {
      code: 'condition-failed',
      severity: 'error',
      at: at(9),
      message: expect.stringContaining('this could not be decided, and holds for no row'),
    },
  ]);
});

test('what the simulation reads: positions in order, days of day-grained rows, keys and numbers by position', async () => {
  const { Relation } = await import('../read/relation.ts');
  const { LIMITS } = await import('../read/reading.ts');
  const { Pacer } = await import('../read/pause.ts');
  const { SourceRows } = await import('./rows.ts');
  const { SourceEvents } = await import('./source.ts');
  const { SqlStore } = await import('./sql.ts');
  const { Timeline } = await import('./timeline.ts');
  const { default: initSqlJs } = await import('sql.js');
  const files = filesOf({
    'a.csv': lines('time,event,user,item,price', '2026-01-02,x,u,17,1.5', '2026-01-01 12:00,y,u,,2', '2026-01-03 00:00,x,u,17,'),
  });
  const relation = new Relation(await files.list('', 'a.csv'));
  const wants = ['event', 'user', 'item', 'price'].map(name => ({ name, time: false }));
  await relation.load([{ name: 'time', time: true }, ...wants], files, LIMITS, new Pacer(), () => {});
  const p = plan([source('a', 'a.csv', { time: { column: ref('time'), at: at(), atEndOfDay: true } })]);
  const events = new SourceEvents(new SourceRows(p.sources[0], relation, new Map()), new SqlStore(await initSqlJs(), 1e6), null);
  const view = new Timeline([events]).asOf(Date.UTC(2026, 0, 3) - 1, p, new Map());
  // The third row is later than as-of; the first stands at the end of its day.
  expect([...view.time].map(iso)).toEqual(['2026-01-01T12:00:00.000Z', '2026-01-02T23:59:59.999Z']);
  expect([...view.days!.from]).toEqual([NaN, Date.UTC(2026, 0, 2)]);
  expect([...view.days!.to]).toEqual([NaN, Date.UTC(2026, 0, 3) - 1]);
  expect([...view.match(rows('a', 'x'))]).toEqual([1]);
  expect(view.match(rows('a', 'x'))).toBe(view.match(rows('a', 'x')));
  expect([...view.match(rows('a', 'never'))]).toEqual([]);
  const keys = view.keys(ref('item'));
  expect([keys.of[0], keys.values[keys.of[1]]]).toEqual([-1, '17']);
  expect([...view.numbers(ref('price'))]).toEqual([2, 1.5]);
});
