/**
 * The product held against the oracle on random definitions and histories. Every run draws new ones, but for those in CI, which must not
 * fail by chance: the seed is printed, and JOURNEY_SEED repeats it. `npm run fuzz` does the same for as long as one likes.
 */
import { afterAll, expect, it } from 'vitest';
import { huntFast, huntGraphs, huntWhole } from './harness/hunt.ts';
import { wholeHarness } from './harness/whole.ts';

const seed = Number(process.env.JOURNEY_SEED ?? (process.env.CI ? 20260322 : Math.floor(Math.random() * 2 ** 31)));
const whole = wholeHarness();
afterAll(() => whole.dispose());

it('who is one customer agrees with the oracle', () => {
  const { histories, failure } = huntGraphs(seed, 8000);
  console.log(`oracle: ${histories} graphs of ids, seed ${seed}`);
  expect(failure, failure).toBeUndefined();
}, 120_000);

it('the fold and its metrics agree with the oracle', () => {
  const { histories, failure } = huntFast(seed, 2500);
  console.log(`oracle: ${histories} histories through the fold, seed ${seed}`);
  expect(failure, failure).toBeUndefined();
  expect(histories).toBeGreaterThan(5000);
}, 300_000);

it('text and files through the facade agree with the oracle', async () => {
  const { histories, failure } = await huntWhole(whole, seed, 500);
  console.log(`oracle: ${histories} histories as text and files, seed ${seed}`);
  expect(failure, failure).toBeUndefined();
  expect(histories).toBeGreaterThan(500);
}, 300_000);
