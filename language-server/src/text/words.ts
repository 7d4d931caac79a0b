/** The words messages are made of, so that all of them read alike. */

/** `1,204`: the same everywhere, whatever the machine's language. */
export const number = (value: number): string => value.toLocaleString('en-US');

/** `1 row`, `1,204 rows`. */
export const count = (value: number, one: string, many = `${one}s`): string => `${number(value)} ${value === 1 ? one : many}`;

/** `a, b and c`. */
export function list(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`;
}

/** `37%`, `0.4%`, `< 0.1%`: a share from 0 to 1, never rounded to none or all where it is neither. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1%';
  if (share < 1 && share > 0.999) return '> 99.9%';
  const value = share * 100;
  return `${value < 10 || value > 99 ? Number(value.toFixed(1)) : Math.round(value)}%`;
}

/** `30d`, `26h`, `90s`: a length of time in its largest whole unit. */
export function duration(millis: number): string {
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    if (millis >= size && millis % size === 0) return `${millis / size}${unit}`;
  }
  return millis >= 86_400_000
    ? `${(millis / 86_400_000).toFixed(1)}d`
    : millis >= 3_600_000
      ? `${(millis / 3_600_000).toFixed(1)}h`
      : `${(millis / 1000).toFixed(1)}s`;
}

/** `2026-03-01` */
export const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
