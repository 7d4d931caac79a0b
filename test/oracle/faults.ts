/**
 * Small faults put into copies of the oracle: each breaks one sentence of semantics.md. A suite that doesn't notice one of them would
 * not notice it in the product either.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Fault {
  /** The rule as it would read. */
  name: string;
  file: (typeof ORACLE)[number];
  from: string;
  to: string;
}
const fault = (file: Fault['file'], name: string, from: string, to: string): Fault => ({ name, file, from, to });

/** Faults in the fold, its ties and its metrics. */
export const FOLD_FAULTS: Fault[] = [
  fault('fold.ts', 'an event exactly at the deadline comes too late', 'due.deadline < t)', 'due.deadline <= t)'),
  fault('fold.ts', 'a deadline exactly at as-of has fired', 'due.deadline < T)', 'due.deadline <= T)'),
  fault('fold.ts', 'deadlines never fire at as-of', 'due.deadline < T)', 'due.deadline < Number.NEGATIVE_INFINITY)'),
  fault('fold.ts', 'of equal deadlines the last declared wins', 'deadline < earliest.deadline', 'deadline <= earliest.deadline'),
  fault('fold.ts', 'passive events break silence', ': !step.event.passive)', ': true)'),
  fault(
    'fold.ts',
    'a passive event does not count though named',
    'trigger.of.some(item => matches(item, step))',
    '!step.event.passive && trigger.of.some(item => matches(item, step))',
  ),
  fault('fold.ts', 'silence looks at events before the run', 'steps.slice(of.first, until)', 'steps.slice(0, until)'),
  fault('fold.ts', 'a repeat visit restarts the stage clock', "? 'repeat' :", "? 'became current' :"),
  fault('fold.ts', 'the first declared stage becomes current', 'i < matching.length - 1 ?', 'i > 0 ?'),
  fault('fold.ts', 'a stage clock runs on after the stage', 'currentStage(of);', 'of.visits.find(v => v.stage === trigger.stage);'),
  fault('fold.ts', 'the entry event counts for n of', 'of.first + 1, at + 1', 'of.first, at + 1'),
  fault('fold.ts', 'one of n of is enough', '>= end.trigger.count', '>= 1'),
  fault('fold.ts', 'wait turns away at its very end', 'latest.end!.time + wait', 'latest.end!.time + wait + 1'),
  fault('fold.ts', 'wait is counted from the entry', 'latest.end!.time + wait', 'latest.entry + wait'),
  fault('fold.ts', 'interval is counted from the end', 'latest.entry + interval', 'latest.end!.time + interval'),
  fault('fold.ts', 'one run more than max', 'runs.length >= max', 'runs.length > max'),
  fault('fold.ts', 'the last day is not open', "lastOfDay(to, 'UTC')", "local(to, 'UTC')"),
  fault(
    'fold.ts',
    'cooling down is said before capped',
    'runs.length >= max',
    'runs.length >= max && !(wait && t < latest!.end!.time + wait)',
  ),
  fault(
    'fold.ts',
    'restart does not ask whether the journey is open',
    'gateToRestart(enter, step) === null);\n      if (passing)',
    'gateToRestart(enter, step) !== "not open" || true);\n      if (passing)',
  ),
  fault(
    'fold.ts',
    'a restarting event visits in the old run too',
    "close(run, 'Restarted'",
    "recordStages(run, step, at);\n        close(run, 'Restarted'",
  ),
  fault('fold.ts', 'a restart keeps the stage', 'visits: [], end: null', 'visits: (runs.at(-1)?.visits ?? []).slice(-1), end: null'),
  fault('fold.ts', 'a restarting event belongs to the old run too', "'Restarted', t, at - 1, at)", "'Restarted', t, at, at)"),
  fault('fold.ts', 'restart goes before the end rules', 'ending === undefined && enters', 'enters'),
  fault('fold.ts', 'at exit does not enter again', "policy === 'at exit') enterOrReject", "policy === 'at exit' && false) enterOrReject"),
  fault(
    'fold.ts',
    'after exit enters with the event that ended',
    "policy === 'at exit') enterOrReject",
    "policy !== 'once') enterOrReject",
  ),
  fault('fold.ts', 'an attempt that ended a run is already in', "'ended a run')", "'already in')"),
  fault(
    'fold.ts',
    'an ending event visits no stage',
    'recordStages(run, step, at);\n    if (ending',
    'if (!ending) recordStages(run, step, at);\n    if (ending',
  ),
  fault('fold.ts', 'an entry event visits no stage', 'runs.push(run);\n    recordStages(run, step, at);', 'runs.push(run);'),
  fault('fold.ts', 'the last declared end rule wins', 'journey.ends.find(end => endsRun', 'journey.ends.findLast(end => endsRun'),
  fault(
    'fold.ts',
    'the last entry rule wins',
    'enterOrReject(enters, step, at);\n      return;',
    'enterOrReject([...enters].reverse(), step, at);\n      return;',
  ),
  fault(
    'fold.ts',
    'for all ends only the instance of its key',
    'if (run !== null && rule) close',
    'if (run !== null && rule && false) close',
  ),
  fault('fold.ts', 'for all rows of other keys are like any other', 'if (!step.own) {', 'if (false) {'),
  fault(
    'fold.ts',
    'rows that end for all count as without key',
    '&& !journey.ends.some(end => endsAll(end, step))) withoutKey',
    ') withoutKey',
  ),
  fault('metrics.ts', 'a run is mature exactly at as-of', 'run.entry + metric.within < o.T', 'run.entry + metric.within <= o.T'),
  fault('metrics.ts', 'the immature count in rates', 'run.entry + metric.within < o.T', 'true'),
  fault('metrics.ts', 'a rate window excludes its end', 'm.time <= start.time + metric.within', 'm.time < start.time + metric.within'),
  fault('metrics.ts', 'a rate of S looks before S', 'm.step >= start.step && ', ''),
  fault('metrics.ts', 'a sum window excludes its end', 'step.time <= run.entry + within', 'step.time < run.entry + within'),
  fault(
    'metrics.ts',
    'a sum window stops at the end',
    ': step.time <= run.entry + within',
    ': i <= run.last && step.time <= run.entry + within',
  ),
  fault('metrics.ts', 'a sum leaves out the event that ended', '? i <= run.last :', '? i < run.last :'),
  fault('metrics.ts', 'people are runs', 'new Set(runs.map(r => r.run.participant)).size', 'runs.length'),
  fault('metrics.ts', 'the restarted have exited', "?.kind ?? 'Restarted'", "?.kind ?? 'exit'"),
  fault('metrics.ts', 'quantiles take the lower of two', 'return below + (above - below) * (place - Math.floor(place));', 'return below;'),
  fault('metrics.ts', 'open runs spend no time in their stage', '?? run.end?.time ?? o.T)', '?? run.end?.time ?? turn.time)'),
  fault('metrics.ts', 'time in a stage is that of its last spell', 'sum(inStage.map(spell => spell.time))', 'inStage.at(-1)!.time'),
  fault('metrics.ts', 'repeats are no visits', "visit.how !== 'only reached'", "visit.how === 'became current'"),
  fault('metrics.ts', 'a division by zero is 0', 'right === 0 ? null', 'right === 0 ? 0'),
  fault(
    'oracle.ts',
    'repeats are transitions',
    "filter(visit => visit.how === 'became current').map(visit => visit.stage)",
    "filter(visit => visit.how !== 'only reached').map(visit => visit.stage)",
  ),
  fault('ties.ts', 'passivity does not tell rows apart', ' event.passive,', ''),
  fault('ties.ts', 'what a metric reads does not tell rows apart', 'properties.map(property => keyOf(event.row, property)) :', '[] :'),
  fault('ties.ts', 'a date stands at one instant only', 'a.from <= b.to && b.from <= a.to', 'a.time === b.time'),
  fault('ties.ts', 'a run that ends with a tie is certain', 'run.end.time >= tie', 'run.end.time > tie'),
  fault('ties.ts', 'equal rows tie too', 'a.facts !== b.facts', 'true'),
];

