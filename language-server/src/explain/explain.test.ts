/** One person per outcome and per reason to be turned away, with the whole story each. All times are of March 2026, in UTC. */
import { createEngine, type EngineApi, type ExplainOptions, type Explanation, formatMoment } from '@journey/engine';
import { afterAll, describe, expect, it } from 'vitest';
import { loadSql } from '../node/sql.ts';
import { memoryFiles } from '../project/memory.ts';
import { createMemoryProject } from '../project/memory-project.ts';
import { storyAsMarkdown } from './markdown.ts';
import { scenarioText } from './scenario.ts';
import { type Story, story } from './story.ts';

const SOURCES = `source web {
  sample "web.csv"
  time   at
  event  name
  id     user   = user
  id     device = device
}
source mail {
  passive
  sample "mail.csv"
  time   at
  event  kind
  id     user = user
}
identity customer { id user  id device }
`;
const WEB = `at,name,user,device,plan,total,order
2026-03-01 10:00,join,ann,,free,,
2026-03-01 11:00,look,ann,d1,,,
2026-03-01 12:00,look,ann,,,,
2026-03-01 13:00,cart,ann,,,,
2026-03-02 12:00,buy,ann,,,40,
2026-03-05 10:00,join,ann,,free,,
2026-03-20 10:00,join,ann,,free,,
2026-02-20 10:00,join,ben,,free,,
2026-03-03 10:00,join,cleo,,free,,
2026-03-03 11:00,cart,cleo,,,,
2026-03-04 09:00,join,cleo,,free,,
2026-03-03 10:00,join,dora,,free,,
2026-03-03 10:30,look,dora,,,,
2026-03-20 10:00,join,emil,,free,,
2026-03-20 11:00,buy,emil,,,0,
2026-03-19 09:00,buy,emil,,,5,
2026-03-01 10:00,join,fay,,internal,,
2026-03-02 10:00,join,gus,,free,,
2026-03-02 10:00,cart,gus,,,,
2026-03-02 10:00,buy,gus,,,9,
2026-03-01 00:00,pay,hal,,,,o1
2026-03-02 00:00,ship,hal,,,,o1
2026-03-03 00:00,pay,hal,,,,o2
2026-03-04 00:00,close,hal,,,,
2026-03-05 00:00,ship,hal,,,,o2
2026-03-05 00:00,ship,hal,,,,
2026-03-01 00:00,fill,ina,,,,
2026-03-01 01:00,photo,ina,,,,
2026-03-25 00:00,look,ina,,,,
2026-03-01 10:00,look,,17,,,
2026-03-01 10:00,look,17,,,,
2026-03-07 10:00,join,kim,,free,,
2026-03-07,buy,kim,,,9,
`;
const MAIL = `at,kind,user
2026-03-03 12:00,sent,dora
2026-03-20 12:00,sent,emil
`;
const JOIN = `journey Join for customer {
  open     2026-03-01 ..
  enter    Joined on web.join where plan != "internal"
  reentry  after exit, wait 10d
  stage    Looking on web.look
  stage    Cart on web.cart
  complete Bought on web.buy where total > 0
  exit     Stuck after 2d in Cart
  exit     Quiet after 7d of silence
  exit     Late after 30d
}
`;
const FIRST = SOURCES.split('\n').length - 1;

const engines: EngineApi[] = [];
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

function projectOf(definition: string) {
  const files = memoryFiles({ 'a.journey': definition, 'web.csv': WEB, 'mail.csv': MAIL });
  const engine = createEngine({ files, sql: () => loadSql() });
  engines.push(engine);
  return { project: createMemoryProject(files, engine), uri: files.uri('a.journey') };
}

async function explain(journey: string, options: Omit<ExplainOptions, 'journey'>): Promise<Explanation> {
  const { project, uri } = projectOf(SOURCES + journey);
  return project.explain(uri, { journey: /journey (\w+)/.exec(journey)![1], ...options });
}

/** As a terminal would show it; lines of the journey count from its first. */
function told({ facts, chapters }: Story): string[] {
  const place = (line: number) => `:${line - FIRST + 1}`;
  return [
    ...facts,
    ...chapters.flatMap(({ title, lines }) => [
      `== ${title}`,
      ...lines.map(({ at, text, rules }) =>
        [at === undefined ? '' : formatMoment(at).slice('2026-'.length), text, ...rules.map(rule => place(rule.start.line))]
          .filter(part => part !== '')
          .join(' '),
      ),
    ]),
  ];
}
const storyOf = async (journey: string, who: string) => told(story(await explain(journey, { who })));

