/** Writes the sample of a clinic: its portal, its reception, its reminders. `node examples/clinic/generate.ts`. The same bytes every time. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { berlin, csv, type Files, isoDay, isoSecond, save } from '../generator/files.ts';
import { Log, type Row } from '../generator/log.ts';
import { address, DAY, daytime, HOUR, MINUTE, officeHours } from '../generator/people.ts';
import { type Random, random } from '../generator/random.ts';

const SEED = 29;
const PEOPLE = 760;
const FROM = Date.UTC(2026, 0, 5);
const TO = Date.UTC(2026, 5, 1) - 1;
/** The portal wrote no log for three days. */
const OUTAGE = [Date.UTC(2026, 2, 10, 14), Date.UTC(2026, 2, 13, 9)] as const;

const CLINIC = '+49 30 5550100';
const NURSING_HOME = '+49 30 5551200';
const WAITING_ROOM = 'waiting-room';

type System = 'portal' | 'desk' | 'reminders';

/** @returns the text of each data file, by its name */
export function files(seed = SEED): Files {
  const log = new Log<System>(Date.UTC(2024, 0, 1), TO);
  const register: Row[] = [];
  for (let number = 0; number < PEOPLE; number++) {
    const patient = new Patient(log, seed, number);
    patient.live();
    register.push(patient.facts);
  }
  const chance = random(seed, PEOPLE);
  return {
    'portal.csv': csv(
      ['message_id', 'sent_at', 'type', 'device_id', 'device_type', 'patient_no', 'email', 'path', 'appointment', 'reason', 'granted'],
      log.rows('portal', chance, { twice: 0.012 }),
    ),
    'desk.csv': csv(
      ['at', 'what', 'patient_no', 'email', 'phone', 'appointment', 'reason', 'granted'],
      log.rows('desk', chance, { lost: { at: [0.004, '??.??.2026'], patient_no: [0.01, ''] } }),
    ),
    'reminders.csv': csv(['at', 'kind', 'email', 'phone', 'appointment'], log.rows('reminders', chance)),
    'patients.csv': csv(['patient_no', 'birthday', 'insurance'], register),
  };
}

class Patient {
  readonly facts: Row;
  readonly #log: Log<System>;
  readonly #number: number;
  readonly #chance: Random;
  readonly #no: string;
  readonly #email: string;
  readonly #phone: string;
  readonly #devices: { id: string; type: string; asked: boolean }[];
  /** What they tell whoever asks whether numbers may be made of them; undefined: nothing. */
  readonly #consents: boolean | undefined;
  #device = 0;
  #clock = 0;
  #known = false;
  #messages = 0;
  #appointments = 0;

