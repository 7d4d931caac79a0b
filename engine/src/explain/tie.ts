/** The two rows that make an instance order-ambiguous. */
import { tieFinder } from '../simulate/ties.ts';
import type { Context } from './context.ts';

/** A date without time: at every instant of its day. */
export function isDayGrained({ fold: { events, timeline } }: Pick<Context, 'fold'>, slot: number): boolean {
  return events.days !== null && !Number.isNaN(events.days.from[timeline.position[slot]]);
}

/** The earliest pair that stands at one instant and is not alike, as the fold finds it; undefined where there is none. */
export function tieOf({ fold }: Context, slots: readonly number[]): [number, number] | undefined {
  const { events, timeline, rules } = fold;
  const { alike } = tieFinder(events, timeline, rules);
  const day = (slot: number) => (isDayGrained({ fold }, slot) ? events.days : null);
  const from = (slot: number) => day(slot)?.from[timeline.position[slot]] ?? timeline.time[slot];
  const to = (slot: number) => day(slot)?.to[timeline.position[slot]] ?? timeline.time[slot];
  let best: [number, number] | undefined;
  for (const [i, a] of slots.entries()) {
    if (best && timeline.time[a] > timeline.time[best[0]]) break;
    for (const b of slots.slice(i + 1)) {
      if (from(a) > to(b) || from(b) > to(a) || alike(a, b)) continue;
      best ??= [a, b];
      break;
    }
  }
  return best;
}
