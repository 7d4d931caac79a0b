/** The headline over each journey. */
import type { At, Plan, Result } from '@journey/engine';
import { formatDuration } from '@journey/engine';
import { headline } from './words.ts';

export interface Lens {
  at: At;
  title: string;
}

export function lenses(plan: Plan, result: Result, uri: string): Lens[] {
  const found: Lens[] = [];
  for (const journey of plan.journeys) {
    const numbers = result.journeys.find(other => other.name === journey.name);
    if (!numbers || journey.at.uri !== uri) continue;
    const { medianMs } = numbers.timeToEnd;
    found.push({
      at: journey.nameAt,
      title: [...headline(numbers), ...(medianMs === null ? [] : [`median ${formatDuration(medianMs)}`])].join(' · '),
    });
  }
  return found;
}
