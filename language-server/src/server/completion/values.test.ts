/** Values of columns that no rule uses: asked while a condition on them is typed, never waited for. */
import type { ColumnPlace } from '@journey/engine';
import { EmptyFileSystem } from 'langium';
import { expect, it } from 'vitest';
import { cursorAt } from '../../language/cursor.ts';
import { createJourneyServices } from '../../language/services.ts';
import { plan } from '../views/testing.ts';
import { type Known, offersAt, unseenAt } from './offers.ts';
import { ColumnValues } from './values.ts';

const column = (type: 'text' | 'number' | 'time' | 'empty', examples: string[] = []) => ({ type, missing: 0, examples });
const [source] = plan.sources;
const pii = { category: 'contact.email', at: source.at };
const known: Known = {
  plan: {
    ...plan,
    sources: [{ ...source, properties: [{ column: { path: ['mail'], at: source.at }, at: source.at, pii }] }],
    tables: [
      {
        ...{ name: 'profiles', at: source.at, nameAt: source.at, samples: [], properties: [] },
        key: { column: { path: ['who'], at: source.at }, idKind: 'user', at: source.at },
      },
    ],
  },
  schema: {
    sources: {
      web: {
        columns: {
          plan: column('text'),
          mail: column('text'),
          'context.os': column('text'),
          seen: column('text', ['x']),
          at: column('time'),
        },
        events: { view: 4 },
      },
    },
    tables: { profiles: { rows: 3, columns: { who: column('text'), age: column('number') } } },
  },
};
const lexer = createJourneyServices(EmptyFileSystem).journey.parser.Lexer;
function cursor(marked: string) {
  const text = marked.replace('|', '');
  return cursorAt(text, marked.indexOf('|'), lexer.tokenize(text));
}
const inJourney = (line: string) => `journey Onboarding for customer {\n  enter Organic on Joined\n  ${line}\n}`;
const asked = (marked: string) => unseenAt(cursor(marked), known).map(({ kind, name, column }) => `${kind} ${name} ${column}`);

it('the column of the condition is asked for, whatever leads to it', () => {
  expect(asked(inJourney('stage X on web.view where plan = "|'))).toEqual(['source web plan']);
  expect(asked(inJourney('stage X on web.view where plan not in ("a", |'))).toEqual(['source web plan']);
  expect(asked(inJourney('stage X on Joined where context.os = |'))).toEqual(['source web context.os']);
  expect(asked('segment S when entry.plan = |')).toEqual(['source web plan']);
  expect(asked('segment S when profiles.age > |')).toEqual(['table profiles age']);
  expect(asked('scenario "s" {\n  2026-01-01 web.view { plan: |\n}')).toEqual(['source web plan']);
});

it('nothing is asked of what is personal, has been seen, or has no frequent values by its type', () => {
  for (const condition of ['mail = "|', 'seen = "|', 'at > "|', 'nothing = "|', 'plan |', '|'])
    expect(asked(inJourney(`stage X on web.view where ${condition}`))).toEqual([]);
  expect(asked(inJourney('// stage X on web.view where plan = "|'))).toEqual([]);
});

const atPlan = cursor(inJourney('stage X on web.view where plan = "|'));
const labels = (found: Known) => offersAt(atPlan, found).offers.map(({ label }) => label);

it('what the engine answers is offered', async () => {
  const questions: ColumnPlace[] = [];
  const values = new ColumnValues(async (_plan, place) => {
    questions.push(place);
    return ['free', 'pro'];
  });
  expect(labels(await values.look(atPlan, known, {}))).toEqual(['free', 'pro']);
  expect(questions).toEqual([{ kind: 'source', name: 'web', column: 'plan' }]);
  // Nothing of it is kept here.
  expect(known.schema.sources.web.columns.plan.examples).toEqual([]);
});

it('an answer that takes long is not waited for, and asked for once', async () => {
  let questions = 0;
  let answer = (_values: string[]) => {};
  const values = new ColumnValues(() => {
    questions++;
    return new Promise(resolve => {
      answer = resolve;
    });
  }, 10);
  const sample = {};
  expect(labels(await values.look(atPlan, known, sample))).toEqual([]);
  const next = values.look(atPlan, known, sample);
  answer(['free']);
  expect(labels(await next)).toEqual(['free']);
  expect(questions).toBe(1);
});

it('a column with nothing to offer is asked for once a sample, a failure says nothing', async () => {
  let questions = 0;
  const barren = new ColumnValues(async () => {
    questions++;
    return [];
  });
  const sample = {};
  for (let i = 0; i < 3; i++) expect(await barren.look(atPlan, known, sample)).toBe(known);
  expect(questions).toBe(1);
  await barren.look(atPlan, known, {});
  expect(questions).toBe(2);
  const failing = new ColumnValues(() => Promise.reject(new Error('no')));
  expect(await failing.look(atPlan, known, sample)).toBe(known);
});
