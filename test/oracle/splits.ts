/** semantics.md: "run counts over a split sum to the total (people need not)". */

import { keyOf } from './conditions.ts';
import { endKind, evaluate, type Outcome, people, type Ran } from './metrics.ts';
import type { GroupAnswer, SplitDef } from './model.ts';
import { byName, endRules } from './oracle.ts';
import { attributeOf, keptBy, segmentOf } from './segments.ts';

const MOST = 20;

/** The groups in no order that matters: at most twenty values, the largest; the rest are `other`, and runs without one `unknown`. */
export function splitAnswer(o: Outcome, split: SplitDef): GroupAnswer[] {
  const valued = o.runs.map(ran => ({ ran, value: toldBy(o, split, ran) }));
  const values = [...new Set(valued.map(({ value }) => value).filter(value => value !== null))];
  const of = (value: string | null) => valued.filter(v => v.value === value).map(({ ran }) => ran);
  const bySize = values.sort((a, b) => of(b).length - of(a).length || (a < b ? -1 : 1));
  const groups = bySize.slice(0, MOST).map(value => group(o, value, 'value', of(value)));
  if (values.length > MOST) groups.push(group(o, 'other', 'other', bySize.slice(MOST).flatMap(of)));
  if (of(null).length > 0) groups.push(group(o, 'unknown', 'unknown', of(null)));
  return groups;
}

/** What a run is told apart by; null: unknown. */
function toldBy({ def, line, journey }: Outcome, split: SplitDef, { run, instance }: Ran): string | null {
  const entry = instance.steps[run.first].event;
  switch (split.kind) {
    case 'property':
      return keyOf(entry.row, split.column);
    case 'attribute':
      return attributeOf(def, line, split.column, entry);
    case 'keep': {
      const kept = keptBy(def, line, journey, split.name, { run, instance });
      return kept && keyOf(kept.row, journey.keeps.find(keep => keep.name === split.name)!.property);
    }
    case 'segment': {
      const held = segmentOf(def, line, split.name, entry);
      return held === null ? null : held ? 'yes' : 'no';
    }
    case 'enter':
      return run.enter;
  }
}

function group(o: Outcome, value: string, kind: GroupAnswer['kind'], runs: Ran[]): GroupAnswer {
  const of = { ...o, runs };
  return {
    value,
    kind,
    entered: runs.length,
    people: people(runs),
    active: runs.filter(({ run }) => run.end === null).length,
    completed: runs.filter(({ run }) => endKind(o, run) === 'complete').length,
    exits: byName(endRules(o.journey), rule => runs.filter(({ run }) => run.end?.rule === rule).length),
    metrics: byName(o.journey.metrics, name => evaluate(of, { kind: 'metric', name })),
  };
}
