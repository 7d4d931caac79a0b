import type { Rules } from './rules.ts';
import { countingSort, type Timeline } from './timeline.ts';

/**
 * Rows that are read whatever their key, by participant, in order: `for all` rows, which only end, what segments and keeps look back at,
 * and statements of consent.
 */
export interface ForAllRows {
  slots: Int32Array;
  of(instance: number): { from: number; to: number };
}

export function forAllRows(timeline: Timeline, rules: Rules, participantOf: Int32Array): ForAllRows {
  const { position } = timeline;
  const { forAll, readByAll } = rules;
  const reads = (set: number) => forAll[set] >= 0 || readByAll?.[set] === 1;
  const found: number[] = [];
  for (let slot = 0; slot < position.length; slot++) if (reads(rules.set[slot])) found.push(slot);
  found.sort((a, b) => position[a] - position[b]);
  const personOf = Int32Array.from(found, slot => participantOf[position[slot]]);
  const people = personOf.reduce((most, person) => Math.max(most, person + 1), 0);
  const { order, start } = countingSort(
    personOf.map((_, i) => i),
    personOf,
    people,
  );
  return {
    slots: order.map(i => found[i]),
    of: instance => {
      const person = timeline.participant[instance];
      return person < people ? { from: start[person], to: start[person + 1] } : { from: 0, to: 0 };
    },
  };
}
