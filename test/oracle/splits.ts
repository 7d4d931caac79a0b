/** semantics.md: "run counts over a split sum to the total (people need not)". */

import { keyOf } from './conditions.ts';
import { askingOf, endKind, evaluate, type Outcome, people } from './metrics.ts';
import type { GroupAnswer, SplitDef } from './model.ts';
import { byName, endRules } from './oracle.ts';
import { countsAttempts } from './periods.ts';
import { type Asking, attributeOf, keptBy, segmentOf } from './segments.ts';

const MOST = 20;

/**
 * By size: at most twenty values, the largest; the rest are `other`, and runs without one `unknown`. Where a metric counts attempts, those
 * turned away belong with the value they were made with, also where nobody entered with it.
 */
export function splitAnswer(o: Outcome, split: SplitDef): GroupAnswer[] {
  const { def, line, journey } = o;
  const runs = o.runs.map(ran => ({ ran, value: toldBy(askingOf(o, ran), split, ran.run.enter) }));
  const attempts = o.attempts.map(attempt => ({
    attempt,
    value: toldBy({ def, line, journey, entry: attempt.event }, split, attempt.enter),
  }));
  const counted = journey.metrics.some(({ value }) => countsAttempts(o, value)) ? [...runs, ...attempts] : runs;
  const values = [...new Set(counted.map(({ value }) => value).filter(value => value !== null))];
  const size = (value: string) => runs.filter(run => run.value === value).length;
  const bySize = values.sort((a, b) => size(b) - size(a) || (a < b ? -1 : 1));
  const group = (value: string, kind: GroupAnswer['kind'], of: (string | null)[]) =>
    groupAnswer(
      {
        ...o,
        runs: runs.filter(run => of.includes(run.value)).map(({ ran }) => ran),
        attempts: attempts.filter(tried => of.includes(tried.value)).map(({ attempt }) => attempt),
      },
      value,
      kind,
    );
  const groups = bySize.slice(0, MOST).map(value => group(value, 'value', [value]));
  if (values.length > MOST) groups.push(group('other', 'other', bySize.slice(MOST)));
  if (counted.some(({ value }) => value === null)) groups.push(group('unknown', 'unknown', [null]));
  return groups;
}

/** What a run or an attempt is told apart by; null: unknown. */
function toldBy(asking: Asking, split: SplitDef, enter: string): string | null {
  switch (split.kind) {
    case 'property':
      return keyOf(asking.entry.row, split.column);
    case 'attribute':
      return attributeOf(asking, split.column);
    case 'keep': {
      const kept = keptBy(asking, split.name);
      return kept && keyOf(kept.row, asking.journey.keeps.find(keep => keep.name === split.name)!.property);
    }
    case 'segment': {
      const held = segmentOf(asking, split.name);
      return held === null ? null : held ? 'yes' : 'no';
    }
    case 'enter':
      return enter;
  }
}

function groupAnswer(o: Outcome, value: string, kind: GroupAnswer['kind']): GroupAnswer {
  const { runs } = o;
  return {
    value,
    kind,
    entered: runs.length,
    people: people(runs),
    active: runs.filter(({ run }) => run.end === null).length,
    completed: runs.filter(({ run }) => endKind(o, run) === 'complete').length,
    exits: byName(endRules(o.journey), rule => runs.filter(({ run }) => run.end?.rule === rule).length),
    metrics: byName(o.journey.metrics, name => evaluate(o, { kind: 'metric', name })),
  };
}
