/** semantics.md, "Privacy": erasure and retention, over files as they come. Hours since START in the arithmetic. */
import { describe, expect, it } from 'vitest';
import { type Rules, resolved } from '../identity/testing.ts';
import type { IdentityPlan, Plan, PrivacyPlan } from '../plan.ts';
import { at, column, compare, engineOver, filesOf, journey, literal, named, people, plan, preview, ref, rows, source } from '../testing.ts';
import { freedLinks } from './erase.ts';

const START = Date.UTC(2026, 2, 1);
const when = (hours: number) => new Date(START + hours * 3_600_000).toISOString();

/** `0 signed_up user=ann device=tab`, a row a line. */
const csv = (...lines: string[]): string => {
  const fields = ['user', 'email', 'device', 'order', 'analytics'];
  const written = lines.map(line => {
    const [hours, event, ...given] = line.split(' ');
    const values = new Map(given.map(part => part.split('=') as [string, string]));
    return [when(Number(hours)), event, ...fields.map(field => values.get(field) ?? '')].join();
  });
  return [['time', 'event', ...fields].join(), ...written].join('\n');
};

const KINDS = ['user', 'email', 'device'];
const web = (more = {}) => source('web', 'web.csv', { ids: KINDS.map(kind => ({ kind, value: column(kind), at: at(4) })), ...more });
const erasing: PrivacyPlan = { at: at(20), purposes: [], erase: { at: at(21), text: 'web.erase_me', on: rows('web', 'erase_me') } };
const retaining = (hours: number): PrivacyPlan => ({ at: at(20), purposes: [], retain: { within: hours * 3_600_000, at: at(22) } });
const signup = journey(rows('web', 'signed_up'));

const of = (privacy: PrivacyPlan, more: Partial<Plan> = {}, sourceMore = {}) =>
  plan([web(sourceMore)], {
    identities: [people(...KINDS)],
    journeys: [signup],
    events: named({ SignedUp: rows('web', 'signed_up') }),
    privacy,
    ...more,
  });
const told = async (lines: string[], of: Plan, asOf?: number) => {
  const { result, problems } = await preview(
    { 'web.csv': csv(...lines) },
    of,
    asOf === undefined ? {} : { asOf: START + asOf * 3_600_000 },
  );
  const { customers, erased } = result.identities.customer;
  return { ...result.journeys[0], customers, erased, events: result.events, source: result.sources.web, result, problems };
};

