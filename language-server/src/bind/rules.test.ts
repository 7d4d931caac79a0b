import type { IdentityPlan, Plan } from '@journey/engine';
import { EmptyFileSystem, URI } from 'langium';
import { describe, expect, it } from 'vitest';
import { createJourneyServices } from '../language/services.ts';
import { bindFile } from './index.ts';

const DAY = 86_400_000;
const SOURCES = `
source web { sample "web.csv"  time at  event type  id user = user_id  id email = email }
source mail { sample "mail.csv"  time at  event kind  id email = recipient  join items on item_id }
table items { sample "items.csv"  key item_id }
identity customer { id user  id email }
event Asked = mail.gone
event First = first web.visit
`;
const JOURNEYS = 'journey J for customer { enter on web.visit }\njourney K for customer { enter on web.visit }\n';

const services = createJourneyServices(EmptyFileSystem);

async function bind(text: string): Promise<{ plan: Plan; broken: string[] }> {
  const { workspace } = services.shared;
  const document = workspace.LangiumDocumentFactory.fromString(SOURCES + text, URI.parse('memory:///folder/a.journey'));
  workspace.LangiumDocuments.addDocument(document);
  await workspace.DocumentBuilder.build([document], { validation: true });
  const bound = bindFile(document, services);
  await workspace.DocumentBuilder.update([], [document.uri]);
  return bound;
}

/** A plan without its places, to read. */
const bare = <T>(value: T): T => JSON.parse(JSON.stringify(value, (key, each) => (key === 'at' || key === 'nameAt' ? undefined : each)));

async function identity(rules: string): Promise<IdentityPlan> {
  const { plan } = await bind(`identity people {\n${rules}\n}`);
  return bare(plan.identities.find(({ name }) => name === 'people')!);
}

const value = { kind: 'column', column: { path: ['value'] } };
const literal = (text: unknown) => ({ kind: 'literal', value: text });