const ONCE = `journey Once for customer {
  enter    Joined on web.join
  reentry  once
  complete Bought on web.buy
}
`;
const CAPPED = `journey Capped for customer {
  enter    Joined on web.join
  reentry  after exit, max 1
  complete Bought on web.buy
}
`;
const ENDING = `journey Ending for customer {
  enter    Started on web.join or web.buy
  reentry  after exit
  complete Bought on web.buy
}
`;
const RESTART = `journey Restart for customer {
  enter    Looked on web.look
  reentry  restart
  complete Bought on web.buy
}
`;
const FORMS = `journey Forms for customer {
  enter    Filled on web.fill
  complete Settled on 2 of (web.photo, web.buy, web.cart)
}
`;
const ORDERS = `journey Orders for customer per order {
  enter    Paid on web.pay
  complete Shipped on web.ship
  exit     Closed on web.close for all
}
`;
const CARTS = `event Abandoned = web.cart then no web.buy within 1d
segment Loyal when at least 2 web.look before entry
journey Carts for customer {
  enter    Left on Abandoned
  enter    Bought on web.buy if Loyal
  exit     Late after 100d
}
`;
describe('the story of', () => {
  it('completed; then too soon: 2 March 12:00 + 10d is 12 March 12:00; then again, and active', async () => {
    expect(await storyOf(JOIN, 'ann')).toEqual([
      'Also known as device d1.',
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: completed as Bought after 1d 2h, by way of Looking and Cart',
      '03-01 10:00 web.join (plan free): entered by Joined: run 1 begins :3',
      '03-01 11:00 web.look: now in Looking :5',
      '03-01 12:00 web.look: Looking again: it was there already :5',
      '03-01 13:00 web.cart: now in Cart :6',
      '03-02 12:00 web.buy (total 40): completed as Bought, 1d 2h after entry :7',
      '== Afterwards',
      '03-05 10:00 web.join (plan free): turned away, cooling down: it opens again on 2026-03-12 12:00, 10d after the end of run 1 on 2026-03-02 12:00 :3',
      '== Run 2: still active after 4d 14h',
      '03-20 10:00 web.join (plan free): entered by Joined: run 2 begins, 17d 22h after the end of run 1 :3',
      'What would end it, nearest first:',
      'exit Quiet: 7d of silence, counted from the entry, with no sign of life in between: due on 2026-03-27 10:00, 2d 10h after as-of :9',
      'exit Late: 30d after entry on 2026-03-20 10:00: due on 2026-04-19 10:00, 25d 10h after as-of :10',
      'complete Bought: web.buy on 2026-03-02 12:00 came before the entry :7',
      'exit Stuck: its clock runs only in Cart, where the run never was :8',
    ]);
  });
  it('before the journey opens', async () => {
    expect(await storyOf(JOIN, 'ben')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Never in',
      '02-20 10:00 web.join (plan free): turned away, not open: the journey opens on 2026-03-01 00:00, 8d 14h later :3',
    ]);
  });
  it('in already, and stuck: 3 March 11:00 + 2d', async () => {
    expect(await storyOf(JOIN, 'cleo')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: exited as Stuck after 2d 1h, by way of Cart',
      '03-03 10:00 web.join (plan free): entered by Joined: run 1 begins :3',
      '03-03 11:00 web.cart: now in Cart :6',
      '03-04 09:00 web.join (plan free): turned away, already in: in run 1 since 2026-03-03 10:00 :3',
      '03-05 11:00 exit Stuck: 2d in Cart, counted from web.cart on 2026-03-03 11:00: exited as Stuck, 2d 1h after entry :8',
      'What would have completed it, nearest first:',
      'complete Bought: web.buy never happened in the run :7',
    ]);
  });
  it('silent: a mail of 3 March 12:00 is no sign of life, so it is 3 March 10:30 + 7d', async () => {
    expect(await storyOf(JOIN, 'dora')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: exited as Quiet after 7d 1h, by way of Looking',
      '03-03 10:00 web.join (plan free): entered by Joined: run 1 begins :3',
      '03-03 10:30 web.look: now in Looking :5',
      '03-10 10:30 exit Quiet: 7d of silence, counted from the last sign of life, web.look on 2026-03-03 10:30: exited as Quiet, 7d 1h after entry :9',
      'What would have completed it, nearest first:',
      'complete Bought: web.buy never happened in the run :7',
    ]);
  });
  it('active: clocks by when they are due, then what nearly ended it, then what never could', async () => {
    expect(await storyOf(JOIN, 'emil')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Before',
      '03-19 09:00 web.buy (total 5): counts for nothing: not entered yet :7',
      '== Run 1: still active after 4d 14h',
      '03-20 10:00 web.join (plan free): entered by Joined: run 1 begins :3',
      'What would end it, nearest first:',
      'exit Quiet: 7d of silence, counted from the last sign of life, web.buy on 2026-03-20 11:00: due on 2026-03-27 11:00, 2d 11h after as-of :9',
      'exit Late: 30d after entry on 2026-03-20 10:00: due on 2026-04-19 10:00, 25d 10h after as-of :10',
      'complete Bought: nearest was web.buy on 2026-03-20 11:00, which fails `total > 0` (total was 0) :7',
      'exit Stuck: its clock runs only in Cart, where the run never was :8',
    ]);
  });
  it('never in: what the way in asked for', async () => {
    expect(await storyOf(JOIN, 'fay')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      'No event of this person met a rule of Join.',
      '== Never in',
      'What would have let them in:',
      'enter Joined: nearest was web.join on 2026-03-01 10:00, which fails `plan != "internal"` (plan was "internal") :3',
    ]);
  });
  it('three events of one instance at one instant', async () => {
    expect(await storyOf(JOIN, 'gus')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: completed as Bought after 0s, by way of Cart (order-ambiguous)',
      '03-02 10:00 web.join (plan free): entered by Joined: run 1 begins :3',
      '03-02 10:00 web.cart: now in Cart :6',
      '03-02 10:00 web.buy (total 9): completed as Bought, 0s after entry :7',
      'Order-ambiguous: web.join and web.cart stand at one instant, 2026-03-02 10:00, and nothing in the data says which came first. The order of their rows decided.',
    ]);
  });
  it('a date without time is at every instant of its day', async () => {
    expect((await storyOf(JOIN, 'kim')).at(-1)).toBe(
      'Order-ambiguous: web.buy and web.join are of one day, 2026-03-07, and not both have a time, and nothing in the data says which came first. The order of their rows decided.',
    );
  });
});

