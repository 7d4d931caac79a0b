import type { EngineCode } from './codes.ts';
import { formatShare } from './format.ts';
import type { At, Plan, SamplePlan, SourcePlan } from './plan.ts';
import type { FileInfo } from './ports.ts';
import { piiOf } from './privacy/pii.ts';
import { shifts, trustIn } from './privacy/trust.ts';
import type { Drift } from './quality/drift.ts';
import type { Repeats } from './quality/repeats.ts';
import { type Fault, plural, shown } from './read/problem.ts';
import { type Relation, zoneOf } from './read/relation.ts';
import type { DataProblem } from './result.ts';
import { nameOf } from './store/expr.ts';
import { regexProblem } from './store/regex.ts';
import type { SourceRows, TableRows } from './store/rows.ts';
import type { Timeline } from './store/timeline.ts';
import { type Uses, within } from './store/uses.ts';

const DAY = 86_400_000;
/** Below this share of its rows, unreadable times are the dirt that every sample has, not a definition that is wrong. */
const FEW = 0.01;

/** What a source or table was read from: each sample's files, and their rows. */
export interface Loaded {
  samples: { plan: SamplePlan; files: FileInfo[]; failure?: string }[];
  relation: Relation;
}

const problem = (code: EngineCode, severity: DataProblem['severity'], at: At, message: string, data?: DataProblem['data']): DataProblem =>
  data ? { code, severity, message, at, data } : { code, severity, message, at };

/**
 * What is wrong with the files of a source or table and the columns read from them.
 *
 * @param personal whether it holds personal data: then nothing that stands in the files is told
 */
export function fileProblems(
  loaded: Loaded,
  wants: Uses['sources'] extends Map<string, infer W> ? W : never,
  timeAt: At | null,
  personal: boolean,
): DataProblem[] {
  const { samples, relation } = loaded;
  const found: DataProblem[] = [];
  for (const { plan, files, failure } of samples) {
    if (failure) found.push(problem('sample-unreadable', 'error', plan.at, `${shown(plan.pattern)} can't be looked up: ${failure}`));
    else if (!files.length)
      found.push(
        problem(
          'sample-missing',
          'error',
          plan.at,
          `no file matches ${shown(plan.pattern)}; paths are relative to the folder of this file`,
        ),
      );
  }
  const sampleAt = (fault: Fault): At =>
    (samples.find(sample => sample.files.some(file => file.path === fault.data?.path)) ?? samples[0]).plan.at;
  const told = <F extends Fault>({ plain, ...fault }: F) => {
    if (!personal) return fault;
    const message = plain ?? fault.message;
    return {
      ...fault,
      message: shifts(fault.code) ? `${message}. Personal data may stand in any column there: no value of it is told` : message,
    };
  };
  for (const fault of relation.faults) found.push({ ...told(fault), at: sampleAt(fault) });
  for (const want of wants.values()) {
    const lacking = want.time && !relation.has(want.name);
    if (lacking) {
      if (timeAt && relation.rows)
        found.push(
          problem(
            'time-column-missing',
            'error',
            timeAt,
            `there is no column ${shown(want.name)} in ${samples.map(sample => shown(sample.plan.pattern)).join(', ')}, so no row has a time${personal && !trustIn(relation).names ? '' : `; the columns are ${some(relation.columnNames())}`}`,
          ),
        );
      continue;
    }
    const unreadable = relation.faultsOf(want).reduce((sum, { code, count }) => sum + (code === 'time-unreadable' ? count : 0), 0);
    for (const { count, ...fault } of relation.faultsOf(want).map(told)) {
      if (fault.code !== 'time-unreadable') found.push({ ...fault, at: sampleAt(fault) });
      else found.push({ ...fault, severity: unreadable < FEW * relation.rows ? 'info' : fault.severity, at: timeAt ?? sampleAt(fault) });
    }
  }
  return found;
}

/** Columns that rules use and that are not the same on all rows. */
export function columnProblems(
  { relation }: Loaded,
  wants: Uses['sources'] extends Map<string, infer W> ? W : never,
  drifts: ReadonlyMap<string, readonly Drift[]> = new Map(),
): DataProblem[] {
  const found: DataProblem[] = [];
  for (const { name, time, at } of wants.values()) {
    if (time) continue;
    const drifting = drifts.get(name) ?? [];
    for (const drift of drifting) found.push(driftProblem(name, at, drift));
    if (relation.rows && relation.text(name).type === 'mixed' && !drifting.some(({ kind }) => kind === 'type'))
      found.push(
        problem(
          'property-changes-type',
          'warning',
          at,
          `${shown(name)} is a number or true/false on some rows and a text on others; it is compared as text`,
        ),
      );
  }
  return found;
}

/** Rows of a source that were probably delivered twice, and the key that would keep the first of each. */
export function repeatProblem({ name, nameAt, at, time }: SourcePlan, { column, rows, of }: Repeats): DataProblem {
  const many = `${plural(rows, 'row')} of ${name} (${formatShare(rows / of)})`;
  if (column === null)
    return problem(
      'rows-repeat',
      'info',
      nameAt,
      `${many} ${rows === 1 ? 'is' : 'are'} equal to an earlier row in every column: if ${rows === 1 ? 'it was' : 'they were'} delivered twice, ${rows === 1 ? 'it counts' : 'they count'} twice. A column that is different for every event can be declared \`unique\``,
    );
  const rule = `unique ${column
    .split('.')
    .map(part => (/^[A-Za-z_]\w*$/.test(part) ? part : `\`${part}\``))
    .join('.')}`;
  const place = { uri: time.at.uri, start: time.at.start, end: time.at.start };
  const text = at.start.line === at.end.line ? `${rule}  ` : `${rule}\n${' '.repeat(time.at.start.character)}`;
  return {
    ...problem(
      'rows-repeat',
      'warning',
      nameAt,
      `${many} ${rows === 1 ? 'repeats' : 'repeat'} the ${column} of an earlier row: probably delivered twice, ${rows === 1 ? 'it counts' : 'they count'} twice. With \`${rule}\` the first of each counts`,
    ),
    fixes: [{ title: `Keep the first of each: ${rule}`, edits: [{ at: place, text }] }],
  };
}

