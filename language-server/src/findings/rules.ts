/** Rules that no participation ever takes. */
import {
  type Count,
  type EndPlan,
  type EnterPlan,
  type EventPattern,
  formatCount,
  formatDuration,
  isTold,
  type JourneyPlan,
  type JourneyResult,
  type RejectionReason,
  rowMatches,
} from '@journey/engine';
import type { Finding } from '../project/types.ts';
import { contains } from '../text/places.ts';
import { count, day, list } from '../text/words.ts';
import type { Evidence } from './evidence.ts';
import { apart, hiding, isDead, isHidden } from './evidence.ts';

/**
 * One cause, one finding: what follows from an event that never occurs, or from a journey nobody enters, is not said again.
 */
export function ruleFindings(given: Evidence, typed: readonly Finding[]): Finding[] {
  return given.plan.journeys.flatMap(journey => {
    // Where no source has the key, there can be no participation.
    const { per } = journey;
    if (per && typed.some(({ at }) => contains(per.at, at))) return [];
    const result = given.preview.result.journeys.find(({ name }) => name === journey.name);
    if (!result) return [];
    const enters = journey.enters.flatMap(rule => enterFinding(given, journey, rule, result));
    const untried = notExercised(given, journey);
    if (result.entered === 0) return [...enters, ...untried];
    return [...enters, ...stageFindings(given, journey, result), ...endFindings(given, journey, result), ...untried];
  });
}

function enterFinding(given: Evidence, journey: JourneyPlan, rule: EnterPlan, result: JourneyResult): Finding[] {
  if (isDead(given, journey, rule.on)) return [];
  const { attempts, rejected } = result.attemptsBy[rule.name] ?? { attempts: 0, rejected: {} };
  if (attempts === 0) {
    // What is without consent is an attempt all the same.
    const gone = hiding(given).filter(why => why !== 'without consent');
    if (gone.length > 0 && isHidden(given, rule.on)) {
      const message = `Nobody attempts to enter by ${rule.name}: its rows are ${list(gone, 'or')}, or belong to nobody`;
      return [{ code: 'enter-never-attempted', severity: 'info', message, at: rule.nameAt }];
    }
    const message = `Nobody ever attempts to enter by ${rule.name}: ${matching(given, rule.on)}${whyNoAttempt(journey, rule, result)}`;
    return [{ code: 'enter-never-attempted', severity: 'warning', message, at: rule.nameAt }];
  }
  if (result.entries[rule.name] !== 0 || !isTold(attempts)) return [];
  const reasons = (Object.entries(rejected) as [RejectionReason, Count][]).sort(
    ([, a], [, b]) => (isTold(b) ? b : 0) - (isTold(a) ? a : 0),
  );
  const told =
    reasons.length === 1 ? reasons[0][0] : list(reasons.map(([reason, n]) => `${formatCount(n, result.suppressedBelow)} ${reason}`));
  const hint = reasons.length > 0 ? why(reasons[0][0], given, journey) : '';
  const message = `${attempts === 1 ? 'The only attempt' : `Every one of the ${formatCount(attempts)} attempts`} to enter by ${rule.name} is rejected: ${told}${hint}`;
  return [{ code: 'enter-always-rejected', severity: 'warning', message, at: rule.nameAt }];
}

/**
 * Rules that no scenario takes and that the sample has no rows for: where it has some, the findings about never taken rules speak.
 * Only where scenarios are written at all: a definition that has none yet would be told of every rule.
 */
function notExercised({ plan, preview }: Evidence, journey: JourneyPlan): Finding[] {
  if (plan.scenarios.length === 0) return [];
  const empty = (patterns: EventPattern[]) =>
    patterns.flatMap(rowMatches).every(({ source }) => Object.keys(preview.schema.sources[source]?.events ?? {}).length === 0);
  const nobodyEnters = empty(journey.enters.map(({ on }) => on));
  const taken = new Set(preview.result.scenarios.flatMap(scenario => scenario.taken[journey.name] ?? []));
  const waits = ({ trigger }: EndPlan) => (trigger.kind === 'event' ? [trigger.on] : trigger.kind === 'nOf' ? trigger.items : undefined);
  const rules = [
    ...journey.enters.map(rule => ({ rule, untried: empty([rule.on]) })),
    ...journey.stages.map(rule => ({ rule, untried: nobodyEnters || empty([rule.on]) })),
    ...journey.ends.map(rule => ({ rule, untried: nobodyEnters || empty(waits(rule) ?? journey.enters.map(({ on }) => on)) })),
  ];
  return rules
    .filter(({ rule, untried }) => untried && !taken.has(rule.name))
    .map(({ rule }) => ({
      code: 'rule-not-exercised',
      severity: 'info',
      message: `Nothing shows that ${rule.name} works: no scenario takes it, and the sample has no rows for it${hiding({ plan, preview }).some(why => why !== 'without consent') ? ' any more' : ''}`,
      at: rule.nameAt,
    }));
}

