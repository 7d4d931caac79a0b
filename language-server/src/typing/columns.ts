/** Columns that the sample doesn't have. */
import type { ColumnRef } from '@journey/engine';
import type { Severity } from '../project/types.ts';
import { nearest } from '../text/nearest.ts';
import { list } from '../text/words.ts';
import { columnName, type Found, type Report, writtenPath } from './types.ts';

/**
 * Says that a column isn't there, what is, and offers the nearest.
 * @param rows what the column was looked for in, for people: `orders.order_placed`
 */
export function reportUnknownColumn(found: Found, column: ColumnRef, rows: string, report: Report, severity: Severity = 'warning'): void {
  if (found.kind === 'column' || found.kind === 'nothing known') return;
  const of = column.table ?? rows;
  const name = column.path.join('.');
  const finding = { code: 'unknown-property', severity, at: column.at };
  if (found.kind === 'object') {
    const message = `\`${columnName(column)}\` of ${of} holds further properties: say which, such as \`${name}.${found.members[0]}\``;
    report({ ...finding, message });
    return;
  }
  const guess = nearest(name, found.among) ?? sameLastPart(column.path, found.among);
  const message = `\`${name}\` is no property of ${of}: ${guess ? `did you mean \`${guess}\`?` : `it has ${few(found.among)}`}`;
  const text = guess && writtenPath([...(column.table ? [column.table] : []), ...guess.split('.')]);
  report({ ...finding, message, ...(text && { fixes: [{ title: `Change to \`${guess}\``, edits: [{ at: column.at, text }] }] }) });
}

/** `device_id` for `context.device_id`: the way down was left out. */
function sameLastPart(path: string[], among: string[]): string | undefined {
  const last = path[path.length - 1];
  const same = among.filter(name => name.endsWith(`.${last}`) || name === last);
  return same.length === 1 ? same[0] : undefined;
}

function few(names: string[]): string {
  const shown = names.slice(0, 8).map(name => `\`${name}\``);
  return names.length > 8 ? `${shown.join(', ')} and ${names.length - 8} more` : list(shown);
}
