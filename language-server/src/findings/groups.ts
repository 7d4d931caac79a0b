/** Derived events, segments, splits, keeps and paths that the sample shows to be empty, or to tell nothing apart. */
import {
  type EventPattern,
  type EventPlan,
  formatCount,
  formatDuration,
  formatPart,
  formatShare,
  isTold,
  type JourneyPlan,
  type JourneyResult,
  rowMatches,
  type SegmentExpr,
} from '@journey/engine';
import type { Finding } from '../project/types.ts';
import { contains, placeKey } from '../text/places.ts';
import { count, list } from '../text/words.ts';
import { segmentParts } from '../typing/patterns.ts';
import { apart, type Evidence, hiding, neverHappens } from './evidence.ts';

/** From this share on a segment says more of missing values than of people. */
const MOSTLY = 0.5;

/** @param typed what is already known to be wrong: no second finding for the same cause */
export function groupFindings(given: Evidence, typed: readonly Finding[]): Finding[] {
  const segments = segmentFindings(given, typed);
  const broken = given.plan.segments.filter(segment => typed.some(({ at }) => contains(segment.at, at)));
  const told = new Set([...segments.map(({ at }) => at), ...broken.map(({ nameAt }) => nameAt)].map(placeKey));
  const journeys = given.plan.journeys.flatMap(journey => {
    const result = given.preview.result.journeys.find(({ name }) => name === journey.name);
    if (!result || result.entered === 0) return [];
    const keeps = keepFindings(given, journey, result, typed);
    const empty = new Set(keeps.map(({ at }) => placeKey(at)));
    const explained = (name: string, parts: { name: string; nameAt: Finding['at'] }[], by: Set<string>) =>
      parts.some(part => part.name === name && by.has(placeKey(part.nameAt)));
    return [
      ...keeps,
      ...splitFindings(journey, result, typed)
        .filter(({ split }) => {
          if (split.kind === 'keep') return !explained(split.name, journey.keeps, empty);
          return split.kind !== 'segment' || !explained(split.name, given.plan.segments, told);
        })
        .map(({ finding }) => finding),
      ...pathFindings(journey, result),
    ];
  });
  return [...derivedFindings(given, typed), ...segments, ...journeys];
}

function derivedFindings(given: Evidence, typed: readonly Finding[]): Finding[] {
  return given.plan.events.flatMap(event => {
    if (event.pattern.kind === 'rows' || given.preview.result.events[event.name] !== 0) return [];
    if (typed.some(({ at }) => contains(event.at, at))) return [];
    // A part without any row, or that never happens itself, is told where it stands.
    if (needed(event.pattern).some(part => rowMatches(part).every(match => given.recorded(match) === 0) || neverHappens(given, part)))
      return [];
    return [
      {
        code: 'derived-event-never-happens',
        severity: 'warning',
        message: `${event.name} never happens: ${whyNever(event, given)}`,
        at: event.nameAt,
      },
    ];
  });
}

/** The parts without which it can't happen. */
function needed(pattern: EventPattern): EventPattern[] {
  switch (pattern.kind) {
    case 'sequence':
      return [pattern.first, pattern.then];
    case 'absence':
      return [pattern.first];
    case 'first':
    case 'repeated':
    case 'filter':
      return [pattern.of];
    default:
      return [];
  }
}

function whyNever({ pattern }: EventPlan, given: Evidence): string {
  const { preview } = given;
  const happens = (part: EventPattern) => {
    const named = preview.result.events[part.text];
    return named === undefined ? part.text : `${part.text} (${count(named, 'event', undefined, preview.result.suppressedBelow)})`;
  };
  switch (pattern.kind) {
    case 'repeated':
      return `nobody has ${formatCount(pattern.count)} ${happens(pattern.of)} within ${formatDuration(pattern.within)}${apart(given)}`;
    case 'sequence':
      return `no ${happens(pattern.then)} comes within ${formatDuration(pattern.within)} after ${happens(pattern.first)} of the same person${apart(given)}`;
    case 'absence':
      return `each ${happens(pattern.first)} is followed by ${pattern.no.text} within ${formatDuration(pattern.within)}, or the sample ends before${apart(given)}`;
    case 'filter':
      return `no ${happens(pattern.of)} meets the condition${apart(given)}`;
    default: {
      const why = hiding(given);
      return why.length === 0 ? 'none of its rows belongs to a person' : `its rows are ${list(why, 'or')}, or belong to nobody`;
    }
  }
}

