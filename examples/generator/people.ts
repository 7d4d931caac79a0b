/** What the made-up people of all examples have in common: names, addresses, and hours at which they are up. */
import type { Random } from './random.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const FIRST = 'ada ben cleo dina emil fritz greta hugo ida jonas kira leon mila nora otto pia'.split(' ');
const LAST = 'adler bauer conrad dietz ebert fuchs graf horn igel jung koch lang maier noll opitz'.split(' ');

/** @param number keeps the addresses of namesakes apart */
export const address = (number: number, chance: Random) => `${chance.one(FIRST)}.${chance.one(LAST)}${number}@mail.example`;

/** How often a day each hour brings somebody, most of all in the evening. */
const HOURS = [
  [7, 2],
  [8, 3],
  [10, 4],
  [12, 5],
  [14, 4],
  [17, 5],
  [19, 7],
  [20, 8],
  [21, 6],
  [22, 3],
] as const;

/** @returns a moment of the same day, between seven in the morning and midnight, or of the next day where that has passed */
export function daytime(time: number, chance: Random): number {
  const moment = Math.floor(time / DAY) * DAY + chance.pick(HOURS) * HOUR + Math.floor(chance.next() * HOUR);
  return moment > time ? moment : moment + DAY;
}

/** @returns the first moment an office is at work: Monday to Friday, eight to five, UTC */
export function officeHours(time: number): number {
  const day = Math.floor(time / DAY) * DAY;
  const weekday = new Date(day).getUTCDay();
  if (weekday === 0 || weekday === 6 || time >= day + 17 * HOUR) return officeHours(day + DAY + 8 * HOUR + (time % (50 * MINUTE)));
  return Math.max(time, day + 8 * HOUR);
}

/** Many systems keep whole seconds. */
export const wholeSecond = (time: number) => Math.floor(time / SECOND) * SECOND;
