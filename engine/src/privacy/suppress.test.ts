/** `suppress below k`: what is withheld, and that an attacker who subtracts finds nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyPlan, type JourneyPlan, type Plan, type ReentryPlan, type SplitPlan } from '../plan.ts';
import type { Count, JourneyResult, MetricValue } from '../result.ts';
import { shownJourney, simulateJourney } from '../simulate/index.ts';
import { complete, events, exit, expr, history, journey, type Row, step } from '../simulate/testing.ts';

type Sketch = Parameters<typeof journey>[0];
const at = { uri: 'test.journey', start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
const withholding = (below: number): Plan => ({ ...emptyPlan(), privacy: { at, purposes: [], suppressBelow: { count: below, at } } });
const shown = (sketch: Sketch, rows: Row[], below = 3) => shownJourney(journey(sketch), withholding(below), events(rows), null);
/** The same history for so many people. */
const crowd = (people: number, name: string, text: string, more: Partial<Row> = {}): Row[] =>
  Array.from({ length: people }, (_, i) => history(text, { who: `${name} ${i}`, ...more })).flat();

const shop: Sketch = {
  stages: { Looking: ['look'], Cart: ['cart'] },
  ends: [complete('Bought', 'buy'), exit('Left', 'leave'), exit('Refused', 'refuse')],
  metrics: {
    conversion: expr({ kind: 'rate', of: step('end', 'Bought'), ofPeople: false }),
    looked: expr({ kind: 'rate', of: step('stage', 'Looking'), ofPeople: false }),
    spent: expr({
      kind: 'aggregate',
      fn: 'sum',
      event: { kind: 'rows', any: [{ source: 'web', event: 'buy', at }], text: 'buy', at },
      property: { path: ['amount'], at },
    }),
    double: expr({
      kind: 'arithmetic',
      op: '*',
      left: { kind: 'metric', name: 'conversion', at },
      right: { kind: 'number', value: 2, at },
    }),
  },
};

