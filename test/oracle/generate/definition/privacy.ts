/** Random consent, erasure and retention. Erasure takes few rows: what is left must still be worth a comparison. */
import fc from 'fast-check';
import type { Condition, Pattern, PrivacyDef, Ref } from '../../model.ts';
import { conditionArb, type RefPick, refPick } from './patterns.ts';
import { HOUR, sometimes } from './picks.ts';

const rare: fc.Arbitrary<Condition> = fc.constantFrom<Condition>(
  { kind: 'compare', column: 'n', op: '=', value: 10 },
  { kind: 'compare', column: 's', op: '=', value: 'yx' },
  { kind: 'compare', column: 's', op: '=', value: 'x' },
);
/** Mostly a yes; a row that says neither is a no. */
const yes: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom<Condition>(
    { kind: 'compare', column: 's', op: '!=', value: 'x' },
    { kind: 'compare', column: 'n', op: '!=', value: 1 },
    { kind: 'null', column: 't', not: true },
    { kind: 'compare', column: 'n', op: '<', value: 10 },
  ),
  conditionArb,
);

const privacyPick = fc.record({
  consent: sometimes(
    fc.record({ from: fc.array(refPick, { minLength: 1, maxLength: 3 }), where: sometimes(conditionArb, 5), granted: yes }),
    2,
  ),
  erase: sometimes(fc.record({ on: refPick, where: rare }), 2),
  suppressBelow: fc.constant(undefined as number | undefined),
  retain: sometimes(
    fc.constantFrom(48, 72, 96, 120).map(hours => hours * HOUR),
    4,
  ),
});
export type PrivacyPick = typeof privacyPick extends fc.Arbitrary<infer T> ? T : never;
export const privacyPickArb: fc.Arbitrary<PrivacyPick> = privacyPick;

/** @param row events that are rows of sources, and nothing derived */
export function buildPrivacy(pick: PrivacyPick | undefined, row: (pick: RefPick) => Ref): PrivacyDef | undefined {
  if (pick === undefined) return undefined;
  const { consent, erase, suppressBelow, retain } = pick;
  const from: Pattern | undefined = consent && { any: consent.from.map(row), where: consent.where };
  return {
    consent: from && { from, granted: consent!.granted },
    erase: erase && { any: [row(erase.on)], where: erase.where },
    suppressBelow,
    retain,
  };
}
