/** semantics.md: "`by day|week|month` groups runs by entry (`of end`: by end); `active by month` counts runs open at each month's end." */
import { evaluate, type Outcome } from './metrics.ts';
import type { Metric, MetricAnswer, Periods } from './model.ts';
import { lastOfDay, wallClock } from './timeline.ts';

const DAY = 24 * 3_600_000;

/** A metric's value in every period from the first in which something of it stands to the last; nothing for a metric without periods. */
export function series(o: Outcome, name: string): Pick<MetricAnswer, 'series'> {
  const { by, value } = o.journey.metrics.find(metric => metric.name === name)!;
  if (by === undefined) return {};
  const zone = by.zone ?? 'UTC';
  const periodOf = (time: number) => label(dayOf(time, zone), by.grain);
  const at = (part: Outcome, period: string) => {
    const { value, numerator, denominator, immature } = evaluate(part, { kind: 'metric', name });
    return { period, value, numerator, denominator, immature };
  };

  if (by.of === 'open') {
    if (o.runs.length === 0) return { series: [] };
    // "Runs open at each month's end"; the last month's end is as-of.
    const days = daysBetween([...o.runs.map(({ run }) => run.entry), o.T], zone);
    const periods = distinct(days.map(day => label(day, by.grain)));
    const points = periods.map(period => {
      const lastDay = lastDayOf(period, days.at(-1)!, by.grain);
      const end = Math.min(o.T, lastOfDay(isoDay(lastDay), zone));
      return at({ ...o, runs: o.runs.filter(({ run }) => isOpen(run, end)).map(reopened), attempts: [] }, period);
    });
    return { series: points };
  }

  // An attempt that was turned away belongs to the period it was made in; by end, to none. It makes a period only where it is counted.
  const timeOf = (run: { entry: number; end: { time: number } | null }) => (by.of === 'entry' ? run.entry : run.end?.time);
  const times = o.runs.flatMap(({ run }) => timeOf(run) ?? []);
  if (by.of === 'entry' && countsAttempts(o, value)) times.push(...o.attempts.map(attempt => attempt.time));
  const periods = distinct(daysBetween(times, zone).map(day => label(day, by.grain)));
  return {
    series: periods.map(period => {
      const runs = o.runs.filter(({ run }) => timeOf(run) !== undefined && periodOf(timeOf(run)!) === period);
      const entered = new Set(runs.map(({ run }) => run));
      const attempts =
        by.of === 'entry'
          ? o.attempts.filter(attempt => periodOf(attempt.time) === period)
          : o.attempts.filter(attempt => attempt.run !== null && entered.has(attempt.run));
      return at({ ...o, runs, attempts }, period);
    }),
  };
}

/** Whether a run would be active as of an instant: an event at it has ended it, a clock due at it has not fired. */
function isOpen({ entry, end }: Outcome['runs'][number]['run'], at: number): boolean {
  return entry <= at && (end === null || end.time > at || (end.time === at && end.step === Number.POSITIVE_INFINITY));
}
function reopened({ run, instance }: Outcome['runs'][number]): Outcome['runs'][number] {
  return { run: { ...run, end: null }, instance };
}

export function countsAttempts(o: Outcome, metric: Metric): boolean {
  switch (metric.kind) {
    case 'attempts':
    case 'rejected':
    case 'rejected for':
      return true;
    case 'metric':
      return countsAttempts(o, o.journey.metrics.find(m => m.name === metric.name)!.value);
    case 'negative':
    case 'share of':
      return countsAttempts(o, metric.of);
    case 'arithmetic':
      return countsAttempts(o, metric.left) || countsAttempts(o, metric.right);
    default:
      return false;
  }
}

// ---------------------------------------------------------------- the calendar: days are counted from 1970-01-01

function dayOf(time: number, zone: string): number {
  return Math.floor(wallClock(time, zone) / DAY);
}
/** Every day from the first to the last of some times. */
function daysBetween(times: number[], zone: string): number[] {
  if (times.length === 0) return [];
  const days = times.map(time => dayOf(time, zone));
  const first = Math.min(...days);
  return Array.from({ length: Math.max(...days) - first + 1 }, (_, i) => first + i);
}
function isoDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
/** 2026-03-01, 2026-W09, 2026-03. A week goes from Monday and belongs to the year of its Thursday (ISO 8601). */
function label(day: number, grain: Periods['grain']): string {
  if (grain === 'day') return isoDay(day);
  if (grain === 'month') return isoDay(day).slice(0, 7);
  const weekday = (new Date(day * DAY).getUTCDay() + 6) % 7;
  const thursday = day - weekday + 3;
  const year = isoDay(thursday).slice(0, 4);
  const week = Math.floor((thursday - Date.parse(`${year}-01-01`) / DAY) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
/** The last day of a period, looked for from one in it or after it. */
function lastDayOf(period: string, from: number, grain: Periods['grain']): number {
  let day = from;
  if (label(day, grain) !== period) while (label(day, grain) !== period) day--;
  else while (label(day + 1, grain) === period) day++;
  return day;
}
function distinct(words: string[]): string[] {
  return [...new Set(words)];
}
