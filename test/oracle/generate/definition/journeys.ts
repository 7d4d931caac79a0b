/** Random journeys. */
import fc from 'fast-check';
import type { Def, EndDef, Expectation, JourneyDef, Pattern, Policy, Ref, SplitDef } from '../../model.ts';
import { buildMetric, comparable, metricPick, periodPick } from './metrics.ts';
import { itemPick, type PatternPick, patternPick, type RefPick, refPick } from './patterns.ts';
import { comparison, distinct, durationArb, sometimes } from './picks.ts';

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

const splitPick = fc.record({
  kind: fc.constantFrom<SplitDef['kind']>('property', 'property', 'attribute', 'keep', 'segment', 'enter'),
  column: fc.constantFrom('s', 't', 'k', 'n', 'mid', 'order id'),
  which: fc.nat(3),
});

export const journeyPick = fc.record({
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
export type JourneyPick = typeof journeyPick extends fc.Arbitrary<infer T> ? T : never;

export function buildJourney(
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
