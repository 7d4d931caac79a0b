/** Writes the sample of a language-learning app: `node examples/subscription/generate.ts`. The same bytes every time. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csv, type Files, iso, isoSecond, ndjson, save } from '../generator/files.ts';
import { Log, type Row } from '../generator/log.ts';
import { DAY, daytime, HOUR, MINUTE, wholeSecond } from '../generator/people.ts';
import { type Random, random } from '../generator/random.ts';

const SEED = 11;
const PEOPLE = 240;
const FROM = Date.UTC(2026, 0, 1);
const TO = Date.UTC(2026, 6, 1) - 1;

/** What somebody turns out to be like: how often they learn in a week, and how likely the card is charged when the trial is over. */
const TEMPERS = {
  devoted: { lessons: 4, pays: 0.72, leaves: 0.04 },
  'now and then': { lessons: 1.6, pays: 0.3, leaves: 0.14 },
  'tries once': { lessons: 0.25, pays: 0.05, leaves: 0.4 },
};

/** @returns the text of each data file, by its name */
export function files(seed = SEED): Files {
  const log = new Log<'app' | 'billing'>(FROM, TO);
  for (let number = 0; number < PEOPLE; number++) live(log, number, random(seed, number));
  const chance = random(seed, PEOPLE);
  return {
    'app.ndjson': ndjson(log.rows('app', chance, { twice: 0.01, lost: { at: [0.002, 'n/a'] } })),
    'billing.csv': csv(['at', 'kind', 'account', 'plan', 'amount'], log.rows('billing', chance, { lost: { account: [0.005, ''] } })),
  };
}

function live(log: Log<'app' | 'billing'>, number: number, chance: Random): void {
  const account = `a${2000 + number}`;
  const temper =
    TEMPERS[
      chance.pick([
        ['devoted', 36],
        ['now and then', 34],
        ['tries once', 30],
      ] as const)
    ];
  const plan = chance.pick([
    ['monthly', 70],
    ['yearly', 30],
  ] as const);
  const began = daytime(FROM + Math.floor(chance.next() * (TO - FROM - DAY)), chance);
  const platform = chance.pick([
    ['ios', 40],
    ['android', 40],
    ['web', 20],
  ] as const);
  let event = 0;
  const app = (name: string, time: number, more: Row = {}) =>
    log.add('app', time, { id: `${account}-${event++}`, at: iso(time), event: name, account, ...more });
  const bill = (kind: string, time: number, amount: number) =>
    log.add('billing', time, { at: isoSecond(time), kind, account, plan, amount: amount.toFixed(2) });

  app('trial_started', began, { plan, device: { platform } });
  const price = plan === 'yearly' ? 79 : 9;
  const firstDue = wholeSecond(began + 14 * DAY + 3 * MINUTE);

  /** Lessons until somebody loses interest. */
  const learn = (until: number) => {
    let time = began + chance.between(2, 40) * MINUTE;
    // After the first weeks a lesson every other time is enough for most.
    const gap = () => chance.between(0.4, 1.6) * (7 / temper.lessons) * (time > began + 21 * DAY ? 3 : 1) * DAY;
    for (let first = temper !== TEMPERS['tries once'] || chance.chance(0.7); first && time < until; time = daytime(time + gap(), chance))
      app('lesson_done', Math.floor(time), { minutes: chance.whole(4, 25) });
  };

  if (!chance.chance(temper.pays)) {
    // Most say no in time; some cards are declined and nobody minds.
    if (chance.chance(0.7)) bill('cancelled', wholeSecond(began + chance.between(0.1, 13.9) * DAY), 0);
    else if (chance.chance(0.75)) bill('charge_failed', firstDue, price);
    learn(began + (temper === TEMPERS['tries once'] ? 3 : 13) * DAY);
    return;
  }
  let due = firstDue;
  bill('charged', due, price);
  for (;;) {
    const period = (plan === 'yearly' ? 365 : 30) * DAY;
    if (chance.chance(temper.leaves * (plan === 'yearly' ? 1.5 : 1))) {
      const left = wholeSecond(due + chance.between(3, 29) * DAY);
      if (plan === 'yearly' && chance.chance(0.3)) bill('refunded', left - HOUR, price);
      bill('cancelled', left, 0);
      learn(left);
      return;
    }
    due += period;
    if (due > TO) break;
    if (chance.chance(0.13)) {
      bill('charge_failed', due, price);
      if (chance.chance(0.4)) {
        // The card stays declined, and nobody says good-bye.
        learn(due);
        return;
      }
      due = wholeSecond(due + chance.between(1, 6) * DAY);
    }
    bill('charged', due, price);
  }
  learn(TO);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) save(files(), join(import.meta.dirname, 'data'));
