/** What each rule does, by hand. A row without a time stands at 1, 2, 3, … */
import { describe, expect, test } from 'vitest';
import { componentsOf } from './components.ts';
import { participantsOf } from './participants.ts';
import { resolve } from './resolve.ts';
import { at, clustersOf, customersOf, graphOf, identityOf, type Rules, resolved, rowsOf } from './testing.ts';

const KINDS = { user: /^u/, email: /@/, device: /^d/ };
const rows = (text: string) => rowsOf(text, KINDS);
const find = (text: string, rules: Partial<Rules>) =>
  resolved(rows(text), { ...rules, kinds: { user: {}, email: {}, device: {}, ...rules.kinds } });
const clusters = (text: string, rules: Partial<Rules>) => clustersOf(find(text, rules));
const customers = (text: string, rules: Partial<Rules>) => customersOf(find(text, rules));
const id = (text: string) => ({ kind: text.split(' ')[0], value: text.split(' ')[1], at });
const refusals = (text: string, rules: Partial<Rules>) => {
  const { refused, graph, rules: by } = find(text, rules);
  return refused.map(
    ({ pair, limit, undecided }) =>
      `${graph.nodes.text(graph.pairs.a[pair])}-${graph.nodes.text(graph.pairs.b[pair])}: ${by.kinds[limit] ?? 'never'}${undecided ? ', undecided' : ''}`,
  );
};

describe('unique and max', () => {
  test('count the ids of a cluster, not of a link', () => {
    // e@ goes to who had it last, and to as many before that as there is room for.
    expect(clusters('u1-e@; u2-e@', { kinds: { user: { unique: true } } })).toBe('{u2,e@} {u1}');
    expect(clusters('u1-e@; u2-e@; u3-e@', { kinds: { user: { max: 2 } } })).toBe('{u2,u3,e@} {u1}');
    expect(refusals('u1-e@; u2-e@; u3-e@', { kinds: { user: { max: 2 } } })).toEqual(['u1-e@: user']);
  });

  test('a link between two who are together already is none that is refused', () => {
    // u-e and u-d come before e-d, which joins nothing.
    const found = find('u-e@-d', { kinds: { user: { unique: true } } });
    expect(found.refused).toEqual([]);
    expect(found.merges.length).toBe(2);
    expect(found.order.length).toBe(3);
  });

  test('a row with two values of a unique kind exists for nobody', () => {
    const found = find('u1-u2-d1; d1@5; u1-d2@9', { kinds: { user: { unique: true } } });
    expect(customersOf(found)).toBe('- d1 u1');
    expect(found.rows).toEqual({ withoutId: 0, ignored: 0, conflicting: 1, quarantined: 0 });
    // u1 is first seen on the row at 9, d1 on that at 5; u2 was never seen at all.
    expect(clustersOf(found)).toBe('{u1,d2} {d1}');
    expect(Array.from(found.seen.nodes.first)).toEqual([2, -1, 1, 2]);
  });

  test('two values of any other kind are one customer', () => {
    expect(customers('u1-u2-d1; d1', {})).toBe('u1 u1');
    expect(clusters('u1-u2', { kinds: { user: { max: 1 } } })).toBe('{u1} {u2}');
  });
});

describe('order', () => {
  test('links of stronger ids go first, whenever they were', () => {
    // u1-e@ is made before any link of the device, though it is the oldest; of the device's two the newest takes it.
    expect(clusters('u1-e@; e@-d; u2-d', { kinds: { user: { unique: true } } })).toBe('{u1,e@} {u2,d}');
    // With `keep earliest` d stays with e@.
    expect(clusters('u1-e@; e@-d; u2-d', { kinds: { user: { unique: true } }, onConflict: { keep: 'earliest' } })).toBe('{u1,e@,d} {u2}');
  });

  test('where only kind and value decide, both clusters are ambiguous', () => {
    const unique = { kinds: { user: { unique: true } } };
    // One instant: u1-d comes before u2-d by value alone.
    const found = find('u1-d@5; u2-d@5', unique);
    expect(clustersOf(found)).toBe('{u1,d} {u2}');
    expect(refusals('u1-d@5; u2-d@5', unique)).toEqual(['u2-d: user, undecided']);
    expect(found.ambiguous.size).toBe(2);
    // A newer link with u3 would have refused both anyway.
    expect(refusals('u1-d@5; u2-d@5; u3-d@6', unique)).toEqual(['u1-d: user', 'u2-d: user']);
    expect(find('u1-d@5; u2-d@5; u3-d@6', unique).ambiguous.size).toBe(0);
  });

  test('values compare by code point, not by UTF-16 unit', () => {
    // U+FF01 comes before U+1F600, whose first unit is U+D83D.
    const kinds = { user: /^u/, device: /^d/ };
    const text = 'u😀-d@5; u！-d@5';
    const found = resolved(rowsOf(text, kinds), { kinds: { user: { unique: true }, device: {} } });
    expect(clustersOf(found)).toBe('{u！,d} {u😀}');
    // The same for the canonical id of two seen first at once.
    expect(customersOf(resolved(rowsOf(text, kinds), { kinds: { user: {}, device: {} } }))).toBe('u！ u！');
  });
});

