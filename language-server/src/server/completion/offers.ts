/**
 * What the sample says may stand at the cursor: event names of a source, columns, their frequent values. Pure: the words before
 * the cursor, the last plan and schema in, offers out. Nothing is read and nothing waited for: `values.ts` does where it pays.
 */
import type { ColumnPlace, ColumnSchema, EventPattern, Plan, Result, Schema } from '@journey/engine';
import { formatCount, formatShare, piiOf, rowMatches } from '@journey/engine';
import { qualityAt } from '../../language/completion.ts';
import { type Cursor, callAt, conditionAt, pathBefore, patternBefore } from '../../language/cursor.ts';
import { quotedName, writtenPath } from '../../typing/types.ts';
import { plural } from '../views/words.ts';

/** What is known of a document; perhaps of an older text of it. */
export interface Known {
  plan: Plan;
  schema: Schema;
  result?: Result;
}

export interface Offer {
  kind: 'event' | 'column' | 'value' | 'id';
  label: string;
  /** As it is written. */
  text: string;
  detail: string;
  documentation?: string;
}

export interface Offers {
  offers: Offer[];
  /** Nothing else can stand here. */
  only: boolean;
}

const NOTHING: Offers = { offers: [], only: false };
/** Longer lists are scrolled by nobody; what is typed narrows them. */
const MOST = 300;
const COMPARISONS = new Set(['=', '!=', '<>', '<', '<=', '>', '>=', 'like', 'ilike']);
/** Before an operand of an expression. */
const OPENING = new Set(['where', 'when', 'and', 'or', 'not', '(', ',', '+', '-', '*', '/', ...COMPARISONS]);
const AGGREGATES = new Set(['sum', 'avg', 'min', 'max', 'median', 'p90', 'count']);

