/** What a scenario claims, held against what happened. */
import { formatCount, formatInstant, writtenDuration } from '../format.ts';
import { type ClaimPart, RESTARTED, type ScenarioClaim } from '../plan.ts';
import { type Story, type StoryRun, withoutRepeats } from './story.ts';

/** @returns what happened instead, in one sentence; empty where the claim holds */
export function judge({ parts }: ScenarioClaim, story: Story): string {
  return parts.every(part => holds(part, story)) ? '' : told(parts, story);
}

function holds(part: ClaimPart, story: Story): boolean {
  if (part.kind === 'visits') return same(part.stages, allStages(story));
  const { kind, count, as, after } = part;
  const named = (rule: string) => as === undefined || rule === as;
  switch (kind) {
    case 'people':
      return new Set(story.runs.filter(({ rule }) => named(rule)).map(({ participant }) => participant)).size === count;
    case 'attempts':
      return as === undefined
        ? story.attempts === count
        : [...story.runs, ...story.rejections].filter(({ rule }) => named(rule)).length === count;
    case 'rejected':
      return story.rejections.filter(({ reason, rule }) => named(reason) || named(rule)).length === count;
    default: {
      const runs = story.runs.filter(
        run => isMeant(kind, as, run) && named(kind === 'completed' || kind === 'exited' ? run.end!.rule : run.rule),
      );
      return runs.length === count && (after === undefined || runs.every(({ end, entered }) => end !== null && end.at - entered === after));
    }
  }
}

/** A restart is an exit only where it is asked for by name, as in metrics. */
function isMeant(kind: 'entered' | 'completed' | 'exited' | 'active', as: string | undefined, { end }: StoryRun): boolean {
  if (kind === 'entered') return true;
  if (kind === 'active') return end === null;
  if (kind === 'completed') return end?.kind === 'complete';
  return end?.kind === 'exit' && (as !== undefined || end.rule !== RESTARTED);
}

function told(parts: readonly ClaimPart[], { attempts, runs, rejections }: Story): string {
  const claims = (kind: ClaimPart['kind']) => parts.some(part => part.kind === kind);
  const sentence = [attempts === 0 ? 'nobody tried to enter' : entered(runs)];
  for (const kind of ['complete', 'exit'] as const) {
    const ended = runs.flatMap(run => (run.end?.kind === kind ? [{ as: run.end.rule, after: run.end.at - run.entered }] : []));
    for (const [as, group] of grouped(ended, each => each.as))
      sentence.push(
        `${kind === 'complete' ? 'completed' : 'exited'} ${count(group)} as ${as} after ${list(group.map(({ after }) => writtenDuration(after)))}`,
      );
  }
  const active = runs.filter(({ end }) => end === null);
  if (active.length > 0) sentence.push(`active ${count(active)}`);
  if (rejections.length > 0) sentence.push(`rejected ${count(rejections)}: ${reasons(rejections)}`);
  if (claims('visits')) sentence.push(visited({ attempts, runs, rejections }));
  if (claims('people')) sentence.push(`people ${formatCount(new Set(runs.map(({ participant }) => participant)).size)}`);
  if (claims('attempts')) sentence.push(`attempts ${formatCount(attempts)}`);
  return sentence.join('; ');
}

function entered(runs: readonly StoryRun[]): string {
  if (runs.length === 0) return 'nobody entered';
  const byRule = grouped(runs, ({ rule }) => rule);
  return [...byRule]
    .map(([rule, group]) => {
      const when = list(group.map(run => formatInstant(run.entered)));
      return `entered ${count(group)}${byRule.size > 1 ? ` as ${rule}` : ''} (${when})`;
    })
    .join('; ');
}

function reasons(rejections: Story['rejections']): string {
  const byReason = grouped(rejections, ({ reason }) => reason);
  if (byReason.size === 1) return rejections[0].reason;
  return [...byReason].map(([reason, group]) => `${count(group)} ${reason}`).join(', ');
}

function visited(story: Story): string {
  const stages = allStages(story);
  return stages.length > 0 ? `visited ${list(stages, 12)}` : 'visited no stage';
}

const allStages = ({ runs }: Story): string[] => withoutRepeats(runs.flatMap(({ stages }) => stages));
const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((each, i) => each === b[i]);
const count = (of: readonly unknown[]): string => formatCount(of.length);
const list = (all: readonly string[], most = 4): string =>
  all.length <= most ? all.join(', ') : `${all.slice(0, most).join(', ')} and ${formatCount(all.length - most)} more`;

function grouped<T>(all: readonly T[], key: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(key(each), [...(groups.get(key(each)) ?? []), each]);
  return groups;
}
