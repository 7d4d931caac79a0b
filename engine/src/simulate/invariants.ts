import type { JourneyPlan } from '../plan.ts';
import type { JourneyResult } from '../result.ts';
import { ACTIVE, type Fold } from './columns.ts';

/**
 * What must hold of every simulation, whatever the data.
 * @throws Error naming the journey and the numbers that contradict each other
 */
export function checkInvariants(journey: JourneyPlan, { runs, visits, rejections, attempts, timeline, asOf }: Fold): void {
  const broken = contradiction(journey.name);
  const { time } = timeline;
  const T = asOf ?? Number.NEGATIVE_INFINITY;

  if (attempts !== runs.count + rejections.count) {
    broken(`${attempts} attempts are not ${runs.count} entries and ${rejections.count} rejections`);
  }

  let active = 0;
  let ended = 0;
  for (let run = 0; run < runs.count; run++) {
    const entry = time[runs.entry[run]];
    const isActive = runs.endRule[run] === ACTIVE;
    if (isActive) active++;
    else if (runs.endRule[run] >= 0 && runs.endRule[run] <= journey.ends.length) ended++;
    const end = isActive ? T : runs.end[run];
    if (!(entry <= end)) broken(`run ${run} ends at ${end}, before it was entered at ${entry}`);
    if (run > 0 && runs.instance[run] === runs.instance[run - 1]) {
      if (!(runs.end[run - 1] <= entry))
        broken(`run ${run} is entered at ${entry}, while the run before it lasts until ${runs.end[run - 1]}`);
    }
    for (let v = runs.visitFrom[run]; v < runs.visitFrom[run + 1]; v++) {
      const at = time[visits.slot[v]];
      if (!(at >= entry && at <= end)) broken(`a visit at ${at} lies outside run ${run}, ${entry} to ${end}`);
    }
  }
  if (runs.count !== active + ended) broken(`${runs.count} entries are not ${active} active and ${ended} ended runs`);
  if (visits.count !== runs.visitFrom[runs.count]) broken(`${visits.count} visits, but ${runs.visitFrom[runs.count]} belong to a run`);
}

/**
 * What must hold of the counts: nobody is lost in a path, a split or a segment, and nobody counts twice.
 * @throws Error as above
 */
export function checkCounts({ name, entered, paths, splits, segments }: JourneyResult<number>): void {
  const broken = contradiction(name);
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  for (const [path, { outcomes }] of Object.entries(paths)) {
    const { left, ...others } = outcomes;
    const counted = sum([...left, ...Object.values(others)]);
    if (counted !== entered) broken(`the outcomes of path ${path} are ${counted} runs, not ${entered}`);
  }
  for (const { by, groups } of splits) {
    const counted = sum(groups.map(group => group.entered));
    if (counted !== entered) broken(`the groups by ${by} are ${counted} runs, not ${entered}`);
  }
  for (const [segment, { runs, not, unknown }] of Object.entries(segments)) {
    const counted = runs + not + unknown;
    if (counted !== entered) broken(`in segment ${segment}, not in it and unknown are ${counted} runs, not ${entered}`);
  }
}

const contradiction =
  (journey: string) =>
  (what: string): never => {
    throw new Error(
      `The simulation of journey ${journey} contradicts itself: ${what}. This is a fault of the program, not of your definition.`,
    );
  };