describe('link, never link, ignore', () => {
  test('only pairs that a `link` rule names, of one kind too', () => {
    const links = [{ at, text: '', kind: 'user', with: ['email'] }];
    expect(clusters('u1-e@-d; u2-d; u2-u3', { links })).toBe('{u1,e@} {d} {u2} {u3}');
    expect(clusters('u1-e@-d; u2-d; u2-u3', { links: [...links, { at, text: '', kind: 'user', with: ['user'] }] })).toBe(
      '{u1,e@} {u2,u3} {d}',
    );
  });

  test('`never link` keeps two apart, through others too, and undoes a merge', () => {
    const neverLinks = [{ at, text: '', a: id('user u1'), b: id('user u2') }];
    expect(clusters('u1-d; u2-d', {})).toBe('{u1,u2,d}');
    expect(clusters('u1-d; u2-d', { neverLinks })).toBe('{u2,d} {u1}');
    expect(refusals('u1-d; u2-d', { neverLinks })).toEqual(['u1-d: never']);
    // The newest first: d1-d2, then u2-d2; u1-d1 would bring u1 to u2 over both devices.
    expect(clusters('u1-d1; u2-d2; d1-d2', { neverLinks })).toBe('{u2,d1,d2} {u1}');
    expect(clusters('u1-u2-d', { neverLinks: [{ at, text: '', a: id('user u2'), b: id('user u1') }] })).toBe('{u1,d} {u2}');
  });

  test('what is ignored links nobody, and a row of nothing else belongs to nobody', () => {
    const ignores = [{ kinds: ['device'], values: ['d0', 'd9'] }];
    const found = find('u1-d0; u2-d0; d0; d0-d1', { ignores });
    expect(customersOf(found)).toBe('u1 u2 - d1');
    expect(found.rows.ignored).toBe(1);
    // d0 alone, on four rows; d9 is on none.
    expect(found.ignoredBy).toEqual([{ values: 1, rows: 4 }]);
  });

  test('an `ignore` makes room below a limit for others', () => {
    const unique = { kinds: { user: { unique: true } } };
    expect(clusters('u1-d; u0-d', unique)).toBe('{u0,d} {u1}');
    expect(clusters('u1-d; u0-d', { ...unique, ignores: [{ kinds: ['user'], values: ['u0'] }] })).toBe('{u1,d}');
    // Two values of a unique kind, one of them ignored, are one.
    expect(customers('u1-u0-d; d', { ...unique, ignores: [{ kinds: ['user'], values: ['u0'] }] })).toBe('u1 u1');
  });
});

describe('shared', () => {
  const shared = [{ at, text: '', kind: 'device', moreThan: 1, of: 'user' }];

  test('a quarantined id links nobody, at whatever time; a row goes to its strongest free id', () => {
    // d met u1 and u2: even the row before that is its own. A row with e@ goes to e@.
    const found = find('d; u1-d; u2-d; e@-d; d', { shared });
    expect(customersOf(found)).toBe('- u1 u2 e@ -');
    expect(found.rows.quarantined).toBe(2);
    expect(found.sharedBy).toEqual([{ ids: 1 }]);
    expect(found.clusterOf[found.graph.nodes.find(2, 'd')]).toBe(found.graph.nodes.find(2, 'd'));
    const people = participantsOf(found);
    expect(people.find('device', 'd')).toBe(-1);
    expect(people.standing('device', 'd')).toBe('quarantined');
  });

  test('judges links before anything is refused, and no more than n is fine', () => {
    const unique = { user: { unique: true } };
    expect(clusters('u1-d; u2-d', { kinds: unique, shared })).toBe('{d} {u1} {u2}');
    expect(clusters('u1-d; u2-d', { kinds: unique, shared: [{ ...shared[0], moreThan: 2 }] })).toBe('{u2,d} {u1}');
    // All rules look at the same links: e@ met d1 and d2 though both are in quarantine.
    const both = [...shared, { at, text: '', kind: 'email', moreThan: 1, of: 'device' }];
    expect(clusters('u1-d1; u2-d1; u1-d2; u2-d2; e@-d1; e@-d2', { shared: both })).toBe('{d1} {d2} {e@} {u1} {u2}');
  });
});

