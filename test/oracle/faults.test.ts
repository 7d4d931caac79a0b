/** The suite can fail: every small fault in the rules is noticed within a bounded number of random histories. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONSENT_FAULTS, FOLD_FAULTS, GROUP_FAULTS, IDENTITY_FAULTS, withFault } from './faults.ts';
import { type Case, caseArb } from './generate/case.ts';
import { graphArb } from './generate/definition/identity.ts';
import { fastHarness } from './harness/fast.ts';
import { graphDifferences, oracleTells, productTells } from './harness/identity.ts';

const HISTORIES = 16_000;
const SEED = 20260322;

describe('a fault in the rules is noticed', () => {
  /** One pool of random cases for all faults, with what the product says about them. */
  let pool: { compare: ReturnType<typeof fastHarness>; history: Case['histories'][number] }[];
  beforeAll(() => {
    pool = [];
    for (const { blueprint, histories } of fc.sample(caseArb(8), { numRuns: 5200, seed: SEED })) {
      const compare = fastHarness(blueprint.def);
      for (const history of histories) if (pool.length < HISTORIES) pool.push({ compare, history });
    }
  }, 120_000);

  it('and without one nothing differs', async () => {
    const { journeyAnswer } = await import('./oracle.ts');
    expect(pool.slice(0, 1000).flatMap(({ compare, history }) => compare(history, journeyAnswer))).toEqual([]);
  }, 120_000);

  it.each([...FOLD_FAULTS, ...GROUP_FAULTS, ...CONSENT_FAULTS])(
    '$name',
    async fault => {
      const { journeyAnswer } = await withFault(fault);
      expect(pool.findIndex(({ compare, history }) => compare(history, journeyAnswer).length > 0)).toBeGreaterThanOrEqual(0);
    },
    120_000,
  );
});

describe('a fault in who is one customer is noticed', () => {
  const pool = fc.sample(graphArb, { numRuns: 10_000, seed: SEED }).map(graph => ({ graph, told: productTells(graph) }));

  it.each(IDENTITY_FAULTS)('$name', async fault => {
    const { resolve } = await withFault(fault);
    expect(pool.findIndex(({ graph, told }) => graphDifferences(oracleTells(graph, resolve), told).length > 0)).toBeGreaterThanOrEqual(0);
  });
});
