/** Random definitions: small vocabularies and a coarse grid of durations, so that rules meet and deadlines are hit to the millisecond. */
import fc from 'fast-check';
import type { Comparison, Condition, Def, EndDef, Expectation, JourneyDef, Metric, Pattern, Policy, Ref, SourceDef } from '../model.ts';

const HOUR = 3_600_000;
const KINDS = ['user', 'email', 'device'];
/** Columns every source has: `n` holds numbers, `s` and `t` texts, `k` keys. */
const COLUMNS = ['at', 'type', 'k', 'n', 's', 't', 'mid', 'order id', ...KINDS];
export const TYPES = ['a', 'b', 'c', 'Signed Up'];
export const TEXTS = ['x', 'X', 'xy', 'yx'];

/** A definition, and for each source how its rows write their times. */
export interface Blueprint {
  def: Def;
  dates: ('never' | 'always' | 'sometimes')[];
}

const durationArb = fc.constantFrom(6, 6, 12, 12, 24, 24, 36, 48, 72).map(hours => hours * HOUR);
const comparison = fc.constantFrom<Comparison>('=', '!=', '<', '<=', '>', '>=');
/** Once in n times. */
export function sometimes<T>(arbitrary: fc.Arbitrary<T>, n: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: n - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

// ---------------------------------------------------------------- conditions and patterns

const simple: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    column: fc.constant('n'),
    op: comparison,
    value: fc.constantFrom<number>(0, 1, 2, 2.5, 10),
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    column: fc.constantFrom('s', 't'),
    op: fc.constantFrom<Comparison>('=', '!='),
    value: fc.constantFrom(...TEXTS),
  }),
  fc.record({
    kind: fc.constant('columns' as const),
    left: fc.constant('s'),
    op: fc.constantFrom<'=' | '!='>('=', '!='),
    right: fc.constant('t'),
  }),
  fc.record({
    kind: fc.constant('in' as const),
    column: fc.constantFrom('s', 't'),
    not: fc.boolean(),
    values: fc.uniqueArray(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('in' as const),
    column: fc.constant('n'),
    not: fc.boolean(),
    values: fc.constantFrom<number[]>([1], [2, 10], [2.5, 1, 0]),
  }),
  fc.record({
    kind: fc.constant('like' as const),
    column: fc.constantFrom('s', 't'),
    not: fc.boolean(),
    ignoreCase: fc.boolean(),
    pattern: fc.constantFrom('x', 'x%', '%Y', '_', 'X_', '%'),
  }),
  fc.record({
    kind: fc.constant('matches' as const),
    column: fc.constantFrom('s', 't', 'user'),
    not: fc.boolean(),
    regex: fc.constantFrom('^x', 'y$', 'x|u1', '[xu]\\w', '^X?y+x*$', '(x.){1}', 'u[^0]'),
    flags: fc.constantFrom('', 'i'),
  }),
  // What no table adds, in a definition without one, is asked of the row's own columns: see `build`.
  fc.record({
    kind: fc.constant('compare' as const),
    column: fc.constant('items.price'),
    op: comparison,
    value: fc.constantFrom<number>(1, 2, 10),
  }),
  fc.record({
    kind: fc.constant('in' as const),
    column: fc.constant('items.tag'),
    not: fc.boolean(),
    values: fc.uniqueArray(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ kind: fc.constant('null' as const), column: fc.constantFrom('n', 's', 'k', 'user'), not: fc.boolean() }),
);
const conditionArb: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 5, arbitrary: simple },
  { weight: 1, arbitrary: simple.map(part => ({ kind: 'not' as const, part })) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom<'and' | 'or'>('and', 'or'), parts: fc.array(simple, { minLength: 2, maxLength: 3 }) }),
  },
);

/** Which of the events there are; which those are is known only when the sources are. */
type RefPick = number;
interface PatternPick {
  any: RefPick[];
  where?: Condition;
}
const refPick = fc.nat(11);
const patternPick: fc.Arbitrary<PatternPick> = fc.record({
  any: fc.array(refPick, { minLength: 1, maxLength: 2 }),
  where: sometimes(conditionArb, 4),
});

/** What stands in a list: mostly a name alone. */
const itemPick: fc.Arbitrary<PatternPick> = fc.record({ any: refPick.map(ref => [ref]), where: sometimes(conditionArb, 8) });

// ---------------------------------------------------------------- sources

