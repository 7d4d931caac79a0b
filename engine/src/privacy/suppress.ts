/**
 * `suppress below k`: what may be shown of a journey.
 *
 * Every number goes into a ledger with the people it is about, and every way in which numbers add up; the ledger says which of them
 * have to be withheld. It is the last step of a simulation: nothing that is withheld leaves the engine.
 */
import type { JourneyPlan, Plan } from '../plan.ts';
import { RESTARTED } from '../plan.ts';
import type { Count, JourneyResult, MetricValue } from '../result.ts';
import { type Cohort, everyone } from '../simulate/cohort.ts';
import type { Fold } from '../simulate/columns.ts';
import type { Leaf, QualityOf } from '../simulate/evaluate.ts';
import { ownMemory } from '../simulate/memory.ts';
import { type Discretion, type Measures, measuresOf } from '../simulate/metrics.ts';
import { conformance } from '../simulate/paths.ts';
import { segmentCounts } from '../simulate/segments.ts';
import { partedBy } from '../simulate/splits.ts';
import { attemptsBy, tally, tallyAttempts } from '../simulate/tally.ts';
import { type RunTimes, runTimes } from '../simulate/times.ts';
import { countsOf, keysOf, leavesOf, stepKey } from './suppress-leaves.ts';
import { Ledger } from './suppress-ledger.ts';
import { ALL, addSums, type Counts, enterScope, isOncePerPerson, keyIn, restsOf } from './suppress-scope.ts';
import { type PeriodScopes, periodScopes } from './suppress-series.ts';

/**
 * @param result of the fold, with every number
 * @param below fewer people than this are too few to speak of
 */
export function suppressJourney(
  journey: JourneyPlan,
  plan: Plan,
  fold: Fold,
  result: JourneyResult<number>,
  below: number,
  quality?: QualityOf,
): JourneyResult {
  const ledger = new Ledger(below);
  const leaves = leavesOf([...journey.metrics.map(({ value }) => value), ...journey.expects.map(({ condition }) => condition)], journey);
  const rests = restsOf(journey, leaves);
  const measured = (cohort: Cohort, discretion?: Discretion): { times: RunTimes; measures: Measures } => {
    const times = runTimes(journey, fold, cohort, ownMemory);
    return { times, measures: measuresOf(journey, fold.events, times, quality, discretion) };
  };
  const leafCounts = (cohort: Cohort, of: readonly Leaf[]): [string, number][] => {
    const { measures } = measured(cohort);
    return of.flatMap(expr => countsOf(expr, measures));
  };

  // ---- everybody
  const all = everyone(fold);
  enterScope(ledger, fold, {
    name: ALL,
    cohort: all,
    count: cohort => new Map([...journeyCounts(journey, plan, fold, cohort, measured(cohort).times), ...leafCounts(cohort, leaves)]),
    rests: [...rests, ...pathRests(journey), { of: 'entered', part: 'ambiguous', evenNone: false }],
    once: isOncePerPerson(journey),
  });
  addSums(ledger, ALL, journey, leaves);
  addJourneySums(ledger, journey, result);
  if (journey.per) ledger.add(keyIn(ALL, 'without key'), result.withoutKey, peopleWithoutKey(journey, fold));

  // ---- splits
  const parted = journey.splits.map(split => partedBy(split, journey, fold));
  const metricLeaves = leavesOf(
    journey.metrics.map(({ value }) => value),
    journey,
  );
  const groupName = (split: number, group: number) => `split ${split} group ${group}`;
  parted.forEach(({ groups, cohorts }, i) => {
    const names = groups.map((_, g) => groupName(i, g));
    const counts = cohorts.map((cohort, g) => {
      const counted = enterScope(ledger, fold, {
        name: names[g],
        cohort,
        count: part => new Map([...tallyCounts(journey, fold, part, false), ...leafCounts(part, metricLeaves)]),
        rests,
        once: isOncePerPerson(journey),
      });
      addSums(ledger, names[g], journey, metricLeaves);
      return counted;
    });
    addParts(ledger, names, counts);
    const split = journey.splits[i];
    groups.forEach(({ value, kind }, g) => {
      const told =
        split.kind === 'enter'
          ? `enter ${value}`
          : split.kind === 'segment'
            ? `${SEGMENT[kind === 'value' ? value : kind]} ${split.name}`
            : '';
      if (told) ledger.same(keyIn(ALL, told), keyIn(names[g], 'entered'));
    });
  });

  // ---- periods
  const periods = periodScopes(journey, fold, ledger, rests, leafCounts);

  ledger.settle();
  return shownOf(journey, result, below, ledger, {
    all: discretion => measured(all, discretion).measures,
    group: (split, group, discretion) => measured(parted[split].cohorts[group], discretion).measures,
    cohort: (cohort, discretion) => measured(cohort, discretion).measures,
    groupName,
    periods,
  });
}

