/**
 * Writes the shop's sample: plausible people on three systems that never agreed on who a customer is.
 *
 *   node examples/shop/generate.ts [--people N | --events N] [--seed S] [--out FOLDER]
 *
 * The same arguments write the same bytes. Without arguments it writes the data that ships with the example.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { berlin, type Files, isoSecond, lines, quoted, save } from '../generator/files.ts';
import { MINUTE } from '../generator/people.ts';
import { random } from '../generator/random.ts';
import { ITEMS, person, type Row, TO } from './people.ts';

export interface ShopOptions {
  /** So many people, or ... */
  people?: number;
  /** ... as many as it takes for so many events, to the row. */
  events?: number;
  seed?: number;
}

/** The rows of each system in the order they arrived, times in milliseconds UTC. */
export interface ShopRows {
  web: Row<'web'>[];
  orders: Row<'orders'>[];
  mail: Row<'mail'>[];
}

const SHIPPED: Required<Pick<ShopOptions, 'people' | 'seed'>> = { people: 420, seed: 7 };

/** @returns what the three systems recorded; with `events`, exactly so many rows in all, delivered twice or dirty ones among them */
export function shopRows({ people, events, seed = SHIPPED.seed }: ShopOptions = SHIPPED): ShopRows {
  const all: Row[] = [];
  for (let i = 0; events === undefined ? i < (people ?? SHIPPED.people) : all.length < events; i++) {
    // What arrives after the extract was taken isn't in it.
    all.push(...faults(person(seed, i), seed, i).filter(row => row.arrived <= TO));
  }
  if (events !== undefined) all.length = events;
  all.sort((a, b) => a.arrived - b.arrived || a.person - b.person || a.number - b.number);
  const of = <S extends Row['system']>(system: S) => all.filter((row): row is Row<S> => row.system === system);
  return { web: of('web'), orders: of('orders'), mail: of('mail') };
}

/** A release of the web shop's tracker, withdrawn on its third day: the text "null" for whoever isn't logged in, zeros where a browser keeps no device id. */
const BROKEN = [Date.UTC(2026, 1, 10, 9), Date.UTC(2026, 1, 12, 16)] as const;

/** What happens to rows between a customer and a file: sent late, delivered twice, a time or an id lost. */
function faults(rows: Row[], seed: number, personNumber: number): Row[] {
  const chance = random(seed + 1, personNumber);
  const keepsNoId = random(seed + 4, personNumber).chance(0.15);
  return rows.flatMap(row => {
    if (row.system === 'web') {
      if (row.time! >= BROKEN[0] && row.time! <= BROKEN[1]) {
        row.user ??= 'null';
        if (keepsNoId) row.device = '00000000';
      }
      if (chance.chance(0.02)) row.arrived += chance.between(10 * MINUTE, 600 * MINUTE);
      if (chance.chance(0.0008)) row.time = null;
      if (chance.chance(0.015)) return [row, { ...row, arrived: row.arrived + chance.between(1000, 20 * MINUTE) }];
    }
    if (row.system === 'orders' && chance.chance(0.004)) row.time = null;
    if (row.system === 'mail' && chance.chance(0.008)) row.email = '';
    return [row];
  });
}

/** @returns the text of each data file, by its name */
export function files(options?: ShopOptions): Files {
  const { web, orders, mail } = shopRows(options);
  const months = new Map<string, Row<'web'>[]>();
  for (const row of web) {
    const month = new Date(row.arrived).toISOString().slice(0, 7);
    const rows = months.get(month);
    if (rows) rows.push(row);
    else months.set(month, [row]);
  }
  return {
    ...Object.fromEntries([...months].map(([month, rows]) => [`web/${month}.ndjson`, lines(rows.map(webLine))])),
    'orders.csv': lines(['order_id,status,created_at,customer_id,email,item_id,total', ...orders.map(orderLine)]),
    'mail.csv': lines(['at,kind,recipient,mailing', ...mail.map(mailLine)]),
    'items.csv': lines([
      'item_id,title,category,price',
      ...ITEMS.map(item => `${item.id},${quoted(item.title)},${item.category},${item.price}`),
    ]),
  };
}

function webLine(row: Row<'web'>): string {
  const { event, messageId, time, user, device, deviceType, ...rest } = row;
  return JSON.stringify({
    message_id: messageId,
    type: event,
    sent_at: time === null ? 'unknown' : new Date(time).toISOString(),
    user_id: user,
    email: rest.email,
    context: { device_id: device, device_type: deviceType },
    path: rest.path,
    item_id: rest.item,
    plan: rest.plan,
    channel: rest.channel,
  });
}

function orderLine(row: Row<'orders'>): string {
  const created = row.time === null ? '0000-00-00 00:00:00' : berlin(row.time);
  return [row.orderId, row.event, created, row.user ?? '', row.email, row.item, row.total.toFixed(2)].join(',');
}

const mailLine = (row: Row<'mail'>) => [isoSecond(row.time!), row.event, row.email, row.mailing].join(',');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { people: { type: 'string' }, events: { type: 'string' }, seed: { type: 'string' }, out: { type: 'string' } },
  });
  const count = (text: string | undefined, name: string) => {
    if (text === undefined || /^[1-9]\d*$/.test(text)) return text === undefined ? undefined : Number(text);
    throw new Error(`--${name} ${text}: expected a whole number from 1, such as --${name} 1000.`);
  };
  const made = files({
    people: count(values.people, 'people'),
    events: count(values.events, 'events'),
    seed: count(values.seed, 'seed'),
  });
  save(made, values.out ?? join(import.meta.dirname, 'data'));
}
