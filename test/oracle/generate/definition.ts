/** Random definitions: small vocabularies and a coarse grid of durations, so that rules meet and deadlines are hit to the millisecond. */
import fc from 'fast-check';
import type {
  Comparison,
  Condition,
  Def,
  Derived,
  EndDef,
  Expectation,
  JourneyDef,
  Metric,
  Pattern,
  Periods,
  Policy,
  Ref,
  SegmentCondition,
  SourceDef,
  SplitDef,
} from '../model.ts';

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
  derived?: DerivedPick;
  where?: Condition;
}
interface DerivedPick {
  kind: Derived['kind'];
  a: PatternPick;
  b: PatternPick;
  count: number;
  within: number;
  same?: string;
}
const refPick = fc.nat(11);
/** An operand: names, at times with a condition; once in a while another derived event in parentheses. */
const operandPick: fc.Arbitrary<PatternPick> = fc.record({
  any: fc.array(refPick, { minLength: 1, maxLength: 2 }),
  where: sometimes(conditionArb, 8),
});
function derivedPick(operand: fc.Arbitrary<PatternPick>, kinds: Derived['kind'][]): fc.Arbitrary<DerivedPick> {
  return fc.record({
    kind: fc.constantFrom(...kinds),
    a: operand,
    b: operand,
    count: fc.constantFrom(2, 2, 3),
    within: durationArb,
    same: sometimes(fc.constantFrom('k', 's', 'order id'), 4),
  });
}
const inner = derivedPick(operandPick, ['first', 'repeated', 'sequence']);
const outer = derivedPick(
  fc.oneof({ weight: 5, arbitrary: operandPick }, { weight: 1, arbitrary: inner.map(derived => ({ any: [], derived })) }),
  ['first', 'repeated', 'sequence', 'sequence', 'absence', 'absence', 'absence'],
);
/** @param n once in n times something derived is in it, alone or beside names */
function patternPickArb(n: number, most: number, where: number): fc.Arbitrary<PatternPick> {
  return fc
    .record({
      any: fc.array(refPick, { minLength: 1, maxLength: most }),
      alone: fc.boolean(),
      derived: sometimes(outer, n),
      where: sometimes(conditionArb, where),
    })
    .map(({ any, alone, derived, where }) => ({ any: derived && alone ? [] : any, derived, where }));
}
const patternPick = patternPickArb(8, 2, 4);
/** Named events are what derived ones are mostly said as, and so they are made of each other. */
const eventPick = patternPickArb(2, 2, 4);
/** What stands in a list: mostly a name alone. */
const itemPick = patternPickArb(12, 1, 8);

// ---------------------------------------------------------------- segments

const asked: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    kind: fc.constant('compare' as const),
    column: fc.constantFrom('n', 'profiles.age', 'profiles.age'),
    op: comparison,
    value: fc.constantFrom<number>(0, 1, 2, 2.5, 10),
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    column: fc.constantFrom('s', 't', 'profiles.tier'),
    op: fc.constantFrom<Comparison>('=', '!='),
    value: fc.constantFrom(...TEXTS),
  }),
  fc.record({
    kind: fc.constant('in' as const),
    column: fc.constantFrom('s', 'profiles.tier'),
    not: fc.boolean(),
    values: fc.uniqueArray(fc.constantFrom(...TEXTS), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('null' as const), column: fc.constantFrom('n', 's', 'profiles.tier'), not: fc.boolean() }),
  fc.record({
    kind: fc.constant('columns' as const),
    left: fc.constant('s'),
    op: fc.constantFrom<'=' | '!='>('=', '!='),
    right: fc.constantFrom('t', 'profiles.tier'),
  }),
);
type SegmentPick =
  | { kind: 'test'; condition: Condition }
  | { kind: 'history'; fn: 'count' | 'sum' | 'avg' | 'min' | 'max'; event: RefPick; within?: number; op: Comparison; value: number }
  | { kind: 'segment'; which: number }
  | { kind: 'and' | 'or'; parts: SegmentPick[] }
  | { kind: 'not'; part: SegmentPick };
const segmentLeaf: fc.Arbitrary<SegmentPick> = fc.oneof(
  fc.record({ kind: fc.constant('test' as const), condition: asked }),
  fc.record({
    kind: fc.constant('history' as const),
    fn: fc.constantFrom('count', 'count', 'count', 'sum', 'avg', 'min', 'max'),
    event: refPick,
    within: sometimes(durationArb, 2),
    op: fc.constantFrom<Comparison>('>=', '>=', '>', '<', '<=', '=', '!='),
    value: fc.constantFrom(1, 1, 2, 3),
  }),
  fc.record({ kind: fc.constant('segment' as const), which: fc.nat(3) }),
);
const segmentPick: fc.Arbitrary<SegmentPick> = fc.oneof(
  { weight: 4, arbitrary: segmentLeaf },
  { weight: 1, arbitrary: segmentLeaf.map(part => ({ kind: 'not' as const, part })) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom<'and' | 'or'>('and', 'or'),
      parts: fc.array(segmentLeaf, { minLength: 2, maxLength: 2 }),
    }),
  },
);

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
  kind: fc.nat(29),
  a: fc.nat(11),
  b: fc.nat(11),
  d: durationArb,
  property: fc.constantFrom('n', 'n', 'k', 's'),
});
type MetricPick = typeof metricPick extends fc.Arbitrary<infer T> ? T : never;

