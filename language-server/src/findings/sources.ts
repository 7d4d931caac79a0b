/** What is doubtful about the sources themselves: their rows, times, keys and ids. */
import {
  formatDuration,
  formatInstant,
  formatMoment,
  formatShare,
  type Instant,
  type JourneyPlan,
  type Plan,
  type Result,
  rowMatches,
  type SourcePlan,
  type SourceResult,
} from '@journey/engine';
import type { Finding } from '../project/types.ts';
import { count, day, list } from '../text/words.ts';
import { patternsOf } from '../typing/patterns.ts';
import { type Evidence, sourcesWithoutIdentity } from './evidence.ts';

/** A share of rows from which the definition is more likely to be wrong than a few rows. */
const MANY = 0.1;
/** A longer time without any event before as-of is worth a word. */
const GAP = 30 * 86_400_000;

export function sourceFindings(given: Evidence): Finding[] {
  const { plan, preview } = given;
  const { sources, asOf } = preview.result;
  const goneIsTold = preview.problems.some(({ code }) => code === 'retention-leaves-nothing');
  return [
    ...plan.sources.flatMap(source => (sources[source.name] ? aboutRows(source, sources[source.name], goneIsTold) : [])),
    ...(asOf === null ? [] : plan.sources.flatMap(source => aboutTime(source, sources, asOf))),
    ...plan.sources.flatMap(source => withoutTimeOfDay(source, preview.result)),
    ...plan.journeys.flatMap(journey => withoutIdentity(plan, journey)),
    ...unusedKinds(plan),
    ...(asOf === null ? [] : gap(given, asOf)),
  ];
}

function aboutRows(
  source: SourcePlan,
  { rows, events, duplicates, unreadable, withoutId, erased, expired }: SourceResult,
  goneIsTold: boolean,
): Finding[] {
  // No files, no rows and no readable times are the engine's to say, which knows where it looked.
  if (rows === 0) return [];
  const warn = (code: string, message: string, at = source.nameAt): Finding[] => [{ code, severity: 'warning', message, at }];
  if (events === 0 && unreadable + duplicates < rows) {
    const gone = [...(erased > 0 ? ['erased'] : []), ...(expired > 0 ? ['older than what is retained'] : [])];
    if (gone.length > 0 && goneIsTold) return [];
    if (gone.length > 0) {
      const others = source.where || events + duplicates + unreadable + erased + expired < rows ? ', or left out by the source' : '';
      return warn('source-without-events', `No row of ${source.name} is an event any more: all are ${list(gone, 'or')}${others}`);
    }
    const why = source.where ? 'its `where` meets none' : 'all are after `until`, or after the instant the numbers are as of';
    return warn('source-without-events', `None of the ${count(rows, 'row')} of ${source.name} is an event: ${why}`);
  }
  return [
    ...(duplicates / rows >= MANY && source.unique
      ? warn(
          'many-duplicates',
          `${count(duplicates, 'row')} of ${source.name} (${formatShare(duplicates / rows)}) ${duplicates === 1 ? 'has' : 'have'} a key that came before: is ${keyText(source)} different for every event?`,
          source.unique.at,
        )
      : []),
    ...(source.ids.length > 0 && withoutId / rows >= MANY
      ? warn(
          'rows-without-id',
          `${count(withoutId, 'row')} of ${source.name} (${formatShare(withoutId / rows)}) ${withoutId === 1 ? 'has' : 'have'} no ${list(
            source.ids.map(id => id.kind),
            'or',
          )}, so nobody is behind ${withoutId === 1 ? 'it' : 'them'}`,
          source.ids[0].at,
        )
      : []),
  ];
}

