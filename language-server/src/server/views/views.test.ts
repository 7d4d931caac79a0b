import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../settings.ts';
import { documentHints, documentLenses, type Shown } from './document.ts';
import { hover } from './hover/index.ts';
import { thingAt } from './place.ts';
import { at, journey, numbers, plan, preview, TEXT, URI } from './testing.ts';

const definition = { uri: URI, plan, findings: [], broken: [] };
const doc: Shown = { uri: URI, text: TEXT, definition, numbers, showStale: false };
const lines = (shown: Shown) => documentHints(shown, DEFAULTS.inlayHints).map(({ line, label }) => `${line} ${label}`);

const HINTS = [
  '0 12,431 events · 2026-01-01 … 2026-06-30',
  '1 1,204 events',
  '3 1,204 attempts · 1,010 entered · 194 turned away: 120 already in, 74 once', // 120 + 74
  '4 812 · 80.4% reached · median 3h', // 812 / 1010
  '5 403 · 39.9%', // 403 / 1010
  '6 511 · 50.6%', // 511 / 1010
  '7 39.9% (403 of 1,010)',
  '8 ✗ 39.9%',
];

describe('hints', () => {
  it('stand at the lines of their rules', () => expect(lines(doc)).toEqual(HINTS));
  it('are there only when there are numbers', () => expect(lines({ ...doc, numbers: undefined })).toEqual([]));
  it('keep their words when they are older, and say so', () => {
    expect(lines({ ...doc, showStale: true })).toEqual(HINTS.map(hint => `${hint} …`));
  });
  it('each kind has its switch', () => {
    const off = { ...DEFAULTS.inlayHints, sources: false, events: false, entries: false, stages: false, ends: false };
    expect(documentHints(doc, off).map(({ line }) => line)).toEqual([7, 8]);
  });
  it('keep their place while a journey can not be understood: only its own are called older', () => {
    // A line was put in above, and line 7 of then is being typed at.
    const text = `// new\n${TEXT.replace('rate(Bought)', 'rate(')}`;
    const moved = {
      ...plan,
      sources: [{ ...plan.sources[0], at: at(1), nameAt: at(1) }],
      events: [{ ...plan.events[0], at: at(2) }],
      journeys: [],
    };
    const now = {
      ...numbers,
      text,
      checked: { ...numbers.checked, plan: moved },
      preview: { ...preview, result: { ...preview.result, journeys: [] } },
    };
    const shown = lines({ ...doc, text, numbers: now, older: numbers, definition: { ...definition, plan: moved, broken: ['Onboarding'] } });
    expect(shown.slice(0, 2)).toEqual(['1 12,431 events · 2026-01-01 … 2026-06-30', '2 1,204 events']);
    expect(shown.slice(2).every(line => line.endsWith(' …'))).toBe(true);
    expect(shown.map(line => Number.parseInt(line, 10))).toEqual([1, 2, 4, 5, 6, 7, 8, 9]);
  });
  it('say so when a rule was never taken', () => {
    const none = {
      ...journey,
      attemptsBy: { Organic: { attempts: 0, rejected: {} } },
      exits: { Bought: 0, Quiet: 0 },
      stages: { Looking: { reached: 0, visits: 0, medianMs: null } },
      metrics: { conversion: { value: null, quantity: 'share' as const, numerator: 0, denominator: 0, immature: null, interval: null } },
      expectations: [{ ...journey.expectations[0], ok: null, actual: 'no value' }],
    };
    const result = { ...preview.result, events: { Joined: 0 }, journeys: [none] };
    expect(lines({ ...doc, numbers: { ...numbers, preview: { ...preview, result } } }).slice(1)).toEqual([
      '1 never',
      '3 no attempts',
      '4 never reached',
      '5 nobody',
      '6 nobody',
      '7 no value (0 of 0)',
      '8 ? undecided no value',
    ]);
  });
});

it('a lens is the headline over its journey', () => {
  expect(documentLenses(doc)).toEqual([{ line: 2, title: '1,010 entered · 96 active · 39.9% completed · median 3d' }]);
});

describe('what stands under the cursor', () => {
  const under = (line: number, character: number, word?: string) =>
    thingAt(plan, {
      uri: URI,
      position: { line, character },
      word: word === undefined ? undefined : { text: word, at: at(line, character, character + 1) },
    });
  it('is a declaration by its name', () => expect(under(4, 9, 'Looking')).toMatchObject({ kind: 'stage', rule: { name: 'Looking' } }));
  it('is the event a rule waits for', () => expect(under(3, 22, 'Joined')).toMatchObject({ kind: 'event', event: { name: 'Joined' } }));
  it('is a rule that an expression names', () => expect(under(8, 9, 'conversion')).toMatchObject({ kind: 'metric' }));
  it('is a column, with the source it is of', () => expect(under(0, 11, 'at')).toMatchObject({ kind: 'column', of: ['web'] }));
  it('is nothing in another file', () =>
    expect(thingAt(plan, { uri: 'file:///b.journey', position: { line: 4, character: 9 } })).toBeUndefined());
});

describe('a hover', () => {
  const text = (pictures = false, stale = false) =>
    hover({ kind: 'journey', journey: plan.journeys[0], at: at(2) }, preview, { pictures, stale });
  it('of a journey has its doc comment, its funnel and its reasons', () => {
    expect(text()).toContain('From joining to buying.');
    expect(text()).toContain('1,010 entered · 96 active · 39.9% completed · 1,000 people');
    expect(text()).toContain('| already in | 120 · 10% |'); // 120 / 1204
    expect(text()).toContain('| Looking | Bought | 403 |');
  });
  it('draws days without entries too', () => expect(text()).toContain('`█▁▆`'));
  it('says that numbers are older', () => {
    expect(text(false, true)).toContain('older text');
    expect(text()).not.toContain('older text');
  });
  it('holds well-formed pictures', () => {
    const [, data] = /data:image\/svg\+xml;base64,([^)]+)\)/.exec(text(true))!;
    expect(atob(data)).toMatch(/^<svg [^>]*>.*<\/svg>$/);
  });
  it('lets no value from the data be Markdown', () => {
    const source = hover({ kind: 'source', source: plan.sources[0], at: at(0) }, preview, { pictures: false, stale: false });
    expect(source).toContain('\\<b\\>\\|x');
  });
  it('without numbers says so', () => {
    expect(hover({ kind: 'journey', journey: plan.journeys[0], at: at(2) }, undefined, { pictures: false, stale: false })).toContain(
      'No numbers yet',
    );
  });
});
