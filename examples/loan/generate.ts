/** Writes the sample of a bank's loan desk: `node examples/loan/generate.ts`. The same bytes every time. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { berlin, csv, type Files, save } from '../generator/files.ts';
import { Log, type Row } from '../generator/log.ts';
import { DAY, daytime, HOUR, MINUTE, officeHours } from '../generator/people.ts';
import { type Random, random } from '../generator/random.ts';

const SEED = 5;
const PEOPLE = 320;
const FROM = Date.UTC(2026, 0, 5);
const TO = Date.UTC(2026, 5, 1) - 1;

/** @returns the text of each data file, by its name */
export function files(seed = SEED): Files {
  const log = new Log<'desk'>(FROM, TO);
  const customers: Row[] = [];
  let application = 0;
  for (let number = 0; number < PEOPLE; number++) {
    const chance = random(seed, number);
    const customer = `k${300 + number}`;
    // The bank's register knows only who had an account before.
    const known = chance.chance(0.62);
    const age = chance.whole(19, 74);
    if (known) customers.push({ customer_no: customer, since: chance.whole(1998, 2025), age: chance.chance(0.04) ? '' : age });
    let time = daytime(FROM + chance.next() * (TO - FROM), chance);
    // A second one follows, or runs beside the first.
    for (let count = chance.chance(0.14) ? 2 : 1; count > 0; count--) {
      apply(log, `L${String(++application).padStart(4, '0')}`, customer, known, time, chance);
      time = daytime(time + chance.skewed(1, 60) * DAY, chance);
    }
  }
  const chance = random(seed, PEOPLE);
  const columns = ['changed_at', 'step', 'application', 'customer', 'channel', 'purpose', 'amount'];
  const desk = log.rows('desk', chance, { lost: { changed_at: [0.003, '00.00.0000'], application: [0.004, ''] } });
  return { 'desk.csv': csv(columns, desk), 'customers.csv': csv(['customer_no', 'since', 'age'], customers) };
}

function apply(log: Log<'desk'>, application: string, customer: string, known: boolean, applied: number, chance: Random): void {
  const channel = chance.pick([
    ['web', 60],
    ['branch', 28],
    ['broker', 12],
  ] as const);
  const purpose = chance.pick([
    ['car', 40],
    ['home', 25],
    ['other', 35],
  ] as const);
  const amount = chance.whole(3, 60) * 500;
  let time = applied;
  const step = (name: string) =>
    log.add('desk', time, { changed_at: berlin(time), step: name, application, customer, channel, purpose, amount });
  /** Somebody at the bank gets to it. */
  const office = (low: number, high: number) => {
    time = officeHours(time + chance.skewed(low, high) * HOUR);
  };
  const check = () => {
    office(2, 50);
    step('documents_checked');
    // Something is missing: back to the customer, and again from the beginning.
    for (let again = 0; again < 2 && chance.chance(channel === 'web' ? 0.33 : 0.14); again++) {
      office(0.1, 2);
      step('documents_missing');
      time = daytime(time + chance.skewed(0.5, 12) * DAY, chance);
      if (chance.chance(0.16)) return false; // never heard of again
      step('documents_received');
      office(2, 40);
      step('documents_checked');
    }
    return true;
  };

  step('submitted');
  if (channel === 'branch' && chance.chance(0.5)) {
    // At the branch the score is looked up while the customer sits there.
    time += chance.between(5, 30) * MINUTE;
    step('scored');
    if (!check()) return;
  } else if (known && amount < 5000 && chance.chance(0.6)) {
    // Small loans of old customers: nobody looks at papers.
    time += chance.between(1, 20) * MINUTE;
    step('scored');
  } else {
    if (!check()) return;
    office(0.2, 30);
    step('scored');
  }
  if (chance.chance(known ? 0.18 : 0.34)) {
    office(0.5, 20);
    step('declined');
    return;
  }
  office(0.5, 40);
  step('offered');
  const decided = chance.next();
  if (decided < 0.16) return; // the offer lies on the kitchen table
  time = daytime(time + chance.skewed(0.4, 16) * DAY, chance);
  if (decided < 0.26) {
    step('withdrawn');
    return;
  }
  if (decided < 0.34) {
    // Wants other terms.
    step('terms_asked');
    office(1, 40);
    step('offered');
    time = daytime(time + chance.skewed(0.4, 8) * DAY, chance);
  }
  step('signed');
  office(1, 30);
  step('paid_out');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) save(files(), join(import.meta.dirname, 'data'));