/** Faults in what makes events of rows: only the whole way from text and files can notice them. */
export const TIMELINE_FAULTS: Fault[] = [
  fault('timeline.ts', 'of equal times the last declared source goes first', 'a.source - b.source', 'b.source - a.source'),
  fault('timeline.ts', 'unique keeps the latest', 'existing.slice(0, i), p)) {', 'existing.slice(i + 1), p)) {'),
  fault('timeline.ts', 'a missing key is a duplicate', 'if (keys.includes(null)) return false;', ''),
  fault('timeline.ts', 'until excludes its day', 'lastOfDay(source.time.until,', 'local(source.time.until,'),
  fault('timeline.ts', 'as-of is the last event even after an until', 'Math.min(last, ...def.sources.map(untilOf))', 'last'),
  fault('timeline.ts', 'events exactly at as-of do not exist', 'p.event.time <= T', 'p.event.time < T'),
  fault('timeline.ts', 'the zone is not looked at', "source.time.zone ?? 'UTC';\n  if", "'UTC';\n  if"),
  fault('timeline.ts', 'end of day is its beginning', 'source.time.atEndOfDay ? to : from', 'from'),
  fault(
    'timeline.ts',
    'until is read in UTC',
    "lastOfDay(source.time.until, source.time.zone ?? 'UTC')",
    "lastOfDay(source.time.until, 'UTC')",
  ),
  fault('timeline.ts', 'a join finds nothing', 'keyOf(fact, key) === wanted', 'false && keyOf(fact, key) === wanted'),
  fault('timeline.ts', 'one of several unique columns is enough', 'unique.every(', 'unique.some('),
  fault('timeline.ts', 'ids are not normalised', 'value.trim().toLowerCase()', 'value'),
  fault('timeline.ts', 'only the strongest id counts', 'new Set(e.ids))', 'new Set(e.ids.slice(0, 1)))'),
  fault('conditions.ts', '!= with a missing value is false', "return condition.op === '!='", 'return false'),
  fault(
    'conditions.ts',
    'not in with a missing value is false',
    'condition.not ? !among : among',
    'condition.not ? !among && text !== null : among',
  ),
  fault(
    'conditions.ts',
    'like ignores case',
    'isLike(text, condition.pattern, condition.ignoreCase)',
    'isLike(text, condition.pattern, true)',
  ),
  fault('conditions.ts', 'empty is not missing', "|| value === '' ? null", '? null'),
];

/** The files that are the oracle. */
export const ORACLE = [
  'model.ts',
  'conditions.ts',
  'timeline.ts',
  'derived.ts',
  'segments.ts',
  'fold.ts',
  'ties.ts',
  'metrics.ts',
  'periods.ts',
  'splits.ts',
  'paths.ts',
  'oracle.ts',
];

const here = import.meta.dirname;

/**
 * Loads a copy of the oracle with a fault in it.
 * @throws Error where the place it belongs is not there exactly once
 */
export async function withFault({ name, file, from, to }: Fault): Promise<typeof import('./oracle.ts')> {
  const original = readFileSync(join(here, file), 'utf8');
  if (original.split(from).length !== 2) throw new Error(`«${name}»: ${file} does not hold «${from}» exactly once`);
  const folder = mkdtempSync(join(tmpdir(), 'oracle-fault-'));
  try {
    for (const part of ORACLE) cpSync(join(here, part), join(folder, part));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(
      join(folder, file),
      original.replace(from, () => to),
    );
    return await import(/* @vite-ignore */ pathToFileURL(join(folder, 'oracle.ts')).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