describe('identity rules', () => {
  it('kinds stand in their order, with their options in any order', async () => {
    const { kinds } = await identity('/** Who logs in. */\nid user valid 180d unique\nid email pii contact.email max 3\nid device');
    expect(kinds).toEqual([
      { name: 'user', doc: 'Who logs in.', unique: {}, valid: { within: 180 * DAY } },
      { name: 'email', max: { count: 3 }, pii: { category: 'contact.email' } },
      { name: 'device' },
    ]);
  });

  it('every form of `ignore` is one condition over the value', async () => {
    const { ignores } = await identity(`
      id user  id email
      ignore any matching /^0+$/i
      ignore email like "%@x"
      ignore user ilike "n/a"
      ignore user = 007
      ignore user in ("a", -1)
      ignore email where length(email) < 6
      ignore any where value = "x"`);
    expect(ignores.map(({ kinds }) => kinds.join(' '))).toEqual(['user email', 'email', 'user', 'user', 'user', 'email', 'user email']);
    expect(ignores.map(({ where }) => where)).toEqual([
      { kind: 'matches', negated: false, operand: value, regex: '^0+$', flags: 'i' },
      { kind: 'like', negated: false, ignoreCase: false, operand: value, pattern: '%@x' },
      { kind: 'like', negated: false, ignoreCase: true, operand: value, pattern: 'n/a' },
      // An id is a text: a number stands for its digits as they are written.
      { kind: 'compare', op: '=', left: value, right: literal('007') },
      { kind: 'in', negated: false, operand: value, values: [literal('a'), literal('-1')] },
      { kind: 'compare', op: '<', left: { kind: 'call', fn: 'length', args: [value] }, right: literal(6) },
      { kind: 'compare', op: '=', left: value, right: literal('x') },
    ]);
  });

  it('links, and what keeps apart', async () => {
    const { links, neverLinks, shared } = await identity(`
      id user  id email  id device
      link user with email,  device
      never link user "a" with email 17
      shared device when more than 5 user`);
    expect(links).toEqual([{ text: 'link user with email, device', kind: 'user', with: ['email', 'device'] }]);
    expect(neverLinks).toEqual([
      { text: 'never link user "a" with email 17', a: { kind: 'user', value: 'a' }, b: { kind: 'email', value: '17' } },
    ]);
    expect(shared).toEqual([{ text: 'shared device when more than 5 user', kind: 'device', moreThan: 5, of: 'user' }]);
  });

  it.each([
    ['', { keep: 'latest' }, {}],
    ['on conflict keep earliest', { keep: 'earliest' }, {}],
    ['retroactive', { keep: 'latest' }, {}],
    ['retroactive 30d', { keep: 'latest' }, { within: 30 * DAY }],
    ['forward', { keep: 'latest' }, { within: 0 }],
  ])('`%s`', async (rule, onConflict, retroactive) => {
    const plan = await identity(`id user  id email\n${rule}`);
    expect(plan).toMatchObject({ onConflict });
    expect(plan.retroactive).toEqual(retroactive);
    expect(plan.splitByTime).toBeUndefined();
  });

  it('every rule knows its place', async () => {
    const { plan } = await bind('identity people {\n  id user unique\n  ignore any = "x"\n  anonymous split by time\n}');
    const [, people] = plan.identities;
    const line = SOURCES.split('\n').length - 1;
    const place = (at: { start: object; end: object }) => [at.start, at.end];
    expect(place(people.kinds[0].unique!.at)).toEqual([
      { line: line + 1, character: 10 },
      { line: line + 1, character: 16 },
    ]);
    expect(place(people.ignores[0].at)).toEqual([
      { line: line + 2, character: 2 },
      { line: line + 2, character: 18 },
    ]);
    expect(people.splitByTime!.at.start).toEqual({ line: line + 3, character: 2 });
  });

  it('a wrong rule leaves the identity out, and the journeys built on it', async () => {
    const rules = 'identity people { id user  id email max 0 }\njourney P for people { enter on web.visit }\n';
    const { plan, broken } = await bind(rules + JOURNEYS);
    expect(plan.identities.map(({ name }) => name)).toEqual(['customer']);
    expect(plan.journeys.map(({ name }) => name)).toEqual(['J', 'K']);
    expect(broken).toEqual(['P']);
  });
});

