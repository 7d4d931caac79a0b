import { type JourneyPlan, REJECTION_REASONS, RESTARTED } from '../plan.ts';
import type { JourneyResult } from '../result.ts';
import type { Cohort } from './cohort.ts';
import { ACTIVE, type Fold } from './columns.ts';

/** What became of a cohort's runs. */
export type Tally = Pick<JourneyResult<number>, 'entered' | 'people' | 'entries' | 'active' | 'completed' | 'exits'>;
/** What became of its attempts. */
export type AttemptTally = Pick<JourneyResult<number>, 'attempts' | 'rejected'>;

export function tally(journey: JourneyPlan, { runs, timeline }: Fold, cohort: Cohort): Tally {
  const entries = new Int32Array(journey.enters.length);
  const ends = new Int32Array(journey.ends.length + 1);
  const { participant } = timeline;
  const { instance, enterRule, endRule } = runs;
  const { runs: own } = cohort;
  let active = 0;
  let people = 0;
  let person = -1;
  for (let i = 0; i < own.length; i++) {
    const run = own[i];
    entries[enterRule[run]]++;
    if (cohort.open || endRule[run] === ACTIVE) active++;
    else ends[endRule[run]]++;
    if (participant[instance[run]] === person) continue;
    person = participant[instance[run]];
    people++;
  }
  const exits = Object.fromEntries(journey.ends.map(({ name }, i) => [name, ends[i]]));
  if (journey.reentry.policy === 'restart') exits[RESTARTED] = ends[journey.ends.length];
  return {
    entered: own.length,
    people,
    entries: Object.fromEntries(journey.enters.map(({ name }, i) => [name, entries[i]])),
    active,
    completed: journey.ends.reduce((sum, { kind }, i) => (kind === 'complete' ? sum + ends[i] : sum), 0),
    exits,
  };
}

export function tallyAttempts({ rejections }: Fold, cohort: Cohort): AttemptTally {
  const reasons = new Int32Array(REJECTION_REASONS.length);
  const { rejections: own } = cohort;
  for (let i = 0; i < own.length; i++) reasons[rejections.reason[own[i]]]++;
  return { attempts: cohort.size + own.length, rejected: byReason(reasons) };
}

/** Of an event that matches several rules, the attempt is that of the rule that entered, or else of the first. */
export function attemptsBy(
  journey: JourneyPlan,
  { rejections }: Fold,
  cohort: Cohort,
  entries: Tally['entries'],
): JourneyResult<number>['attemptsBy'] {
  const reasons = journey.enters.map(() => new Int32Array(REJECTION_REASONS.length));
  for (const i of cohort.rejections) reasons[rejections.enterRule[i]][rejections.reason[i]]++;
  return Object.fromEntries(
    journey.enters.map(({ name }, i) => [name, { attempts: entries[name] + total(reasons[i]), rejected: byReason(reasons[i]) }]),
  );
}

const total = (counts: Int32Array) => counts.reduce((sum, count) => sum + count, 0);

function byReason(counts: Int32Array): JourneyResult<number>['rejected'] {
  return Object.fromEntries(REJECTION_REASONS.flatMap((reason, i) => (counts[i] > 0 ? [[reason, counts[i]]] : [])));
}
