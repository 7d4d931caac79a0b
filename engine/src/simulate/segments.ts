import type { JourneyPlan, Plan } from '../plan.ts';
import type { JourneyResult } from '../result.ts';
import { segmentsOf } from '../store/uses.ts';
import type { Cohort } from './cohort.ts';
import type { Fold } from './columns.ts';
import { IN, NOT, UNKNOWN } from './entry.ts';

/** Of every segment that the journey asks by name: a cohort's runs in it, not in it, and unknown. */
export function segmentCounts(
  journey: JourneyPlan,
  plan: Plan,
  { runs, timeline, facts }: Fold,
  cohort: Cohort,
): JourneyResult<number>['segments'] {
  return Object.fromEntries(
    segmentsOf(journey, plan.segments).map(({ name }) => {
      const state = facts.segment(name);
      const counts = [0, 0, 0];
      for (const run of cohort.runs) counts[state[timeline.position[runs.entry[run]]]]++;
      return [name, { runs: counts[IN], not: counts[NOT], unknown: counts[UNKNOWN] }];
    }),
  );
}
