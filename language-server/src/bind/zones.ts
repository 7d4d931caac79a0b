import type * as ast from '@journey/grammar';
import type { Problem } from './sink.ts';

/** Whether there is a time zone of that name. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function noZone(node: ast.Time | ast.Period, zone: string): Problem {
  const message = `\`${zone}\` is no time zone: write a name such as "Europe/Berlin", or "UTC"`;
  return { code: 'bad-date', message, node, property: 'zone' };
}
