/** The detail behind the numbers, as Markdown. Pure: plan and preview in, text out. */
import type { KeepPlan, Preview } from '@journey/engine';
import { formatCount, formatDuration, formatMoment } from '@journey/engine';
import type { Thing } from '../place.ts';
import { plural, range } from '../words.ts';
import { columnsOf, columnTable, sourceTables } from './data.ts';
import { eventParts } from './event.ts';
import { segmentNumbers } from './groups.ts';
import { type Look, table, text } from './markdown.ts';
import { journeyNumbers } from './rules.ts';

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
    case 'segment':
      return title('segment', `${thing.segment.name} when ${thing.segment.text}`, thing.segment.doc);
    case 'enter':
    case 'stage':
    case 'metric':
      return title(thing.kind, thing.rule.name, thing.rule.doc);
    case 'keep':
      return title('keep', `${thing.rule.name} = ${keepText(thing.rule)}`, thing.rule.doc);
    case 'path':
      return title('path', `${thing.rule.name}: ${thing.rule.steps.map(({ step }) => step.name).join(' → ')}`, thing.rule.doc);
    case 'split':
      return title('split by', thing.rule.text);
    case 'end':
      return title(thing.rule.kind, thing.rule.name, thing.rule.doc);
    case 'expect':
      return title('expect', thing.rule.text);
  }
}

const keepText = ({ which, event, property, within }: KeepPlan): string =>
  `${which} ${event.text}.${property.path.join('.')}${within === undefined ? '' : ` within ${formatDuration(within)}`} before entry`;

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
        ['later than as-of', formatCount(source.later)],
        ['more than a day late', formatCount(source.late)],
      ];
      if (source.from !== null) facts.push(['range', range(source)]);
      for (const { from, to } of source.gaps.slice(0, 3))
        facts.push(['gap', `${formatMoment(from)} … ${formatMoment(to)}, ${formatDuration(to - from)}`]);
      return [table(['', ''], facts), ...sourceTables(schema.sources[thing.source.name])];
    }
    case 'table': {
      const columns = schema.tables[thing.table.name];
      return columns ? [plural(columns.rows, 'row'), columnTable(columns.columns)] : [];
    }
    case 'identity':
      return [plural(result.people, 'person', 'people', result.suppressedBelow)];
    case 'event': {
      const count = result.events[thing.event.name];
      return count === undefined
        ? []
        : [
            count === 0 ? 'never' : plural(count, 'event', undefined, result.suppressedBelow),
            eventParts(thing.event.pattern, { result, schema }),
          ];
    }
    case 'segment':
      return segmentNumbers(thing.segment.name, result, look.pictures);
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