describe('erasure', () => {
  it('takes the ids of the person and every row that belonged to one of them, before the request and after it', async () => {
    const result = await told(
      ['0 signed_up user=ann device=tab', '1 viewed device=tab', '2 erase_me user=ann', '3 signed_up user=bob', '4 viewed device=tab'],
      of(erasing),
    );
    // Four rows are Ann's, the tablet's among them; Bob's is left.
    expect(result).toMatchObject({ entered: 1, customers: 1, events: { SignedUp: 1 } });
    expect(result.erased).toEqual({ requests: 1, unmatched: 0, people: 1, rows: 4 });
    expect(result.source).toMatchObject({ rows: 5, events: 1, erased: 4, from: START + 3 * 3_600_000 });
  });

  it('does nothing before the request: as of then nobody has asked', async () => {
    const lines = ['0 signed_up user=ann', '2 erase_me user=ann', '3 signed_up user=bob'];
    expect(await told(lines, of(erasing), 1)).toMatchObject({ entered: 1, customers: 1, erased: { requests: 0, people: 0, rows: 0 } });
    expect(await told(lines, of(erasing), 2)).toMatchObject({ entered: 0, customers: 0, erased: { requests: 1, people: 1, rows: 2 } });
  });

  it('an id is erased for good: it comes back to no one, and not as a new person either', async () => {
    const result = await told(['0 signed_up user=ann', '1 erase_me user=ann', '5 signed_up user=ann', '6 signed_up user=bob'], of(erasing));
    expect(result).toMatchObject({ attempts: 1, entered: 1, customers: 1, erased: { rows: 3 } });
  });

  it('an id that was erased is as if ignored on somebody else’s row', async () => {
    // With `user unique` the tablet stays Ann's (seen with her last); Bob's row with it is his own, and stays, but is no way to the tablet.
    const unique: IdentityPlan = {
      ...people(...KINDS),
      kinds: KINDS.map(name => ({ name, at: at(), ...(name === 'user' && { unique: { at: at() } }) })),
    };
    const rows = ['0 signed_up user=bob device=tab', '1 viewed user=ann device=tab', '2 viewed device=tab', '3 erase_me user=ann'];
    const result = await told(rows, of(erasing, { identities: [unique] }));
    expect(result).toMatchObject({ entered: 1, customers: 1, erased: { people: 1, rows: 3 }, source: { events: 1 } });
    const engine = engineOver(filesOf({ 'web.csv': csv(...rows) }));
    const bob = await engine.explain(of(erasing, { identities: [unique] }), { journey: 'J', who: 'bob' });
    expect(bob.ids).toEqual([{ kind: 'user', value: 'bob' }]);
    expect((await engine.explain(of(erasing, { identities: [unique] }), { journey: 'J', who: 'tab' })).participant).toBeNull();
    engine.dispose();
  });

  it('frees what it was in the way of: links that are possible only since are listed', async () => {
    // Two users a tablet at most: with Ann, Bob and Cid too many share it. Without Ann, Bob and Cid are one customer.
    const shared: IdentityPlan = { ...people(...KINDS), shared: [{ at: at(), text: '', kind: 'device', moreThan: 2, of: 'user' }] };
    const lines = ['0 signed_up user=ann device=tab', '1 signed_up user=bob device=tab', '2 signed_up user=cid device=tab'];
    expect(await told(lines, of(erasing, { identities: [shared] }))).toMatchObject({ customers: 3 });
    const asked = [...lines, '3 erase_me user=ann'];
    // Row 0 and the request are Ann's; the tablet isn't, so it is not erased.
    expect(await told(asked, of(erasing, { identities: [shared] }))).toMatchObject({ customers: 1, erased: { people: 1, rows: 2 } });

    const rules: Rules = { kinds: { user: {}, device: {} }, shared: shared.shared };
    const ids = (user: string) => [`user ${user}`, 'device tab'];
    const rowsOf = ['ann', 'bob', 'cid'].map((user, time) => ({ time, ids: ids(user) }));
    const freed = freedLinks(resolved(rowsOf, rules), resolved(rowsOf.slice(1), rules));
    // In the order in which they are made: the one last seen first.
    expect(freed).toEqual(['cid', 'bob'].map(value => ({ a: { kind: 'user', value }, b: { kind: 'device', value: 'tab' } })));
  });

  it('the identity report lists them by the ids that stay, a personal one by its kind alone, and tells where a link is from', async () => {
    const kinds = KINDS.map(name => ({ name, at: at(), ...(name === 'email' && { pii: { category: 'contact.email', at: at() } }) }));
    const shared: IdentityPlan = { ...people(...KINDS), kinds, shared: [{ at: at(), text: '', kind: 'device', moreThan: 2, of: 'email' }] };
    const january = csv('0 signed_up email=ann@x device=tab', '1 signed_up email=bob@x device=tab');
    const february = csv('2 signed_up user=u3 email=cid@x device=tab', '3 erase_me email=ann@x');
    const engine = engineOver(filesOf({ 'web/1.csv': january, 'web/2.csv': february }));
    const asked = of(erasing, { identities: [shared] }, { samples: [{ pattern: 'web/*.csv', base: '', at: at() }] });
    const report = (await engine.identity(asked, { who: 'u3' }))!;
    // With Ann three share the tablet. Without her two do: it links Bob and Cid, whose own link with u3 was there before.
    const [user, email, tab] = [
      { kind: 'user', value: 'u3' },
      { kind: 'email', value: null },
      { kind: 'device', value: 'tab' },
    ];
    expect(report.freed).toMatchObject({ count: 3 });
    expect(report.freed!.links).toHaveLength(3);
    expect(report.freed!.links).toEqual(
      expect.arrayContaining([
        { a: email, b: tab },
        { a: user, b: tab },
      ]),
    );
    expect(JSON.stringify(report)).not.toMatch(/@x|ann/);
    // u3's row is the first of the second file; Bob's with the tablet the second of the first.
    const places = report.who!.links.map(({ a, b, file, row }) => `${a.kind} ${b.kind}: ${file} ${row}`).sort();
    expect(places).toEqual(['email device: web/1.csv 2', 'user device: web/2.csv 1', 'user email: web/2.csv 1']);
    const nobodyAsked = of({ at: at(20), purposes: [] }, { identities: [shared] }, { samples: asked.sources[0].samples });
    expect((await engine.identity(nobodyAsked))!.freed).toBeUndefined();
    engine.dispose();
  });

  it('frees a limit', () => {
    // One user a customer, the first seen first: the tablet is Ann's at 1, so that Bob's at 2 is refused, until Ann's row is gone.
    const rules: Rules = { kinds: { user: { unique: true }, device: {} }, onConflict: { keep: 'earliest' } };
    const lines = ['ann', 'bob'].map((user, i) => ({ time: i + 1, ids: [`user ${user}`, 'device tab'] }));
    const before = resolved(lines, rules);
    expect(before.refused.length).toBe(1);
    const erased = { rows: Uint8Array.of(1, 0), ids: null };
    expect(freedLinks(before, resolved(lines, rules, { erased }))).toEqual([
      { a: { kind: 'user', value: 'bob' }, b: { kind: 'device', value: 'tab' } },
    ]);
    expect(freedLinks(before, before)).toEqual([]);
  });

  it('of an id that too many share only that id goes', async () => {
    const shared: IdentityPlan = { ...people(...KINDS), shared: [{ at: at(), text: '', kind: 'device', moreThan: 1, of: 'user' }] };
    const lines = ['0 signed_up user=ann device=tab', '1 signed_up user=bob device=tab', '2 viewed device=tab', '3 erase_me device=tab'];
    // Rows 2 and 3 are the tablet's own.
    expect(await told(lines, of(erasing, { identities: [shared] }))).toMatchObject({
      customers: 2,
      entered: 2,
      erased: { people: 1, rows: 2 },
    });
  });

  it('holds in every identity, and a row that goes in one goes in all', async () => {
    const byUser: IdentityPlan = { ...people('user'), name: 'account' };
    const two = of(erasing, {
      identities: [people(...KINDS), byUser],
      journeys: [signup, { ...signup, name: 'K', identity: 'account' }],
    });
    // Ann and Bob share a tablet: one customer, two accounts. In `customer` both go, and so in `account`.
    const lines = ['0 signed_up user=ann device=tab', '1 signed_up user=bob device=tab', '2 erase_me user=ann', '3 signed_up user=cid'];
    const { result } = await told(lines, two);
    expect(result.journeys.map(({ entered }) => entered)).toEqual([1, 1]);
    expect(result.identities).toMatchObject({ customer: { erased: { people: 1, rows: 3 } }, account: { erased: { people: 1, rows: 2 } } });
  });

  it('a request of nobody is told', async () => {
    const { problems, erased } = await told(['0 signed_up user=ann', '1 erase_me'], of(erasing));
    expect(erased).toEqual({ requests: 1, unmatched: 1, people: 0, rows: 0 });
    expect(problems).toMatchObject([{ code: 'erasure-unmatched', severity: 'warning', at: at(21) }]);
    expect(problems[0].message).toContain('1 request of 1 to be erased belongs to nobody');
  });

  it('what was a duplicate of an erased row is not somebody else’s first', async () => {
    const keyed = { unique: { columns: [ref('order')], at: at(5) } };
    const lines = ['0 signed_up user=ann order=1', '1 signed_up user=bob order=1', '2 erase_me user=ann', '3 viewed user=bob'];
    expect(await told(lines, of(erasing, {}, keyed))).toMatchObject({ entered: 0, source: { duplicates: 1, erased: 2, events: 1 } });
  });

  it('an edit of something else keeps all that was erased, and the request can be edited too', async () => {
    const engine = engineOver(
      filesOf({ 'web.csv': csv('0 signed_up user=ann', '1 erase_me user=ann', '1 forget user=bob', '2 signed_up user=bob') }),
    );
    const forgetting: PrivacyPlan = { ...erasing, erase: { ...erasing.erase!, on: rows('web', 'forget') } };
    const entered = async (plan: Plan) => (await engine.preview(plan)).result.journeys[0].entered;
    expect(await entered(of(erasing))).toBe(1);
    expect(
      await entered(of(erasing, { journeys: [journey(rows('web', 'signed_up', compare('=', column('user'), literal('ann'))))] })),
    ).toBe(0);
    expect(await entered(of(forgetting))).toBe(1);
    expect(await entered(of({ at: at(), purposes: [] }))).toBe(2);
    engine.dispose();
  });
});

