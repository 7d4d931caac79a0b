/** semantics.md, Metrics: from runs and attempts to numbers. "Division by zero is no value": null here. */
import { keyOf, numberOf } from './conditions.ts';
import { type Attempt, type Instance, matches, type Run, type Step } from './fold.ts';
import type { Def, Expectation, JourneyDef, Metric, MetricAnswer, Ref, Row, Summary } from './model.ts';
import { type Asking, keptBy } from './segments.ts';
import type { Timeline } from './timeline.ts';

export interface Ran {
  run: Run;
  instance: Instance;
}
/** All that a journey's numbers are about. */
export interface Outcome {
  def: Def;
  journey: JourneyDef;
  line: Timeline;
  T: number;
  runs: Ran[];
  attempts: Attempt[];
}

export function evaluate(o: Outcome, metric: Metric): MetricAnswer {
  const { runs } = o;
  switch (metric.kind) {
    case 'number':
    case 'duration':
      return just(metric.value);
    case 'percent':
      return just(metric.value / 100);
    case 'metric':
      return evaluate(o, o.journey.metrics.find(m => m.name === metric.name)!.value);
    case 'entered':
      return just(runs.length);
    case 'people':
      return just(people(runs));
    case 'active':
      return just(runs.filter(r => r.run.end === null).length);
    case 'completed':
      return just(runs.filter(r => endKind(o, r.run) === 'complete').length);
    case 'exited':
      return just(runs.filter(r => endKind(o, r.run) === 'exit').length);
    case 'exited of':
      return just(runs.filter(r => r.run.end?.rule === metric.end).length);
    case 'attempts':
      return just(o.attempts.length);
    case 'rejected':
      return just(o.attempts.filter(a => a.reason !== null).length);
    case 'rejected for':
      return just(o.attempts.filter(a => a.reason === metric.reason).length);
    case 'reached':
      return just(runs.filter(r => r.run.visits.some(v => v.stage === metric.stage)).length);
    case 'visits':
      return just(runs.flatMap(r => visitsOf(r.run, metric.stage)).length);
    case 'runs with':
      return just(runs.filter(r => momentsOf(r.run, metric.rule).length > 0).length);
    case 'rate':
      return rate(o, metric);
    case 'rate within':
      return rateWithin(o, metric);
    case 'count':
      return just(runs.flatMap(r => during(r, metric.event, metric.within)).length);
    case 'aggregate': {
      const rows = runs.flatMap(r => during(r, metric.event, metric.within)).map(step => step.event.row);
      return just(aggregate(metric.fn, rows, metric.property));
    }
    case 'kept': {
      const { property } = o.journey.keeps.find(keep => keep.name === metric.keep)!;
      const kept = runs.map(r => keptBy(askingOf(o, r), metric.keep)).filter(event => event !== null);
      return just(
        aggregate(
          metric.fn,
          kept.map(({ row }) => row),
          property,
        ),
      );
    }
    case 'retention':
      return retention(o, metric);
    case 'time to':
      return just(
        summary(
          metric.fn,
          runs.flatMap(r => momentsOf(r.run, metric.step).slice(0, 1)).map(m => m.time - m.run.entry),
        ),
      );
    case 'time in':
      return just(
        summary(
          metric.fn,
          runs.flatMap(r => timeIn(o, r.run, metric.stage) ?? []),
        ),
      );
    case 'arithmetic': {
      const left = evaluate(o, metric.left).value;
      const right = evaluate(o, metric.right).value;
      return just(left === null || right === null ? null : arithmetic(metric.op, left, right));
    }
    case 'negative': {
      const value = evaluate(o, metric.of).value;
      return just(value === null ? null : -value);
    }
    case 'share of': {
      const whole = evaluate(o, metric.of).value;
      // Divided last: 5% of 12 is 0.6, and not a little more.
      return just(whole === null ? null : (metric.percent * whole) / 100);
    }
  }
}

function aggregate(fn: Summary | 'count distinct', rows: Row[], property: string): number | null {
  if (fn === 'count distinct') return new Set(rows.map(row => keyOf(row, property)).filter(key => key !== null)).size;
  return summary(
    fn,
    rows.map(row => numberOf(row, property)).filter(number => number !== null),
  );
}

