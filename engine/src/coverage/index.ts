/** Which rules sample and scenarios exercise: every rule is taken away once, to see what would change. */
import type { Events } from '../events.ts';
import type { EventPattern, Instant, JourneyPlan, Plan } from '../plan.ts';
import type { Pacer } from '../read/pause.ts';
import type { Scenarios } from '../scenario/index.ts';
import type { QualityOf } from '../simulate/evaluate.ts';
import { shownJourney } from '../simulate/index.ts';
import { differences } from './differences.ts';
import type { Coverage, RuleCoverage } from './types.ts';

/**
 * @param journeys those of the plan that are asked about
 * @param events the sample; without any row the scenarios alone count
 * @param quality what is counted of the sources' rows, for metrics and expectations that ask
 */
export async function coverageOf(
  plan: Plan,
  journeys: readonly JourneyPlan[],
  events: Events,
  asOf: Instant | null,
  quality: QualityOf,
  scenarios: Scenarios,
  pacer: Pacer,
  onProgress: (journey: string, done: number, total: number) => void,
): Promise<Coverage> {
  const rules = journeys.flatMap(rulesOf);
  for (const [done, journey] of journeys.entries()) {
    onProgress(journey.name, done, journeys.length);
    const before = shownJourney(journey, plan, events, asOf, quality);
    for (const row of rules) {
      if (row.journey !== journey.name) continue;
      await pacer.pause();
      const { entries, exits, stages } = before;
      row.takenInSample = row.kind === 'enter' ? entries[row.rule] : row.kind === 'stage' ? stages[row.rule].reached : exits[row.rule];
      const after = shownJourney(without(journey, row.rule), plan, events, asOf, quality);
      row.changes.push(...foremost(differences(before, after), row.rule));
    }
  }
  await scenarios.stage(plan, pacer, ({ scenario, journeys: spoken, tell }) => {
    for (const journey of spoken) {
      const before = tell(journey);
      const claims = scenario.claims.filter(claim => claim.journey === journey.name);
      for (const row of rules) {
        if (row.journey !== journey.name) continue;
        row.takenInScenarios += before.taken.get(row.rule) ?? 0;
        const { instead } = tell(without(journey, row.rule));
        claims.forEach(({ text }, i) => {
          if (instead[i] !== before.instead[i]) row.changes.push(`scenario "${scenario.title}": ${text}`);
        });
      }
    }
  });
  for (const row of rules) row.matters = row.changes.length > 0;
  const below = plan.privacy?.suppressBelow?.count;
  return {
    ...(below === undefined ? {} : { suppressedBelow: below }),
    rules,
    score: rules.length > 0 ? rules.filter(({ matters }) => matters).length / rules.length : 1,
  };
}

function rulesOf(journey: JourneyPlan): RuleCoverage[] {
  const row = (
    kind: RuleCoverage['kind'],
    { name, nameAt }: JourneyPlan['enters'][number] | JourneyPlan['ends'][number],
  ): RuleCoverage => ({
    ...{ journey: journey.name, rule: name, kind, at: nameAt },
    ...{ takenInSample: 0, takenInScenarios: 0, matters: false, changes: [] },
  });
  return [
    ...journey.enters.map(rule => row('enter', rule)),
    ...journey.stages.map(rule => row('stage', rule)),
    ...journey.ends.map(rule => row(rule.kind, rule)),
  ];
}

/** A rule that matches nothing does what a deleted one does, and what names it still has something to name. */
function without(journey: JourneyPlan, rule: string): JourneyPlan {
  const never = <T extends { name: string; at: EventPattern['at']; on: EventPattern }>(one: T): T =>
    one.name === rule ? { ...one, on: nothing(one.at) } : one;
  return {
    ...journey,
    enters: journey.enters.map(never),
    stages: journey.stages.map(never),
    ends: journey.ends.map(end =>
      end.name === rule ? { ...end, trigger: { kind: 'event' as const, on: nothing(end.at), forAll: false } } : end,
    ),
  };
}

const nothing = (at: EventPattern['at']): EventPattern => ({ kind: 'rows', any: [], text: '', at });

/** That a rule's own count is gone goes without saying, and where people went instead is detail: what it did to others comes first. */
function foremost(changes: string[], rule: string): string[] {
  const weight = (change: string) => (change.split(' ').includes(rule) ? 2 : /^(transitions|entriesByDay) /.test(change) ? 1 : 0);
  return [0, 1, 2].flatMap(each => changes.filter(change => weight(change) === each));
}