describe('retention', () => {
  it('rows older than T - D don’t exist; one exactly as old does', async () => {
    const lines = ['0 signed_up user=ann', '1 signed_up user=bob', '2 signed_up user=cid', '49 viewed user=bob'];
    // T = 49 h: 49 - 48 = 1.
    expect(await told(lines, of(retaining(48)))).toMatchObject({
      entered: 2,
      customers: 2,
      events: { SignedUp: 2 },
      source: { rows: 4, events: 3, expired: 1, from: START + 3_600_000 },
    });
  });

  it('comes before `unique`: of equal keys the earliest that exists is kept', async () => {
    const keyed = { unique: { columns: [ref('order')], at: at(5) } };
    const lines = ['0 signed_up user=ann order=1', '2 signed_up user=bob order=1', '3 signed_up user=cid order=1', '49 viewed user=bob'];
    expect(await told(lines, of(retaining(48), {}, keyed))).toMatchObject({ entered: 1, source: { expired: 1, duplicates: 1, events: 2 } });
    expect((await told(lines, of(retaining(48), {}, keyed), 49)).result.journeys[0].people).toBe(1);
    // As of 3 h nothing is older than 48 h: Ann's row is the first.
    expect(await told(lines, of(retaining(48), {}, keyed), 3)).toMatchObject({ source: { expired: 0, duplicates: 2, events: 1 } });
  });

  it('doesn’t move the instant the numbers are as of', async () => {
    const { result } = await told(['0 signed_up user=ann', '49 viewed user=bob'], of(retaining(1)));
    expect(result.asOf).toBe(START + 49 * 3_600_000);
  });

  it('that leaves nothing is told', async () => {
    const { problems, source } = await told(['0 signed_up user=ann'], of(retaining(48)), 10 * 24);
    expect(source).toMatchObject({ events: 0, expired: 1 });
    expect(problems).toMatchObject([{ code: 'retention-leaves-nothing', severity: 'warning', at: at(22) }]);
  });

  it('a request that is too old was never made', async () => {
    const both = { ...erasing, ...retaining(48), erase: erasing.erase };
    const lines = ['0 erase_me user=ann', '40 signed_up user=ann', '49 viewed user=bob'];
    expect(await told(lines, of(both))).toMatchObject({ entered: 1, erased: { requests: 0 } });
  });
});

