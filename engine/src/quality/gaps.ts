import type { Instant, Millis } from '../plan.ts';
import type { SourceResult } from '../result.ts';
import { quantiles } from '../simulate/numbers.ts';

const HOUR = 3_600_000;
const DAY = 86_400_000;
/** With events on fewer days nobody can say what is usual. */
const DAYS_TO_JUDGE = 10;
/** A source is daily if so many of its days with events follow the one before: every weekday is. */
const DAILY = 0.75;
/** A source is hourly if so many of the hours of its days have events; its first day and its last are cut off. */
const HOURLY = 0.8;
const SHORTEST = { hourly: 6 * HOUR, daily: 2 * DAY };
/** So many times as long as on all but one day in ten the longest wait was. */
const FAR = 3;
const MOST = 10;
/** So many days with events before and after say what is usual there: a source that has just begun has waits that it outgrows. */
const AROUND = 15;

/**
 * Spans without any event of a source that usually has some, the longest first.
 *
 * What is usual shows in the longest wait that ends on each day: a night's, a weekend's. A gap is longer than three times the
 * 90th percentile of these, over all days and over those around it, and than 6 h for an hourly source, 2 d for a daily one.
 * Other sources have none.
 * @param order rows in order of time; `count` of them are looked at
 * @param asOf what has been silent since its last event has a gap up to here
 */
export function gapsOf(time: Float64Array, order: Uint32Array, count: number, asOf: Instant): SourceResult['gaps'] {
  const waits: Millis[] = [];
  const found: { from: Instant; to: Instant; day: number }[] = [];
  let days = 0;
  let hours = 0;
  let following = 0;
  let day = Number.NaN;
  let nextHour = Number.NEGATIVE_INFINITY;
  let longest = 0;
  let before = Number.NaN;
  for (let i = 0; i < count; i++) {
    const t = time[order[i]];
    const wait = t - before;
    before = t;
    // Most events come within the hour of the one before: nothing but the longest wait can change.
    if (t >= nextHour) {
      hours++;
      nextHour = (Math.floor(t / HOUR) + 1) * HOUR;
      const today = Math.floor(t / DAY);
      if (today !== day) {
        if (days > 1) waits.push(longest);
        if (today === day + 1) following++;
        days++;
        day = today;
        longest = 0;
      }
      if (wait > SHORTEST.hourly) found.push({ from: t - wait, to: t, day: waits.length });
    }
    if (wait > longest) longest = wait;
  }
  if (days > 1) waits.push(longest);
  if (days < DAYS_TO_JUDGE || following < DAILY * (days - 1)) return [];
  if (asOf - before > SHORTEST.hourly) found.push({ from: before, to: asOf, day: waits.length });
  const usual = (of: Millis[]) => quantiles(Float64Array.from(of), 0.9)[0]!;
  const least = Math.max(FAR * usual(waits), hours >= HOURLY * 24 * days ? SHORTEST.hourly : SHORTEST.daily);
  return found
    .filter(({ from, to }) => to - from > least)
    .filter(({ from, to, day }) => to - from > FAR * usual(waits.slice(Math.max(0, day - AROUND), day + AROUND + 1)))
    .map(({ from, to }) => ({ from, to }))
    .sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from)
    .slice(0, MOST);
}
