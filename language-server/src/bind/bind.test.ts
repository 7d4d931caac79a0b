import { type JourneyPlan, type Plan, rowMatches } from '@journey/engine';
import { EmptyFileSystem, URI } from 'langium';
import { describe, expect, it } from 'vitest';
import { createJourneyServices } from '../language/services.ts';
import { bindFile } from './index.ts';

const DAY = 86_400_000;
const SOURCES = `
source web { sample "web.csv"  time at  event type  id user = user_id  join items on item_id }
source orders { sample "orders.csv"  time at  event "placed"  id user = user_id }
table items { sample "items.csv"  key item_id }
identity customer { id user }
event Ordered = orders.placed where total > 0
`;

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

async function journey(rules: string): Promise<JourneyPlan> {
  const { plan } = await bind(`journey J for customer {\n${rules}\n}`);
  return bare(plan.journeys[0]);
}

it('a path with an error is left out by itself', async () => {
  const rules =
    'enter on Ordered\nstage Cart on web.cart\npath Good: Ordered -> Cart\npath Unknown: Ordered -> Crat\npath Half: Ordered ->\ncomplete Done on web.done';
  const { plan, broken } = await bind(`journey J for customer {\n${rules}\n}`);
  expect(broken).toEqual([]);
  expect(plan.journeys[0].paths.map(({ name }) => name)).toEqual(['Good']);
  expect(plan.journeys[0].ends.map(({ name }) => name)).toEqual(['Done']);
});

describe('sources', () => {
  it('`until` means the last millisecond of its day in the zone of the source', async () => {
    const until = async (time: string) => {
      const { plan } = await bind(`source till { sample "t.csv"  time at ${time}  event type }`);
      return new Date(plan.sources.find(({ name }) => name === 'till')!.time.until!).toISOString();
    };
    expect(await until('until 2026-03-29')).toBe('2026-03-29T23:59:59.999Z');
    // Berlin's clocks go forward that day, it ends at 22:00 UTC; Kolkata is 5:30 ahead.
    expect(await until('zone "Europe/Berlin" until 2026-03-29')).toBe('2026-03-29T21:59:59.999Z');
    expect(await until('zone "Asia/Kolkata" until 2026-03-29')).toBe('2026-03-29T18:29:59.999Z');
    expect(await until('zone "Europe/Berlin" until 2026-03-01 12:00')).toBe('2026-03-01T11:00:00.000Z');
    expect(await until('zone "Europe/Berlin" until 2026-03-01 12:00Z')).toBe('2026-03-01T12:00:00.000Z');
  });
});

describe('events', () => {
  it('a named event is replaced by its rows, and its condition joined with the one around it', async () => {
    const { enters } = await journey('enter on Ordered or web.visit where plan = "free"');
    const column = (name: string) => ({ kind: 'column', column: { path: [name] } });
    const free = { kind: 'compare', op: '=', left: column('plan'), right: { kind: 'literal', value: 'free' } };
    const paid = { kind: 'compare', op: '>', left: column('total'), right: { kind: 'literal', value: 0 } };
    expect(enters[0].on).toEqual({
      kind: 'rows',
      text: 'Ordered or web.visit where plan = "free"',
      any: [
        { source: 'orders', event: 'placed', via: 'Ordered', where: { kind: 'and', operands: [paid, free] } },
        { source: 'web', event: 'visit', where: free },
      ],
    });
  });

  it("a table's column is one only where the source joins the table", async () => {
    const { enters } = await journey('enter on web.visit or orders.placed where items.price > 1');
    const columns = rowMatches(enters[0].on).map(
      ({ where }) => where?.kind === 'compare' && where.left.kind === 'column' && where.left.column,
    );
    expect(columns).toEqual([{ table: 'items', path: ['price'] }, { path: ['items', 'price'] }]);
  });
});

describe('times', () => {
  it('a period holds its whole last day', async () => {
    const { open } = await journey('open 2026-01-01 .. 2026-01-31\nenter on Ordered');
    // 31 days from the first instant, the last millisecond included
    expect(open).toEqual({ from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 1) + 31 * DAY - 1 });
  });

  it('durations are milliseconds', async () => {
    const { ends } = await journey(
      ['90s', '5min', '5m', '1.5h', '2d', '3w'].reduce((rules, each, i) => `${rules}\nexit E${i} after ${each}`, 'enter on Ordered'),
    );
    expect(ends.map(({ trigger }) => trigger.kind === 'after' && trigger.duration)).toEqual([
      90_000,
      5 * 60_000,
      5 * 60_000,
      1.5 * 3_600_000,
      2 * DAY,
      21 * DAY,
    ]);
  });
});

describe('rules', () => {
  it('an unnamed entry takes the name of its event, with a number where that is taken', async () => {
    const { enters } = await journey('enter on Ordered\nenter on web.visit\nenter on Ordered where x = 1\nstage visit on web.visit');
    expect(enters.map(({ name }) => name)).toEqual(['Ordered', 'visit 2', 'Ordered 2']);
  });

  it('ends keep the order in which they are declared, whatever they wait for', async () => {
    const { ends } = await journey(`enter on Ordered
      stage Cart on web.cart
      exit Late after 60d
      complete Bought on Ordered
      exit Closed on web.closed for all
      complete Settled on 2 of (Ordered, web.a or web.b)
      exit Quiet after 14d of silence
      exit Mute after 14d of silence of Ordered
      exit Stuck after 7d in Cart`);
    expect(ends.map(({ name, kind, trigger }) => [name, kind, trigger.kind])).toEqual([
      ['Late', 'exit', 'after'],
      ['Bought', 'complete', 'event'],
      ['Closed', 'exit', 'event'],
      ['Settled', 'complete', 'nOf'],
      ['Quiet', 'exit', 'silence'],
      ['Mute', 'exit', 'silence'],
      ['Stuck', 'exit', 'inStage'],
    ]);
  });

  it.each([
    ['', { policy: 'once' }],
    ['reentry restart', { policy: 'restart' }],
    ['reentry at exit, wait 30d', { policy: 'at exit', wait: 30 * DAY }],
    ['reentry after exit, interval 1d, max 3', { policy: 'after exit', interval: DAY, max: 3 }],
  ])('%s', async (rule, expected) => {
    expect((await journey(`enter on Ordered\n${rule}`)).reentry).toEqual(expected);
  });
});

