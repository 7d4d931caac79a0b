/** What the scenarios of a file came to, at the line of each title. */
import type { ScenarioPlan, ScenarioResult } from '@journey/engine';
import type { Hint } from './hints.ts';
import { plural } from './words.ts';

/** @returns none for a scenario that was not run, since something it speaks of has an error */
export function scenarioHints(scenarios: readonly ScenarioPlan[], results: readonly ScenarioResult[]): Hint[] {
  // By title and order: a title may stand twice.
  const left = [...results];
  return scenarios.flatMap(({ title, titleAt }) => {
    const index = left.findIndex(other => other.title === title);
    if (index < 0) return [];
    const [{ ok, ms, claims }] = left.splice(index, 1);
    const line = titleAt.end.line;
    const failed = claims.filter(claim => !claim.ok);
    if (ok) return [{ line, label: `✓ ${Math.ceil(ms)} ms`, tooltip: `${plural(claims.length, 'claim')} held` }];
    const label = claims.length === 1 ? '✗' : `✗ ${failed.length} of ${plural(claims.length, 'claim')}`;
    return [{ line, label, tooltip: failed.map(({ text, instead }) => `Expected ${text}, but ${instead}`).join('\n') }];
  });
}
