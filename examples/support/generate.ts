/** Writes the sample of a support desk: `node examples/support/generate.ts`. The same bytes every time. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csv, type Files, iso, isoDay, ndjson, save } from '../generator/files.ts';
import { Log, type Row } from '../generator/log.ts';
import { DAY, daytime, HOUR, MINUTE, officeHours } from '../generator/people.ts';
import { type Random, random } from '../generator/random.ts';

const SEED = 17;
const TICKETS = 330;
const FROM = Date.UTC(2026, 1, 2);
const TO = Date.UTC(2026, 3, 27) - 1;

/** @returns the text of each data file, by its name */
export function files(seed = SEED): Files {
  const log = new Log<'desk' | 'calls'>(FROM, TO);
  for (let number = 0; number < TICKETS; number++) ticket(log, number, random(seed, number));
  const chance = random(seed, TICKETS);
  return {
    'desk.ndjson': ndjson(log.rows('desk', chance, { twice: 0.01, lost: { at: [0.002, 'null'], ticket: [0.004, null] } })),
    'calls.csv': csv(['day', 'ticket', 'customer'], log.rows('calls', chance, { lost: { ticket: [0.01, ''] } })),
  };
}

function ticket(log: Log<'desk' | 'calls'>, number: number, chance: Random): void {
  const id = `T-${1000 + number}`;
  const customer = `c${chance.whole(1, 210)}`;
  const priority = chance.pick([
    ['high', 18],
    ['normal', 60],
    ['low', 22],
  ] as const);
  const topic = chance.pick([
    ['billing', 34],
    ['login', 38],
    ['bug', 28],
  ] as const);
  let event = 0;
  let time = daytime(FROM + chance.next() * (TO - FROM), chance);
  const add = (what: string, more: Row = {}) =>
    log.add('desk', time, { id: `${id}/${event++}`, at: iso(Math.floor(time)), what, ticket: id, customer, ...more });
  const work = (low: number, high: number) => {
    time = officeHours(time + chance.skewed(low, high) * HOUR);
  };
  const slow = { high: 0.5, normal: 1, low: 1.9 }[priority];

  add('opened', { priority, topic });
  for (let round = 0; round < 3; round++) {
    work(0.02, 4 * slow);
    add('assigned', { agent: chance.one(['kim', 'lou', 'max', 'pat']) });
    work(0.05, 7 * slow);
    add('replied');
    // Questions go back and forth.
    for (let asked = 0; asked < 2 && chance.chance(topic === 'bug' ? 0.5 : 0.25); asked++) {
      time += chance.between(1, 20) * MINUTE;
      add('waiting');
      if (chance.chance(0.1)) return; // never answered
      time = daytime(time + chance.skewed(0.05, 6) * DAY, chance);
      add('answered');
      work(0.2, 16 * slow);
      add('replied');
    }
    if (topic === 'bug' && chance.chance(0.35)) {
      time += chance.between(5, 90) * MINUTE;
      add('escalated');
      work(10, 120);
    }
    if (chance.chance(0.15)) log.add('calls', time, { day: isoDay(time), ticket: id, customer });
    work(0.2, 8 * slow);
    add('solved');
    // "It still doesn't work."
    if (!chance.chance(topic === 'bug' ? 0.24 : 0.1)) return;
    time = daytime(time + chance.skewed(0.1, 9) * DAY, chance);
    add('reopened', { priority, topic });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) save(files(), join(import.meta.dirname, 'data'));