describe('k = 3', () => {
  test('a number about fewer people is withheld, and so is the smallest remaining part of its sum', () => {
    // 17 entered: 6 active, 5 bought, 4 left, 2 refused. Of 2 nothing is told; 4 would give them away: 17 - 6 - 5 - 4 = 2.
    const rows = [
      ...crowd(6, 'active', 'in 0, look 1'),
      ...crowd(5, 'bought', 'in 0, look 1, buy 2', { amount: 10 }),
      ...crowd(4, 'left', 'in 0, leave 2'),
      ...crowd(2, 'refused', 'in 0, refuse 2'),
    ];
    const result = shown(shop, rows);
    expect(result).toMatchObject({
      suppressedBelow: 3,
      entered: 17,
      active: 6,
      completed: 5,
      exits: { Bought: 5, Left: 'withheld', Refused: 'few' },
    });
    // 11 of 17 looked, 6 didn't: both may be told. Nobody was at Cart.
    expect(result.stages).toEqual({
      Looking: { reached: 11, visits: 11, medianMs: expect.any(Number) },
      Cart: { reached: 'few', visits: 'few', medianMs: null },
    });
    expect(result.metrics.conversion).toMatchObject({ value: 5 / 17, numerator: 5, denominator: 17 });
    // 5 times 10
    expect(result.metrics.spent.value).toBe(50);
    // The way to Refused is not there at all.
    expect(result.transitions.map(({ to }) => to)).not.toContain('Refused');
  });

  test('a share is withheld where its complement is about fewer people, and all that is made of it', () => {
    // 10 entered, 8 bought: 2 didn't.
    const { metrics, exits, stages } = shown(
      {
        ...shop,
        expects: [
          expr({ kind: 'compare', op: '>', left: { kind: 'metric', name: 'conversion', at }, right: { kind: 'percent', value: 0.5, at } }),
        ],
      },
      [...crowd(8, 'bought', 'in 0, look 1, buy 2'), ...crowd(2, 'active', 'in 0, look 1')],
    );
    expect(exits.Bought).toBe('withheld');
    const withheld = { value: null, suppressed: 'withheld', interval: null };
    expect(metrics.conversion).toMatchObject({ ...withheld, numerator: null, denominator: 10 });
    expect(metrics.double).toMatchObject(withheld);
    // All 10 looked: that none did not is as much.
    expect(stages.Looking.reached).toBe('withheld');
  });

  test('an expectation on a withheld value is undecided, and does not tell it', () => {
    const over = (value: number) =>
      expr({ kind: 'compare', op: '>', left: { kind: 'exited', name: 'Refused', at }, right: { kind: 'number', value, at } });
    const { expectations } = shown({ ...shop, expects: [over(0), over(1), over(2)] }, [
      ...crowd(9, 'left', 'in 0, leave 2'),
      ...crowd(2, 'refused', 'in 0, refuse 2'),
    ]);
    expect(expectations.map(({ ok, actual }) => [ok, actual])).toEqual([
      [null, '< 3'],
      [null, '< 3'],
      [null, '< 3'],
    ]);
  });

  test('people count, not runs: five runs of two people are withheld', () => {
    const again: ReentryPlan = { policy: 'after exit' };
    const two = ['ann', 'bob'].flatMap(who => history('in 0, refuse 1, in 2, refuse 3', { who }));
    const { entered, exits } = shown({ ...shop, reentry: again }, [
      ...two,
      ...history('in 4, refuse 5', { who: 'ann' }),
      ...crowd(7, 'left', 'in 0, leave 1'),
      ...crowd(9, 'bought', 'in 0, buy 1'),
    ]);
    // 5 + 7 + 9 runs
    expect(entered).toBe(21);
    expect(exits).toEqual({ Bought: 9, Left: 'withheld', Refused: 'few' });
  });

  test('by subtraction of people from runs nobody learns how often one came back', () => {
    const rows = [
      ...crowd(9, 'once', 'in 0, buy 1'),
      ...crowd(5, 'left', 'in 0, leave 1'),
      ...history('in 0, buy 1, in 2, buy 3', { who: 'ann' }),
    ];
    // 16 runs of 15 people: one came again.
    expect(shown({ ...shop, reentry: { policy: 'after exit' } }, rows)).toMatchObject({ entered: 16, people: 'withheld' });
    // Where everybody comes once by definition there is nothing to learn.
    expect(shown(shop, rows)).toMatchObject({ entered: 15, people: 15 });
  });

  test('of attempts the sum is withheld where few were turned away: entered stays', () => {
    const rows = [
      ...crowd(9, 'once', 'in 0, buy 1'),
      ...crowd(5, 'left', 'in 0, leave 1'),
      ...history('in 0, buy 1, in 2', { who: 'ann' }),
    ];
    expect(shown(shop, rows)).toMatchObject({
      attempts: 'withheld',
      entered: 15,
      rejected: { once: 'few' },
      attemptsBy: { In: { attempts: 'withheld' } },
    });
  });

  const plan: SplitPlan = { kind: 'property', column: { path: ['plan'], at }, text: 'plan', at };
  test('groups: a small one takes the next smallest with it, in every number', () => {
    const rows = [
      ...crowd(9, 'free', 'in 0, look 1', { plan: 'free' }),
      ...crowd(6, 'pro', 'in 0, look 1', { plan: 'pro' }),
      ...crowd(4, 'team', 'in 0, leave 1', { plan: 'team' }),
      ...crowd(1, 'boss', 'in 0, leave 1', { plan: 'boss' }),
    ];
    const { splits } = shown({ ...shop, splits: [plan] }, rows);
    // boss is 1; team, 4, would give it away: 20 - 9 - 6 - 4 = 1. Withheld groups stand in order of their names.
    expect(splits[0].groups.map(({ value, entered }) => [value, entered])).toEqual([
      ['free', 9],
      ['pro', 6],
      ['boss', 'few'],
      ['team', 'withheld'],
    ]);
    expect(splits[0].groups[3].metrics.conversion).toMatchObject({ value: null, suppressed: 'few', denominator: null });
  });

  test('periods: a month of few takes another with it, and the days of the picture are left out', () => {
    const month = (name: string, people: number, days: number) => crowd(people, name, `in ${days * 24}, look ${days * 24 + 1}`);
    const { metrics, entriesByDay } = shown(
      { ...shop, metrics: { entries: expr({ kind: 'entered' }) }, by: { entries: { grain: 'month', of: 'entry' } } },
      [...month('jan', 9, 1), ...month('feb', 2, 40), ...month('mar', 5, 70)],
    );
    // 16 in all: 9 in January, 2 in February, 5 in March. 16 - 9 - 5 = 2.
    expect(metrics.entries.value).toBe(16);
    expect(metrics.entries.series?.map(({ value, suppressed }) => [value, suppressed])).toEqual([
      [9, undefined],
      [null, 'few'],
      [null, 'withheld'],
    ]);
    expect(entriesByDay).toEqual([{ day: '2026-01-02', entered: 9 }]);
  });

  test('without the rule nothing is withheld, and nothing costs more', () => {
    const rows = crowd(1, 'ann', 'in 0, buy 1');
    const definition = journey(shop);
    expect(shownJourney(definition, emptyPlan(), events(rows), null)).toEqual(simulateJourney(definition, emptyPlan(), events(rows), null));
  });
});

