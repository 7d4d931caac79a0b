/** `suppress below k`: what the product shows of a journey, held against what may be shown. */
import type { JourneyResult } from '@journey/engine';
import { shownJourney } from '../../../engine/src/simulate/index.ts';
import type { History } from '../generate/history.ts';
import type { Def } from '../model.ts';
import { outcomeOf } from '../oracle.ts';
import { type Told, tellings } from '../suppress.ts';
import { timeline } from '../timeline.ts';
import type { Difference } from './compare.ts';
import { memoryEvents } from './events.ts';
import { toPlan } from './plan.ts';

/**
 * Nothing about fewer than k people is shown, what is shown is the number itself, and no sum gives away what is withheld: where a part about
 * few is, another is withheld too, unless the rest is about k people.
 * @param asked what the product is asked to suppress below: another number is a fault that must be noticed
 */
export function suppressDifferences(def: Def, history: History, below: number, tells = tellings, asked = below): Difference[] {
  const under: Def = { ...def, privacy: { ...def.privacy, suppressBelow: asked } };
  const { plan, meanings } = toPlan(under);
  const line = timeline(under, history.data, history.asOf);
  const events = memoryEvents(under, line, meanings);
  return under.journeys.flatMap((journey, i) => {
    const product = shownJourney(plan.journeys[i], plan, events, line.asOf);
    const { numbers, sums } = tells(outcomeOf(under, journey, line).o);
    const shown = (told: Told) => at(product, told.path);
    const wrong = numbers.flatMap(({ path, value, people }) => {
      const theirs = at(product, path);
      // What is withheld for another's sake may be about few too: to say so would tell more.
      if (people.size < below ? typeof theirs !== 'number' : theirs === value || theirs === 'withheld' || theirs === undefined) return [];
      return [{ path: `journey ${journey.name} · ${path}`, oracle: people.size < below ? 'withheld' : value, product: theirs }];
    });
    const given = sums.flatMap(({ whole, parts }) => {
      const gone = parts.filter(part => typeof shown(part) !== 'number' && part.value > 0);
      const people = new Set(gone.flatMap(part => [...part.people])).size;
      if (typeof shown(whole) !== 'number' || gone.length === 0 || people >= below) return [];
      return [
        {
          path: `journey ${journey.name} · ${whole.path}`,
          oracle: `would give away ${gone.map(({ path }) => path)}`,
          product: shown(whole),
        },
      ];
    });
    return [...wrong, ...given];
  });
}

function at(product: JourneyResult, path: string): unknown {
  return path.split(' · ').reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], product);
}
