/** Rows that were probably delivered twice, where a source doesn't say what is unique. */
import { expect, it } from 'vitest';
import { at, doubts, engineOver, filesOf, journey, plan, ref, rows, source } from '../testing.ts';

const HEADER = 'time,event,user,message_id';
/** 100 events, a minute apart; some of them again. */
const events = (again: number[] = []) =>
  [...Array.from({ length: 100 }, (_, i) => i), ...again].map(
    i => `2026-03-01T${String(10 + Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}:00Z,view,u${i % 7},m${i}`,
  );
const reading = (...columns: string[]) => columns.map(name => ({ column: ref(name), at: at() }));
const told = async (lines: string[], more: Partial<Parameters<typeof source>[2]> = {}, header = HEADER) =>
  (
    await doubts(
      { 'web.csv': [header, ...lines].join('\n') },
      plan([source('web', 'web.csv', more)], { journeys: [journey(rows('web', 'view'))] }),
    )
  )
    .filter(({ code }) => code === 'rows-repeat')
    .map(({ severity, message, fixes }) => [severity, message, fixes?.[0].edits[0].text]);

it('a column called like the id of an event repeats: it is offered as unique', async () => {
  const properties = reading('message_id');
  // 2 of 102 rows.
  expect(await told(events([3, 4]), { properties })).toEqual([
    [
      'warning',
      '2 rows of web (2%) repeat the message_id of an earlier row: probably delivered twice, they count twice. With `unique message_id` the first of each counts',
      'unique message_id  ',
    ],
  ]);
  expect(await told(events(), { properties })).toEqual([]);
  // Declared, it has been dealt with.
  expect(await told(events([3, 4]), { properties, unique: { columns: [ref('message_id')], at: at() } })).toEqual([]);
});

it('what is not read is not looked at', async () => {
  // Time, event and user are read; that rows are alike in these says nothing of the fourth.
  expect(await told(events([3, 4]))).toEqual([]);
  const engine = engineOver(filesOf({ 'web.csv': [HEADER, ...events([3, 4])].join('\n') }));
  const of = plan([source('web', 'web.csv')], { journeys: [journey(rows('web', 'view'))] });
  await engine.doubts(of);
  expect((await engine.preview(of)).schema.sources.web.columns.message_id.examples).toEqual([]);
  engine.dispose();
});

it('where every column is read, a row that is there again is told, without a key to offer', async () => {
  const lines = events([3]).map(line => line.slice(0, line.lastIndexOf(',')));
  // 1 of 101 rows.
  expect(await told(lines, {}, 'time,event,user')).toEqual([
    [
      'info',
      '1 row of web (1%) is equal to an earlier row in every column: if it was delivered twice, it counts twice. A column that is different for every event can be declared `unique`',
      undefined,
    ],
  ]);
  // Two views of one day are no more alike than dates are.
  const days = lines.map(line => line.replace(/T[^,]*/, ''));
  expect(await told(days, {}, 'time,event,user')).toEqual([]);
});

it('an id of people or of visits is no id of events', async () => {
  const lines = events().map(line => line.replace(/m(\d+)$/, (_, i) => `m${Number(i) % 9}`));
  // Nine values on 100 rows: 91 repeat.
  expect(await told(lines, { properties: reading('message_id') })).toEqual([]);
  const uuid = [{ kind: 'user', value: { kind: 'column' as const, column: ref('uuid'), at: at() }, at: at() }];
  expect(await told(events([3, 4]), { ids: uuid }, 'time,event,user,uuid')).toEqual([]);
});
