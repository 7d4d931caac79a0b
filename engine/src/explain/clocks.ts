/** Clocks of a run: when each is due, and since when it runs. */
import { formatMoment } from '../format.ts';
import type { Instant } from '../plan.ts';
import { BECAME } from '../simulate/columns.ts';
import type { Context } from './context.ts';
import { eventName, listed, patternText } from './words.ts';

export interface ClockState {
  due: Instant;
  /** What wound it up last, to stand after the words of the clock: `, counted from …`. */
  since: string;
}

/**
 * @param run index into the fold's runs
 * @param rule index into the journey's ends
 * @returns undefined for a rule without a clock, and for one whose stage the run isn't in
 */
export function clockOf(context: Context, run: number, rule: number): ClockState | undefined {
  const { journey, fold, rows } = context;
  const { timeline, rules, runs, visits } = fold;
  const c = rules.clocks.findIndex(clock => clock.rule === rule);
  if (c < 0) return undefined;
  const clock = rules.clocks[c];
  const entry = runs.entry[run];
  const state = (slot: number, what: string): ClockState => ({ due: timeline.time[slot] + clock.duration, since: what });
  const named = (slot: number) =>
    `${eventName(rows.source(context.row(slot)), rows.toldName(context.row(slot)))} on ${formatMoment(timeline.time[slot])}`;

  switch (clock.kind) {
    case 'after':
      return state(entry, ` on ${formatMoment(timeline.time[entry])}`);
    case 'inStage': {
      let last = runs.visitFrom[run + 1] - 1;
      while (last >= runs.visitFrom[run] && visits.kind[last] !== BECAME) last--;
      if (last < runs.visitFrom[run] || visits.stage[last] !== clock.stage) return undefined;
      return state(visits.slot[last], `, counted from ${named(visits.slot[last])}`);
    }
    case 'silence':
    case 'silenceOf': {
      const { trigger } = journey.ends[rule];
      const of = trigger.kind === 'silence' ? trigger.of : undefined;
      const winds = (slot: number): boolean => {
        const set = rules.set[slot];
        if (set === 0) return false;
        return of
          ? rules.winds.of.subarray(rules.winds.from[set], rules.winds.from[set + 1]).includes(c)
          : timeline.alive[timeline.position[slot]] === 1;
      };
      let last = runs.to[run] - 1;
      while (last > entry && !winds(last)) last--;
      const sign = of ? `the last ${listed(of.map(patternText), 'or')}` : 'the last sign of life';
      return last > entry
        ? state(last, `, counted from ${sign}, ${named(last)}`)
        : state(entry, `, counted from the entry, with no ${of ? listed(of.map(patternText), 'or') : 'sign of life'} in between`);
    }
  }
}
