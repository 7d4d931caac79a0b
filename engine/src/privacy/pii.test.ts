import { describe, expect, it } from 'vitest';
import type { ColumnRef, Expr, Plan, PropertyPlan, SourcePlan, TablePlan } from '../plan.ts';
import { emptyPlan, PLAIN_LINKING } from '../plan.ts';
import { numbered, piiOf, withheld } from './pii.ts';

const at = { uri: 'a.journey', start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
const column = (name: string, table?: string): ColumnRef => ({ path: name.split('.'), at, ...(table ? { table } : {}) });
const read = (name: string, table?: string): Expr => ({ kind: 'column', column: column(name, table), at });
const property = (name: string, category?: string): PropertyPlan => ({
  column: column(name),
  at,
  ...(category ? { pii: { category, at } } : {}),
});
const source = (name: string, more: Partial<SourcePlan> = {}): SourcePlan => ({
  name,
  at,
  nameAt: at,
  samples: [{ pattern: `${name}.csv`, base: 'file:///data/', at }],
  passive: false,
  time: { column: column('time'), at, atEndOfDay: false },
  event: { kind: 'column', column: column('event'), at },
  ids: [],
  joins: [],
  properties: [],
  ...more,
});
const table = (name: string, key: TablePlan['key'], properties: PropertyPlan[] = []): TablePlan => ({
  name,
  at,
  nameAt: at,
  samples: [{ pattern: `${name}.csv`, base: 'file:///data/', at }],
  key,
  properties,
});
const plan = (parts: Partial<Plan>): Plan => ({ ...emptyPlan(), ...parts });
const identity = (...kinds: [string, string?][]) => ({
  name: 'customer',
  at,
  nameAt: at,
  kinds: kinds.map(([name, category]) => ({ name, at, ...(category ? { pii: { category, at } } : {}) })),
  ...PLAIN_LINKING,
});

describe('pii', () => {
  it('is what a property line declares, in that source alone', () => {
    const pii = piiOf(
      plan({ sources: [source('web', { properties: [property('phone', 'contact.phone'), property('plan')] }), source('app')] }),
    );
    expect(pii.ofSource('web', column('phone'))).toBe('contact.phone');
    expect(pii.ofSource('web', column('plan'))).toBeUndefined();
    expect(pii.ofSource('app', column('phone'))).toBeUndefined();
    // A metric or a split asks every source for the column.
    expect(pii.anywhere(column('phone'))).toBe('contact.phone');
    expect(pii.none).toBe(false);
  });

  it('is the column that an id of a pii kind is taken from, inside an expression and through a joined table', () => {
    const trimmed: Expr = { kind: 'call', fn: 'lower', args: [{ kind: 'call', fn: 'trim', args: [read('mail')], at }], at };
    const pii = piiOf(
      plan({
        identities: [identity(['user'], ['email', 'contact.email'])],
        sources: [
          source('web', { ids: [{ kind: 'email', value: trimmed, at }] }),
          source('shop', {
            ids: [{ kind: 'email', value: read('address', 'accounts'), at }],
            joins: [{ table: 'accounts', on: column('account'), at }],
          }),
        ],
        tables: [table('accounts', { column: column('account'), at })],
      }),
    );
    expect(pii.ofKind('email')).toBe('contact.email');
    expect(pii.ofKind('user')).toBeUndefined();
    expect(pii.ofSource('web', column('mail'))).toBe('contact.email');
    expect(pii.ofTableColumn('accounts', 'address')).toBe('contact.email');
    expect(pii.ofSource('shop', column('address', 'accounts'))).toBe('contact.email');
    expect(pii.ofTableColumn('accounts', 'account')).toBeUndefined();
    expect(pii.ofExpr('web', { kind: 'isNull', negated: false, operand: trimmed, at })).toBe('contact.email');
  });

  it('follows a value from a declared column into the kind taken from it, and on to that kind everywhere else', () => {
    const pii = piiOf(
      plan({
        identities: [identity(['user'])],
        sources: [
          source('web', { ids: [{ kind: 'user', value: read('login'), at }], properties: [property('login', 'contact.email')] }),
          source('app', { ids: [{ kind: 'user', value: read('account'), at }] }),
        ],
        tables: [table('profiles', { column: column('id'), idKind: 'user', at })],
      }),
    );
    expect(pii.ofKind('user')).toBe('contact.email');
    expect(pii.ofSource('app', column('account'))).toBe('contact.email');
    expect(pii.ofTableColumn('profiles', 'id')).toBe('contact.email');
  });

  it('is the key on both sides of a join', () => {
    const pii = piiOf(
      plan({
        sources: [source('web', { joins: [{ table: 'people', on: column('mail'), at }] })],
        tables: [table('people', { column: column('address'), at }, [property('address', 'contact.email')])],
      }),
    );
    expect(pii.ofSource('web', column('mail'))).toBe('contact.email');
  });

  it('is the same column of another source over the same files', () => {
    const samples = [{ pattern: 'all.csv', base: 'file:///data/', at }];
    const pii = piiOf(
      plan({ sources: [source('web', { samples, properties: [property('ip', 'device.ip')] }), source('app', { samples })] }),
    );
    expect(pii.ofSource('app', column('ip'))).toBe('device.ip');
  });

  it('is the whole of nested data with its part, and the parts with the whole', () => {
    const pii = piiOf(plan({ sources: [source('web', { properties: [property('contact', 'person'), property('geo.ip', 'device.ip')] })] }));
    expect(pii.ofSource('web', column('contact.name.first'))).toBe('person');
    expect(pii.ofSource('web', column('geo'))).toBe('device.ip');
    expect(pii.ofSource('web', column('contacts'))).toBeUndefined();
  });

  it('is an id of a kind that no identity declares: nothing says that it may be shown', () => {
    const pii = piiOf(plan({ sources: [source('web', { ids: [{ kind: 'email', value: read('mail'), at }] })] }));
    expect(pii.ofKind('email')).toBe('unknown');
    expect(pii.ofSource('web', column('mail'))).toBe('unknown');
  });

  it('may be what somebody typed, unless it says of which kind it is', () => {
    const customer = identity(['user'], ['email', 'contact.email']);
    const pii = piiOf(plan({ identities: [customer] }));
    expect(pii.ofTyped(customer, undefined)).toBe('contact.email');
    expect(pii.ofTyped(customer, 'user')).toBeUndefined();
    expect(pii.ofTyped(customer, 'email')).toBe('contact.email');
  });

  it('is spoken of by its category, and a person by a number', () => {
    expect(withheld('contact.email')).toBe('(withheld: contact.email)');
    expect(numbered('email', 17)).toBe('email no. 17');
    expect(piiOf(plan({})).none).toBe(true);
  });
});
