import { TimeReader } from '@journey/engine';
import { InvalidArgumentError } from 'commander';

const LAST_OF_DAY = 86_400_000 - 1;

/**
 * Reads `--as-of`: a date means its whole day, a time without offset is UTC.
 * @returns milliseconds UTC
 * @throws InvalidArgumentError where it is no time
 */
export function instant(text: string): number {
  const reader = new TimeReader();
  const time = reader.text(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('Expected a date or a time, such as 2026-03-31 or 2026-03-31T12:00Z.');
  return reader.dayOnly ? time + LAST_OF_DAY : time;
}
