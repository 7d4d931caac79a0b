/** Hints of what groups participations: segments, keeps, splits, paths; and of the instant they are looked at. */
import type { At, JourneyPlan, JourneyResult, KeepPlan, PathPlan, PathResult, Result, SegmentPlan, SplitPlan } from '@journey/engine';
import { formatCount, formatShare } from '@journey/engine';
import type { Hint } from './hints.ts';
import { day, groupName, part, plural, resultOf } from './words.ts';

/** So many groups of a split are named behind its line. */
const NAMED = 3;
/** A value of the data is no longer than this in a hint. */
const LONGEST = 20;

/** In one journey `312 · 31% · 48 unknown`; in several the share of each. */
export function segmentHint(segment: SegmentPlan, { journeys }: Result): Hint | undefined {
  const held = journeys.flatMap(({ name, entered, segments }) => {
    const counts = segments[segment.name];
    return counts && entered > 0 ? [{ name, entered, ...counts }] : [];
  });
  if (held.length === 0) return undefined;
  const full = ({ entered, runs, unknown }: (typeof held)[number]) =>
    part(runs, entered) + (unknown > 0 ? ` · ${formatCount(unknown)} unknown` : '');
  const short = held.map(({ name, entered, runs }) => `${name} ${formatShare(runs / entered)}`);
  const label =
    held.length === 1 ? full(held[0]) : short.slice(0, NAMED).join(' · ') + (held.length > NAMED ? ` · ${held.length - NAMED} more` : '');
  return { line: segment.at.end.line, label, tooltip: held.map(one => `${one.name}: ${full(one)}`).join('\n') };
}

export function keepHint(keep: KeepPlan, { splits }: JourneyPlan, numbers: JourneyResult): Hint | undefined {
  const split = splits.find(split => split.kind === 'keep' && split.name === keep.name);
  const groups = split && resultOf(split, numbers)?.groups;
  if (!groups || numbers.entered === 0) return undefined;
  const unknown = groups.find(({ kind }) => kind === 'unknown')?.entered ?? 0;
  return { line: keep.at.end.line, label: `${part(numbers.entered - unknown, numbers.entered)} known` };
}

/** One split of a line names its largest groups; several say how many they have. */
export function splitHints(splits: SplitPlan[], numbers: JourneyResult): Hint[] {
  if (numbers.entered === 0) return [];
  const byLine = new Map<number, SplitPlan[]>();
  for (const split of splits) byLine.set(split.at.end.line, [...(byLine.get(split.at.end.line) ?? []), split]);
  return [...byLine].flatMap(([line, all]) => {
    const found = all.flatMap(split => {
      const result = resultOf(split, numbers);
      return result ? [{ split, groups: result.groups }] : [];
    });
    if (found.length === 0) return [];
    const tooltip = found
      .map(({ split, groups }) => `${split.text}: ${groups.map(group => `${groupName(group)} ${formatCount(group.entered)}`).join(', ')}`)
      .join('\n');
    const label =
      found.length === 1
        ? named(found[0].groups, numbers.entered)
        : found.map(({ split, groups }) => `${split.text} ${plural(groups.length, 'group')}`).join(' · ');
    return [{ line, label, tooltip }];
  });
}

function named(groups: JourneyResult['splits'][number]['groups'], entered: number): string {
  const shown = groups.slice(0, NAMED).map(group => `${short(groupName(group))} ${formatShare(group.entered / entered)}`);
  return [...shown, ...(groups.length > NAMED ? [`${groups.length - NAMED} more`] : [])].join(' · ');
}

/** `followed 31% · skipped 12% · left 40%`: always in this order, so that a number finds its place again. */
export function pathHint(path: PathPlan, numbers: JourneyResult): Hint | undefined {
  const result = numbers.paths[path.name];
  if (!result || numbers.entered === 0) return undefined;
  const { followed, otherOrder, skipped, left } = result.outcomes;
  const parts: [string, number][] = [
    ['followed', followed],
    ['other order', otherOrder],
    ['skipped', skipped],
    ['left', left.reduce((sum, count) => sum + count, 0)],
  ];
  const label = parts
    .filter(([, count], i) => i === 0 || count > 0)
    .map(([name, count]) => `${name} ${formatShare(count / numbers.entered)}`);
  return { line: path.at.end.line, label: label.join(' · '), tooltip: pathTooltip(result) };
}

function pathTooltip({ outcomes, flags, steps }: PathResult): string {
  const others = [
    outcomes.underWay && `${formatCount(outcomes.underWay)} under way`,
    outcomes.restarted && `${formatCount(outcomes.restarted)} restarted`,
  ];
  return [
    steps.map(({ name, inOrder }) => `${name} ${formatCount(inOrder)}`).join(' → '),
    [plural(flags.ladder, 'ladder'), plural(flags.chute, 'chute'), plural(flags.detour, 'detour'), ...others].filter(Boolean).join(' · '),
  ].join('\n');
}

/** What there is at that instant. */
export function asOfHint({ end: { line } }: At, { sources }: Result): Hint | undefined {
  const all = Object.values(sources);
  const events = all.reduce((sum, source) => sum + source.events, 0);
  const last = Math.max(...all.map(({ to }) => to ?? Number.NEGATIVE_INFINITY));
  return { line, label: Number.isFinite(last) ? `${plural(events, 'event')}, the last from ${day(last)}` : 'no events until then' };
}

const short = (value: string): string => (value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value);
