/** The words messages are made of, so that all of them read alike; numbers are the engine's to format. */
export { formatCounted as count } from '@journey/engine';

/** `a, b and c`. */
export function list(words: readonly string[], last: 'and' | 'or' = 'and'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`;
}

/** `2026-03-01`, in UTC. */
export const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);
