/** Groups of participations: segments, what is kept, and splits with every metric. */
import type { JourneyPlan, JourneyResult, KeepPlan, Result, SplitPlan, SplitResult } from '@journey/engine';
import { formatCount, formatShare, formatValue } from '@journey/engine';
import { bars } from '../picture.ts';
import { groupName, part, resultOf } from '../words.ts';
import { table } from './markdown.ts';

/** A split has at most 20 values, the rest, and the unknown. */
const GROUPS = 22;

export function segmentNumbers(name: string, { journeys }: Result, pictures: boolean): string[] {
  const held = journeys.flatMap(journey => {
    const counts = journey.segments[name];
    return counts && journey.entered > 0 ? [{ journey, counts }] : [];
  });
  if (held.length === 0) return [];
  const rows = held.map(({ journey: { name, entered }, counts: { runs, not, unknown } }) => [
    name,
    part(runs, entered),
    part(not, entered),
    part(unknown, entered),
  ]);
  const [{ journey, counts }] = held;
  const drawn = [
    { label: 'in it', count: counts.runs },
    { label: 'not', count: counts.not },
    { label: 'unknown', count: counts.unknown },
  ];
  return [
    held.length === 1 ? bars(drawn, journey.entered, 'participations', pictures) : '',
    table(['journey', 'in it', 'not', 'unknown'], rows),
    'Looked at once, when a participation begins. Unknown: a value it reads is missing.',
  ];
}

export function keepNumbers(keep: KeepPlan, journey: JourneyPlan, numbers: JourneyResult, pictures: boolean): string[] {
  const split = journey.splits.find(split => split.kind === 'keep' && split.name === keep.name);
  const groups = split && resultOf(split, numbers)?.groups;
  return groups ? [groupBars(groups, numbers.entered, pictures)] : [];
}

export function splitNumbers(split: SplitPlan, { metrics, ends }: JourneyPlan, numbers: JourneyResult, pictures: boolean): string[] {
  const groups = resultOf(split, numbers)?.groups;
  if (!groups || groups.length === 0) return [];
  const endNames = ends.map(({ name }) => name);
  const head = ['', 'entered', 'people', 'active', ...endNames, ...metrics.map(({ name }) => name)];
  const rows = groups.map(group => [
    groupName(group),
    part(group.entered, numbers.entered),
    formatCount(group.people),
    formatCount(group.active),
    ...endNames.map(name => share(group.exits[name] ?? 0, group.entered)),
    ...metrics.map(({ name }) => (group.metrics[name] ? formatValue(group.metrics[name]) : '')),
  ]);
  const total = [
    'all',
    formatCount(numbers.entered),
    formatCount(numbers.people),
    formatCount(numbers.active),
    ...endNames.map(name => share(numbers.exits[name] ?? 0, numbers.entered)),
    ...metrics.map(({ name }) => (numbers.metrics[name] ? formatValue(numbers.metrics[name]) : '')),
  ];
  return [groupBars(groups, numbers.entered, pictures), table(head, [...rows, total], GROUPS + 1)];
}

const groupBars = (groups: SplitResult['groups'], entered: number, pictures: boolean): string =>
  bars(
    groups.map(group => ({ label: groupName(group), count: group.entered })),
    entered,
    'groups',
    pictures,
  );

const share = (count: number, of: number): string => (of > 0 ? formatShare(count / of) : '');
