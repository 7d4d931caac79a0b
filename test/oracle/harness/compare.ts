/** Every number the oracle defines, held against the product's. */
import type { JourneyResult, Result } from '@journey/engine';
import type { Answer, JourneyAnswer } from '../model.ts';

/** One number that differs: where it stands, what the oracle says, what the product says. */
export interface Difference {
  path: string;
  oracle: unknown;
  product: unknown;
}

export function journeyDifferences(oracle: JourneyAnswer, product: JourneyResult<number>): Difference[] {
  const transitions = Object.fromEntries(product.transitions.map(({ from, to, count }) => [`${from} → ${to}`, count]));
  const entriesByDay = Object.fromEntries(product.entriesByDay.map(({ day, entered }) => [day, entered]));
  const expectations = product.expectations.map(expectation => expectation.ok);
  const splits = product.splits.map(({ groups }) => groups);
  return [
    ...differences(`journey ${oracle.name}`, oracle, { ...product, transitions, entriesByDay, expectations, splits }),
    // Days without entries may be listed, and say so; a transition never is.
    ...Object.values(transitions).flatMap((count, i) =>
      count > 0 ? [] : [{ path: `transitions[${i}]`, oracle: 'no such line', product: count }],
    ),
    ...invariants(product),
  ];
}

export function resultDifferences(oracle: Answer, product: Result): Difference[] {
  const { journeys, ...rest } = oracle;
  return [
    ...differences('', rest, product),
    ...journeys.flatMap(journey => {
      const found = product.journeys.find(({ name }) => name === journey.name);
      return found
        ? journeyDifferences(journey, found as JourneyResult<number>)
        : [{ path: `journey ${journey.name}`, oracle: 'numbers', product: 'none' }];
    }),
  ];
}

/** "Attempts = entered + sum of rejections by reason; entered = active + sum over ends." */
function invariants(product: JourneyResult<number>): Difference[] {
  const sum = (numbers: Record<string, number>) => Object.values(numbers).reduce((total, n) => total + n, 0);
  return [
    ...differences('invariant: attempts', product.attempts, product.entered + sum(product.rejected)),
    ...differences('invariant: entered', product.entered, product.active + sum(product.exits)),
  ];
}

/** Walks what the oracle defines; what the product says beyond that is its own, but for keys of a count that the oracle lacks and that aren't 0. */
function differences(path: string, oracle: unknown, product: unknown): Difference[] {
  if (oracle !== null && typeof oracle === 'object' && product !== null && typeof product === 'object') {
    const theirs = product as Record<string, unknown>;
    const found = Object.entries(oracle).flatMap(([key, value]) => differences(path === '' ? key : `${path} · ${key}`, value, theirs[key]));
    if (Array.isArray(oracle) && oracle.length !== theirs.length) return [{ path, oracle, product }];
    const counts = /(rejected|transitions|outcomes|flags|entriesByDay|exits|entries)$/.test(path);
    const extra = counts ? Object.entries(theirs).filter(([key, value]) => !(key in oracle) && value !== 0) : [];
    return [...found, ...extra.map(([key, value]) => ({ path: `${path} · ${key}`, oracle: 'nothing', product: value }))];
  }
  return same(oracle, product) ? [] : [{ path, oracle, product }];
}

/** Sums of fractions may be added in another order; the interval's z may have more digits. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return a === b || Math.abs(a - b) <= 1e-6 * Math.max(1e-3, Math.abs(a), Math.abs(b));
}
