/** The numbers of one cohort in the ledger: all runs, a group of a split, a period. */
import type { JourneyPlan } from '../plan.ts';
import type { Cohort } from '../simulate/cohort.ts';
import type { Fold } from '../simulate/columns.ts';
import type { Leaf } from '../simulate/evaluate.ts';
import { columnKey } from '../store/expr.ts';
import { keysOf, stepKey } from './suppress-leaves.ts';
import { type Counted, isHeadline, type Ledger, type Weight } from './suppress-ledger.ts';
import { peopleBehind } from './suppress-people.ts';

export type Counts = Map<string, number>;

/** Two counts, the second of them a part of the first, or told from it by something that people did. */
export interface Rest {
  of: string;
  part: string;
  /** Whether even that there is no rest may not be known: it is the complement of a share. */
  evenNone: boolean;
}

export interface Scope {
  /** Tells its numbers from those of other cohorts. */
  name: string;
  cohort: Cohort;
  count: (cohort: Cohort) => Counts;
  rests: Rest[];
  /** Nobody has two runs. */
  once?: boolean;
  /** Keys of counts that only others are made of. */
  unseen?: boolean;
}

export const keyIn = (scope: string, key: string): string => `${scope} | ${key}`;

/** That no run is too young, or that no value is missing, says something of the sample, not of people. */
const isSafeNone = (key: string) => key.startsWith('young ') || key.startsWith('unknown ');

export function enterScope(ledger: Ledger, fold: Fold, { name, cohort, count, rests, unseen, once = false }: Scope): Counts {
  const total = count(cohort);
  const keys = [...total.keys()];
  const known = rests.filter(({ of, part }) => of !== part && total.has(of) && total.has(part));
  const counting = (part: Cohort): Float64Array => {
    const counts = part === cohort ? total : count(part);
    const values = new Float64Array(keys.length + known.length);
    keys.forEach((key, i) => {
      values[i] = counts.get(key) ?? 0;
    });
    known.forEach(({ of, part }, i) => {
      values[keys.length + i] = (counts.get(of) ?? 0) - (counts.get(part) ?? 0);
    });
    return values;
  };
  const { values, people } = peopleBehind(fold, cohort, counting, ledger.k);
  const of = (key: string) => keyIn(name, key);
  keys.forEach((key, i) => {
    if (isSafeNone(key) && values[i] === 0) return;
    if (unseen || isHidden(key)) ledger.addHidden(of(key), values[i], people[i], false, 'detail', countedBy(key, once));
    else ledger.add(of(key), values[i], people[i], weightOf(name, key), countedBy(key, once));
  });
  if (unseen) return total;
  known.forEach(({ of: whole, part, evenNone }, i) => {
    const rest = of(`${whole} without ${part}`);
    const weight = [whole, part].every(key => isHeadline(weightOf(name, key))) ? 'headline' : 'detail';
    ledger.addHidden(rest, values[keys.length + i], people[keys.length + i], evenNone, weight);
    ledger.sum([of(whole)], [of(part), rest]);
  });
  return total;
}

export const ALL = 'all';
const HEADLINE = /^(attempts|people|active|enter .*|exit .*|rejected .+|reached .*|in .*|not .*|unknown .*)$/s;
const DETAIL = /^(way|by|path) /;

/** The headline of a journey goes last, and of it `entered`, on which everything else is built: the attempts rather than the entries. */
function weightOf(scope: string, key: string): Weight {
  if (scope !== ALL || DETAIL.test(key)) return 'detail';
  return key === 'entered' ? 'total' : HEADLINE.test(key) ? 'headline' : 'number';
}

