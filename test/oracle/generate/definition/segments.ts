/** Random segments. */
import fc from 'fast-check';
import type { Comparison, Condition, Def, Ref, SegmentCondition } from '../../model.ts';
import { type RefPick, refPick } from './patterns.ts';
import { comparison, durationArb, sometimes, TEXTS } from './picks.ts';

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
export type SegmentPick =
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
export const segmentPick: fc.Arbitrary<SegmentPick> = fc.oneof(
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

/** One refers to those before it only. */
export function buildSegment(pick: SegmentPick, earlier: Def['segments'], ref: (pick: RefPick) => Ref): SegmentCondition {
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
