/** Holds the journeys over real data against the published figures and a plain count: `test/real/run`, or `npm run real`. Exits 1 where one differs. */
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
  for (const by of ['published', 'counted'] as const) {
    console.log(by === 'published' ? '  held against what is published' : '  held against a plain count of the files');
    for (const { what, expected, ours } of figures.filter(each => each.by === by)) {
      const verdict = ours === expected ? 'agrees' : `DIFFERS from ${expected.toLocaleString('en-US')}`;
      console.log(`  ${ours.toLocaleString('en-US').padStart(7)}  ${what}: ${verdict}`);
      if (ours !== expected) process.exitCode = 1;
    }
  }
}
