/** A small definition and its numbers, for the tests of the views. */
import type { At, EventPattern, JourneyResult, Plan, Preview } from '@journey/engine';
import type { Numbers } from '../session.ts';

export const URI = 'file:///a.journey';
/** A place that is a whole line's `from..to`. */
export const at = (line: number, from = 0, to = 40): At => ({ uri: URI, start: { line, character: from }, end: { line, character: to } });
const pattern = (text: string, line: number): EventPattern => ({
  kind: 'rows',
  any: [{ source: 'web', event: text, at: at(line, 20, 30) }],
  text,
  at: at(line, 20, 30),
});

/** Lines 0 source, 1 event, 2 journey, 3 enter, 4 stage, 5 complete, 6 exit, 7 metric, 8 expect. */
export const TEXT = [
  'source web {}',
  'event Joined = web.joined',
  'journey Onboarding for customer {',
  '  enter Organic on Joined',
  '  stage Looking on view',
  '  complete Bought on buy',
  '  exit Quiet after 14d',
  '  metric conversion = rate(Bought)',
  '  expect conversion >= 50%',
  '}',
].join('\n');

export const plan: Plan = {
  version: 1,
  sources: [
    {
      name: 'web',
      at: at(0),
      nameAt: at(0, 7, 10),
      samples: [],
      passive: false,
      time: { column: { path: ['at'], at: at(0, 11, 12) }, at: at(0, 11, 12), atEndOfDay: false },
      event: { kind: 'constant', name: 'x', at: at(0, 12, 12) },
      ids: [],
      joins: [],
      properties: [],
    },
  ],
  tables: [],
  identities: [],
  events: [{ name: 'Joined', at: at(1), nameAt: at(1, 6, 12), pattern: pattern('web.joined', 1) }],
  segments: [],
  scenarios: [],
  expects: [],
  journeys: [
    {
      name: 'Onboarding',
      at: { uri: URI, start: { line: 2, character: 0 }, end: { line: 9, character: 1 } },
      nameAt: at(2, 8, 18),
      doc: 'From joining to buying.',
      identity: 'customer',
      enters: [{ name: 'Organic', at: at(3), nameAt: at(3, 8, 15), on: pattern('Joined', 3) }],
      reentry: { policy: 'once' },
      stages: [{ name: 'Looking', at: at(4), nameAt: at(4, 8, 15), on: pattern('view', 4) }],
      ends: [
        {
          name: 'Bought',
          at: at(5),
          nameAt: at(5, 11, 17),
          kind: 'complete',
          trigger: { kind: 'event', on: pattern('buy', 5), forAll: false },
        },
        { name: 'Quiet', at: at(6), nameAt: at(6, 7, 12), kind: 'exit', trigger: { kind: 'after', duration: 14 * 86_400_000 } },
      ],
      keeps: [],
      splits: [],
      paths: [],
      metrics: [{ name: 'conversion', at: at(7), nameAt: at(7, 9, 19), value: { kind: 'completed', at: at(7, 22, 34) } }],
      expects: [{ text: 'conversion >= 50%', at: at(8), condition: { kind: 'completed', at: at(8) }, severity: 'error' }],
    },
  ],
};

export const journey: JourneyResult = {
  name: 'Onboarding',
  segments: {},
  splits: [],
  paths: {},
  attempts: 1204,
  entered: 1010,
  people: 1000,
  entries: { Organic: 1010 },
  active: 96,
  completed: 403,
  exits: { Bought: 403, Quiet: 511 },
  rejected: { once: 74, 'already in': 120 },
  attemptsBy: { Organic: { attempts: 1204, rejected: { once: 74, 'already in': 120 } } },
  ambiguous: 0,
  ambiguousInstances: 0,
  withoutKey: 0,
  stages: { Looking: { reached: 812, visits: 900, medianMs: 3 * 3_600_000 } },
  transitions: [
    { from: 'Organic', to: 'Looking', count: 812 },
    { from: 'Looking', to: 'Bought', count: 403 },
  ],
  timeToEnd: { medianMs: 3 * 86_400_000, p90Ms: 9 * 86_400_000 },
  metrics: {
    conversion: { value: 403 / 1010, quantity: 'share', numerator: 403, denominator: 1010, immature: null, interval: [0.37, 0.43] },
  },
  expectations: [{ text: 'conversion >= 50%', ok: false, actual: '39.9%', severity: 'error', at: at(8) }],
  entriesByDay: [
    { day: '2026-01-01', entered: 600 },
    { day: '2026-01-03', entered: 410 },
  ],
};

export const preview: Preview = {
  schema: {
    sources: { web: { columns: { at: { type: 'time', missing: 0, examples: [] } }, events: { 'web.joined': 1204, '<b>|x': 2 } } },
    tables: {},
  },
  result: {
    version: 1,
    scenarios: [],
    asOf: Date.UTC(2026, 5, 30),
    sources: {
      web: {
        rows: 12_500,
        events: 12_431,
        duplicates: 60,
        unreadable: 9,
        withoutId: 0,
        from: Date.UTC(2026, 0, 1),
        to: Date.UTC(2026, 5, 30),
        files: 2,
        bytes: 1,
        dayGrained: false,
        later: 0,
        late: 0,
        gaps: [],
        erased: 0,
        expired: 0,
      },
    },
    tables: {},
    events: { Joined: 1204 },
    people: 1000,
    identities: {},
    journeys: [journey],
    expectations: [],
  },
  problems: [],
  timings: { loadMs: 1, matchMs: 1, foldMs: 1, totalMs: 3 },
};

export const numbers: Numbers = { checked: { uri: URI, plan, findings: [], broken: [], preview }, preview, text: TEXT, tookMs: 12 };