describe('turned away, ended and open', () => {
  it('once', async () => {
    expect(await storyOf(ONCE, 'ann')).toEqual([
      'Also known as device d1.',
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: completed as Bought after 1d 2h',
      '03-01 10:00 web.join: entered by Joined: run 1 begins :2',
      '03-02 12:00 web.buy: completed as Bought, 1d 2h after entry :4',
      '== Afterwards',
      '03-05 10:00 web.join: turned away, once: run 1 began on 2026-03-01 10:00, and the journey is entered once :2',
      '03-20 10:00 web.join: turned away, once: run 1 began on 2026-03-01 10:00, and the journey is entered once :2',
    ]);
  });
  it('capped', async () => {
    expect(await storyOf(CAPPED, 'ann')).toEqual([
      'Also known as device d1.',
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: completed as Bought after 1d 2h',
      '03-01 10:00 web.join: entered by Joined: run 1 begins :2',
      '03-02 12:00 web.buy: completed as Bought, 1d 2h after entry :4',
      '== Afterwards',
      '03-05 10:00 web.join: turned away, capped: 1 run is the most, and one began on 2026-03-01 10:00 :2',
      '03-20 10:00 web.join: turned away, capped: 1 run is the most, and one began on 2026-03-01 10:00 :2',
    ]);
  });
  it('an event that ended a run begins no other', async () => {
    expect(await storyOf(ENDING, 'emil')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: completed as Bought after 1d 2h',
      '03-19 09:00 web.buy: entered by Started: run 1 begins :2',
      '03-20 10:00 web.join: turned away, already in: in run 1 since 2026-03-19 09:00 :2',
      '03-20 11:00 web.buy: completed as Bought, 1d 2h after entry; turned away, ended a run: the same event ended run 1 as Bought; only under `reentry at exit` could it begin another :4 :2',
    ]);
  });
  it('restarted', async () => {
    expect(await storyOf(RESTART, 'ann')).toEqual([
      'Also known as device d1.',
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: restarted after 1h',
      '03-01 11:00 web.look: entered by Looked: run 1 begins :2',
      '03-01 12:00 web.look: under `reentry restart` it ends run 1, 1h after entry, and begins another :2',
      'What would have completed it, nearest first:',
      'complete Bought: web.buy on 2026-03-02 12:00 came after the end :4',
      '== Run 2: completed as Bought after 1d',
      '03-01 12:00 web.look: entered by Looked: run 2 begins, 0s after the end of run 1 :2',
      '03-02 12:00 web.buy: completed as Bought, 1d after entry :4',
    ]);
  });
  it('two of three: what came, and what did not', async () => {
    expect(await storyOf(FORMS, 'ina')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: still active after 24d',
      '03-01 00:00 web.fill: entered by Filled: run 1 begins :2',
      '03-01 01:00 web.photo: 1 of the 2 different events that Settled waits for :3',
      'What would end it, nearest first:',
      'complete Settled: 1 of 2 came, web.photo; not web.buy nor web.cart :3',
    ]);
  });
  it('an order of its own; an event of no order ends them all, or counts for nothing', async () => {
    expect(await storyOf(ORDERS, 'hal')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '1 event without order counted for nothing, the first web.ship on 2026-03-05 00:00.',
      '== order o1, run 1: completed as Shipped after 1d',
      '03-01 00:00 web.pay: entered by Paid: run 1 begins :2',
      '03-02 00:00 web.ship: completed as Shipped, 1d after entry :3',
      '== order o2, run 1: exited as Closed after 1d',
      '03-03 00:00 web.pay: entered by Paid: run 1 begins :2',
      '03-04 00:00 web.close: exited as Closed, 1d after entry, `for all`: it ends every open participation of the person :4',
      'What would have completed it, nearest first:',
      'complete Shipped: web.ship on 2026-03-05 00:00 came after the end :3',
      '== order o2, afterwards',
      '03-05 00:00 web.ship: counts for nothing: run 1 had ended as Closed on 2026-03-04 00:00 :3',
    ]);
  });
  it('what did not happen is an event: 3 March 11:00 + 1d', async () => {
    expect(await storyOf(CARTS, 'cleo')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: still active after 20d 13h',
      '03-04 11:00 `Abandoned`, after web.cart: entered by Left: run 1 begins :4',
      'What would end it, nearest first:',
      'exit Late: 100d after entry on 2026-03-04 11:00: due on 2026-06-12 11:00, 79d 11h after as-of :6',
    ]);
  });
  it('eligible: two looks before, and no cart left, for it was bought within the day', async () => {
    expect(await storyOf(CARTS, 'ann')).toEqual([
      'Also known as device d1.',
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Run 1: still active after 22d 12h',
      '03-02 12:00 web.buy: entered by Bought: run 1 begins :5',
      'What would end it, nearest first:',
      'exit Late: 100d after entry on 2026-03-02 12:00: due on 2026-06-10 12:00, 77d 12h after as-of :6',
    ]);
  });
  it('not eligible', async () => {
    expect(await storyOf(CARTS, 'emil')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Never in',
      '03-19 09:00 web.buy: turned away, not eligible: not in segment Loyal :5',
      '03-20 11:00 web.buy: turned away, not eligible: not in segment Loyal :5',
    ]);
  });
});