export function offersAt(cursor: Cursor, known: Known): Offers {
  if (cursor.comment) return { offers: [], only: true };
  const quoted = /^["']/.test(cursor.typed.text);
  const found = find(cursor, known);
  // In an open text there are values and quoted names, or nothing that could be known.
  const offers = quoted
    ? found.offers.filter(({ kind, text }) => kind === 'event' || kind === 'value' || text.startsWith('"'))
    : found.offers;
  return { offers: offers.slice(0, MOST), only: found.only || quoted };
}

function find(cursor: Cursor, known: Known): Offers {
  const { words, block } = cursor;
  const last = words[words.length - 1];
  const look = lookAt(cursor, known);
  if (block?.word === 'row') return inRow(cursor, known);
  // The numbers of a source's rows are the language's to offer.
  if (last === '.') return qualityAt(cursor) ? NOTHING : afterDot(words, look, known);
  if (!look || look.what === 'events' || look.what === 'property') return NOTHING;
  const { columns } = look;
  if (look.what === 'column') return { offers: columnOffers(columns), only: false };
  const values = valuesFor(words, columns, known);
  const operands = OPENING.has(last) && last !== 'like' && last !== 'ilike' ? columnOffers(look.bare ? columns : {}) : [];
  return { offers: [...values, ...operands], only: false };
}

/** Columns by their dotted path, with where they are from. */
type Columns = Record<string, ColumnSchema & { of: string[] }>;

/**
 * What a name at the cursor is looked for among: events; the one column a rule needs; columns in an expression (`bare`: they are
 * named without anything before them); a property behind an event.
 */
type Look =
  | { what: 'events' }
  | { what: 'column'; columns: Columns }
  | { what: 'expression'; columns: Columns; bare: boolean }
  | { what: 'property' };

function lookAt({ words, block }: Cursor, known: Known): Look | undefined {
  const { plan, schema } = known;
  const [first] = words;
  const last = words[words.length - 1];
  const after = (word: string) => words.lastIndexOf(word);
  const ofSources = (names: string[]) => merged(names.map(name => [name, schema.sources[name]?.columns ?? {}]));
  const ofPattern = (pattern: readonly string[]) => ofSources(sourcesNamed(pattern, plan));
  const begins = (index: number) => index >= 0 && onlyPath(words.slice(index + 1));

  if (block?.word === 'source') {
    const columns = ofSources([block.name ?? '']);
    if (first === 'where' || (first === 'id' && words[2] === '=')) return { what: 'expression', columns, bare: true };
    if ((first === 'time' || first === 'event') && begins(0)) return { what: 'column', columns };
    if (first === 'unique' && begins(Math.max(0, after(',')))) return { what: 'column', columns };
    if (first === 'join' && begins(after('on')) && after('on') > 0) return { what: 'column', columns };
    return undefined;
  }
  if (block?.word === 'table') {
    const columns = merged([[block.name ?? '', schema.tables[block.name ?? '']?.columns ?? {}]]);
    const wanted = (first === 'key' && begins(0)) || (first === 'id' && words[2] === '=' && begins(2));
    return wanted ? { what: 'column', columns } : undefined;
  }
  if (block?.word === 'scenario') return last === '.' ? { what: 'events' } : undefined;
  const condition = conditionAt(words);
  if (condition && isPattern(first)) return { what: 'expression', columns: ofPattern(condition.pattern), bare: true };
  if (after('same') > 0 && begins(after('same')) && isPattern(first)) {
    return { what: 'column', columns: ofPattern(patternBefore(words.slice(0, after('same')))) };
  }
  if (block === undefined && first === 'journey') {
    return after('per') > 0 && begins(after('per'))
      ? { what: 'column', columns: ofSources(plan.sources.map(({ name }) => name)) }
      : undefined;
  }
  if (block === undefined && first === 'segment' && after('when') > 0) {
    const call = callAt(words);
    if (call && AGGREGATES.has(call.name)) return { what: 'property' };
    if (/^(at,)?least,\d+(\.\d+)?(,\w+,\.)?$/.test(words.slice(words.lastIndexOf('least')).join(','))) return { what: 'events' };
    // `entry.plan`: of the rows that begin a run.
    const entry = ofSources(plan.journeys.flatMap(journey => journey.enters.flatMap(enter => sourcesOf(enter.on))));
    const columns = Object.fromEntries(Object.entries(entry).map(([name, column]) => [`entry.${name}`, column]));
    return { what: 'expression', columns: { ...columns, ...attributes(known) }, bare: false };
  }
  if (block?.word === 'journey' && first === 'split' && words[1] === 'by') {
    const journey = plan.journeys.find(({ name }) => name === block.name) ?? plan.journeys[0];
    const entry = ofSources((journey?.enters ?? []).flatMap(enter => sourcesOf(enter.on)));
    const dotted = last === '.' || begins(Math.max(1, after(',')));
    return dotted ? { what: 'column', columns: last === '.' ? { ...entry, ...attributes(known) } : entry } : undefined;
  }
  if (block?.word === 'journey' && first === 'keep') return words.length > 3 ? { what: 'property' } : undefined;
  if (block?.word === 'journey' && (first === 'metric' || first === 'expect')) {
    const call = callAt(words);
    return call && AGGREGATES.has(call.name) ? { what: 'property' } : undefined;
  }
  return isPattern(first) ? { what: 'events' } : undefined;
}

const isPattern = (first: string | undefined): boolean => ['event', 'enter', 'stage', 'complete', 'exit'].includes(first ?? '');
/** Nothing yet, or a dotted name that isn't finished. */
const onlyPath = (words: readonly string[]): boolean =>
  words.every((word, i) => (i % 2 === 1) === (word === '.')) && words.length % 2 === 0;

function afterDot(words: string[], look: Look | undefined, known: Known): Offers {
  const path = pathBefore(words.slice(0, -1));
  const { plan, schema } = known;
  const only = (offers: Offer[]): Offers => ({ offers, only: true });
  const source = schema.sources[path[0]];
  switch (look?.what) {
    case 'events':
      return only(source && path.length === 1 ? eventOffers(source.events) : []);
    case 'property': {
      if (source && path.length === 1) return only(eventOffers(source.events));
      const event = plan.events.find(({ name }) => name === path[0]);
      const owners = event ? sourcesOf(event.pattern) : source ? [path[0]] : [];
      const columns = merged(owners.map(name => [name, schema.sources[name]?.columns ?? {}]));
      return only(columnOffers(columns, path.slice(event ? 1 : 2)));
    }
    case 'column':
    case 'expression': {
      const table = Object.hasOwn(look.columns, path.join('.')) ? undefined : schema.tables[path[0]];
      const within = columnOffers(look.columns, path);
      return only(within.length > 0 || !table ? within : columnOffers(merged([[path[0], table.columns]]), path.slice(1)));
    }
    default:
      return only([]);
  }
}

/** In a row of a scenario: ids and columns before the colon, values behind it. */
function inRow({ words, block }: Cursor, known: Known): Offers {
  const plan = known.plan.sources.find(({ name }) => name === block?.name);
  const columns = merged([[block?.name ?? '', known.schema.sources[block?.name ?? '']?.columns ?? {}]]);
  const last = words[words.length - 1];
  if (last === ':') return { offers: values(columns[pathBefore(words.slice(0, -1)).join('.')]), only: false };
  if (last === '.') return { offers: columnOffers(columns, pathBefore(words.slice(0, -1))), only: true };
  if (last !== undefined && last !== ',') return NOTHING;
  const ids = [...new Set((plan?.ids ?? []).map(({ kind }) => kind))].filter(kind => !Object.hasOwn(columns, kind));
  const offers = ids.map((label): Offer => ({ kind: 'id', label, text: label, detail: `id of ${block?.name}` }));
  return { offers: [...offers, ...columnOffers(columns)], only: true };
}

/** What the column on the other side of a comparison holds. */
function valuesFor(words: string[], columns: Columns, { schema }: Known): Offer[] {
  const path = comparedAt(words);
  return path ? values(columns[path.join('.')] ?? schema.tables[path[0]]?.columns[path.slice(1).join('.')]) : [];
}

/** The column that a value at the cursor would be held against. */
function comparedAt(words: string[]): string[] | undefined {
  const last = words[words.length - 1];
  let left: string[] | undefined;
  if (COMPARISONS.has(last)) left = words.slice(0, -1);
  else if (last === '(' || last === ',') {
    const call = callAt(words);
    const open = words.length - (call?.args.length ?? 0) - 1;
    if (call?.name === 'in') left = words.slice(0, open - 1);
  }
  if (!left) return undefined;
  return pathBefore(left[left.length - 1] === 'not' ? left.slice(0, -1) : left);
}

/** Columns whose values could stand at the cursor, where the sample has shown none of them. */
export function unseenAt(cursor: Cursor, known: Known): ColumnPlace[] {
  const { words, block, comment } = cursor;
  if (comment) return [];
  const pii = piiOf(known.plan);
  const place = (name: string, column: string): ColumnPlace[] => {
    const { sources, tables } = known.schema;
    const kind = Object.hasOwn(sources, name) ? 'source' : 'table';
    const found = (kind === 'source' ? sources[name] : tables[name])?.columns[column];
    const personal = kind === 'source' ? pii.ofSourceColumn(name, column) : pii.ofTableColumn(name, column);
    return found && personal === undefined && found.examples.length === 0 && found.type !== 'empty' && found.type !== 'time'
      ? [{ kind, name, column }]
      : [];
  };
  if (block?.word === 'row') {
    return words[words.length - 1] === ':' ? place(block.name ?? '', pathBefore(words.slice(0, -1)).join('.')) : [];
  }
  const look = lookAt(cursor, known);
  const path = look?.what === 'expression' ? comparedAt(words) : undefined;
  if (look?.what !== 'expression' || !path) return [];
  const name = path.join('.');
  const below = path.slice(1).join('.');
  // `entry.plan` and `profiles.age` say first whose column it is.
  const columns = look.columns[name]?.of.flatMap(owner => [...place(owner, name), ...place(owner, below)]) ?? [];
  return columns.length > 0 ? columns : place(path[0], below);
}

/** The same knowledge with these values of a column. */
export function withValues(known: Known, { kind, name, column }: ColumnPlace, examples: string[]): Known {
  const owners = known.schema[`${kind}s`];
  const owner = owners[name];
  const columns = { ...owner.columns, [column]: { ...owner.columns[column], examples } };
  return { ...known, schema: { ...known.schema, [`${kind}s`]: { ...owners, [name]: { ...owner, columns } } } };
}

function values(column: ColumnSchema | undefined): Offer[] {
  const plain = column?.type === 'number' || column?.type === 'boolean';
  return (column?.examples ?? []).map(label => ({
    kind: 'value',
    label,
    text: plain ? label : JSON.stringify(label),
    detail: 'in the sample',
  }));
}

function eventOffers(events: Record<string, number>): Offer[] {
  return Object.entries(events)
    .sort(([, a], [, b]) => b - a)
    .map(([label, rows]) => ({ kind: 'event', label, text: quotedName(label), detail: plural(rows, 'row') }));
}

/** @param within the way down that stands before the cursor already */
function columnOffers(columns: Columns, within: string[] = []): Offer[] {
  const prefix = within.map(part => `${part}.`).join('');
  return Object.entries(columns)
    .filter(([name]) => name.startsWith(prefix) && name !== prefix)
    .map(([name, { type, missing, examples, of }]) => {
      const label = name.slice(prefix.length);
      const lacking = missing > 0 ? `, missing in ${formatShare(missing)}` : '';
      const such = examples.length > 0 ? `such as ${examples.slice(0, 5).join(', ')}` : undefined;
      return {
        kind: 'column',
        label,
        text: writtenPath(label.split('.')),
        detail: `${type} of ${of.join(', ')}${lacking}`,
        documentation: such,
      };
    });
}

/** `profiles.age`: facts about the customer. */
function attributes({ plan, schema }: Known): Columns {
  const tables = plan.tables.filter(({ key }) => key.idKind !== undefined);
  return Object.fromEntries(
    tables.flatMap(({ name }) =>
      Object.entries(schema.tables[name]?.columns ?? {}).map(([column, found]) => [`${name}.${column}`, { ...found, of: [name] }]),
    ),
  );
}

/** Columns of several owners as one list; of one that several have, the first tells the type. */
function merged(owners: [string, Record<string, ColumnSchema>][]): Columns {
  const all: Columns = {};
  for (const [owner, columns] of new Map(owners)) {
    for (const [name, column] of Object.entries(columns)) {
      if (!Object.hasOwn(all, name)) all[name] = { ...column, of: [owner] };
      else {
        const examples = [...new Set([...all[name].examples, ...column.examples])];
        all[name] = { ...all[name], examples, missing: Math.max(all[name].missing, column.missing), of: [...all[name].of, owner] };
      }
    }
  }
  return all;
}

const sourcesOf = (pattern: EventPattern): string[] => [...new Set(rowMatches(pattern).map(({ source }) => source))];

/** The sources that a pattern's words speak of, by themselves or through named events. */
function sourcesNamed(words: readonly string[], plan: Plan): string[] {
  return [
    ...new Set(
      words.flatMap((word, i) => {
        if (words[i - 1] === '.') return [];
        const event = plan.events.find(({ name }) => name === word);
        if (event && words[i + 1] !== '.') return sourcesOf(event.pattern);
        return plan.sources.some(({ name }) => name === word) ? [word] : [];
      }),
    ),
  ];
}

/** Counts behind the names that the language itself offers. */
export function countOf(name: string, { result }: Known): string | undefined {
  const events = result?.events[name];
  if (events !== undefined) return plural(events, 'event', undefined, result?.suppressedBelow);
  const source = result?.sources[name];
  if (source) return plural(source.events, 'event');
  const rows = result?.tables[name]?.rows;
  return rows === undefined ? undefined : `${formatCount(rows)} rows`;
}