describe('metrics', () => {
  const metric = async (text: string) =>
    (await journey(`enter on Ordered\nstage Cart on web.cart\ncomplete Bought on Ordered\nmetric m = ${text}`)).metrics[0].value;

  it('the name of a rule wins over that of an event', async () => {
    expect(await metric('count(Ordered)')).toEqual({ kind: 'enteredBy', rule: 'Ordered' });
    expect(await metric('count(web.cart)')).toMatchObject({ kind: 'countEvents', event: { text: 'web.cart' } });
    expect(await metric('sum(Ordered.total)')).toMatchObject({
      kind: 'aggregate',
      event: { text: 'Ordered' },
      property: { path: ['total'] },
    });
  });

  it('a rate may be of people, within a time, and from a stage', async () => {
    const of = { kind: 'end', name: 'Bought' };
    expect(await metric('rate(Bought)')).toEqual({ kind: 'rate', of, ofPeople: false });
    expect(await metric('rate(Bought of people)')).toEqual({ kind: 'rate', of, ofPeople: true });
    expect(await metric('rate(Bought within 2d of Cart)')).toEqual({
      kind: 'rate',
      of,
      within: 2 * DAY,
      from: { kind: 'stage', name: 'Cart' },
      ofPeople: false,
    });
  });

  it('`visits` in parentheses is the metric, and no claim of a scenario', async () => {
    const { expects } = await journey(
      `enter on Ordered\nstage Cart on web.cart\nexpect (visits(Cart) > 1) or (entered > 1)\nexpect 1 < visits(Cart)`,
    );
    const visits = { kind: 'visits', stage: 'Cart' };
    expect(expects[0].condition).toMatchObject({ kind: 'or', operands: [{ kind: 'compare', left: visits }, { kind: 'compare' }] });
    expect(expects[1].condition).toMatchObject({ kind: 'compare', right: visits });
  });

  it('times and distinct values', async () => {
    expect(await metric('p90(time to Bought)')).toEqual({
      kind: 'time',
      fn: 'p90',
      of: { kind: 'timeTo', step: { kind: 'end', name: 'Bought' } },
    });
    expect(await metric('median(time in Cart)')).toEqual({ kind: 'time', fn: 'median', of: { kind: 'timeIn', stage: 'Cart' } });
    expect(await metric('count(distinct web.cart.items.brand)')).toMatchObject({
      fn: 'countDistinct',
      property: { table: 'items', path: ['brand'] },
    });
  });

  it('products come before sums, and chains are read from the left', async () => {
    // 10 - 2 * 3 - 1 = (10 - (2 * 3)) - 1
    const value = await metric('10 - 2 * 3 - 1');
    const n = (value: number) => ({ kind: 'number', value });
    const of = (op: string, left: unknown, right: unknown) => ({ kind: 'arithmetic', op, left, right });
    expect(value).toEqual(of('-', of('-', n(10), of('*', n(2), n(3))), n(1)));
  });
});

describe('what has an error of its own is left out, and the rest stays', () => {
  it('a rule with an unknown event breaks its journey alone', async () => {
    const { plan, broken } = await bind('journey A for customer { enter on Nothing }\njourney B for customer { enter on Ordered }');
    expect(plan.journeys.map(({ name }) => name)).toEqual(['B']);
    expect(broken).toEqual(['A']);
  });

  it('a metric with an error is left out, with what builds on it, and the journey stays', async () => {
    const { metrics, expects } = await journey(
      'enter on Ordered\nmetric a = rate(Nothing)\nmetric b = a + 1\nmetric c = entered\nexpect b > 1\nexpect c > 1',
    );
    expect(metrics.map(({ name }) => name)).toEqual(['c']);
    expect(expects.map(({ text }) => text)).toEqual(['c > 1']);
  });

  it('what builds on a broken source goes with it', async () => {
    const { plan, broken } = await bind('source bad { sample "x" time at }\nevent E = bad.x\njourney A for customer { enter on E }');
    expect(plan.sources.map(({ name }) => name)).toEqual(['web', 'orders']);
    expect(plan.events.map(({ name }) => name)).toEqual(['Ordered']);
    expect(broken).toEqual(['A']);
  });

  it('a line being typed breaks only the journey it stands in', async () => {
    const { plan, broken } = await bind(
      'journey A for customer {\n enter on Ordered\n stage \n}\njourney B for customer { enter on Ordered }',
    );
    expect([plan.journeys.map(({ name }) => name), broken]).toEqual([['B'], ['A']]);
  });
});

it('doc comments are kept, places are exact', async () => {
  const { plan } = await bind(
    '/** From first\n * to last. */\njourney J for customer {\n  /** Of any plan. */\n  enter Start on Ordered\n}',
  );
  const [{ doc, nameAt, enters }] = plan.journeys;
  expect([doc, enters[0].doc]).toEqual(['From first\nto last.', 'Of any plan.']);
  const line = SOURCES.split('\n').length - 1;
  expect(nameAt).toEqual({
    uri: 'memory:/folder/a.journey',
    start: { line: line + 2, character: 8 },
    end: { line: line + 2, character: 9 },
  });
});
