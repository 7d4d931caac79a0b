/** A journey and its rules. */
import type { Count, JourneyResult } from '@journey/engine';
import { formatCount, formatDuration, formatMetric, formatShare } from '@journey/engine';
import { bars, sparkline } from '../picture.ts';
import type { Thing } from '../place.ts';
import { day, headline, largestFirst, part, plural } from '../words.ts';
import { keepNumbers, splitNumbers } from './groups.ts';
import { type Look, table, text } from './markdown.ts';
import { pathNumbers } from './path.ts';
import { seriesTable } from './series.ts';

export function journeyNumbers(thing: Extract<Thing, { journey: unknown }>, numbers: JourneyResult, { pictures }: Look): string[] {
  const { entered, suppressedBelow: below } = numbers;
  switch (thing.kind) {
    case 'journey': {
      const stages = thing.journey.stages.map(stage => ({
        label: stage.name,
        count: numbers.stages[stage.name] ? numbers.stages[stage.name].reached : 0,
      }));
      const ends = thing.journey.ends.map(end => ({ label: end.name, count: countIn(numbers.exits, end.name) }));
      const days = numbers.entriesByDay;
      const { medianMs, p90Ms } = numbers.timeToEnd;
      return [
        [...headline(numbers), plural(numbers.people, 'person', 'people', below)].join(' · '),
        bars([{ label: 'entered', count: entered }, ...stages, ...ends], entered, 'stages and ends', pictures, below),
        days.length > 1
          ? `${sparkline(byDay(days), 'entries by day', pictures)}\n\nentries by day, ${days[0].day} … ${days[days.length - 1].day}`
          : '',
        medianMs === null || p90Ms === null ? '' : `From entry to end: median ${formatDuration(medianMs)}, p90 ${formatDuration(p90Ms)}`,
        turnedAway(numbers.rejected, numbers.attempts, below),
        transitions(numbers, () => true),
        numbers.ambiguous !== 0
          ? `${plural(numbers.ambiguous, 'participation', undefined, below)} may come out differently, since rows at the same time have no order.`
          : '',
        numbers.withoutKey !== 0 ? `${plural(numbers.withoutKey, 'row', undefined, below)} left out for want of the key.` : '',
      ];
    }
    case 'enter': {
      const { attempts = 0, rejected = {} } = numbers.attemptsBy[thing.rule.name] ?? {};
      const entries = countIn(numbers.entries, thing.rule.name);
      return [
        `${plural(attempts, 'attempt', undefined, below)} · ${formatCount(entries, below)} entered`,
        turnedAway(rejected, attempts, below),
        transitions(numbers, ({ from }) => from === thing.rule.name),
      ];
    }
    case 'stage': {
      const stage = numbers.stages[thing.rule.name];
      if (!stage) return [];
      const time = stage.medianMs === null ? '' : ` · median time in it ${formatDuration(stage.medianMs)}`;
      return [
        `${part(stage.reached, entered, below)} reached · ${plural(stage.visits, 'visit', undefined, below)}${time}`,
        transitions(numbers, ({ from, to }) => from === thing.rule.name || to === thing.rule.name),
      ];
    }
    case 'end':
      return [
        `${part(countIn(numbers.exits, thing.rule.name), entered, below)} of ${plural(entered, 'participation', undefined, below)}`,
        transitions(numbers, ({ to }) => to === thing.rule.name),
      ];
    case 'metric': {
      const value = numbers.metrics[thing.rule.name];
      if (!value) return [];
      const interval = value.interval && `95% interval ${formatShare(value.interval[0])} … ${formatShare(value.interval[1])}`;
      return [formatMetric(value, below), interval ?? '', seriesTable(value, pictures, below)];
    }
    case 'keep':
      return keepNumbers(thing.rule, thing.journey, numbers, pictures);
    case 'split':
      return splitNumbers(thing.rule, thing.journey, numbers, pictures);
    case 'path':
      return pathNumbers(numbers.paths[thing.rule.name], numbers.entered, pictures, below);
    case 'expect': {
      const expected = numbers.expectations.filter(other => other.text === thing.rule.text);
      const at = thing.journey.expects.filter(other => other.text === thing.rule.text).indexOf(thing.rule);
      const found = expected[at];
      if (!found) return [];
      const verdict = found.ok === null ? 'undecided' : found.ok ? 'holds' : 'fails';
      return [`${verdict}: ${found.actual}`, found.message ? text(found.message) : ''];
    }
  }
}

/** None where there is no such rule. */
const countIn = (counts: Record<string, Count>, name: string): Count => (Object.hasOwn(counts, name) ? counts[name] : 0);

function turnedAway(rejected: JourneyResult['rejected'], attempts: Count, below: number | undefined): string {
  const rows = largestFirst(rejected);
  return rows.length === 0
    ? ''
    : table(
        ['turned away', 'attempts'],
        rows.map(([reason, count]) => [reason, part(count, attempts, below)]),
      );
}

function transitions({ transitions }: JourneyResult, wanted: (transition: JourneyResult['transitions'][number]) => boolean): string {
  const rows = transitions.filter(wanted).map(({ from, to, count }) => [from, to, formatCount(count)]);
  return rows.length === 0 ? '' : table(['from', 'to', 'times'], rows);
}

/** Days without entries are days too. */
function byDay(days: JourneyResult['entriesByDay']): number[] {
  const counts = new Map(days.map(({ day, entered }) => [day, entered]));
  const last = days[days.length - 1].day;
  const all: number[] = [];
  for (let at = Date.parse(days[0].day); day(at) <= last; at += 86_400_000) all.push(counts.get(day(at)) ?? 0);
  return all;
}