  constructor(log: Log<System>, seed: number, number: number) {
    const chance = random(seed, number);
    this.#log = log;
    this.#number = number;
    this.#chance = chance;
    this.#no = `P${20000 + number * 7}`;
    this.#email = address(number, chance);
    // Of one family in eight two have the same number: a parent's.
    const family = Math.floor(number / 2);
    const own = random(seed + 1, family).chance(0.12) ? family * 2 : number;
    this.#phone = number < 9 ? NURSING_HOME : `+49 30 ${7100000 + own * 13}`;
    const types = chance.chance(0.65) ? ['phone', 'laptop'] : ['laptop', 'phone'];
    this.#devices = types.slice(0, chance.chance(0.42) ? 2 : 1).map((type, i) => ({ id: `x${number}${'ab'[i]}`, type, asked: false }));
    this.#consents = chance.pick([
      [true, 86],
      [false, 8],
      [undefined, 6],
    ] as const);
    this.facts = {
      patient_no: this.#no,
      birthday: isoDay(Date.UTC(1936 + chance.whole(0, 70), chance.whole(0, 11), chance.whole(1, 28))),
      insurance: chance.chance(0.83) ? 'public' : 'private',
    };
  }

  live(): void {
    const chance = this.#chance;
    if (chance.chance(0.04)) this.#migrated();
    this.#clock = daytime(FROM + chance.next() * (TO - FROM - 6 * HOUR), chance);
    const online = this.#number >= 9 && chance.chance(0.68);
    for (
      let visits = chance.pick([
        [1, 60],
        [2, 27],
        [3, 13],
      ] as const);
      visits > 0;
      visits--
    ) {
      if (!(online && chance.chance(0.9) ? this.#bookOnline() : this.#bookByPhone())) return;
      this.#changesMind();
      this.#clock = daytime(this.#clock + chance.between(9, 35) * DAY, chance);
    }
    if (chance.chance(0.025)) this.#asksToBeErased();
  }

  /** Rows that came along from the system before: older than anything that may be kept. */
  #migrated(): void {
    const time = officeHours(Date.UTC(2024, 9, 1) + this.#chance.next() * 80 * DAY);
    this.#desk('treated', time, { appointment: `old-${this.#number}`, reason: 'check-up' });
  }

  /** @returns whether it came to an appointment that was kept or missed */
  #bookOnline(): boolean {
    const chance = this.#chance;
    for (
      let sessions = chance.pick([
        [1, 55],
        [2, 30],
        [3, 15],
      ] as const);
      sessions > 0;
      sessions--
    ) {
      this.#device = chance.whole(0, this.#devices.length - 1);
      this.#banner();
      for (let pages = chance.whole(1, 4); pages > 0; pages--) {
        this.#portal('page_view', { path: pages % 2 ? '/appointments' : chance.one(['/', '/team', '/directions', '/appointments']) });
        this.#clock += chance.skewed(6, 300) * 1000;
      }
      if (sessions > 1) this.#clock = daytime(this.#clock + chance.skewed(0.1, 2.6) * DAY, chance);
    }
    if (chance.chance(0.16)) return false; // gives up
    this.#portal('slot_chosen');
    this.#clock += chance.between(20, 200) * 1000;
    if (chance.chance(0.14)) {
      // Something is in the way; half of them call instead.
      this.#clock += chance.between(10, 300) * MINUTE;
      return chance.chance(0.5) && this.#bookByPhone();
    }
    const id = this.#next();
    const reason = this.#reason();
    const email = chance.chance(0.1) ? ` ${this.#email.toUpperCase()}` : this.#email;
    this.#portal('booked', { appointment: id, reason, email });
    return this.#appointment(id, reason);
  }

  #bookByPhone(): boolean {
    const chance = this.#chance;
    this.#clock = officeHours(this.#clock);
    if (!this.#known && this.#consents !== undefined) this.#desk('consent_form', this.#clock, { granted: String(this.#consents) });
    this.#clock += chance.between(1, 4) * MINUTE;
    const id = this.#next();
    const reason = this.#reason();
    this.#desk('booked', this.#clock, { appointment: id, reason });
    return this.#appointment(id, reason);
  }

  /** A reminder, and whether they come. */
  #appointment(id: string, reason: string): boolean {
    const chance = this.#chance;
    const wait = reason === 'acute pain' ? chance.between(0.5, 3) : chance.skewed(2, 32);
    const at = officeHours(this.#clock + wait * DAY);
    const reminded = at - this.#clock > 3 * DAY && chance.chance(0.8);
    if (reminded) {
      const byText = chance.chance(0.4);
      this.#log.add('reminders', at - 2 * DAY, {
        at: isoSecond(at - 2 * DAY),
        kind: byText ? 'text' : 'mail',
        email: byText ? '' : this.#email,
        phone: byText ? this.#phone : '',
        appointment: id,
      });
    }
    if (chance.chance(0.09)) {
      this.#clock += (at - this.#clock) * chance.between(0.1, 0.8);
      if (chance.chance(0.5)) this.#portal('cancelled', { appointment: id, email: this.#email });
      else this.#desk('cancelled', officeHours(this.#clock), { appointment: id });
      return true;
    }
    this.#clock = at;
    if (chance.chance(reminded ? 0.06 : 0.17)) {
      this.#desk('no_show', at + HOUR, { appointment: id });
      return true;
    }
    this.#desk('arrived', at - chance.between(1, 20) * MINUTE, { appointment: id });
    this.#known = true;
    if (chance.chance(0.25))
      this.#write('portal', at - 30 * 1000, { type: 'form_filled', device_id: WAITING_ROOM, device_type: 'tablet', patient_no: this.#no });
    // Visits at home are written down in the office, days later.
    const home = chance.chance(0.07);
    const treated = at + chance.between(10, 50) * MINUTE;
    this.#desk('treated', treated, { appointment: id, reason }, home ? treated + chance.between(2, 4) * DAY : treated);
    return true;
  }

  /** Some take back what they said, and some of those say yes again. */
  #changesMind(): void {
    const chance = this.#chance;
    if (!this.#consents || !chance.chance(0.08)) return;
    this.#clock = daytime(this.#clock + chance.between(1, 5) * DAY, chance);
    this.#portal('consent_changed', { granted: false });
    if (!chance.chance(0.45)) return;
    this.#clock = daytime(this.#clock + chance.between(1, 8) * DAY, chance);
    this.#portal('consent_changed', { granted: true });
  }

  #asksToBeErased(): void {
    const chance = this.#chance;
    this.#clock = daytime(this.#clock + chance.between(1, 10) * DAY, chance);
    if (chance.chance(0.5)) this.#portal('erase_me', { email: this.#email });
    else this.#desk('erasure_letter', officeHours(this.#clock));
  }

  /** The first page on a device asks; who doesn't answer has said nothing. */
  #banner(): void {
    const device = this.#devices[this.#device];
    if (device.asked || this.#consents === undefined) return;
    device.asked = true;
    this.#portal('consent_changed', { granted: this.#consents });
    this.#clock += 4000;
  }

  #next(): string {
    return `A${this.#number}-${++this.#appointments}`;
  }

  #reason(): string {
    return this.#chance.pick([
      ['check-up', 40],
      ['acute pain', 24],
      ['follow-up', 22],
      ['vaccination', 14],
    ] as const);
  }

  #portal(type: string, more: Row = {}): void {
    const { id, type: device_type } = this.#devices[this.#device];
    // Whoever has been here once is asked to log in, and does now and then.
    const patient_no = this.#known && this.#chance.chance(0.5) ? this.#no : undefined;
    this.#write('portal', this.#clock, { type, device_id: id, device_type, patient_no, ...more });
  }

  #write(system: 'portal', time: number, row: Row): void {
    const at = Math.floor(time);
    if (at < FROM || (at > OUTAGE[0] && at < OUTAGE[1])) return;
    this.#log.add(system, at, { message_id: `${this.#number}.${this.#messages++}`, sent_at: isoSecond(at), ...row });
  }

  /** @param written when the row reached the file, where that is later */
  #desk(what: string, time: number, more: Row = {}, written = time): void {
    const chance = this.#chance;
    const at = berlin(Math.floor(time / MINUTE) * MINUTE);
    const phone = chance.chance(0.03) ? CLINIC : chance.chance(0.03) ? 'unknown' : this.#phone;
    this.#log.add('desk', written, {
      at: chance.chance(0.004) ? at.replace('2026', '2062') : at,
      what,
      patient_no: this.#no,
      // The address is asked for once.
      email: what === 'arrived' ? this.#email : '',
      phone,
      ...more,
    });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) save(files(), join(import.meta.dirname, 'data'));
