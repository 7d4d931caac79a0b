/** semantics.md, Conditions: what a row meets. */
import type { Condition, Row } from './model.ts';

/** A column's value; null where missing. "null and empty are missing." */
export function cellOf(row: Row, column: string): string | number | boolean | null {
  const value = row[column];
  return value === undefined || value === null || value === '' ? null : value;
}

/** "Keys (per, ids, joins) compare as text, so 17 and "17" are one key." */
export function keyOf(row: Row, column: string): string | null {
  const value = cellOf(row, column);
  return value === null ? null : String(value);
}

export function numberOf(row: Row, column: string): number | null {
  const value = cellOf(row, column);
  if (value === null || typeof value === 'boolean') return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

/** "Two-valued: a comparison with a missing value is false, != and not in are true then; is null asks." */
export function holds(condition: Condition, row: Row): boolean {
  switch (condition.kind) {
    case 'compare': {
      const numeric = typeof condition.value === 'number';
      const value = numeric ? numberOf(row, condition.column) : keyOf(row, condition.column);
      if (value === null) return condition.op === '!=';
      switch (condition.op) {
        case '=':
          return value === condition.value;
        case '!=':
          return value !== condition.value;
        case '<':
          return value < condition.value;
        case '<=':
          return value <= condition.value;
        case '>':
          return value > condition.value;
        case '>=':
          return value >= condition.value;
      }
      break;
    }
    case 'columns': {
      const left = keyOf(row, condition.left);
      const right = keyOf(row, condition.right);
      const equal = left !== null && right !== null && left === right;
      return condition.op === '=' ? equal : !equal;
    }
    case 'in': {
      const text = keyOf(row, condition.column);
      const among = text !== null && condition.values.some(value => String(value) === text);
      return condition.not ? !among : among;
    }
    case 'like': {
      const text = keyOf(row, condition.column);
      const like = text !== null && isLike(text, condition.pattern, condition.ignoreCase);
      return condition.not ? !like : like;
    }
    case 'matches': {
      const text = keyOf(row, condition.column);
      const found = text !== null && new RegExp(condition.regex, condition.flags).test(text);
      return condition.not ? !found : found;
    }
    case 'null':
      return (cellOf(row, condition.column) === null) !== condition.not;
    case 'and':
      return condition.parts.every(part => holds(part, row));
    case 'or':
      return condition.parts.some(part => holds(part, row));
    case 'not':
      return !holds(condition.part, row);
  }
  throw new Error('no such condition');
}

/** `%` is any text, `_` any one character. "like is case-sensitive, ilike is not." */
function isLike(text: string, pattern: string, ignoreCase: boolean): boolean {
  if (ignoreCase) return isLike(text.toLowerCase(), pattern.toLowerCase(), false);
  if (pattern === '') return text === '';
  if (pattern[0] === '%') return isLike(text, pattern.slice(1), false) || (text !== '' && isLike(text.slice(1), pattern, false));
  if (text === '') return false;
  return (pattern[0] === '_' || pattern[0] === text[0]) && isLike(text.slice(1), pattern.slice(1), false);
}
