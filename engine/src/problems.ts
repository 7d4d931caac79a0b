import type { EngineCode } from './codes.ts';
import type { At, Plan, SamplePlan } from './plan.ts';
import type { FileInfo } from './ports.ts';
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

/** What is wrong with the files of a source or table and the columns read from them. */
export function fileProblems(
  loaded: Loaded,
  wants: Uses['sources'] extends Map<string, infer W> ? W : never,
  timeAt: At | null,
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
  for (const fault of relation.faults) found.push({ ...fault, at: sampleAt(fault) });
  for (const want of wants.values()) {
    const lacking = want.time && !relation.has(want.name);
    if (lacking) {
      if (timeAt && relation.rows)
        found.push(
          problem(
            'time-column-missing',
            'error',
            timeAt,
            `there is no column ${shown(want.name)} in ${samples.map(sample => shown(sample.plan.pattern)).join(', ')}, so no row has a time; the columns are ${some(relation.columnNames())}`,
          ),
        );
      continue;
    }
    const unreadable = relation.faultsOf(want).reduce((sum, { code, count }) => sum + (code === 'time-unreadable' ? count : 0), 0);
    for (const { count, ...fault } of relation.faultsOf(want)) {
      if (fault.code !== 'time-unreadable') found.push({ ...fault, at: sampleAt(fault) });
      else found.push({ ...fault, severity: unreadable < FEW * relation.rows ? 'info' : fault.severity, at: timeAt ?? sampleAt(fault) });
    }
    if (!want.time && relation.rows && relation.text(want.name).type === 'mixed')
      found.push(
        problem(
          'property-changes-type',
          'warning',
          want.at,
          `${shown(want.name)} is a number or true/false on some rows and a text on others; it is compared as text`,
        ),
      );
  }
  return found;
}

/** Joins and keys that don't fit. */
export function joinProblems(plan: Plan, tables: ReadonlyMap<string, TableRows>, sources: readonly SourceRows[]): DataProblem[] {
  const found: DataProblem[] = [];
  for (const { plan: table, duplicates, firstDuplicate } of tables.values()) {
    if (!duplicates) continue;
    const what = `${plural(duplicates, 'row')} of ${table.name} ${duplicates === 1 ? 'repeats' : 'repeat'} the ${nameOf(table.key.column)} of an earlier row, such as ${shown(firstDuplicate)}`;
    found.push(problem('table-duplicate-key', 'warning', table.key.at, `${what}; the first row of each key is used`));
  }
  plan.sources.forEach((source, index) => {
    for (const join of source.joins) {
      const { rows, withoutKey } = sources[index].unpartnered(join.table);
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
  return problem(
    'as-of-gap',
    'warning',
    timePlan.at,
    `the last event, of ${name} at ${new Date(last).toISOString()}, stands ${days} days after the one before it, and the numbers are as of then; if its time is wrong, cut it off with \`until\``,
  );
}

const some = (names: string[]): string =>
  names.slice(0, 12).map(shown).join(', ') + (names.length > 12 ? ` and ${names.length - 12} more` : '');
