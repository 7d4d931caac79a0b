/** Periods in the ledger: the points of series, and the days of the small pictures. */
import type { JourneyPlan } from '../plan.ts';
import type { Cohort } from '../simulate/cohort.ts';
import { ACTIVE, type Fold } from '../simulate/columns.ts';
import type { Leaf } from '../simulate/evaluate.ts';
import { type By, periodCohorts, readsAttempts } from '../simulate/series.ts';
import { leavesOf } from './suppress-leaves.ts';
import type { Ledger } from './suppress-ledger.ts';
import { ALL, addSums, type Counts, enterScope, isOncePerPerson, keyIn, type Rest } from './suppress-scope.ts';

interface Period {
  scope: string;
  label: string;
  cohort: Cohort;
}

export interface PeriodScopes {
  /** Of a metric that is asked by a period. */
  of(metric: string): Period[];
  isDayWithheld(day: string): boolean;
}

interface Series {
  by: Pick<By, 'grain' | 'zone' | 'of'>;
  periods: Period[];
  counts: Counts[];
  leaves: readonly Leaf[];
}

const ENTERED: Leaf = { kind: 'entered', at: { uri: '', start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } };
const DAYS = { grain: 'day', of: 'entry' } as const;

export function periodScopes(
  journey: JourneyPlan,
  fold: Fold,
  ledger: Ledger,
  rests: Rest[],
  leafCounts: (cohort: Cohort, leaves: readonly Leaf[]) => [string, number][],
): PeriodScopes {
  const all: Series[] = [];
  const byMetric = new Map<string, Series>();
  const lineOf = ({ grain, zone, of }: Series['by']) => `${of} by ${grain} in ${zone ?? 'UTC'}`;

  const once = isOncePerPerson(journey);
  const enter = (by: Series['by'], leaves: readonly Leaf[], attempts: boolean): Series => {
    const { labels, cohorts } = periodCohorts(fold, by, attempts);
    const periods = labels.map((label, i) => ({ scope: `${lineOf(by)}: ${label}`, label, cohort: cohorts[i] }));
    const count = (cohort: Cohort): Counts => new Map(leafCounts(cohort, leaves));
    const counts = periods.map(({ scope, cohort }) => {
      const counted = enterScope(ledger, fold, { name: scope, cohort, count, rests, once });
      addSums(ledger, scope, journey, leaves);
      return counted;
    });
    // Runs that haven't ended are in no period of an end, and in several of those in which they are open.
    const open = `${lineOf(by)}: open`;
    if (by.of === 'end') enterScope(ledger, fold, { name: open, cohort: activeRuns(fold), count, rests: [], unseen: true });
    if (by.of !== 'open') {
      for (const key of new Set(counts.flatMap(counted => [...counted.keys()])))
        ledger.sum(
          [keyIn(ALL, key)],
          [...periods.map(({ scope }) => scope), ...(by.of === 'end' ? [open] : [])].map(scope => keyIn(scope, key)),
        );
    }
    const series = { by, periods, counts, leaves };
    for (const other of all) addPieces(ledger, fold, series, other, leafCounts);
    all.push(series);
    return series;
  };

  enter(DAYS, [ENTERED], false);
  for (const { by, name } of journey.metrics) {
    if (!by || byMetric.has(name)) continue;
    // All metrics of the same periods at once: what they have in common is told by both.
    const attempts = (metric: JourneyPlan['metrics'][number]) => readsAttempts(metric.value, journey);
    const own = attempts(journey.metrics.find(metric => metric.name === name)!);
    const alike = journey.metrics.filter(metric => metric.by && lineOf(metric.by) === lineOf(by) && attempts(metric) === own);
    const leaves = leavesOf(
      alike.map(({ value }) => value),
      journey,
    );
    const series = enter(by, leaves, own);
    for (const metric of alike) byMetric.set(metric.name, series);
  }
  return {
    of: metric => byMetric.get(metric)?.periods ?? [],
    isDayWithheld: day => ledger.withheld(keyIn(`${lineOf(DAYS)}: ${day}`, 'entered')),
  };
}

function activeRuns({ runs }: Fold): Cohort {
  const active = Int32Array.from({ length: runs.count }, (_, run) => run).filter(run => runs.endRule[run] === ACTIVE);
  return { size: active.length, runs: active, rejections: new Int32Array(0) };
}

/** Weeks and months overlap: by days, weeks and months of one zone together, what lies in both of two periods may be worked out. */
function addPieces(
  ledger: Ledger,
  fold: Fold,
  one: Series,
  other: Series,
  leafCounts: (cohort: Cohort, leaves: readonly Leaf[]) => [string, number][],
): void {
  const zone = ({ by }: Series) => by.zone ?? 'UTC';
  if (one.by.grain === other.by.grain || one.by.of === 'open' || one.by.of !== other.by.of || zone(one) !== zone(other)) return;
  const keys = new Set(one.counts.flatMap(counted => [...counted.keys()]));
  const common = one.leaves.filter(leaf => other.leaves.some(same => leafKey(same) === leafKey(leaf)));
  if (common.length === 0) return;
  const periodOf = (rows: number, which: 'runs' | 'rejections') => {
    const found = new Int32Array(rows).fill(-1);
    other.periods.forEach(({ cohort }, i) => {
      for (const row of cohort[which]) found[row] = i;
    });
    return found;
  };
  const runPeriod = periodOf(fold.runs.count, 'runs');
  const rejectionPeriod = periodOf(fold.rejections.count, 'rejections');
  const ofOther: string[][] = other.periods.map(() => []);
  for (const { scope, cohort } of one.periods) {
    const runs = grouped(cohort.runs, runPeriod);
    const rejections = grouped(cohort.rejections, rejectionPeriod);
    const names = [...new Set([...runs.keys(), ...rejections.keys()])].map(i => {
      const own = Int32Array.from(runs.get(i) ?? []);
      const name = `${scope} and ${other.periods[i].scope}`;
      const piece: Cohort = { size: own.length, runs: own, rejections: Int32Array.from(rejections.get(i) ?? []) };
      enterScope(ledger, fold, { name, cohort: piece, count: part => new Map(leafCounts(part, common)), rests: [], unseen: true });
      ofOther[i].push(name);
      return name;
    });
    for (const key of keys)
      ledger.sum(
        [keyIn(scope, key)],
        names.map(name => keyIn(name, key)),
      );
  }
  other.periods.forEach(({ scope }, i) => {
    for (const key of keys)
      ledger.sum(
        [keyIn(scope, key)],
        ofOther[i].map(name => keyIn(name, key)),
      );
  });
}

const leafKey = (leaf: Leaf) => JSON.stringify(leaf, (key, value) => (key === 'at' || key === 'text' ? undefined : value));

function grouped(rows: Int32Array, periodOf: Int32Array): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const row of rows) {
    const period = periodOf[row];
    if (period < 0) continue;
    const own = found.get(period);
    if (own) own.push(row);
    else found.set(period, [row]);
  }
  return found;
}
