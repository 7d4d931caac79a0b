/** semantics.md, "Paths": what each run did with the intended workflow. */
import { momentsOf, type Outcome, quantile } from './metrics.ts';
import type { PathAnswer } from './model.ts';

export function pathAnswer(o: Outcome, steps: string[]): PathAnswer {
  const runs = o.runs.map(({ run }) => {
    const moments = steps.map(step => momentsOf(run, step));
    return { run, moments, first: moments.map(of => of[0]) };
  });
  type Told = (typeof runs)[number];
  /** "First reached in order, one event counting as in order." */
  const ordered = ({ first }: Told, upTo: number) =>
    first.slice(0, upTo + 1).every((moment, k) => moment !== undefined && (k === 0 || moment.step >= first[k - 1].step));

  const outcomes: PathAnswer['outcomes'] = {
    followed: 0,
    otherOrder: 0,
    skipped: 0,
    underWay: 0,
    restarted: 0,
    left: steps.map(() => 0),
  };
  const flags: PathAnswer['flags'] = { ladder: 0, chute: 0, detour: 0 };
  for (const told of runs) {
    const { run, moments, first } = told;
    // "Every run has exactly one outcome: *followed* (all steps, first reached in order), *other order* (all steps), *skipped* (last step
    // reached, at least one missing), else *under way* (active), *restarted*, or *left at k* (the highest step reached; 0 if none)."
    const all = first.every(moment => moment !== undefined);
    const highest = first.findLastIndex(moment => moment !== undefined) + 1;
    if (all && ordered(told, steps.length - 1)) outcomes.followed++;
    else if (all) outcomes.otherOrder++;
    else if (first.at(-1) !== undefined) outcomes.skipped++;
    else if (run.end === null) outcomes.underWay++;
    else if (run.end.rule === 'Restarted') outcomes.restarted++;
    else outcomes.left[highest]++;

    // "*ladder* (a step skipped)": one that is missing though a later one was reached.
    if (first.slice(0, highest).includes(undefined!)) flags.ladder++;
    // "*chute* (an earlier step again after a later one)". What was only reached is no visit, so nobody came back.
    const came = (step: string) => run.visits.filter(visit => visit.stage === step && visit.how !== 'only reached');
    const again = (step: string, k: number) => came(step).filter(visit => first[k] !== undefined && visit.step > first[k].step);
    const after = (k: number, at: number) => moments.slice(k + 1).some(later => later.some(moment => moment.step < at));
    if (steps.some((step, k) => again(step, k).some(visit => after(k, visit.step)))) flags.chute++;
    // "*detour* (a stage off the path between two steps)"
    const onPath = moments.flat().map(moment => moment.step);
    const off = run.visits.filter(visit => !steps.includes(visit.stage) && visit.how !== 'only reached');
    if (off.some(visit => onPath.some(step => step < visit.step) && onPath.some(step => step > visit.step))) flags.detour++;
  }
  return {
    steps: steps.map((name, k) => ({
      name,
      reached: runs.filter(({ first }) => first[k] !== undefined).length,
      inOrder: runs.filter(told => ordered(told, k)).length,
      medianFromPreviousMs:
        k === 0
          ? null
          : quantile(
              runs.flatMap(({ first }) =>
                first[k] !== undefined && first[k - 1] !== undefined && first[k - 1].step <= first[k].step
                  ? [first[k].time - first[k - 1].time]
                  : [],
              ),
              0.5,
            ),
    })),
    outcomes,
    flags,
  };
}
