/** Segments, keeps, splits, paths, periods: what stands at their lines, and what a hover tells. */
import type { EventPattern, JourneyPlan, JourneyResult, Plan, Preview } from '@journey/engine';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../settings.ts';
import { hints } from './hints.ts';
import { hover } from './hover/index.ts';
import { thingAt } from './place.ts';
import { at, plan as base, preview as basePreview, journey as numbersOf, URI } from './testing.ts';

const rate = (numerator: number, denominator: number, immature = 0) => ({
  value: denominator === 0 ? null : numerator / denominator,
  quantity: 'share' as const,
  numerator,
  denominator,
  immature,
  interval: null,
});
const viewed: EventPattern = {
  kind: 'rows',
  any: [{ source: 'web', event: 'view', at: at(1, 20, 24), via: 'Viewed' }],
  text: 'Viewed',
  at: at(1, 20, 24),
};

// Lines 11 derived event, 12 segment, 13 as of, 20 keep, 21 path, 22 one split, 23 two splits, 24 metric.
const journey: JourneyPlan = {
  ...base.journeys[0],
  at: { uri: URI, start: { line: 2, character: 0 }, end: { line: 30, character: 1 } },
  keeps: [
    {
      name: 'channel',
      at: at(20),
      nameAt: at(20, 7, 14),
      which: 'last',
      event: viewed,
      property: { path: ['channel'], at: at(20, 30, 37) },
    },
  ],
  paths: [
    {
      name: 'Happy',
      at: at(21),
      nameAt: at(21, 7, 12),
      doc: 'As we meant it.',
      steps: [
        { step: { kind: 'stage', name: 'Looking' }, at: at(21, 14, 21) },
        { step: { kind: 'stage', name: 'Cart' }, at: at(21, 25, 29) },
        { step: { kind: 'end', name: 'Bought' }, at: at(21, 33, 39) },
      ],
    },
  ],
  splits: [
    { kind: 'property', column: { path: ['plan'], at: at(22, 11, 15) }, at: at(22, 11, 15), text: 'plan' },
    { kind: 'keep', name: 'channel', at: at(23, 11, 18), text: 'channel' },
    { kind: 'segment', name: 'Young', at: at(23, 20, 25), text: 'Young' },
  ],
  metrics: [{ name: 'monthly', at: at(24), nameAt: at(24, 9, 16), value: { kind: 'completed', at: at(24) } }],
  expects: [],
};
const plan: Plan = {
  ...base,
  events: [
    {
      name: 'Browsing',
      at: at(11),
      nameAt: at(11, 6, 14),
      pattern: { kind: 'repeated', count: 3, of: viewed, within: 7 * 86_400_000, text: '3 Viewed within 7d', at: at(11, 17, 35) },
    },
  ],
  segments: [
    { name: 'Young', at: at(12), nameAt: at(12, 8, 13), text: 'profiles.age < 30', condition: { kind: 'segment', name: 'x', at: at(12) } },
  ],
  journeys: [journey],
  asOf: { at: at(13), instant: 0 },
};
const group = (value: string, entered: number, bought: number, kind: 'value' | 'other' | 'unknown' = 'value') => ({
  value,
  kind,
  entered,
  people: entered,
  active: 0,
  completed: bought,
  exits: { Bought: bought, Quiet: entered - bought },
  metrics: { monthly: rate(bought, entered) },
});
// 1,000 runs: 310 followed, 30 in another order, 120 skipped a step, 40 under way; 500 left: 200 before the first step, 180 at Looking, 120 at Cart.
const numbers: JourneyResult = {
  ...numbersOf,
  entered: 1000,
  metrics: {
    monthly: {
      ...rate(300, 900, 100),
      series: [
        { period: '2026-01', value: 0.2, numerator: 60, denominator: 300, immature: 0 },
        { period: '2026-02', value: null, numerator: 0, denominator: 0, immature: 0 },
        { period: '2026-03', value: 0.4, numerator: 240, denominator: 600, immature: 100 },
      ],
    },
  },
  segments: { Young: { runs: 312, not: 640, unknown: 48 } },
  splits: [
    {
      by: 'plan',
      at: at(22, 11, 15),
      groups: [group('free', 600, 60), group('pro', 250, 100), group('team', 100, 90), group('a*b', 40, 0), group('', 10, 0, 'unknown')],
    },
    { by: 'channel', at: at(23, 11, 18), groups: [group('ads', 700, 100), group('', 300, 0, 'unknown')] },
    { by: 'Young', at: at(23, 20, 25), groups: [group('true', 312, 1), group('false', 640, 1), group('', 48, 0, 'unknown')] },
  ],
  paths: {
    Happy: {
      steps: [
        { name: 'Looking', reached: 800, inOrder: 800, medianFromPreviousMs: 3_600_000 },
        { name: 'Cart', reached: 640, inOrder: 600, medianFromPreviousMs: 2 * 86_400_000 },
        { name: 'Bought', reached: 460, inOrder: 310, medianFromPreviousMs: null },
      ],
      outcomes: { followed: 310, otherOrder: 30, skipped: 120, underWay: 40, restarted: 0, left: [200, 180, 120] },
      flags: { ladder: 150, chute: 22, detour: 1 },
    },
  },
};
const preview: Preview = {
  ...basePreview,
  result: { ...basePreview.result, events: { Browsing: 77, Viewed: 900 }, journeys: [numbers] },
};
const lines = (settings = DEFAULTS.inlayHints, result = preview.result) =>
  hints(plan, result, URI, settings)
    .filter(({ line }) => line > 10)
    .map(({ line, label }) => `${line} ${label}`);

