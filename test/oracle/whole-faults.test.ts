/** The suite over text and files can fail: faults in what makes events of rows are noticed too. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { TIMELINE_FAULTS, withFault } from './faults.ts';
import { caseArb } from './generate/case.ts';
import { compareWhole, wholeHarness } from './harness/whole.ts';
import { oracle } from './oracle.ts';

const HISTORIES = 1000;
const SEED = 20260323;

describe('a fault in reading rows is noticed', () => {
  const pool: Parameters<typeof compareWhole>[] = [];
  beforeAll(async () => {
    const whole = wholeHarness();
    for (const { blueprint, histories } of fc.sample(caseArb(3), { numRuns: 700, seed: SEED }))
      for (const history of histories)
        if (pool.length < HISTORIES) pool.push([blueprint.def, history, await whole.ask(blueprint.def, history)]);
    whole.dispose();
  }, 120_000);

  it('and without one nothing differs', () => {
    expect(pool.flatMap(([def, history, asked]) => compareWhole(def, history, asked, oracle))).toEqual([]);
  }, 120_000);

  it.each(TIMELINE_FAULTS)('$name', async fault => {
    const faulty = await withFault(fault);
    expect(pool.findIndex(([def, history, asked]) => compareWhole(def, history, asked, faulty.oracle).length > 0)).toBeGreaterThanOrEqual(
      0,
    );
  });
});
