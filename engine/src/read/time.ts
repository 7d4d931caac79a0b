import { encode } from './dictionary.ts';
import { Zone } from './zone.ts';

const DAYS_IN = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads times: ISO 8601 with `T` or a space, with or without offset (`Z`, `UTC`, `+02`, `+0200`, `+02:00`), digits beyond
 * milliseconds cut off; a date alone (`2026-03-01`, `20260301`); or epoch digits, whose unit follows from their size:
 * below 1e11 seconds (fractions allowed), below 1e14 milliseconds, below 1e17 microseconds, else nanoseconds.
 */
export class TimeReader {
  readonly zone: Zone;
  /** The time read last was a date alone, and stands at the start of its day. */
  dayOnly = false;

  constructor(zone = new Zone()) {
    this.zone = zone;
  }

  text(text: string): number {
    const { bytes, length } = encode(text);
    return this.read(bytes, 0, length);
  }

  /** @returns ms UTC, or NaN where it is no time */
  read(b: Uint8Array, start: number, end: number): number {
    this.dayOnly = false;
    while (start < end && b[start] === 32) start++;
    while (end > start && b[end - 1] === 32) end--;
    if (end - start < 8 || b[start + 4] !== 45) return this.digits(b, start, end);
    if (end - start < 10 || b[start + 7] !== 45) return NaN;
    const date = dateOf(number(b, start, 4), number(b, start + 5, 2), number(b, start + 8, 2));
    if (Number.isNaN(date)) return NaN;
    let i = start + 10;
    if (i === end) return this.day(date);
    if ((b[i] !== 84 && b[i] !== 32 && b[i] !== 116) || end - i < 6 || b[i + 3] !== 58) return NaN;
    const hour = number(b, i + 1, 2);
    const minute = number(b, i + 4, 2);
    i += 6;
    let second = 0;
    let ms = 0;
    if (b[i] === 58 && i < end) {
      if (end - i < 3) return NaN;
      second = number(b, i + 1, 2);
      i += 3;
      if (i < end && (b[i] === 46 || b[i] === 44)) {
        let unit = 100;
        for (i++; i < end && b[i] >= 48 && b[i] <= 57; i++) {
          ms += (b[i] - 48) * unit;
          unit = unit > 1 ? unit / 10 : 0;
        }
      }
    }
    // 24:00 ends the day, and 60 is a leap second; both are the next instant there is.
    if (!(hour < 24 || (hour === 24 && minute + second + ms === 0)) || !(minute < 60) || !(second <= 60)) return NaN;
    const wall = date + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms;
    while (i < end && b[i] === 32) i++;
    if (i === end) return this.zone.toInstant(wall);
    return wall - offsetOf(b, i, end);
  }

  private digits(b: Uint8Array, start: number, end: number): number {
    const negative = b[start] === 45;
    let whole = 0;
    let i = negative ? start + 1 : start;
    const first = i;
    for (; i < end && b[i] >= 48 && b[i] <= 57; i++) whole = whole * 10 + b[i] - 48;
    if (i === first) return NaN;
    if (i - first === 8 && i === end && !negative) {
      const day = dateOf(Math.floor(whole / 10_000), Math.floor(whole / 100) % 100, whole % 100);
      if (whole >= 19_000_101 && whole < 21_000_000 && !Number.isNaN(day)) return this.day(day);
    }
    // Nanoseconds are beyond what a double counts; milliseconds are not.
    const ns = i - first > 17 ? number(b, first, i - first - 6) : 0;
    let fraction = 0;
    if (i < end && b[i] === 46) {
      let unit = 0.1;
      for (i++; i < end && b[i] >= 48 && b[i] <= 57; i++) {
        fraction += (b[i] - 48) * unit;
        unit /= 10;
      }
    }
    if (i !== end) return NaN;
    // The sum of decimal digits may fall a hair short of the millisecond that is written.
    const ms =
      whole < 1e11 ? whole * 1000 + Math.floor(fraction * 1000 + 1e-6) : Math.floor(whole < 1e14 ? whole : whole < 1e17 ? whole / 1e3 : ns);
    return ms <= 8.64e15 ? (negative ? -ms : ms) : NaN;
  }

  private day(date: number): number {
    if (Number.isNaN(date)) return NaN;
    this.dayOnly = true;
    return this.zone.toInstant(date);
  }
}

function number(b: Uint8Array, at: number, length: number): number {
  let n = 0;
  for (let i = at; i < at + length; i++) {
    const digit = b[i] - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    n = n * 10 + digit;
  }
  return n;
}

/** Days since 1970 in the Gregorian calendar, as ms; NaN for a date that doesn't exist. */
function dateOf(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= DAYS_IN[month - 1])) return NaN;
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return NaN;
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468) * 86_400_000;
}

function offsetOf(b: Uint8Array, i: number, end: number): number {
  const rest = end - i;
  if (rest === 1 && (b[i] === 90 || b[i] === 122)) return 0;
  if (rest === 3 && ((b[i] === 85 && b[i + 1] === 84 && b[i + 2] === 67) || (b[i] === 71 && b[i + 1] === 77 && b[i + 2] === 84))) return 0;
  if ((b[i] !== 43 && b[i] !== 45) || (rest !== 3 && rest !== 5 && rest !== 6) || (rest === 6 && b[i + 3] !== 58)) return NaN;
  const hours = number(b, i + 1, 2);
  const minutes = rest === 3 ? 0 : number(b, end - 2, 2);
  if (!(hours < 24 && minutes < 60)) return NaN;
  return (b[i] === 45 ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
