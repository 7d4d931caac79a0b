/** Hints of what groups participations: segments, keeps, splits, paths; and of the instant they are looked at. */
import type {
  At,
  Count,
  JourneyPlan,
  JourneyResult,
  KeepPlan,
  PathPlan,
  PathResult,
  Result,
  SegmentPlan,
  SplitPlan,
} from '@journey/engine';
import { formatCount, formatPart, isTold } from '@journey/engine';
import type { Hint } from './hints.ts';
import { day, groupName, part, plural, resultOf, sum } from './words.ts';

/** So many groups of a split are named behind its line. */
const NAMED = 3;
/** A value of the data is no longer than this in a hint. */
const LONGEST = 20;

/** In one journey `312 · 31% · 48 unknown`; in several the share of each. */
export function segmentHint(segment: SegmentPlan, { journeys, suppressedBelow: below }: Result): Hint | undefined {
  const held = journeys.flatMap(({ name, entered, segments }) => {
    const counts = segments[segment.name];
    return counts && entered !== 0 ? [{ name, entered, ...counts }] : [];
  });
  if (held.length === 0) return undefined;
  const full = ({ entered, runs, unknown }: (typeof held)[number]) =>
    part(runs, entered, below) + (unknown === 0 ? '' : ` · ${formatCount(unknown, below)} unknown`);
  const short = held.map(({ name, entered, runs }) => `${name} ${formatPart(runs, entered, below)}`);
  const label =
    held.length === 1 ? full(held[0]) : short.slice(0, NAMED).join(' · ') + (held.length > NAMED ? ` · ${held.length - NAMED} more` : '');
  return { line: segment.at.end.line, label, tooltip: held.map(one => `${one.name}: ${full(one)}`).join('\n') };
}

export function keepHint(keep: KeepPlan, { splits }: JourneyPlan, numbers: JourneyResult): Hint | undefined {
  const split = splits.find(split => split.kind === 'keep' && split.name === keep.name);
  const groups = split && resultOf(split, numbers)?.groups;
  const { entered, suppressedBelow: below } = numbers;
  if (!groups || entered === 0) return undefined;
  const unknown = groups.find(({ kind }) => kind === 'unknown');
  // Of what is withheld nothing is worked out.
  const without = unknown?.entered ?? 0;
  if (!isTold(entered) || !isTold(without)) return undefined;
  return { line: keep.at.end.line, label: `${part(entered - without, entered, below)} known` };
}

/** One split of a line names its largest groups; several say how many they have. */
export function splitHints(splits: SplitPlan[], numbers: JourneyResult): Hint[] {
  if (numbers.entered === 0) return [];
  const below = numbers.suppressedBelow;
  const byLine = new Map<number, SplitPlan[]>();
  for (const split of splits) byLine.set(split.at.end.line, [...(byLine.get(split.at.end.line) ?? []), split]);
  return [...byLine].flatMap(([line, all]) => {
    const found = all.flatMap(split => {
      const result = resultOf(split, numbers);
      return result ? [{ split, groups: result.groups }] : [];
    });
    if (found.length === 0) return [];
    const tooltip = found
      .map(
        ({ split, groups }) =>
          `${split.text}: ${groups.map(group => `${groupName(group)} ${formatCount(group.entered, below)}`).join(', ')}`,
      )
      .join('\n');
    const label =
      found.length === 1
        ? named(found[0].groups, numbers)
        : found.map(({ split, groups }) => `${split.text} ${plural(groups.length, 'group')}`).join(' · ');
    return [{ line, label, tooltip }];
  });
}

function named(groups: JourneyResult['splits'][number]['groups'], { entered, suppressedBelow: below }: JourneyResult): string {
  const shown = groups.slice(0, NAMED).map(group => `${short(groupName(group))} ${formatPart(group.entered, entered, below)}`);
  return [...shown, ...(groups.length > NAMED ? [`${groups.length - NAMED} more`] : [])].join(' · ');
}

/** `followed 31% · skipped 12% · left 40%`: always in this order, so that a number finds its place again. */
export function pathHint(path: PathPlan, numbers: JourneyResult): Hint | undefined {
  const result = numbers.paths[path.name];
  if (!result || numbers.entered === 0) return undefined;
  const { followed, otherOrder, skipped, left } = result.outcomes;
  const below = numbers.suppressedBelow;
  const parts: [string, Count][] = [
    ['followed', followed],
    ['other order', otherOrder],
    ['skipped', skipped],
    ...left.map((count, k): [string, Count] => [k === 0 ? 'left' : `left at ${path.steps[k - 1].step.name}`, count]),
  ];
  // Nothing is worked out of what is withheld.
  const all = sum(left);
  if (isTold(all)) parts.splice(3, left.length, ['left', all]);
  const label = parts
    .filter(([, count], i) => i === 0 || count !== 0)
    .map(([name, count]) => `${name} ${formatPart(count, numbers.entered, below)}`);
  return { line: path.at.end.line, label: label.join(' · '), tooltip: pathTooltip(result, below) };
}

function pathTooltip({ outcomes, flags, steps }: PathResult, below: number | undefined): string {
  const others = [
    outcomes.underWay !== 0 && `${formatCount(outcomes.underWay, below)} under way`,
    outcomes.restarted !== 0 && `${formatCount(outcomes.restarted, below)} restarted`,
  ];
  return [
    steps.map(({ name, inOrder }) => `${name} ${formatCount(inOrder, below)}`).join(' → '),
    [...(['ladder', 'chute', 'detour'] as const).map(flag => plural(flags[flag], flag, undefined, below)), ...others]
      .filter(Boolean)
      .join(' · '),
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