describe('whose story it is', () => {
  it('an id of two kinds, of two people', async () => {
    expect(await storyOf(JOIN, '17')).toEqual([
      '17 is the id of 2 people: of one as user, of another as device. Choose user:17 or device:17.',
    ]);
  });
  it('an id with its kind', async () => {
    expect(await storyOf(JOIN, 'user:17')).toEqual([
      'As of 2026-03-25 00:00 UTC, like all times here.',
      '== Never in',
      '03-01 10:00 web.look: counts for nothing: never entered :5',
      'What would have let them in:',
      'enter Joined: web.join never happened :3',
    ]);
  });
  it('an id that is nearly one', async () => {
    expect(await storyOf(JOIN, 'anna')).toEqual(['Nobody has the id anna. Did you mean user:ann?']);
  });
  it('an id that is like no other', async () => {
    expect(await storyOf(JOIN, 'nobodyatall')).toEqual([
      'Nobody has the id nobodyatall, and none is like it. Ids here are of the kinds user, device.',
    ]);
  });
  it('any id of the person is as good', async () => {
    expect(await storyOf(JOIN, 'd1')).toEqual(await storyOf(JOIN, 'ann'));
    expect(await storyOf(JOIN, 'user ann')).toEqual(await storyOf(JOIN, 'ann'));
  });
  it('an id that is seen only later', async () => {
    const { note } = await explain(JOIN, { who: 'emil', asOf: Date.UTC(2026, 2, 10) });
    expect(note).toBe(
      'emil is in the data, but on no event that counts up to then: choose a later --as-of, or see what `journey check` says about its rows.',
    );
  });
  it.each([
    ['rejected', 'user ben'], // 20 February
    ['cooling down', 'user ann'],
    ['Quiet', 'user dora'],
    ['active', 'user ann'], // before emil, in the order of the rows of 20 March 10:00
    ['ambiguous', 'user gus'],
    ['Stuck', 'user cleo'],
  ])('the first who was %s is %s', async (any, participant) => {
    expect(await explain(JOIN, { any })).toMatchObject({ participant });
  });
  it('an outcome that is none', async () => {
    expect((await explain(JOIN, { any: 'Stuk' })).note).toBe('Nobody can be picked by "Stuk": did you mean Stuck?');
    expect((await explain(JOIN, { any: 'Late' })).note).toBe('Nobody in the sample is like that: Late.');
  });
  it('a journey that is none', async () => {
    const { project, uri } = projectOf(SOURCES + JOIN);
    expect((await project.explain(uri, { journey: 'Jion', who: 'ann' })).note).toBe('No journey is called Jion: did you mean Join?');
  });
});