function whyNoAttempt(journey: JourneyPlan, rule: EnterPlan, result: JourneyResult): string {
  if (journey.per && isTold(result.withoutKey) && result.withoutKey > 0)
    return `; ${count(result.withoutKey, 'row of the journey lacks', 'rows of the journey lack')} \`${journey.per.path.join('.')}\``;
  const [first] = journey.enters;
  if (first === rule) return ', but none belongs to a participant';
  const gated = journey.enters.slice(0, journey.enters.indexOf(rule)).some(earlier => earlier.if);
  return gated
    ? `, but an attempt counts for the rule that lets it in, or else for the first it meets, such as ${first.name}`
    : `, but an earlier rule such as ${first.name} takes them, or they belong to nobody`;
}

/** What to look at, by the main reason. */
function why(reason: RejectionReason, { preview }: Evidence, { open, reentry }: JourneyPlan): string {
  if (reason === 'not open' && open) {
    const sources = Object.values(preview.result.sources);
    const from = Math.min(...sources.flatMap(source => source.from ?? []));
    const to = Math.max(...sources.flatMap(source => source.to ?? []));
    return Number.isFinite(from) ? `; the events are from ${day(from)} to ${day(to)}` : '';
  }
  if (reason === 'already in' || reason === 'once') return `; reentry is ${reentry.policy}`;
  return '';
}

function stageFindings(given: Evidence, journey: JourneyPlan, result: JourneyResult): Finding[] {
  return journey.stages
    .filter(stage => result.stages[stage.name]?.reached === 0 && !isDead(given, journey, stage.on))
    .map(stage => {
      const hidden = allHidden(given, stage.on);
      const text = hidden?.text ?? `${matching(given, stage.on)}, but never during ${oneOf(result)}${apart(given)}`;
      return {
        code: 'stage-never-reached',
        severity: hidden?.severity ?? 'warning',
        message: `No participation reaches ${stage.name}: ${text}`,
        at: stage.nameAt,
      };
    });
}

function endFindings(given: Evidence, journey: JourneyPlan, result: JourneyResult): Finding[] {
  return journey.ends
    .filter(end => result.exits[end.name] === 0)
    .flatMap(end => {
      const reason = whyNotTaken(given, end, journey, result);
      if (!reason) return [];
      const verb = end.kind === 'complete' ? 'completes' : 'exits';
      return [
        {
          code: 'end-never-taken',
          severity: reason.severity,
          message: `No participation ${verb} as ${end.name}: ${reason.text}`,
          at: end.nameAt,
        },
      ];
    });
}

/** @returns nothing where the cause has been told elsewhere */
function whyNotTaken(
  given: Evidence,
  { trigger }: EndPlan,
  journey: JourneyPlan,
  result: JourneyResult,
): { severity: 'warning' | 'info'; text: string } | undefined {
  switch (trigger.kind) {
    case 'event':
      if (isDead(given, journey, trigger.on)) return undefined;
      return (
        allHidden(given, trigger.on) ?? {
          severity: 'warning',
          text: `${matching(given, trigger.on)}, but none ends ${oneOf(result)}${apart(given)}`,
        }
      );
    case 'nOf': {
      const alive = trigger.items.filter(item => !isDead(given, journey, item)).length;
      if (alive < trigger.count) return undefined;
      return {
        severity: 'warning',
        text: `none sees ${trigger.count} different ones of these ${trigger.items.length} events${apart(given)}`,
      };
    }
    case 'inStage':
      if (result.stages[trigger.stage]?.reached === 0) return undefined;
      return clock(
        given,
        trigger.duration,
        `none stays in ${trigger.stage} for ${formatDuration(trigger.duration)} before something else ends it`,
      );
    case 'silence':
      return clock(given, trigger.duration, `none is silent for ${formatDuration(trigger.duration)} before something else ends it`);
    case 'after':
      return clock(given, trigger.duration, `all end earlier, or are younger than ${formatDuration(trigger.duration)}`);
  }
}

/** A clock that the sample is too short for is nothing to mend. */
function clock({ preview }: Evidence, needed: number, text: string): { severity: 'warning' | 'info'; text: string } {
  const { asOf, sources } = preview.result;
  const from = Math.min(...Object.values(sources).flatMap(source => source.from ?? []));
  if (asOf !== null && asOf - from <= needed) return { severity: 'info', text: `the sample spans only ${formatDuration(asOf - from)}` };
  return { severity: 'warning', text };
}

/** Where rows match and none of them counts: nothing to mend. */
function allHidden(given: Evidence, pattern: EventPattern): { severity: 'info'; text: string } | undefined {
  const why = hiding(given);
  return why.length > 0 && isHidden(given, pattern)
    ? { severity: 'info', text: `every row that matches is ${list(why, 'or')}` }
    : undefined;
}

/** Rows that count, or, where none does, only that there are some. */
function matching(given: Evidence, pattern: EventPattern): string {
  const rows = rowMatches(pattern).reduce((sum, match) => sum + (given.rows(match) ?? Number.NaN), 0);
  return Number.isNaN(rows) || isHidden(given, pattern) ? `rows match ${pattern.text}` : `${count(rows, 'row matches', 'rows match')}`;
}

const oneOf = ({ entered, suppressedBelow }: JourneyResult): string =>
  entered === 1 ? 'the only participation' : `one of the ${count(entered, 'participation', undefined, suppressedBelow)}`;