const periodPick: fc.Arbitrary<Periods> = fc.record({
  grain: fc.constantFrom<Periods['grain']>('day', 'day', 'week', 'month'),
  zone: fc.constantFrom(undefined, undefined, 'Europe/Berlin', 'Asia/Kolkata'),
  of: fc.constantFrom<Periods['of']>('entry', 'entry', 'end'),
});
const splitPick = fc.record({
  kind: fc.constantFrom<SplitDef['kind']>('property', 'property', 'attribute', 'keep', 'segment', 'enter'),
  column: fc.constantFrom('s', 't', 'k', 'n', 'mid', 'order id'),
  which: fc.nat(3),
});

const journeyPick = fc.record({
  per: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, undefined, 'k', 'k', 'k', 'order id', 'order id', 'mid'),
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
  enters: fc.array(fc.record({ on: patternPick, if: sometimes(fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 2 }), 3) }), {
    minLength: 1,
    maxLength: 2,
  }),
  reentry: reentryArb,
  stages: fc.array(patternPick, { maxLength: 3 }),
  ends: fc.array(fc.record({ complete: fc.boolean(), trigger: triggerPick }), { maxLength: 4 }),
  keeps: fc.array(
    fc.record({
      which: fc.constantFrom<'first' | 'last'>('first', 'last'),
      event: refPick,
      property: fc.constantFrom('n', 's', 'k'),
      within: sometimes(durationArb, 2),
    }),
    { maxLength: 2 },
  ),
  splits: fc.array(splitPick, { maxLength: 2 }),
  paths: fc.array(
    fc.record({ steps: fc.uniqueArray(fc.nat(2), { maxLength: 3 }), entry: fc.boolean(), end: fc.constantFrom(undefined, 0, 0, 1) }),
    { maxLength: 1 },
  ),
  metrics: fc.array(fc.record({ value: metricPick, by: sometimes(periodPick, 4) }), { maxLength: 4 }),
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
    profiles: fc.constantFrom(undefined, 'user', 'user', 'email'),
    events: fc.array(eventPick, { maxLength: 4 }),
    segments: fc.array(segmentPick, { maxLength: 3 }),
    journeys: fc.array(journeyPick, { minLength: 1, maxLength: 2 }),
    asOf: sometimes(fc.constantFrom('2026-03-28', '2026-03-29', '2026-03-31'), 8),
  })
  .map(pick => {
    let plain = JSON.stringify(pick);
    if (pick.joinOn === undefined) plain = plain.replaceAll('"items.price"', '"n"').replaceAll('"items.tag"', '"t"');
    if (pick.profiles === undefined) plain = plain.replaceAll('"profiles.age"', '"n"').replaceAll('"profiles.tier"', '"t"');
    return build(JSON.parse(plain));
  });
type DefPick = {
  sources: SourcePick[];
  joinOn?: string;
  profiles?: string;
  events: PatternPick[];
  segments: SegmentPick[];
  journeys: JourneyPick[];
  asOf?: string;
};

function build({ joinOn, profiles, sources, events, segments, journeys, asOf }: DefPick): Blueprint {
  const def: Def = { sources: sources.map(buildSource), tables: [], kinds: KINDS, events: [], segments: [], journeys: [], asOf };
  if (joinOn !== undefined) {
    def.tables.push({ name: 'items', file: 'data/items.csv', columns: ['item', 'price', 'tag'], key: 'item' });
    for (const source of def.sources) source.joins = [{ table: 'items', on: joinOn }];
  }
  if (profiles !== undefined)
    def.tables.push({ name: 'profiles', file: 'data/profiles.csv', columns: ['who', 'age', 'tier'], key: 'who', idKind: profiles });
  const known: Ref[] = def.sources.flatMap(source =>
    ('constant' in source.event ? [source.event.constant] : TYPES).map(event => ({ source: source.name, event })),
  );
  const ref = (pick: RefPick): Ref => known[pick % known.length];
  let absences = 0;
  const pattern = (pick: PatternPick): Pattern => {
    const any: Pattern['any'] = pick.any.map(ref);
    if (pick.derived) any.unshift(derived(pick.derived));
    return { any, where: pick.where };
  };
  /** Of the text's `then no` the ones inside another come first. */
  const derived = ({ kind, a, b, count, within, same }: DerivedPick): Derived => {
    switch (kind) {
      case 'first':
        return { kind, of: pattern(a), same };
      case 'repeated':
        return { kind, count, of: pattern(a), within, same };
      case 'sequence':
        return { kind, first: pattern(a), next: pattern(b), within, same };
      case 'absence':
        return { kind, first: pattern(a), no: pattern(b), within, same, order: absences++ };
    }
  };
  events.forEach((pick, i) => {
    def.events.push({ name: `E${i + 1}`, pattern: pattern(pick) });
    known.unshift({ event: `E${i + 1}` });
  });
  segments.forEach((pick, i) => {
    def.segments.push({ name: `Segment${i + 1}`, condition: buildSegment(pick, def.segments.slice(), ref) });
  });
  def.journeys = journeys.map((pick, j) => buildJourney(pick, j, def, ref, pattern));
  return { def, dates: sources.map(source => source.dates) };
}

