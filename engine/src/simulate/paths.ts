import type { JourneyPlan, PathPlan } from '../plan.ts';
import { RESTARTED } from '../plan.ts';
import type { PathResult } from '../result.ts';
import type { Cohort } from './cohort.ts';
import { ACTIVE, type Fold, TOUCHED } from './columns.ts';
import { quantiles } from './numbers.ts';

/** Not reached, in place of a position. */
const NEVER = -1;
/** Where a clock's end stands: after every event. */
const AFTER_ALL = Number.POSITIVE_INFINITY;

export interface Conformance {
  path: PathResult<number>;
  /** By step: the runs whose time from the step before is known. */
  timed: Int32Array;
}

/**
 * Holds every run of a cohort against the intended way.
 *
 * A step is reached by whatever reached it, a stage also where it matched beside the one that became current. What happened at
 * one event is in order. A *ladder* is a step never reached though a later one was; a *chute* a visit of a step already reached,
 * after a later one was; a *detour* a visit of a stage that is no step, between two events that are steps.
 */
export function conformance(path: PathPlan, journey: JourneyPlan, { runs, visits, timeline }: Fold, cohort: Cohort): Conformance {
  const { time, position } = timeline;
  const n = path.steps.length;
  const stepOf = (kind: 'enter' | 'stage' | 'end', rules: readonly { name: string }[]) =>
    Int32Array.from(rules, ({ name }) => path.steps.findIndex(({ step }) => step.kind === kind && step.name === name));
  const stepOfEnter = stepOf('enter', journey.enters);
  const stepOfStage = stepOf('stage', journey.stages);
  const stepOfEnd = stepOf('end', [...journey.ends, { name: RESTARTED }]);

  const reached = new Int32Array(n);
  const inOrder = new Int32Array(n);
  const left: number[] = new Array(n).fill(0);
  const outcomes = { followed: 0, otherOrder: 0, skipped: 0, underWay: 0, restarted: 0, left };
  const flags = { ladder: 0, chute: 0, detour: 0 };
  const between = path.steps.map(() => new Float64Array(cohort.size));
  const betweenCount = new Int32Array(n);

  // Of the run at hand: where and when it first reached each step.
  const place = new Float64Array(n);
  const moment = new Float64Array(n);
  let chute = false;
  let detour = false;
  /** The furthest step of the events before the one at hand, and up to it. */
  let furthestBefore = -1;
  let furthest = -1;
  let at: number = NEVER;
  /** A stage off the path was visited since the first step, before the event at hand; at it. */
  let off = false;
  let offNow = false;

  const turnTo = (where: number) => {
    if (where === at) return;
    at = where;
    furthestBefore = furthest;
    off ||= offNow;
    offNow = false;
  };
  const reach = (step: number, where: number, when: number, visited: boolean) => {
    turnTo(where);
    if (off) detour = true;
    if (place[step] === NEVER) {
      place[step] = where;
      moment[step] = when;
    } else if (visited && furthestBefore > step && place[step] < where) chute = true;
    if (step > furthest) furthest = step;
  };

  for (const run of cohort.runs) {
    place.fill(NEVER);
    chute = detour = off = offNow = false;
    furthest = furthestBefore = -1;
    at = NEVER;
    const entry = runs.entry[run];
    if (stepOfEnter[runs.enterRule[run]] >= 0) reach(stepOfEnter[runs.enterRule[run]], position[entry], time[entry], true);
    for (let v = runs.visitFrom[run]; v < runs.visitFrom[run + 1]; v++) {
      const slot = visits.slot[v];
      const step = stepOfStage[visits.stage[v]];
      const visited = visits.kind[v] !== TOUCHED;
      if (step >= 0) reach(step, position[slot], time[slot], visited);
      else if (visited) {
        turnTo(position[slot]);
        offNow = furthestBefore >= 0;
      }
    }
    const ended = runs.endRule[run] !== ACTIVE;
    const by = runs.endedBy[run];
    if (ended && stepOfEnd[runs.endRule[run]] >= 0)
      reach(stepOfEnd[runs.endRule[run]], by < 0 ? AFTER_ALL : position[by], runs.end[run], true);

    let count = 0;
    let highest = -1;
    let orderly = true;
    for (let k = 0; k < n; k++) {
      if (place[k] === NEVER) {
        orderly = false;
        continue;
      }
      count++;
      highest = k;
      reached[k]++;
      if (k > 0 && place[k - 1] !== NEVER && place[k - 1] <= place[k]) between[k][betweenCount[k]++] = moment[k] - moment[k - 1];
      if (k > 0 && place[k - 1] > place[k]) orderly = false;
      if (orderly) inOrder[k]++;
    }
    if (count === n) outcomes[orderly ? 'followed' : 'otherOrder']++;
    else if (highest === n - 1) outcomes.skipped++;
    else if (!ended) outcomes.underWay++;
    else if (runs.endRule[run] === journey.ends.length) outcomes.restarted++;
    else left[highest + 1]++;
    if (count < highest + 1) flags.ladder++;
    if (chute) flags.chute++;
    if (detour) flags.detour++;
  }

  const steps = path.steps.map(({ step }, k) => ({
    name: step.name,
    reached: reached[k],
    inOrder: inOrder[k],
    medianFromPreviousMs: quantiles(between[k].subarray(0, betweenCount[k]), 0.5)[0],
  }));
  return { path: { steps, outcomes, flags }, timed: betweenCount };
}
