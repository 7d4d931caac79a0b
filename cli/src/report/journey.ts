/** The numbers of one journey, in the order its life runs: attempts, entries, stages, ends, times, metrics, expectations. */
import {
  type Count,
  type EndPlan,
  formatCount,
  formatCounted,
  formatDuration,
  formatPart,
  formatShare,
  formatValue,
  isTold,
  type JourneyPlan,
  type JourneyResult,
  type MetricValue,
  RESTARTED,
  type RejectionReason,
} from '@journey/engine';
import type { Style } from '../terminal.ts';
import { groups, type Period, paths, periods, segments } from './groups.ts';
import { type Column, columns, lines } from './layout.ts';
import { bar, entriesChart, WITHHELD_BAR } from './pictures.ts';

const STEPS = 6;

/** @returns lines: a headline, then a block of rows for each part that has numbers */
export function journeyReport(plan: JourneyPlan, result: JourneyResult, style: Style): string {
  const { bold, cyan, dim } = style.colors;
  const doc = plan.doc ? dim(`  ${plan.doc.trim().split('\n')[0]}`) : '';
  const doubts = doubtful(plan, result).map(doubt => `  ${style.colors.yellow(doubt)}`);
  return lines([bold(cyan(plan.name)) + doc, `  ${headline(result)}`, ...doubts]) + blocks(plan, result, style).join('');
}

function headline(result: JourneyResult): string {
  const { suppressedBelow: below, attempts, entered, completed, active } = result;
  const share = isTold(completed) && isTold(entered) && entered > 0 ? ` (${formatShare(completed / entered)})` : '';
  return [
    formatCounted(attempts, 'attempt', undefined, below),
    `${formatCount(entered, below)} entered`,
    `${formatCount(completed, below)} completed${share}`,
    `${formatCount(active, below)} still active`,
  ].join('  →  ');
}

/** What the numbers leave out, or can't tell. Of a few people nothing is said. */
function doubtful(plan: JourneyPlan, { ambiguous, withoutKey }: JourneyResult): string[] {
  const told = [];
  if (isTold(ambiguous) && ambiguous > 0)
    told.push(
      `${formatCount(ambiguous)} of the runs ${ambiguous === 1 ? 'hangs' : 'hang'} on the order of events at one instant, which the data doesn't tell`,
    );
  if (isTold(withoutKey) && withoutKey > 0)
    told.push(
      `${formatCounted(withoutKey, 'event has', 'events have')} no ${plan.per?.path.join('.')} and ${withoutKey === 1 ? 'is' : 'are'} left out`,
    );
  return told;
}