/** One refers to those before it only. */
function buildSegment(pick: SegmentPick, earlier: Def['segments'], ref: (pick: RefPick) => Ref): SegmentCondition {
  switch (pick.kind) {
    case 'history':
      return { ...pick, event: ref(pick.event), property: pick.fn === 'count' ? undefined : 'n' };
    case 'segment': {
      const other = earlier[pick.which % Math.max(1, earlier.length)];
      return other ? { kind: 'segment', name: other.name } : { kind: 'history', fn: 'count', event: ref(pick.which), op: '>=', value: 1 };
    }
    case 'not':
      return { kind: 'not', part: buildSegment(pick.part, earlier, ref) };
    case 'and':
    case 'or':
      return { kind: pick.kind, parts: pick.parts.map(part => buildSegment(part, earlier, ref)) };
    default:
      return pick;
  }
}

function buildJourney(
  pick: JourneyPick,
  j: number,
  def: Def,
  ref: (pick: RefPick) => Ref,
  pattern: (pick: PatternPick) => Pattern,
): JourneyDef {
  // In the order of the text, so that its `then no` are numbered in it.
  const enters = pick.enters.map(({ on, if: gates }, i) => ({
    name: `Enter${i + 1}`,
    on: pattern(on),
    if: gates && distinct(gates.flatMap(gate => def.segments[gate % Math.max(1, def.segments.length)]?.name ?? [])),
  }));
  const stages = pick.stages.map((on, i) => ({ name: `Stage${i + 1}`, on: pattern(on) }));
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
    keeps: pick.keeps.map((keep, i) => ({ ...keep, name: `Keep${i + 1}`, event: ref(keep.event) })),
    splits: [],
    paths: [],
    metrics: [],
    expects: [],
  };
  journey.splits = distinct(pick.splits.flatMap(split => buildSplit(split, def, journey)));
  // An entry rule can only be first, an end only last.
  for (const { steps: picked, entry, end } of pick.paths) {
    const names = distinct(picked.flatMap(step => stages[step]?.name ?? []));
    if (entry) names.unshift(enters[0].name);
    if (end !== undefined && ends[end] !== undefined) names.push(ends[end].name);
    if (names.length > 1) journey.paths.push({ name: 'Path', steps: names });
  }
  pick.metrics.forEach(({ value: picked, by }, i) => {
    const value = buildMetric(picked, journey, ref);
    journey.metrics.push({ name: `m${i + 1}`, value, by: by && value.kind === 'active' ? { ...by, of: 'open' } : by });
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

function buildSplit(
  { kind, column, which }: typeof splitPick extends fc.Arbitrary<infer T> ? T : never,
  def: Def,
  journey: JourneyDef,
): SplitDef[] {
  const named = (of: { name: string }[]) => of[which % Math.max(1, of.length)]?.name;
  switch (kind) {
    case 'property':
      return [{ kind, column }];
    case 'attribute':
      return def.tables.some(({ name }) => name === 'profiles') ? [{ kind, column: 'profiles.tier' }] : [];
    case 'enter':
      return [{ kind }];
    default: {
      const name = named(kind === 'keep' ? journey.keeps : def.segments);
      return name === undefined ? [] : [{ kind, name }];
    }
  }
}

/** Shares, durations and numbers are compared with their like only. */
function comparable(journey: JourneyDef, left: Metric, op: Comparison, right: Metric): Expectation {
  const quantity = (metric: Metric): 'share' | 'duration' | 'number' => {
    if (metric.kind === 'metric') return quantity(journey.metrics.find(({ name }) => name === metric.name)!.value);
    if (metric.kind === 'rate' || metric.kind === 'rate within' || metric.kind === 'retention') return 'share';
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
    case 24:
    case 25:
      return { kind: 'retention', from: [0, 6, 12][pick.b % 3] * HOUR + 6 * HOUR, to: pick.d + 18 * HOUR };
    case 26:
    case 27: {
      const keep = journey.keeps[pick.b % Math.max(1, journey.keeps.length)];
      if (keep === undefined) return { kind: 'active' };
      return { kind: 'kept', fn: keep.property === 'n' ? summaries[pick.a % 6] : 'count distinct', keep: keep.name };
    }
    case 28:
      return { kind: 'active' };
    default: {
      const other = journey.metrics.at(-1);
      return other ? { kind: 'metric', name: other.name } : count;
    }
  }
}

/** `2 of (A, A)` says nothing that `1 of (A)` doesn't. */
function distinct<T>(things: T[]): T[] {
  const written = things.map(thing => JSON.stringify(thing));
  return things.filter((_, i) => written.indexOf(written[i]) === i);
}
