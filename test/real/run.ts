/** Holds the journeys over real data against the published figures: `test/real/run`, or `npm run real`. Exits 1 where one differs. */
import { leftOut, measure, REAL } from './figures.ts';

for (const journey of REAL) {
  const why = leftOut(journey);
  if (why) {
    console.log(`${journey.name}: left out: ${why}`);
    continue;
  }
  const began = performance.now();
  const figures = await measure(journey);
  console.log(`${journey.name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  for (const { what, published, ours } of figures) {
    const verdict = ours === published ? 'agrees' : `DIFFERS from the published ${published.toLocaleString('en-US')}`;
    console.log(`  ${ours.toLocaleString('en-US').padStart(7)}  ${what}: ${verdict}`);
    if (ours !== published) process.exitCode = 1;
  }
}
