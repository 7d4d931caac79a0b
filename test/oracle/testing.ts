/** A small world for the oracle's own hand-computed answers. Times are hours on 27 March 2026: `5` is 05:00 UTC. */
import type { Data, Def, JourneyDef, Row } from './model.ts';
import { oracle } from './oracle.ts';

export const HOUR = 3_600_000;
export const at = (hour: number) => Date.UTC(2026, 2, 27) + hour * HOUR;
const iso = (hour: number) => new Date(at(hour)).toISOString();

/** One source `web` of customers named by `user`; rows are `[hour, event name, more columns]`. */
export function world(
  journey: Partial<JourneyDef>,
  rows: [number, string, Row?][],
  source: Partial<Def['sources'][number]> = {},
): { def: Def; data: Data } {
  const def: Def = {
    sources: [
      {
        name: 'web',
        format: 'ndjson',
        files: ['web.ndjson'],
        columns: [],
        passive: false,
        time: { column: 'at', atEndOfDay: false },
        event: { column: 'type' },
        joins: [],
        ids: [{ kind: 'user', column: 'user', clean: false }],
        ...source,
      },
    ],
    tables: [],
    identity: {
      kinds: [{ name: 'user' }, { name: 'email' }, { name: 'device' }],
      ignores: [],
      links: [],
      neverLinks: [],
      shared: [],
      keep: 'latest',
      splitByTime: false,
    },
    expects: [],
    events: [],
    segments: [],
    journeys: [
      {
        name: 'J',
        enters: [{ name: 'In', on: web('enter') }],
        stages: [],
        ends: [],
        keeps: [],
        splits: [],
        paths: [],
        metrics: [],
        expects: [],
        ...journey,
      },
    ],
  };
  return { def, data: { 'web.ndjson': rows.map(([hour, type, row]) => ({ at: iso(hour), type, user: 'u1', ...row })) } };
}
export const web = (event: string) => ({ any: [{ source: 'web', event }] });
export const answer = ({ def, data }: { def: Def; data: Data }, hour?: number) =>
  oracle(def, data, hour === undefined ? undefined : at(hour));
export const journey = (w: { def: Def; data: Data }, hour?: number) => answer(w, hour).journeys[0];