// ---------------------------------------------------------------- the attacker

/** An equation over numbers by name: they sum to 0 with these factors. */
type Equation = [name: string, factor: number][];

/** What is told of a number; null: nothing at all. */
type Told = Count | null;

/** Every number of a journey by its name, and what an attacker knows of how they hang together. */
function published(result: JourneyResult, definition: JourneyPlan, days: string[]): { numbers: Map<string, Told>; equations: Equation[] } {
  const numbers = new Map<string, Told>();
  const equations: Equation[] = [];
  const put = (name: string, count: Told) => numbers.set(name, count);
  const sum = (whole: string, parts: string[]) => equations.push([[whole, -1], ...parts.map((part): [string, number] => [part, 1])]);
  const metrics = (scope: string, all: Record<string, MetricValue>) => {
    for (const [name, { value, numerator, denominator, suppressed }] of Object.entries(all)) {
      const rate = definition.metrics.find(metric => metric.name === name)!.value.kind === 'rate';
      if (rate) {
        put(`${scope}${name} n`, numerator ?? (suppressed === 'few' ? 'few' : null));
        put(`${scope}${name} d`, denominator);
        // A share that is told tells the one of the other.
        expect(!suppressed || value === null).toBe(true);
        if (value !== null) expect([numerator, denominator]).not.toContain(null);
      } else if (name === 'spent') put(`${scope}${name}`, value);
    }
  };
  const funnel = (scope: string, one: Pick<JourneyResult, 'entered' | 'people' | 'active' | 'completed' | 'exits'>) => {
    for (const key of ['entered', 'people', 'active', 'completed'] as const) put(scope + key, one[key]);
    for (const [name, count] of Object.entries(one.exits)) put(`${scope}exit ${name}`, count);
    sum(`${scope}entered`, [`${scope}active`, ...Object.keys(one.exits).map(name => `${scope}exit ${name}`)]);
    sum(
      `${scope}completed`,
      definition.ends.filter(({ kind }) => kind === 'complete').map(({ name }) => `${scope}exit ${name}`),
    );
  };
  funnel('', result);
  metrics('', result.metrics);
  put('attempts', result.attempts);
  for (const [reason, count] of Object.entries(result.rejected)) put(`rejected ${reason}`, count);
  sum('attempts', ['entered', ...Object.keys(result.rejected).map(reason => `rejected ${reason}`)]);
  for (const [rule, count] of Object.entries(result.entries)) put(`enter ${rule}`, count);
  sum(
    'entered',
    Object.keys(result.entries).map(rule => `enter ${rule}`),
  );
  for (const [rule, { attempts, rejected }] of Object.entries(result.attemptsBy)) {
    put(`${rule} attempts`, attempts);
    for (const [reason, count] of Object.entries(rejected)) put(`${rule} rejected ${reason}`, count);
    sum(`${rule} attempts`, [`enter ${rule}`, ...Object.keys(rejected).map(reason => `${rule} rejected ${reason}`)]);
  }
  sum(
    'attempts',
    Object.keys(result.attemptsBy).map(rule => `${rule} attempts`),
  );
  for (const reason of Object.keys(result.rejected)) {
    const rules = Object.entries(result.attemptsBy).filter(([, { rejected }]) => reason in rejected);
    sum(
      `rejected ${reason}`,
      rules.map(([rule]) => `${rule} rejected ${reason}`),
    );
  }
  for (const [stage, { reached, visits }] of Object.entries(result.stages)) {
    put(`reached ${stage}`, reached);
    put(`visits ${stage}`, visits);
  }
  const rates = definition.metrics.flatMap(({ name, value }) => (value.kind === 'rate' ? [{ name, value }] : []));
  for (const { name, value } of rates) {
    sum(`${name} d`, ['entered']);
    sum(`${name} n`, [`${value.of.kind === 'stage' ? 'reached' : 'exit'} ${value.of.name}`]);
  }
  for (const { by, groups } of result.splits) {
    const name = (group: (typeof groups)[number]) => `${by} ${group.kind} ${group.value}: `;
    for (const group of groups) {
      funnel(name(group), group);
      metrics(name(group), group.metrics);
    }
    const keys = [
      'entered',
      'active',
      'completed',
      ...Object.keys(result.exits).map(exit => `exit ${exit}`),
      ...rates.flatMap(rate => [`${rate.name} n`, `${rate.name} d`]),
      'spent',
    ];
    for (const key of keys)
      sum(
        key,
        groups.map(group => name(group) + key),
      );
  }
  // Days that are left out are numbers too, and weeks and months are made of them.
  for (const { day, entered } of result.entriesByDay) put(day, entered);
  for (const { name, by } of definition.metrics) {
    const series = result.metrics[name].series ?? [];
    for (const { period, value, suppressed } of series) {
      put(`${name} ${period}`, value ?? suppressed ?? null);
      sum(
        `${name} ${period}`,
        days.filter(day => (by!.grain === 'month' ? day.slice(0, 7) : weekOf(day)) === period),
      );
    }
    if (by)
      sum(
        'entered',
        series.map(({ period }) => `${name} ${period}`),
      );
  }
  for (const day of days) if (!numbers.has(day)) put(day, null);
  for (const { from, to, count } of result.transitions) put(`${from} → ${to}`, count);
  for (const [name, { steps, outcomes, flags }] of Object.entries(result.paths)) {
    steps.forEach(({ reached, inOrder, name: step }, k) => {
      put(`${name} reached ${k}`, reached);
      put(`${name} order ${k}`, inOrder);
      sum(`${name} reached ${k}`, [definition.stages.some(stage => stage.name === step) ? `reached ${step}` : `exit ${step}`]);
    });
    const { left, ...others } = outcomes;
    for (const [outcome, count] of [...Object.entries(others), ...left.map((count, k): [string, Count] => [`left ${k}`, count])])
      put(`${name} ${outcome}`, count);
    sum(
      'entered',
      [...Object.keys(others), ...left.map((_, k) => `left ${k}`)].map(outcome => `${name} ${outcome}`),
    );
    sum(
      `${name} reached ${steps.length - 1}`,
      ['followed', 'otherOrder', 'skipped'].map(outcome => `${name} ${outcome}`),
    );
    sum(`${name} order ${steps.length - 1}`, [`${name} followed`]);
    // The path ends in an end: who is under way is who is active, and who was restarted didn't reach it.
    sum('active', [`${name} underWay`]);
    sum('exit Restarted', [`${name} restarted`]);
    sum(`${name} reached 0`, [`${name} order 0`]);
    for (const [flag, count] of Object.entries(flags)) put(`${name} ${flag}`, count);
  }
  return { numbers, equations };
}