describe('privacy', () => {
  const PRIVACY = `privacy {
    /** The numbers. */
    purpose analytics
    purpose marketing for J, K
    consent from web.consent or mail.consent where version > 1, granted where analytics = true and items.price > 0
    erase on Asked or web.gone
    suppress below 10
    retain 400d
  }\n`;

  it('is bound whole', async () => {
    const { plan } = await bind(PRIVACY + JOURNEYS);
    const { purposes, consent, erase, suppressBelow, retain } = bare(plan.privacy!);
    expect(purposes).toEqual([
      { name: 'analytics', doc: 'The numbers.', journeys: [] },
      { name: 'marketing', journeys: ['J', 'K'] },
    ]);
    expect(consent!.from.any.map(({ source, event }) => `${source}.${event}`)).toEqual(['web.consent', 'mail.consent']);
    expect(consent!.text).toBe(
      'consent from web.consent or mail.consent where version > 1, granted where analytics = true and items.price > 0',
    );
    // A table is one where any of the sources joins it.
    expect(consent!.granted).toMatchObject({
      kind: 'and',
      operands: [{ left: { column: { path: ['analytics'] } } }, { left: { column: { table: 'items', path: ['price'] } } }],
    });
    expect(erase!.on.any).toEqual([
      { source: 'mail', event: 'gone', via: 'Asked' },
      { source: 'web', event: 'gone' },
    ]);
    expect(suppressBelow).toEqual({ count: 10 });
    expect(retain).toEqual({ within: 400 * DAY });
  });

  // Numbers that its rules don't guard could be those that nobody may see.
  it.each([
    ['an error in it', 'privacy { suppress below 1 }'],
    ['a derived event', 'privacy { erase on First }'],
    ['two of them', 'privacy { suppress below 10 }\nprivacy { retain 3d }'],
    ['half a rule', 'privacy { suppress below }'],
    ['half a line', 'privacy {\n  suppress\n  retain 400d\n}'],
    ['a misspelt rule', 'privacy { supress below 10 }'],
    ['no brace', 'privacy\n  suppress below 10\n}'],
    ['no closing brace', 'privacy {\n  suppress below 10\n'],
    ['a text that runs on above it', 'event A = web."x\nprivacy { suppress below 10'],
    ['an import that is not there', 'import "privacy.journey"'],
  ])('%s stops every journey', async (_, text) => {
    const { plan, broken } = await bind(`${text}\n${JOURNEYS}`);
    expect(plan.journeys).toEqual([]);
    expect(broken).toEqual(['J', 'K']);
    expect(plan.privacy).toBeUndefined();
  });

  it('stands while something else is wrong', async () => {
    const { plan, broken } = await bind(`${PRIVACY}journey L for customer { entr on web.visit }\n${JOURNEYS}`);
    expect(plan.privacy).toBeDefined();
    expect(plan.journeys.map(({ name }) => name)).toEqual(['J', 'K']);
    expect(broken).toEqual(['L']);
    const unclosed = await bind(`source s { sample "x"\n${PRIVACY}${JOURNEYS}`);
    expect(unclosed.plan.privacy?.suppressBelow?.count).toBe(10);
    expect(unclosed.plan.journeys).toHaveLength(2);
  });
});

describe('properties and quality', () => {
  it('a declared column knows its category', async () => {
    const text = 'source shop { sample "s.csv"  time at  event "x"\n  property phone pii contact.phone\n  property a.b }';
    const { plan } = await bind(`${text}\ntable people { sample "p.csv"  id user = u  property age }`);
    expect(bare(plan.sources.find(({ name }) => name === 'shop')!.properties)).toEqual([
      { column: { path: ['phone'] }, pii: { category: 'contact.phone' } },
      { column: { path: ['a', 'b'] } },
    ]);
    expect(bare(plan.tables.find(({ name }) => name === 'people')!.properties)).toEqual([{ column: { path: ['age'] } }]);
  });

  const rows = (of: string) => ({ kind: 'quality', source: 'web', of });
  it.each([
    [
      'web.unreadable < 1%',
      { op: '<', left: rows('unreadable'), right: { kind: 'shareOf', share: { kind: 'percent', value: 0.01 }, of: rows('rows') } },
    ],
    [
      '1% > web.late',
      { op: '>', left: { kind: 'shareOf', share: { kind: 'percent', value: 0.01 }, of: rows('rows') }, right: rows('late') },
    ],
    ['web.without_id < 5% of web.events', { op: '<', right: { kind: 'shareOf', of: rows('events') } }],
    ['web.later = 0', { op: '=', left: rows('later'), right: { kind: 'number', value: 0 } }],
  ])('`expect %s`, in a journey and outside', async (text, condition) => {
    const { plan } = await bind(`expect ${text}, else warning "w"\njourney J for customer { enter on web.visit  expect ${text} }`);
    expect(bare(plan.expects)).toMatchObject([{ text, severity: 'warning', message: 'w', condition }]);
    expect(bare(plan.journeys[0].expects)).toMatchObject([{ text, severity: 'error', condition }]);
  });

  it('an expectation that is wrong is left out alone', async () => {
    const { plan } = await bind(`expect web.rows > 1\nexpect entered > 3\nexpect web.lates > 3\n${JOURNEYS}expect web.`);
    expect(plan.expects.map(({ text }) => text)).toEqual(['web.rows > 1']);
    expect(plan.journeys).toHaveLength(2);
  });
});
