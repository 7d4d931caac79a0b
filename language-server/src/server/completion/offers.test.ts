/** What the sample offers at the cursor, `|`: with a plan and a schema by hand. */
import { EmptyFileSystem } from 'langium';
import { describe, expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createJourneyServices } from '../../language/services.ts';
import { at, numbers, plan, preview } from '../views/testing.ts';
import { complete, knownOf } from './index.ts';
import type { Known } from './offers.ts';

const column = (type: 'text' | 'number' | 'time', examples: string[] = [], missing = 0) => ({ type, missing, examples });
const [source] = plan.sources;
const known: Known = {
  plan: {
    ...plan,
    sources: [source, { ...source, name: 'orders', ids: [{ kind: 'user', value: { kind: 'literal', value: 1, at: at(0) }, at: at(0) }] }],
    tables: [
      {
        name: 'profiles',
        at: at(0),
        nameAt: at(0),
        samples: [],
        key: { column: { path: ['who'], at: at(0) }, idKind: 'user', at: at(0) },
        properties: [],
      },
    ],
  },
  schema: {
    sources: {
      web: {
        columns: {
          plan: column('text', ['free', 'pro', 'say "hi"'], 0.03),
          'context.device': column('text'),
          'context.os name': column('text'),
          age: column('number', ['7', '8']),
        },
        events: { 'Signed Up': 2, view: 1204, buy: 30 },
      },
      orders: { columns: { total: column('number'), plan: column('text', ['team']) }, events: { placed: 5 } },
    },
    tables: { profiles: { rows: 3, columns: { who: column('text'), age: column('number', ['30']) } } },
  },
  result: preview.result,
};
const lexer = createJourneyServices(EmptyFileSystem).journey.parser.Lexer;

function offered(marked: string, given: Known | 'none' = known) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const document = TextDocument.create('memory:/a.journey', 'journey', 1, text);
  const { items } = complete(document, offset, lexer.tokenize(text), [{ label: 'keyword' }], given === 'none' ? undefined : given);
  return { text, document, items };
}
const inJourney = (line: string) => `journey Onboarding for customer {\n  enter Organic on Joined\n  ${line}\n}`;
/** As they are written, in their order. */
const written = (marked: string, given?: Known | 'none') =>
  offered(marked, given)
    .items.toSorted((a, b) => ((a.sortText ?? 'z') < (b.sortText ?? 'z') ? -1 : 1))
    .map(({ textEdit, label }) => textEdit?.newText ?? label);
/** The text once an offer is taken. */
function taken(marked: string, label: string): string {
  const { document, items } = offered(marked);
  const { textEdit } = items.find(item => item.label === label)!;
  return TextDocument.applyEdits(document, [textEdit as never]);
}

describe('names of events', () => {
  it('stand behind their source, the most frequent first, in quotes where they need some', () => {
    expect(written(inJourney('stage X on web.|'))).toEqual(['view', 'buy', '"Signed Up"']);
    expect(offered(inJourney('stage X on web.|')).items[0]).toMatchObject({ label: 'view', detail: '1,204 rows' });
    expect(written('event X = Joined then no web.|')).toEqual(['view', 'buy', '"Signed Up"']);
    expect(written('scenario "s" {\n  2026-01-01 web.|\n}')).toEqual(['view', 'buy', '"Signed Up"']);
  });
  it('replace what is typed, quotes and all', () => {
    expect(taken(inJourney('stage X on web."Si|"'), 'Signed Up')).toBe(inJourney('stage X on web."Signed Up"'));
    expect(taken(inJourney('stage X on web."Si|'), 'Signed Up')).toBe(inJourney('stage X on web."Signed Up"'));
    expect(taken(inJourney('stage X on web.vi|'), 'view')).toBe(inJourney('stage X on web.view'));
  });
  it('are all there can be behind the dot', () => expect(written(inJourney('stage X on nowhere.|'))).toEqual([]));
});

