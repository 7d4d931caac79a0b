/** The detail behind the numbers, as Markdown. Pure: plan and preview in, text out. */
import type { ColumnSchema, JourneyResult, Preview, SourceSchema } from '@journey/engine';
import { formatCount, formatDuration, formatMetric, formatShare } from '@journey/engine';
import { bars, sparkline } from './picture.ts';
import type { Thing } from './place.ts';
import { day, headline, part, plural, range } from './words.ts';

interface Look {
  /** SVG instead of block characters. */
  pictures: boolean;
  /** The numbers belong to an older text or older data. */
  stale: boolean;
}

const ROWS = 12;

/** @param preview absent while there are no numbers */
export function hover(thing: Thing, preview: Preview | undefined, look: Look): string {
  const parts = [...describe(thing)];
  if (!preview) parts.push('_No numbers yet._');
  else {
    parts.push(...numbers(thing, preview, look).filter(text => text !== ''));
    if (look.stale) parts.push('_The numbers belong to an older text; new ones are on their way._');
  }
  return parts.join('\n\n');
}

function describe(thing: Thing): string[] {
  const title = (kind: string, name: string, doc?: string) => [`**${kind}** ${text(name)}`, ...(doc ? [doc] : [])];
  switch (thing.kind) {
    case 'source':
      return title(thing.source.passive ? 'passive source' : 'source', thing.source.name, thing.source.doc);
    case 'table':
      return title('table', thing.table.name, thing.table.doc);
    case 'identity':
      return [
        ...title('identity', thing.identity.name, thing.identity.doc),
        `Strongest first: ${thing.identity.kinds.map(kind => text(kind.name)).join(', ')}`,
      ];
    case 'event':
      return title('event', `${thing.event.name} = ${thing.event.pattern.text}`, thing.event.doc);
    case 'rows':
      return title('event', `${thing.rows.source}.${thing.rows.event}`);
    case 'column':
      return title('column', thing.column.path.join('.'));
    case 'journey':
      return title('journey', thing.journey.name, thing.journey.doc);
    case 'enter':
    case 'stage':
    case 'metric':
      return title(thing.kind, thing.rule.name, thing.rule.doc);
    case 'end':
      return title(thing.rule.kind, thing.rule.name, thing.rule.doc);
    case 'expect':
      return title('expect', thing.rule.text);
  }
}

function numbers(thing: Thing, { result, schema }: Preview, look: Look): string[] {
  switch (thing.kind) {
    case 'source': {
      const source = result.sources[thing.source.name];
      if (!source) return [];
      const facts: [string, string][] = [
        ['files', formatCount(source.files)],
        ['rows', formatCount(source.rows)],
        ['events', formatCount(source.events)],
        ['duplicates', formatCount(source.duplicates)],
        ['without a readable time', formatCount(source.unreadable)],
        ['without an id', formatCount(source.withoutId)],
      ];
      if (source.from !== null) facts.push(['range', range(source)]);
      return [table(['', ''], facts), ...sourceTables(schema.sources[thing.source.name])];
    }
    case 'table': {
      const columns = schema.tables[thing.table.name];
      return columns ? [plural(columns.rows, 'row'), columnTable(columns.columns)] : [];
    }
    case 'identity':
      return [plural(result.people, 'person', 'people')];
    case 'event': {
      const count = result.events[thing.event.name];
      return count === undefined ? [] : [count === 0 ? 'never' : plural(count, 'event')];
    }
    case 'rows': {
      const count = schema.sources[thing.rows.source]?.events[thing.rows.event];
      return [count === undefined ? 'No row of the sample has this name.' : `${plural(count, 'row')} of the sample`];
    }
    case 'column':
      return [columnTable(columnsOf(thing.column.path.join('.'), thing.of, schema))];
    default: {
      const numbers = result.journeys.find(journey => journey.name === thing.journey.name);
      return numbers ? journeyNumbers(thing, numbers, look) : [];
    }
  }
}

