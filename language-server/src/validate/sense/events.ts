/** What can be said of events without any data. */
import type { EventPattern, Expr, RowMatch } from '@journey/engine';
import { implies, isImpossible, keyOf } from './conditions.ts';

/** Whether wherever `part` happens `whole` happens too, at the same row. */
export function isContained(part: EventPattern, whole: EventPattern): boolean {
  if (part.kind === 'union') return part.any.every(each => isContained(each, whole));
  if (whole.kind === 'union') {
    if (whole.any.some(each => isContained(part, each))) return true;
  } else if (part.kind !== 'rows' && keyOf(part) === keyOf(whole)) return true;
  switch (part.kind) {
    case 'rows': {
      const rows =
        whole.kind === 'rows' ? whole.any : whole.kind === 'union' ? whole.any.flatMap(each => (each.kind === 'rows' ? each.any : [])) : [];
      return part.any.length > 0 && part.any.every(one => rows.some(other => isRowContained(one, other)));
    }
    case 'filter':
    case 'first':
    case 'repeated':
      return isContained(part.of, whole);
    case 'sequence':
      return isContained(part.then, whole);
    case 'absence':
      return false;
  }
}

function isRowContained(part: RowMatch, whole: RowMatch): boolean {
  return part.source === whole.source && part.event === whole.event && implies(part.where, whole.where);
}

/** The rows an event can fall on; a `then no` falls on none, and its properties are of these. */
function landing(pattern: EventPattern): RowMatch[] {
  switch (pattern.kind) {
    case 'rows':
      return pattern.any;
    case 'union':
      return pattern.any.flatMap(landing);
    case 'sequence':
      return landing(pattern.then);
    case 'absence':
      return landing(pattern.first);
    case 'filter':
      return landing(pattern.of).map(match => ({ ...match, where: together(match.where, pattern.where) }));
    default:
      return landing(pattern.of);
  }
}

/** Whether an event that can happen at all can't with this condition more. */
export function isExcluded(pattern: EventPattern, where: Expr): boolean {
  const rows = landing(pattern);
  return (
    rows.length > 0 &&
    rows.every(match => isImpossible(together(match.where, where))) &&
    !rows.every(match => match.where && isImpossible(match.where))
  );
}

function together(left: Expr | undefined, right: Expr): Expr {
  return left ? { kind: 'and', operands: [left, right], at: right.at } : right;
}

/** Whether two events can never be one row. */
export function isApart(one: EventPattern, other: EventPattern): boolean {
  const rows = landing(other);
  return landing(one).every(a => rows.every(b => a.source !== b.source || a.event !== b.event));
}
