import { deriveEvents } from '../derive/index.ts';
import type { Events } from '../events.ts';
import { type Instant, type JourneyPlan, type Plan, REJECTION_REASONS, type RejectionReason } from '../plan.ts';
import { consented } from '../privacy/consent.ts';
import { patternsOf } from '../store/uses.ts';
import { ACTIVE, BECAME, type Fold, REPEATED, TOUCHED } from './columns.ts';
import { entryFacts } from './entry.ts';
import { forAllRows } from './for-all.ts';
import { ownMemory } from './memory.ts';
import { ALIVE, compileRules, DENIED, ENDS, ENTERS, type Rules, VISITS, WINDS } from './rules.ts';
import { tieFinder } from './ties.ts';
import { type Timeline, timelineOf } from './timeline.ts';

const code = (reason: RejectionReason) => REJECTION_REASONS.indexOf(reason);
const PASSED = -1;
const NOT_OPEN = code('not open');
const NO_CONSENT = code('no consent');
const NOT_ELIGIBLE = code('not eligible');
const ONCE = code('once');
const CAPPED = code('capped');
const COOLING_DOWN = code('cooling down');
const ALREADY_IN = code('already in');
const ENDED_A_RUN = code('ended a run');

/**
 * Folds a journey over every instance's timeline.
 *
 * @param asOf null: the last event's time
 * @param memory with shared memory the columns are good until it is used again
 */