describe('consent, over files', () => {
  const asking = (text = 'true'): PrivacyPlan => ({
    at: at(20),
    purposes: [],
    consent: {
      at: at(23),
      text: 'web.consent_changed',
      from: rows('web', 'consent_changed'),
      granted: compare('=', column('analytics'), literal(text)),
    },
  });

  it('merging makes the most restrictive hold: what the tablet denied, the user did not take back', async () => {
    const lines = [
      '0 consent_changed device=tab analytics=false',
      '1 consent_changed user=ann analytics=true',
      '2 signed_up user=ann',
      '3 consent_changed user=bob analytics=true',
      '4 signed_up user=bob',
    ];
    expect(await told(lines, of(asking()))).toMatchObject({ entered: 2, rejected: {}, events: { SignedUp: 2 } });
    // The login on the tablet makes them one: of both the latest word counts.
    expect(await told([...lines, '5 viewed user=ann device=tab'], of(asking()))).toMatchObject({
      entered: 1,
      attempts: 2,
      rejected: { 'no consent': 1 },
      events: { SignedUp: 1 },
      customers: 2,
    });
  });

  it('what an erased person said is said by nobody', async () => {
    const lines = ['0 consent_changed user=ann analytics=true', '1 erase_me user=ann', '2 signed_up user=ann', '3 signed_up user=bob'];
    const both = { ...asking(), erase: erasing.erase };
    expect(await told(lines, of(both))).toMatchObject({ attempts: 1, rejected: { 'no consent': 1 }, erased: { people: 1 } });
  });

  it('an explanation says what was the last word', async () => {
    const engine = engineOver(
      filesOf({
        'web.csv': csv(
          '0 signed_up user=ann',
          '1 consent_changed user=ann analytics=true',
          '2 signed_up user=ann device=tab',
          '3 consent_changed user=ann analytics=false',
          '4 bought user=ann',
          '5 consent_changed user=ann analytics=true',
          '6 consent_changed device=tab analytics=false',
          '7 consent_changed user=ann analytics=true',
          '8 bought user=ann',
        ),
      }),
    );
    const bought = { kind: 'event' as const, on: rows('web', 'bought'), forAll: false };
    const buying = { ...signup, ends: [{ name: 'Bought', at: at(), nameAt: at(), kind: 'complete' as const, trigger: bought }] };
    const { instances } = await engine.explain(of(asking(), { journeys: [buying] }), { journey: 'J', who: 'ann' });
    expect(instances[0].steps.map(({ what, because }) => [what, because])).toEqual([
      ['rejected', 'turned away, no consent: there was no consent at that time: nothing had been said of it yet'],
      ['entered', expect.any(String)],
      [
        'ignored',
        'counts for nothing: there was no consent at that time: the last word was web.consent_changed on 2026-03-01 03:00, which denies it',
      ],
      [
        'ignored',
        'counts for nothing: there was no consent at that time: the last word was web.consent_changed on 2026-03-01 07:00, which grants it, but another id of the person denied it on 2026-03-01 06:00 and has said nothing since',
      ],
    ]);
    expect(instances[0].open[0].because).toContain('meets it, but there was no consent at that time');
    engine.dispose();
  });

  it('that nobody ever gives is told', async () => {
    const codes = async (lines: string[], privacy: PrivacyPlan) =>
      (await told(lines, of(privacy))).problems.map(({ code, message }) => [code, message]);
    expect(await codes(['0 signed_up user=ann'], asking())).toEqual([
      ['consent-never-given', expect.stringContaining('no row states consent')],
    ]);
    const stated = ['0 consent_changed user=ann analytics=true', '1 signed_up user=ann'];
    expect(await codes(stated, asking('yes'))).toEqual([
      ['consent-never-given', expect.stringContaining('none of the 1 row that states consent grants it')],
    ]);
    expect(await codes(['0 consent_changed analytics=true', '1 signed_up user=ann'], asking())).toEqual([
      ['consent-never-given', expect.stringContaining('belongs to nobody')],
    ]);
    expect(await codes(stated, asking())).toEqual([]);
  });
});
