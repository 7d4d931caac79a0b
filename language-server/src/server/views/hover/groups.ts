/** Groups of participations: segments, what is kept, and splits with every metric. */
import type { Count, JourneyPlan, JourneyResult, KeepPlan, Result, SplitPlan, SplitResult } from '@journey/engine';
import { formatCount, formatPart, formatValue } from '@journey/engine';
import { bars } from '../picture.ts';
import { groupName, part, resultOf } from '../words.ts';
import { table } from './markdown.ts';

/** A split has at most 20 values, the rest, and the unknown. */
const GROUPS = 22;

export function segmentNumbers(name: string, { journeys, suppressedBelow: below }: Result, pictures: boolean): string[] {
  const held = journeys.flatMap(journey => {
    const counts = journey.segments[name];
    return counts && journey.entered !== 0 ? [{ journey, counts }] : [];
  });
  if (held.length === 0) return [];
  const rows = held.map(({ journey: { name, entered }, counts: { runs, not, unknown } }) => [
    name,
    part(runs, entered, below),
    part(not, entered, below),
    part(unknown, entered, below),
  ]);
  const [{ journey, counts }] = held;
  const drawn = [
    { label: 'in it', count: counts.runs },
    { label: 'not', count: counts.not },
    { label: 'unknown', count: counts.unknown },
  ];
  return [
    held.length === 1 ? bars(drawn, journey.entered, 'participations', pictures, below) : '',
    table(['journey', 'in it', 'not', 'unknown'], rows),
    'Looked at once, when a participation begins. Unknown: a value it reads is missing.',
  ];
}

export function keepNumbers(keep: KeepPlan, journey: JourneyPlan, numbers: JourneyResult, pictures: boolean): string[] {
  const split = journey.splits.find(split => split.kind === 'keep' && split.name === keep.name);
  const groups = split && resultOf(split, numbers)?.groups;
  return groups ? [groupBars(groups, numbers, pictures)] : [];
}

export function splitNumbers(split: SplitPlan, { metrics, ends }: JourneyPlan, numbers: JourneyResult, pictures: boolean): string[] {
  const groups = resultOf(split, numbers)?.groups;
  const below = numbers.suppressedBelow;
  if (!groups || groups.length === 0) return [];
  const endNames = ends.map(({ name }) => name);
  const head = ['', 'entered', 'people', 'active', ...endNames, ...metrics.map(({ name }) => name)];
  const rows = groups.map(group => [
    groupName(group),
    part(group.entered, numbers.entered, below),
    formatCount(group.people, below),
    formatCount(group.active, below),
    ...endNames.map(name => formatPart(exitsOf(group, name), group.entered, below)),
    ...metrics.map(({ name }) => (group.metrics[name] ? formatValue(group.metrics[name], below) : '')),
  ]);
  const total = [
    'all',
    formatCount(numbers.entered, below),
    formatCount(numbers.people, below),
    formatCount(numbers.active, below),
    ...endNames.map(name => formatPart(exitsOf(numbers, name), numbers.entered, below)),
    ...metrics.map(({ name }) => (numbers.metrics[name] ? formatValue(numbers.metrics[name], below) : '')),
  ];
  return [groupBars(groups, numbers, pictures), table(head, [...rows, total], GROUPS + 1)];
}

const groupBars = (groups: SplitResult['groups'], { entered, suppressedBelow }: JourneyResult, pictures: boolean): string =>
  bars(
    groups.map(group => ({ label: groupName(group), count: group.entered })),
    entered,
    'groups',
    pictures,
    suppressedBelow,
  );

/** None where there is no such rule. */
const exitsOf = ({ exits }: Pick<JourneyResult, 'exits'>, name: string): Count => (Object.hasOwn(exits, name) ? exits[name] : 0);
