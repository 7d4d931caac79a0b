/** Random sources. */
import fc from 'fast-check';
import type { SourceDef } from '../../model.ts';
import { conditionArb } from './patterns.ts';
import { COLUMNS, KINDS, sometimes, TYPES } from './picks.ts';

export const sourcePick = fc.record({
  format: fc.constantFrom<SourceDef['format']>('csv', 'ndjson'),
  files: fc.constantFrom(1, 1, 1, 2),
  passive: fc.constantFrom(false, false, true),
  zone: fc.constantFrom(undefined, undefined, 'Europe/Berlin', 'Asia/Kolkata'),
  atEndOfDay: fc.constantFrom(false, false, true),
  dates: fc.constantFrom<'never' | 'always' | 'sometimes'>('never', 'never', 'never', 'always', 'sometimes'),
  until: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, '2026-03-29', '2026-03-31'),
  constant: fc.constantFrom(undefined, undefined, undefined, ...TYPES),
  unique: fc.constantFrom<string[] | undefined>(undefined, undefined, undefined, ['mid'], ['mid'], ['k', 'mid']),
  kinds: fc.constantFrom([0], [0, 1], [0, 2], [0, 2], [2], [0, 1, 2], [1, 2], [0, 3], [0, 2, 3], [0, 1, 2, 3]),
  where: sometimes(conditionArb, 8),
});
export type SourcePick = typeof sourcePick extends fc.Arbitrary<infer T> ? T : never;

const SOURCE_NAMES = ['web', 'orders', 'mail'];
export function buildSource(pick: SourcePick, i: number): SourceDef {
  const name = SOURCE_NAMES[i];
  return {
    name,
    format: pick.format,
    files: Array.from({ length: pick.files }, (_, f) => `data/${name}-${f + 1}.${pick.format}`),
    columns: COLUMNS,
    passive: pick.passive,
    time: { column: 'at', zone: pick.zone, atEndOfDay: pick.atEndOfDay, until: pick.until },
    event: pick.constant === undefined ? { column: 'type' } : { constant: pick.constant },
    unique: pick.unique,
    // A row may name two users.
    ids: pick.kinds.map(k =>
      k === 3 ? { kind: 'user', column: 'user2', clean: false } : { kind: KINDS[k], column: KINDS[k], clean: KINDS[k] === 'email' },
    ),
    joins: [],
    where: pick.where,
  };
}