const sourcePick = fc.record({
  format: fc.constantFrom<SourceDef['format']>('csv', 'ndjson'),
  files: fc.constantFrom(1, 1, 1, 2),
  passive: fc.constantFrom(false, false, true),
  zone: fc.constantFrom(undefined, undefined, 'Europe/Berlin', 'Asia/Kolkata'),
  atEndOfDay: fc.constantFrom(false, false, true),
  dates: fc.constantFrom<Blueprint['dates'][number]>('never', 'never', 'never', 'always', 'sometimes'),
  until: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, '2026-03-29', '2026-03-31'),
  constant: fc.constantFrom(undefined, undefined, undefined, ...TYPES),
  unique: fc.constantFrom<string[] | undefined>(undefined, undefined, undefined, ['mid'], ['mid'], ['k', 'mid']),
  kinds: fc.constantFrom([0], [0], [0, 1], [0, 2], [2], [0, 1, 2], [1, 2]),
  where: sometimes(conditionArb, 8),
});
type SourcePick = typeof sourcePick extends fc.Arbitrary<infer T> ? T : never;

const SOURCE_NAMES = ['web', 'orders', 'mail'];
function buildSource(pick: SourcePick, i: number): SourceDef {
  const name = SOURCE_NAMES[i];
  return {
    name,
    format: pick.format,
    files: Array.from({ length: pick.files }, (_, f) => `data/${name}-${f + 1}.${pick.format}`),
    columns: COLUMNS,
    passive: pick.passive,
    time: { column: 'at', zone: pick.zone, atEndOfDay: pick.atEndOfDay, until: pick.until },
    event: pick.constant === undefined ? { column: 'type' } : { constant: pick.constant },
    unique: pick.unique,
    ids: pick.kinds.map(k => ({ kind: KINDS[k], column: KINDS[k], clean: KINDS[k] === 'email' })),
    joins: [],
    where: pick.where,
  };
}

// ---------------------------------------------------------------- journeys

const reentryArb: fc.Arbitrary<JourneyDef['reentry']> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<Policy>('once', 'restart', 'restart').map(policy => ({ policy })),
  fc.record({
    policy: fc.constantFrom<Policy>('after exit', 'at exit'),
    wait: sometimes(durationArb, 3),
    interval: sometimes(durationArb, 3),
    max: sometimes(fc.integer({ min: 1, max: 3 }), 3),
  }),
);
type TriggerPick =
  | { kind: 'event'; on: PatternPick; forAll: boolean }
  | { kind: 'n of'; count: number; items: PatternPick[] }
  | { kind: 'after'; duration: number }
  | { kind: 'silence'; duration: number; of?: PatternPick[] }
  | { kind: 'in stage'; duration: number; stage: number };
const triggerPick: fc.Arbitrary<TriggerPick> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('event' as const), on: patternPick, forAll: fc.constantFrom(false, false, true) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('n of' as const),
      count: fc.integer({ min: 1, max: 3 }),
      items: fc.array(itemPick, { minLength: 2, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('after' as const), duration: durationArb }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('silence' as const),
      duration: durationArb,
      of: sometimes(fc.array(itemPick, { minLength: 1, maxLength: 2 }), 2),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('in stage' as const), duration: durationArb, stage: fc.nat(2) }) },
);

const metricPick = fc.record({
  kind: fc.nat(24),
  a: fc.nat(11),
  b: fc.nat(11),
  d: durationArb,
  property: fc.constantFrom('n', 'n', 'k', 's'),
});
type MetricPick = typeof metricPick extends fc.Arbitrary<infer T> ? T : never;

const journeyPick = fc.record({
  per: fc.constantFrom(undefined, undefined, undefined, 'k', 'k', 'order id'),
  open: fc.constantFrom(
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    { from: '2026-03-28', to: '2026-03-30' },
    { from: '2026-03-27', to: '2026-03-28' },
    { from: '2026-03-28' },
    { to: '2026-03-29' },
  ),
  enters: fc.array(patternPick, { minLength: 1, maxLength: 2 }),
  reentry: reentryArb,
  stages: fc.array(patternPick, { maxLength: 3 }),
  ends: fc.array(fc.record({ complete: fc.boolean(), trigger: triggerPick }), { maxLength: 4 }),
  metrics: fc.array(metricPick, { maxLength: 4 }),
  expects: fc.array(
    fc.record({
      comparisons: fc.array(fc.record({ left: metricPick, op: comparison, right: metricPick }), { minLength: 1, maxLength: 2 }),
      join: fc.constantFrom<'and' | 'or'>('and', 'or'),
      not: fc.constantFrom(false, false, false, true),
    }),
    { maxLength: 2 },
  ),
});
type JourneyPick = typeof journeyPick extends fc.Arbitrary<infer T> ? T : never;

