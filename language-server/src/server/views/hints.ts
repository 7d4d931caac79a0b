/** Numbers at the end of the lines they belong to. Pure: plan and result in, hints out. */
import type { At, EndPlan, EnterPlan, ExpectPlan, JourneyPlan, JourneyResult, Plan, Position, Result } from '@journey/engine';
import { formatCount, formatDuration, formatInstant, formatMetric, isTold, RESTARTED } from '@journey/engine';
import type { Settings } from '../settings.ts';
import { asOfHint, keepHint, pathHint, segmentHint, splitHints } from './group-hints.ts';
import { spark } from './picture.ts';
import { scenarioHints } from './scenario-hints.ts';
import { part, plural, range, reasons, sum } from './words.ts';

export interface Hint {
  /** The line it belongs to; it stands at its end. */
  line: number;
  label: string;
  tooltip?: string;
}

/**
 * The hints of one file.
 * @param uri only what this file declares
 */
export function hints(plan: Plan, result: Result, uri: string, settings: Settings['inlayHints']): Hint[] {
  const here = <T extends { at: At }>(parts: T[]) => parts.filter(part => part.at.uri === uri);
  const found: (Hint | undefined)[] = [];
  if (settings.sources) {
    for (const source of here(plan.sources)) found.push(sourceHint(source.nameAt.end, source.name, result));
    for (const table of here(plan.tables)) {
      const rows = result.tables[table.name]?.rows;
      if (rows !== undefined) found.push({ line: table.nameAt.end.line, label: plural(rows, 'row') });
    }
  }
  if (settings.events) {
    for (const event of here(plan.events)) {
      const count = result.events[event.name];
      if (count !== undefined)
        found.push({ line: event.at.end.line, label: count === 0 ? 'never' : plural(count, 'event', undefined, result.suppressedBelow) });
    }
  }
  if (settings.segments) found.push(...here(plan.segments).map(segment => segmentHint(segment, result)));
  if (settings.asOf && plan.asOf?.at.uri === uri) found.push(asOfHint(plan.asOf.at, result));
  if (settings.expectations) found.push(...expectationHints(here(plan.expects), result.expectations));
  for (const journey of here(plan.journeys)) {
    const numbers = result.journeys.find(other => other.name === journey.name);
    if (numbers) found.push(...journeyHints(journey, numbers, settings));
  }
  if (settings.scenarios) found.push(...scenarioHints(here(plan.scenarios), result.scenarios));
  return found.filter(hint => hint !== undefined).sort((a, b) => a.line - b.line);
}

function sourceHint({ line }: Position, name: string, result: Result): Hint | undefined {
  const source = result.sources[name];
  if (!source) return undefined;
  if (source.files === 0) return { line, label: 'no file' };
  const label = source.events === 0 ? 'no events' : `${plural(source.events, 'event')} · ${range(source)}`;
  const left = [
    source.duplicates && `${plural(source.duplicates, 'duplicate')}`,
    source.unreadable && `${formatCount(source.unreadable)} without a readable time`,
    source.withoutId && `${formatCount(source.withoutId)} without an id`,
    source.late && `${formatCount(source.late)} late`,
    source.later && `${formatCount(source.later)} after ${result.asOf === null ? 'as-of' : formatInstant(result.asOf)}`,
    source.gaps.length > 0 &&
      `${plural(source.gaps.length, 'gap')}, the longest ${formatDuration(source.gaps[0].to - source.gaps[0].from)}`,
    source.erased && `${formatCount(source.erased)} erased`,
    source.expired && `${formatCount(source.expired)} expired`,
  ].filter(Boolean);
  return { line, label, tooltip: [`${plural(source.rows, 'row')} in ${plural(source.files, 'file')}`, ...left].join(' · ') };
}

