/** Suppression on random definitions and histories: what is about few is never shown, and no sum of counts gives it away. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseArb } from './generate/case.ts';
import { suppressDifferences } from './harness/suppress.ts';
import { tellings } from './suppress.ts';

describe('suppress below k', () => {
  const cases = fc
    .sample(caseArb(3), { numRuns: 400, seed: 20260325 })
    .flatMap(({ blueprint, histories }) => histories.map(history => ({ def: blueprint.def, history })));
  const noticed = (
    found: typeof suppressDifferences extends (...asked: infer A) => unknown ? (...asked: [A[0], A[1]]) => unknown[] : never,
  ) => cases.filter(({ def, history }) => found(def, history).length > 0).length;

  it.each([2, 3])('shows nothing about fewer than %i people', k => {
    expect(noticed((def, history) => suppressDifferences(def, history, k))).toBe(0);
  });
  it('is off by one: noticed', () => {
    expect(noticed((def, history) => suppressDifferences(def, history, 3, tellings, 2))).toBeGreaterThan(0);
  });
  it('does not withhold everything', () => {
    const nobody: typeof tellings = o => ({ numbers: tellings(o).numbers.map(told => ({ ...told, people: new Set() })), sums: [] });
    // Were every number about nobody, whatever is shown would be one too many.
    expect(noticed((def, history) => suppressDifferences(def, history, 2, nobody))).toBeGreaterThan(20);
  });
});