describe('columns', () => {
  it('are those of the rows that the condition looks at, also through a named event', () => {
    const web = ['plan', 'context.device', 'context.`os name`', 'age', 'keyword'];
    expect(written(inJourney('stage X on web.view where |'))).toEqual(web);
    expect(written(inJourney('stage X on Joined where age > 3 and |'))).toEqual(web);
    expect(written(inJourney('complete X on 2 of (orders.placed, Joined where |'))).toEqual(web);
    expect(written(inJourney('complete X on 2 of (Joined, orders.placed where |'))).toEqual(['total', 'plan', 'keyword']);
  });
  it('say their type, what they look like, and how often they are missing', () => {
    const [plan] = offered(inJourney('stage X on web.view where |')).items;
    expect(plan).toMatchObject({ label: 'plan', detail: 'text of web, missing in 3%', documentation: 'such as free, pro, say "hi"' });
  });
  it('go down step by step', () => expect(written(inJourney('stage X on web.view where context.|'))).toEqual(['device', '`os name`']));
  it('stand behind a table', () => expect(written('segment S when profiles.|')).toEqual(['who', 'age']));
  it('stand behind the event of a metric or a keep', () => {
    expect(written(inJourney('metric m = sum(Joined.|'))).toEqual(['plan', 'context.device', 'context.`os name`', 'age']);
    expect(written(inJourney('metric m = sum(orders.|'))).toEqual(['placed']);
    expect(written(inJourney('metric m = sum(orders.placed.|'))).toEqual(['total', 'plan']);
    expect(written(inJourney('keep k = last orders.placed.|'))).toEqual(['total', 'plan']);
  });
  it('are those of the entry, in a segment and a split', () => {
    expect(written('segment S when entry.|')).toEqual(['plan', 'context.device', 'context.`os name`', 'age']);
    expect(written(inJourney('split by |'))).toEqual(['plan', 'context.device', 'context.`os name`', 'age', 'keyword']);
  });
  it('are those of the source in whose braces it is', () => {
    expect(written('source orders {\n  time |\n}')).toEqual(['total', 'plan', 'keyword']);
    expect(written('source orders {\n  id user = |\n}')).toEqual(['total', 'plan', 'keyword']);
    expect(written('table profiles {\n  key |\n}')).toEqual(['who', 'age', 'keyword']);
  });
  it('and ids are what a row of a scenario can say', () => {
    expect(written('scenario "s" {\n  2026-01-01 orders.placed { |\n}')).toEqual(['user', 'total', 'plan']);
  });
});

describe('values', () => {
  it('are the frequent ones of the column they are held against', () => {
    expect(written(inJourney('stage X on web.view where plan = |')).slice(0, 3)).toEqual(['"free"', '"pro"', '"say \\"hi\\""']);
    expect(written(inJourney('stage X on web.view where plan not in ("free", |')).slice(0, 2)).toEqual(['"free"', '"pro"']);
    expect(written(inJourney('stage X on web.view where age >= |')).slice(0, 2)).toEqual(['7', '8']);
    expect(written('segment S when entry.plan = |').slice(0, 2)).toEqual(['"free"', '"pro"']);
    expect(written('segment S when profiles.age > |').slice(0, 1)).toEqual(['30']);
    expect(written('scenario "s" {\n  2026-01-01 web.view { plan: |\n}').slice(0, 1)).toEqual(['"free"']);
  });
  it('are all there can be within quotes', () => {
    expect(written(inJourney('stage X on web.view where plan = "f|"'))).toEqual(['"free"', '"pro"', '"say \\"hi\\""']);
    expect(taken(inJourney('stage X on web.view where plan = "f|"'), 'free')).toBe(inJourney('stage X on web.view where plan = "free"'));
  });
});

describe('nothing of the sample', () => {
  it.each([
    'stage |',
    'stage X |',
    'stage X on |',
    'exit X after |',
    'exit X after 3d in |',
    'metric m = |',
    'metric m = rate(|',
    'open |',
  ])('after `%s`', line => {
    expect(written(inJourney(line))).toEqual(['keyword']);
  });
  it('in a comment, or in a text of another kind', () => {
    expect(written(inJourney('// stage X on web.|'))).toEqual([]);
    expect(written('source web {\n  sample "|"\n}')).toEqual([]);
  });
  it('while there has been none', () => expect(written(inJourney('stage X on web.|'), 'none')).toEqual(['keyword']));
});

it('names that a half typed word took away are still known', () => {
  const broken = { ...numbers.checked, plan: { ...plan, events: [], journeys: [] } };
  expect(knownOf({ definition: broken, numbers })?.plan).toMatchObject({ events: plan.events, journeys: plan.journeys });
  expect(knownOf({ definition: broken, numbers: undefined })).toBeUndefined();
});
