/** semantics.md, Privacy: whose rows are gone, and who has consented where. */
import { holds } from './conditions.ts';
import { resolve } from './identity.ts';
import type { Answer, Def, Pattern } from './model.ts';
import type { Event } from './timeline.ts';

/** Whether a row is one of a pattern of rows: nothing derived is in it. */
export function isRowOf(def: Def, { any, where }: Pattern, event: Event): boolean {
  const isNamed = any.some(term => {
    if ('kind' in term) throw new Error('not a row');
    if (term.source !== undefined) return event.source === term.source && event.name === term.event;
    return isRowOf(def, def.events.find(({ name }) => name === term.event)!.pattern, event);
  });
  return isNamed && (where === undefined || holds(where, event.row));
}

/**
 * "Erasure removes the ids of the person's cluster and every row that belonged to one of them": the clusters of the ids that the requests
 * belong to.
 */
export function erasureOf(def: Def, rows: Event[]): { rows: Set<Event>; ids: Set<string>; counts: Answer['identities'][string]['erased'] } {
  const erase = def.privacy?.erase;
  const requests = erase === undefined ? [] : rows.filter(event => isRowOf(def, erase, event));
  const found = resolve(def.identity, rows);
  const belongs = (event: Event) => found.rows[rows.indexOf(event)].belongs;
  const persons = new Set(requests.flatMap(request => found.clusters.find(cluster => cluster.has(belongs(request) ?? '')) ?? []));
  const ids = new Set([...persons].flatMap(person => [...person]));
  const gone = new Set(rows.filter(event => ids.has(belongs(event) ?? '')));
  return {
    rows: gone,
    ids,
    counts: {
      requests: requests.length,
      unmatched: requests.filter(request => belongs(request) === null).length,
      people: persons.size,
      rows: gone.size,
    },
  };
}

/**
 * "Consent is what held at the event's own time; missing is denied; after a merge of people the most restrictive holds." A consent row
 * speaks for every id on it, within the customer it belongs to; of each id its latest word counts, at its own place too.
 * @param event a row, or a `then no`, which stands after every row of its instant
 */
export function isConsenting(def: Def, rows: Event[], event: Event): boolean {
  if (def.privacy?.consent === undefined) return true;
  const isBefore = (row: Event) => (event.absence ? row.time <= event.time : row.place <= event.place);
  const said = rows.filter(row => row.statement !== null && row.participant === event.participant && row.participant >= 0 && isBefore(row));
  const ids = new Set(said.flatMap(({ speaks }) => speaks));
  return said.length > 0 && [...ids].every(id => said.filter(({ speaks }) => speaks.includes(id)).at(-1)!.statement);
}
