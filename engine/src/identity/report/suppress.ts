/** `suppress below k`: numbers of customers that may be told. Ids, rows and links are no people. */
import { Ledger } from '../../privacy/suppress-ledger.ts';
import type { IdentityReport } from '../types.ts';
import type { Effect } from './effects.ts';

type Full = Omit<IdentityReport, 'who' | 'customers' | 'ambiguous' | 'sizes' | 'rules' | 'otherPolicy'> & {
  customers: number;
  ambiguous: number;
  sizes: { from: number; to: number; customers: number }[];
  rules: Effect[];
  otherPolicy: { keep: 'latest' | 'earliest'; customers: number; changed: number };
};

/** @param below absent: everything may be told */
export function suppressed(report: Full, below: number | undefined): Omit<IdentityReport, 'who'> {
  if (below === undefined) return report;
  const ledger = new Ledger(below);
  const { customers, sizes, rules, ambiguous, otherPolicy } = report;
  ledger.add('customers', customers, customers, 'headline', 'people');
  const part = (name: string, number: number) => {
    ledger.add(name, number, number, 'number', 'people');
    ledger.addHidden(`all but ${name}`, customers - number, customers - number, false);
    ledger.sum(['customers'], [name, `all but ${name}`]);
  };
  part('ambiguous', ambiguous);
  part('changed', otherPolicy.changed);
  for (const [i, size] of sizes.entries()) ledger.add(`size ${i}`, size.customers, size.customers, 'number', 'people');
  ledger.sum(
    ['customers'],
    sizes.map((_, i) => `size ${i}`),
  );
  // What a number of customers would be otherwise tells the difference.
  const other = (name: string, number: number) => {
    const difference = Math.abs(number - customers);
    ledger.add(name, number, number);
    ledger.addHidden(`${name}: difference`, difference, difference, true);
    const [more, fewer] = number > customers ? [name, 'customers'] : ['customers', name];
    ledger.sum([more], [fewer, `${name}: difference`]);
  };
  other('other policy', otherPolicy.customers);
  for (const [i, { without, changed }] of rules.entries()) {
    other(`rule ${i}`, without);
    part(`rule ${i}: changed`, changed);
  }
  ledger.settle();
  const told = (name: string, number: number) => ledger.told(name, number);
  return {
    ...report,
    suppressedBelow: below,
    customers: told('customers', customers),
    ambiguous: told('ambiguous', ambiguous),
    sizes: sizes.map((size, i) => ({ ...size, customers: told(`size ${i}`, size.customers) })),
    otherPolicy: {
      keep: otherPolicy.keep,
      customers: told('other policy', otherPolicy.customers),
      changed: told('changed', otherPolicy.changed),
    },
    rules: rules.map((rule, i) => ({
      ...rule,
      without: told(`rule ${i}`, rule.without),
      with: told('customers', rule.with),
      changed: told(`rule ${i}: changed`, rule.changed),
    })),
  };
}
