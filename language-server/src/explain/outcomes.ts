/** What one may ask to be explained: each journey, with what became of people in it. */
import type { Count, Plan, Preview } from '@journey/engine';
import { isTold } from '@journey/engine';

interface Explainable {
  journey: string;
  /** From 0. */
  line: number;
  /** The most common first; without a count while there are no numbers, and where it is withheld. */
  outcomes: { name: string; count?: number }[];
}

export function explainable({ journeys }: Plan, preview?: Preview): Explainable[] {
  return journeys.map(journey => {
    const result = preview?.result.journeys.find(({ name }) => name === journey.name);
    const counts: [string, Count][] = result
      ? [...Object.entries(result.exits), ...Object.entries(result.rejected), ['active', result.active], ['ambiguous', result.ambiguous]]
      : [];
    // Of few one may ask too; there may be none.
    const found = counts.filter(([, count]) => count !== 0).map(([name, count]) => (isTold(count) ? { name, count } : { name }));
    const names = [...journey.ends.map(({ name }) => name), 'active', 'rejected'].map(name => ({ name }));
    return {
      journey: journey.name,
      line: journey.nameAt.start.line,
      outcomes: result ? found.sort((a, b) => (b.count ?? 0) - (a.count ?? 0)) : names,
    };
  });
}