function segmentFindings(given: Evidence, typed: readonly Finding[]): Finding[] {
  const { plan, preview } = given;
  return plan.segments.flatMap((segment): Finding[] => {
    if (typed.some(({ at }) => contains(segment.at, at))) return [];
    let [runs, not, unknown] = [0, 0, 0];
    for (const journey of preview.result.journeys) {
      const counts = journey.segments[segment.name];
      const enters = plan.journeys.find(({ name }) => name === journey.name)?.enters ?? [];
      // Behind its own gate everybody is in it.
      if (!counts || enters.some(enter => enter.if?.some(gate => gate.segment === segment.name))) continue;
      // Where a part is withheld, what it is of the whole is not to be told.
      if (!isTold(counts.runs) || !isTold(counts.not) || !isTold(counts.unknown)) return [];
      runs += counts.runs;
      not += counts.not;
      unknown += counts.unknown;
    }
    const all = runs + not + unknown;
    const one = (code: string, severity: 'warning' | 'info', message: string): Finding[] => [
      { code, severity, message, at: segment.nameAt },
    ];
    if (all === 0) return [];
    if (unknown / all >= MOSTLY) {
      const share = unknown === all ? 'every participation' : `${formatShare(unknown / all)} of ${count(all, 'participation')}`;
      return one(
        'segment-mostly-unknown',
        'info',
        `For ${share} nobody can tell whether ${segment.name} holds: a value it reads is missing`,
      );
    }
    if (runs === 0)
      return one(
        'segment-for-nobody',
        'warning',
        `${segment.name} holds for none of ${count(all, 'participation')}${looksBack(segment.condition) ? apart(given) : ''}`,
      );
    if (runs === all)
      return one(
        'segment-for-everybody',
        'info',
        `${segment.name} holds for ${all === 1 ? 'the only participation' : `all ${count(all, 'participation')}`}: it tells nobody apart`,
      );
    return [];
  });
}

/** Whether it asks for events before the entry, some of which may count for nothing. */
const looksBack = (condition: SegmentExpr): boolean => segmentParts(condition).some(({ kind }) => kind === 'history');

function keepFindings(given: Evidence, { keeps, splits }: JourneyPlan, result: JourneyResult, typed: readonly Finding[]): Finding[] {
  return keeps.flatMap((keep): Finding[] => {
    if (typed.some(({ at }) => contains(keep.at, at))) return [];
    const split = splits.find(split => split.kind === 'keep' && split.name === keep.name);
    const groups = split && result.splits.find(({ by }) => by === split.text)?.groups;
    if (!groups || groups.some(({ kind }) => kind !== 'unknown')) return [];
    const window = keep.within === undefined ? '' : ` within ${formatDuration(keep.within)}`;
    const message = `${keep.name} has no value for any of ${count(result.entered, 'participation', undefined, result.suppressedBelow)}: no ${keep.event.text} with \`${keep.property.path.join('.')}\` comes${window} before entry${apart(given)}`;
    return [{ code: 'keep-never-known', severity: 'warning', message, at: keep.nameAt }];
  });
}

function splitFindings({ splits }: JourneyPlan, result: JourneyResult, typed: readonly Finding[]) {
  return splits.flatMap(split => {
    const found = result.splits.find(({ by }) => by === split.text);
    if (!found || typed.some(({ at }) => contains(split.at, at))) return [];
    const tell = (code: string, message: string) => [
      { split, finding: { code, severity: 'info', message, at: split.at } satisfies Finding },
    ];
    const other = found.groups.find(({ kind }) => kind === 'other');
    if (other) {
      return tell(
        'split-many-groups',
        `${split.text} has more than 20 values: ${count(other.entered, 'participation', undefined, result.suppressedBelow)} (${formatPart(other.entered, result.entered, result.suppressedBelow)}) are counted together as others`,
      );
    }
    if (found.groups.length !== 1 || result.entered === 1) return [];
    const [{ kind, value }] = found.groups;
    const what = kind === 'unknown' ? 'is unknown' : `is ${JSON.stringify(value)}`;
    return tell(
      'split-one-group',
      `${split.text} ${what} for all ${count(result.entered, 'participation', undefined, result.suppressedBelow)}: there is nothing to compare`,
    );
  });
}

function pathFindings({ paths }: JourneyPlan, { paths: results, entered, suppressedBelow: below }: JourneyResult): Finding[] {
  return paths.flatMap((path): Finding[] => {
    const result = results[path.name];
    // A step that nobody reaches is told at its own rule.
    if (result?.outcomes.followed !== 0 || result.steps.some(({ reached }) => reached === 0)) return [];
    const lost = result.steps.findIndex(({ inOrder }) => inOrder === 0);
    const [before, at] = [result.steps[lost - 1], result.steps[lost]];
    const why = !at
      ? ''
      : before
        ? `: ${count(before.inOrder, 'reaches', 'reach', below)} ${before.name} in order, none ${at.name} after it`
        : `: none reaches ${at.name}`;
    return [
      {
        code: 'path-never-followed',
        severity: 'warning',
        message: `None of ${count(entered, 'participation', undefined, below)} follows ${path.name}${why}`,
        at: path.nameAt,
      },
    ];
  });
}