const SEGMENT: Record<string, string> = { yes: 'in', no: 'not', unknown: 'unknown' };

/** Parts of all runs: whoever knows all but one of them knows them all. */
function addParts(ledger: Ledger, names: readonly string[], counts: readonly Counts[]): void {
  const keys = new Set(counts.flatMap(counted => [...counted.keys()]));
  for (const key of keys)
    ledger.sum(
      [keyIn(ALL, key)],
      names.map(name => keyIn(name, key)),
    );
}

// ---------------------------------------------------------------- counts

function tallyCounts(journey: JourneyPlan, fold: Fold, cohort: Cohort, entries: boolean): [string, number][] {
  const counted = tally(journey, fold, cohort);
  return [
    ['entered', counted.entered],
    ['people', counted.people],
    ['active', counted.active],
    ...(journey.ends.some(({ kind }) => kind === 'complete') ? [['completed', counted.completed] as [string, number]] : []),
    ...Object.entries(counted.exits).map(([name, count]): [string, number] => [`exit ${name}`, count]),
    ...(entries ? Object.entries(counted.entries).map(([name, count]): [string, number] => [`enter ${name}`, count]) : []),
  ];
}

function journeyCounts(journey: JourneyPlan, plan: Plan, fold: Fold, cohort: Cohort, times: RunTimes): Counts {
  const counts: Counts = new Map(tallyCounts(journey, fold, cohort, true));
  const { attempts, rejected } = tallyAttempts(fold, cohort);
  counts.set('attempts', attempts);
  for (const [reason, count] of Object.entries(rejected)) counts.set(`rejected ${reason}`, count);
  const entries = Object.fromEntries(journey.enters.map(({ name }) => [name, counts.get(`enter ${name}`)!]));
  for (const [rule, own] of Object.entries(attemptsBy(journey, fold, cohort, entries))) {
    counts.set(`by ${rule} attempts`, own.attempts);
    for (const [reason, count] of Object.entries(own.rejected)) counts.set(`by ${rule} rejected ${reason}`, count);
  }
  counts.set('ended', cohort.size - counts.get('active')!);
  counts.set(
    'ambiguous',
    cohort.runs.reduce((sum, run) => sum + fold.runs.ambiguous[run], 0),
  );
  journey.stages.forEach(({ name }, i) => {
    counts.set(`reached ${name}`, times.reached[i]);
    counts.set(`visits ${name}`, times.visits[i]);
    counts.set(`timed ${name}`, times.timeIn(name).length);
  });
  for (const [name, { runs, not, unknown }] of Object.entries(segmentCounts(journey, plan, fold, cohort))) {
    counts.set(`in ${name}`, runs).set(`not ${name}`, not).set(`unknown ${name}`, unknown);
  }
  addWays(counts, journey, times);
  for (const path of journey.paths) addPath(counts, path.name, conformance(path, journey, fold, cohort), journey);
  return counts;
}

const nodesOf = (journey: JourneyPlan): string[] =>
  [...journey.enters, ...journey.stages, ...journey.ends].map(({ name }) => name).concat(RESTARTED);
const way = (from: string, to: string) => `way ${JSON.stringify([from, to])}`;

/** The ways between nodes, and how many runs are open at each: those that came and went no further. */
function addWays(counts: Counts, { enters, stages, ends }: JourneyPlan, times: RunTimes): void {
  const names = nodesOf({ enters, stages, ends } as JourneyPlan);
  const open = names.map((name, node) => (node < enters.length ? counts.get(`enter ${name}`)! : 0));
  times.transitions.forEach((row, from) => {
    row?.forEach((count, to) => {
      if (count === 0) return;
      counts.set(way(names[from], names[to]), count);
      open[from] -= count;
      open[to] += count;
    });
  });
  names.slice(0, enters.length + stages.length).forEach((name, node) => {
    counts.set(`at ${name}`, open[node]);
  });
}