describe('time', () => {
  // d met u at 10 and 20; alone it was seen at 4, 5, 15, 25, 26.
  const seen = 'd@4; d@5; u-d@10; d@15; u-d@20; d@25; d@26';
  test.each<[string, Partial<Rules>, string]>([
    ['for ever, where nothing is said', {}, 'u u u u u u u'],
    ['valid, inclusive', { kinds: { device: { valid: 5 } } }, 'u u u u u u d'],
    ['of two kinds the shorter', { kinds: { user: { valid: 4 }, device: { valid: 50 } } }, 'u u u u u d d'],
    ['retroactive, inclusive', { retroactive: { within: 5 } }, 'd u u u u u u'],
    ['forward', { retroactive: { within: 0 } }, 'd d u u u u u'],
    ['both', { kinds: { device: { valid: 5 } }, retroactive: { within: 5 } }, 'd u u u u u d'],
  ])('%s', (_, rules, expected) => {
    expect(customers(seen, rules)).toBe(expected);
  });

  test('a group is what the links of an instant join, over others too', () => {
    // u-e@ holds from 1 to 6, e@-d from 3 to 8, while V is 5: at 7 and 8 d is e@'s only.
    const rules = { kinds: { user: { valid: 5 }, email: { valid: 5 } } };
    expect(customers('u-e@@1; e@-d@3; d@6; d@7; d@8; d@9', rules)).toBe('u u u e@ e@ d');
  });

  test('an id is asked for as of an instant', () => {
    const rules: Rules = { kinds: { user: {}, email: {}, device: { valid: 5 } } };
    const nodeOf = (asOf: number) => {
      const people = participantsOf(resolved(rows('u-d@10; d@20'), rules, { asOf }));
      return people.label(people.find('device', 'd'));
    };
    expect([nodeOf(20), nodeOf(21)]).toEqual(['device d', 'device d']);
    // Before the row at 20 it would be u's until 15; after that d alone has no row of its own, and its last one was u's.
    const early = participantsOf(resolved(rows('u-d@10'), rules, { asOf: 30 }));
    expect(early.label(early.find('device', 'd'))).toBe('user u');
  });

  test('a link covers with what it was last seen, whoever else was refused', () => {
    const rules = { kinds: { user: { unique: true }, device: { valid: 3 } } };
    // u2-d is the newest link of d: u1-d is refused, and covers nothing.
    expect(customers('u1-d@1; d@2; u2-d@9; d@12; d@13', rules)).toBe('u1 u2 u2 u2 d');
  });
});

