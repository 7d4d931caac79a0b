/** A participation as a scenario: the events that decided it, and what must follow, in the language. */
import {
  type ExplainedRow,
  type Explanation,
  formatInstant,
  type Instant,
  type Millis,
  type RejectionReason,
  writtenDuration,
} from '@journey/engine';

/**
 * @param explanation with its `rows`
 * @returns the text of one `scenario`; every id, and every value of a column that ids come from, is another one there,
 *   as is all personal data
 */
export function scenarioText({ journey, instances, asOf, rows = [], leftOut = [] }: Explanation): string {
  const names = standIns(rows);
  const last = rows.reduce<Instant | null>((latest, { at }) => (latest === null ? at : Math.max(latest, at)), null);
  const lines = rows.map((row, i) => rowText(row, rows[i - 1]?.at, names));
  if (asOf !== null && asOf !== last) lines.push(`as of ${timeText(asOf, last ?? undefined)}`);
  lines.push(...claims(journey, instances));
  for (const column of leftOut)
    lines.unshift(`// ${column} is personal data and left out: a condition asks more of it than whether it is equal, so make a value up`);
  return `scenario ${JSON.stringify(title(journey, instances))} {\n${lines.map(line => `  ${line}\n`).join('')}}\n`;
}

/** By kind and value: `user1`, `user2`, `device1`, in order of first appearance; what is made up already stays. */
function standIns(rows: ExplainedRow[]): Map<string, string> {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  const name = (kind: string, value: string, madeUp?: true) => {
    const key = `${kind}\0${value}`;
    if (names.has(key)) return;
    if (madeUp) return void names.set(key, value);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    names.set(key, `${kind}${counts.get(kind)}`);
  };
  for (const { ids } of rows) for (const { kind, value, madeUp } of ids) name(kind, value, madeUp);
  return names;
}

function rowText({ at, source, event, ids, fields }: ExplainedRow, before: Instant | undefined, names: Map<string, string>): string {
  const kinds = new Set(ids.map(({ kind }) => kind));
  const written = [
    ...ids.map(({ kind, value }) => `${member(kind)}: ${JSON.stringify(names.get(`${kind}\0${value}`))}`),
    // A column that an id comes from is filled from the id.
    ...fields
      .filter(({ idKind, path, table }) => idKind === undefined && !(table === undefined && path.length === 1 && kinds.has(path[0])))
      .map(({ table, path, value }) => `${[...(table === undefined ? [] : [table]), ...path].map(member).join('.')}: ${valueText(value)}`),
  ];
  const what = `${source}.${/^[A-Za-z_]\w*$/.test(event) ? event : JSON.stringify(event)}`;
  return `${timeText(at, before)}  ${what} ${written.length > 0 ? `{ ${written.join(', ')} }` : '{}'}`;
}

/** More than this many of a unit is no help to anybody: then the date. */
const MOST = 999;

/** `+2h`, where that says it exactly and well; else the instant itself. */
function timeText(at: Instant, before: Instant | undefined): string {
  const offset = before === undefined || at <= before ? undefined : writtenDuration(at - before);
  return offset !== undefined && /^\d+[a-z]/.test(offset) && Number.parseInt(offset, 10) <= MOST ? `+${offset}` : formatInstant(at);
}

const member = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``);

function valueText(value: string | number | boolean): string {
  const plain = String(value);
  return typeof value === 'string' || (typeof value === 'number' && !/^-?\d+(\.\d+)?$/.test(plain)) ? JSON.stringify(plain) : plain;
}

function claims(journey: string, instances: Explanation['instances']): string[] {
  const runs = instances.flatMap(instance => instance.runs).sort((a, b) => a.entered - b.entered);
  const parts = [`entered ${runs.length}`];
  for (const outcome of ['completed', 'exited', 'restarted'] as const) {
    for (const [end, of] of grouped(
      runs.filter(run => run.outcome === outcome),
      run => run.end!,
    )) {
      const lengths = new Set(of.map(({ entered, ended }) => ended! - entered));
      // A length of nothing has no way to be written.
      const after = lengths.size === 1 && !lengths.has(0) ? ` after ${writtenDuration([...lengths][0] as Millis)}` : '';
      parts.push(`${outcome === 'completed' ? 'completed' : 'exited'} ${of.length} as ${end}${after}`);
    }
  }
  const active = runs.filter(({ outcome }) => outcome === 'active').length;
  if (active > 0) parts.push(`active ${active}`);
  const reasons = instances.flatMap(({ steps }) => steps.flatMap(({ reason }) => reason ?? []));
  for (const [reason, of] of grouped(reasons, (reason: RejectionReason) => reason))
    parts.push(`rejected ${of.length} as ${JSON.stringify(reason)}`);
  const stages = runs.flatMap(({ visits }) => visits).filter((stage, i, all) => stage !== all[i - 1]);
  return [
    `expect ${journey} ${parts.join(', ')}`,
    // Of two runs that begin at one instant nothing says whose stages come first.
    ...(stages.length > 0 && new Set(runs.map(({ entered }) => entered)).size === runs.length
      ? [`expect ${journey} visits ${stages.join(', ')}`]
      : []),
  ];
}

/** `Onboarding: GoneQuiet, then Bought`; what somebody who reads the file will look for. */
function title(journey: string, instances: Explanation['instances']): string {
  const runs = instances.flatMap(instance => instance.runs).sort((a, b) => a.entered - b.entered);
  const ends = runs.map(({ end }) => end ?? 'active');
  if (ends.length === 0) return `${journey}: never in`;
  return `${journey}: ${ends.length > 4 ? `${ends.slice(0, 4).join(', ')} and ${ends.length - 4} more` : ends.join(', ')}`;
}

function grouped<T>(all: T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