export function foldJourney(journey: JourneyPlan, plan: Plan, rows: Events, asOf: Instant | null, memory = ownMemory): Fold {
  const T = asOf ?? rows.last ?? Number.NEGATIVE_INFINITY;
  const events = deriveEvents(consented(rows, plan, journey.identity), {
    identity: journey.identity,
    per: journey.per,
    patterns: patternsOf(journey, plan.segments),
    asOf,
    memory,
  });
  const timeline = timelineOf(events, journey.identity, journey.per, memory);
  const facts = entryFacts(journey, plan, events, timeline);
  const rules = compileRules(journey, plan, events, facts, timeline, memory);

  const { start, time, position } = timeline;
  const { set, rolesOf, enter, enters, end, forAll, stages, items, winds, clocks, counterOf, counters } = rules;
  const foreign =
    journey.per && (rules.hasForAll || rules.readByAll) ? forAllRows(timeline, rules, events.participants(journey.identity).of) : null;
  const RESTARTED_RULE = journey.ends.length;

  const { policy, wait, interval, max } = journey.reentry;
  const restart = policy === 'restart';
  const atExit = policy === 'at exit';
  const openFrom = journey.open?.from ?? Number.NEGATIVE_INFINITY;
  const openTo = journey.open?.to ?? Number.POSITIVE_INFINITY;
  // Absent: minus infinity, so that nothing cools down. `restart` excludes all three.
  const waitFor = restart ? Number.NEGATIVE_INFINITY : (wait ?? Number.NEGATIVE_INFINITY);
  const intervalFor = restart ? Number.NEGATIVE_INFINITY : (interval ?? Number.NEGATIVE_INFINITY);
  const mostRuns = restart ? Number.POSITIVE_INFINITY : (max ?? Number.POSITIVE_INFINITY);

  // Upper bounds; a page of memory that isn't written costs nothing.
  const most = rules.mostAttempts;
  const mostVisits = rules.mostStageMatches * (atExit ? 2 : 1);
  const runs = {
    instance: memory.int32(most),
    entry: memory.int32(most),
    enterRule: memory.int32(most),
    end: memory.float64(most),
    endRule: memory.int32(most),
    endedBy: memory.int32(most),
    to: memory.int32(most),
    visitFrom: memory.int32(most + 1),
  };
  const visits = {
    stage: memory.uint16(mostVisits),
    slot: memory.int32(mostVisits),
    kind: memory.uint8(mostVisits),
  };
  const rejections = {
    instance: memory.int32(most),
    slot: memory.int32(most),
    enterRule: memory.int32(most),
    reason: memory.uint8(most),
  };
  let attempts = 0;
  let runCount = 0;
  let visitCount = 0;
  let rejectionCount = 0;

  // ---- state of the instance being folded, and of its open run
  let instance = 0;
  let runsOfInstance = 0;
  let open = false;
  let stage = -1;
  let due = -1;
  // Instants live in an object's fields: in variables that closures share, every write would allocate a number.
  const moments = {
    lastEnd: Number.NaN,
    lastEntry: Number.NaN,
    alive: Number.NaN,
    inStage: Number.NaN,
    /** Never later than the earliest deadline: events only ever put deadlines off, but for `in stage`, which is seen to at once. */
    deadline: Number.POSITIVE_INFINITY,
  };
  const lastWound = new Float64Array(clocks.length);
  const seenInRun = new Int32Array(counterOf.length).fill(-1);
  const seenCount = new Int32Array(counters.length);
  const hasClocks = clocks.length > 0;
  const stageClocks = clocks.filter(clock => clock.kind === 'inStage');

  /** Finds the earliest deadline and its clock's rule; of equal ones the first declared. */
  const wind = () => {
    moments.deadline = Number.POSITIVE_INFINITY;
    due = -1;
    for (let c = 0; c < clocks.length; c++) {
      const clock = clocks[c];
      let from = moments.lastEntry;
      if (clock.kind === 'silence') from = moments.alive;
      else if (clock.kind === 'silenceOf') from = lastWound[c];
      else if (clock.kind === 'inStage') {
        if (clock.stage !== stage) continue;
        from = moments.inStage;
      }
      if (from + clock.duration < moments.deadline) {
        moments.deadline = from + clock.duration;
        due = clock.rule;
      }
    }
  };
  const finish = (at: Instant, rule: number, by: number, to: number) => {
    const run = runCount - 1;
    runs.end[run] = at;
    runs.endRule[run] = rule;
    runs.endedBy[run] = by;
    runs.to[run] = to;
    moments.lastEnd = at;
    open = false;
  };
  const record = (kind: number, visited: number, slot: number) => {
    visits.stage[visitCount] = visited;
    visits.slot[visitCount] = slot;
    visits.kind[visitCount++] = kind;
  };
  const recordStages = (matched: number, slot: number) => {
    const last = stages.from[matched + 1] - 1;
    const from = stages.from[matched];
    if (last < from) return;
    for (let i = from; i < last; i++) record(TOUCHED, stages.of[i], slot);
    if (stages.of[last] === stage) {
      record(REPEATED, stage, slot);
      return;
    }
    stage = stages.of[last];
    moments.inStage = time[slot];
    record(BECAME, stage, slot);
    for (const clock of stageClocks) {
      if (clock.stage === stage && moments.inStage + clock.duration <= moments.deadline)
        moments.deadline = moments.inStage + clock.duration;
    }
  };
  const begin = (rule: number, slot: number, matched: number) => {
    const run = runCount++;
    runs.instance[run] = instance;
    runs.entry[run] = slot;
    runs.enterRule[run] = rule;
    runs.end[run] = Number.NaN;
    runs.endRule[run] = ACTIVE;
    runs.endedBy[run] = -1;
    runs.visitFrom[run] = visitCount;
    runsOfInstance++;
    open = true;
    moments.lastEntry = moments.alive = time[slot];
    stage = -1;
    for (let c = 0; c < lastWound.length; c++) lastWound[c] = moments.lastEntry;
    for (let c = 0; c < seenCount.length; c++) seenCount[c] = 0;
    recordStages(matched, slot);
    if (hasClocks) wind();
  };
  const reject = (rule: number, slot: number, reason: number) => {
    rejections.instance[rejectionCount] = instance;
    rejections.slot[rejectionCount] = slot;
    rejections.enterRule[rejectionCount] = rule;
    rejections.reason[rejectionCount++] = reason;
  };
  const opening = (t: Instant) => (t < openFrom || t > openTo ? NOT_OPEN : PASSED);
  const gate = (t: Instant): number => {
    if (opening(t) !== PASSED) return NOT_OPEN;
    if (runsOfInstance === 0) return PASSED;
    if (policy === 'once') return ONCE;
    if (runsOfInstance >= mostRuns) return CAPPED;
    return t < moments.lastEnd + waitFor || t < moments.lastEntry + intervalFor ? COOLING_DOWN : PASSED;
  };
  const eligible = facts.eligible();
  /** The first matching rule that the participant is eligible for; -1 where there is none. */
  const admitting = (first: number, slot: number, matched: number): number => {
    if (!eligible) return first;
    for (let i = enters.from[matched]; i < enters.from[matched + 1]; i++) {
      const may = eligible[enters.of[i]];
      if (may === null || may[position[slot]] === 1) return enters.of[i];
    }
    return -1;
  };
  /** Of all gates only eligibility asks about the rule. Nobody enters: then the reason is that of the first matching rule. */
  const attempt = (first: number, slot: number, matched: number) => {
    const reason = gate(time[slot]);
    const rule = reason === NOT_OPEN ? first : admitting(first, slot, matched);
    if (reason === PASSED && rule >= 0) begin(rule, slot, matched);
    else reject(first, slot, rule === first ? reason : NOT_ELIGIBLE);
  };
  /** The first rule, in order of declaration, that ends the open run at this event; -1 where none does. */
  const endingRule = (matched: number): number => {
    let rule = end[matched];
    for (let i = items.from[matched]; i < items.from[matched + 1]; i++) {
      const item = items.of[i];
      const counter = counterOf[item];
      if (seenInRun[item] !== runCount) {
        seenInRun[item] = runCount;
        seenCount[counter]++;
      }
      const counting = counters[counter];
      if (seenCount[counter] >= counting.count && (rule < 0 || counting.rule < rule)) rule = counting.rule;
    }
    return rule;
  };
  /** Ends the open run by a clock whose deadline lies strictly before t. */
  const runClocks = (t: Instant, to: number) => {
    wind();
    if (moments.deadline < t) finish(moments.deadline, due, -1, to);
  };

  const dayGrained = events.days !== null;
  const ties = tieFinder(events, timeline, rules);
  for (instance = 0; instance < timeline.instances; instance++) {
    const to = start[instance + 1];
    let slot = start[instance];
    if (slot === to) continue;
    open = false;
    runsOfInstance = 0;
    let previous = -1;
    let previousTime = Number.NaN;
    const others = foreign?.of(instance);
    let nextOther = others ? others.from : 0;
    const othersTo = others ? others.to : 0;
    while (true) {
      const before = slot;
      let own = true;
      if (nextOther < othersTo) {
        // `for all` rows of other keys, or of none, stand among the instance's own by position.
        const other = foreign!.slots[nextOther];
        if (other >= start[instance] && other < to) {
          nextOther++;
          continue;
        }
        own = slot < to && position[slot] < position[other];
      } else if (slot >= to) break;
      const at = own ? slot++ : foreign!.slots[nextOther++];
      const matched = set[at];
      if (matched === 0) continue;
      const t = time[at];
      if (t > T) {
        slot = before;
        break;
      }
      if (dayGrained) ties.read(at);
      else if (t === previousTime && !ties.alike(previous, at)) ties.found(instance, t);
      previous = at;
      previousTime = t;

      if (open && hasClocks && moments.deadline < t) runClocks(t, before);
      if (!own) {
        if (open && forAll[matched] >= 0) finish(t, forAll[matched], at, slot);
        continue;
      }
      const roles = rolesOf[matched];
      const rule = roles & ENTERS ? enter[matched] : -1;
      if (rule >= 0) {
        attempts++;
        if (roles & DENIED) {
          reject(rule, at, open && !restart ? ALREADY_IN : opening(t) === PASSED ? NO_CONSENT : NOT_OPEN);
          continue;
        }
      }
      if (!open) {
        if (rule >= 0) attempt(rule, at, matched);
        continue;
      }
      const ends = roles & ENDS ? endingRule(matched) : -1;
      if (ends < 0 && rule >= 0 && restart && opening(t) === PASSED) {
        const admitted = admitting(rule, at, matched);
        if (admitted >= 0) {
          finish(t, RESTARTED_RULE, at, at);
          begin(admitted, at, matched);
          continue;
        }
      }
      if (roles & VISITS) recordStages(matched, at);
      if (ends >= 0) {
        finish(t, ends, at, slot);
        if (rule < 0) continue;
        if (atExit) attempt(rule, at, matched);
        else reject(rule, at, ENDED_A_RUN);
        continue;
      }
      if (rule >= 0) reject(rule, at, !restart ? ALREADY_IN : opening(t) === PASSED ? NOT_ELIGIBLE : NOT_OPEN);
      if (roles & ALIVE) moments.alive = t;
      if (roles & WINDS) for (let i = winds.from[matched]; i < winds.from[matched + 1]; i++) lastWound[winds.of[i]] = t;
    }
    if (dayGrained) ties.close(instance);
    if (open && hasClocks && moments.deadline < T) runClocks(T, slot);
    if (open) runs.to[runCount - 1] = slot;
  }
  runs.visitFrom[runCount] = visitCount;

  const ambiguous = memory.uint8(runCount).fill(0);
  const uncertain = (run: number, tie: Instant) => (Number.isNaN(runs.end[run]) ? tie < Number.POSITIVE_INFINITY : runs.end[run] >= tie);
  for (let run = 0; run < runCount; run++) if (uncertain(run, ties.at[runs.instance[run]])) ambiguous[run] = 1;
  const ambiguousBy = [...ties.without].map(([source, first]) => {
    let count = 0;
    for (let run = 0; run < runCount; run++) if (ambiguous[run] === 1 && !uncertain(run, first[runs.instance[run]])) count++;
    return { source, runs: count };
  });
  return {
    asOf: asOf ?? events.last,
    events,
    facts,
    timeline,
    rules,
    runs: {
      count: runCount,
      instance: runs.instance.subarray(0, runCount),
      entry: runs.entry.subarray(0, runCount),
      enterRule: runs.enterRule.subarray(0, runCount),
      end: runs.end.subarray(0, runCount),
      endRule: runs.endRule.subarray(0, runCount),
      endedBy: runs.endedBy.subarray(0, runCount),
      to: runs.to.subarray(0, runCount),
      visitFrom: runs.visitFrom.subarray(0, runCount + 1),
      ambiguous,
    },
    visits: {
      count: visitCount,
      stage: visits.stage.subarray(0, visitCount),
      slot: visits.slot.subarray(0, visitCount),
      kind: visits.kind.subarray(0, visitCount),
    },
    rejections: {
      count: rejectionCount,
      instance: rejections.instance.subarray(0, rejectionCount),
      slot: rejections.slot.subarray(0, rejectionCount),
      enterRule: rejections.enterRule.subarray(0, rejectionCount),
      reason: rejections.reason.subarray(0, rejectionCount),
    },
    attempts,
    ambiguousInstances: ties.count(),
    ambiguousBy,
    withoutKey: journey.per ? countKeyless(timeline, rules, T) : 0,
  };
}

/** Rows that would be read, had they a key; those that end `for all` did what they were for. */
function countKeyless(timeline: Timeline, rules: Rules, T: Instant): number {
  let count = 0;
  for (let slot = timeline.start[timeline.instances]; slot < timeline.position.length; slot++) {
    const matched = rules.set[slot];
    if (rules.matches(matched) && rules.forAll[matched] < 0 && timeline.time[slot] <= T) count++;
  }
  return count;
}
