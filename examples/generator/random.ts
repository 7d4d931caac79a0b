/**
 * Chance that repeats itself: the same seed gives the same numbers on every machine.
 * Only whole-number arithmetic and plain divisions, so no platform's mathematics library has a say.
 */
export interface Random {
  /** From 0 up to, never including, 1. */
  next(): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** A number from `low` up to `high`. */
  between(low: number, high: number): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** Mostly small, seldom large: the waiting times of people. Between `low` and `high`. */
  skewed(low: number, high: number): number;
  /** One of `[value, weight]`, in proportion to its weight. */
  pick<T>(choices: readonly (readonly [T, number])[]): T;
  /** One of them, all alike. */
  one<T>(items: readonly T[]): T;
}

/** @param seed any whole number; @param stream another sequence under the same seed, such as a person's number */
export function random(seed: number, stream = 0): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) | 0;
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number) => low + next() * (high - low);
  const whole = (low: number, high: number) => Math.floor(between(low, high + 1));
  return {
    next,
    between,
    whole,
    chance: p => next() < p,
    skewed: (low, high) => {
      const u = next();
      return low + u * u * u * (high - low);
    },
    pick: choices => {
      let left = next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of choices) {
        left -= weight;
        if (left < 0) return value;
      }
      return choices[choices.length - 1][0];
    },
    one: items => items[whole(0, items.length - 1)],
  };
}
