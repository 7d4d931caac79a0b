/** The product's `Events` over the oracle's own timeline: a data layer in memory, so that only the fold and the metrics are on trial. */
import type { ColumnRef, Expr, RowsPattern } from '@journey/engine';
import type { Events, Keys } from '../../../engine/src/events.ts';
import { holds, keyOf, numberOf } from '../conditions.ts';
import type { Def } from '../model.ts';
import { withAttributes } from '../segments.ts';
import type { Event, Timeline } from '../timeline.ts';
import type { Meanings } from './plan.ts';

export function memoryEvents(def: Def, line: Timeline, meanings: Meanings): Events {
  const { events } = line;
  const ids = [...new Set(events.flatMap(event => event.ids))];
  const dayGrained = events.some(event => event.from < event.to);
  const ofDays = (instant: 'from' | 'to') => Float64Array.from(events, event => (event.from < event.to ? event[instant] : Number.NaN));
  // "The same one comes back": the fold tells patterns apart by the array they answer with.
  const answers = new Map<string, unknown>();
  const once = <T>(question: unknown, answer: () => T): T => {
    const asked = JSON.stringify(question);
    if (!answers.has(asked)) answers.set(asked, answer());
    return answers.get(asked) as T;
  };
  return {
    count: events.length,
    time: Float64Array.from(events, event => event.time),
    source: Uint16Array.from(events, event => def.sources.findIndex(source => source.name === event.source)),
    passive: def.sources.map(source => source.passive),
    days: dayGrained ? { from: ofDays('from'), to: ofDays('to') } : null,
    last: events.at(-1)?.time ?? null,
    match: (pattern: RowsPattern) =>
      once(['match', pattern.any], () => {
        const any = pattern.any.map(row => meanings.rows.get(JSON.stringify(row))!);
        const positions = events.flatMap((event, position) =>
          any.some(
            row =>
              row.source === event.source && row.event === event.name && row.conditions.every(condition => holds(condition, event.row)),
          )
            ? position
            : [],
        );
        return Uint32Array.from(positions);
      }),
    meets: (where: Expr, positions: Uint32Array, identity?: string) => {
      const condition = meanings.conditions.get(JSON.stringify(where))!;
      const rowOf = (entry: Event) => (identity === undefined ? entry.row : withAttributes({ def, line, entry }));
      return Uint8Array.from(positions, position => (holds(condition, rowOf(events[position])) ? 1 : 0));
    },
    participants: () =>
      once('participants', () => ({
        of: Int32Array.from(events, event => event.participant),
        count: Math.max(-1, ...events.map(event => event.participant)) + 1,
        label: (participant: number) => line.labels[participant],
        ids: (position: number) => events[position].speaks.map(id => ids.indexOf(id)).sort((a, b) => a - b),
        find: (kind: string, id: string) => line.clusters.findIndex(cluster => cluster.has(`${kind} ${id}`)),
      })),
    keys: (column: ColumnRef) => once(['keys', column.path], () => encoded(events.map(event => keyOf(event.row, column.path[0])))),
    numbers: (column: ColumnRef) =>
      once(['numbers', column.path], () => Float64Array.from(events, event => numberOf(event.row, column.path[0]) ?? Number.NaN)),
    attributes: (column: ColumnRef) =>
      once(['attributes', column.table, column.path], () =>
        encoded(
          line.clusters.map((_, participant) =>
            keyOf(withAttributes({ def, line, entry: { participant, row: {} } }), `${column.table}.${column.path[0]}`),
          ),
        ),
      ),
  };
}

function encoded(texts: (string | null)[]): Keys {
  const values = [...new Set(texts.filter(text => text !== null))];
  return { of: Int32Array.from(texts, text => (text === null ? -1 : values.indexOf(text))), values };
}
