import { describe, expect, it } from 'vitest';
import type { ClaimPart, JourneyPlan, Plan, PrivacyPlan, ScenarioPlan, ScenarioRow } from '../plan.ts';
import type { ScenarioResult } from '../result.ts';
import { at, column, compare, engineOver, filesOf, journey, literal, people, plan, ref, rows, source } from '../testing.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 1, 10);

type Value = string | number | boolean | null;
/** A row `hours` after 2026-03-01 10:00; `user` is an id, `name.property` of a table one with a dot at its front. */
function row(hours: number, event: string, fields: Record<string, Value> = {}, of = 'web'): ScenarioRow {
  return {
    at: at(),
    time: START + hours * HOUR,
    source: of,
    event,
    fields: Object.entries(fields).map(([name, value]) => {
      if (name === 'user') return { path: [name], idKind: 'user', value, at: at() };
      const [table, ...path] = name.startsWith('.') ? name.slice(1).split('.') : [undefined, ...name.split('.')];
      return { path: path as string[], ...(table && { table }), value, at: at() };
    }),
  };
}

type Part = ClaimPart extends infer P ? (P extends ClaimPart ? Omit<P, 'at'> : never) : never;
/** Claims of journey J, each of one part or several. */
function scenario(given: ScenarioRow[], claims: (Part | Part[])[], more: Partial<ScenarioPlan> = {}): ScenarioPlan {
  return {
    title: 'it',
    at: at(),
    titleAt: at(1),
    rows: given,
    claims: claims.map((parts, i) => ({
      at: at(10 + i),
      text: 'J …',
      journey: 'J',
      parts: [parts].flat().map(part => ({ ...part, at: at() }) as ClaimPart),
    })),
    ...more,
  };
}

const end = (name: string, kind: 'complete' | 'exit', trigger: JourneyPlan['ends'][number]['trigger']) => ({
  name,
  kind,
  at: at(),
  nameAt: at(),
  trigger,
});
/** From signing up to buying, with a stage between; given up after a week. */
const buying: JourneyPlan = {
  ...journey(rows('web', 'signed_up')),
  enters: [{ name: 'Joined', at: at(), nameAt: at(), on: rows('web', 'signed_up') }],
  reentry: { policy: 'after exit' },
  stages: [
    { name: 'Looking', at: at(), nameAt: at(), on: rows('web', 'viewed') },
    { name: 'Cart', at: at(), nameAt: at(), on: rows('web', 'added') },
  ],
  ends: [
    end('Bought', 'complete', { kind: 'event', on: rows('web', 'bought'), forAll: false }),
    end('GaveUp', 'exit', { kind: 'after', duration: 168 * HOUR }),
  ],
};
/** No file holds a single row of it: all there is are the scenarios. */
const shop = (scenarios: ScenarioPlan[], more: Partial<Plan> = {}): Plan =>
  plan([source('web', 'none.csv')], { journeys: [buying], scenarios, ...more });

async function test(of: Plan): Promise<ScenarioResult[]> {
  const engine = engineOver(filesOf({}));
  try {
    return await engine.test(of);
  } finally {
    engine.dispose();
  }
}
/** What happened instead, claim by claim, of one scenario. */
const instead = async (of: Plan) => (await test(of))[0].claims.map(claim => claim.instead);

const ann = { user: 'ann' };
const ANN = [row(0, 'signed_up', ann), row(1, 'viewed', ann), row(2, 'viewed', ann), row(3, 'added', ann), row(26, 'bought', ann)];

