/** Writes the sample of a coffee roaster whose customers fall silent: `node examples/win-back/generate.ts`. The same bytes every time. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csv, type Files, isoSecond, ndjson, save } from '../generator/files.ts';
import { Log, type Row } from '../generator/log.ts';
import { address, DAY, daytime, HOUR, MINUTE, wholeSecond } from '../generator/people.ts';
import { type Random, random } from '../generator/random.ts';

const SEED = 3;
const PEOPLE = 170;
const FROM = Date.UTC(2025, 5, 1);
const TO = Date.UTC(2026, 5, 1) - 1;

/** @returns the text of each data file, by its name */
export function files(seed = SEED): Files {
  const log = new Log<'shop' | 'crm'>(FROM, TO);
  for (let number = 0; number < PEOPLE; number++) live(log, number, random(seed, number));
  const chance = random(seed, PEOPLE);
  return {
    'shop.ndjson': ndjson(log.rows('shop', chance, { twice: 0.01, lost: { at: [0.002, null] } })),
    'crm.csv': csv(['at', 'action', 'email'], log.rows('crm', chance, { lost: { email: [0.008, ''] } })),
  };
}

function live(log: Log<'shop' | 'crm'>, number: number, chance: Random): void {
  const email = address(number, chance);
  const channel = () =>
    chance.pick([
      ['search', 35],
      ['newsletter', 25],
      ['social', 25],
      ['direct', 15],
    ] as const);
  let event = 0;
  const shop = (type: string, time: number, more: Row = {}) =>
    log.add('shop', time, { id: `s${number}-${event++}`, at: isoSecond(time), type, email, ...more });
  const crm = (action: string, time: number) =>
    log.add('crm', time, { at: isoSecond(wholeSecond(time)), action, email: chance.chance(0.08) ? ` ${email}` : email });
  const buy = (time: number, from: string) => {
    shop('visit', time, { channel: from });
    shop('order', time + chance.whole(2, 20) * MINUTE, { total: chance.whole(12, 64) });
  };

  let time = daytime(FROM + chance.next() * 260 * DAY, chance);
  const first = channel();
  /** Between two orders: a bag of coffee lasts some weeks. Who came by social media stays less. */
  const stays = { search: 0.82, newsletter: 0.88, social: 0.66, direct: 0.85 };
  let from = first;
  for (let cycles = 0; cycles < 4 && time < TO; cycles++) {
    while (chance.chance(stays[from]) && time < TO) {
      buy(time, from);
      time = daytime(time + chance.between(12, 44) * DAY, chance);
      if (chance.chance(0.4)) shop('visit', daytime(time - 6 * DAY, chance), { channel: channel() });
    }
    buy(time, from);
    // Silent. After some ten weeks the roaster writes, twice at most.
    const silent = time + 60 * DAY;
    crm('winback_mail', silent + chance.between(2, 9) * DAY);
    const answer = chance.next();
    if (answer < 0.2) time = daytime(silent + chance.between(10, 20) * DAY, chance);
    else if (answer < 0.26) {
      crm('unsubscribed', silent + chance.between(9, 10) * DAY);
      return;
    } else {
      crm('voucher_sent', silent + chance.between(22, 26) * DAY);
      if (answer < 0.44) time = daytime(silent + chance.skewed(27, 55) * DAY, chance);
      else if (answer < 0.6) {
        // Looks around, and buys nothing.
        shop('visit', daytime(silent + chance.between(24, 40) * DAY, chance), { channel: 'newsletter' });
        return;
      } else return;
    }
    from = chance.chance(0.7) ? 'newsletter' : channel();
    shop('visit', time - 26 * HOUR, { channel: from });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) save(files(), join(import.meta.dirname, 'data'));
