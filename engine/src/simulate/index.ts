/** The simulation: a journey held against events, and what came of it. */
import type { Events } from '../events.ts';
import { type Instant, type JourneyPlan, type Plan, REJECTION_REASONS, RESTARTED } from '../plan.ts';
import type { JourneyResult } from '../result.ts';
import { ACTIVE, type Fold } from './columns.ts';
import { foldJourney } from './fold.ts';
import { checkInvariants } from './invariants.ts';
import { sharedMemory } from './memory.ts';
import { evaluate, type Tally } from './metrics.ts';
import { quantiles } from './numbers.ts';
import { type RunTimes, runTimes } from './times.ts';

const DAY = 86_400_000;

/** One for all simulations: each is over, its numbers taken, before the next begins. */
const memory = sharedMemory();

/**
 * Simulates one journey of a plan.
 *
 * @param asOf milliseconds UTC: later events don't exist, and clocks whose deadline lies before it have fired. Null: the last event's time
 * @throws Error naming the journey and the numbers where they contradict each other
 */
export function simulateJourney(journey: JourneyPlan, _plan: Plan, events: Events, asOf: Instant | null): JourneyResult {
  memory.begin();
  const fold = foldJourney(journey, events, asOf, memory);
  checkInvariants(journey, fold);
  const times = runTimes(journey, fold, memory);
  const counted = tally(journey, fold, times);
  const [medianMs, p90Ms] = quantiles(endTimes(fold, memory.float64(fold.runs.count)), 0.5, 0.9);
  return {
    name: journey.name,
    ...counted,
    attemptsBy: attemptsBy(journey, fold, counted),
    ambiguous: fold.runs.ambiguous.reduce((sum, flag) => sum + flag, 0),
    ambiguousInstances: fold.ambiguousInstances,
    withoutKey: fold.withoutKey,
    transitions: transitions(journey, times),
    timeToEnd: { medianMs, p90Ms },
    ...evaluate(journey, events, counted, times),
    segments: {},
    splits: [],
    paths: {},
    entriesByDay: entriesByDay(fold),
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
    attempts,
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

/** Of an event that matches several rules, the attempt is that of the rule that entered, or else of the first. */
function attemptsBy(journey: JourneyPlan, { rejections }: Fold, { entries }: Tally): JourneyResult['attemptsBy'] {
  const reasons = journey.enters.map(() => new Int32Array(REJECTION_REASONS.length));
  for (let i = 0; i < rejections.count; i++) reasons[rejections.enterRule[i]][rejections.reason[i]]++;
  return Object.fromEntries(
    journey.enters.map(({ name }, i) => [name, { attempts: entries[name] + total(reasons[i]), rejected: byReason(reasons[i]) }]),
  );
}

const total = (counts: Int32Array) => counts.reduce((sum, count) => sum + count, 0);

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
  for (let run = 0; run < runs.count; run++) {
    const day = Math.floor(timeline.time[runs.entry[run]] / DAY);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return [...days]
    .sort(([a], [b]) => a - b)
    .map(([day, entered]) => ({ day: new Date(day * DAY).toISOString().slice(0, -'T00:00:00.000Z'.length), entered }));
}
