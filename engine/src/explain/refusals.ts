/** Why an attempt was turned away, with the runs and the times that decided it. */
import { formatDuration, formatMoment } from '../format.ts';
import type { EnterPlan, Instant, RejectionReason } from '../plan.ts';
import { NOT, UNKNOWN } from '../simulate/entry.ts';
import { noConsent } from './consent.ts';
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

export function refusal(context: Context, { rule, reason, slot, at, before }: Attempt): string {
  const { journey, fold } = context;
  const { reentry, open } = journey;
  const last = before.at(-1);
  switch (reason) {
    case 'not open': {
      const from = open?.from;
      const to = open?.to;
      if (from !== undefined && at < from) return `the journey opens on ${formatMoment(from)}, ${formatDuration(from - at)} later`;
      return `the journey closed on ${formatMoment(to! + 1)}, ${formatDuration(at - to!)} before`;
    }
    case 'no consent':
      return noConsent(context, slot);
    case 'not eligible': {
      const standing = (rule.if ?? []).map(({ segment }) => ({ segment, is: fold.facts.segment(segment)[fold.timeline.position[slot]] }));
      const not = standing.filter(({ is }) => is === NOT).map(({ segment }) => `not in segment ${segment}`);
      const unknown = standing.filter(({ is }) => is === UNKNOWN).map(({ segment }) => `a value that segment ${segment} reads is missing`);
      return listed([...not, ...unknown]);
    }
    case 'once':
      return `run ${last!.number} began on ${formatMoment(last!.entered)}, and the journey is entered once`;
    case 'capped': {
      const begun = before.map(run => formatMoment(run.entered));
      return `${counted(reentry.max!, 'run is', 'runs are')} the most, and ${begun.length === 1 ? 'one began' : 'they began'} on ${listed(begun)}`;
    }
    case 'cooling down': {
      const { wait, interval } = reentry;
      const waits: { opens: Instant; why: string }[] = [];
      if (wait !== undefined)
        waits.push({
          opens: last!.ended! + wait,
          why: `${formatDuration(wait)} after the end of run ${last!.number} on ${formatMoment(last!.ended!)}`,
        });
      if (interval !== undefined)
        waits.push({
          opens: last!.entered + interval,
          why: `${formatDuration(interval)} after the beginning of run ${last!.number} on ${formatMoment(last!.entered)}`,
        });
      const longest = waits.sort((a, b) => b.opens - a.opens)[0];
      return `it opens again on ${formatMoment(longest.opens)}, ${longest.why}`;
    }
    case 'already in':
      return `in run ${last!.number} since ${formatMoment(last!.entered)}`;
    case 'ended a run':
      return `the same event ended run ${last!.number} as ${last!.end}; only under \`reentry at exit\` could it begin another`;
  }
}
