/** One person's year in the shop: what they do, on which devices, and what each system gets to know of it. */
import { address, DAY, daytime, HOUR, MINUTE, wholeSecond } from '../generator/people.ts';
import { type Random, random } from '../generator/random.ts';

interface Base {
  /** Milliseconds UTC; null where the system lost it. */
  time: number | null;
  /** When the row reached the file, milliseconds UTC. */
  arrived: number;
  person: number;
  /** Counts a person's rows, so that equal times keep their order. */
  number: number;
}
interface WebRow extends Base {
  system: 'web';
  event: 'page_view' | 'add_to_cart' | 'Signed Up' | 'Logged In' | 'invite_accepted' | 'account_closed';
  messageId: string;
  device: string;
  deviceType: 'phone' | 'laptop' | 'tablet';
  user?: string;
  path?: string;
  item?: string;
  email?: string;
  plan?: string;
  channel?: string;
}
interface OrderRow extends Base {
  system: 'orders';
  event: 'placed' | 'packed' | 'shipped' | 'delivered' | 'cancelled' | 'refunded';
  orderId: string;
  user?: string;
  email: string;
  item: string;
  total: number;
}
interface MailRow extends Base {
  system: 'mail';
  event: 'welcome' | 'cart_reminder' | 'newsletter' | 'unsubscribe';
  email: string;
  mailing: string;
}
type AnyRow = WebRow | OrderRow | MailRow;
export type Row<S extends AnyRow['system'] = AnyRow['system']> = Extract<AnyRow, { system: S }>;

/** The extract begins two weeks before the journey opens, and ends with April. */
const FROM = Date.UTC(2025, 11, 18);
export const TO = Date.UTC(2026, 4, 1) - 1;

/** Stands in the shop; whoever likes looks things up on it, and some log in. */
const KIOSK = 'kiosk-1';
const STAFF = '@shop.example';
/** Takes orders on the telephone, and leaves its own address in them. */
const SERVICE = `service${STAFF}`;

export const ITEMS = [
  ['A walk in the reeds', 'Books', 18],
  ['Maps for a wet summer', 'Books', 24],
  ['The patient gardener', 'Books', 15],
  ['Linen notebook', 'Paper', 9],
  ['Drawing pad A3', 'Paper', 14],
  ['Letter set', 'Paper', 12],
  ['Pencil tin', 'Desk', 22],
  ['Brass ruler', 'Desk', 29],
  ['Desk lamp', 'Desk', 89],
  ['Fountain pen', 'Pens', 64],
  ['Ink, blue-black', 'Pens', 11],
  ['Brush pen', 'Pens', 8],
].map(([title, category, price], i) => ({
  id: `i${i + 1}`,
  title: String(title),
  category: String(category),
  price: Number(price),
}));

/** What somebody turns out to be like; nobody carries it in a column. */
type Temper = 'keen' | 'hesitant' | 'abandons' | 'drifts off' | 'only looks' | 'opts out' | 'visitor';
const TEMPERS: readonly (readonly [Temper, number])[] = [
  ['keen', 27],
  ['hesitant', 17],
  ['abandons', 12],
  ['drifts off', 16],
  ['only looks', 4],
  ['opts out', 5],
  ['visitor', 19],
];

/** @returns the rows of person `number`, in the order they happened; nothing after the extract's end */
export function person(seed: number, number: number): AnyRow[] {
  const chance = random(seed, number);
  const life = new Life(seed, number, chance);
  live(life, chance);
  return life.rows.filter(row => row.time! >= FROM && row.time! <= TO);
}

