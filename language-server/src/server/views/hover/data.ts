/** What a source or a table of the sample holds. */
import type { ColumnSchema, Preview, SourceSchema } from '@journey/engine';
import { formatCount, formatShare } from '@journey/engine';
import { ROWS, table } from './markdown.ts';

export function sourceTables(schema: SourceSchema | undefined): string[] {
  if (!schema) return [];
  const events = Object.entries(schema.events).sort(([, a], [, b]) => b - a);
  const rows = events.map(([name, count]) => [name, formatCount(count)]);
  return [table(['event', 'rows'], rows), columnTable(schema.columns)];
}

/** A column of each of the sources or tables that may be meant. */
export function columnsOf(path: string, owners: string[], { sources, tables }: Preview['schema']): Record<string, ColumnSchema> {
  const found: Record<string, ColumnSchema> = {};
  for (const owner of owners) {
    const columns = sources[owner]?.columns ?? tables[owner]?.columns ?? {};
    if (Object.hasOwn(columns, path)) found[owners.length > 1 ? `${owner}.${path}` : path] = columns[path];
  }
  return found;
}

export function columnTable(columns: Record<string, ColumnSchema>): string {
  const rows = Object.entries(columns);
  if (rows.length === 0) return 'No row of the sample has this column.';
  const cells = rows.map(([name, { type, missing, examples }]) => [name, type, formatShare(missing), examples.slice(0, 4).join(', ')]);
  return table(['column', 'type', 'missing', 'such as'], cells, 2 * ROWS);
}