function addPath(counts: Counts, name: string, { path, timed }: ReturnType<typeof conformance>, { reentry }: JourneyPlan): void {
  const { steps, outcomes, flags } = path;
  const set = (what: string, count: number) => counts.set(`path ${name} ${what}`, count);
  steps.forEach(({ reached, inOrder }, k) => {
    set(`reached ${k}`, reached);
    set(`order ${k}`, inOrder);
    set(`timed ${k}`, timed[k]);
  });
  const { left, restarted, ...others } = outcomes;
  for (const [outcome, count] of Object.entries(others)) set(outcome, count);
  if (reentry.policy === 'restart') set('restarted', restarted);
  left.forEach((count, k) => {
    set(`left ${k}`, count);
  });
  for (const [flag, count] of Object.entries(flags)) set(flag, count);
}

/** By slot and not by instance: rows without a key belong to no instance. */
function peopleWithoutKey({ identity }: JourneyPlan, { timeline, rules, events, asOf }: Fold): number {
  const { of } = events.participants(identity);
  const T = asOf ?? Number.NEGATIVE_INFINITY;
  const people = new Set<number>();
  for (let slot = timeline.start[timeline.instances]; slot < timeline.position.length; slot++) {
    const matched = rules.set[slot];
    if (rules.matches(matched) && rules.forAll[matched] < 0 && timeline.time[slot] <= T) people.add(of[timeline.position[slot]]);
  }
  return people.size;
}

// ---------------------------------------------------------------- how they add up

function pathRests({ paths }: JourneyPlan) {
  return paths.flatMap(({ name, steps }) => {
    const key = (what: string) => `path ${name} ${what}`;
    return [
      ...steps.flatMap((_, k) => [
        { of: 'entered', part: key(`reached ${k}`), evenNone: true },
        { of: key(`reached ${k}`), part: key(`order ${k}`), evenNone: false },
        ...(k > 0 ? [{ of: key(`order ${k - 1}`), part: key(`order ${k}`), evenNone: false }] : []),
      ]),
      ...['ladder', 'chute', 'detour'].map(flag => ({ of: 'entered', part: key(flag), evenNone: true })),
      { of: key('ladder'), part: key('skipped'), evenNone: false },
      { of: 'active', part: key('underWay'), evenNone: false },
      { of: `exit ${RESTARTED}`, part: key('restarted'), evenNone: false },
    ];
  });
}

const OUTCOMES = ['followed', 'otherOrder', 'skipped', 'underWay'];

