import { type Instant, type JourneyPlan, type Millis, RESTARTED, type StepRef } from '../plan.ts';
import type { Cohort } from './cohort.ts';
import { ACTIVE, BECAME, type Fold, REPEATED } from './columns.ts';
import type { Memory } from './memory.ts';

export interface RateCount {
  numerator: number;
  denominator: number;
  /** Runs that are too young to count. */
  immature: number;
}

/** When each run of a cohort got where: what stages, rates and times are counted from. */
export interface RunTimes {
  readonly fold: Fold;
  readonly cohort: Cohort;
  /** By stage. */
  readonly reached: Int32Array;
  readonly visits: Int32Array;
  /** Counts by [node][node]: entry rules, then stages, then ends, then Restarted; rows without any are absent. */
  readonly transitions: readonly (Int32Array | undefined)[];
  /** Time in a stage, summed per run, of the runs in which it became current. */
  timeIn(stage: string): Float64Array;
  /** Entry to the first of a step, of the runs that reached it. */
  timeTo(step: StepRef): Float64Array;
  rate(of: StepRef, within: Millis | undefined, from: StepRef | undefined, ofPeople: boolean): RateCount;
}

export function runTimes(journey: JourneyPlan, fold: Fold, cohort: Cohort, memory: Memory): RunTimes {
  const { runs, visits } = fold;
  const { time, position, participant } = fold.timeline;
  const T = fold.asOf ?? Number.NEGATIVE_INFINITY;
  let walked: Spells | null = null;
  const spells = (): Spells => {
    walked ??= stageSpells(journey, fold, cohort, T, memory);
    return walked;
  };

  const stageIndex = (name: string) => journey.stages.findIndex(stage => stage.name === name);
  const indexOf = ({ kind, name }: StepRef) => {
    if (kind === 'stage') return stageIndex(name);
    if (kind === 'enter') return journey.enters.findIndex(rule => rule.name === name);
    return name === RESTARTED ? journey.ends.length : journey.ends.findIndex(rule => rule.name === name);
  };

  /** When a run was first at a step, counting from a position on; NaN where it wasn't. A clock's end stands after every position. */
  const firstTime = (kind: StepRef['kind'], index: number, run: number, from: number): Instant => {
    if (kind === 'end') {
      if (runs.endRule[run] !== index) return Number.NaN;
      return runs.endedBy[run] < 0 || position[runs.endedBy[run]] >= from ? runs.end[run] : Number.NaN;
    }
    if (kind === 'enter') {
      return runs.enterRule[run] === index && position[runs.entry[run]] >= from ? time[runs.entry[run]] : Number.NaN;
    }
    for (let v = runs.visitFrom[run]; v < runs.visitFrom[run + 1]; v++) {
      if (visits.stage[v] === index && position[visits.slot[v]] >= from) return time[visits.slot[v]];
    }
    return Number.NaN;
  };
  /** The position a run was first at a step it reached; infinity for a clock's end. */
  const firstPosition = (kind: StepRef['kind'], index: number, run: number): number => {
    if (kind === 'end') return runs.endedBy[run] < 0 ? Number.POSITIVE_INFINITY : position[runs.endedBy[run]];
    if (kind === 'enter') return position[runs.entry[run]];
    let v = runs.visitFrom[run];
    while (visits.stage[v] !== index) v++;
    return position[visits.slot[v]];
  };

  return {
    fold,
    cohort,
    get reached() {
      return spells().reached;
    },
    get visits() {
      return spells().visits;
    },
    get transitions() {
      return spells().transitions;
    },
    timeIn: stage => {
      const index = stageIndex(stage);
      return index < 0 ? new Float64Array() : spells().inStage[index];
    },
    timeTo: step => {
      const index = indexOf(step);
      const { runs: own } = cohort;
      const durations = memory.float64(cohort.size);
      let count = 0;
      for (let i = 0; i < own.length; i++) {
        const run = own[i];
        const at = firstTime(step.kind, index, run, 0);
        if (!Number.isNaN(at)) durations[count++] = at - time[runs.entry[run]];
      }
      return durations.subarray(0, count);
    },
    rate: (of, within, from, ofPeople) => {
      const ofIndex = indexOf(of);
      const fromIndex = from ? indexOf(from) : -1;
      const window = within ?? Number.POSITIVE_INFINITY;
      const { runs: own } = cohort;
      let numerator = 0;
      let denominator = 0;
      let immature = 0;
      // Runs come sorted by participant: a person is counted at the first run that counts.
      let counted = -1;
      let succeeded = -1;
      for (let i = 0; i < own.length; i++) {
        const run = own[i];
        let since = time[runs.entry[run]];
        if (within !== undefined && !(since + within < T)) {
          immature++;
          continue;
        }
        const person = ofPeople ? participant[runs.instance[run]] : run;
        if (counted !== person) denominator++;
        counted = person;
        let position = 0;
        if (from) {
          since = firstTime(from.kind, fromIndex, run, 0);
          if (Number.isNaN(since)) continue;
          position = firstPosition(from.kind, fromIndex, run);
        }
        // Not reached: NaN, and no comparison with it holds.
        if (!(firstTime(of.kind, ofIndex, run, position) <= since + window)) continue;
        if (succeeded !== person) numerator++;
        succeeded = person;
      }
      return { numerator, denominator, immature };
    },
  };
}

