import type { Instant } from '../plan.ts';
import type { Zone } from '../read/zone.ts';

const DAY = 86_400_000;
export type Grain = 'day' | 'week' | 'month';

/** Periods in order of time, without a gap where they are few enough. */
export interface Periods {
  /** Such as 2026-03-01, 2026-W09 (ISO 8601: from Monday), 2026-03. */
  labels: string[];
  /** First instants, and at the end the first after them all. */
  starts: Float64Array;
}

/** Beyond so many, periods in which nothing happened are left out: one row of the year 1000 isn't worth 300,000 of them. */
const MOST = 10_000;

/** The periods from the one that holds the earliest time to the one that holds the latest. */
export function periodsOf(times: Float64Array, grain: Grain, zone: Zone): Periods {
  const days = new Set<number>();
  let last = Number.NaN;
  for (const time of times) {
    const day = Math.floor(time / DAY);
    if (day !== last && !Number.isNaN(day)) days.add(day);
    last = day;
  }
  if (days.size === 0) return { labels: [], starts: new Float64Array(1) };
  const ordered = [...days].sort((a, b) => a - b);
  const whole = (ordered[ordered.length - 1] - ordered[0]) / LENGTH[grain] <= MOST;
  const walls: number[] = [];
  const starts: Instant[] = [];
  let end = Number.NEGATIVE_INFINITY;
  const add = (wall: number) => {
    walls.push(wall);
    starts.push(zone.toInstant(wall));
    end = zone.toInstant(nextOf(wall, grain));
  };
  for (const day of ordered) {
    const last = () => walls[walls.length - 1];
    if (end <= day * DAY && !(whole && walls.length)) add(startOf(zone.toWall(day * DAY), grain));
    // A day of UTC is part of several of the zone's.
    while (end < (day + 1) * DAY) add(nextOf(last(), grain));
  }
  const within = trimmed(starts, end, times);
  return {
    labels: walls.slice(within.from, within.to).map(wall => labelOf(wall, grain)),
    starts: Float64Array.from([...starts, end].slice(within.from, within.to + 1)),
  };
}

/** By time, which of the periods it lies in; -1 for NaN. */
export function periodIndex(times: Float64Array, { starts }: Periods): Int32Array {
  const found = new Int32Array(times.length);
  let at = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i];
    if (Number.isNaN(time)) {
      found[i] = -1;
      continue;
    }
    // One run's time is mostly near the last one's.
    if (!(time >= starts[at] && time < starts[at + 1])) at = lastAtMost(starts, time);
    found[i] = at;
  }
  return found;
}

function lastAtMost(starts: Float64Array, time: Instant): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (starts[middle] <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Without the periods before the earliest time and after the latest. */
function trimmed(starts: Instant[], end: Instant, times: Float64Array): { from: number; to: number } {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time < least) least = time;
    if (time > most) most = time;
  }
  const all = Float64Array.from([...starts, end]);
  return { from: lastAtMost(all, least), to: lastAtMost(all, most) + 1 };
}

const LENGTH: Record<Grain, number> = { day: 1, week: 7, month: 28 };

/** 1970-01-01 was a Thursday. */
const mondayOf = (day: number): number => day - ((((day + 3) % 7) + 7) % 7);

function startOf(wall: number, grain: Grain): number {
  const day = Math.floor(wall / DAY);
  if (grain === 'day') return day * DAY;
  if (grain === 'week') return mondayOf(day) * DAY;
  return new Date(wall).setUTCDate(1) - (wall - day * DAY);
}

function nextOf(start: number, grain: Grain): number {
  if (grain === 'month') {
    const date = new Date(start);
    return date.setUTCMonth(date.getUTCMonth() + 1);
  }
  return start + LENGTH[grain] * DAY;
}

function labelOf(start: number, grain: Grain): string {
  const iso = (wall: number) => new Date(wall).toISOString().slice(0, -'T00:00:00.000Z'.length);
  if (grain === 'day') return iso(start);
  if (grain === 'month') return iso(start).slice(0, -'-01'.length);
  // A week belongs to the year its Thursday is in.
  const thursday = new Date(start + 3 * DAY);
  const january = new Date(thursday).setUTCMonth(0, 1);
  const week = Math.floor((thursday.getTime() - january) / (7 * DAY)) + 1;
  const year = iso(thursday.getTime()).slice(0, -'-01-01'.length);
  return `${year}-W${String(week).padStart(2, '0')}`;
}