const OF_RUNS =
  /^(entered|people|active|completed|exited|ended|exit .*|enter .*|reached .*|in .*|not .*|unknown .*|path .*|mature .*|young .*|\{"kind":"(rate|retention)".*)$/s;
/** Keys of what a metric alone counts are its expression. */
const countedBy = (key: string, once: boolean): Counted =>
  once && OF_RUNS.test(key) ? 'people' : !key.startsWith('{') || OF_RUNS.test(key) ? 'things' : 'amounts';

/** A count that stands nowhere. */
const isHidden = (key: string) => key.startsWith('at ');

/** How the counts of one cohort hang together, whichever of them are there. */
export function addSums(ledger: Ledger, name: string, journey: JourneyPlan, leaves: readonly Leaf[]): void {
  const of = (...keys: string[]) => keys.map(key => keyIn(name, key));
  const ends = journey.ends.map(end => `exit ${end.name}`);
  const restarted = journey.reentry.policy === 'restart' ? ['exit Restarted'] : [];
  ledger.sum(of('entered'), of('active', ...ends, ...restarted));
  const kind = (which: 'complete' | 'exit') => journey.ends.filter(end => end.kind === which).map(end => `exit ${end.name}`);
  ledger.sum(of('completed'), of(...kind('complete')));
  ledger.sum(of('exited'), of(...kind('exit')));
  ledger.sum(of('entered'), of(...journey.enters.map(rule => `enter ${rule.name}`)));
  if (isOncePerPerson(journey)) ledger.same(keyIn(name, 'entered'), keyIn(name, 'people'));
  ledger.sum(of('attempts'), of('entered', 'rejected'));
  for (const expr of leaves) {
    const { of: whole, young } = keysOf(expr);
    if (young !== undefined && !(expr.kind === 'rate' && expr.ofPeople)) ledger.sum(of('entered'), of(whole!, young));
  }
}

export const isOncePerPerson = ({ reentry, per }: JourneyPlan): boolean => reentry.policy === 'once' && !per;

/** What may be subtracted within any cohort that has both. */
export function restsOf(journey: JourneyPlan, leaves: readonly Leaf[]): Rest[] {
  const rests: Rest[] = [];
  const add = (of: string, part: string, evenNone: boolean) => rests.push({ of, part, evenNone });
  const several = journey.enters.length > 1;
  // Where nothing ends a run all are active, by definition.
  if (journey.ends.length > 0 || journey.reentry.policy === 'restart') add('entered', 'active', true);
  for (const key of ['completed', 'exited']) add('entered', key, true);
  for (const end of journey.ends) add('entered', `exit ${end.name}`, true);
  if (journey.reentry.policy === 'restart') add('entered', 'exit Restarted', true);
  if (several) for (const rule of journey.enters) add('entered', `enter ${rule.name}`, true);
  for (const { name } of journey.stages) {
    add('entered', `reached ${name}`, true);
    add(`visits ${name}`, `reached ${name}`, false);
  }
  if (!isOncePerPerson(journey)) add('entered', 'people', false);
  add('attempts', 'entered', false);
  add('attempts', 'rejected', false);
  const rates = leaves.flatMap(expr => (expr.kind === 'rate' || expr.kind === 'retention' ? [{ expr, keys: keysOf(expr) }] : []));
  for (const [i, { expr, keys }] of rates.entries()) {
    add(keys.of!, keys.count, true);
    const ofPeople = expr.kind === 'rate' && expr.ofPeople;
    if (keys.young !== undefined && ofPeople) add('people', keys.of!, false);
    else if (keys.young !== undefined) add('entered', keys.of!, false);
    if (expr.kind !== 'rate') continue;
    const plain = stepKey(expr.of);
    if (keys.count !== plain && !ofPeople) add(plain, keys.count, false);
    // The same with another window, or of runs and of people.
    for (const [j, other] of rates.entries()) {
      if (other.expr.kind !== 'rate' || other.expr === expr || stepKey(other.expr.of) !== plain) continue;
      const [own, others] = [expr.within, other.expr.within].map(within => within ?? Number.POSITIVE_INFINITY);
      // Of two that are as wide their difference is one number, whichever way round.
      if ((others > own || (others === own && j < i)) && (ofPeople || !other.expr.ofPeople)) add(other.keys.count, keys.count, false);
    }
    if (ofPeople && expr.within === undefined) add(plain, keys.count, false);
  }
  // Of a property summed over some and over nearly the same the difference is what those have that only one of them is about.
  const sums = leaves.flatMap(expr => summed(journey, expr));
  for (const [i, one] of sums.entries())
    for (const other of sums.slice(0, i)) if (one.property === other.property && one.key !== other.key) add(other.key, one.key, false);
  return rests;
}

/** What is added up, itself or for an average. */
function summed({ keeps }: JourneyPlan, expr: Leaf): { key: string; property: string }[] {
  if ((expr.kind !== 'aggregate' && expr.kind !== 'kept') || (expr.fn !== 'sum' && expr.fn !== 'avg')) return [];
  const property = expr.kind === 'aggregate' ? expr.property : keeps.find(({ name }) => name === expr.keep)?.property;
  return property ? [{ key: keysOf(expr).count, property: columnKey(property) }] : [];
}
