/** A seeded shop of any size: the same number of events gives the same file. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { random } from '../../examples/generator/random.ts';

const DAY = 86_400_000;
const FROM = Date.UTC(2026, 0, 1);
const SPAN = 180 * DAY;

/** What happens, and how often. Everybody's first event is a sign-up. */
const EVENTS = [
  ['view', 60],
  ['add_to_cart', 14],
  ['order', 8],
  ['opt_out', 2],
  ['support', 8],
  ['sign_up', 8],
] as const;

export const NAMES = EVENTS.map(([name]) => name);
export const CHANNELS = ['web', 'app', 'mail', 'internal'] as const;

/** The file's rows as columns, in its order; instants in milliseconds UTC, no two alike. */
export interface Columns {
  count: number;
  people: number;
  time: Float64Array;
  person: Int32Array;
  /** Index into NAMES. */
  name: Uint8Array;
  /** Index into CHANNELS. */
  channel: Uint8Array;
  /** An item's page, or 0 for one that is none. */
  item: Uint16Array;
  /** An order's; 0 for a sample sent for nothing. */
  total: Float64Array;
}

export function makeColumns(count: number): Columns {
  const { next, pick, whole } = random(20260401);
  const people = Math.ceil(count / 12);
  const columns: Columns = {
    count,
    people,
    time: new Float64Array(count),
    person: new Int32Array(count),
    name: new Uint8Array(count),
    channel: new Uint8Array(count),
    item: new Uint16Array(count),
    total: new Float64Array(count),
  };
  const known = new Uint8Array(people);
  const step = SPAN / count;
  const names = EVENTS.map(([name, weight]) => [NAMES.indexOf(name), weight] as const);
  for (let i = 0; i < count; i++) {
    // People come one after the other and stay for a while.
    const person = Math.max(0, Math.min(people - 1, Math.floor((i / count) * people - next() ** 2 * people * 0.3)));
    columns.time[i] = FROM + Math.floor(i * step) + whole(0, Math.max(0, Math.floor(step) - 1));
    columns.person[i] = person;
    columns.name[i] = known[person] ? pick(names) : NAMES.indexOf('sign_up');
    columns.channel[i] = pick([
      [0, 50],
      [1, 30],
      [2, 15],
      [3, 5],
    ]);
    columns.item[i] = next() < 0.8 ? whole(1, 5000) : 0;
    columns.total[i] = next() < 0.05 ? 0 : whole(1, 20_000) / 100;
    known[person] = 1;
  }
  return columns;
}

/** Writes them as CSV: eight columns, of which a definition uses six. */
export async function writeCsv(path: string, columns: Columns): Promise<void> {
  const file = createWriteStream(path);
  file.write('ts,event,user_id,path,channel,total,device,session\n');
  for (let from = 0; from < columns.count; from += 10_000) {
    const lines: string[] = [];
    for (let i = from; i < Math.min(columns.count, from + 10_000); i++) {
      const name = NAMES[columns.name[i]];
      const path = name === 'view' ? (columns.item[i] ? `/item/${columns.item[i]}` : '/home') : '';
      const total = name === 'order' ? columns.total[i].toFixed(2) : '';
      const fields = [new Date(columns.time[i]).toISOString(), name, `u${columns.person[i]}`, path, CHANNELS[columns.channel[i]], total];
      lines.push(`${fields.join(',')},d${columns.person[i] % 9973},s${i % 50_021}\n`);
    }
    if (!file.write(lines.join(''))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