function addJourneySums(ledger: Ledger, journey: JourneyPlan, result: JourneyResult<number>): void {
  const of = (...keys: string[]) => keys.map(key => keyIn(ALL, key));
  const reasons = Object.keys(result.rejected);
  ledger.sum(of('attempts'), of('entered', ...reasons.map(reason => `rejected ${reason}`)));
  ledger.sum(of('rejected'), of(...reasons.map(reason => `rejected ${reason}`)));
  const rules = Object.keys(result.attemptsBy);
  ledger.sum(of('attempts'), of(...rules.map(rule => `by ${rule} attempts`)));
  for (const rule of rules) {
    ledger.sum(
      of(`by ${rule} attempts`),
      of(`enter ${rule}`, ...Object.keys(result.attemptsBy[rule].rejected).map(reason => `by ${rule} rejected ${reason}`)),
    );
  }
  for (const reason of reasons) {
    const own = rules.map(rule => `by ${rule} rejected ${reason}`).filter(key => ledger.has(keyIn(ALL, key)));
    ledger.sum(of(`rejected ${reason}`), of(...own));
  }

  for (const name of Object.keys(result.segments)) {
    const unknown = ledger.has(keyIn(ALL, `unknown ${name}`)) ? [`unknown ${name}`] : [];
    ledger.sum(of('entered'), of(`in ${name}`, `not ${name}`, ...unknown));
  }

  const names = nodesOf(journey);
  const ways = (from: string | null, to: string | null) =>
    result.transitions.filter(one => (from ?? one.from) === one.from && (to ?? one.to) === one.to).map(one => way(one.from, one.to));
  const stages = names.slice(journey.enters.length, journey.enters.length + journey.stages.length);
  for (const { name } of journey.enters) ledger.sum(of(`enter ${name}`), of(...ways(name, null), `at ${name}`));
  for (const name of stages) ledger.sum(of(...ways(null, name)), of(...ways(name, null), `at ${name}`));
  for (const name of Object.keys(result.exits)) ledger.sum(of(`exit ${name}`), of(...ways(null, name)));
  ledger.sum(of('active'), of(...[...journey.enters.map(({ name }) => name), ...stages].map(name => `at ${name}`)));

  for (const { name, steps } of journey.paths) {
    const key = (what: string) => `path ${name} ${what}`;
    const last = steps.length - 1;
    const left = result.paths[name].outcomes.left.map((_, k) => key(`left ${k}`));
    ledger.sum(of('entered'), of(...OUTCOMES.map(key), ...(journey.reentry.policy === 'restart' ? [key('restarted')] : []), ...left));
    ledger.sum(of(key(`reached ${last}`)), of(key('followed'), key('otherOrder'), key('skipped')));
    ledger.same(keyIn(ALL, key(`order ${last}`)), keyIn(ALL, key('followed')));
    ledger.same(keyIn(ALL, key('order 0')), keyIn(ALL, key('reached 0')));
    if (steps.length === 2) ledger.same(keyIn(ALL, key('ladder')), keyIn(ALL, key('skipped')));
    // Who is still active has reached no end, nor who was restarted another one.
    if (steps[last].step.kind === 'end') {
      ledger.same(keyIn(ALL, 'active'), keyIn(ALL, key('underWay')));
      if (steps[last].step.name !== RESTARTED) ledger.same(keyIn(ALL, `exit ${RESTARTED}`), keyIn(ALL, key('restarted')));
    }
    steps.forEach(({ step }, k) => {
      ledger.same(keyIn(ALL, stepKey(step)), keyIn(ALL, key(`reached ${k}`)));
    });
  }
}

// ---------------------------------------------------------------- what is shown

interface Sources {
  all(discretion: Discretion): Measures;
  group(split: number, group: number, discretion: Discretion): Measures;
  cohort(cohort: Cohort, discretion: Discretion): Measures;
  groupName(split: number, group: number): string;
  periods: PeriodScopes;
}

