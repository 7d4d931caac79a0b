/** Expectations, and runs whose outcome the data can't tell. */
import { formatPart, isTold, type JourneyPlan, type JourneyResult, rowMatches, type ScenarioResult } from '@journey/engine';
import type { Finding } from '../project/types.ts';
import { count, list } from '../text/words.ts';
import { patternsOf } from '../typing/patterns.ts';
import type { Evidence } from './evidence.ts';

export function resultFindings({ plan, preview }: Evidence): Finding[] {
  const journeys = preview.result.journeys.flatMap(result => {
    const journey = plan.journeys.find(({ name }) => name === result.name);
    return [
      ...expectationFindings(result),
      // Of a few the message would tell how many.
      ...(journey && isTold(result.ambiguous) && result.ambiguous > 0
        ? [ambiguity(journey, result.ambiguous, result, preview.result.sources)]
        : []),
    ];
  });
  return [...expectationFindings(preview.result), ...journeys, ...preview.result.scenarios.flatMap(scenarioFindings)];
}

function scenarioFindings({ claims }: ScenarioResult): Finding[] {
  return claims.flatMap(({ ok, text, instead, at }): Finding[] =>
    ok ? [] : [{ code: 'scenario-failed', severity: 'error', message: `Expected ${text}, but ${instead}`, at }],
  );
}

function expectationFindings({ expectations }: Pick<JourneyResult, 'expectations'>): Finding[] {
  return expectations.flatMap(({ text, ok, actual, severity, message, at }): Finding[] => {
    if (ok === null) return [{ code: 'expectation-undecided', severity: 'info', message: `Can't tell whether ${text}: ${actual}`, at }];
    if (ok) return [];
    return [{ code: 'expectation-failed', severity, message: `${message ? `${message}: ` : ''}expected ${text}, but it is ${actual}`, at }];
  });
}

function ambiguity(
  journey: JourneyPlan,
  ambiguous: number,
  { entered, suppressedBelow }: JourneyResult,
  sources: Evidence['preview']['result']['sources'],
): Finding {
  const read = [...new Set(patternsOf({ journeys: [journey] }).flatMap(pattern => rowMatches(pattern).map(match => match.source)))];
  const daily = read.filter(source => sources[source]?.dayGrained);
  const because = daily.length > 0 ? `; ${list(daily)} ${daily.length === 1 ? 'has' : 'have'} days without a time of day` : '';
  return {
    code: 'order-ambiguous',
    severity: 'info',
    message: `The outcome of ${count(ambiguous, 'participation')} (${formatPart(ambiguous, entered, suppressedBelow)}) depends on the order of events at one instant, which the data doesn't tell${because}`,
    at: journey.nameAt,
  };
}