describe('as of an instant', () => {
  it('a clock has not fired at its own deadline, only after it', async () => {
    // dora: 3 March 10:30 + 7d
    const deadline = Date.UTC(2026, 2, 10, 10, 30);
    const at = await explain(JOIN, { who: 'dora', asOf: deadline });
    expect(at.instances[0].runs).toMatchObject([{ outcome: 'active' }]);
    expect(at.instances[0].open[0]).toMatchObject({ rule: 'exit Quiet', due: deadline });
    const after = await explain(JOIN, { who: 'dora', asOf: deadline + 1 });
    expect(after.instances[0].runs).toMatchObject([{ outcome: 'exited', end: 'Quiet', ended: deadline }]);
  });
});

describe('as a scenario', () => {
  it('only what the journey reads, ids replaced', async () => {
    expect(scenarioText(await explain(JOIN, { who: 'ann', rows: true }))).toBe(`scenario "Join: Bought, active" {
  2026-03-01 10:00  web.join { user: "user1", plan: "free" }
  +1h  web.look { user: "user1", device: "device1" }
  +1h  web.look { user: "user1" }
  +1h  web.cart { user: "user1" }
  +23h  web.buy { user: "user1", total: 40 }
  +70h  web.join { user: "user1", plan: "free" }
  +15d  web.join { user: "user1", plan: "free" }
  as of +110h
  expect Join entered 2, completed 1 as Bought after 26h, active 1, rejected 1 as "cooling down"
  expect Join visits Looking, Cart
}
`);
  });
  const everybody = [
    ...['ann', 'ben', 'cleo', 'dora', 'emil', 'fay', 'gus'].map(who => [who, JOIN]),
    ...['ann', 'emil', 'ina'].flatMap(who => [ONCE, CAPPED, ENDING, RESTART, FORMS].map(journey => [who, journey])),
    ['hal', ORDERS],
    ...['cleo', 'ann', 'emil'].map(who => [who, CARTS]),
  ];
  it.each(everybody)('of %s it passes: %s', async (who, journey) => {
    const text = scenarioText(await explain(journey, { who, rows: true }));
    const { project, uri } = projectOf(`${SOURCES}${journey}${text}`);
    const { scenarios, findings } = await project.test(uri);
    expect(text).not.toContain(`"${who}"`);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(scenarios.map(({ ok, claims }) => ({ ok, instead: claims.map(({ instead }) => instead).join('') }))).toEqual([
      { ok: true, instead: '' },
    ]);
  });
});

describe('as Markdown', () => {
  it('rules are links, named at the end; what the data says is no markup', async () => {
    const markdown = storyAsMarkdown(story(await explain(JOIN, { who: 'ben' })));
    expect(markdown).toBe(`# Join: user ben

As of 2026-03-25 00:00 UTC, like all times here.

## Never in

- 2026-02-20 10:00 web.join (plan free): turned away, not open: the journey opens on 2026-03-01 00:00, 8d 14h later [a.journey:${FIRST + 3}][1]

[1]: memory:/a.journey#L${FIRST + 3}
`);
  });
});
