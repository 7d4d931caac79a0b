/** The events of one person that a journey reads, with all that it reads of them: enough for it to come out the same alone. */
import { partsOf } from '../derive/pattern.ts';
import { type ColumnRef, type EventPattern, type JourneyPlan, type Plan, rowMatches } from '../plan.ts';
import { piiOf } from '../privacy/pii.ts';
import { columnKey, columnsOf } from '../store/expr.ts';
import { patternsOf, segmentParts } from '../store/uses.ts';
import type { Context } from './context.ts';
import { MadeUp } from './made-up.ts';
import type { Explanation } from './types.ts';
import { columnName } from './words.ts';

/** Personal data is made up. */
export function rowsOf(context: Context, participant: number): Pick<Explanation, 'rows' | 'leftOut'> {
  const { plan, events, rows, fold } = context;
  // What is measured doesn't change what happens.
  const journey: JourneyPlan = { ...context.journey, metrics: [], expects: [], keeps: [], splits: [], paths: [] };
  const { of } = events.participants(journey.identity);
  const idColumns = events.ids(journey.identity);
  const kinds = plan.identities.find(({ name }) => name === journey.identity)!.kinds.map(({ name }) => name);
  const consent = plan.privacy?.consent;
  const patterns = [...patternsOf(journey, plan.segments), ...(consent ? [consent.from] : [])];
  const asked = askedOf(journey, plan);
  // A plain silence is broken by any event of the person's own doing.
  const anything = journey.ends.some(({ trigger }) => trigger.kind === 'silence' && !trigger.of);

  const idsAt = (position: number) =>
    idColumns.flatMap(({ source, kind, codes, dictionary }) => {
      const code = source === events.source[position] ? codes[events.rowAt(position)] : -1;
      return code < 0 ? [] : [{ kind: kinds[kind], value: dictionary.text(code) }];
    });
  const matches = (position: number, pattern: EventPattern) =>
    rowMatches(pattern).some(match => rows.named(position, match) && (!match.where || rows.holds(position, match.where)));
  const mine: { position: number; ids: { kind: string; value: string }[]; read: boolean }[] = [];
  for (let position = 0; position < events.count; position++) {
    if (of[position] !== participant || events.time[position] > fold.asOf!) continue;
    const read = (anything && !events.passive[events.source[position]]) || patterns.some(pattern => matches(position, pattern));
    mine.push({ position, ids: idsAt(position), read });
  }
  const needed = linking(mine);
  const madeUp = new MadeUp(plan, journey, piiOf(plan));

  const told = mine
    .filter((_, i) => needed.has(i))
    .map(({ position, ids }) => {
      const source = plan.sources[events.source[position]];
      const beside = asked.filter(({ by }) => by.some(pattern => matches(position, pattern))).map(({ column }) => column);
      const columns = [...rows.read(position, patterns), ...columnsOf(source.where), ...(journey.per ? [journey.per] : []), ...beside];
      const distinct = new Map(columns.map(column => [columnKey(column), column])).values();
      const from = new Map(source.ids.flatMap(id => columnsOf(id.value).map(column => [columnKey(column), id.kind])));
      const fields = [...distinct].flatMap(column => {
        const had = rows.value(position, column);
        const idKind = from.get(columnKey(column));
        const value = had === null ? undefined : madeUp.field(column, had, rows.personal(position, column), idKind);
        if (value === undefined) return [];
        return [{ path: column.path, ...(column.table ? { table: column.table } : {}), value, ...(idKind ? { idKind } : {}) }];
      });
      return {
        at: events.time[position],
        source: source.name,
        event: rows.event(position),
        ids: ids.map(({ kind, value }) => madeUp.id(kind, value)),
        fields,
      };
    });
  return { rows: told, ...(madeUp.leftOut.size > 0 ? { leftOut: [...madeUp.leftOut].map(columnName) } : {}) };
}

/** Those that are read, and of the others as few as link the ids of those that are. */
function linking(mine: { ids: { kind: string; value: string }[]; read: boolean }[]): Set<number> {
  const needed = new Set(mine.flatMap(({ read }, i) => (read ? [i] : [])));
  const groups = (indexes: Iterable<number>) => {
    const parent = new Map<string, string>();
    const find = (node: string): string => {
      const above = parent.get(node) ?? node;
      return above === node ? node : find(above);
    };
    const join = (i: number): boolean => {
      const [first, ...rest] = mine[i].ids.map(({ kind, value }) => `${kind}\0${value}`);
      let joined = false;
      for (const other of rest) {
        if (find(first) === find(other)) continue;
        parent.set(find(other), find(first));
        joined = true;
      }
      return joined;
    };
    for (const i of indexes) join(i);
    const people = () => new Set(mine.flatMap(({ ids, read }) => (read ? [find(`${ids[0].kind}\0${ids[0].value}`)] : []))).size;
    return { join, people };
  };
  const all = groups(needed);
  const links: number[] = [];
  for (let i = 0; i < mine.length && all.people() > 1; i++) if (!needed.has(i) && all.join(i)) links.push(i);
  // A link that turned out to lead nowhere goes again.
  const kept = new Set(links);
  for (const link of links) {
    kept.delete(link);
    if (groups([...needed, ...kept]).people() > 1) kept.add(link);
  }
  return new Set([...needed, ...kept]);
}

/** What is read of events beside the conditions on their rows: by derived events, and by segments at entry and before it. */
function askedOf(journey: JourneyPlan, plan: Plan): { column: ColumnRef; by: EventPattern[] }[] {
  const asked: { column: ColumnRef; by: EventPattern[] }[] = [];
  for (const part of patternsOf(journey, plan.segments).flatMap(partsOf)) {
    if (part.kind === 'filter') for (const column of columnsOf(part.where)) asked.push({ column, by: [part.of] });
    if (part.kind !== 'rows' && 'same' in part && part.same) asked.push({ column: part.same, by: [part] });
  }
  for (const part of segmentParts(journey, plan.segments)) {
    if (part.kind === 'test') for (const column of columnsOf(part.expr)) asked.push({ column, by: journey.enters.map(({ on }) => on) });
    if (part.kind === 'history' && part.property) asked.push({ column: part.property, by: [part.event] });
  }
  const consent = plan.privacy?.consent;
  if (consent) for (const column of columnsOf(consent.granted)) asked.push({ column, by: [consent.from] });
  return asked;
}
