/**
 * The random suites for as long as one likes: `npm run fuzz -- --cases 1000000 [--seed 7] [--way identity|fast|whole|both]`.
 * Of every 20 histories about one goes the whole way as text and files, the others straight to the fold; `identity` is graphs of ids alone,
 * and `both` is all three.
 * Exit code 1 with the shrunk counterexample where product and oracle differ.
 */
import { parseArgs } from 'node:util';
import { huntFast, huntGraphs, huntWhole } from './harness/hunt.ts';
import { wholeHarness } from './harness/whole.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '200000' }, seed: { type: 'string' }, way: { type: 'string', default: 'both' } },
});
const cases = Number(values.cases);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const { way } = values;
if (!(cases > 0) || !Number.isInteger(seed) || !['identity', 'fast', 'whole', 'both'].includes(way)) {
  console.error('usage: npm run fuzz -- [--cases N] [--seed S] [--way identity|fast|whole|both]');
  process.exit(2);
}

const whole = wholeHarness();
const done = { identity: 0, fast: 0, whole: 0 };
const all = () => done.identity + done.fast + done.whole;
const goes = (one: string) => way === 'both' || way === one;
const started = performance.now();
let lastSaid = started;
console.log(`${cases} cases, seed ${seed}`);
for (let round = 0; all() < cases; round++) {
  const found = [];
  if (goes('identity')) {
    const hunt = huntGraphs(seed + round, 1000);
    done.identity += hunt.histories;
    found.push(hunt);
  }
  if (goes('fast')) {
    const hunt = huntFast(seed + round, 1000);
    done.fast += hunt.histories;
    found.push(hunt);
  }
  if (goes('whole')) {
    const hunt = await huntWhole(whole, seed + round, 100);
    done.whole += hunt.histories;
    found.push(hunt);
  }
  const failure = found.find(hunt => hunt.failure)?.failure;
  if (failure) {
    console.log(failure);
    process.exit(1);
  }
  const now = performance.now();
  if (now - lastSaid > 5000 || all() >= cases) {
    lastSaid = now;
    const rate = Math.round((all() / (now - started)) * 1000);
    console.log(
      `${done.identity} graphs of ids, ${done.fast} histories through the fold, ${done.whole} as text and files, all agree; ${rate} a second`,
    );
  }
}
whole.dispose();
