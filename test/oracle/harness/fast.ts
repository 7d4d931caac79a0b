/**
 * The short way: Plan straight from the definition, events straight from the oracle's timeline, and `simulateJourney` alone on trial.
 * Thousands of histories a second; what reads text and files is left to the whole way.
 */
import type { JourneyResult } from '@journey/engine';
import { simulateJourney } from '../../../engine/src/simulate/index.ts';
import type { History } from '../generate/history.ts';
import type { Def, JourneyAnswer, JourneyDef } from '../model.ts';
import { journeyAnswer } from '../oracle.ts';
import { type Timeline, timeline } from '../timeline.ts';
import { type Difference, journeyDifferences } from './compare.ts';
import { memoryEvents } from './events.ts';
import { toPlan } from './plan.ts';

/** Any interpreter of a journey: the oracle's own, or one with a fault put in. */
export type Interpreter = (def: Def, journey: JourneyDef, line: Timeline) => JourneyAnswer;

/** Makes a comparison of one definition, to be used on many histories. What the product says of a history is asked once. */
export function fastHarness(def: Def): (history: History, interpreter?: Interpreter) => Difference[] {
  const { plan, meanings } = toPlan(def);
  const known = new WeakMap<History, { line: Timeline; results: JourneyResult<number>[] }>();
  return (history, interpreter = journeyAnswer) => {
    let found = known.get(history);
    if (!found) {
      const line = timeline(def, history.data, history.asOf);
      const events = memoryEvents(def, line, meanings);
      found = { line, results: plan.journeys.map(journey => simulateJourney(journey, plan, events, line.asOf)) };
      known.set(history, found);
    }
    const { line, results } = found;
    return def.journeys.flatMap((journey, i) => journeyDifferences(interpreter(def, journey, line), results[i]));
  };
}
