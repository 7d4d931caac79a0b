/** What became of a journey's runs by parts of them: segments, intended paths, periods, splits. */
import {
  type Count,
  formatCount,
  formatCounted,
  formatDuration,
  formatPart,
  formatValue,
  type JourneyPlan,
  type JourneyResult,
  type MetricValue,
  type PathResult,
} from '@journey/engine';
import type { Style } from '../terminal.ts';
import type { Share } from './journey.ts';

/** A terminal's screen has no room for every day of a year. */
const MOST_PERIODS = 24;

export function segments({ segments, entered, suppressedBelow: below }: JourneyResult): Share[] {
  return Object.entries(segments).map(([label, { runs, not, unknown }]) => ({
    label,
    count: runs,
    of: entered,
    detail: [`${formatCount(not, below)} not`, ...(unknown === 0 ? [] : [`${formatCount(unknown, below)} unknown`])].join(' · '),
  }));
}

/** Two blocks a path: the funnel step by step, and what became of the runs. */
export function paths({ paths, entered, suppressedBelow: below }: JourneyResult): [title: string, rows: Share[]][] {
  return Object.entries(paths).flatMap(([name, path]) => [
    [`Path ${name}`, funnel(path, entered, below)],
    [`Runs on path ${name}`, outcomes(path, entered, below)],
  ]);
}

function funnel({ steps }: PathResult, entered: Count, below: number | undefined): Share[] {
  return steps.map(({ name, reached, inOrder, medianFromPreviousMs }) => {
    const after = medianFromPreviousMs === null ? '' : ` · median ${formatDuration(medianFromPreviousMs)} after the step before`;
    return { label: name, count: inOrder, of: entered, detail: `in order, ${formatCount(reached, below)} in all${after}` };
  });
}

function outcomes({ steps, outcomes, flags }: PathResult, entered: Count, below: number | undefined): Share[] {
  const { followed, otherOrder, skipped, underWay, restarted, left } = outcomes;
  const told: [label: string, count: Count][] = [
    ['followed', followed],
    ['other order', otherOrder],
    ['skipped a step', skipped],
    ['under way', underWay],
    ['restarted', restarted],
    ...left.map((count, k): [string, Count] => [k === 0 ? 'reached none' : `left at ${steps[k - 1].name}`, count]),
  ];
  const flagged = (['ladder', 'chute', 'detour'] as const).map(flag => formatCounted(flags[flag], flag, undefined, below)).join(' · ');
  return told.flatMap(([label, count], i) =>
    count !== 0 || i === 0 ? [{ label, count, of: entered, detail: i === 0 ? flagged : '' }] : [],
  );
}

export interface Period {
  period: string;
  value: string;
  /** Of the largest, 0 to 1. */
  share: number;
  detail: string;
}

/** The latest periods of every metric that has some. */
export function periods(plan: JourneyPlan, { metrics, suppressedBelow: below }: JourneyResult): [title: string, rows: Period[]][] {
  return plan.metrics.flatMap(({ name, by }): [string, Period[]][] => {
    const { series = [], quantity } = metrics[name];
    if (!by || series.length === 0) return [];
    const shown = series.slice(-MOST_PERIODS);
    const largest = Math.max(...shown.map(({ value }) => value ?? 0));
    const earlier = series.length > shown.length ? `, the last ${shown.length} of ${formatCount(series.length)}` : '';
    return [
      [
        `${name} by ${by.grain}${earlier}`,
        shown.map(({ period, value, suppressed, ...rest }) => ({
          period,
          value: formatValue({ value, quantity, suppressed }, below),
          share: value === null || largest <= 0 ? 0 : Math.max(0, value / largest),
          detail: counted(rest),
        })),
      ],
    ];
  });
}

function counted({ numerator, denominator, immature }: Pick<MetricValue, 'numerator' | 'denominator' | 'immature'>): string {
  if (numerator === null || denominator === null) return '';
  return [`${formatCount(numerator)} of ${formatCount(denominator)}`, immature ? `${formatCount(immature)} too young` : '']
    .filter(Boolean)
    .join(' · ');
}

/** A table a split, its first row the names of the columns. */
export function groups(
  plan: JourneyPlan,
  { splits, suppressedBelow: below }: JourneyResult,
  { colors }: Style,
): [title: string, rows: string[][]][] {
  return splits.map(({ by, groups }) => [
    `By ${by}`,
    groups.length === 0
      ? []
      : [
          ['', 'entered', 'completed', ...plan.metrics.map(({ name }) => name)].map(colors.dim),
          ...groups.map(({ value, kind, entered, completed, metrics }) => [
            kind === 'value' ? value : colors.dim(value),
            formatCount(entered, below),
            formatPart(completed, entered, below),
            ...plan.metrics.map(({ name }) => formatValue(metrics[name], below)),
          ]),
        ],
  ]);
}