function live(life: Life, chance: Random): void {
  const temper = chance.pick(TEMPERS);
  // The shop grows: later weeks bring more people.
  const met = FROM + Math.floor(Math.max(chance.next(), chance.chance(0.3) ? chance.next() : 0) * (TO - FROM - 2 * DAY));
  life.clock = daytime(met, chance);

  for (let visits = chance.whole(temper === 'visitor' ? 1 : 0, 2); visits > 0; visits--) {
    life.browse(chance.whole(1, 4));
    life.rest(0.3, 6);
  }
  if (temper === 'visitor') return;

  const invited = chance.chance(0.22);
  life.join(invited);
  if (!invited && chance.chance(0.06)) {
    // Presses the link in the invitation of a friend a little later: already in.
    life.rest(0.2, 4);
    life.web('invite_accepted', { channel: 'friend' });
  }

  switch (temper) {
    case 'keen':
      life.rest(0.01, 2);
      life.browse(chance.whole(1, 4));
      life.cart();
      life.clock += chance.skewed(4, 600) * MINUTE;
      life.order();
      break;
    case 'hesitant':
      for (let rounds = chance.whole(1, 3); rounds > 0; rounds--) {
        life.rest(0.2, 6);
        life.browse(chance.whole(1, 5));
        if (chance.chance(0.6)) life.cart();
      }
      life.rest(0.2, 3);
      life.cart();
      life.mail('cart_reminder', chance.between(20, 30) * HOUR);
      life.rest(0.5, 6);
      life.order();
      break;
    case 'abandons':
      life.rest(0.1, 4);
      life.browse(chance.whole(1, 3));
      life.cart();
      life.mail('cart_reminder', chance.between(20, 30) * HOUR);
      break;
    case 'drifts off':
      for (let rounds = chance.whole(1, 3); rounds > 0; rounds--) {
        life.rest(0.2, 8);
        life.browse(chance.whole(1, 4));
      }
      break;
    case 'only looks':
      for (let rounds = chance.whole(10, 14); rounds > 0; rounds--) {
        life.rest(4, 9);
        life.browse(1);
      }
      break;
    case 'opts out':
      life.rest(0.2, 3);
      life.browse(chance.whole(1, 3));
      life.mail('newsletter', 6 * HOUR);
      life.mail('unsubscribe', 7 * HOUR + chance.whole(1, 90) * MINUTE);
      break;
  }
  afterwards(life, chance, temper);
}

/** Weeks later: orders again, comes back through an invitation, closes the account. */
function afterwards(life: Life, chance: Random, temper: Temper): void {
  const bought = temper === 'keen' || temper === 'hesitant';
  for (
    let orders = bought
      ? chance.pick([
          [0, 60],
          [1, 25],
          [2, 15],
        ] as const)
      : 0;
    orders > 0;
    orders--
  ) {
    life.rest(6, 40);
    life.browse(1);
    life.cart();
    life.clock += chance.between(3, 40) * MINUTE;
    life.order();
  }
  if (chance.chance(0.12)) {
    life.rest(16, 60);
    life.web('invite_accepted', { channel: 'friend' });
    life.browse(chance.whole(1, 2));
    if (chance.chance(0.4)) {
      life.cart();
      life.clock += chance.between(3, 40) * MINUTE;
      life.order();
    }
  }
  if (bought && chance.chance(0.04)) {
    life.rest(0.2, 3);
    life.web('account_closed');
  }
}

class Life {
  readonly rows: AnyRow[] = [];
  clock = 0;
  readonly #person: number;
  readonly #chance: Random;
  /** Habits that came to the shop later: their chances leave those of everything else as they were. */
  readonly #habits: Random;
  readonly #devices: { id: string; type: WebRow['deviceType']; knows: boolean; shared?: boolean }[];
  #device: number;
  #email: string;
  #user?: string;
  #orders = 0;

