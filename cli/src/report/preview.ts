/** The numbers of a file, for people. */
import { formatCount, formatCounted, formatDuration, type JourneyPlan, type Plan, type Preview, type SourceResult } from '@journey/engine';
import type { Style } from '../terminal.ts';
import { expectationRows, journeyReport } from './journey.ts';
import { columns, lines, visible } from './layout.ts';

export interface FilePreview {
  /** As people know it. */
  file: string;
  plan: Plan;
  preview: Preview;
}

/** @returns lines: the data, then every journey that has a result */
export function previewReport({ file, plan, preview }: FilePreview, style: Style): string {
  const { result } = preview;
  const journeys = result.journeys.map(journey => {
    const definition = plan.journeys.find(({ name }) => name === journey.name) as JourneyPlan;
    return `\n${journeyReport(definition, journey, style)}`;
  });
  const expected = result.expectations.length > 0 ? lines(['']) + expectationRows(result.expectations, style) : '';
  return title(file, preview, style) + sources(result.sources, style) + expected + journeys.join('');
}

function title(file: string, { result, timings }: Preview, { colors, width, pictures }: Style): string {
  const asOf = result.asOf === null ? 'no events' : `as of ${moment(result.asOf)}`;
  const facts = [asOf, formatCounted(result.people, 'person', 'people', result.suppressedBelow)];
  // A pipe gets the same text every time; how long it took is for eyes.
  if (pictures) facts.push(formatDuration(Math.round(timings.totalMs)));
  const right = facts.join(' · ');
  const room = Number.isFinite(width) ? width - visible(file) - visible(right) : 2;
  return room >= 2
    ? lines([colors.bold(file) + ' '.repeat(room) + colors.dim(right)])
    : lines([colors.bold(file), `  ${colors.dim(right)}`]);
}

function sources(all: Record<string, SourceResult>, style: Style): string {
  const { dim } = style.colors;
  const rows = Object.entries(all).map(([name, source]) => [
    name,
    formatCounted(source.events, 'event'),
    source.from === null || source.to === null ? '' : `${day(source.from)} to ${day(source.to)}`,
    dim(faults(source)),
  ]);
  const spec = [{ align: 'left', width: 10 }, { align: 'right' }, { align: 'left' }, { align: 'left' }] as const;
  return columns([...spec], rows, style);
}

function faults(source: SourceResult): string {
  const parts: [number, string][] = [
    [source.duplicates, source.duplicates === 1 ? 'duplicate' : 'duplicates'],
    [source.unreadable, 'unreadable'],
    [source.withoutId, 'without id'],
    [source.late, 'late'],
    [source.later, 'later'],
    [source.gaps.length, source.gaps.length === 1 ? 'gap' : 'gaps'],
    [source.erased, 'erased'],
    [source.expired, 'expired'],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, words]) => `${formatCount(count)} ${words}`);
  return [formatCounted(source.rows, 'row'), ...told].join(' · ');
}

/** `2026-04-30` */
const day = (instant: number) => new Date(instant).toISOString().slice(0, 10);
/** `2026-04-30 21:14 UTC` */
const moment = (instant: number) => `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
