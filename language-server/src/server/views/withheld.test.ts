/** Where a number is about few, every view says `< 10`, and `withheld` where it goes for the sake of one: never nothing, or a share made of it. */
import type { JourneyResult, Preview, Result } from '@journey/engine';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../settings.ts';
import { hints } from './hints.ts';
import { hover } from './hover/index.ts';
import { lenses } from './lens.ts';
import { bars } from './picture.ts';
import type { Thing } from './place.ts';
import { journey as numbers, plan, preview, URI } from './testing.ts';

const journey: JourneyResult = {
  ...numbers,
  suppressedBelow: 10,
  attempts: 'withheld',
  people: 'withheld',
  active: 'few',
  completed: 'withheld',
  attemptsBy: { Organic: { attempts: 'withheld', rejected: { 'already in': 120, once: 'few' } } },
  rejected: { 'already in': 120, once: 'few' },
  exits: { Bought: 'withheld', Quiet: 511 },
  stages: { Looking: { reached: 'few', visits: 'few', medianMs: null } },
  metrics: {
    conversion: { value: null, suppressed: 'few', quantity: 'share', numerator: null, denominator: 1010, immature: null, interval: null },
  },
  expectations: [{ ...numbers.expectations[0], ok: null, actual: '< 10' }],
};
const result: Result = {
  ...preview.result,
  suppressedBelow: 10,
  people: 'few',
  events: { ...preview.result.events, Viewed: 'few' },
  journeys: [journey],
};
const withheld: Preview = { ...preview, result };
const told = (thing: Thing, pictures: boolean) => hover(thing, withheld, { pictures, stale: false });

describe('a withheld number', () => {
  it('in hints', () => {
    const label = (line: number) => hints(plan, result, URI, DEFAULTS.inlayHints).find(hint => hint.line === line)?.label;
    // How many that is together nobody is told: it is no number about fewer than 10.
    expect(label(3)).toBe('withheld attempts · 1,010 entered · turned away: 120 already in, < 10 once');
    expect(label(4)).toBe('< 10 reached');
    expect(label(5)).toBe('withheld');
    expect(label(6)).toBe('511 · 50.6%'); // 511 / 1010
    expect(label(7)).toBe('< 10 of 1,010');
    expect(label(8)).toBe('? undecided < 10');
  });

  it('in the lens', () => expect(lenses(plan, result, URI)[0].title).toMatch(/^1,010 entered · < 10 active · withheld completed/));

  it('in hovers, with pictures and without', () => {
    const rules: Thing[] = [
      { kind: 'journey', journey: plan.journeys[0], at: plan.journeys[0].at },
      ...plan.journeys[0].enters.map((rule): Thing => ({ kind: 'enter', journey: plan.journeys[0], rule, at: rule.at })),
      ...plan.journeys[0].stages.map((rule): Thing => ({ kind: 'stage', journey: plan.journeys[0], rule, at: rule.at })),
      ...plan.journeys[0].ends.map((rule): Thing => ({ kind: 'end', journey: plan.journeys[0], rule, at: rule.at })),
      ...plan.journeys[0].metrics.map((rule): Thing => ({ kind: 'metric', journey: plan.journeys[0], rule, at: rule.at })),
    ];
    for (const pictures of [true, false]) {
      for (const thing of rules) {
        const text = told(thing, pictures);
        expect(text).not.toMatch(/null|NaN|undefined|Infinity|few/);
        if (thing.kind !== 'end' || thing.rule.name !== 'Quiet') expect(text).toMatch(/< 10|withheld/);
      }
    }
  });

  it('in pictures is hatched, as long as any other', () => {
    const rows = [
      { label: 'a', count: 90 },
      { label: 'b', count: 'few' as const },
    ];
    expect(bars(rows, 100, 'groups', false, 10).split('\n')[2]).toMatch(/^b {2}░░ +< 10$/);
    const svg = atob(/base64,([^)]*)/.exec(bars(rows, 100, 'groups', true, 10))![1]);
    expect(svg).toContain('url(#few)');
    expect(svg).toContain('>&#60; 10</text>');
  });
});
