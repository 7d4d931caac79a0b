/** Event names, conditions, values and properties that the sample doesn't bear out. */
import { type ColumnRef, type RowMatch, rowMatches, type Schema } from '@journey/engine';
import type { Finding } from '../project/types.ts';
import { nearest } from '../text/nearest.ts';
import { contains, placeKey } from '../text/places.ts';
import { count, list } from '../text/words.ts';
import { columnName, findColumn, quotedName, type Rows, rowsName } from '../typing/types.ts';
import type { Evidence } from './evidence.ts';
import { matchesOf, occursIn, propertiesOf, type ValueUse, valuesOf } from './questions.ts';

/**
 * @param typed what is already known to be wrong with the conditions: no second finding for the same cause
 */
export function eventFindings(given: Evidence, typed: readonly Finding[]): Finding[] {
  const { schema } = given.preview;
  const matches = matchesOf(given.plan);
  // What came by a named event is told where that event is written.
  const absent = matches
    .filter(
      match =>
        !match.via && hasRows(given, match.source) && !occursIn(schema, match) && !schema.sources[match.source].gone?.includes(match.event),
    )
    .map(match => neverOccurs(given, match));
  const details = [...valuesNeverSeen(given, matches), ...propertiesNeverSeen(given)];
  const causes = [...typed, ...details];
  const empty = matches.flatMap(match => {
    const { where } = match;
    if (!where || !occursIn(schema, match) || given.recorded(match) !== 0) return [];
    if (causes.some(cause => contains(where.at, cause.at)) || emptyBefore(given, match)) return [];
    const rows = schema.sources[match.source].events[match.event];
    const message = `${rows === 1 ? 'The only row' : `None of the ${count(rows, 'row')}`} of ${rowsName(match)} ${rows === 1 ? "doesn't meet" : 'meets'} this condition`;
    return [{ code: 'condition-matches-nothing', severity: 'warning' as const, message, at: where.at }];
  });
  return [...absent, ...details, ...empty];
}

/** Whether the named event it came by has none of these rows itself, which is told there. */
function emptyBefore(given: Evidence, { via, source, event, where }: RowMatch): boolean {
  const declared = given.plan.events.find(({ name }) => name === via);
  const named = declared ? rowMatches(declared.pattern) : [];
  return named.some(match => match.source === source && match.event === event && match.where !== where && given.recorded(match) === 0);
}

const hasRows = (given: Evidence, source: string): boolean => Object.keys(given.preview.schema.sources[source]?.events ?? {}).length > 0;

function neverOccurs({ plan, preview }: Evidence, match: RowMatch): Finding {
  const names = Object.keys(preview.schema.sources[match.source].events);
  const guess = nearest(match.event, names);
  const elsewhere = plan.sources.filter(({ name }) => Object.hasOwn(preview.schema.sources[name]?.events ?? {}, match.event));
  const known = names.slice(0, 6).map(quotedName);
  const ending = guess
    ? `did you mean ${quotedName(guess)}?`
    : elsewhere.length > 0
      ? `${list(
          elsewhere.map(({ name }) => name),
          'or',
        )} has it`
      : `it has ${names.length > 6 ? `${known.join(', ')} and ${names.length - 6} more` : list(known)}`;
  const proposals = [
    ...(guess ? [rowsName({ source: match.source, event: guess })] : []),
    ...elsewhere.map(({ name }) => rowsName({ source: name, event: match.event })),
  ];
  return {
    code: 'event-never-occurs',
    severity: 'warning',
    message: `No row of ${match.source} is called ${quotedName(match.event)}: ${ending}`,
    at: match.at,
    ...(proposals.length > 0 && { fixes: proposals.map(text => ({ title: `Change to ${text}`, edits: [{ at: match.at, text }] })) }),
  };
}

/** One literal may stand for rows of several events (`A or B where …`): it is doubtful only where none of them has it. */
function valuesNeverSeen(given: Evidence, matches: RowMatch[]): Finding[] {
  const byPlace = new Map<string, ValueUse[]>();
  for (const match of matches) {
    if (!occursIn(given.preview.schema, match)) continue;
    for (const use of valuesOf(match, given.preview.schema)) {
      const key = placeKey(use.literal.at);
      byPlace.set(key, [...(byPlace.get(key) ?? []), use]);
    }
  }
  return [...byPlace.values()]
    .filter(uses => uses.every(use => !use.seen && given.recorded(use.rows) === 0))
    .map(uses => valueNeverSeen(given, uses));
}

function valueNeverSeen({ preview }: Evidence, uses: ValueUse[]): Finding {
  const [{ literal, operand }] = uses;
  const rows = list([...new Set(uses.map(use => rowsName(use.match)))], 'or');
  const seen = operand.kind === 'column' ? [...new Set(uses.flatMap(use => examples(preview.schema, use.match, operand.column)))] : [];
  const write = (value: string) => (typeof literal.value === 'string' ? JSON.stringify(value) : value);
  const guess = typeof literal.value === 'string' ? nearest(literal.value, seen) : undefined;
  const subject = operand.kind === 'column' ? `\`${columnName(operand.column)}\`` : 'this expression';
  const ending =
    guess === undefined ? (seen.length > 0 ? `; seen are ${list(seen.slice(0, 5).map(write))}` : '') : `: did you mean ${write(guess)}?`;
  return {
    code: 'value-never-occurs',
    severity: 'warning',
    message: `In no row of ${rows} is ${subject} ${write(String(literal.value))}${ending}`,
    at: literal.at,
    ...(guess !== undefined && { fixes: [{ title: `Change to ${write(guess)}`, edits: [{ at: literal.at, text: write(guess) }] }] }),
  };
}

function propertiesNeverSeen(given: Evidence): Finding[] {
  const { plan, preview } = given;
  return propertiesOf(plan, preview.schema)
    .filter(use => given.recorded(use.rows) === 0)
    .map(({ match, column }) => ({
      code: 'property-never-on-event',
      severity: 'warning',
      message: `\`${columnName(column)}\` is a property in ${match.source}, but none of the ${count(preview.schema.sources[match.source].events[match.event], 'row')} of ${rowsName(match)} has it`,
      at: column.at,
    }));
}

function examples(schema: Schema, rows: Rows, column: ColumnRef): string[] {
  const found = findColumn(schema, rows, column);
  return found.kind === 'column' ? found.column.examples : [];
}
