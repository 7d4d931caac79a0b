import { describe, expect, test } from 'vitest';
import { leftOut, measure, REAL } from './figures.ts';

describe.each(REAL)('$name', journey => {
  const why = leftOut(journey);
  if (why) console.log(`test/real: ${journey.name} is left out: ${why}`);
  test.runIf(!why)('meets the published figures, and those counted the plain way', { timeout: 60_000 }, async () => {
    const figures = await measure(journey);
    expect(Object.fromEntries(figures.map(({ what, ours }) => [what, ours]))).toEqual(
      Object.fromEntries(figures.map(({ what, expected }) => [what, expected])),
    );
  });
});
