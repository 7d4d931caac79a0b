/** Why an attempt was turned away, with the runs and the times that decided it. */
import { formatDuration, formatInstant } from '../format.ts';
import type { EnterPlan, Instant, RejectionReason } from '../plan.ts';
import type { Context } from './context.ts';
import type { Run } from './story.ts';
import { counted, listed } from './words.ts';

interface Attempt {
  rule: EnterPlan;
  reason: RejectionReason;
  slot: number;
  at: Instant;
  /** The instance's runs up to then, the open one last. */
  before: Run[];
}

export function refusal({ journey }: Context, { rule, reason, at, before }: Attempt): string {
  const { reentry, open } = journey;
  const last = before.at(-1);
  switch (reason) {
    case 'not open': {
      const from = open?.from;
      const to = open?.to;
      if (from !== undefined && at < from) return `the journey opens on ${formatInstant(from)}, ${formatDuration(from - at)} later`;
      return `the journey closed on ${formatInstant(to! + 1)}, ${formatDuration(at - to!)} before`;
    }
    case 'no consent':
      return 'there was no consent at that time';
    case 'not eligible': {
      const names = (rule.if ?? []).map(({ segment }) => segment);
      return names.length === 1 ? `not in segment ${names[0]}` : `not in every one of the segments ${listed(names)}`;
    }
    case 'once':
      return `run ${last!.number} began on ${formatInstant(last!.entered)}, and the journey is entered once`;
    case 'capped': {
      const begun = before.map(run => formatInstant(run.entered));
      return `${counted(reentry.max!, 'run is', 'runs are')} the most, and ${begun.length === 1 ? 'one began' : 'they began'} on ${listed(begun)}`;
    }
    case 'cooling down': {
      const { wait, interval } = reentry;
      const waits: { opens: Instant; why: string }[] = [];
      if (wait !== undefined)
        waits.push({
          opens: last!.ended! + wait,
          why: `${formatDuration(wait)} after the end of run ${last!.number} on ${formatInstant(last!.ended!)}`,
        });
      if (interval !== undefined)
        waits.push({
          opens: last!.entered + interval,
          why: `${formatDuration(interval)} after the beginning of run ${last!.number} on ${formatInstant(last!.entered)}`,
        });
      const longest = waits.sort((a, b) => b.opens - a.opens)[0];
      return `it opens again on ${formatInstant(longest.opens)}, ${longest.why}`;
    }
    case 'already in':
      return `in run ${last!.number} since ${formatInstant(last!.entered)}`;
    case 'ended a run':
      return `the same event ended run ${last!.number} as ${last!.end}; only under \`reentry at exit\` could it begin another`;
  }
}
