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
  fault('fold.ts', 'an entry event visits no stage', 'event: step.event });\n    recordStages(run, step, at);', 'event: step.event });'),
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

/** Faults in derived events, segments, keeps, splits, periods, retention and paths. */
export const GROUP_FAULTS: Fault[] = [
  fault('derived.ts', 'first is every one', 'all.slice(0, 1)', 'all'),
  fault(
    'derived.ts',
    'n within D excludes a span of exactly D',
    'event.time - nth.time > term.within',
    'event.time - nth.time >= term.within',
  ),
  fault('derived.ts', 'n within D does not count afresh', 'counted = [];\n          }', '}'),
  fault('derived.ts', 'then excludes exactly D', 'b.time - a.time <= term.within', 'b.time - a.time < term.within'),
  fault(
    'derived.ts',
    'then once per A',
    'return this.occurrences(term.next).filter(b =>',
    'return this.occurrences(term.next).slice(0, 1).filter(b =>',
  ),
  fault('derived.ts', 'an event precedes itself', 'inOrder(a, b) < 0 && b.time - a.time', 'inOrder(a, b) <= 0 && b.time - a.time'),
  fault('derived.ts', 'an absence at as-of has happened', 'due >= this.line.asOf!', 'due > this.line.asOf!'),
  fault('derived.ts', 'then no does not look at its last instant', 'b.time <= due', 'b.time < due'),
  fault(
    'derived.ts',
    'then no counts what stood before',
    'inOrder(a, b) < 0 && b.time <= due',
    'inOrder(a, b) !== 0 && b.time >= a.time && b.time <= due',
  ),
  fault('derived.ts', 'an absence is a sign of life', 'passive: true, absence', 'absence'),
  fault('derived.ts', 'an absence stands before the rows of its instant', 'return a.absence ? 1 : -1', 'return a.absence ? -1 : 1'),
  fault(
    'derived.ts',
    'of absences at one instant the last declared comes first',
    'a.absence.order - b.absence.order',
    'b.absence.order - a.absence.order',
  ),
  fault('derived.ts', 'a missing value is the same as another', 'values.delete(null);', ''),
  fault('derived.ts', 'same is not looked at by then', 'return same === undefined || (', 'return true || ('),
  fault('derived.ts', 'same is not looked at by first', 'if (same === undefined) return [events];', 'if (true) return [events];'),
  fault(
    'derived.ts',
    'per is not looked at by derived events',
    '(per === undefined || keyOf(event.row, per) === key));',
    '(per === undefined || key !== undefined));',
  ),
  fault('derived.ts', 'rows without the per property are derived from', 'per === undefined || key !== null)', 'true)'),
  fault(
    'fold.ts',
    'only the first matching rule is tried',
    'enters.find(rule => firstFailingGate',
    'enters.slice(0, 1).find(rule => firstFailingGate',
  ),
  fault('fold.ts', 'who is unknown may enter', 'name) === true)', 'name) !== false)'),
  fault('fold.ts', 'one of several segments is enough', '(rule.if ?? []).every', '!rule.if?.length || rule.if.some'),
  fault('fold.ts', 'not eligible is said before not open', "if (!isOpen(step.time)) return 'not open';", ''),
  fault('segments.ts', 'history holds the entry event', 'inOrder(e, entry) < 0', 'inOrder(e, entry) <= 0'),
  fault('segments.ts', 'history excludes exactly D before', 'e.time >= entry.time - within', 'e.time > entry.time - within'),
  fault('segments.ts', 'history never ends', 'within === undefined || e.time', 'true || e.time'),
  fault('segments.ts', 'what is missing is not in', 'isMissing(asking, condition) ? null : false', 'false'),
  fault(
    'segments.ts',
    'what is missing is unknown even where it is met',
    'return isMet(asking, condition) ? true : isMissing(asking, condition) ? null : false',
    'return isMissing(asking, condition) ? null : isMet(asking, condition)',
  ),
  fault('segments.ts', 'keep takes the other end', "keep.which === 'first' ? 0 : -1", "keep.which === 'first' ? -1 : 0"),
  fault(
    'segments.ts',
    'of several rows about a customer the last counts',
    '(line.data[table.file] ?? []).find(',
    '(line.data[table.file] ?? []).findLast(',
  ),
  fault('splits.ts', 'nineteen groups', 'MOST = 20', 'MOST = 19'),
  fault('splits.ts', 'the unknown vanish', 'counted.some(({ value }) => value === null)', 'false'),
  fault(
    'splits.ts',
    'attempts turned away are in no group',
    'attempts: attempts.filter(tried => of.includes(tried.value))',
    'attempts: attempts.filter(tried => tried.attempt.run && of.includes(tried.value))',
  ),
  fault('periods.ts', 'weeks begin on Sunday', 'getUTCDay() + 6) % 7', 'getUTCDay()) % 7'),
  fault('periods.ts', 'the zone is not looked at', 'wallClock(time, zone)', "wallClock(time, zone && 'UTC')"),
  fault('periods.ts', 'of end is by entry', "by.of === 'entry' ? run.entry : run.end?.time", 'run.entry'),
  fault(
    'periods.ts',
    'what ends with the month is open at its end',
    'end.time === at && end.step === Number.POSITIVE_INFINITY',
    'end.time === at',
  ),
  fault('metrics.ts', 'retention excludes its beginning', 'event.time >= run.entry + from', 'event.time > run.entry + from'),
  fault('metrics.ts', 'retention includes its end', 'event.time < run.entry + to', 'event.time <= run.entry + to'),
  fault('metrics.ts', 'retention is mature at as-of', 'run.entry + to < o.T', 'run.entry + to <= o.T'),
  fault('metrics.ts', 'passive events retain', 'event.consents && !event.passive', 'event.consents'),
  fault('paths.ts', 'one event is not in order', 'moment.step >= first[k - 1].step', 'moment.step > first[k - 1].step'),
  fault('paths.ts', 'skipped is under way', 'else if (first.at(-1) !== undefined) outcomes.skipped++;', ''),
  fault('paths.ts', 'restarted has left', "else if (run.end.rule === 'Restarted') outcomes.restarted++;", ''),
  fault(
    'paths.ts',
    'left at the first step missing',
    'first.findLastIndex(moment => moment !== undefined) + 1',
    'first.filter(moment => moment !== undefined).length',
  ),
  fault('paths.ts', 'a repeat is a chute', 'visit => after(k, visit.step)', '() => true'),
  fault('paths.ts', 'a detour begins before the path', 'onPath.some(step => step < visit.step) && ', ''),
  fault('paths.ts', 'a detour goes on after the path', ' && onPath.some(step => step > visit.step)', ''),
  fault(
    'ties.ts',
    'what a segment says of a row does not tell it apart',
    'segmentsOf(journey).map(name => segmentOf({',
    '[].map(name => segmentOf({',
  ),
  fault('ties.ts', 'what a split reads does not tell rows apart', 'mayEnter && read', 'mayEnter'),
  fault(
    'ties.ts',
    'the past of other keys is not read',
    'statement !== null || back.some(',
    'statement !== null || [back[0]!].slice(1).some(',
  ),
];