function driftProblem(name: string, at: At, drift: Drift): DataProblem {
  const since = `${day(drift.since)} on${drift.path === undefined ? '' : `, with ${drift.path}`}`;
  const data = drift.path === undefined ? undefined : { path: drift.path };
  if (drift.kind === 'type')
    return problem(
      'property-changes-type',
      'warning',
      at,
      `${shown(name)} is ${drift.before} at first and ${drift.after} from ${since}: a comparison that fits the one misses the other`,
      data,
    );
  const { before, after, event } = drift;
  const rows = event === undefined ? '' : ` of ${shown(event)}`;
  const lost = after > before;
  return problem(
    'property-goes-missing',
    lost ? 'warning' : 'info',
    at,
    `${shown(name)} is missing on ${formatShare(before)} of the rows${rows} at first, and on ${formatShare(after)} from ${since}: ${lost ? 'conditions on it miss what comes later' : 'what came before it was there meets no condition on it'}`,
    data,
  );
}

/** Joins and keys that don't fit. */
export function joinProblems(plan: Plan, tables: ReadonlyMap<string, TableRows>, sources: readonly SourceRows[]): DataProblem[] {
  const found: DataProblem[] = [];
  const pii = piiOf(plan);
  for (const { plan: table, duplicates, firstDuplicate } of tables.values()) {
    if (!duplicates) continue;
    const personal = pii.ofTableColumn(table.name, nameOf(table.key.column)) !== undefined;
    const example = personal ? '' : `, such as ${shown(firstDuplicate)}`;
    const what = `${plural(duplicates, 'row')} of ${table.name} ${duplicates === 1 ? 'repeats' : 'repeat'} the ${nameOf(table.key.column)} of an earlier row${example}`;
    found.push(problem('table-duplicate-key', 'warning', table.key.at, `${what}; the first row of each key is used`));
  }
  plan.sources.forEach((source, index) => {
    for (const join of source.joins) {
      const { rows, withoutKey } = sources[index].unpartnered(join.table);
      // Rows without a key look for nothing, unless no row has one: then the key is the wrong column.
      if (rows === withoutKey && rows < sources[index].count) continue;
      if (!rows) continue;
      const why =
        withoutKey === 0
          ? ''
          : withoutKey === rows
            ? `: their ${nameOf(join.on)} is missing`
            : ` (${plural(withoutKey, 'of them has', 'of them have')} no ${nameOf(join.on)})`;
      found.push(
        problem(
          'join-without-partner',
          'info',
          join.at,
          `${plural(rows, 'row')} of ${plural(sources[index].count, 'row')} of ${source.name} ${rows === 1 ? 'finds' : 'find'} no partner in ${join.table}${why}; its columns are missing there`,
        ),
      );
    }
  });
  return found;
}

/** What the plan says that this engine, or this machine, can't do. */
export function planProblems(plan: Plan, uses: Uses): DataProblem[] {
  const found: DataProblem[] = [];
  for (const { time } of plan.sources) {
    if (time.zone && !zoneOf(time.zone))
      found.push(
        problem(
          'time-zone-unknown',
          'error',
          time.at,
          `the time zone ${shown(time.zone)} is not known; expected an IANA name such as "Europe/Berlin". Times without offset are read in UTC`,
        ),
      );
  }
  for (const root of uses.expressions)
    for (const expr of within(root)) {
      if (expr.kind !== 'matches') continue;
      const why = regexProblem(expr.regex, expr.flags);
      if (why) found.push(problem('regex-unsupported', 'error', expr.at, `/${expr.regex}/ matches nothing: ${why}`));
    }
  return found;
}

/** An as-of by default that hangs on one stray event. */
export function gapProblem(plan: Plan, timeline: Timeline): DataProblem | null {
  const { count, time, source } = timeline;
  if (!count) return null;
  const last = time[count - 1];
  let before = count - 1;
  while (before >= 0 && time[before] === last) before--;
  if (before < 0 || last - time[before] <= 30 * DAY) return null;
  const { name, time: timePlan } = plan.sources[source[count - 1]];
  const days = Math.floor((last - time[before]) / DAY);
  const found = problem(
    'as-of-gap',
    'warning',
    timePlan.at,
    `the last event, of ${name} at ${new Date(last).toISOString()}, stands ${days} days after the one before it, and the numbers are as of then; if its time is wrong, cut it off with \`until\``,
  );
  if (timePlan.until !== undefined) return found;
  // The day after the event before holds that event, whatever the zone.
  const until = day(time[before] + DAY);
  const end = { uri: timePlan.at.uri, start: timePlan.at.end, end: timePlan.at.end };
  return { ...found, fixes: [{ title: `Cut off what is later: until ${until}`, edits: [{ at: end, text: ` until ${until}` }] }] };
}

/** `2026-03-01`, in UTC. */
const day = (instant: number): string => new Date(instant).toISOString().slice(0, 10);

const some = (names: string[]): string =>
  names.slice(0, 12).map(shown).join(', ') + (names.length > 12 ? ` and ${names.length - 12} more` : '');
