/** The simulation: a journey held against events, and what came of it. */
import type { Events } from '../events.ts';
import { type Instant, type JourneyPlan, type Plan, RESTARTED } from '../plan.ts';
import { suppressJourney } from '../privacy/suppress.ts';
import type { JourneyResult } from '../result.ts';
import { type Cohort, everyone } from './cohort.ts';
import { ACTIVE, type Fold } from './columns.ts';
import type { QualityOf } from './evaluate.ts';
import { foldJourney } from './fold.ts';
import { checkCounts, checkInvariants } from './invariants.ts';
import { sharedMemory } from './memory.ts';
import { measuresOf } from './metrics.ts';
import { quantiles } from './numbers.ts';
import { conformance } from './paths.ts';
import { segmentCounts } from './segments.ts';
import { withSeries } from './series.ts';
import { partedBy, splitRuns } from './splits.ts';
import { attemptsBy, tallyAttempts } from './tally.ts';
import { type RunTimes, runTimes } from './times.ts';

const DAY = 86_400_000;

/** One for all simulations: each is over, its numbers taken, before the next begins. */
const memory = sharedMemory();

/**
 * Simulates one journey of a plan.
 *
 * @param asOf milliseconds UTC: later events don't exist, and clocks whose deadline lies before it have fired. Null: the last event's time
 * @param quality what is counted of the sources' rows, for metrics and expectations that ask
 * @throws Error naming the journey and the numbers where they contradict each other
 */
export function simulateJourney(
  journey: JourneyPlan,
  plan: Plan,
  rows: Events,
  asOf: Instant | null,
  quality?: QualityOf,
): JourneyResult<number> {
  return simulated(journey, plan, rows, asOf, quality).result;
}

/** The same as it may be shown: where the plan says so, without any number that is about too few people. */
export function shownJourney(journey: JourneyPlan, plan: Plan, rows: Events, asOf: Instant | null, quality?: QualityOf): JourneyResult {
  const { result, fold } = simulated(journey, plan, rows, asOf, quality);
  const below = plan.privacy?.suppressBelow?.count;
  return below === undefined ? result : suppressJourney(journey, plan, fold, result, below, quality);
}

function simulated(journey: JourneyPlan, plan: Plan, rows: Events, asOf: Instant | null, quality?: QualityOf) {
  memory.begin();
  const fold = foldJourney(journey, plan, rows, asOf, memory);
  const { events } = fold;
  checkInvariants(journey, fold);
  const all = everyone(fold);
  const measuresIn = (cohort: Cohort) => measuresOf(journey, events, runTimes(journey, fold, cohort, memory), quality);
  const times = runTimes(journey, fold, all, memory);
  const measures = measuresOf(journey, events, times, quality);
  const [medianMs, p90Ms] = quantiles(endTimes(fold, memory.float64(fold.runs.count)), 0.5, 0.9);
  const result: JourneyResult<number> = {
    name: journey.name,
    ...measures.tally,
    ...tallyAttempts(fold, all),
    attemptsBy: attemptsBy(journey, fold, all, measures.tally.entries),
    ambiguous: countOf(fold.runs.ambiguous),
    ambiguousInstances: fold.ambiguousInstances,
    ...because(plan, fold),
    withoutKey: fold.withoutKey,
    transitions: transitions(journey, times),
    timeToEnd: { medianMs, p90Ms },
    stages: stages(journey, times),
    metrics: withSeries(journey, fold, measures.metrics(), measuresIn),
    expectations: measures.expectations(),
    segments: segmentCounts(journey, plan, fold, all),
    splits: journey.splits.map(split => splitRuns(split, partedBy(split, journey, fold), measuresIn)),
    paths: Object.fromEntries(journey.paths.map(path => [path.name, conformance(path, journey, fold, all).path])),
    entriesByDay: entriesByDay(fold),
  };
  checkCounts(result);
  return { result, fold };
}

function stages(journey: JourneyPlan, times: RunTimes): JourneyResult<number>['stages'] {
  return Object.fromEntries(
    journey.stages.map(({ name }, i) => [
      name,
      { reached: times.reached[i], visits: times.visits[i], medianMs: quantiles(times.timeIn(name), 0.5)[0] },
    ]),
  );
}

function transitions(journey: JourneyPlan, times: RunTimes): JourneyResult['transitions'] {
  const names = [...journey.enters, ...journey.stages, ...journey.ends].map(({ name }) => name);
  names.push(RESTARTED);
  const found: JourneyResult['transitions'] = [];
  times.transitions.forEach((row, from) => {
    row?.forEach((count, to) => {
      if (count > 0) found.push({ from: names[from], to: names[to], count });
    });
  });
  return found.sort((a, b) => b.count - a.count);
}

/** Only where a source is day-grained. */
function because({ sources }: Plan, { ambiguousBy }: Fold): Pick<JourneyResult<number>, 'ambiguousBy'> {
  const named = ambiguousBy.flatMap(({ source, runs }) => (sources[source] ? [[sources[source].name, runs]] : []));
  return named.length > 0 ? { ambiguousBy: Object.fromEntries(named) } : {};
}

function countOf(flags: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < flags.length; i++) count += flags[i];
  return count;
}

function endTimes({ runs, timeline }: Fold, durations: Float64Array): Float64Array {
  let count = 0;
  for (let run = 0; run < runs.count; run++) {
    if (runs.endRule[run] !== ACTIVE) durations[count++] = runs.end[run] - timeline.time[runs.entry[run]];
  }
  return durations.subarray(0, count);
}

/** Only days on which somebody entered, in order. */
function entriesByDay({ runs, timeline }: Fold): JourneyResult['entriesByDay'] {
  const days = new Map<number, number>();
  const { entry, count } = runs;
  const { time } = timeline;
  for (let run = 0; run < count; run++) {
    const day = Math.floor(time[entry[run]] / DAY);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return [...days]
    .sort(([a], [b]) => a - b)
    .map(([day, entered]) => ({ day: new Date(day * DAY).toISOString().slice(0, -'T00:00:00.000Z'.length), entered }));
}