/** Faults in what an event without consent is to a journey. */
export const CONSENT_FAULTS: Fault[] = [
  fault(
    'fold.ts',
    'without consent nothing is attempted',
    'if (enters.length > 0) turnAway(enters, step, isTold',
    'if (false) turnAway(enters, step, isTold',
  ),
  fault(
    'fold.ts',
    'who is in is told of consent',
    "const isTold = run === null || journey.reentry?.policy === 'restart';",
    'const isTold = true;',
  ),
  fault(
    'fold.ts',
    'restart without consent is already in',
    "const isTold = run === null || journey.reentry?.policy === 'restart';",
    'const isTold = run === null;',
  ),
  fault(
    'fold.ts',
    'no consent is said before not open',
    "if (!isOpen(step.time)) return 'not open';\n    if (!step.event.consents) return 'no consent';",
    "if (!step.event.consents) return 'no consent';\n    if (!isOpen(step.time)) return 'not open';",
  ),
  fault(
    'fold.ts',
    'a sign of life needs no consent',
    'steps.slice(of.first, until).filter(step => step.own && step.event.consents)',
    'steps.slice(of.first, until).filter(step => step.own)',
  ),
  fault(
    'fold.ts',
    'clocks wait for an event with consent',
    'if (run !== null) {\n      const due = earliestDeadline(run, at)',
    'if (run !== null && step.event.consents) {\n      const due = earliestDeadline(run, at)',
  ),
  fault('metrics.ts', 'retention needs no consent', 'event.consents && !event.passive', '!event.passive'),
  fault('derived.ts', 'nothing needs consent', 'this.attempts(pattern).filter(event => event.consents)', 'this.attempts(pattern)'),
  fault(
    'derived.ts',
    'an absence needs no consent where it stands',
    'consents: isConsenting(this.def, this.line.events, absence)',
    'consents: true',
  ),
  fault(
    'derived.ts',
    'an absence without consent is no attempt',
    'return [{ ...absence, consents: isConsenting(this.def, this.line.events, absence) }];',
    'return isConsenting(this.def, this.line.events, absence) ? [absence] : [];',
  ),
  fault('consent.ts', 'an absence hears nothing of its own instant', 'row.time <= event.time', 'row.time < event.time'),
  fault('ties.ts', 'consent does not tell rows apart', '[event.consents, says],', ''),
  fault('ties.ts', 'statements are not read', 'if (step.event.statement !== null) return true;', ''),
];

