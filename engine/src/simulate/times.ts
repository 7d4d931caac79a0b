import type { Events } from '../events.ts';
import type { Instant, JourneyPlan, Millis, StepRef } from '../plan.ts';
import { RESTARTED } from '../plan.ts';
import { ACTIVE, BECAME, type Fold, REPEATED } from './fold.ts';

export interface RateCount {
  numerator: number;
  denominator: number;
  /** Runs that are too young to count. */
  immature: number;
}

/** When each run got where: what stages, rates and times are counted from. */
export interface RunTimes {
  readonly fold: Fold;
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

export function runTimes(journey: JourneyPlan, events: Events, fold: Fold): RunTimes {
  const { runs, visits, timeline } = fold;
  const { time } = events;
  const T = fold.asOf ?? Number.NEGATIVE_INFINITY;
  const stageCount = journey.stages.length;
  const firstStage = journey.enters.length;
  const firstEnd = firstStage + stageCount;

  const became = new Int32Array(stageCount);
  const visitCounts = new Int32Array(stageCount);
  for (let v = 0; v < visits.count; v++) {
    const kind = visits.kind[v];
    if (kind === BECAME) became[visits.stage[v]]++;
    if (kind === BECAME || kind === REPEATED) visitCounts[visits.stage[v]]++;
  }
  const inStage = Array.from(became, most => new Float64Array(most));
  const inStageCount = new Int32Array(stageCount);
  const reached = new Int32Array(stageCount);
  const reachedIn = new Int32Array(stageCount).fill(-1);
  const countedIn = new Int32Array(stageCount).fill(-1);
  const transitions: (Int32Array | undefined)[] = [];
  const went = (from: number, to: number) => {
    let row = transitions[from];
    if (!row) {
      row = new Int32Array(firstEnd + journey.ends.length + 1);
      transitions[from] = row;
    }
    row[to]++;
  };
  for (let run = 0; run < runs.count; run++) {
    let node = runs.enterRule[run];
    let since = 0;
    const spend = (until: Instant) => {
      if (node < firstStage) return;
      const stage = node - firstStage;
      if (countedIn[stage] !== run) {
        countedIn[stage] = run;
        inStage[stage][inStageCount[stage]++] = 0;
      }
      inStage[stage][inStageCount[stage] - 1] += until - since;
    };
    for (let v = runs.visitFrom[run]; v < runs.visitFrom[run + 1]; v++) {
      const stage = visits.stage[v];
      if (reachedIn[stage] !== run) {
        reachedIn[stage] = run;
        reached[stage]++;
      }
      if (visits.kind[v] !== BECAME) continue;
      const at = time[visits.position[v]];
      spend(at);
      went(node, firstStage + stage);
      node = firstStage + stage;
      since = at;
    }
    const active = runs.endRule[run] === ACTIVE;
    spend(active ? T : runs.end[run]);
    if (!active) went(node, firstEnd + runs.endRule[run]);
  }

  const stageIndex = (name: string) => journey.stages.findIndex(stage => stage.name === name);
  const ruleIndex = ({ kind, name }: StepRef) => {
    if (kind === 'stage') return stageIndex(name);
    if (kind === 'enter') return journey.enters.findIndex(rule => rule.name === name);
    return name === RESTARTED ? journey.ends.length : journey.ends.findIndex(rule => rule.name === name);
  };

  /** Per run, by step: the first time it was there, at or after a position. NaN where it wasn't. */
  const firstOf = ({ kind }: StepRef, index: number, run: number, position: number): Instant => {
    if (kind === 'enter') return runs.enterRule[run] === index && runs.entry[run] >= position ? time[runs.entry[run]] : Number.NaN;
    if (kind === 'end') {
      const by = runs.endPosition[run];
      return runs.endRule[run] === index && (by < 0 || by >= position) ? runs.end[run] : Number.NaN;
    }
    for (let v = runs.visitFrom[run]; v < runs.visitFrom[run + 1]; v++) {
      if (visits.stage[v] === index && visits.position[v] >= position) return time[visits.position[v]];
    }
    return Number.NaN;
  };
  /** Position of a step's first; after everything where a clock brought it. */
  const positionOf = ({ kind }: StepRef, index: number, run: number): number => {
    if (kind === 'enter') return runs.entry[run];
    if (kind === 'end') return runs.endPosition[run] < 0 ? Number.POSITIVE_INFINITY : runs.endPosition[run];
    for (let v = runs.visitFrom[run]; v < runs.visitFrom[run + 1]; v++) if (visits.stage[v] === index) return visits.position[v];
    return Number.POSITIVE_INFINITY;
  };

  return {
    fold,
    reached,
    visits: visitCounts,
    transitions,
    timeIn: stage => {
      const index = stageIndex(stage);
      return index < 0 ? new Float64Array() : inStage[index].subarray(0, inStageCount[index]);
    },
    timeTo: step => {
      const index = ruleIndex(step);
      const durations = new Float64Array(runs.count);
      let count = 0;
      for (let run = 0; run < runs.count; run++) {
        const at = firstOf(step, index, run, -1);
        if (!Number.isNaN(at)) durations[count++] = at - time[runs.entry[run]];
      }
      return durations.subarray(0, count);
    },
    rate: (of, within, from, ofPeople) => {
      const ofIndex = ruleIndex(of);
      const fromIndex = from ? ruleIndex(from) : -1;
      let numerator = 0;
      let denominator = 0;
      let immature = 0;
      // Runs come sorted by participant: a person is counted at the first run that counts.
      let counted = -1;
      let succeeded = -1;
      for (let run = 0; run < runs.count; run++) {
        const entry = time[runs.entry[run]];
        if (within !== undefined && !(entry + within < T)) {
          immature++;
          continue;
        }
        const person = timeline.participant[runs.instance[run]];
        if (!ofPeople || counted !== person) denominator++;
        counted = person;
        const since = from ? firstOf(from, fromIndex, run, -1) : entry;
        if (Number.isNaN(since)) continue;
        const at = firstOf(of, ofIndex, run, from ? positionOf(from, fromIndex, run) : -1);
        if (Number.isNaN(at) || (within !== undefined && at > since + within)) continue;
        if (!ofPeople || succeeded !== person) numerator++;
        succeeded = person;
      }
      return { numerator, denominator, immature };
    },
  };
}
