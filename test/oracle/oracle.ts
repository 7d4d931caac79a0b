/**
 * The oracle: a slow, obvious interpreter of semantics.md, to be read beside it. It shares no code with the product; every number the
 * product shows is held against it on random definitions and histories.
 */
import { worldOf } from './derived.ts';
import { fold, instances } from './fold.ts';
import { askingOf, endKind, evaluate, isMet, type Outcome, people, quantile, timeIn, visitsOf } from './metrics.ts';
import type { Answer, Data, Def, EndDef, JourneyAnswer, JourneyDef } from './model.ts';
import { pathAnswer } from './paths.ts';
import { series } from './periods.ts';
import { segmentOf, segmentsOf } from './segments.ts';
import { splitAnswer } from './splits.ts';
import { firstTie, isAmbiguous } from './ties.ts';
import { type Timeline, timeline } from './timeline.ts';

/** @param asOf T; by default the last event's time, not after any source's `until` */
export function oracle(def: Def, data: Data, asOf?: number): Answer {
  const line = timeline(def, data, asOf);
  const events: Answer['events'] = {};
  const everybody = [...new Set(line.events.map(event => event.participant))];
  for (const { name, pattern } of def.events) events[name] = sum(everybody.map(who => worldOf(def, line, who).occurrences(pattern).length));
  return {
    asOf: line.asOf,
    sources: line.sources,
    events,
    people: line.people,
    identities: { customer: line.identity },
    journeys: def.journeys.map(journey => journeyAnswer(def, journey, line)),
  };
}

/** One journey's numbers. */
export function journeyAnswer(def: Def, journey: JourneyDef, line: Timeline): JourneyAnswer {
  const { o, ambiguous, ambiguousInstances, withoutKey } = outcomeOf(def, journey, line);
  const runs = o.runs.map(ran => ran.run);
  const rejections = (of: typeof o.attempts) => countBy(of.flatMap(attempt => attempt.reason ?? []));
  const times = runs.flatMap(run => (run.end === null ? [] : run.end.time - run.entry));
  return {
    name: journey.name,
    attempts: o.attempts.length,
    entered: runs.length,
    people: people(o.runs),
    entries: byName(journey.enters, rule => runs.filter(run => run.enter === rule).length),
    active: runs.filter(run => run.end === null).length,
    completed: runs.filter(run => endKind(o, run) === 'complete').length,
    exits: byName(endRules(journey), rule => runs.filter(run => run.end?.rule === rule).length),
    rejected: rejections(o.attempts),
    attemptsBy: byName(journey.enters, rule => {
      const own = o.attempts.filter(attempt => attempt.enter === rule);
      return { attempts: own.length, rejected: rejections(own) };
    }),
    ambiguous,
    ambiguousInstances,
    withoutKey,
    stages: byName(journey.stages, stage => ({
      reached: runs.filter(run => run.visits.some(visit => visit.stage === stage)).length,
      visits: runs.flatMap(run => visitsOf(run, stage)).length,
      medianMs: quantile(
        runs.flatMap(run => timeIn(o, run, stage) ?? []),
        0.5,
      ),
    })),
    // "Entry rule → stage → … → end, between different stages; repeats counted apart."
    transitions: countBy(
      runs.flatMap(run => {
        const turns = run.visits.filter(visit => visit.how === 'became current').map(visit => visit.stage);
        const path = [run.enter, ...turns, ...(run.end === null ? [] : [run.end.rule])];
        return path.slice(1).map((to, i) => `${path[i]} → ${to}`);
      }),
    ),
    timeToEnd: { medianMs: quantile(times, 0.5), p90Ms: quantile(times, 0.9) },
    metrics: byName(journey.metrics, name => ({ ...evaluate(o, { kind: 'metric', name }), ...series(o, name) })),
    expectations: journey.expects.map(expectation => isMet(o, expectation)),
    entriesByDay: countBy(runs.map(run => new Date(run.entry).toISOString().slice(0, 10))),
    segments: byName(
      segmentsOf(journey).map(name => ({ name })),
      segment => {
        const held = o.runs.map(ran => segmentOf(askingOf(o, ran), segment));
        const count = (what: boolean | null) => held.filter(value => value === what).length;
        return { runs: count(true), not: count(false), unknown: count(null) };
      },
    ),
    splits: journey.splits.map(split => splitAnswer(o, split)),
    paths: Object.fromEntries(journey.paths.map(({ name, steps }) => [name, pathAnswer(o, steps)])),
  };
}

/** All that a journey's numbers are about. */
export function outcomeOf(
  def: Def,
  journey: JourneyDef,
  line: Timeline,
): { o: Outcome; ambiguous: number; ambiguousInstances: number; withoutKey: number } {
  const o: Outcome = { def, journey, line, T: line.asOf ?? 0, runs: [], attempts: [] };
  let ambiguous = 0;
  let ambiguousInstances = 0;
  const all = instances(def, journey, line);
  for (const instance of all.instances) {
    const { runs, attempts } = fold(def, journey, instance, line);
    o.runs.push(...runs.map(run => ({ run, instance })));
    o.attempts.push(...attempts);
    const tie = firstTie(def, journey, instance, line);
    if (tie !== null) ambiguousInstances++;
    ambiguous += runs.filter(run => isAmbiguous(run, tie)).length;
  }
  return { o, ambiguous, ambiguousInstances, withoutKey: all.withoutKey };
}

export function endRules(journey: JourneyDef): { name: string }[] {
  const rules: Pick<EndDef, 'name'>[] = [...journey.ends];
  if (journey.reentry?.policy === 'restart') rules.push({ name: 'Restarted' });
  return rules;
}
export function byName<T>(things: { name: string }[], value: (name: string) => T): Record<string, T> {
  return Object.fromEntries(things.map(({ name }) => [name, value(name)]));
}
function countBy(words: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
