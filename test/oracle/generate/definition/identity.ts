/** Random rules of who is one customer, and random graphs of ids: pools so small that limits, quarantine, ties and conflicts really occur. */
import fc from 'fast-check';
import type { IdRow } from '../../identity.ts';
import type { Condition, IdentityDef } from '../../model.ts';
import { conditionsOn } from './patterns.ts';
import { distinct, HOUR, sometimes } from './picks.ts';

type IdPick = { kind: number; value: number };
const kindPick = fc.nat(3);
const idPick: fc.Arbitrary<IdPick> = fc.record({ kind: kindPick, value: fc.constantFrom(0, 0, 1, 1, 2, 3) });
const spanArb = fc.constantFrom(...[0.5, 1, 1, 2, 3].map(slots => slots * 6 * HOUR));

const rulesPick = fc.record({
  limits: fc.array(
    fc.record({
      most: fc.constantFrom<'unique' | 1 | 2 | 3 | undefined>(undefined, undefined, undefined, 'unique', 'unique', 1, 2, 3),
      valid: sometimes(spanArb, 4),
    }),
    { minLength: 4, maxLength: 4 },
  ),
  ignores: fc.oneof(
    { weight: 2, arbitrary: fc.constant<{ kind: number; where: Condition }[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.record({ kind: fc.nat(4), where: ignoredArb() }), { minLength: 1, maxLength: 2 }) },
  ),
  links: sometimes(
    fc.array(fc.record({ kind: kindPick, with: fc.uniqueArray(kindPick, { minLength: 1, maxLength: 2 }) }), { minLength: 1, maxLength: 3 }),
    5,
  ),
  never: fc.oneof(
    fc.constant<{ a: IdPick; b: IdPick }[]>([]),
    fc.array(fc.record({ a: idPick, b: idPick }), { minLength: 1, maxLength: 3 }),
  ),
  shared: sometimes(fc.record({ kind: kindPick, moreThan: fc.constantFrom(1, 1, 1, 2), of: kindPick }), 2),
  keep: fc.constantFrom<IdentityDef['keep']>('latest', 'earliest'),
  retroactive: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.oneof(fc.constant(0), spanArb) }),
  splitByTime: fc.boolean(),
});
export type RulesPick = typeof rulesPick extends fc.Arbitrary<infer T> ? T : never;
export const rulesPickArb: fc.Arbitrary<RulesPick> = rulesPick;

/** The values that rows carry: of each kind four, and what stands for none. Two of them UTF-16 sorts otherwise than code points do. */
export function valueOfKind(kind: string, n: number): string {
  return [`${kind[0]}0`, `${kind[0]}1`, `${kind[0]}\uff5e`, `${kind[0]}\u{1f600}`, '0'][n];
}

function ignoredArb(): fc.Arbitrary<Condition> {
  return fc.oneof<fc.Arbitrary<Condition>[]>(
    fc.constantFrom(...['0', 'u0', 'd1'].map(value => ({ kind: 'compare' as const, column: 'value', op: '=' as const, value }))),
    fc.constant({ kind: 'in' as const, column: 'value', not: false, values: ['0', 'd0'] }),
    fc.constantFrom('%0', '_1', 'U0').map(pattern => ({ kind: 'like' as const, column: 'value', not: false, ignoreCase: true, pattern })),
    fc.constantFrom('^(0|null)$', '^[ud]1').map(regex => ({ kind: 'matches' as const, column: 'value', not: false, regex, flags: '' })),
    conditionsOn('value'),
  );
}

/** @param kinds strongest first */
export function buildRules(pick: RulesPick | undefined, kinds: string[]): IdentityDef {
  const plain: IdentityDef = {
    kinds: kinds.map(name => ({ name })),
    ignores: [],
    links: [],
    neverLinks: [],
    shared: [],
    keep: 'latest',
    splitByTime: false,
  };
  if (pick === undefined) return plain;
  const name = (n: number) => kinds[n % kinds.length];
  const id = ({ kind, value }: { kind: number; value: number }) => `${name(kind)} ${valueOfKind(name(kind), value)}`;
  const named = new Set<string>();
  return {
    kinds: plain.kinds.map((kind, i) => {
      const { most, valid } = pick.limits[i];
      return { ...kind, unique: most === 'unique' || undefined, max: typeof most === 'number' ? most : undefined, valid };
    }),
    ignores: distinct(pick.ignores.map(({ kind, where }) => ({ kind: kind === 4 ? 'any' : name(kind), where }))),
    links: (pick.links ?? []).flatMap(link => {
      const partners = [...new Set(link.with.map(name))].filter(partner => {
        const pair = [name(link.kind), partner].sort().join();
        return !named.has(pair) && named.add(pair);
      });
      return partners.length === 0 ? [] : [{ kind: name(link.kind), with: partners }];
    }),
    neverLinks: distinct(pick.never.map(({ a, b }) => [id(a), id(b)].sort())).flatMap(([a, b]) => (a === b ? [] : [{ a, b }])),
    shared:
      pick.shared === undefined
        ? []
        : [
            {
              kind: name(pick.shared.kind),
              moreThan: pick.shared.moreThan,
              of: name(pick.shared.of === pick.shared.kind ? pick.shared.of + 1 : pick.shared.of),
            },
          ],
    keep: pick.keep,
    retroactive: pick.retroactive,
    splitByTime: pick.splitByTime,
  };
}

/** Rules and rows alone, for identity by itself. */
export interface Graph {
  rules: IdentityDef;
  rows: IdRow[];
  /** The row whose person is erased. */
  erase?: number;
}
export const graphArb: fc.Arbitrary<Graph> = fc
  .record({
    kinds: fc.constantFrom(2, 3, 3, 4),
    rules: fc.oneof({ weight: 1, arbitrary: fc.constant(undefined) }, { weight: 15, arbitrary: rulesPick }),
    erase: sometimes(fc.nat(13), 4),
    rows: fc.array(
      fc.record({
        slot: fc.nat(8),
        // Of a kind mostly one value or none, once in a while two.
        ids: fc.array(fc.record({ kind: kindPick, value: fc.constantFrom(0, 0, 1, 1, 2, 3, 4) }), { minLength: 0, maxLength: 4 }),
      }),
      { minLength: 3, maxLength: 14, size: 'max' },
    ),
  })
  .map(({ kinds: count, rules, rows, erase }) => {
    const kinds = ['user', 'email', 'login', 'device'].slice(-count);
    return {
      rules: buildRules(rules, kinds),
      erase,
      rows: rows
        .map(({ slot, ids }, r) => ({
          slot,
          ids: onceAKind(
            ids.map(({ kind, value }) => ({ kind: kind % count, value })),
            r,
          ),
        }))
        .sort((a, b) => a.slot - b.slot)
        .map(({ slot, ids }) => ({
          time: slot * 6 * HOUR,
          ids: ids.map(({ kind, value }) => `${kinds[kind]} ${valueOfKind(kinds[kind], value)}`),
        })),
    };
  });

function onceAKind<T extends { kind: number }>(ids: T[], row: number): T[] {
  return row % 4 === 0 ? ids : ids.filter(({ kind }, i) => ids.findIndex(other => other.kind === kind) === i);
}