/** Faults in who is one customer: graphs of ids alone notice them. */
export const IDENTITY_FAULTS: Fault[] = [
  fault('identity.ts', 'only the strongest id counts', '[...new Set(ids.filter(counts))]', '[...new Set(ids.filter(counts))].slice(0, 1)'),
  fault('identity.ts', 'weaker endpoints do not come last', 'rank(x.b) - rank(y.b) ||', ''),
  fault('identity.ts', 'latest and earliest are exchanged', "rules.keep === 'latest' ?", "rules.keep !== 'latest' ?"),
  fault('identity.ts', 'latest goes by first seen', 'y.lastSeen - x.lastSeen', 'y.firstSeen - x.firstSeen'),
  fault('identity.ts', 'earliest goes by last seen', 'x.firstSeen - y.firstSeen', 'x.lastSeen - y.lastSeen'),
  fault('identity.ts', 'the stronger endpoint does not decide', '|| rank(x.a) - rank(y.a);', ';'),
  fault(
    'identity.ts',
    'the greater value goes first',
    'compareTexts(valueOfId(x.a), valueOfId(y.a))',
    'compareTexts(valueOfId(y.a), valueOfId(x.a))',
  ),
  fault(
    'identity.ts',
    'the greater weaker value goes first',
    'compareTexts(valueOfId(x.b), valueOfId(y.b))',
    'compareTexts(valueOfId(y.b), valueOfId(x.b))',
  ),
  fault('identity.ts', 'texts compare by UTF-16 unit', 'letter.codePointAt(0)!', 'letter.charCodeAt(0)'),
  fault('identity.ts', 'two ids of one kind never link', ' || (rank(x) === rank(y) && compareTexts(valueOfId(x), valueOfId(y)) < 0)', ''),
  fault('identity.ts', 'link rules go one way', ' || names(kindOf(y), kindOf(x))', ''),
  fault('identity.ts', 'link rules do nothing', '!mayLink(x, y)', 'false'),
  fault(
    'identity.ts',
    'n are too many',
    'neighbours(id, rule.of).length > rule.moreThan',
    'neighbours(id, rule.of).length >= rule.moreThan',
  ),
  fault('identity.ts', 'neighbours of any kind count', '.filter(other => kindOf(other) === kind)', ''),
  fault('identity.ts', 'an id in quarantine links', 'edges.filter(({ a, b }) => !quarantined.has(a) && !quarantined.has(b))', 'edges'),
  fault('identity.ts', 'quarantine comes after the limits', 'const sorted = [...free]', 'const sorted = [...edges]'),
  fault(
    'identity.ts',
    'a row belongs to an id in quarantine',
    'climb(strongest(speaks), row.time)',
    'climb(strongest(idsOf[r]), row.time)',
  ),
  fault('identity.ts', 'one id more than the limit', '.length > most;', '.length > most + 1;'),
  fault('identity.ts', 'max is not looked at', '(max ?? Number.POSITIVE_INFINITY)', 'Number.POSITIVE_INFINITY'),
  fault(
    'identity.ts',
    'never link refuses its own link alone',
    'union.has(a) && union.has(b)',
    'union.has(a) && union.has(b) && union.size === 2',
  ),
  fault('identity.ts', 'a row with two users links', 'ids: conflicting[r] ? [] : idsOf[r]', 'ids: idsOf[r]'),
  fault('identity.ts', 'a row with two users belongs to one', "if (conflicting[r]) return { is: 'conflicting', ...none };", ''),
  fault('identity.ts', 'ignored values are ids', '!ignoredBy.some(({ meets }) => meets(id))', 'true'),
  fault('identity.ts', 'erased ids are ids', '!erased.has(id) && ', ''),
  fault('identity.ts', 'the canonical id is the smallest', 'firstSeen.get(x)! - firstSeen.get(y)! || ', ''),
  fault('identity.ts', 'every refusal is ambiguous', '!isRefused(beforeClass, edge)', 'true'),
  fault('identity.ts', 'nobody is ambiguous', 'byPolicy(sorted[i - 1], edge) !== 0', 'true'),
  fault('identity.ts', 'one of two is ambiguous', '[strongest(clusterOf(a)), strongest(clusterOf(b))]', '[strongest(clusterOf(a))]'),
  fault('identity.ts', 'V excludes its end', 'time <= link.lastSeen + validOf(link)', 'time < link.lastSeen + validOf(link)'),
  fault('identity.ts', 'V counts from first seen', 'time <= link.lastSeen + validOf(link)', 'time <= link.firstSeen + validOf(link)'),
  fault('identity.ts', 'of two kinds the longer', 'Math.min(...[a, b]', 'Math.max(...[a, b]'),
  fault('identity.ts', 'R is not looked at', 'link.firstSeen - R <= time && ', ''),
  fault('identity.ts', 'R excludes its beginning', 'link.firstSeen - R <= time', 'link.firstSeen - R < time'),
  fault('identity.ts', 'R counts from last seen', 'link.firstSeen - R <= time', 'link.lastSeen - R <= time'),
  fault(
    'identity.ts',
    'refused links are not used in split by time',
    '.filter(({ a, b }) => b === from &&',
    '.filter(edge => !refused.includes(edge))\n      .filter(({ a, b }) => b === from &&',
  ),
  fault('identity.ts', 'split by time goes to a never link', ' && !neverLinked(a, b)', ''),
  fault('identity.ts', 'split by time takes the first of the past', 'Math.max(...past', 'Math.min(...past'),
  fault('identity.ts', 'split by time takes the last of the future', 'Math.min(...future', 'Math.max(...future'),
  fault('identity.ts', 'split by time excludes the end of V', 'time - at <= validOf(edge)', 'time - at < validOf(edge)'),
  fault('identity.ts', 'split by time knows no R', 'at - time <= R', 'true'),
  fault('identity.ts', 'split by time does not look at the instant of the row', 'at <= time && time - at', 'at < time && time - at'),
  fault(
    'identity.ts',
    'split by time goes up once',
    'const next = climb(first.a, time);',
    'const next = { id: first.a, undecided: false };',
  ),
  fault('identity.ts', 'an equal instant decides nothing', 'next.undecided || there.some(({ a }) => a !== first.a)', 'next.undecided'),
  fault(
    'identity.ts',
    'split by time ends where it climbs to',
    'strongest(groupAt(belongs.id, row.time))',
    '(belongs.id === strongest(speaks) ? strongest(groupAt(belongs.id, row.time)) : belongs.id)',
  ),
];

