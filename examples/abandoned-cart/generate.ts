/** Writes the sample of a shop whose carts stay behind: `node examples/abandoned-cart/generate.ts`. The same bytes every time. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { csv, type Files, iso, isoSecond, ndjson, save } from '../generator/files.ts';
import { Log, type Row } from '../generator/log.ts';
import { address, DAY, daytime, HOUR, MINUTE, wholeSecond } from '../generator/people.ts';
import { type Random, random } from '../generator/random.ts';

const SEED = 23;
const PEOPLE = 250;
const FROM = Date.UTC(2026, 2, 1);
const TO = Date.UTC(2026, 4, 1) - 1;

type Category = 'shoes' | 'jackets' | 'bags';
const PRICES: Record<Category, number> = { shoes: 89, jackets: 149, bags: 59 };

/** @returns the text of each data file, by its name */
export function files(seed = SEED): Files {
  const log = new Log<'shop' | 'mails'>(FROM, TO);
  for (let number = 0; number < PEOPLE; number++) live(log, number, random(seed, number));
  const chance = random(seed, PEOPLE);
  return {
    'shop.ndjson': ndjson(log.rows('shop', chance, { twice: 0.015, lost: { ts: [0.002, ''] } })),
    'mails.csv': csv(['sent_at', 'kind', 'recipient', 'mailing'], log.rows('mails', chance, { lost: { recipient: [0.01, ''] } })),
  };
}

function live(log: Log<'shop' | 'mails'>, number: number, chance: Random): void {
  const email = address(number, chance);
  // Without an address there is nobody to remind.
  const known = chance.chance(0.8);
  const device = chance.pick([
    ['phone', 58],
    ['laptop', 42],
  ] as const);
  let event = 0;
  const shop = (type: string, time: number, more: Row = {}) =>
    log.add('shop', time, {
      id: `e${number}-${event++}`,
      ts: iso(time),
      type,
      cookie: `c${number}`,
      email: known ? email : null,
      device,
      ...more,
    });
  const mail = (kind: string, time: number) =>
    log.add('mails', time, {
      sent_at: isoSecond(time),
      kind,
      recipient: chance.chance(0.1) ? email.toUpperCase() : email,
      mailing: `cart-${kind}`,
    });

  let time = daytime(FROM + chance.next() * (TO - FROM), chance);
  for (let carts = chance.whole(1, 3); carts > 0; carts--) {
    const category = chance.pick([
      ['shoes', 45],
      ['jackets', 25],
      ['bags', 30],
    ] as const);
    const price = PRICES[category] + chance.whole(-10, 40);
    const piece = { category, price };
    shop('visit', Math.floor(time));
    time += chance.between(1, 9) * MINUTE;
    shop('cart', Math.floor(time), piece);
    if (chance.chance(0.3)) {
      // Adds another one: only the last of them can be left behind.
      time += chance.between(2, 30) * MINUTE;
      shop('cart', Math.floor(time), piece);
    }
    if (chance.chance(device === 'phone' ? 0.36 : 0.52)) {
      time += chance.between(2, 50) * MINUTE;
      shop('order', Math.floor(time), { total: price, category });
    } else time = abandoned(time, piece);
    time = daytime(time + chance.skewed(4, 25) * DAY, chance);
  }

  /** Two mails, unless they come back first; dear things are thought over longer. */
  function abandoned(left: number, piece: { category: Category; price: number }): number {
    const buy = (at: number, total: number) => {
      shop('visit', Math.floor(at));
      shop('order', Math.floor(at + chance.between(2, 15) * MINUTE), { total, category: piece.category });
      return at + HOUR;
    };
    if (chance.chance(0.12)) return buy(left + chance.between(2, 18) * HOUR, piece.price);
    if (!known) return left;
    const reminded = wholeSecond(left + chance.between(20, 24) * HOUR);
    mail('reminder', reminded);
    if (chance.chance(0.03)) {
      mail('unsubscribe', wholeSecond(reminded + chance.between(5, 300) * MINUTE));
      return reminded;
    }
    if (chance.chance(0.45)) {
      mail('opened', wholeSecond(reminded + chance.skewed(3, 900) * MINUTE));
      if (chance.chance(piece.category === 'jackets' ? 0.22 : 0.38)) return buy(reminded + chance.between(16, 40) * HOUR, piece.price);
    }
    if (chance.chance(0.75)) {
      const voucher = wholeSecond(reminded + chance.between(70, 74) * HOUR);
      mail('voucher', voucher);
      if (chance.chance(piece.category === 'jackets' ? 0.3 : 0.14)) return buy(voucher + chance.skewed(1, 60) * HOUR, piece.price * 0.9);
    }
    return left + 6 * DAY;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) save(files(), join(import.meta.dirname, 'data'));
