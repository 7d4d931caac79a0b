import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Dictionary } from '../read/dictionary.ts';
import { compareValues, lexicalOrder } from './lexical.ts';

const dictionaryOf = (values: string[]) => {
  const dictionary = new Dictionary();
  for (const value of values) dictionary.addText(value);
  return dictionary;
};
const byCodePoint = (a: string, b: string): number => {
  const [x, y] = [a, b].map(text => Array.from(text, letter => letter.codePointAt(0)!));
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i] - y[i];
  return x.length - y.length;
};

test('values stand in order of code point, the shorter of two that agree first', () => {
  const dictionary = dictionaryOf(['b', '😀', 'a', '！', 'aa', 'B', 'é']);
  expect(Array.from(lexicalOrder(dictionary), code => dictionary.text(code))).toEqual(['B', 'a', 'aa', 'b', 'é', '！', '😀']);
});

test('any values', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'z', 'é', '！', '😀'), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 60 }), values => {
      const dictionary = dictionaryOf(values);
      expect(Array.from(lexicalOrder(dictionary), code => dictionary.text(code))).toEqual([...values].sort(byCodePoint));
      if (values.length > 1) expect(Math.sign(compareValues(dictionary, 0, 1))).toBe(Math.sign(byCodePoint(values[0], values[1])));
    }),
  );
});

test('long values that agree for long neither overflow the stack nor take long', () => {
  const start = 'x'.repeat(20_000);
  const dictionary = dictionaryOf(Array.from({ length: 500 }, (_, i) => `${start}${String(499 - i).padStart(3, '0')}`));
  expect(Array.from(lexicalOrder(dictionary))).toEqual(Array.from({ length: 500 }, (_, i) => 499 - i));
});
