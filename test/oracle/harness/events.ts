/** The product's `Events` over the oracle's own timeline: a data layer in memory, so that only the fold and the metrics are on trial. */
import type { ColumnRef, Expr, RowsPattern } from '@journey/engine';
import type { Events } from '../../../engine/src/events.ts';
import { holds, keyOf, numberOf } from '../conditions.ts';
import type { Def } from '../model.ts';
import type { Timeline } from '../timeline.ts';
import type { Meanings } from './plan.ts';

export function memoryEvents(def: Def, { events }: Timeline, meanings: Meanings): Events {
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
    meets: (where: Expr, positions: Uint32Array) => {
      const condition = meanings.conditions.get(JSON.stringify(where))!;
      return Uint8Array.from(positions, position => (holds(condition, events[position].row) ? 1 : 0));
    },
    participants: () =>
      once('participants', () => ({
        of: Int32Array.from(events, event => event.participant),
        count: Math.max(-1, ...events.map(event => event.participant)) + 1,
        label: (participant: number) => `customer ${participant}`,
      })),
    keys: (column: ColumnRef) =>
      once(['keys', column.path], () => {
        const texts = events.map(event => keyOf(event.row, column.path[0]));
        const values = [...new Set(texts.filter(text => text !== null))];
        return { of: Int32Array.from(texts, text => (text === null ? -1 : values.indexOf(text))), values };
      }),
    numbers: (column: ColumnRef) =>
      once(['numbers', column.path], () => Float64Array.from(events, event => numberOf(event.row, column.path[0]) ?? Number.NaN)),
  };
}
