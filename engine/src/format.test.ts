import { expect, test } from 'vitest';
import { formatCount, formatCounted, formatDuration, formatMetric, formatNumber, formatShare, formatValue, withArticle } from './format.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, '0s'],
  [250, '250ms'],
  [1500, '1.5s'],
  [59.96 * SECOND, '1m'], // 59.96 s rounds to the minute
  [3 * MINUTE + 20 * SECOND, '3m 20s'],
  [2 * HOUR, '2h'],
  [59 * MINUTE + 59.6 * SECOND, '1h'],
  [23 * HOUR + 59 * MINUTE + 40 * SECOND, '1d'],
  [2 * DAY + 4 * HOUR + 10 * MINUTE, '2d 4h'],
  [1200 * DAY, '1,200d'],
  [-90 * MINUTE, '-1h 30m'],
])('a duration of %d ms reads %s', (duration, text) => {
  expect(formatDuration(duration)).toBe(text);
});

test.each([
  [0, '0%'],
  [0.0002, '<0.1%'],
  [0.241, '24.1%'],
  [0.5, '50%'],
  [0.99991, '>99.9%'],
  [1, '100%'],
  [2.5, '250%'],
])('a share of %d reads %s', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test.each([
  [0, '0'],
  [1234.567, '1,234.57'],
  [0.000123, '0.00012'],
  [-3, '-3'],
])('a number of %d reads %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('counts have thousands separators, whatever the locale', () => {
  expect(formatCount(1234567)).toBe('1,234,567');
  expect([formatCounted(0, 'row'), formatCounted(1, 'row'), formatCounted(1204, 'row')]).toEqual(['0 rows', '1 row', '1,204 rows']);
});

test('a value reads in its quantity; none says so', () => {
  expect(formatValue({ value: 0.241, quantity: 'share' })).toBe('24.1%');
  expect(formatValue({ value: 2 * DAY, quantity: 'duration' })).toBe('2d');
  expect(formatValue({ value: null, quantity: 'number' })).toBe('no value');
});

test('a rate shows what it is made of', () => {
  const rate = { value: 0.241, quantity: 'share', numerator: 241, denominator: 1000, immature: null, interval: null } as const;
  expect(formatMetric(rate)).toBe('24.1% (241 of 1,000)');
  expect(formatMetric({ ...rate, immature: 12 })).toBe('24.1% (241 of 1,000, 12 too young)');
});

test.each([
  ['email', 'an email'],
  ['device', 'a device'],
  ['user', 'a user'],
  ['uuid', 'a uuid'],
  ['Account', 'an Account'],
])('%s goes as %s', (noun, text) => expect(withArticle(noun)).toBe(text));
