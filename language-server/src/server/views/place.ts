/** What of a definition stands at a place in its text. */
import {
  type At,
  type ColumnRef,
  type EndPlan,
  type EnterPlan,
  type EventPattern,
  type EventPlan,
  type ExpectPlan,
  type IdentityPlan,
  type JourneyPlan,
  type KeepPlan,
  type MetricPlan,
  type PathPlan,
  type Plan,
  type Position,
  type RowMatch,
  rowMatches,
  type SegmentPlan,
  type SourcePlan,
  type SplitPlan,
  type StagePlan,
  type TablePlan,
} from '@journey/engine';

export type Thing =
  | { kind: 'source'; source: SourcePlan; at: At }
  | { kind: 'table'; table: TablePlan; at: At }
  | { kind: 'identity'; identity: IdentityPlan; at: At }
  | { kind: 'event'; event: EventPlan; at: At }
  | { kind: 'segment'; segment: SegmentPlan; at: At }
  | { kind: 'rows'; rows: RowMatch; at: At }
  | { kind: 'column'; column: ColumnRef /** the sources or tables it may be of */; of: string[]; at: At }
  | { kind: 'journey'; journey: JourneyPlan; at: At }
  | { kind: 'enter'; journey: JourneyPlan; rule: EnterPlan; at: At }
  | { kind: 'stage'; journey: JourneyPlan; rule: StagePlan; at: At }
  | { kind: 'end'; journey: JourneyPlan; rule: EndPlan; at: At }
  | { kind: 'keep'; journey: JourneyPlan; rule: KeepPlan; at: At }
  | { kind: 'split'; journey: JourneyPlan; rule: SplitPlan; at: At }
  | { kind: 'path'; journey: JourneyPlan; rule: PathPlan; at: At }
  | { kind: 'metric'; journey: JourneyPlan; rule: MetricPlan; at: At }
  | { kind: 'expect'; journey: JourneyPlan; rule: ExpectPlan; index: number; at: At };

export interface Place {
  uri: string;
  position: Position;
  /** The name under the cursor, and where it stands; undefined between names. */
  word?: { text: string; at: At };
}

/** @returns undefined where nothing with numbers stands */
export function thingAt(plan: Plan, place: Place): Thing | undefined {
  const inside = (at: At) => at.uri === place.uri && contains(at, place.position);
  const journey = plan.journeys.find(journey => inside(journey.at));
  // Before its column: the numbers of the groups say more.
  const split = journey?.splits.find(split => inside(split.at));
  if (journey && split) return { kind: 'split', journey, rule: split, at: split.at };
  const column = columnAt(plan, inside);
  if (column) return column;

  const expect = journey?.expects.findIndex(expect => inside(expect.at)) ?? -1;
  if (place.word) {
    const named = byName(plan, journey, place.word.text, place.word.at, inside);
    if (named) return named;
  }
  const rows = find(plan, inside, isRows);
  if (rows) return { kind: 'rows', rows, at: rows.at };
  if (journey && expect >= 0)
    return { kind: 'expect', journey, rule: journey.expects[expect], index: expect, at: journey.expects[expect].at };
  return undefined;
}