export const blueprintArb: fc.Arbitrary<Blueprint> = fc
  .record({
    sources: fc.array(sourcePick, { minLength: 1, maxLength: 3 }),
    joinOn: fc.constantFrom(undefined, undefined, 'k', 'order id'),
    events: fc.array(patternPick, { maxLength: 4 }),
    journeys: fc.array(journeyPick, { minLength: 1, maxLength: 2 }),
  })
  .map(pick => {
    if (pick.joinOn !== undefined) return build(pick.joinOn, pick.sources, pick.events, pick.journeys);
    const plain = JSON.stringify(pick).replaceAll('"items.price"', '"n"').replaceAll('"items.tag"', '"t"');
    const { sources, events, journeys } = JSON.parse(plain) as typeof pick;
    return build(undefined, sources, events, journeys);
  });

function build(joinOn: string | undefined, sources: SourcePick[], events: PatternPick[], journeys: JourneyPick[]): Blueprint {
  const def: Def = {
    sources: sources.map(buildSource),
    tables: joinOn === undefined ? [] : [{ name: 'items', file: 'data/items.csv', columns: ['item', 'price', 'tag'], key: 'item' }],
    kinds: KINDS,
    events: [],
    segments: [],
    journeys: [],
  };
  if (joinOn !== undefined) for (const source of def.sources) source.joins = [{ table: 'items', on: joinOn }];
  const known: Ref[] = def.sources.flatMap(source =>
    ('constant' in source.event ? [source.event.constant] : TYPES).map(event => ({ source: source.name, event })),
  );
  const ref = (pick: RefPick): Ref => known[pick % known.length];
  const pattern = (pick: PatternPick): Pattern => ({ any: pick.any.map(ref), where: pick.where });
  events.forEach((pick, i) => {
    def.events.push({ name: `E${i + 1}`, pattern: pattern(pick) });
    known.unshift({ event: `E${i + 1}` });
  });
  def.journeys = journeys.map((pick, j) => buildJourney(pick, j, ref, pattern));
  return { def, dates: sources.map(source => source.dates) };
}

function buildJourney(pick: JourneyPick, j: number, ref: (pick: RefPick) => Ref, pattern: (pick: PatternPick) => Pattern): JourneyDef {
  const stages = pick.stages.map((on, i) => ({ name: `Stage${i + 1}`, on: pattern(on) }));
  const enters = pick.enters.map((on, i) => ({ name: `Enter${i + 1}`, on: pattern(on) }));
  const ends: EndDef[] = [];
  pick.ends.forEach(({ complete, trigger }, i) => {
    const kind = complete ? 'complete' : 'exit';
    const add = (built: EndDef['trigger']) => ends.push({ name: `End${i + 1}`, kind, trigger: built });
    // `for all` is said of exits alone.
    if (trigger.kind === 'event') add({ ...trigger, on: pattern(trigger.on), forAll: trigger.forAll && kind === 'exit' });
    else if (trigger.kind === 'n of') {
      const items = distinct(trigger.items.map(pattern));
      add({ ...trigger, items, count: Math.min(trigger.count, items.length) });
    } else if (trigger.kind === 'silence') add({ ...trigger, of: trigger.of && distinct(trigger.of.map(pattern)) });
    else if (trigger.kind === 'after') add(trigger);
    else if (stages.length > 0) add({ ...trigger, stage: stages[trigger.stage % stages.length].name });
  });
  const journey: JourneyDef = {
    name: `Journey${j + 1}`,
    per: pick.per,
    open: pick.open,
    enters,
    reentry: pick.reentry,
    stages,
    ends,
    keeps: [],
    splits: [],
    paths: [],
    metrics: [],
    expects: [],
  };
  pick.metrics.forEach((metric, i) => {
    journey.metrics.push({ name: `m${i + 1}`, value: buildMetric(metric, journey, ref) });
  });
  journey.expects = pick.expects.map(({ comparisons, join, not }): Expectation => {
    const parts = comparisons.map(({ left, op, right }) =>
      comparable(journey, buildMetric(left, journey, ref), op, buildMetric(right, journey, ref)),
    );
    const joined: Expectation = parts.length === 1 ? parts[0] : { kind: join, parts };
    return not ? { kind: 'not', part: joined } : joined;
  });
  return journey;
}

