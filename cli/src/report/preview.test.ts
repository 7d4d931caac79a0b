import pc from 'picocolors';
import { expect, test } from 'vitest';
import type { Style } from '../terminal.ts';
import { plan, preview } from './example.fixture.ts';
import { visible } from './layout.ts';
import { previewReport } from './preview.ts';

const PIPE: Style = { colors: pc.createColors(false), width: Number.POSITIVE_INFINITY, pictures: false };
const terminal = (width: number): Style => ({ colors: pc.createColors(true), width, pictures: true });
const report = (style: Style) => previewReport({ file: 'shop.journey', plan, preview }, style);
const withRun = (change: Partial<(typeof preview.result.journeys)[0]>) => ({
  file: 'shop.journey',
  plan,
  preview: { ...preview, result: { ...preview.result, journeys: [{ ...preview.result.journeys[0], ...change }] } },
});

test('a pipe gets every number as plain text', () => {
  expect(report(PIPE)).toBe(`\
shop.journey  as of 2026-04-30 21:14 UTC · 990 people
  web         12,300 events  2026-01-01 to 2026-04-30  12,345 rows · 41 duplicates · 4 unreadable
  crm              0 events                            0 rows

Onboarding  From joining to the first order.
  1,250 attempts  →  1,000 entered  →  300 completed (30%)  →  100 still active

  Attempts
  entered           1,000     80%  by 990 people
  rejected            250     20%

  Rejections by reason
  not open             50      4%  Organic 50
  once                200     16%  Organic 100 · Invited 100

  Entries by rule
  Organic             750     75%  of 900 attempts
  Invited             250     25%  of 350 attempts

  Stages reached
  Cart                400     40%  523 visits · median 1h 30m

  Ends
  Bought              300     30%  on Ordered
  GoneQuiet           600     60%  after 14d of silence
  still active        100     10%

  Steps taken
  Organic → Cart      310     31%
  Cart → Bought       290     29%

  Times
  median to end     3d 4h
  p90 to end          21d

  Metrics
  activation           31%  279 of 900 · 100 too young · 95%: 28.1% to 34.1%
  speed                 2d
  revenue         no value

  Expectations
  ✔ holds      activation >= 25%          it is 31% (279 of 900)
  ✘ fails      rejected < 5% of attempts  it is 250  many people bounce
  ? undecided  revenue > 3                it is no value
`);
});

test.each([80, 100, 120])('a terminal of %i columns gets colours, bars and a chart, and no line runs over', width => {
  const text = report(terminal(width));
  expect(text).toContain('\u001b[');
  // 30% of the bar's 16 or 24 characters: 4.8 or 7.2, to an eighth: 38.4 or 57.6 eighths
  expect(text).toContain(width < 100 ? '████▊' : '███████▎');
  expect(text).toMatch(/Jan +Feb +Mar/);
  expect(Math.max(...text.split('\n').map(visible))).toBeLessThanOrEqual(width);
});

test('the chart counts weeks', () => {
  // 60 days from 2026-01-20 in weeks of 7: the first is 0+1+...+6 = 21, the last four days are 4+3+2+1 = 10;
  // the busiest are days 28..34: 28+29 rising, then 30+29+28+27+26 falling = 197
  expect(report(terminal(80))).toContain('10 to 197');
});

test('says what is left out and what is ambiguous', () => {
  const text = previewReport(withRun({ ambiguous: 12 }), PIPE);
  expect(text).toContain('12 of the runs hang on the order of events at one instant');
});

test('nothing entered: zeros, no shares, no pictures of nothing', () => {
  const nothing = withRun({
    attempts: 0,
    entered: 0,
    active: 0,
    completed: 0,
    rejected: {},
    transitions: [],
    entriesByDay: [],
    exits: {},
    entries: {},
  });
  const text = previewReport(nothing, terminal(80));
  expect(text).toContain('0 attempts  →  0 entered  →  0 completed  →  0 still active');
  expect(text).not.toContain('NaN');
});

test('paths, segments and splits beside the rest', () => {
  const steps = [
    { name: 'Cart', reached: 400, inOrder: 400, medianFromPreviousMs: null },
    { name: 'Bought', reached: 300, inOrder: 290, medianFromPreviousMs: 3_600_000 },
  ];
  const outcomes = { followed: 290, otherOrder: 0, skipped: 10, underWay: 100, restarted: 0, left: [500, 100] };
  const group = { people: 1, active: 0, exits: {}, metrics: preview.result.journeys[0].metrics };
  const told = previewReport(
    withRun({
      segments: { Loyal: { runs: 250, not: 700, unknown: 50 } },
      paths: { Happy: { steps, outcomes, flags: { ladder: 10, chute: 1, detour: 0 } } },
      splits: [
        {
          by: 'plan',
          at: plan.journeys[0].at,
          groups: [
            { ...group, value: 'free', kind: 'value', entered: 900, completed: 270 },
            { ...group, value: 'unknown', kind: 'unknown', entered: 100, completed: 30 },
          ],
        },
      ],
    }),
    PIPE,
  );
  expect(told).toContain(`
  Segments
  Loyal               250     25%  700 not · 50 unknown

  Path Happy
  Cart                400     40%  in order, 400 in all
  Bought              290     29%  in order, 300 in all · median 1h after the step before

  Runs on path Happy
  followed            290     29%  10 ladders · 1 chute · 0 detours
  skipped a step       10      1%
  under way           100     10%
  reached none        500     50%
  left at Cart        100     10%
`);
  expect(told).toContain(`
  By plan
                  entered  completed  activation    speed   revenue
  free                900        30%         31%       2d  no value
  unknown             100        30%         31%       2d  no value
`);
});