function blocks(plan: JourneyPlan, result: JourneyResult, style: Style): string[] {
  const { bold, cyan, green, red, yellow, dim } = style.colors;
  const barWidth = style.width < 100 ? 16 : 24;
  const below = result.suppressedBelow;

  /** Count, share, bar, a word more: the same columns in every block of shares, so that the eye runs down. */
  const counted = ({ label, count, of, detail = '', paint = cyan }: Share): string[] => [
    label,
    formatCount(count, below),
    isTold(count) && isTold(of) ? formatPart(count, of, below) : '',
    ...(style.pictures ? [paint(!isTold(count) || !isTold(of) ? WITHHELD_BAR : of > 0 ? bar(count / of, barWidth) : '')] : []),
    dim(detail),
  ];
  const shares: Column[] = [
    { align: 'right', width: 7 },
    { align: 'right', width: 6 },
    ...(style.pictures ? [{ align: 'left' as const, width: barWidth }] : []),
    { align: 'left' },
  ];
  const values: Column[] = [{ align: 'right', width: 7 }, { align: 'left' }];

  const ofShares: [title: string, rows: Share[]][] = [
    ['Attempts', attempts(result)],
    ['Rejections by reason', rejections(result).map(row => ({ ...row, paint: yellow }))],
    ['Entries by rule', entries(plan, result)],
    ['Stages reached', stages(plan, result)],
    ['Ends', ends(plan, result).map(row => ({ ...row, paint: { complete: green, exit: red, active: cyan }[row.kind] }))],
    ['Steps taken', steps(result)],
    ['Segments', segments(result)],
    ...paths(result),
  ];
  const ofValues: [title: string, rows: string[][]][] = [
    ['Times', times(result)],
    [
      'Metrics',
      plan.metrics.map(({ name }) => metric(name, result.metrics[name], below)).map(([name, value, detail]) => [name, value, dim(detail)]),
    ],
  ];
  const labels = [
    ...ofShares.flatMap(([, rows]) => rows.map(row => row.label)),
    ...ofValues.flatMap(([, rows]) => rows.map(row => row[0])),
  ];
  const label: Column = { align: 'left', width: Math.max(14, ...labels.map(text => text.length)) };

  const periodRow = ({ period, value, share, detail }: Period): string[] => [
    period,
    value,
    ...(style.pictures ? [cyan(bar(share, barWidth))] : []),
    dim(detail),
  ];
  const periodColumns: Column[] = [label, shares[0], ...shares.slice(2)];
  const groupColumns = (rows: string[][]): Column[] => (rows[0] ?? []).map((_, i) => (i === 0 ? label : { align: 'right', width: 7 }));

  const block = (title: string, rows: string[][], spec: Column[]) =>
    rows.length === 0 ? '' : lines(['', `  ${bold(title)}`]) + columns(spec, rows, style);
  return [
    ...ofShares.map(([title, rows]) => block(title, rows.map(counted), [label, ...shares])),
    block('Times', ofValues[0][1], [label, ...values]),
    style.pictures ? chart(result, style) : '',
    block('Metrics', ofValues[1][1], [label, ...values]),
    ...periods(plan, result).map(([title, rows]) => block(title, rows.map(periodRow), periodColumns)),
    ...groups(plan, result, style).map(([title, rows]) => block(title, rows, groupColumns(rows))),
    result.expectations.length === 0 ? '' : lines(['', `  ${bold('Expectations')}`]) + expectationRows(result.expectations, style),
  ];
}

export interface Share {
  label: string;
  count: Count;
  of: Count;
  detail?: string;
  paint?: (text: string) => string;
}

function attempts({ attempts, entered, people, suppressedBelow: below }: JourneyResult): Share[] {
  const by = people === entered ? '' : `by ${formatCount(people, below)} people`;
  return [
    { label: 'entered', count: entered, of: attempts, detail: by },
    { label: 'rejected', count: isTold(attempts) && isTold(entered) ? attempts - entered : 'withheld', of: attempts },
  ];
}

function rejections({ rejected, attempts, attemptsBy, suppressedBelow: below }: JourneyResult): Share[] {
  const rules = Object.entries(attemptsBy);
  return (Object.entries(rejected) as [RejectionReason, Count][]).map(([reason, count]) => {
    const by = rules.flatMap(
      ([
        rule,
        {
          rejected: { [reason]: own },
        },
      ]) => (own === undefined ? [] : [`${rule} ${formatCount(own, below)}`]),
    );
    return { label: reason, count, of: attempts, detail: rules.length > 1 ? by.join(' · ') : '' };
  });
}

function entries(plan: JourneyPlan, { entries, entered, attemptsBy, suppressedBelow: below }: JourneyResult): Share[] {
  return plan.enters.map(({ name }) => {
    const { attempts = 0 } = attemptsBy[name] ?? {};
    const { [name]: count = 0 } = entries;
    return { label: name, count, of: entered, detail: `of ${formatCounted(attempts, 'attempt', undefined, below)}` };
  });
}

function stages(plan: JourneyPlan, result: JourneyResult): Share[] {
  return plan.stages.map(({ name }) => {
    const { reached, visits, medianMs } = result.stages[name];
    const inIt = medianMs === null ? '' : ` · median ${formatDuration(medianMs)}`;
    const detail = `${formatCounted(visits, 'visit', undefined, result.suppressedBelow)}${inIt}`;
    return { label: name, count: reached, of: result.entered, detail };
  });
}

