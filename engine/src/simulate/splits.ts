import type { JourneyPlan, SplitPlan } from '../plan.ts';
import type { SplitResult } from '../result.ts';
import { type Cohort, cohorts } from './cohort.ts';
import type { Fold } from './columns.ts';
import { IN, UNKNOWN } from './entry.ts';
import type { Measures } from './metrics.ts';
import { readsAttempts } from './series.ts';

/** Values beyond the most frequent ones share one group. */
const MOST_GROUPS = 20;

/** A value for every attempt to enter, whether it became a run or was turned away. */
interface Attribute {
  /** Numbers the values from 0; -1 where it is missing. */
  code(slot: number, instance: number, enterRule: number): number;
  values: readonly string[];
}

/** The groups of a split, and who is in them. */
export interface Parted {
  groups: Pick<SplitResult['groups'][number], 'value' | 'kind'>[];
  cohorts: Cohort[];
}

export function splitRuns(split: SplitPlan, { groups, cohorts }: Parted, measuresIn: (cohort: Cohort) => Measures): SplitResult<number> {
  return {
    by: split.text,
    at: split.at,
    groups: groups.map((group, i) => {
      const measures = measuresIn(cohorts[i]);
      const { entered, people, active, completed, exits } = measures.tally;
      return { ...group, entered, people, active, completed, exits, metrics: measures.metrics() };
    }),
  };
}

/** A value nobody entered with has a group only where a metric counts attempts. */
export function partedBy(split: SplitPlan, journey: JourneyPlan, fold: Fold): Parted {
  const { runs, rejections } = fold;
  const { code, values } = attributeOf(split, journey, fold);
  const ofRuns = new Int32Array(runs.count);
  for (let run = 0; run < runs.count; run++) ofRuns[run] = code(runs.entry[run], runs.instance[run], runs.enterRule[run]);
  const codeOfRejections = () => Int32Array.from(rejections.slot, (slot, i) => code(slot, rejections.instance[i], rejections.enterRule[i]));

  // The last place is that of the missing value.
  const sizes = new Float64Array(values.length + 1);
  const count = (codes: Int32Array, weight: number) => {
    for (const one of codes) sizes[one < 0 ? values.length : one] += weight;
  };
  count(ofRuns, 1);
  // An attempt turned away is there, but weighs less than any run.
  if (journey.metrics.some(({ value }) => readsAttempts(value, journey))) count(codeOfRejections(), 1 / (rejections.count + 1));
  const ordered = Array.from(values, (_, one) => one)
    .filter(one => sizes[one] > 0)
    .sort((a, b) => Math.floor(sizes[b]) - Math.floor(sizes[a]) || (values[a] < values[b] ? -1 : 1));
  const groups: Parted['groups'] = ordered.slice(0, MOST_GROUPS).map(one => ({ value: values[one], kind: 'value' }));
  const groupOf = new Int32Array(values.length + 1).fill(-1);
  ordered.slice(0, MOST_GROUPS).forEach((one, group) => {
    groupOf[one] = group;
  });
  if (ordered.length > MOST_GROUPS) {
    for (const one of ordered.slice(MOST_GROUPS)) groupOf[one] = groups.length;
    groups.push({ value: 'other', kind: 'other' });
  }
  if (sizes[values.length] > 0) {
    groupOf[values.length] = groups.length;
    groups.push({ value: 'unknown', kind: 'unknown' });
  }
  const grouped = (codes: Int32Array) => codes.map(one => groupOf[one < 0 ? values.length : one]);
  return { groups, cohorts: cohorts(groups.length, grouped(ofRuns), () => grouped(codeOfRejections())) };
}

function attributeOf(split: SplitPlan, journey: JourneyPlan, { timeline, events, facts }: Fold): Attribute {
  const { position, participant } = timeline;
  switch (split.kind) {
    case 'enter':
      return { code: (_slot, _instance, enterRule) => enterRule, values: journey.enters.map(({ name }) => name) };
    case 'segment': {
      const state = facts.segment(split.name);
      const CODE = { [IN]: 0, [UNKNOWN]: -1 } as Record<number, number>;
      return { code: slot => CODE[state[position[slot]]] ?? 1, values: ['yes', 'no'] };
    }
    case 'keep': {
      const keep = journey.keeps.find(({ name }) => name === split.name);
      if (!keep) return { code: () => -1, values: [] };
      const kept = facts.kept(keep);
      const { of, values } = events.keys(keep.property);
      return { code: slot => (kept[position[slot]] < 0 ? -1 : of[kept[position[slot]]]), values };
    }
    default: {
      if (split.kind === 'attribute' && facts.isAttribute(split.column)) {
        const { of, values } = events.attributes(split.column, journey.identity);
        return { code: (_slot, instance) => of[participant[instance]], values };
      }
      const { of, values } = events.keys(split.column);
      return { code: slot => of[position[slot]], values };
    }
  }
}