function just(value: number | null): MetricAnswer {
  return { value, numerator: null, denominator: null, immature: null, interval: null };
}

/** "Division by zero is no value, shown so, never 0." */
function arithmetic(op: '+' | '-' | '*' | '/', left: number, right: number): number | null {
  if (op === '/') return right === 0 ? null : left / right;
  return op === '+' ? left + right : op === '-' ? left - right : left * right;
}

/** "An `expect` on no value is *undecided*": null. One side alone may still decide an `and` or an `or`. */
export function isMet(o: Outcome, expectation: Expectation): boolean | null {
  if (expectation.kind === 'not') {
    const met = isMet(o, expectation.part);
    return met === null ? null : !met;
  }
  if (expectation.kind !== 'compare') {
    const parts = expectation.parts.map(part => isMet(o, part));
    if (expectation.kind === 'and') return parts.includes(false) ? false : parts.includes(null) ? null : true;
    return parts.includes(true) ? true : parts.includes(null) ? null : false;
  }
  const left = evaluate(o, expectation.left).value;
  const right = evaluate(o, expectation.right).value;
  if (left === null || right === null) return null;
  return { '=': left === right, '!=': left !== right, '<': left < right, '<=': left <= right, '>': left > right, '>=': left >= right }[
    expectation.op
  ];
}

// ---------------------------------------------------------------- runs, and what they reached

/** What is asked of a run's entry event. */
export function askingOf({ def, line, journey }: Outcome, { run, instance }: Ran): Asking {
  return { def, line, journey, entry: instance.steps[run.first].event };
}
export function people(runs: Ran[]): number {
  return new Set(runs.map(r => r.run.participant)).size;
}
export function endKind(o: Outcome, run: Run): 'complete' | 'exit' | 'Restarted' | null {
  if (run.end === null) return null;
  return o.journey.ends.find(end => end.name === run.end!.rule)?.kind ?? 'Restarted';
}
/** Times a stage became current, or was visited again while it was. */
export function visitsOf(run: Run, stage: string) {
  return run.visits.filter(visit => visit.stage === stage && visit.how !== 'only reached');
}

/** When a run reached a step (an entry rule, a stage, an end), in order; empty where it did not. `step` orders moments of one time. */
export function momentsOf(run: Run, name: string): { run: Run; time: number; step: number }[] {
  const moments = run.visits.filter(visit => visit.stage === name).map(visit => ({ run, time: visit.time, step: visit.step }));
  if (run.enter === name) moments.push({ run, time: run.entry, step: run.first });
  if (run.end?.rule === name) moments.push({ run, time: run.end.time, step: run.end.step });
  return moments;
}

/** "`time in S`: from becoming current until another stage does, or the end (open runs: T), summed per run." Null: never current. */
export function timeIn(o: Outcome, run: Run, stage: string): number | null {
  const turns = run.visits.filter(visit => visit.how === 'became current');
  const spells = turns.map((turn, i) => ({ stage: turn.stage, time: (turns[i + 1]?.time ?? run.end?.time ?? o.T) - turn.time }));
  const inStage = spells.filter(spell => spell.stage === stage);
  return inStage.length === 0 ? null : sum(inStage.map(spell => spell.time));
}

// ---------------------------------------------------------------- rates

/** "`rate(X)` = runs with X / entered; `of people` counts people on both sides." */
function rate(o: Outcome, metric: { of: string; ofPeople: boolean }): MetricAnswer {
  const having = o.runs.filter(r => momentsOf(r.run, metric.of).length > 0);
  return metric.ofPeople ? share(people(having), people(o.runs), null) : share(having.length, o.runs.length, null);
}

/**
 * "`rate(X within D [of S])`: only *mature* runs count on either side, entry + D < T; the immature are shown beside it."
 * With `of S` the window opens when S was first reached, and X counts from there on; the two sides stay all mature runs.
 */