function ends(plan: JourneyPlan, { exits, active, entered }: JourneyResult): (Share & { kind: 'complete' | 'exit' | 'active' })[] {
  const rules = plan.ends.map(end => {
    const { [end.name]: count = 0 } = exits;
    return { label: end.name, kind: end.kind, count, of: entered, detail: trigger(end) };
  });
  const restarted = exits[RESTARTED];
  return [
    ...rules.filter(({ kind }) => kind === 'complete'),
    ...rules.filter(({ kind }) => kind === 'exit'),
    ...(restarted === undefined
      ? []
      : [{ label: RESTARTED, kind: 'exit' as const, count: restarted, of: entered, detail: 'entered anew' }]),
    { label: 'still active', kind: 'active', count: active, of: entered },
  ];
}

/** Why a run ends by it, as the definition says it. */
function trigger({ trigger }: EndPlan): string {
  switch (trigger.kind) {
    case 'event':
      return `on ${trigger.on.text}${trigger.forAll ? ' for all' : ''}`;
    case 'nOf':
      return `on ${trigger.count} of (${trigger.items.map(({ text }) => text).join(', ')})`;
    case 'after':
      return `after ${formatDuration(trigger.duration)}`;
    case 'silence':
      return `after ${formatDuration(trigger.duration)} of silence${trigger.of ? ` of ${trigger.of.map(({ text }) => text).join(', ')}` : ''}`;
    case 'inStage':
      return `after ${formatDuration(trigger.duration)} in ${trigger.stage}`;
  }
}

function steps({ transitions, entered }: JourneyResult): Share[] {
  return transitions.slice(0, STEPS).map(({ from, to, count }, i) => {
    const more = transitions.length - STEPS;
    const detail = i === STEPS - 1 && more > 0 ? `and ${formatCount(more)} rarer` : '';
    return { label: `${from} → ${to}`, count, of: Math.max(isTold(entered) ? entered : 0, transitions[0].count), detail };
  });
}

function times({ timeToEnd: { medianMs, p90Ms } }: JourneyResult): string[][] {
  if (medianMs === null || p90Ms === null) return [];
  return [
    ['median to end', formatDuration(medianMs)],
    ['p90 to end', formatDuration(p90Ms)],
  ];
}

function chart({ entriesByDay }: JourneyResult, { colors, width }: Style): string {
  const entries = entriesChart(entriesByDay, Math.min(width, 100) - 2);
  if (!entries) return '';
  const { per, picture, axis, least, most } = entries;
  const range = colors.dim(`  ${formatCount(least)} to ${formatCount(most)}`);
  return lines([
    '',
    `  ${colors.bold(`Entries per ${per}`)}${range}`,
    ...picture.map(line => `  ${colors.cyan(line)}`),
    `  ${colors.dim(axis)}`,
  ]);
}

function metric(name: string, value: MetricValue, below: number | undefined): [string, string, string] {
  const { numerator, denominator, immature, interval } = value;
  if (value.suppressed === 'few' && denominator !== null) return [name, formatValue(value, below), `of ${formatCount(denominator)}`];
  if (numerator === null || denominator === null || value.suppressed) return [name, formatValue(value, below), ''];
  const parts = [
    `${formatCount(numerator)} of ${formatCount(denominator)}`,
    immature ? `${formatCount(immature)} too young` : '',
    interval ? `95%: ${formatShare(interval[0])} to ${formatShare(interval[1])}` : '',
  ];
  return [name, formatValue(value), parts.filter(Boolean).join(' · ')];
}

/** Of a journey, or of the file itself. */
export function expectationRows(expectations: JourneyResult['expectations'], style: Style): string {
  const { colors } = style;
  const rows = expectations.map(({ ok, text, actual, severity, message }) => {
    const warn = severity === 'error' ? colors.red : colors.yellow;
    const mark = ok === null ? colors.yellow('? undecided') : ok ? colors.green('✔ holds') : warn('✘ fails');
    const why = ok === false && message ? colors.dim(`  ${message}`) : '';
    return [mark, text, `${colors.dim('it is')} ${actual}${why}`];
  });
  return columns([{ align: 'left' }, { align: 'left' }, { align: 'left' }], rows, style);
}