/** The one of 2026 that has a Monday's day: weeks begin on Mondays, and 2026-W01 on 2025-12-29. */
const weekOf = (day: string) =>
  `2026-W${`${Math.floor((Date.parse(day) - Date.UTC(2025, 11, 29)) / (7 * 86_400_000)) + 1}`.padStart(2, '0')}`;

const numberOf = (told: Told | undefined): number | null => (typeof told === 'number' ? told : null);

/** By Gauss: the numbers that the equations determine, with the others known. */
function workedOut({ numbers, equations }: { numbers: Map<string, Told>; equations: Equation[] }): Map<string, number> {
  const known = (name: string) => numberOf(numbers.get(name));
  const unknown = [...new Set(equations.flat().flatMap(([name]) => (numbers.has(name) && known(name) === null ? [name] : [])))];
  const rows = equations
    .filter(equation => equation.every(([name]) => numbers.has(name)))
    .map(equation => {
      const row = new Float64Array(unknown.length + 1);
      for (const [name, factor] of equation) {
        const value = known(name);
        if (value === null) row[unknown.indexOf(name)] += factor;
        else row[unknown.length] -= factor * value;
      }
      return row;
    });
  let next = 0;
  for (let column = 0; column < unknown.length; column++) {
    const pivot = rows.findIndex((row, i) => i >= next && Math.abs(row[column]) > 1e-9);
    if (pivot < 0) continue;
    [rows[next], rows[pivot]] = [rows[pivot], rows[next]];
    const own = rows[next].map(value => value / rows[next][column]);
    rows[next] = own;
    rows.forEach((row, i) => {
      if (i !== next && row[column] !== 0) rows[i] = row.map((value, j) => value - row[column] * own[j]);
    });
    next++;
  }
  const found = new Map<string, number>();
  for (const row of rows.slice(0, next)) {
    const left = unknown.filter((_, i) => Math.abs(row[i]) > 1e-9);
    if (left.length === 1) found.set(left[0], Math.round(row[unknown.length]) + 0);
  }
  return found;
}

