/** Data minimisation: what no rule uses is read by nobody, and stands nowhere. */
import type { Database } from 'sql.js';
import { expect, it } from 'vitest';
import { at, column, compare, engineOver, filesOf, journey, literal, plan, ref, rows, source, table } from '../testing.ts';
import { encode } from './dictionary.ts';

const SENTINEL = 'Zanzibar-4711';
const NUMBER = 987_654.125;

/** Where a value stands: in any text, key, buffer or number that can be reached. */
function findIn(root: unknown, skip: readonly unknown[] = []): string[] {
  const found: string[] = [];
  const seen = new Set<unknown>(skip);
  const stack: [value: unknown, path: string][] = [[root, 'engine']];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [value, path] = next;
    if (typeof value === 'string' && value.includes(SENTINEL)) found.push(path);
    if (value === NUMBER) found.push(path);
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      if (Buffer.from(value.buffer).includes(SENTINEL)) found.push(path);
      if (value instanceof Float64Array && value.includes(NUMBER)) found.push(path);
    } else if (value instanceof Map || value instanceof Set)
      for (const [key, inner] of value.entries()) stack.push([key, `${path} key`], [inner, `${path}.${String(key).slice(0, 20)}`]);
    else for (const [key, inner] of Object.entries(value)) stack.push([inner, `${path}.${key}`]);
  }
  return found;
}

const FORMATS = {
  csv: [
    'time,event,user,item,secret,amount',
    ...Array.from({ length: 50 }, (_, i) => `2026-03-${String((i % 28) + 1).padStart(2, '0')},a,u${i},i${i % 3},${SENTINEL},${NUMBER}`),
  ].join('\n'),
  ndjson: [
    ...Array.from({ length: 50 }, (_, i) =>
      JSON.stringify({
        time: `2026-03-${String((i % 28) + 1).padStart(2, '0')}`,
        event: 'a',
        user: `u${i}`,
        item: `i${i % 3}`,
        secret: SENTINEL,
        amount: NUMBER,
      }),
    ),
    `{"time": "2026-03-01", "secret": "${SENTINEL}"`, // a record that breaks off
  ].join('\n'),
};

it.each(['csv', 'ndjson'] as const)(
  'a column that no rule uses stands nowhere; used it is there, and later it is gone (%s)',
  async format => {
    const files = filesOf({ [`web.${format}`]: FORMATS[format], 'items.csv': `item,name\ni0,${SENTINEL}\ni1,plain` });
    const engine = engineOver(files);
    const web = source('web', `web.${format}`, { joins: [{ table: 'items', on: ref('item'), at: at() }] });
    const base = { tables: [table('items', 'items.csv', 'item')] };
    const enter = journey(rows('web', 'a'));
    const unused = plan([web], { ...base, journeys: [enter] });
    const where = (name: string, value: string, of?: string) => rows('web', 'a', compare('=', column(name, of), literal(value)));
    const used = plan([web], {
      ...base,
      journeys: [
        {
          ...enter,
          // As a condition, a computed id, a number, a key to split by, and a column of a joined table.
          stages: [
            { name: 'Own', at: at(), nameAt: at(), on: where('secret', 'x') },
            { name: 'Joined', at: at(), nameAt: at(), on: where('name', 'x', 'items') },
          ],
          metrics: [
            {
              name: 'total',
              at: at(),
              nameAt: at(),
              value: { kind: 'aggregate', fn: 'sum', event: rows('web', 'a'), property: ref('amount'), at: at() },
            },
          ],
          splits: [{ kind: 'property', column: ref('secret'), at: at(), text: 'secret' }],
        },
      ],
    });
    const sql = () => (engine as unknown as { data: { sql: Promise<{ db: Database }> } }).data.sql;
    const stands = async (preview: unknown) => [...findIn(engine, [files]), ...findIn(await sql(), [files]), ...findIn(preview)];

    const before = await engine.preview(unused);
    expect(await stands(before)).toEqual([]);
    expect(Buffer.from(encode('').bytes.buffer).includes(SENTINEL)).toBe(false);
    // Names, types and the share that is missing are known all the same.
    expect(before.schema.sources.web.columns.secret).toEqual({ type: 'text', missing: 0, examples: [] });
    expect(before.schema.tables.items.columns.name).toEqual({ type: 'text', missing: 0, examples: [] });

    const during = await engine.preview(used);
    expect(during.schema.sources.web.columns.secret.examples).toEqual([SENTINEL]);
    expect((await stands(during)).length).toBeGreaterThan(3);

    let after = during;
    for (let i = 0; i < 20; i++) after = await engine.preview(unused);
    expect(await stands(after)).toEqual([]);
    expect(JSON.stringify(after)).not.toContain(SENTINEL);
    expect(Buffer.from((await sql()).db.export()).includes(SENTINEL)).toBe(false);
    engine.dispose();
  },
);