function rateWithin(o: Outcome, metric: { of: string; ofPeople: boolean; within: number; from?: string }): MetricAnswer {
  const mature = o.runs.filter(({ run }) => run.entry + metric.within < o.T);
  const having = mature.filter(({ run }) => {
    const start = metric.from === undefined ? { time: run.entry, step: run.first } : momentsOf(run, metric.from)[0];
    return start !== undefined && momentsOf(run, metric.of).some(m => m.step >= start.step && m.time <= start.time + metric.within);
  });
  const immature = o.runs.length - mature.length;
  return metric.ofPeople ? share(people(having), people(mature), immature) : share(having.length, mature.length, immature);
}

/** "Share of runs with entry + b < T whose participant has a non-passive event in [entry + a, entry + b)." */
function retention(o: Outcome, { from, to }: { from: number; to: number }): MetricAnswer {
  const mature = o.runs.filter(({ run }) => run.entry + to < o.T);
  const having = mature.filter(({ run }) =>
    o.line.events
      .filter(event => event.participant === run.participant && event.consents && !event.passive)
      .some(event => event.time >= run.entry + from && event.time < run.entry + to),
  );
  return share(having.length, mature.length, o.runs.length - mature.length);
}

/** "Every rate carries numerator, denominator and its 95% Wilson interval." */
function share(numerator: number, denominator: number, immature: number | null): MetricAnswer {
  if (denominator === 0) return { value: null, numerator, denominator, immature, interval: null };
  const p = numerator / denominator;
  const n = denominator;
  const z = 1.959964;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { value: p, numerator, denominator, immature, interval: [middle - half, middle + half] };
}

// ---------------------------------------------------------------- values

/** "Over events E in positions entry..end inclusive (with `within D`: entry to entry + D whatever the end)." */
function during({ run, instance }: Ran, event: Ref, within: number | undefined): Step[] {
  return instance.steps.filter((step, i) => {
    if (!step.own || i < run.first || !matches({ any: [event] }, step)) return false;
    return within === undefined ? i <= run.last : step.time <= run.entry + within;
  });
}

/** What a journey's metrics and expectations read of events: metrics that count or aggregate them. */
export function eventReads(journey: JourneyDef): { metric: string; event: Ref; property?: string }[] {
  const reads: { metric: string; event: Ref; property?: string }[] = [];
  const visit = (name: string, metric: Metric) => {
    if (metric.kind === 'count') reads.push({ metric: name, event: metric.event });
    if (metric.kind === 'aggregate') reads.push({ metric: name, event: metric.event, property: metric.property });
    if (metric.kind === 'share of' || metric.kind === 'negative') visit(name, metric.of);
    if (metric.kind === 'arithmetic') {
      visit(`${name}<`, metric.left);
      visit(`${name}>`, metric.right);
    }
  };
  for (const { name, value } of journey.metrics) visit(name, value);
  const visitExpectation = (name: string, expectation: Expectation) => {
    if (expectation.kind === 'not') visitExpectation(name, expectation.part);
    else if (expectation.kind === 'compare') {
      visit(`${name}<`, expectation.left);
      visit(`${name}>`, expectation.right);
    } else {
      expectation.parts.forEach((part, i) => {
        visitExpectation(`${name} ${i}`, part);
      });
    }
  };
  journey.expects.forEach((expectation, i) => {
    visitExpectation(`expect ${i}`, expectation);
  });
  return reads;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The sum of nothing is 0; all else about nothing is no value. */
function summary(fn: Summary, numbers: number[]): number | null {
  if (fn === 'sum') return sum(numbers);
  if (numbers.length === 0) return null;
  switch (fn) {
    case 'median':
      return quantile(numbers, 0.5);
    case 'p90':
      return quantile(numbers, 0.9);
    case 'avg':
      return sum(numbers) / numbers.length;
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
  }
}

/** "Quantiles interpolate linearly (SQL's percentile_cont)." */
export function quantile(numbers: number[], q: number): number | null {
  if (numbers.length === 0) return null;
  const sorted = [...numbers].sort((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  return below + (above - below) * (place - Math.floor(place));
}
