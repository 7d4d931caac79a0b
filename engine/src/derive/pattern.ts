import type { EventPattern, RowsPattern } from '../plan.ts';
import { canonical, rowsKey } from '../store/expr.ts';

export type AbsencePattern = Extract<EventPattern, { kind: 'absence' }>;

/** The events that a pattern is made of, one level down. */
function operandsOf(pattern: EventPattern): readonly EventPattern[] {
  switch (pattern.kind) {
    case 'rows':
      return [];
    case 'union':
      return pattern.any;
    case 'sequence':
      return [pattern.first, pattern.then];
    case 'absence':
      return [pattern.first, pattern.no];
    default:
      return [pattern.of];
  }
}

/** A pattern and all that it is made of: operands stand before what they are operands of. */
export function partsOf(pattern: EventPattern): EventPattern[] {
  return [...operandsOf(pattern).flatMap(partsOf), pattern];
}

/** The rows that a pattern is made of, at the bottom of it. */
export const leavesOf = (pattern: EventPattern): RowsPattern[] => partsOf(pattern).filter(part => part.kind === 'rows');

/** The rows that the pattern's events can be, or for an absence have their properties from. */
export function carriersOf(pattern: EventPattern): RowsPattern[] {
  switch (pattern.kind) {
    case 'rows':
      return [pattern];
    case 'union':
      return pattern.any.flatMap(carriersOf);
    case 'sequence':
      return carriersOf(pattern.then);
    case 'absence':
      return carriersOf(pattern.first);
    default:
      return carriersOf(pattern.of);
  }
}

/** How many absences stand one inside the other: what those of one level are made of must be known before. */
export function levelOf(pattern: EventPattern): number {
  const below = Math.max(0, ...operandsOf(pattern).map(levelOf));
  return pattern.kind === 'absence' ? below + 1 : below;
}

/** What a pattern says, whatever its place and words: equal texts mean the same events. */
export function patternKey(pattern: EventPattern): string {
  return pattern.kind === 'rows' ? rowsKey(pattern) : `${paramsKey(pattern)}(${operandsOf(pattern).map(patternKey).join('\u0003')})`;
}

/** What it says beside its operands. */
export function paramsKey(pattern: EventPattern): string {
  switch (pattern.kind) {
    case 'filter':
      return canonical([pattern.kind, pattern.where]);
    case 'first':
      return canonical([pattern.kind, pattern.same]);
    case 'repeated':
      return canonical([pattern.kind, pattern.same, pattern.within, pattern.count]);
    case 'sequence':
      return canonical([pattern.kind, pattern.same, pattern.within]);
    case 'absence':
      return canonical([pattern.kind, pattern.same, pattern.within, pattern.order]);
    default:
      return pattern.kind;
  }
}