/** Rows that came late, rows that don't count yet, and silence that is longer than usual. */
function aboutTime(source: SourcePlan, results: Result['sources'], asOf: Instant): Finding[] {
  const own = results[source.name];
  if (!own || own.rows === 0) return [];
  const { rows, later, late, gaps } = own;
  const tell = (code: string, severity: Finding['severity'], message: string): Finding => ({
    code,
    severity,
    message,
    at: source.time.at,
  });
  const found: Finding[] = [];
  if (late > 0)
    found.push(
      tell(
        'rows-late',
        'info',
        `${count(late, 'row')} of ${source.name} (${formatShare(late / rows)}) ${late === 1 ? 'stands' : 'stand'} in ${late === 1 ? 'its' : 'their'} file below rows that are more than a day newer`,
      ),
    );
  if (later / rows >= MANY)
    found.push(
      tell(
        'rows-later',
        'info',
        `${count(later, 'row')} of ${source.name} (${formatShare(later / rows)}) ${later === 1 ? 'is' : 'are'} later than ${formatInstant(asOf)}, the instant these numbers are as of, and ${later === 1 ? 'counts' : 'count'} for nothing`,
      ),
    );
  // Where all sources end before as-of, that is one gap, told as such.
  const end = Math.max(...Object.values(results).map(({ to }) => to ?? Number.NEGATIVE_INFINITY));
  const [longest, ...others] = gaps.filter(({ from }) => from < end);
  if (longest) {
    const { from, to } = longest;
    const more = others.length > 0 ? `, and for ${count(others.length, 'more span', 'more spans')} like it` : '';
    const what =
      own.to === from
        ? `${source.name} has had no event since ${formatMoment(from)}, ${formatDuration(to - from)} before these numbers, while others have`
        : `${source.name} has no event for ${formatDuration(to - from)}, from ${formatMoment(from)} to ${formatMoment(to)}${more}`;
    found.push(tell('time-gap', 'warning', `${what}: that is far longer than it usually waits for the next. Was something not recorded?`));
  }
  return found;
}

/** Dates alone, because of which the outcome of participations can't be told. */
function withoutTimeOfDay({ name, time }: SourcePlan, { journeys }: Result): Finding[] {
  const because = journeys.flatMap(journey => {
    const runs = journey.ambiguousBy?.[name] ?? 0;
    return runs > 0 ? [`${count(runs, 'participation')} of ${journey.name}`] : [];
  });
  if (because.length === 0) return [];
  return [
    {
      code: 'dates-without-time',
      severity: 'info',
      message: `${name} has dates without a time of day: the outcome of ${list(because)} hangs on what came first on such a day, and on nothing else that the data doesn't tell`,
      at: time.at,
    },
  ];
}

const keyText = ({ unique }: SourcePlan): string => list((unique?.columns ?? []).map(column => `\`${column.path.join('.')}\``));

/** Sources whose events a journey reads, though none of their ids is of its identity: those events can't belong to anybody. */
function withoutIdentity(plan: Plan, journey: JourneyPlan): Finding[] {
  const kind = plan.identities.find(({ name }) => name === journey.identity)?.kinds[0]?.name;
  if (!kind) return [];
  const read = new Set(patternsOf({ journeys: [journey] }).flatMap(pattern => rowMatches(pattern).map(match => match.source)));
  return sourcesWithoutIdentity(plan, journey)
    .filter(source => read.has(source.name))
    .map(source => ({
      code: 'source-without-identity',
      severity: 'warning',
      message: `${source.name} has no id of ${journey.identity}: its events belong to nobody, so ${journey.name} never sees them. Add \`id ${kind} = …\``,
      at: source.nameAt,
      related: [{ message: `${journey.name} reads ${source.name}`, at: journey.nameAt }],
    }));
}

function unusedKinds(plan: Plan): Finding[] {
  const used = new Set([...plan.sources.flatMap(source => source.ids.map(id => id.kind)), ...plan.tables.map(table => table.key.idKind)]);
  // An identity in a file of its own is for all that import it: what this one doesn't carry, another may.
  const files = new Set([...plan.sources, ...plan.journeys].map(({ at }) => at.uri));
  return plan.identities.flatMap(identity =>
    identity.kinds
      .filter(kind => files.has(identity.at.uri) && !used.has(kind.name))
      .map(kind => ({
        code: 'id-kind-unused',
        severity: 'warning',
        message: `No source has an id \`${kind.name}\`: add \`id ${kind.name} = …\` to the sources that carry it, or remove it here`,
        at: kind.at,
      })),
  );
}

/** Where as-of is chosen and not the last event's time; of a stray last event the engine tells. */
function gap({ plan, preview }: Evidence, asOf: Instant): Finding[] {
  const last = Math.max(...plan.sources.map(({ name }) => preview.result.sources[name]?.to ?? Number.NEGATIVE_INFINITY));
  if (!Number.isFinite(last) || asOf - last <= GAP) return [];
  const latest = plan.sources.find(({ name }) => preview.result.sources[name]?.to === last)!;
  // One that is gone is no silence, and when it stood is not to be told.
  const isErased = Object.values(preview.result.sources).some(({ erased }) => erased > 0);
  const message = `The last event ${isErased ? 'that is left ' : ''}is from ${day(last)}, ${formatDuration(asOf - last)} before the instant these numbers are as of: silence may only mean that the sample ends`;
  return [{ code: 'as-of-gap', severity: 'warning', message, at: plan.asOf?.at ?? latest.time.at }];
}