function journeyHints(journey: JourneyPlan, numbers: JourneyResult, settings: Settings['inlayHints']): (Hint | undefined)[] {
  const found: (Hint | undefined)[] = [];
  const below = numbers.suppressedBelow;
  if (settings.entries) found.push(...journey.enters.map(enter => enterHint(enter, numbers)));
  if (settings.stages) {
    for (const stage of journey.stages) {
      const visits = numbers.stages[stage.name];
      if (!visits) continue;
      const time = visits.medianMs === null ? '' : ` · median ${formatDuration(visits.medianMs)}`;
      const label = visits.reached === 0 ? 'never reached' : `${part(visits.reached, numbers.entered, below)} reached${time}`;
      found.push({
        line: stage.at.end.line,
        label,
        tooltip: visits.reached === 0 ? undefined : `${plural(visits.visits, 'visit', undefined, below)}; the time is spent in it`,
      });
    }
  }
  if (settings.ends) found.push(...journey.ends.map(end => endHint(end, numbers)));
  if (settings.ends && journey.reentry.at) {
    const restarted = numbers.exits[RESTARTED];
    if (restarted !== undefined && restarted !== 0)
      found.push({ line: journey.reentry.at.end.line, label: `${part(restarted, numbers.entered, below)} restarted` });
  }
  if (settings.keeps) found.push(...journey.keeps.map(keep => keepHint(keep, journey, numbers)));
  if (settings.paths) found.push(...journey.paths.map(path => pathHint(path, numbers)));
  if (settings.splits) found.push(...splitHints(journey.splits, numbers));
  if (settings.metrics) {
    for (const metric of journey.metrics) {
      const value = numbers.metrics[metric.name];
      if (!value) continue;
      const tooltip = value.interval
        ? `95% interval ${formatMetric({ ...plain(value), value: value.interval[0] })} … ${formatMetric({ ...plain(value), value: value.interval[1] })}`
        : undefined;
      const over =
        settings.series && value.series
          ? spark(
              value.series.map(({ value }) => value),
              PERIODS,
            )
          : '';
      found.push({ line: metric.at.end.line, label: [formatMetric(value, below), over].filter(Boolean).join('  '), tooltip });
    }
  }
  if (settings.expectations) {
    found.push(...expectationHints(journey.expects, numbers.expectations));
  }
  return found;
}

/** Of a journey, or of the file itself. */
function expectationHints(expects: readonly ExpectPlan[], results: JourneyResult['expectations']): Hint[] {
  // By text and order: a text may stand twice.
  const left = [...results];
  return expects.flatMap(expect => {
    const index = left.findIndex(other => other.text === expect.text);
    if (index < 0) return [];
    const [{ ok, actual }] = left.splice(index, 1);
    return [{ line: expect.at.end.line, label: `${ok === null ? '? undecided' : ok ? '✓' : '✗'} ${actual}` }];
  });
}

/** So many periods are drawn behind a metric, the latest last. */
const PERIODS = 12;

const plain = (value: JourneyResult['metrics'][string]) => ({ ...value, numerator: null, denominator: null, immature: null });

function enterHint(enter: EnterPlan, numbers: JourneyResult): Hint | undefined {
  const attempts = numbers.attemptsBy[enter.name];
  if (!attempts) return undefined;
  const line = enter.at.end.line;
  if (attempts.attempts === 0) return { line, label: 'no attempts' };
  const { [enter.name]: entered = 0 } = numbers.entries;
  const below = numbers.suppressedBelow;
  const away = sum(Object.values(attempts.rejected));
  const label = [plural(attempts.attempts, 'attempt', undefined, below), `${formatCount(entered, below)} entered`];
  if (away !== 0) label.push(`${isTold(away) ? `${formatCount(away)} ` : ''}turned away: ${reasons(attempts.rejected, below)}`);
  return { line, label: label.join(' · ') };
}

function endHint(end: EndPlan, numbers: JourneyResult): Hint | undefined {
  const count = numbers.exits[end.name];
  if (count === undefined) return undefined;
  return { line: end.at.end.line, label: count === 0 ? 'nobody' : part(count, numbers.entered, numbers.suppressedBelow) };
}
