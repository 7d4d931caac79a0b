import { expect, test } from 'vitest';
import { TimeReader } from './time.ts';
import { Zone } from './zone.ts';

const utc = new TimeReader();
const berlin = new TimeReader(new Zone('Europe/Berlin'));
const iso = (ms: number) => (Number.isNaN(ms) ? 'unreadable' : new Date(ms).toISOString());

test.each([
  ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
  ['2026-03-01 10:00', '2026-03-01T10:00:00.000Z'],
  ['2026-03-01T10:00:00.123999Z', '2026-03-01T10:00:00.123Z'],
  ['2026-03-01T10:00:00,5Z', '2026-03-01T10:00:00.500Z'],
  ['2023-03-01 06:16:09.201000+00:00', '2023-03-01T06:16:09.201Z'],
  ['2011-10-01T00:38:44.546+02:00', '2011-09-30T22:38:44.546Z'],
  ['2026-03-01T10:00:00-0530', '2026-03-01T15:30:00.000Z'],
  ['2026-03-01T10:00:00+01', '2026-03-01T09:00:00.000Z'],
  ['2026-03-01 10:00:00 UTC', '2026-03-01T10:00:00.000Z'],
  ['2026-02-28T24:00:00Z', '2026-03-01T00:00:00.000Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'], // a leap second
  ['  2026-03-01T10:00:00Z ', '2026-03-01T10:00:00.000Z'],
  ['1767265200', '2026-01-01T11:00:00.000Z'], // seconds: below 1e11
  ['1767265200.25', '2026-01-01T11:00:00.250Z'],
  ['1767265200250', '2026-01-01T11:00:00.250Z'], // ms: below 1e14
  ['1767265200250999', '2026-01-01T11:00:00.250Z'], // us: below 1e17
  ['1767265200250999999', '2026-01-01T11:00:00.250Z'], // ns
  ['0', '1970-01-01T00:00:00.000Z'],
  ['-1', '1969-12-31T23:59:59.000Z'],
  ['2000-02-29', '2000-02-29T00:00:00.000Z'],
  ['1900-02-29', 'unreadable'], // no leap year
  ['2026-02-30', 'unreadable'],
  ['2026-13-01', 'unreadable'],
  ['2026-03-01T25:00', 'unreadable'],
  ['2026-03-01T10:00:00+25:00', 'unreadable'],
  ['2026-03-01T10', 'unreadable'],
  ['2026-03-01T10:00:00 CET', 'unreadable'],
  ['03/01/2026', 'unreadable'],
  ['2026-3-1', 'unreadable'],
  ['yesterday', 'unreadable'],
  ['12:30', 'unreadable'],
  ['', 'unreadable'],
])('%s is %s', (text, expected) => {
  expect(iso(utc.text(text))).toBe(expected);
});

test('a date alone is a day, with or without dashes', () => {
  expect([iso(utc.text('2026-03-01')), utc.dayOnly]).toEqual(['2026-03-01T00:00:00.000Z', true]);
  expect([iso(utc.text('20260301')), utc.dayOnly]).toEqual(['2026-03-01T00:00:00.000Z', true]);
  expect([iso(utc.text('2026-03-01T00:00Z')), utc.dayOnly]).toEqual(['2026-03-01T00:00:00.000Z', false]);
});

test.each([
  ['2026-01-15 12:00', '2026-01-15T11:00:00.000Z'], // winter, +01:00
  ['2026-07-15 12:00', '2026-07-15T10:00:00.000Z'], // summer, +02:00
  ['2026-07-15T12:00Z', '2026-07-15T12:00:00.000Z'], // its own offset counts
  // Clocks go forward on 2026-03-29: 02:00 +01:00 becomes 03:00 +02:00.
  ['2026-03-29 01:59:59', '2026-03-29T00:59:59.000Z'],
  ['2026-03-29 02:30', '2026-03-29T01:30:00.000Z'], // never shown; moved on by the hour: 03:30 +02:00
  ['2026-03-29 03:00', '2026-03-29T01:00:00.000Z'],
  // Clocks go back on 2026-10-25: 03:00 +02:00 becomes 02:00 +01:00.
  ['2026-10-25 01:59', '2026-10-24T23:59:00.000Z'],
  ['2026-10-25 02:30', '2026-10-25T00:30:00.000Z'], // shown twice; the earlier, +02:00
  ['2026-10-25 03:00', '2026-10-25T02:00:00.000Z'],
])('in Berlin %s is %s', (text, expected) => {
  expect(iso(berlin.text(text))).toBe(expected);
});

test('days in a zone are as long as they are', () => {
  const zone = new Zone('Europe/Berlin');
  const hours = (day: string) => (zone.endOfDay(berlin.text(day)) + 1 - berlin.text(day)) / 3_600_000;
  expect([hours('2026-03-28'), hours('2026-03-29'), hours('2026-10-25')]).toEqual([24, 23, 25]);
});

test('a zone whose clocks change at midnight, one beyond the date line, and an unknown one', () => {
  // In Beirut 2026-03-29 began at 01:00: 00:00 +02:00 was never shown.
  expect(iso(new TimeReader(new Zone('Asia/Beirut')).text('2026-03-29'))).toBe('2026-03-28T22:00:00.000Z');
  expect(iso(new TimeReader(new Zone('Pacific/Kiritimati')).text('2026-01-01'))).toBe('2025-12-31T10:00:00.000Z');
  expect(() => new Zone('Europe/Atlantis')).toThrow(RangeError);
});
