/** A small journey's numbers, written by hand: what the reports' tests print. */
import type { At, EventPattern, JourneyPlan, JourneyResult, Plan, Preview } from '@journey/engine';

const at: At = { uri: 'file:///shop.journey', start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
const on = (text: string): EventPattern => ({ kind: 'rows', any: [], text, at });
const named = (name: string) => ({ name, at, nameAt: at });
const DAY = 86_400_000;
const HOUR = 3_600_000;

const onboarding: JourneyPlan = {
  ...named('Onboarding'),
  doc: 'From joining to the first order.',
  identity: 'customer',
  enters: [
    { ...named('Organic'), on: on('SignedUp') },
    { ...named('Invited'), on: on('web.invite_accepted') },
  ],
  reentry: { policy: 'once' },
  stages: [{ ...named('Cart'), on: on('AddedToCart') }],
  ends: [
    { ...named('Bought'), kind: 'complete', trigger: { kind: 'event', on: on('Ordered'), forAll: false } },
    { ...named('GoneQuiet'), kind: 'exit', trigger: { kind: 'silence', duration: 14 * DAY } },
  ],
  keeps: [],
  splits: [],
  paths: [],
  metrics: [
    { ...named('activation'), value: { kind: 'rate', of: { kind: 'end', name: 'Bought' }, ofPeople: false, at } },
    { ...named('speed'), value: { kind: 'number', value: 0, at } },
    { ...named('revenue'), value: { kind: 'number', value: 0, at } },
  ],
  expects: [],
};

const result: JourneyResult = {
  name: 'Onboarding',
  attempts: 1250,
  entered: 1000,
  people: 990,
  entries: { Organic: 750, Invited: 250 },
  active: 100,
  completed: 300,
  exits: { Bought: 300, GoneQuiet: 600 },
  rejected: { 'not open': 50, once: 200 },
  attemptsBy: {
    Organic: { attempts: 900, rejected: { 'not open': 50, once: 100 } },
    Invited: { attempts: 350, rejected: { once: 100 } },
  },
  ambiguous: 0,
  ambiguousInstances: 0,
  withoutKey: 0,
  stages: { Cart: { reached: 400, visits: 523, medianMs: 90 * 60_000 } },
  transitions: [
    { from: 'Organic', to: 'Cart', count: 310 },
    { from: 'Cart', to: 'Bought', count: 290 },
  ],
  timeToEnd: { medianMs: 3 * DAY + 4 * HOUR, p90Ms: 21 * DAY },
  segments: {},
  splits: [],
  paths: {},
  metrics: {
    activation: { value: 0.31, numerator: 279, denominator: 900, immature: 100, quantity: 'share', interval: [0.281, 0.341] },
    speed: { value: 2 * DAY, numerator: null, denominator: null, immature: null, quantity: 'duration', interval: null },
    revenue: { value: null, numerator: null, denominator: null, immature: null, quantity: 'number', interval: null },
  },
  expectations: [
    { text: 'activation >= 25%', ok: true, actual: '31% (279 of 900)', severity: 'error', at },
    { text: 'rejected < 5% of attempts', ok: false, actual: '250', severity: 'warning', message: 'many people bounce', at },
    { text: 'revenue > 3', ok: null, actual: 'no value', severity: 'error', at },
  ],
  entriesByDay: Array.from({ length: 60 }, (_, i) => ({
    day: new Date(Date.UTC(2026, 0, 20) + i * DAY).toISOString().slice(0, 10),
    entered: i < 30 ? i : 60 - i,
  })),
};

export const plan: Plan = {
  version: 1,
  sources: [],
  tables: [],
  identities: [],
  events: [],
  journeys: [onboarding],
  segments: [],
  scenarios: [],
  expects: [],
};
export const preview: Preview = {
  schema: { sources: {}, tables: {} },
  problems: [],
  timings: { loadMs: 40, matchMs: 2, foldMs: 1, totalMs: 43.4 },
  result: {
    version: 1,
    asOf: Date.UTC(2026, 3, 30, 21, 14, 5),
    sources: {
      web: {
        rows: 12_345,
        events: 12_300,
        duplicates: 41,
        unreadable: 4,
        withoutId: 0,
        from: Date.UTC(2026, 0, 1),
        to: Date.UTC(2026, 3, 30),
        files: 1,
        bytes: 1,
        dayGrained: false,
        later: 0,
        late: 0,
        gaps: [],
        erased: 0,
        expired: 0,
      },
      crm: {
        rows: 0,
        events: 0,
        duplicates: 0,
        unreadable: 0,
        withoutId: 0,
        from: null,
        to: null,
        files: 0,
        bytes: 0,
        dayGrained: false,
        later: 0,
        late: 0,
        gaps: [],
        erased: 0,
        expired: 0,
      },
    },
    tables: {},
    events: {},
    people: 990,
    journeys: [result],
    scenarios: [],
    identities: {},
    expectations: [],
  },
};