describe('hints', () => {
  it('stand at their lines, short', () => {
    expect(lines()).toEqual([
      '11 77 events',
      '12 312 · 31.2% · 48 unknown',
      '13 12,431 events, the last from 2026-06-30',
      '20 700 · 70% known', // 1000 - 300 unknown
      '21 followed 31% · other order 3% · skipped 12% · left 50%', // 200 + 180 + 120 of 1000
      '22 free 60% · pro 25% · team 10% · 2 more',
      '23 channel 2 groups · Young 3 groups',
      '24 33.3% (300 of 900, 100 too young)  ▄·█', // 0.2 of 0.4; no value in February
    ]);
  });
  it('tell the rest when pointed at', () => {
    const tooltip = (line: number) => hints(plan, preview.result, URI, DEFAULTS.inlayHints).find(hint => hint.line === line)?.tooltip;
    expect(tooltip(21)).toBe('Looking 800 → Cart 600 → Bought 310\n150 ladders · 22 chutes · 1 detour · 40 under way');
    expect(tooltip(23)).toBe('channel: ads 700, (unknown) 300\nYoung: true 312, false 640, (unknown) 48');
  });
  it('name the share of each journey where a segment is looked at in several', () => {
    const other = { ...numbers, name: 'Winback', entered: 10, segments: { Young: { runs: 1, not: 9, unknown: 0 } } };
    const shown = lines(DEFAULTS.inlayHints, { ...preview.result, journeys: [numbers, other] });
    expect(shown).toContain('12 Onboarding 31.2% · Winback 10%');
  });
  it.each([
    ['segments', 12],
    ['asOf', 13],
    ['keeps', 20],
    ['paths', 21],
    ['splits', 22],
  ])('%s have a switch', (name, line) => {
    expect(lines({ ...DEFAULTS.inlayHints, [name]: false }).some(hint => hint.startsWith(`${line} `))).toBe(false);
  });
  it('the small chart of a metric has its own', () => {
    expect(lines({ ...DEFAULTS.inlayHints, series: false })).toContain('24 33.3% (300 of 900, 100 too young)');
  });
  it('are silent where nobody entered', () => {
    const none = { ...numbers, entered: 0, metrics: {} };
    expect(lines(DEFAULTS.inlayHints, { ...preview.result, journeys: [none] })).toEqual([
      '11 77 events',
      '13 12,431 events, the last from 2026-06-30',
    ]);
  });
});

const shown = (line: number, character: number, word: string, pictures = false) => {
  const thing = thingAt(plan, {
    uri: URI,
    position: { line, character },
    word: { text: word, at: at(line, character, character + word.length) },
  });
  return hover(thing!, preview, { pictures, stale: false });
};

describe('a hover', () => {
  it('of a path is the funnel step by step, with times, outcomes and flags', () => {
    const text = shown(21, 8, 'Happy');
    expect(text).toContain('**path** Happy: Looking → Cart → Bought');
    expect(text).toContain('As we meant it.');
    expect(text).toContain('| Cart | 600 · 60% | 75% | 2d | 640 · 64% |'); // 600 of 800
    expect(text).toContain('| Bought | 310 · 31% | 51.7% |  | 460 · 46% |'); // 310 of 600
    expect(text).toContain('| left before the first step | 200 · 20% |');
    expect(text).toContain('| left at Cart | 120 · 12% |');
    expect(text).not.toContain('restarted');
    expect(text).toContain('- 150 (15%) took a ladder');
  });
  it('of a path draws it, ladders, chutes and detours counted', () => {
    const [, data] = /data:image\/svg\+xml;base64,([^)]+)\)/.exec(shown(21, 8, 'Happy', true))!;
    const svg = atob(data);
    expect(svg).toMatch(/^<svg [^>]*>.*<\/svg>$/);
    for (const word of ['150 ladders', '22 chutes', '1 detour ', 'Looking', '600']) expect(svg).toContain(word);
  });
  it('of a split has every metric per group, the unknown apart, and the whole', () => {
    const text = shown(22, 12, 'plan');
    expect(text).toContain('|  | entered | people | active | Bought | Quiet | monthly |');
    expect(text).toContain('| pro | 250 · 25% | 250 | 0 | 40% | 60% | 40% |'); // 100 of 250
    expect(text).toContain('| (unknown) | 10 · 1% |');
    expect(text).toContain('| all | 1,000 |');
    expect(text).toContain('a\\*b');
  });
  it('of a segment says how many are in it, and for how many nobody knows', () => {
    expect(shown(12, 9, 'Young')).toContain('| Onboarding | 312 · 31.2% | 640 · 64% | 48 · 4.8% |');
    expect(shown(23, 21, 'Young')).toContain('| true | 312 · 31.2% |');
  });
  it('of a keep says what is kept', () => {
    expect(shown(20, 8, 'channel')).toContain('**keep** channel = last Viewed.channel before entry');
  });
  it('of a derived event counts its parts', () => expect(shown(11, 8, 'Browsing')).toContain('| Viewed | 900 |'));
  it('of a metric over time lists its periods, the latest first', () => {
    const text = shown(24, 10, 'monthly');
    expect(text.indexOf('2026-03 | 40% | 240 | 600 | 100')).toBeLessThan(text.indexOf('2026-01 | 20% | 60 | 300 | 0'));
    expect(text).toContain('| 2026-02 | no value |');
  });
});

it('a property behind an event is a column of its rows', () => {
  const thing = thingAt(plan, { uri: URI, position: { line: 20, character: 32 }, word: { text: 'channel', at: at(20, 30, 37) } });
  expect(thing).toMatchObject({ kind: 'column', of: ['web'] });
});