describe('what is claimed and true', () => {
  it('runs, visits, outcomes and how long they took', async () => {
    const claims: Part[][] = [
      [
        { kind: 'entered', count: 1 },
        { kind: 'entered', count: 1, as: 'Joined' },
        { kind: 'completed', count: 1 },
        { kind: 'completed', count: 1, as: 'Bought', after: 26 * HOUR },
        { kind: 'exited', count: 0 },
        { kind: 'active', count: 0 },
        { kind: 'rejected', count: 0 },
        { kind: 'people', count: 1 },
        { kind: 'attempts', count: 1 },
      ],
      [{ kind: 'visits', stages: ['Looking', 'Cart'] }],
    ];
    const [result] = await test(shop([scenario(ANN, claims)]));
    expect(result).toMatchObject({
      title: 'it',
      ok: true,
      claims: [
        { ok: true, instead: '', at: at(10) },
        { ok: true, at: at(11) },
      ],
    });
  });

  it('the default as-of is the last row, and `as of` says another: clocks run until then', async () => {
    const given = [row(0, 'signed_up', ann)];
    const active: Part = { kind: 'active', count: 1 };
    const over: Part = { kind: 'exited', count: 1, as: 'GaveUp', after: 168 * HOUR };
    // At its very deadline a run is still active: the clock fires once it is past.
    const asOf = (hours: number) => ({ asOf: { instant: START + hours * HOUR, at: at() } });
    const results = await test(shop([scenario(given, [active]), scenario(given, [active], asOf(168)), scenario(given, [over], asOf(169))]));
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  it('a restart is an exit only by name, as in metrics', async () => {
    const given = [row(0, 'signed_up', ann), row(1, 'signed_up', ann)];
    const parts: Part[] = [
      { kind: 'entered', count: 2 },
      { kind: 'active', count: 1 },
      { kind: 'exited', count: 0 },
      { kind: 'exited', count: 1, as: 'Restarted', after: HOUR },
    ];
    const restarting = { ...buying, reentry: { policy: 'restart' as const } };
    expect(await instead(shop([scenario(given, [parts])], { journeys: [restarting] }))).toEqual(['']);
  });

  it('an attempt while in, and by whom', async () => {
    const given = [row(0, 'signed_up', ann), row(1, 'signed_up', { user: 'bob' }), row(2, 'signed_up', ann)];
    const parts: Part[] = [
      { kind: 'people', count: 2 },
      { kind: 'attempts', count: 3 },
      { kind: 'rejected', count: 1, as: 'already in' },
    ];
    expect(await instead(shop([scenario(given, [parts])]))).toEqual(['']);
  });
});

describe('what happened instead', () => {
  it('is told in one sentence', async () => {
    const given = [...ANN, row(27, 'signed_up', ann), row(28, 'signed_up', ann)];
    expect(await instead(shop([scenario(given, [{ kind: 'entered', count: 1 }])]))).toEqual([
      'entered 2 (2026-03-01 10:00, 2026-03-02 13:00); completed 1 as Bought after 26h; active 1; rejected 1: already in',
    ]);
  });

  it('speaks of stages, people and attempts where they were claimed', async () => {
    const parts: Part[][] = [[{ kind: 'visits', stages: ['Cart'] }], [{ kind: 'people', count: 2 }], [{ kind: 'attempts', count: 2 }]];
    const story = 'entered 1 (2026-03-01 10:00); completed 1 as Bought after 26h';
    expect(await instead(shop([scenario(ANN, parts)]))).toEqual([
      `${story}; visited Looking, Cart`,
      `${story}; people 1`,
      `${story}; attempts 1`,
    ]);
  });

  it('of a duration, exactly', async () => {
    const given = [row(0, 'signed_up', ann), row(25.5, 'bought', ann)];
    // 25 h 30 min are 1,530 min
    expect(await instead(shop([scenario(given, [{ kind: 'completed', count: 1, after: 26 * HOUR }])]))).toEqual([
      'entered 1 (2026-03-01 10:00); completed 1 as Bought after 1530min',
    ]);
  });

  it('of rows that came to nothing', async () => {
    const given = [row(0, 'signed_up'), row(1, 'signed_up', { ...ann, test: true }), row(4, 'signed_up', ann)];
    const where = compare('!=', column('test'), literal(true));
    const of = shop([scenario(given, [{ kind: 'entered', count: 1 }], { asOf: { instant: START + 2 * HOUR, at: at() } })], {
      sources: [source('web', 'none.csv', { where })],
    });
    expect(await instead(of)).toEqual([
      "nobody tried to enter; 1 row is after the instant of `as of`; 1 row is no event: the source's `where` or `unique` leaves it out; 1 row carries no id of customer",
    ]);
  });
});

describe('the rows', () => {
  it('an id is the id itself, or a column the source makes one of', async () => {
    const lower = { kind: 'call' as const, fn: 'lower' as const, args: [column('mail')], at: at() };
    const ids = [{ kind: 'user', value: lower, at: at() }];
    const given = [row(0, 'signed_up', { user: 'ann@x' }), row(1, 'viewed', { mail: 'Ann@X' }), row(2, 'viewed', { mail: 'bob@x' })];
    const of = shop(
      [
        scenario(given, [
          [
            { kind: 'visits', stages: ['Looking'] },
            { kind: 'people', count: 1 },
          ],
        ]),
      ],
      {
        sources: [source('web', 'none.csv', { ids })],
      },
    );
    expect(await instead(of)).toEqual(['']);
  });

  it('a repeated key is a duplicate, a missing one never', async () => {
    const unique = { columns: [ref('id')], at: at() };
    const of = (...keys: (Value | undefined)[]) =>
      shop(
        [
          scenario(
            keys.map((id, i) => row(i, 'signed_up', { ...ann, ...(id !== undefined && { id }) })),
            [{ kind: 'attempts', count: 2 }],
          ),
        ],
        {
          sources: [source('web', 'none.csv', { unique })],
        },
      );
    expect([await instead(of(1, 1, 2)), await instead(of(undefined, undefined))]).toEqual([[''], ['']]);
  });

  it('conditions see the columns, the time and the name as in a file', async () => {
    const late = compare('>=', column('time'), { kind: 'instant', value: START + HOUR, text: '2026-03-01 11:00', at: at() });
    const named = compare('=', column('event'), literal('signed_up'));
    const both = { kind: 'and' as const, operands: [late, named, compare('>', column('cart.total'), literal(9))], at: at() };
    const enters = [{ ...buying.enters[0], on: rows('web', 'signed_up', both) }];
    const given = [row(0, 'signed_up', { user: 'early', 'cart.total': 10 }), row(1, 'signed_up', { ...ann, 'cart.total': 10 })];
    const parts: Part[] = [
      { kind: 'entered', count: 1 },
      { kind: 'attempts', count: 1 },
    ];
    expect(await instead(shop([scenario(given, [parts])], { journeys: [{ ...buying, enters }] }))).toEqual(['']);
  });

  it('columns of a joined table stand on the row; told once, they hold for every row of that key', async () => {
    const dear = compare('>', column('price', 'items'), literal(100));
    const enters = [{ ...buying.enters[0], on: rows('web', 'signed_up', dear) }];
    const of = shop(
      [
        scenario(
          [
            row(0, 'signed_up', { user: 'a', item: 7, '.items.price': 200 }),
            row(1, 'signed_up', { user: 'b', item: 7 }),
            row(2, 'signed_up', { user: 'c', item: 8 }),
            row(3, 'signed_up', { user: 'd', '.items.price': 300 }),
          ],
          [{ kind: 'entered', count: 3 }],
        ),
      ],
      {
        sources: [source('web', 'none.csv', { joins: [{ table: 'items', on: ref('item'), at: at() }] })],
        tables: [{ name: 'items', at: at(), nameAt: at(), samples: [], key: { column: ref('item_id'), at: at() }, properties: [] }],
        journeys: [{ ...buying, enters }],
      },
    );
    expect(await instead(of)).toEqual(['']);
  });

  it('a fact about a customer stands on a row that carries the id, and holds for all rows', async () => {
    const young = compare('<', column('age', 'profiles'), literal(30));
    const segments = [{ name: 'Young', at: at(), nameAt: at(), text: '', condition: { kind: 'test' as const, expr: young, at: at() } }];
    const enters = [{ ...buying.enters[0], if: [{ segment: 'Young', at: at() }] }];
    const given = [
      row(0, 'viewed', { user: 'a', '.profiles.age': 20 }),
      row(1, 'signed_up', { user: 'a' }),
      row(2, 'signed_up', { uid: 'b', '.profiles.age': 25 }),
      row(3, 'signed_up', { user: 'c', '.profiles.age': 40 }),
      row(4, 'signed_up', { '.profiles.age': 20 }),
    ];
    const parts: Part[] = [
      { kind: 'entered', count: 2 },
      { kind: 'rejected', count: 1, as: 'not eligible' },
    ];
    const of = (claim: Part[]) =>
      shop([scenario(given, [claim])], {
        sources: [source('web', 'none.csv', { ids: [{ kind: 'user', value: column('uid'), at: at() }] })],
        tables: [
          {
            name: 'profiles',
            at: at(),
            nameAt: at(),
            samples: [],
            key: { column: ref('customer_id'), idKind: 'user', at: at() },
            properties: [],
          },
        ],
        segments,
        journeys: [{ ...buying, enters }],
      });
    expect(await instead(of(parts))).toEqual(['']);
    expect((await instead(of([{ kind: 'entered', count: 3 }])))[0]).toContain(
      "1 row carries no id of customer; profiles.age belongs to nobody: give the row the customer's id",
    );
  });

  it('the sample has no part in it, nor a time that it is cut off at', async () => {
    const engine = engineOver(filesOf({ 'web.csv': 'time,event,user\n2026-03-01T09:00Z,signed_up,ann\n2026-03-01T10:30Z,bought,ann\n' }));
    const time = { column: ref('time'), at: at(), atEndOfDay: false, until: START - 1 };
    const of = shop([scenario([row(0, 'signed_up', ann)], [{ kind: 'entered', count: 1 }])], {
      sources: [source('web', 'web.csv', { time: { ...time, until: undefined } })],
    });
    const { result } = await engine.preview(of);
    expect(result.journeys[0]).toMatchObject({ entered: 1, completed: 1 });
    expect(result.scenarios).toMatchObject([{ ok: true }]);
    expect((await engine.test({ ...of, sources: [source('web', 'web.csv', { time })] }))[0].ok).toBe(true);
    engine.dispose();
  });

  it('people of two sources are linked as in the sample', async () => {
    const ids = (kinds: string[]) => kinds.map(kind => ({ kind, value: column(kind), at: at() }));
    const of = shop(
      [
        scenario(
          [
            row(0, 'signed_up', { device: 'd1' }),
            row(1, 'signed_up', { device: 'd1', mail: 'a@x' }),
            row(2, 'sent', { mail: 'a@x' }, 'mail'),
          ],
          [
            [
              { kind: 'people', count: 1 },
              { kind: 'rejected', count: 1, as: 'already in' },
            ],
          ],
        ),
      ],
      {
        sources: [source('web', 'none.csv', { ids: ids(['device', 'mail']) }), source('mail', 'none.csv', { ids: ids(['mail']) })],
        identities: [people('device', 'mail')],
      },
    );
    expect(await instead(of)).toEqual(['']);
  });
});

describe('on every edit', () => {
  it('what has not changed its meaning is not run again, and stands at its present line', async () => {
    const engine = engineOver(filesOf({}));
    const before = scenario(ANN, [{ kind: 'entered', count: 2 }]);
    const [first] = await engine.test(shop([before]));
    const moved = { ...before, titleAt: at(7), claims: [{ ...before.claims[0], at: at(20) }] };
    const [again] = await engine.test(shop([moved]));
    expect(again).toMatchObject({ ms: first.ms, at: at(7), claims: [{ at: at(20), instead: first.claims[0].instead }] });
    const [changed] = await engine.test(shop([moved], { journeys: [{ ...buying, reentry: { policy: 'at exit' }, stages: [] }] }));
    expect(changed.ms).not.toBe(first.ms);
    engine.dispose();
  });

  it('a scenario of a journey that could not be bound is silent, and so is nobody else', async () => {
    const lost = scenario(ANN, [{ kind: 'entered', count: 1 }]);
    const results = await test(shop([{ ...lost, claims: [{ ...lost.claims[0], journey: 'Gone' }] }, lost]));
    expect(results.map(({ ok }) => ok)).toEqual([true]);
  });

  it('a scenario takes a few milliseconds', async () => {
    const engine = engineOver(filesOf({}));
    const many = Array.from({ length: 50 }, (_, i) => scenario([...ANN, row(30 + i, 'viewed', ann)], [{ kind: 'entered', count: 1 }]));
    await engine.test(shop(many.slice(0, 1)));
    const started = performance.now();
    await engine.test(shop(many));
    // Some 2 ms each where nothing else runs.
    expect((performance.now() - started) / many.length).toBeLessThan(20);
    engine.dispose();
  });
});

it('says which rules were taken', async () => {
  const [result] = await test(shop([scenario(ANN, [{ kind: 'entered', count: 1 }])]));
  expect(result.taken).toEqual({ J: ['Joined', 'Looking', 'Cart', 'Bought'] });
});

describe('what may be known of people holds for those of a scenario', () => {
  const privacy: PrivacyPlan = {
    at: at(),
    purposes: [],
    consent: { at: at(), text: 'web.consent', from: rows('web', 'consent'), granted: compare('=', column('given'), literal(true)) },
    erase: { at: at(), text: 'web.forget_me', on: rows('web', 'forget_me') },
    retain: { within: 100 * HOUR, at: at() },
    suppressBelow: { count: 10, at: at() },
  };
  const told = (given: ScenarioRow[], ...claims: Part[]) => instead(shop([scenario(given, claims)], { privacy }));
  const yes = (hours: number, who = ann) => row(hours, 'consent', { ...who, given: true });
  const no = (hours: number) => row(hours, 'consent', { ...ann, given: false });

  it('consent, as of each row: what stands without it is an attempt at most', async () => {
    const given = [row(0, 'signed_up', ann), yes(1), row(2, 'signed_up', ann), row(3, 'viewed', ann), no(4), row(5, 'bought', ann)];
    const claims: Part[] = [
      { kind: 'rejected', count: 1, as: 'no consent' },
      { kind: 'entered', count: 1 },
      { kind: 'visits', stages: ['Looking'] },
      { kind: 'completed', count: 0 },
      { kind: 'active', count: 1 },
    ];
    expect(await told(given, ...claims)).toEqual(claims.map(() => ''));
  });

  it('where no row states consent nobody consents, and the answer says so', async () => {
    expect(await told([row(0, 'signed_up', ann)], { kind: 'entered', count: 1 })).toEqual([
      'nobody entered; rejected 1: no consent; no row states consent, so nobody consents: web.consent',
    ]);
  });

  it('who asks to be erased is gone, and rows older than what is retained never were', async () => {
    const bob = { user: 'bob' };
    const given = [yes(0, bob), yes(1), row(2, 'signed_up', ann), row(3, 'forget_me', ann), yes(99, bob), row(101, 'signed_up', bob)];
    expect(await told(given, { kind: 'attempts', count: 1 }, { kind: 'entered', count: 1 })).toEqual(['', '']);
    // Of six rows the first is 101 h old, and three are Ann's.
    expect((await told(given, { kind: 'entered', count: 2 }))[0]).toContain(
      "4 rows are no event: the source's `where`, `unique`, an erasure or `retain` leaves them out",
    );
  });

  it('suppression doesn’t: these people are made up', async () => {
    expect(await told([yes(0), row(1, 'signed_up', ann)], { kind: 'people', count: 1 })).toEqual(['']);
  });
});