/** Shares, durations and numbers are compared with their like only. */
function comparable(journey: JourneyDef, left: Metric, op: Comparison, right: Metric): Expectation {
  const quantity = (metric: Metric): 'share' | 'duration' | 'number' => {
    if (metric.kind === 'metric') return quantity(journey.metrics.find(({ name }) => name === metric.name)!.value);
    if (metric.kind === 'rate' || metric.kind === 'rate within') return 'share';
    return metric.kind.startsWith('time') ? 'duration' : 'number';
  };
  if (quantity(left) === 'share') return { kind: 'compare', left, op, right: { kind: 'percent', value: 50 } };
  if (quantity(left) === 'duration') return { kind: 'compare', left, op, right: { kind: 'duration', value: 12 * HOUR } };
  return { kind: 'compare', left, op, right: quantity(right) === 'number' ? right : { kind: 'number', value: 1 } };
}

const TOTALS = ['entered', 'people', 'active', 'completed', 'attempts', 'exited', 'exited', 'exited', 'rejected'] as const;
function buildMetric(pick: MetricPick, journey: JourneyDef, ref: (pick: RefPick) => Ref): Metric {
  const steps = [...journey.stages, ...journey.ends, ...journey.enters].map(rule => rule.name);
  const step = (n: number) => steps[n % steps.length];
  const stage = journey.stages[pick.b % Math.max(1, journey.stages.length)]?.name;
  const end = journey.ends[pick.b % Math.max(1, journey.ends.length)]?.name;
  const summaries = ['median', 'p90', 'avg', 'min', 'max', 'sum'] as const;
  const within = pick.b % 2 === 0 ? pick.d : undefined;
  const count = { kind: 'count' as const, event: ref(pick.a), within };
  switch (pick.kind) {
    case 0:
      return { kind: TOTALS[pick.a % TOTALS.length] };
    case 1:
      return end === undefined ? { kind: 'entered' } : { kind: 'exited of', end };
    case 2:
      return { kind: 'rejected for', reason: ['not open', 'once', 'capped', 'cooling down', 'already in', 'ended a run'][pick.a % 6] };
    case 3:
      return stage === undefined ? { kind: 'active' } : { kind: pick.a % 2 === 0 ? 'reached' : 'visits', stage };
    case 4:
    case 5:
      return { kind: 'rate', of: step(pick.a), ofPeople: pick.b % 2 === 0 };
    case 6:
    case 7:
      return { kind: 'rate within', of: step(pick.a), ofPeople: pick.b % 3 === 0, within: pick.d };
    case 8:
    case 9:
      return {
        kind: 'rate within',
        of: step(pick.a),
        ofPeople: pick.b % 4 === 3,
        within: pick.d,
        from: stage === step(pick.a) ? undefined : stage,
      };
    case 10:
    case 11:
      return count;
    case 12:
      return { kind: 'aggregate', fn: 'count distinct', event: ref(pick.a), property: pick.property, within };
    case 13:
    case 14:
    case 15:
    case 16:
      return { kind: 'aggregate', fn: ([...summaries, 'sum'] as const)[pick.b % 7], event: ref(pick.a), property: 'n', within };
    case 17:
    case 18:
      return { kind: 'time to', fn: summaries[pick.b % 6], step: step(pick.a) };
    case 19:
      return stage === undefined ? { kind: 'completed' } : { kind: 'time in', fn: summaries[pick.a % 6], stage };
    case 20:
      return { kind: 'arithmetic', op: (['+', '-', '*', '/'] as const)[pick.a % 4], left: count, right: { kind: 'entered' } };
    case 21:
      return { kind: 'share of', percent: [5, 50, 12.5][pick.a % 3], of: { kind: 'attempts' } };
    case 22:
      return { kind: 'runs with', rule: step(pick.a) };
    case 23:
      return { kind: 'negative', of: count };
    default: {
      const other = journey.metrics.at(-1);
      return other ? { kind: 'metric', name: other.name } : count;
    }
  }
}

/** `2 of (A, A)` says nothing that `1 of (A)` doesn't. */
function distinct(patterns: Pattern[]): Pattern[] {
  const written = patterns.map(pattern => JSON.stringify(pattern));
  return patterns.filter((_, i) => written.indexOf(written[i]) === i);
}
