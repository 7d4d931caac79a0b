import { expect, test } from 'vitest';
import { placeholderLooks, writtenHash, writtenHashOf, writtenKey } from './values.ts';

test.each([
  ['null', 'word'],
  ['"NULL"', 'word'],
  ["'undefined'", 'word'],
  ['[object Object]', 'word'],
  ['(not set)', 'word'],
  ['N/A', 'word'],
  ['""', 'word'],
  ['0', 'zeros'],
  ['00000000-0000-0000-0000-000000000000', 'zeros'],
  ['-1', 'zeros'],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'same'],
  ['xxxx', 'same'],
  ['u17', null],
  ['10', null],
  ['1111', null],
  ['999999999', 'same'],
  ['nullius@x.example', null],
  ['annas', null],
])('%s looks like %s', (text, looks) => {
  expect(placeholderLooks(text)).toBe(looks);
});

test.each([
  ['Ann@X.example', 'ann@x.example', true],
  [' ann@x.example', 'ann@x.example', true],
  ['{3F2504E0-4F89-41D3-9A0C-0305E82C3301}', '3f2504e04f8941d39a0c0305e82c3301', true],
  ['0660 123 4567', '0660/1234567', true],
  ['u_17', 'U-17', true],
  ['1-23', '12-3', false],
  ['1.5', '15', false],
  ['u17', 'u71', false],
])('%s and %s: written alike %s', (a, b, alike) => {
  expect(writtenKey(a) === writtenKey(b)).toBe(alike);
});

test('the hash of a text is that of its key, however it is taken', () => {
  const hash = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    return writtenHash(bytes, 0, bytes.length) ?? writtenHashOf(text);
  };
  expect(hash('Ann@X.example')).toBe(hash('ann@x.example '));
  expect(hash('Ann@X.example')).toBe(writtenHashOf('annxexample'));
  // Full width letters are the same letters.
  expect(hash('\uff21nn')).toBe(hash('ann'));
  expect(hash('\u00c9va')).toBe(hash(' \u00e9va'));
  expect(hash('u17')).not.toBe(hash('u71'));
});
