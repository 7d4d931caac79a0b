/** The oracle's own identity held against the ten cases of identity.md, and what else is easily got wrong, worked out by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphArb } from './generate/definition/identity.ts';
import { compareGraph } from './harness/hunt.ts';
import { oracleTells, productTells } from './harness/identity.ts';
import { type IdRow, kindOf, resolve } from './identity.ts';
import type { IdentityDef } from './model.ts';

const plain: IdentityDef = { kinds: [], ignores: [], links: [], neverLinks: [], shared: [], keep: 'latest', splitByTime: false };
/** `C A, L 111; …`: rows in time order, at 1, 2, 3 …; or `@9` at the end of a row says its time. */
function rowsOf(text: string): IdRow[] {
  return text.split(';').map((row, i) => {
    const [, ids, time] = /^(.*?)(?:@(\d+))?$/.exec(row)!;
    return { time: time === undefined ? i + 1 : Number(time), ids: ids.split(',').map(id => id.trim()) };
  });
}
const clusters = (rules: Partial<IdentityDef>, rows: string) =>
  resolve({ ...plain, ...rules }, rowsOf(rows))
    .clusters.map(cluster =>
      [...cluster]
        .map(id => id.slice(2))
        .sort()
        .join(' '),
    )
    .sort();
const customers = (rules: Partial<IdentityDef>, rows: string) =>
  resolve({ ...plain, ...rules }, rowsOf(rows)).rows.map(row => row.participant?.slice(2) ?? row.is);

const CLE = { kinds: [{ name: 'C', unique: true }, { name: 'L' }, { name: 'E' }] };
const UD = { kinds: [{ name: 'U', unique: true }, { name: 'D' }] };
const B = 'C Tom, L A; C Tom, L B; L A, E 111; C Sum, L C; C Sum, L D; L C, E 222';

describe('the cases of identity.md', () => {
  it('1: a shared device stays with who had it last', () => {
    expect(clusters(CLE, 'C Tom, E 111; C Sum, E 111')).toEqual(['111 Sum', 'Tom']);
  });
  it('2', () => {
    // Of the edges at a device the latest goes first: C-111, which takes 111 to Sum; then A-111 is refused.
    expect(clusters(CLE, `${B}; L C, E 111`)).toEqual(['111 222 C D Sum', 'A B Tom']);
  });
  it('3', () => {
    // Tom-D is later than Sum-D, and both go before the devices.
    expect(clusters(CLE, `${B}; C Tom, L D`)).toEqual(['111 A B D Tom', '222 C Sum']);
  });
  it('4: a login without a customer hangs on a device alone', () => {
    expect(clusters(CLE, 'C Tom, L A; C Tom, L B; L A, E 111; L C, E 111')).toEqual(['111 A B C Tom']);
  });
  const CME = { kinds: [{ name: 'C', unique: true }, { name: 'M', unique: true }, { name: 'E' }] };
  it('5 and 6: a second unique kind keeps apart once it is known', () => {
    expect(clusters(CME, 'C Tom, M tom@; C Tom, E 111; M sum@, E 111')).toEqual(['111 sum@', 'Tom tom@']);
    expect(clusters(CME, 'C Tom, E 111; M sum@, E 111')).toEqual(['111 Tom sum@']);
  });
  it('7: keep earliest', () => {
    const rules: Partial<IdentityDef> = { kinds: [{ name: 'U', unique: true }, { name: 'M' }], keep: 'earliest' };
    expect(clusters(rules, 'U u1, M jane; U u2, M jane')).toEqual(['jane u1', 'u2']);
  });
  it('8: what came before the login belongs to it', () => {
    const rules = { kinds: [{ name: 'U' }, { name: 'D' }] };
    expect(customers(rules, 'D D1; D D1; D D1, U U1; D D2; D D2; D D2, U U1')).toEqual(Array(6).fill('U1'));
  });
  it('9: a kiosk links nobody', () => {
    const rules = { ...UD, shared: [{ kind: 'D', moreThan: 1, of: 'U' }] };
    expect(clusters(rules, 'D phone, U alice; D phone, U bob; D phone')).toEqual(['alice', 'bob', 'phone']);
    expect(customers(rules, 'D phone, U alice; D phone, U bob; D phone')).toEqual(['alice', 'bob', 'quarantined']);
  });
  it('10: a tablet over the years', () => {
    const rows = 'D tab, U tom@1; D tab@2; D tab@3; D tab, U sum@9; D tab@12';
    expect(customers({ ...UD, splitByTime: true }, rows)).toEqual(['tom', 'tom', 'tom', 'sum', 'sum']);
  });
});

describe('time', () => {
  it('a link covers rows up to V after it was last seen, its very end included', () => {
    const rules = { kinds: [{ name: 'U' }, { name: 'D', valid: 5 }] };
    expect(customers(rules, 'D d, U u@1; D d@6; D d@7')).toEqual(['u', 'u', 'd']);
  });
  it('forward: what came before the link is another customer', () => {
    expect(customers({ kinds: [{ name: 'U' }, { name: 'D' }], retroactive: 0 }, 'D d@1; D d, U u@2; D d@3')).toEqual(['d', 'u', 'u']);
  });
  it('a link between ids that are together already joins them when the other no longer does', () => {
    // All three are one by u-m and u-d; m-d, refused by nothing, is a link too, and the only one that still covers 9.
    const rules = { kinds: [{ name: 'U', valid: 1 }, { name: 'M' }, { name: 'D' }] };
    expect(customers(rules, 'U u, M m@1; U u, D d@2; M m, D d@3; D d@9')).toEqual(['u', 'u', 'u', 'm']);
  });
});