/** Of a number in which nobody is counted twice, where nobody has two runs. */
const isOfRuns = (name: string) => !/attempts|rejected|visits|spent| →/.test(name);

/**
 * By the signs in place of numbers: few is fewer than k where nobody has two runs, and never fewer than none; what is withheld for the
 * sake of few is k or more. Narrows every number by every sum it is in, as long as that narrows anything.
 */
function bounded(
  { numbers, equations }: { numbers: Map<string, Told>; equations: Equation[] },
  k: number,
  once: boolean,
): Map<string, number> {
  const bounds = new Map<string, [least: number, most: number]>();
  for (const [name, told] of numbers) {
    const ofRuns = once && isOfRuns(name);
    if (typeof told === 'number') bounds.set(name, [told, told]);
    else
      bounds.set(
        name,
        told === 'few' ? [0, ofRuns ? k - 1 : Number.POSITIVE_INFINITY] : [told === 'withheld' ? k : 0, Number.POSITIVE_INFINITY],
      );
  }
  const known = equations.filter(equation => equation.every(([name]) => bounds.has(name)));
  for (let narrowed = true, round = 0; narrowed && round < 50; round++) {
    narrowed = false;
    for (const equation of known) {
      for (const [name, factor] of equation) {
        // The others come to what this one is, with the sign turned.
        let [least, most] = [0, 0];
        for (const [other, weight] of equation) {
          if (other === name) continue;
          const [low, high] = bounds.get(other)!;
          const sign = -weight / factor;
          least += sign > 0 ? low : -high;
          most += sign > 0 ? high : -low;
        }
        const [low, high] = bounds.get(name)!;
        if (least > low || most < high) {
          bounds.set(name, [Math.max(low, least), Math.min(high, most)]);
          narrowed = true;
        }
      }
    }
  }
  return new Map(
    [...bounds].flatMap(([name, [low, high]]) => (low === high && typeof numbers.get(name) !== 'number' ? [[name, low]] : [])),
  );
}

