/** Random conditions, events and events made of others. */
import fc from 'fast-check';
import type { Comparison, Condition, Derived } from '../../model.ts';
import { comparison, durationArb, sometimes, TEXTS } from './picks.ts';

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
export const conditionArb: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 5, arbitrary: simple },
  { weight: 1, arbitrary: simple.map(part => ({ kind: 'not' as const, part })) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom<'and' | 'or'>('and', 'or'), parts: fc.array(simple, { minLength: 2, maxLength: 3 }) }),
  },
);

/** Any condition, asked of one column of texts. */
export function conditionsOn(column: string): fc.Arbitrary<Condition> {
  const onIt = (condition: Condition): Condition => {
    if ('parts' in condition) return { ...condition, parts: condition.parts.map(onIt) };
    if ('part' in condition) return { ...condition, part: onIt(condition.part) };
    if (condition.kind === 'columns') return { kind: 'compare', column, op: condition.op, value: 'd0' };
    return { ...condition, column };
  };
  return conditionArb.map(onIt);
}

/** Which of the events there are; which those are is known only when the sources are. */
export type RefPick = number;
export interface PatternPick {
  any: RefPick[];
  derived?: DerivedPick;
  where?: Condition;
}
export interface DerivedPick {
  kind: Derived['kind'];
  a: PatternPick;
  b: PatternPick;
  count: number;
  within: number;
  same?: string;
}
export const refPick = fc.nat(11);
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
export const patternPick = patternPickArb(8, 2, 4);
/** Named events are what derived ones are mostly said as, and so they are made of each other. */
export const eventPick = patternPickArb(2, 2, 4);
/** What stands in a list: mostly a name alone. */
export const itemPick = patternPickArb(12, 1, 8);
