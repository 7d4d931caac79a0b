/** What literals mean, and what to say of those that mean nothing. */
import { type Instant, type Millis, Zone } from '@journey/engine';

/** A value, or why there is none. */
export type Parsed<T> = ({ ok: true } & T) | { ok: false; message: string; fix?: string };

const UNITS: Record<string, Millis> = { s: 1000, min: 60_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const LONG_UNITS: Record<string, string> = { second: 's', sec: 's', minute: 'min', hour: 'h', hr: 'h', day: 'd', week: 'w' };
const SAY_UNITS = 'a whole or decimal number and s, min, h, d or w, such as 14d';
const DAY = 86_400_000;

/**
 * A length of time such as `14d` or `1.5h`; `m` and `min` are minutes.
 * @param text as written, also with a unit that doesn't exist
 */
export function parseDuration(text: string): Parsed<{ value: Millis }> {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)[ \t]*(.*)$/.exec(text) ?? ['', '', ''];
  if (!unit) return { ok: false, message: `A duration needs a unit: ${SAY_UNITS}`, fix: `${text}d` };
  const word = unit.toLowerCase();
  const known = LONG_UNITS[word.replace(/s$/, '')];
  if (/^(mo|mon|month|months|y|yr|yrs|year|years|q|quarters?)$/.test(word) || unit === 'M') {
    const days = /^y/.test(word) ? 365 : /^q/.test(word) ? 91 : 30;
    const fix = `${Number(amount) * days}d`;
    return { ok: false, message: `\`${text}\`: months and years differ in length; say days, such as ${fix}`, fix };
  }
  if (!(unit in UNITS)) {
    if (!known) return { ok: false, message: `\`${unit}\` is no unit of time: a duration is ${SAY_UNITS}` };
    return { ok: false, message: `A duration is written short: \`${amount}${known}\``, fix: `${amount}${known}` };
  }
  const value = Math.round(Number(amount) * UNITS[unit]);
  if (value <= 0) return { ok: false, message: `\`${text}\` is no time at all: a duration must be longer than 0` };
  if (value > 100 * 365 * DAY) return { ok: false, message: `\`${text}\` is longer than a hundred years` };
  return { ok: true, value };
}

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][ \t]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A date, or a date and time.
 * @param clock the zone it is read in where it names no offset
 * @returns `first` and `last` millisecond of what was written: a whole day, or one instant
 */
export function parseDate(text: string, clock = new Zone()): Parsed<{ first: Instant; last: Instant }> {
  const match = DATE.exec(text);
  if (!match) return { ok: false, message: `\`${text}\` is no date: write one as 2026-03-01 or 2026-03-01 10:00` };
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (month.length < 2 || day.length < 2 || hour?.length === 1) {
    const fix = hour ? `${date} ${hour.padStart(2, '0')}${text.slice(text.indexOf(`${hour}:`) + hour.length)}` : date;
    return { ok: false, message: `Month, day and hour have two digits each: \`${fix}\``, fix };
  }
  const start = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(start).toISOString().slice(0, 10) !== date) return { ok: false, message: `There is no ${date} in the calendar` };
  if (hour === undefined) return { ok: true, first: clock.toInstant(start), last: clock.toInstant(start + DAY) - 1 };
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) {
    return { ok: false, message: `\`${text.slice(date.length + 1).trim()}\` is no time of day` };
  }
  const millis = Number((fraction ?? '').padEnd(3, '0'));
  const wall = start + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second ?? 0)) * 1000 + millis;
  const at = zone === undefined ? clock.toInstant(wall) : wall - offsetOf(zone);
  return { ok: true, first: at, last: at };
}

function offsetOf(zone: string): Millis {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return sign ? (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1) : 0;
}