const LIFE = fc.record({
  way: fc.constantFrom(
    'in 0',
    'in 0, look 1',
    'in 0, look 1, cart 2',
    'in 0, cart 1, look 2',
    'in 0, look 1, look 2, buy 3',
    'in 0, cart 2, buy 3',
    'in 0, leave 1',
    'again 0, refuse 4',
    'in 0, look 1, cart 2, buy 3, in 5',
    'again 1, look 2, leave 3, again 4',
  ),
  plan: fc.constantFrom('free', 'pro', 'team', null),
  city: fc.constantFrom('a', 'b'),
  day: fc.integer({ min: 0, max: 45 }),
  people: fc.integer({ min: 1, max: 9 }),
});

test('an attacker who works out all that can be worked out finds no number about 1 to k - 1 people', () => {
  const by = (name: string): SplitPlan => ({ kind: 'property', column: { path: [name], at }, text: name, at });
  fc.assert(
    fc.property(
      fc.array(LIFE, { minLength: 1, maxLength: 14 }),
      fc.integer({ min: 2, max: 8 }),
      fc.constantFrom<ReentryPlan>({ policy: 'once' }, { policy: 'after exit' }, { policy: 'restart' }),
      (lives, k, reentry) => {
        const rows = lives.flatMap(({ way, people, plan, city, day }, i) =>
          crowd(people, `${i}`, way, { plan, city, amount: i + 1 }).map(row => ({ ...row, hours: row.hours + day * 24 })),
        );
        const definition = journey({
          ...shop,
          reentry,
          metrics: { ...shop.metrics, monthly: expr({ kind: 'entered' }), weekly: expr({ kind: 'entered' }) },
          by: { monthly: { grain: 'month', of: 'entry' }, weekly: { grain: 'week', of: 'entry' } },
          enter: { In: ['in'], Again: ['again'] },
          splits: [by('plan'), by('city')],
          paths: { Way: [step('stage', 'Looking'), step('stage', 'Cart'), step('end', 'Bought')] },
        });
        const truth = simulateJourney(definition, emptyPlan(), events(rows), null);
        const told = shownJourney(definition, withholding(k), events(rows), null);
        const days = truth.entriesByDay.map(({ day }) => day);
        const all = published(truth, definition, days).numbers;
        const { numbers, equations } = published(told, definition, days);
        // A run takes part in a number once, and so is 1 to k - 1 runs about as few people; of more runs nobody is asked here.
        for (const [name, count] of numbers) {
          if (name.includes('spent')) continue;
          if (typeof count !== 'number') {
            // Few are few, and what is withheld for their sake is called so unless that would tell too much.
            if (count === 'few')
              expect([name, all.get(name), Number(all.get(name)) < k || reentry.policy !== 'once' || !isOfRuns(name)]).toEqual([
                name,
                all.get(name),
                true,
              ]);
            continue;
          }
          expect([name, count, count === 0 || count >= k || name.includes('restarted')]).toEqual([name, count, true]);
          expect([name, count]).toEqual([name, all.get(name)]);
        }
        for (const [name, count] of workedOut({ numbers, equations })) {
          expect([name, count, count === 0 || count >= k]).toEqual([name, all.get(name) ?? count, true]);
        }
        for (const [name, count] of bounded({ numbers, equations }, k, reentry.policy === 'once'))
          expect([name, count, count === 0 || count >= k || count !== all.get(name)]).toEqual([name, count, true]);
        const { entered } = told;
        if (typeof entered !== 'number') return;
        // What is left of a whole is as much a number as the whole.
        for (const [name, { reached }] of Object.entries(told.stages))
          if (typeof reached === 'number') expect([name, entered - reached >= k]).toEqual([name, true]);
        // Nobody is told of few, or none, of what two numbers differ by.
        const apart = (more: Count, less: Count) =>
          typeof more !== 'number' || typeof less !== 'number' || more === less || more - less >= k;
        expect([apart(told.attempts, entered), apart(entered, told.people)]).toEqual([true, true]);
        for (const { steps } of Object.values(told.paths)) {
          steps.forEach(({ reached, inOrder }, k1) => {
            const before = steps[k1 - 1]?.inOrder ?? 'withheld';
            expect([apart(before, inOrder), apart(reached, inOrder)]).toEqual([true, true]);
          });
        }
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);