describe('anonymous split by time', () => {
  const splitByTime = { at };
  const unique = { user: { unique: true } };

  test('goes to the last at or before, else to the next; refused links count', () => {
    expect(customers('d@1; u1-d@2; d@3; u2-d@4; d@4; d@9', { kinds: unique, splitByTime })).toBe('u1 u1 u1 u2 u2 u2');
  });

  test('within V, else within R, else it stays', () => {
    const rules = { kinds: { user: { unique: true }, device: { valid: 2 } }, retroactive: { within: 3 }, splitByTime };
    // At 4 u1 is 2 ago; at 5 no longer, and u2 comes in 3; at 13 and 14 nobody. u1 isn't linked to d: it alone is its group.
    expect(customers('u1-d@2; d@4; d@5; u2-d@8; d@10; d@13', rules)).toBe('u1 u1 u2 u2 u2 d');
  });

  test('repeats upwards', () => {
    // d goes to e@ (its last), and e@ at that time to u1, whom it met before u2.
    expect(customers('u1-e@@1; e@-d@2; d@3; u2-e@@4; d@5', { kinds: unique, splitByTime })).toBe('u1 u1 u1 u2 u2');
  });

  test('of two at one instant the first in order, and then it is ambiguous', () => {
    const found = find('u1-d@1; u2-d@1; d@2', { kinds: unique, splitByTime });
    expect(customersOf(found)).toBe('u1 u2 u1');
    const kept = find('u1-d@1; u2-d@1; d@2; u2-d@3', { kinds: unique, splitByTime });
    // u2-d was last seen at 3, so it is first in order.
    expect(customersOf(kept)).toBe('u1 u2 u2 u2');
    expect([...kept.ambiguous].map(node => kept.graph.nodes.text(node))).toEqual(['u2']);
  });

  test('two of one row that lead to one customer are not ambiguous', () => {
    // d meets e@ and u1 on one row; from e@ it is u1 all the same.
    expect(find('u1-e@-d@1; d@2', { kinds: unique, splitByTime }).ambiguous.size).toBe(0);
    // With u2 at that instant, too, d@2 could be either's; u2-d, seen last, is the first in order.
    const found = find('u1-e@-d@1; u2-d@1; d@2; u2-d@3', { kinds: unique, splitByTime });
    expect([...found.ambiguous].map(node => found.graph.nodes.text(node))).toEqual(['u2']);
  });

  test('one that is never linked to it is nobody to go to', () => {
    const neverLinks = [{ at, text: '', a: id('device d'), b: id('user u2') }];
    expect(customers('u1-d@1; u2-d@2; d@3', { kinds: unique, splitByTime, neverLinks })).toBe('u1 u2 u1');
  });

  test('conflicting rows don’t count', () => {
    expect(customers('u1-d@1; u2-u3-d@2; d@3', { kinds: unique, splitByTime })).toBe('u1 - u1');
  });
});

describe('asked for', () => {
  test('an id whose participant has no rows is found by its last row', () => {
    // e@ was refused twice over: its rows are u1's and u2's, and it is a cluster of its own without a row.
    const people = participantsOf(
      find('u1-e@; u2-e@', {
        kinds: { user: { unique: true }, email: {} },
        neverLinks: [
          { at, text: '', a: id('user u1'), b: id('email e@') },
          { at, text: '', a: id('user u2'), b: id('email e@') },
        ],
      }),
    );
    expect(people.count).toBe(2);
    expect(people.label(people.find('email', 'e@'))).toBe('user u2');
    expect(people.has(people.find('user', 'u2'), 'email', 'e@')).toBe(false);
    expect(people.ids(0).length).toBe(2);
    expect(people.find('email', 'nobody')).toBe(-1);
  });

  test('rules changed, the graph stays', () => {
    const graph = graphOf(rows('u1-d; u2-d; d'), ['user', 'email', 'device']);
    const under = (rules: Partial<Rules>) =>
      clustersOf(resolve(graph, identityOf({ ...rules, kinds: { user: {}, email: {}, device: {}, ...rules.kinds } }), null));
    expect(under({})).toBe('{u1,u2,d}');
    expect(under({ kinds: { user: { unique: true } } })).toBe('{u2,d} {u1}');
    expect(under({ kinds: { user: { unique: true } }, onConflict: { keep: 'earliest' } })).toBe('{u1,d} {u2}');
    expect(under({})).toBe('{u1,u2,d}');
  });

  test('what was erased is as if it had never been', () => {
    const graph = graphOf(rows('u1-d@1; u2-d@2; d@3'), ['user', 'email', 'device']);
    const identity = identityOf({ kinds: { user: { unique: true }, email: {}, device: {} } });
    expect(customersOf(resolve(graph, identity, null))).toBe('u1 u2 u2');
    // u2 and d are erased with the rows that belong to them; d on the row of u1 doesn't count any more.
    const ids = Uint8Array.of(0, 1, 1);
    const without = resolve(graph, identity, null, componentsOf(graph, identity, { rows: Uint8Array.of(0, 1, 1), ids }));
    expect(customersOf(without)).toBe('u1 - -');
    expect(clustersOf(without)).toBe('{u1}');
    expect(without.rows).toEqual({ withoutId: 0, ignored: 0, conflicting: 0, quarantined: 0 });
  });
});
