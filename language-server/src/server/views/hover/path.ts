/** What people did, held against what was intended: the funnel step by step, and how the others went. */
import type { Count, PathResult } from '@journey/engine';
import { formatCount, formatDuration, formatPart, formatShare, isTold } from '@journey/engine';
import { pathBoard } from '../board.ts';
import { bars } from '../picture.ts';
import { part } from '../words.ts';
import { table } from './markdown.ts';

export function pathNumbers(path: PathResult | undefined, entered: Count, pictures: boolean, below: number | undefined): string[] {
  if (!path) return [];
  if (entered === 0) return ['Nobody entered, so nobody can have followed it.'];
  const funnel = path.steps.map(({ name, inOrder }) => ({ label: name, count: inOrder }));
  return [
    pictures && isTold(entered) ? pathBoard(path, entered, below) : bars(funnel, entered, 'steps in order', pictures, below),
    table(
      ['step', 'in order', 'of the step before', 'after', 'reached at all'],
      path.steps.map(({ name, inOrder, reached, medianFromPreviousMs }, k) => {
        const before = k === 0 ? entered : path.steps[k - 1].inOrder;
        return [
          name,
          part(inOrder, entered, below),
          formatPart(inOrder, before, below),
          medianFromPreviousMs === null ? '' : formatDuration(medianFromPreviousMs),
          part(reached, entered, below),
        ];
      }),
    ),
    table(
      ['outcome', 'participations'],
      [...outcomes(path)].map(([name, count]) => [name, part(count, entered, below)]),
    ),
    flags(path, entered, below),
  ];
}

/** Those that occur; *followed* always. */
function outcomes({ outcomes, steps }: PathResult): [string, Count][] {
  const { followed, otherOrder, skipped, underWay, restarted, left } = outcomes;
  const all: [string, Count][] = [
    ['followed', followed],
    ['other order', otherOrder],
    ['skipped a step', skipped],
    ['under way', underWay],
    ['restarted', restarted],
    ...left.map((count, k): [string, Count] => [k === 0 ? 'left before the first step' : `left at ${steps[k - 1].name}`, count]),
  ];
  return all.filter(([, count], i) => i === 0 || count !== 0);
}

function flags({ flags: { ladder, chute, detour } }: PathResult, entered: Count, below: number | undefined): string {
  const said = [
    [ladder, 'took a ladder: a step skipped'],
    [chute, 'slid down a chute: an earlier step again after a later one'],
    [detour, 'made a detour: a stage off the path between two steps'],
  ] as const;
  return said
    .filter(([count]) => count !== 0)
    .map(
      ([count, what]) =>
        `- ${formatCount(count, below)}${isTold(count) && isTold(entered) ? ` (${formatShare(count / entered)})` : ''} ${what}`,
    )
    .join('\n');
}
