/** Somebody by what became of them, where one knows no id. */
import { nearest } from '../nearest.ts';
import { REJECTION_REASONS, RESTARTED } from '../plan.ts';
import { ACTIVE } from '../simulate/columns.ts';
import type { Context } from './context.ts';
import type { Subject, Unclear } from './subject.ts';

/** @param like `rejected`, `active`, `completed`, `exited`, `ambiguous`, a reason, an entry rule, a stage or an end */
export function choose({ journey, fold }: Context, like: string): Subject | Unclear {
  const { runs, visits, rejections, timeline } = fold;
  const names = [...journey.enters, ...journey.stages, ...journey.ends].map(({ name }) => name);
  const choices = [
    ...names,
    ...(journey.reentry.policy === 'restart' ? [RESTARTED] : []),
    'rejected',
    'active',
    'completed',
    'exited',
    'ambiguous',
    ...REJECTION_REASONS,
  ];
  if (!choices.includes(like)) {
    const near = nearest(like, choices);
    return { note: `Nobody can be picked by "${like}": ${near ? `did you mean ${near}?` : `there are ${choices.join(', ')}.`}` };
  }
  const found: { at: number; instance: number }[] = [];
  const rejected = (i: number) => like === 'rejected' || REJECTION_REASONS[rejections.reason[i]] === like;
  for (let i = 0; i < rejections.count; i++)
    if (rejected(i)) found.push({ at: timeline.time[rejections.slot[i]], instance: rejections.instance[i] });
  for (let run = 0; run < runs.count; run++) {
    const rule = runs.endRule[run];
    const end = rule === ACTIVE ? undefined : journey.ends[rule];
    const is =
      (like === 'active' && rule === ACTIVE) ||
      (like === 'completed' && end?.kind === 'complete') ||
      (like === 'exited' && end?.kind === 'exit') ||
      (like === 'ambiguous' && runs.ambiguous[run] === 1) ||
      (like === RESTARTED && rule === journey.ends.length) ||
      end?.name === like ||
      journey.enters[runs.enterRule[run]].name === like ||
      visits.stage.subarray(runs.visitFrom[run], runs.visitFrom[run + 1]).some(stage => journey.stages[stage].name === like);
    if (is) found.push({ at: timeline.time[runs.entry[run]], instance: runs.instance[run] });
  }
  if (found.length === 0) return { note: `Nobody in the sample is like that: ${like}.` };
  // The earliest; of equal times the first in order of instances. The same person every time.
  const first = found.reduce((best, one) => (one.at < best.at ? one : best));
  return { participant: timeline.participant[first.instance] };
}