it('in sql.js it is there as long as a condition asks it', async () => {
  const engine = engineOver(filesOf({ 'web.csv': FORMATS.csv }));
  const asks = rows('web', 'a', compare('=', column('secret'), literal('x')));
  await engine.preview(plan([source('web', 'web.csv')], { journeys: [journey(asks)] }));
  const { db } = await (engine as unknown as { data: { sql: Promise<{ db: Database }> } }).data.sql;
  expect(Buffer.from(db.export()).includes(SENTINEL)).toBe(true);
  engine.dispose();
});

it('a declared property is read though no rule uses it', async () => {
  const engine = engineOver(filesOf({ 'web.csv': FORMATS.csv }));
  const { schema } = await engine.preview(plan([source('web', 'web.csv', { properties: [{ column: ref('secret'), at: at() }] })]));
  expect(schema.sources.web.columns.secret.examples).toEqual([SENTINEL]);
  engine.dispose();
});

it('values of a column that no rule uses are told on request, and gone like those of one that fell out of use', async () => {
  const lines = Array.from({ length: 60 }, (_, i) => `2026-03-01,a,u${i},${i < 40 ? SENTINEL : 'plain'},s${i}`);
  const files = filesOf({
    'web.csv': ['time,event,user,secret,session', ...lines].join('\n'),
    'items.csv': `item,name\ni0,${SENTINEL}\ni1,plain`,
  });
  const engine = engineOver(files);
  const of = plan([source('web', 'web.csv')], { tables: [table('items', 'items.csv', 'item')], journeys: [journey(rows('web', 'a'))] });
  await engine.preview(of);
  const ask = (column: string, from = of) => engine.values(from, { kind: 'source', name: 'web', column });
  // 40 rows against 20.
  expect(await ask('secret')).toEqual([SENTINEL, 'plain']);
  expect(await engine.values(of, { kind: 'table', name: 'items', column: 'name' })).toEqual([SENTINEL, 'plain']);
  // Every row has its own; no such column; no such source.
  expect(await ask('session')).toEqual([]);
  expect(await ask('nothing')).toEqual([]);
  expect(await engine.values(of, { kind: 'source', name: 'crm', column: 'x' })).toEqual([]);
  // Asked again and again it takes nothing away that rules use.
  for (let i = 0; i < 40; i++) await ask('secret');
  const read = files.reads.length;
  await engine.preview(of);
  expect(files.reads.length).toBe(read);
  for (let i = 0; i < 20; i++) await engine.preview(of);
  const { db } = await (engine as unknown as { data: { sql: Promise<{ db: Database }> } }).data.sql;
  expect([...findIn(engine, [files]), ...findIn(db)]).toEqual([]);
  // What is declared personal meanwhile isn't even read.
  const personal = { column: ref('secret'), at: at(), pii: { category: 'person.name', at: at() } };
  expect(await ask('secret', { ...of, sources: [{ ...of.sources[0], properties: [personal] }] })).toEqual([]);
  expect(findIn(engine, [files])).toEqual([]);
  engine.dispose();
});

it('a declared property that is personal is read by rules only', async () => {
  const engine = engineOver(filesOf({ 'web.csv': FORMATS.csv }));
  const secret = { column: ref('secret'), at: at(), pii: { category: 'person.name', at: at() } };
  await engine.preview(plan([source('web', 'web.csv', { properties: [secret] })]));
  expect(findIn(engine, [(engine as unknown as { files: unknown }).files])).toEqual([]);
  engine.dispose();
});
