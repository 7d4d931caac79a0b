/** A seeded web shop whose visitors are known by devices first, by an address or an account later: about one id to two events. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { random } from '../../examples/generator/random.ts';

const DAY = 86_400_000;
const FROM = Date.UTC(2026, 0, 1);
const SPAN = 180 * DAY;

/** The kinds of ids, the strongest first, and what a value of each begins with. */
export const KINDS = ['user', 'email', 'device'] as const;
const LETTERS = ['u', 'm', 'd'];

/** Rows in order of time; by kind the number of the row's id, -1 where it carries none. */
export interface Visits {
  count: number;
  time: Float64Array;
  ids: readonly Int32Array[];
}

/** What an id is written as; device 0 is a placeholder. */
export const idText = (kind: number, id: number): string => (kind === 2 && id === 0 ? 'unknown' : `${LETTERS[kind]}${id}`);

export function makeVisits(count: number): Visits {
  const { next, whole } = random(20260402);
  const people = Math.ceil(count / 5);
  const time = new Float64Array(count);
  const ids = KINDS.map(() => new Int32Array(count).fill(-1));
  const [user, email, device] = ids;
  const kiosks = Math.ceil(people / 1000);
  for (let i = 0; i < count; i++) {
    // People come one after the other and stay for a while; each has one device or a few, and half of them are somebody some day.
    const person = Math.max(0, Math.min(people - 1, Math.floor((i / count) * people - next() ** 2 * people * 0.3)));
    time[i] = FROM + Math.floor((i / count) * SPAN);
    const devices = 1 + (person % 3);
    const chance = next();
    const own = 1 + kiosks + person * 3 + whole(0, devices - 1);
    device[i] = chance < 0.002 ? 0 : chance < 0.02 ? 1 + whole(0, kiosks - 1) : own;
    if (person % 2 === 0 && next() < 0.3) user[i] = person;
    if (person % 5 < 3 && next() < 0.15) email[i] = person;
  }
  return { count, time, ids };
}

/** Writes them as CSV, every eighth a purchase. */
export async function writeVisits(path: string, { count, time, ids }: Visits): Promise<void> {
  const file = createWriteStream(path);
  file.write('ts,event,user,email,device,total\n');
  for (let from = 0; from < count; from += 10_000) {
    const lines: string[] = [];
    for (let i = from; i < Math.min(count, from + 10_000); i++) {
      const own = ids.map((column, kind) => (column[i] < 0 ? '' : idText(kind, column[i])));
      const buys = i % 8 === 0;
      lines.push(`${new Date(time[i]).toISOString()},${buys ? 'order' : 'view'},${own.join(',')},${buys ? i % 200 : ''}\n`);
    }
    if (!file.write(lines.join(''))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}
