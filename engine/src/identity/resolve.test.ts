/** Who is one customer: the ten cases of docs/identity.md, and what else the rules promise, by hand. */
import { describe, expect, test } from 'vitest';
import { at, clustersOf, customersOf, type Rules, resolved, rowsOf } from './testing.ts';

const PAIR = [/^[A-Z][a-z]+$/, /@/, /^[A-Z]$/, /^\d+$/];
const kinds = { C: PAIR[0], M: PAIR[1], L: PAIR[2], E: PAIR[3] };
const B = 'Tom-A; Tom-B; A-111; Sum-C; Sum-D; C-222';

describe('the ten cases', () => {
  const unique: Rules = { kinds: { C: { unique: true }, L: {}, E: {} } };
  const both: Rules = { kinds: { C: { unique: true }, M: { unique: true }, E: {} } };
  test.each([
    ['1', unique, 'Tom-111; Sum-111', '{Sum,111} {Tom}'],
    ['2', unique, `${B}; C-111`, '{Sum,C,D,111,222} {Tom,A,B}'],
    ['3', unique, `${B}; Tom-D`, '{Tom,A,B,D,111} {Sum,C,222}'],
    ['4', unique, 'Tom-A; Tom-B; A-111; C-111', '{Tom,A,B,C,111}'],
    ['5', both, 'Tom-tom@; Tom-111; sum@-111', '{Tom,tom@} {sum@,111}'],
    ['6', both, 'Tom-111; sum@-111', '{Tom,sum@,111}'],
  ])('%s', (_, rules, rows, clusters) => {
    expect(clustersOf(resolved(rowsOf(rows, kinds), rules))).toBe(clusters);
  });

  test('7', () => {
    const rules: Rules = { kinds: { user: { unique: true }, name: {} }, onConflict: { keep: 'earliest' } };
    expect(clustersOf(resolved(rowsOf('u1-jane; u2-jane', { user: /^u/, name: /^j/ }), rules))).toBe('{u1,jane} {u2}');
  });

  test('8', () => {
    const found = resolved(rowsOf('D1; D1; D1-U1; D2; D2; D2-U1', { user: /^U/, device: /^D/ }), { kinds: { user: {}, device: {} } });
    expect(customersOf(found)).toBe('U1 U1 U1 U1 U1 U1');
  });

  test('9', () => {
    const rules: Rules = {
      kinds: { user: {}, device: {} },
      shared: [{ at, text: '', kind: 'device', moreThan: 1, of: 'user' }],
    };
    const found = resolved(rowsOf('phone-alice; phone-bob; phone', { user: /^[ab]/, device: /^phone/ }), rules);
    expect(clustersOf(found)).toBe('{alice} {bob} {phone}');
    expect(customersOf(found)).toBe('alice bob -');
    expect(found.rows).toEqual({ withoutId: 0, ignored: 0, conflicting: 0, quarantined: 1 });
  });

  test('10', () => {
    const rules: Rules = { kinds: { user: { unique: true }, tab: {} }, splitByTime: { at } };
    const found = resolved(rowsOf('tab-tom@1; tab@2; tab@3; tab-sum@9; tab@12', { user: /^(tom|sum)/, tab: /^tab/ }), rules);
    expect(customersOf(found)).toBe('tom tom tom sum sum');
    expect(clustersOf(found)).toBe('{sum,tab} {tom}');
  });
});