/** A declaration by its name's place; else what a name refers to, from the inside out. */
function byName(plan: Plan, journey: JourneyPlan | undefined, name: string, at: At, inside: (at: At) => boolean): Thing | undefined {
  const all: { name: string; nameAt: At; thing: Thing }[] = [];
  const add = <T extends { name: string; nameAt: At }>(parts: T[], thing: (part: T) => Thing) => {
    for (const part of parts) all.push({ name: part.name, nameAt: part.nameAt, thing: thing(part) });
  };
  if (journey) {
    add(journey.stages, rule => ({ kind: 'stage', journey, rule, at }));
    add(journey.ends, rule => ({ kind: 'end', journey, rule, at }));
    add(journey.enters, rule => ({ kind: 'enter', journey, rule, at }));
    add(journey.keeps, rule => ({ kind: 'keep', journey, rule, at }));
    add(journey.paths, rule => ({ kind: 'path', journey, rule, at }));
    add(journey.metrics, rule => ({ kind: 'metric', journey, rule, at }));
  }
  add(plan.journeys, journey => ({ kind: 'journey', journey, at }));
  add(plan.segments, segment => ({ kind: 'segment', segment, at }));
  add(plan.events, event => ({ kind: 'event', event, at }));
  add(plan.sources, source => ({ kind: 'source', source, at }));
  add(plan.tables, table => ({ kind: 'table', table, at }));
  add(plan.identities, identity => ({ kind: 'identity', identity, at }));

  const declared = all.find(part => inside(part.nameAt));
  if (declared) return declared.thing;
  // `on Viewed`, `first Viewed`: an event of that name wins over the rule that is called alike.
  const inPattern = find(plan, inside, isPattern);
  const event = inPattern && plan.events.find(event => event.name === name);
  if (event) return { kind: 'event', event, at };
  return all.find(part => part.name === name)?.thing;
}

function columnAt(plan: Plan, inside: (at: At) => boolean): Thing | undefined {
  const of = new Set<string>();
  let found: ColumnRef | undefined;
  const walk = (value: unknown, sources: string[]): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, sources);
    else if (value !== null && typeof value === 'object') {
      if (isColumn(value) && inside(value.at)) {
        found = value;
        for (const owner of value.table ? [value.table] : sources) of.add(owner);
        return;
      }
      const owners = ownersOf(value, plan) ?? sources;
      for (const child of Object.values(value)) walk(child, owners);
    }
  };
  walk(plan, []);
  return found && { kind: 'column', column: found, of: [...of], at: found.at };
}

/** The sources or the table whose columns are named inside; undefined where it says nothing of that. */
function ownersOf(value: object, plan: Plan): string[] | undefined {
  if (isRows(value)) return [value.source];
  if (isSource(value) || isTable(value)) return [value.name];
  // A metric's or a keep's property is one of its event's rows.
  if ('property' in value && 'event' in value && isPattern(value.event)) return sourcesOf([value.event]);
  if (isPattern(value)) return sourcesOf([value]);
  const journeys = 'enters' in value ? [value as JourneyPlan] : 'condition' in value && 'nameAt' in value ? plan.journeys : undefined;
  return journeys && sourcesOf(journeys.flatMap(journey => journey.enters.map(enter => enter.on)));
}

const sourcesOf = (patterns: EventPattern[]): string[] => [
  ...new Set(patterns.flatMap(pattern => rowMatches(pattern).map(({ source }) => source))),
];

/** The first part of a kind that stands here, inner parts of the same kind preferred. */
function find<T extends { at: At }>(value: unknown, inside: (at: At) => boolean, is: (value: object) => value is T): T | undefined {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = find(item, inside, is);
      if (found) return found;
    }
    return undefined;
  }
  if (value === null || typeof value !== 'object') return undefined;
  for (const child of Object.values(value)) {
    const found = find(child, inside, is);
    if (found) return found;
  }
  return is(value) && inside(value.at) ? value : undefined;
}

const isColumn = (value: object): value is ColumnRef => 'path' in value && 'at' in value;
const isRows = (value: object): value is RowMatch => 'source' in value && 'event' in value && 'at' in value;
const PATTERNS = new Set<unknown>(['rows', 'union', 'filter', 'first', 'repeated', 'sequence', 'absence'] satisfies EventPattern['kind'][]);
const isPattern = (value: unknown): value is EventPattern =>
  typeof value === 'object' && value !== null && 'kind' in value && PATTERNS.has(value.kind) && 'text' in value;
const isSource = (value: object): value is SourcePlan => 'passive' in value && 'samples' in value;
const isTable = (value: object): value is TablePlan => 'key' in value && 'samples' in value;

function contains({ start, end }: At, { line, character }: Position): boolean {
  if (line < start.line || line > end.line) return false;
  return (line > start.line || character >= start.character) && (line < end.line || character <= end.character);
}
