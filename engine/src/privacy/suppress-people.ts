/** How many people a number is about, whatever the number. */
import type { Cohort } from '../simulate/cohort.ts';
import type { Fold } from '../simulate/columns.ts';

/** Several numbers of a cohort at once. */
export type Counting = (cohort: Cohort) => Float64Array;

export interface Counted {
  values: Float64Array;
  /** Those for whom alone the number isn't 0; `most` stands for so many or more. */
  people: Float64Array;
}

/**
 * Halves a cohort again and again, down to single people, and follows only where a number isn't 0 and not enough people are found
 * yet: so nothing has to be counted a second way, and a number that most people have a share in is done with after a few looks.
 *
 * @param most beyond so many nobody asks
 */
export function peopleBehind(fold: Fold, cohort: Cohort, counting: Counting, most: number): Counted {
  const people = peopleOf(fold, cohort);
  const values = counting(cohort);
  const found = new Float64Array(values.length);
  const walk = (from: number, to: number, counts: Float64Array): void => {
    if (from === to || !counts.some((count, i) => count !== 0 && found[i] < most)) return;
    if (to - from === 1) {
      for (let i = 0; i < counts.length; i++) if (counts[i] !== 0 && found[i] < most) found[i]++;
      return;
    }
    const middle = (from + to) >> 1;
    walk(from, middle, counting(partOf(fold, cohort, people, from, middle)));
    walk(middle, to, counting(partOf(fold, cohort, people, middle, to)));
  };
  walk(0, people.length, values);
  return { values, people: found };
}

/** Of runs and attempts turned away: participants, ascending, each once. */
function peopleOf(fold: Fold, { runs, rejections }: Cohort): Int32Array {
  const { participant } = fold.timeline;
  const found = new Set<number>();
  for (const run of runs) found.add(participant[fold.runs.instance[run]]);
  for (const i of rejections) found.add(participant[fold.rejections.instance[i]]);
  return Int32Array.from(found).sort();
}

/** What of a cohort belongs to people[from] up to people[to], excluded. */
function partOf(fold: Fold, cohort: Cohort, people: Int32Array, from: number, to: number): Cohort {
  const { participant } = fold.timeline;
  // Both are sorted by participant.
  const within = (rows: Int32Array, instance: Int32Array): Int32Array => {
    const before = (person: number): number => {
      let low = 0;
      let high = rows.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (participant[instance[rows[middle]]] < person) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    return rows.subarray(before(people[from]), before(people[to - 1] + 1));
  };
  const runs = within(cohort.runs, fold.runs.instance);
  const rejections = within(cohort.rejections, fold.rejections.instance);
  return { size: runs.length, runs, rejections, ...(cohort.open ? { open: true } : {}) };
}
