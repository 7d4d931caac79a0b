import type { Millis } from '../plan.ts';
import { countBelow } from '../store/order.ts';
import { timelineOfRows } from './timeline.ts';
import type { RateCount, RunTimes } from './times.ts';

/**
 * The runs whose participant did something, anything that isn't passive, from entry + `from` up to entry + `to`, excluded:
 * also in a `per` journey, where that may belong to another participation or to none.
 */
export function retention(identity: string, { fold, cohort }: RunTimes, from: Millis, to: Millis): RateCount {
  const { runs, timeline } = fold;
  const T = fold.asOf ?? Number.NEGATIVE_INFINITY;
  const whole = timelineOfRows(fold.events.rows, identity);
  let numerator = 0;
  let immature = 0;
  for (const run of cohort.runs) {
    const entry = timeline.time[runs.entry[run]];
    if (!(entry + to < T)) {
      immature++;
      continue;
    }
    const person = timeline.participant[runs.instance[run]];
    const end = whole.start[person + 1];
    let slot = countBelow(whole.time, entry + from, whole.start[person], end);
    while (slot < end && whole.time[slot] < entry + to && whole.alive[whole.position[slot]] !== 1) slot++;
    if (slot < end && whole.time[slot] < entry + to) numerator++;
  }
  return { numerator, denominator: cohort.size - immature, immature };
}