function shownOf(
  journey: JourneyPlan,
  result: JourneyResult<number>,
  below: number,
  ledger: Ledger,
  { all, group, cohort, groupName, periods }: Sources,
): JourneyResult {
  const shown = (scope: string, key: string, count: number): Count => ledger.told(keyIn(scope, key), count);
  const each = <K extends string>(counts: Partial<Record<K, number>>, key: (name: string) => string, scope = ALL) =>
    Object.fromEntries(
      Object.entries<number>(counts as Record<string, number>).map(([name, count]) => [name, shown(scope, key(name), count)]),
    );
  const plain = (key: string, count: number): Count => shown(ALL, key, count);
  const guarded = <T>(key: string, value: T): T | null => (ledger.withheld(keyIn(ALL, key)) ? null : value);
  const discretion = (scope: string): Discretion => ({
    below,
    show: (expr, value) => discreet(expr, value, (key, count) => ledger.told(keyIn(scope, key), count)),
  });

  const measures = all(discretion(ALL));
  const metrics = measures.metrics();
  for (const { name, by } of journey.metrics) {
    if (!by) continue;
    const series = periods.of(name).map(({ scope, label, cohort: own }) => {
      const { value, suppressed, numerator, denominator, immature } = cohort(own, discretion(scope)).metric(name);
      return { period: label, value, ...(suppressed ? { suppressed } : {}), numerator, denominator, immature };
    });
    metrics[name] = { ...metrics[name], series };
  }
  return {
    ...result,
    suppressedBelow: below,
    attempts: plain('attempts', result.attempts),
    entered: plain('entered', result.entered),
    people: plain('people', result.people),
    entries: each(result.entries, name => `enter ${name}`),
    active: plain('active', result.active),
    completed: plain('completed', result.completed),
    exits: each(result.exits, name => `exit ${name}`),
    rejected: each(result.rejected, reason => `rejected ${reason}`),
    attemptsBy: Object.fromEntries(
      Object.entries(result.attemptsBy).map(([rule, { attempts, rejected }]) => [
        rule,
        { attempts: plain(`by ${rule} attempts`, attempts), rejected: each(rejected, reason => `by ${rule} rejected ${reason}`) },
      ]),
    ),
    ambiguous: plain('ambiguous', result.ambiguous),
    // Who they are besides those with an ambiguous run nobody has counted.
    ambiguousInstances: 'withheld',
    ambiguousBy: undefined,
    withoutKey: plain('without key', result.withoutKey),
    stages: Object.fromEntries(
      Object.entries(result.stages).map(([name, { reached, visits, medianMs }]) => [
        name,
        {
          reached: plain(`reached ${name}`, reached),
          visits: plain(`visits ${name}`, visits),
          medianMs: guarded(`timed ${name}`, medianMs),
        },
      ]),
    ),
    transitions: result.transitions.filter(({ from, to }) => !ledger.withheld(keyIn(ALL, way(from, to)))),
    timeToEnd: { medianMs: guarded('ended', result.timeToEnd.medianMs), p90Ms: guarded('ended', result.timeToEnd.p90Ms) },
    metrics,
    expectations: measures.expectations(),
    segments: Object.fromEntries(
      Object.entries(result.segments).map(([name, { runs, not, unknown }]) => [
        name,
        { runs: plain(`in ${name}`, runs), not: plain(`not ${name}`, not), unknown: plain(`unknown ${name}`, unknown) },
      ]),
    ),
    splits: result.splits.map(({ by, at, groups }, i) => ({
      by,
      at,
      groups: groups
        .map((one, g) => {
          const scope = groupName(i, g);
          return {
            value: one.value,
            kind: one.kind,
            entered: shown(scope, 'entered', one.entered),
            people: shown(scope, 'people', one.people),
            active: shown(scope, 'active', one.active),
            completed: shown(scope, 'completed', one.completed),
            exits: each(one.exits, name => `exit ${name}`, scope),
            metrics: group(i, g, discretion(scope)).metrics(),
          };
        })
        .sort(byWhatIsShown),
    })),
    paths: Object.fromEntries(
      Object.entries(result.paths).map(([name, { steps, outcomes, flags }]) => {
        const key = (what: string) => `path ${name} ${what}`;
        const { left, ...others } = outcomes;
        return [
          name,
          {
            steps: steps.map(({ name, reached, inOrder, medianFromPreviousMs }, k) => ({
              name,
              reached: plain(key(`reached ${k}`), reached),
              inOrder: plain(key(`order ${k}`), inOrder),
              medianFromPreviousMs: guarded(key(`timed ${k}`), medianFromPreviousMs),
            })),
            outcomes: {
              ...(each(others, key) as Record<keyof typeof others, Count>),
              left: left.map((count, k) => plain(key(`left ${k}`), count)),
            },
            flags: each(flags, key) as Record<keyof typeof flags, Count>,
          },
        ];
      }),
    ),
    entriesByDay: result.entriesByDay.filter(({ day }) => !periods.isDayWithheld(day)),
  };
}

/** Where groups are withheld, their order would tell how they compare. */
function byWhatIsShown(a: JourneyResult['splits'][number]['groups'][number], b: typeof a): number {
  const isTold = ({ entered }: typeof a) => typeof entered === 'number';
  if (a.kind !== b.kind || (isTold(a) && isTold(b))) return 0;
  if (isTold(a) || isTold(b)) return isTold(a) ? -1 : 1;
  return a.value < b.value ? -1 : 1;
}

/** Of a rate whose whole may be shown the whole is. */
function discreet(expr: Leaf, value: MetricValue, tell: (key: string, count: number) => Count): MetricValue {
  if (expr.kind === 'metric' || expr.kind === 'quality') return value;
  const { count, of, young } = keysOf(expr);
  const told = [count, of, young].map(key => (key === undefined ? null : tell(key, 0)));
  const untold = told.filter(one => typeof one === 'string');
  if (untold.length === 0) return value;
  const less = (which: number, part: number | null) => (typeof told[which] === 'number' ? part : null);
  return {
    quantity: value.quantity,
    value: null,
    // `< 10` of an amount or a time would read as one.
    suppressed: told[0] === 'few' && isCounted(value.quantity) ? 'few' : 'withheld',
    numerator: of === undefined ? null : less(0, value.numerator),
    denominator: less(1, value.denominator),
    immature: less(2, value.immature),
    interval: null,
  };
}

const isCounted = (quantity: MetricValue['quantity']): boolean => quantity === 'count' || quantity === 'share';
