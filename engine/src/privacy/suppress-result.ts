/** `suppress below k`: what may be shown beside the journeys. */
import type { Plan } from '../plan.ts';
import type { Count, Result } from '../result.ts';

/** What the engine alone can count. */
export interface Behind {
  /** Distinct participants of the rows that match a named event, in order of declaration. */
  events: () => number[];
  /** Participants of an identity. */
  customers: (identity: string) => number;
}

/** @param result whose journeys are as they may be shown */
export function suppressResult(plan: Plan, result: Result, behind: Behind): Result {
  const below = plan.privacy?.suppressBelow?.count;
  if (below === undefined) return result;
  const least = (people: number, count: Count): Count => (people < below ? null : count);
  const eventPeople = behind.events();

  /** Of few, or of all but a few that a journey tells of: who never entered it would be known. */
  const isTold = (identity: string): boolean => {
    const all = behind.customers(identity);
    const entered = plan.journeys.flatMap(journey => {
      const people = journey.identity === identity && result.journeys.find(({ name }) => name === journey.name)?.people;
      return typeof people === 'number' ? people : [];
    });
    return all >= below && entered.every(people => all === people || all - people >= below);
  };
  const used = [...new Set(plan.journeys.map(({ identity }) => identity))];
  return {
    ...result,
    suppressedBelow: below,
    events: Object.fromEntries(plan.events.map(({ name }, i) => [name, least(eventPeople[i], result.events[name])])),
    people: used.every(isTold) ? least(result.people ?? 0, result.people) : null,
    identities: Object.fromEntries(
      Object.entries(result.identities).map(([name, identity]) => {
        const { erased } = identity;
        const few = (erased.people ?? 0) < below && (erased.requests ?? 0) > 0;
        return [
          name,
          {
            ...identity,
            customers: isTold(name) ? identity.customers : null,
            ambiguous: least(identity.ambiguous ?? 0, identity.ambiguous),
            erased: few ? { ...erased, requests: null, people: null, rows: null } : erased,
          },
        ];
      }),
    ),
  };
}