/** Faults in what makes events of rows: only the whole way from text and files can notice them. */
export const TIMELINE_FAULTS: Fault[] = [
  fault('timeline.ts', 'of equal times the last declared source goes first', 'a.source - b.source', 'b.source - a.source'),
  fault('timeline.ts', 'unique keeps the latest', 'existing.slice(0, i), p)', 'existing.slice(i + 1), p)'),
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
  fault('timeline.ts', 'erased ids link others', 'identify(def, events, erasure.ids, T)', 'identify(def, events, new Set(), T)'),
  fault('timeline.ts', 'retain comes after unique', 'existing.slice(0, i), p)', 'placed.slice(0, placed.indexOf(p)), p)'),
  fault('timeline.ts', 'what is exactly D old is gone', 'p.event.time >= retained', 'p.event.time > retained'),
  fault('timeline.ts', 'what is at as-of is later', 'time => time > T', 'time => time >= T'),
  fault('timeline.ts', 'two days are late', 'time < above - 24', 'time < above - 48'),
  fault('timeline.ts', 'an unordered file has late rows', 'late <= times.length / 10 ? late : 0', 'late'),
  fault(
    'consent.ts',
    'who is erased keeps rows of weaker ids',
    'rows.filter(event => ids.has(belongs(event) ?? ',
    'rows.filter(event => requests.some(request => belongs(request) === belongs(event)) && ids.has(belongs(event) ?? ',
  ),
  fault(
    'consent.ts',
    'every row that carries an erased id is gone',
    "rows.filter(event => ids.has(belongs(event) ?? ''))",
    'rows.filter(event => event.ids.some(id => ids.has(id)))',
  ),
  fault('consent.ts', 'a statement does not hold for itself', 'row.place <= event.place', 'row.place < event.place'),
  fault('consent.ts', 'consent of any id is enough', '[...ids].every(', '[...ids].some('),
  fault('consent.ts', 'who said nothing consents', 'said.length > 0 && ', ''),
  fault('consent.ts', 'the first word counts', '.at(-1)!.statement', '.at(0)!.statement'),
  fault('consent.ts', 'the last word of any id counts', 'said.filter(({ speaks }) => speaks.includes(id)).at(-1)!', 'id && said.at(-1)!'),
  fault('consent.ts', 'consent holds from the beginning', 'isBefore(row));', 'true);'),
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
  'identity.ts',
  'consent.ts',
  'timeline.ts',
  'derived.ts',
  'segments.ts',
  'fold.ts',
  'ties.ts',
  'metrics.ts',
  'periods.ts',
  'splits.ts',
  'paths.ts',
  'suppress.ts',
  'oracle.ts',
];

const here = import.meta.dirname;

/**
 * Loads a copy of the oracle with a fault in it.
 * @throws Error where the place it belongs is not there exactly once
 */
export async function withFault({ name, file, from, to }: Fault): Promise<typeof import('./oracle.ts') & typeof import('./identity.ts')> {
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
    const load = (part: string) => import(/* @vite-ignore */ pathToFileURL(join(folder, part)).href);
    return { ...(await load('identity.ts')), ...(await load('oracle.ts')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