function journeyNumbers(thing: Extract<Thing, { journey: unknown }>, numbers: JourneyResult, { pictures }: Look): string[] {
  const { entered } = numbers;
  switch (thing.kind) {
    case 'journey': {
      const stages = thing.journey.stages.map(stage => ({ label: stage.name, count: numbers.stages[stage.name]?.reached ?? 0 }));
      const ends = thing.journey.ends.map(end => ({ label: end.name, count: numbers.exits[end.name] ?? 0 }));
      const days = numbers.entriesByDay;
      const { medianMs, p90Ms } = numbers.timeToEnd;
      return [
        [...headline(numbers), plural(numbers.people, 'person', 'people')].join(' · '),
        bars([{ label: 'entered', count: entered }, ...stages, ...ends], entered, 'stages and ends', pictures),
        days.length > 1
          ? `${sparkline(byDay(days), 'entries by day', pictures)}\n\nentries by day, ${days[0].day} … ${days[days.length - 1].day}`
          : '',
        medianMs === null || p90Ms === null ? '' : `From entry to end: median ${formatDuration(medianMs)}, p90 ${formatDuration(p90Ms)}`,
        turnedAway(numbers.rejected, numbers.attempts),
        transitions(numbers, () => true),
        numbers.ambiguous > 0
          ? `${plural(numbers.ambiguous, 'participation')} may come out differently, since rows at the same time have no order.`
          : '',
        numbers.withoutKey > 0 ? `${plural(numbers.withoutKey, 'row')} left out for want of the key.` : '',
      ];
    }
    case 'enter': {
      const { attempts = 0, rejected = {} } = numbers.attemptsBy[thing.rule.name] ?? {};
      const entries = numbers.entries[thing.rule.name] ?? 0;
      return [
        `${plural(attempts, 'attempt')} · ${formatCount(entries)} entered`,
        turnedAway(rejected, attempts),
        transitions(numbers, ({ from }) => from === thing.rule.name),
      ];
    }
    case 'stage': {
      const stage = numbers.stages[thing.rule.name];
      if (!stage) return [];
      const time = stage.medianMs === null ? '' : ` · median time in it ${formatDuration(stage.medianMs)}`;
      return [
        `${part(stage.reached, entered)} reached · ${plural(stage.visits, 'visit')}${time}`,
        transitions(numbers, ({ from, to }) => from === thing.rule.name || to === thing.rule.name),
      ];
    }
    case 'end':
      return [
        `${part(numbers.exits[thing.rule.name] ?? 0, entered)} of ${plural(entered, 'participation')}`,
        transitions(numbers, ({ to }) => to === thing.rule.name),
      ];
    case 'metric': {
      const value = numbers.metrics[thing.rule.name];
      if (!value) return [];
      const interval = value.interval && `95% interval ${formatShare(value.interval[0])} … ${formatShare(value.interval[1])}`;
      return [formatMetric(value), interval ?? ''];
    }
    case 'expect': {
      const expected = numbers.expectations.filter(other => other.text === thing.rule.text);
      const at = thing.journey.expects.filter(other => other.text === thing.rule.text).indexOf(thing.rule);
      const found = expected[at];
      if (!found) return [];
      const verdict = found.ok === null ? 'undecided' : found.ok ? 'holds' : 'fails';
      return [`${verdict}: ${found.actual}`, found.message ? text(found.message) : ''];
    }
  }
}

function turnedAway(rejected: JourneyResult['rejected'], attempts: number): string {
  const rows = Object.entries(rejected).sort(([, a], [, b]) => b - a);
  return rows.length === 0
    ? ''
    : table(
        ['turned away', 'attempts'],
        rows.map(([reason, count]) => [reason, part(count, attempts)]),
      );
}

function transitions({ transitions }: JourneyResult, wanted: (transition: JourneyResult['transitions'][number]) => boolean): string {
  const rows = transitions.filter(wanted);
  if (rows.length === 0) return '';
  const more = rows.length > ROWS ? `\n\n… and ${formatCount(rows.length - ROWS)} more` : '';
  return (
    table(
      ['from', 'to', 'times'],
      rows.slice(0, ROWS).map(({ from, to, count }) => [from, to, formatCount(count)]),
    ) + more
  );
}

/** Days without entries are days too. */
function byDay(days: JourneyResult['entriesByDay']): number[] {
  const counts = new Map(days.map(({ day, entered }) => [day, entered]));
  const last = days[days.length - 1].day;
  const all: number[] = [];
  for (let at = Date.parse(days[0].day); day(at) <= last; at += 86_400_000) all.push(counts.get(day(at)) ?? 0);
  return all;
}

function sourceTables(schema: SourceSchema | undefined): string[] {
  if (!schema) return [];
  const events = Object.entries(schema.events).sort(([, a], [, b]) => b - a);
  const more = events.length > ROWS ? `\n\n… and ${plural(events.length - ROWS, 'more name')}` : '';
  return [
    table(
      ['event', 'rows'],
      events.slice(0, ROWS).map(([name, count]) => [name, formatCount(count)]),
    ) + more,
    columnTable(schema.columns),
  ];
}

function columnsOf(path: string, owners: string[], { sources, tables }: Preview['schema']): Record<string, ColumnSchema> {
  const found: Record<string, ColumnSchema> = {};
  for (const owner of owners) {
    const columns = sources[owner]?.columns ?? tables[owner]?.columns ?? {};
    if (Object.hasOwn(columns, path)) found[owners.length > 1 ? `${owner}.${path}` : path] = columns[path];
  }
  return found;
}

function columnTable(columns: Record<string, ColumnSchema>): string {
  const rows = Object.entries(columns);
  if (rows.length === 0) return 'No row of the sample has this column.';
  const cells = rows
    .slice(0, 2 * ROWS)
    .map(([name, { type, missing, examples }]) => [name, type, formatShare(missing), examples.slice(0, 4).join(', ')]);
  return (
    table(['column', 'type', 'missing', 'such as'], cells) +
    (rows.length > 2 * ROWS ? `\n\n… and ${formatCount(rows.length - 2 * ROWS)} more` : '')
  );
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map(text).join(' | ')} |`;
  return [line(head), `|${head.map((_, i) => (i === 0 ? '---' : '---:')).join('|')}|`, ...rows.map(line)].join('\n');
}

/** Names and values come from the text and the data: none of them is Markdown. */
function text(value: string): string {
  const short = value.length > 80 ? `${value.slice(0, 79)}…` : value;
  return short.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&');
}
