/** What happened in a journey, run by run: few enough to be told one by one. */
import { type Instant, type JourneyPlan, REJECTION_REASONS, RESTARTED, type RejectionReason } from '../plan.ts';
import { ACTIVE, type Fold, TOUCHED } from '../simulate/columns.ts';

export interface Story {
  attempts: number;
  /** In order of entry. */
  runs: StoryRun[];
  rejections: { rule: string; reason: RejectionReason; at: Instant }[];
}

export interface StoryRun {
  participant: number;
  rule: string;
  entered: Instant;
  /** Null while active. */
  end: { rule: string; kind: 'complete' | 'exit'; at: Instant } | null;
  /** One after the other, repeats in a row left out. */
  stages: string[];
  /** Also those that another stage of the same event hid. */
  reached: Set<string>;
}

export function storyOf(journey: JourneyPlan, { runs, visits, rejections, timeline, attempts }: Fold): Story {
  const { time, position } = timeline;
  const told = Array.from({ length: runs.count }, (_, run): StoryRun & { order: number } => {
    const seen = Array.from({ length: runs.visitFrom[run + 1] - runs.visitFrom[run] }, (_, i) => runs.visitFrom[run] + i);
    const nameOf = (visit: number) => journey.stages[visits.stage[visit]].name;
    return {
      order: position[runs.entry[run]],
      participant: timeline.participant[runs.instance[run]],
      rule: journey.enters[runs.enterRule[run]].name,
      entered: time[runs.entry[run]],
      end: runs.endRule[run] === ACTIVE ? null : { ...endOf(journey, runs.endRule[run]), at: runs.end[run] },
      stages: withoutRepeats(seen.filter(visit => visits.kind[visit] !== TOUCHED).map(nameOf)),
      reached: new Set(seen.map(nameOf)),
    };
  });
  return {
    attempts,
    runs: told.sort((a, b) => a.order - b.order).map(({ order, ...run }) => run),
    rejections: Array.from({ length: rejections.count }, (_, i) => ({
      rule: journey.enters[rejections.enterRule[i]].name,
      reason: REJECTION_REASONS[rejections.reason[i]],
      at: time[rejections.slot[i]],
    })).sort((a, b) => a.at - b.at),
  };
}

export const withoutRepeats = (stages: string[]): string[] => stages.filter((stage, i) => stage !== stages[i - 1]);

function endOf({ ends }: JourneyPlan, rule: number): { rule: string; kind: 'complete' | 'exit' } {
  return rule < ends.length ? { rule: ends[rule].name, kind: ends[rule].kind } : { rule: RESTARTED, kind: 'exit' };
}