interface Spells {
  reached: Int32Array;
  visits: Int32Array;
  transitions: Int32Array[];
  inStage: Float64Array[];
}

/** One walk over a cohort's visits: who reached which stage, how long runs were in it, and the ways between. */
function stageSpells(journey: JourneyPlan, { runs, visits, timeline }: Fold, { runs: own }: Cohort, T: Instant, memory: Memory): Spells {
  const { time } = timeline;
  const stageCount = journey.stages.length;
  const firstStage = journey.enters.length;
  const firstEnd = firstStage + stageCount;

  const became = new Int32Array(stageCount);
  const visitCounts = new Int32Array(stageCount);
  for (let i = 0; i < own.length; i++) {
    const run = own[i];
    for (let v = runs.visitFrom[run]; v < runs.visitFrom[run + 1]; v++) {
      const kind = visits.kind[v];
      if (kind === BECAME) became[visits.stage[v]]++;
      if (kind === BECAME || kind === REPEATED) visitCounts[visits.stage[v]]++;
    }
  }
  const inStage = Array.from(became, most => memory.float64(most));
  const inStageCount = new Int32Array(stageCount);
  const reached = new Int32Array(stageCount);
  const reachedIn = new Int32Array(stageCount).fill(-1);
  const spentIn = new Int32Array(stageCount).fill(-1);
  const transitions: Int32Array[] = [];
  const waysFrom = (node: number): Int32Array => {
    transitions[node] ??= new Int32Array(firstEnd + journey.ends.length + 1);
    return transitions[node];
  };
  const spend = (run: number, stage: number, duration: Millis) => {
    if (spentIn[stage] !== run) {
      spentIn[stage] = run;
      inStage[stage][inStageCount[stage]++] = duration;
    } else inStage[stage][inStageCount[stage] - 1] += duration;
  };
  const { stage: stages, slot: slots, kind: kinds } = visits;
  for (let i = 0; i < own.length; i++) {
    const run = own[i];
    let node = runs.enterRule[run];
    let since = 0;
    const to = runs.visitFrom[run + 1];
    for (let v = runs.visitFrom[run]; v < to; v++) {
      const stage = stages[v];
      // It is current: reached already, and nothing changes.
      if (firstStage + stage === node) continue;
      if (reachedIn[stage] !== run) {
        reachedIn[stage] = run;
        reached[stage]++;
      }
      if (kinds[v] !== BECAME) continue;
      const at = time[slots[v]];
      if (node >= firstStage) spend(run, node - firstStage, at - since);
      waysFrom(node)[firstStage + stage]++;
      node = firstStage + stage;
      since = at;
    }
    const active = runs.endRule[run] === ACTIVE;
    if (node >= firstStage) spend(run, node - firstStage, (active ? T : runs.end[run]) - since);
    if (!active) waysFrom(node)[firstEnd + runs.endRule[run]]++;
  }
  return { reached, visits: visitCounts, transitions, inStage: inStage.map((times, stage) => times.subarray(0, inStageCount[stage])) };
}
