/** What a derived event is made of, and how often each part happened: where one never does, neither does the whole. */
import type { Count, EventPattern, Preview, RowMatch } from '@journey/engine';
import { formatCount, rowMatches } from '@journey/engine';
import { table } from './markdown.ts';

/** @returns empty for an event that is rows alone */
export function eventParts(pattern: EventPattern, { result, schema }: Pick<Preview, 'result' | 'schema'>): string {
  if (pattern.kind === 'rows') return '';
  const parts = new Map<string, Count | undefined>();
  for (const match of rowMatches(pattern)) {
    const name = match.via ?? `${match.source}.${match.event}`;
    parts.set(name, match.via === undefined ? rowsOf(match, schema) : result.events[match.via]);
  }
  const rows = [...parts].map(([name, count]) => [name, count === undefined ? '' : formatCount(count, result.suppressedBelow)]);
  return table(['made of', 'events'], rows);
}

/** Those with the name; how many of them meet a condition of their own nobody has counted. */
function rowsOf({ source, event, where }: RowMatch, { sources }: Preview['schema']): number | undefined {
  return where ? undefined : (sources[source]?.events[event] ?? 0);
}
