/** `suppress below k`: what may be shown beside the journeys. */
import { isTold } from '../format.ts';
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
  const least = (people: number, count: Count): Count => (people < below ? 'few' : count);
  const few = (people: Count): boolean => isTold(people) && people < below;
  const eventPeople = behind.events();

  /** Of few, or of all but a few that a journey tells of: who never entered it would be known. */
  const isKnown = (identity: string): boolean => {
    const all = behind.customers(identity);
    const entered = plan.journeys.flatMap(journey => {
      const people = journey.identity === identity && result.journeys.find(({ name }) => name === journey.name)?.people;
      return typeof people === 'number' ? people : [];
    });
    return all >= below && entered.every(people => all === people || all - people >= below);
  };
  const isFew = (identity: string) => behind.customers(identity) < below;
  const used = [...new Set(plan.journeys.map(({ identity }) => identity))];
  return {
    ...result,
    suppressedBelow: below,
    events: Object.fromEntries(plan.events.map(({ name }, i) => [name, least(eventPeople[i], result.events[name])])),
    people: used.some(isFew) || few(result.people) ? 'few' : used.every(isKnown) ? result.people : 'withheld',
    identities: Object.fromEntries(
      Object.entries(result.identities).map(([name, identity]) => {
        const { erased } = identity;
        const hushed = few(erased.people) && erased.requests !== 0;
        return [
          name,
          {
            ...identity,
            customers: isKnown(name) ? identity.customers : isFew(name) ? 'few' : 'withheld',
            ambiguous: few(identity.ambiguous) ? 'few' : identity.ambiguous,
            erased: hushed ? { ...erased, requests: 'few', people: 'few', rows: 'few' } : erased,
          },
        ];
      }),
    ),
  };
}