  constructor(seed: number, number: number, chance: Random) {
    this.#person = number;
    this.#chance = chance;
    this.#habits = random(seed + 2, number);
    const types = chance.chance(0.6) ? (['phone', 'laptop', 'tablet'] as const) : (['laptop', 'phone', 'tablet'] as const);
    const owned = chance.pick([
      [1, 55],
      [2, 37],
      [3, 8],
    ] as const);
    this.#devices = types.slice(0, owned).map((type, i) => ({ id: `d${number}${'abc'[i]}`, type, knows: false }));
    // Two of one household have a tablet between them, and use it most; some people stop at the kiosk.
    const household = Math.floor(number / 2);
    if (random(seed + 3, household).chance(0.08))
      this.#devices.unshift({ id: `t${household}`, type: 'tablet', knows: false, shared: true });
    if (this.#habits.chance(0.12)) this.#devices.push({ id: KIOSK, type: 'tablet', knows: false, shared: true });
    this.#device = 0;
    this.#email = address(number, chance);
  }

  /** Some days pass, until an hour at which people are up. */
  rest(low: number, high: number): void {
    this.clock = daytime(this.clock + this.#chance.skewed(low, high) * DAY, this.#chance);
    // On what others use, too, they log out.
    for (const device of this.#devices) if (device.shared) device.knows = false;
    this.#device = this.#chance.chance(0.7) ? 0 : this.#chance.whole(0, this.#devices.length - 1);
  }

  /** A visit of some pages. On a device that doesn't know them people log in late, or not at all. */
  browse(pages: number): void {
    for (let page = 0; page < pages; page++) {
      const item = this.#chance.one(ITEMS);
      if (page === 0 && this.#chance.chance(0.25)) this.web('page_view', { path: this.#chance.one(['/', '/sale', '/help', '/cart']) });
      else this.web('page_view', { path: `/item/${item.id}`, item: item.id });
      if (page > 0 && this.#chance.chance(0.5)) this.login();
      this.clock += this.#chance.skewed(8, 400) * 1000;
    }
  }

  join(invited: boolean): void {
    this.#user = `u${1000 + this.#person}`;
    this.#devices[this.#device].knows = true;
    const plan = this.#chance.pick([
      ['free', 70],
      ['plus', 27],
      ['internal', 3],
    ] as const);
    const channel = this.#chance.pick([
      ['search', 45],
      ['social', 30],
      ['direct', 25],
    ] as const);
    if (plan === 'internal') this.#email = this.#email.replace(/@.*/, STAFF);
    const email = this.#habits.chance(0.1) ? this.#email[0].toUpperCase() + this.#email.slice(1) : this.#email;
    if (invited) this.web('invite_accepted', { email, plan, channel: 'friend' });
    else this.web('Signed Up', { email, plan, channel });
    this.mail('welcome', this.#chance.between(5, 120) * 1000);
    this.clock += this.#chance.between(20, 90) * 1000;
  }

  login(): void {
    const device = this.#devices[this.#device];
    if (!this.#user || device.knows) return;
    device.knows = true;
    this.web('Logged In');
  }

  cart(): void {
    const item = this.#chance.one(ITEMS);
    this.web('add_to_cart', { item: item.id, path: `/item/${item.id}` });
    this.clock += this.#chance.between(10, 120) * 1000;
  }

  /** An order and what becomes of it. The order system knows customers by number and address, never by device. */
  order(): void {
    const item = this.#chance.one(ITEMS);
    const pieces = this.#chance.pick([
      [1, 60],
      [2, 28],
      [3, 12],
    ] as const);
    const free = this.#chance.chance(0.02);
    // At the till as a guest: only the address says who it is, and people write it as they like.
    const user = this.#chance.chance(0.15) ? undefined : this.#user;
    const email = this.#chance.chance(0.1) ? ` ${this.#email.toUpperCase()}` : this.#email;
    // By telephone the customer number is written down by hand, and the address is that of whoever took the call.
    const byPhone = user !== undefined && this.#habits.chance(0.06);
    const order = {
      orderId: `o${this.#person}-${++this.#orders}`,
      user: byPhone && this.#habits.chance(0.5) ? user.toUpperCase() : user,
      email: byPhone ? SERVICE : email,
      item: item.id,
      total: free ? 0 : item.price * pieces,
    };
    this.login();
    const placed = this.clock;
    const add = (event: OrderRow['event'], time: number) =>
      this.#add({ ...order, system: 'orders', event, ...this.#at(wholeSecond(time)) });
    add('placed', placed);
    if (this.#chance.chance(0.05)) {
      add('cancelled', placed + this.#chance.between(0.5, 30) * HOUR);
      return;
    }
    const packed = placed + this.#chance.between(2, 40) * HOUR;
    add('packed', packed);
    const shipped = packed + this.#chance.between(1, 20) * HOUR;
    add('shipped', shipped);
    if (this.#chance.chance(0.04)) return; // lost on the way
    const delivered = shipped + this.#chance.skewed(0.8, 8) * DAY;
    add('delivered', delivered);
    if (this.#chance.chance(0.07)) add('refunded', delivered + this.#chance.between(1, 14) * DAY);
  }

  web(event: WebRow['event'], more: Partial<WebRow> = {}): void {
    const device = this.#devices[this.#device];
    const time = Math.floor(this.clock);
    this.#add({
      system: 'web',
      event,
      messageId: `m${this.#person}-${this.rows.length}`,
      device: device.id,
      deviceType: device.type,
      user: device.knows ? this.#user : undefined,
      ...more,
      ...this.#at(time),
    });
    this.clock += this.#chance.between(1, 4) * 1000;
  }

  mail(event: MailRow['event'], delay: number): void {
    const time = wholeSecond(this.clock + delay);
    this.#add({
      system: 'mail',
      event,
      email: this.#email,
      mailing: `${event}-${new Date(time).toISOString().slice(0, 7)}`,
      ...this.#at(time),
    });
  }

  #at(time: number): Pick<Base, 'time' | 'arrived' | 'person' | 'number'> {
    return { time, arrived: time, person: this.#person, number: this.rows.length };
  }

  #add(row: AnyRow): void {
    this.rows.push(row);
  }
}