describe('what decides', () => {
  it('two links of one instant: the smaller goes first, and both customers are ambiguous', () => {
    const found = resolve({ ...plain, ...UD }, rowsOf('U b, D x@1; U a, D x@1'));
    expect(found.rows.map(({ participant }) => participant)).toEqual(['U b', 'U a']);
    expect(found.clusters).toContainEqual(new Set(['U a', 'D x']));
    expect([...found.ambiguous].sort()).toEqual(['U a', 'U b']);
  });
  it('nothing is ambiguous where the refused one could not have been before its class either', () => {
    // x is a's since 2; both links of instant 1 with x come after, and only b's is refused, which a's at 2 decided.
    const found = resolve({ ...plain, ...UD }, rowsOf('U b, D x@1; U a, D y@1; U a, D x@2'));
    expect(found.refused).toHaveLength(1);
    expect(found.ambiguous.size).toBe(0);
  });
  it('texts compare by code point', () => {
    // U+FF5E is less than U+1F600, whose first UTF-16 unit D83D is less than FF5E.
    const found = resolve({ ...plain, ...UD }, rowsOf('U \u{1f600}, D x@1; U \uff5e, D x@1'));
    expect(found.clusters).toContainEqual(new Set(['U \uff5e', 'D x']));
  });
  it('an ignored value is no id; what is nothing else belongs to nobody; two users on a row are a conflict', () => {
    const ignores = [{ kind: 'any', where: { kind: 'compare' as const, column: 'value', op: '=' as const, value: '0' } }];
    expect(customers({ ...UD, ignores }, 'D 0; D 0, U u; U u, U v; U 0, U v')).toEqual(['ignored', 'u', 'conflicting', 'v']);
  });
  it('a never link may let others merge by freeing a limit', () => {
    const rules = { ...UD, neverLinks: [{ a: 'U tom', b: 'D x' }] };
    expect(clusters(UD, 'U sum, D x; U tom, D x')).toEqual(['sum', 'tom x']);
    expect(clusters(rules, 'U sum, D x; U tom, D x')).toEqual(['sum x', 'tom']);
  });
});

describe('properties, of product and oracle alike', () => {
  const graphs = fc.sample(graphArb, { numRuns: 1500, seed: 20260324 });

  it('shuffling the rows of an instant, or all of them to the oracle, changes nothing', () => {
    for (const { rules, rows } of graphs) {
      // The store has rows in order of time; those of one instant may come from anywhere.
      const turned = rows.map((row, i) => ({ row, i })).sort((a, b) => a.row.time - b.row.time || b.i - a.i);
      const one = productTells({ rules, rows });
      const other = productTells({ rules, rows: turned.map(({ row }) => row) });
      expect(turned.map((_, t) => other.rows[t])).toEqual(turned.map(({ i }) => one.rows[i]));
      expect([other.clusters, other.ambiguous, other.refused]).toEqual([one.clusters, one.ambiguous, one.refused]);
      const backwards = oracleTells({ rules, rows: [...rows].reverse() });
      expect([...backwards.rows].reverse()).toEqual(oracleTells({ rules, rows }).rows);
    }
  });

  it('running twice changes nothing', () => {
    for (const graph of graphs.slice(0, 300)) expect(productTells(graph)).toEqual(productTells(graph));
  });

  it('no cluster is over a limit, and no two that are never linked are one', () => {
    for (const graph of graphs) {
      const { kinds, neverLinks } = graph.rules;
      for (const cluster of productTells(graph).clusters.map(ids => ids.split(', '))) {
        for (const { name, unique, max = unique ? 1 : Number.POSITIVE_INFINITY } of kinds)
          expect(cluster.filter(id => kindOf(id) === name).length).toBeLessThanOrEqual(max);
        for (const { a, b } of neverLinks) expect(cluster.includes(a) && cluster.includes(b)).toBe(false);
      }
    }
  });

  it('every rule decides something in a few percent of the random graphs, so that these tests can fail', () => {
    const told = (rules: IdentityDef, rows: IdRow[]) => JSON.stringify(resolve(rules, rows).rows.map(({ participant }) => participant));
    const decides = (without: (rules: IdentityDef) => IdentityDef) =>
      graphs.filter(({ rules, rows }) => told(without(rules), rows) !== told(rules, rows)).length / graphs.length;
    const parts: Record<string, Partial<IdentityDef>> = {
      ignore: { ignores: [] },
      link: { links: [] },
      never: { neverLinks: [] },
      shared: { shared: [] },
      retroactive: { retroactive: undefined },
      split: { splitByTime: false },
    };
    for (const [rule, gone] of Object.entries(parts))
      expect(
        decides(rules => ({ ...rules, ...gone })),
        rule,
      ).toBeGreaterThan(0.02);
    const ofKinds = { unique: undefined, max: undefined, valid: undefined };
    for (const option of Object.keys(ofKinds))
      expect(
        decides(rules => ({ ...rules, kinds: rules.kinds.map(kind => ({ ...kind, [option]: undefined })) })),
        option,
      ).toBeGreaterThan(0.02);
    expect(
      decides(rules => ({ ...rules, keep: rules.keep === 'latest' ? 'earliest' : 'latest' })),
      'conflict',
    ).toBeGreaterThan(0.02);
    const found = graphs.map(({ rules, rows }) => resolve(rules, rows));
    expect(found.filter(({ ambiguous }) => ambiguous.size > 0).length / graphs.length).toBeGreaterThan(0.05);
    for (const is of ['quarantined', 'conflicting', 'ignored'])
      expect(found.filter(({ rows }) => rows.some(row => row.is === is)).length / graphs.length, is).toBeGreaterThan(0.02);
  });

  it('they agree', () => {
    expect(graphs.slice(0, 500).flatMap(compareGraph)).toEqual([]);
  });
});
