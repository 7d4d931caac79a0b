/** The simulation: a journey held against events, and what came of it. */
import type { Events } from '../events.ts';
import { type Instant, type JourneyPlan, type Plan, REJECTION_REASONS, RESTARTED } from '../plan.ts';
import type { JourneyResult } from '../result.ts';
import { ACTIVE, type Fold, foldJourney } from './fold.ts';
import { checkInvariants } from './invariants.ts';
import { evaluate, type Tally } from './metrics.ts';
import { quantiles } from './numbers.ts';
import { type RunTimes, runTimes } from './times.ts';

export { ACTIVE, BECAME, type Fold, foldJourney, REPEATED, TOUCHED } from './fold.ts';

const DAY = 86_400_000;

/**
 * Simulates one journey of a plan.
 *
 * @param asOf milliseconds UTC: later events don't exist, and clocks whose deadline lies before it have fired. Null: the last event's time
 * @throws Error naming the journey and the numbers where they contradict each other
 */
export function simulateJourney(journey: JourneyPlan, _plan: Plan, events: Events, asOf: Instant | null): JourneyResult {
  const fold = foldJourney(journey, events, asOf);
  checkInvariants(journey, events, fold);
  const times = runTimes(journey, events, fold);
  const counted = tally(journey, fold, times);
  const [medianMs, p90Ms] = quantiles(endTimes(events, fold), 0.5, 0.9);
  return {
    name: journey.name,
    ...counted,
    attemptsBy: attemptsBy(journey, fold),
    ambiguous: fold.runs.ambiguous.reduce((sum, flag) => sum + flag, 0),
    ambiguousInstances: fold.ambiguousInstances,
    withoutKey: fold.withoutKey,
    transitions: transitions(journey, times),
    timeToEnd: { medianMs, p90Ms },
    ...evaluate(journey, events, counted, times),
    entriesByDay: entriesByDay(events, fold),
  };
}

function tally(journey: JourneyPlan, { runs, rejections, attempts, timeline }: Fold, times: RunTimes): Tally {
  const entries = new Int32Array(journey.enters.length);
  const ends = new Int32Array(journey.ends.length + 1);
  let active = 0;
  let people = 0;
  let person = -1;
  for (let run = 0; run < runs.count; run++) {
    entries[runs.enterRule[run]]++;
    if (runs.endRule[run] === ACTIVE) active++;
    else ends[runs.endRule[run]]++;
    if (timeline.participant[runs.instance[run]] === person) continue;
    person = timeline.participant[runs.instance[run]];
    people++;
  }
  const reasons = new Int32Array(REJECTION_REASONS.length);
  for (let i = 0; i < rejections.count; i++) reasons[rejections.reason[i]]++;
  const exits = Object.fromEntries(journey.ends.map(({ name }, i) => [name, ends[i]]));
  if (journey.reentry.policy === 'restart') exits[RESTARTED] = ends[journey.ends.length];
  return {
    attempts: attempts.reduce((sum, count) => sum + count, 0),
    entered: runs.count,
    people,
    entries: Object.fromEntries(journey.enters.map(({ name }, i) => [name, entries[i]])),
    active,
    completed: journey.ends.reduce((sum, { kind }, i) => (kind === 'complete' ? sum + ends[i] : sum), 0),
    exits,
    rejected: byReason(reasons),
    stages: Object.fromEntries(
      journey.stages.map(({ name }, i) => [
        name,
        { reached: times.reached[i], visits: times.visits[i], medianMs: quantiles(times.timeIn(name), 0.5)[0] },
      ]),
    ),
  };
}

function attemptsBy(journey: JourneyPlan, { attempts, rejections }: Fold): JourneyResult['attemptsBy'] {
  const reasons = journey.enters.map(() => new Int32Array(REJECTION_REASONS.length));
  for (let i = 0; i < rejections.count; i++) reasons[rejections.enterRule[i]][rejections.reason[i]]++;
  return Object.fromEntries(journey.enters.map(({ name }, i) => [name, { attempts: attempts[i], rejected: byReason(reasons[i]) }]));
}

function byReason(counts: Int32Array): JourneyResult['rejected'] {
  return Object.fromEntries(REJECTION_REASONS.flatMap((reason, i) => (counts[i] > 0 ? [[reason, counts[i]]] : [])));
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

function endTimes(events: Events, { runs }: Fold): Float64Array {
  const durations = new Float64Array(runs.count);
  let count = 0;
  for (let run = 0; run < runs.count; run++) {
    if (runs.endRule[run] !== ACTIVE) durations[count++] = runs.end[run] - events.time[runs.entry[run]];
  }
  return durations.subarray(0, count);
}

/** Only days on which somebody entered, in order. */
function entriesByDay(events: Events, { runs }: Fold): JourneyResult['entriesByDay'] {
  // Positions are in order of time: one look at each needs no sorting and no map.
  const enters = new Uint8Array(events.count);
  for (const position of runs.entry) enters[position] = 1;
  const days: { number: number; entered: number }[] = [];
  for (let position = 0; position < events.count; position++) {
    if (enters[position] === 0) continue;
    const number = Math.floor(events.time[position] / DAY);
    const last = days.at(-1);
    if (last?.number === number) last.entered++;
    else days.push({ number, entered: 1 });
  }
  return days.map(({ number, entered }) => ({ day: new Date(number * DAY).toISOString().slice(0, -14), entered }));
}
