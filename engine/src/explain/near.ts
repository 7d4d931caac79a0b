/** Why a rule that waits for an event did not fire: what came closest. */
import { formatMoment } from '../format.ts';
import { type EventPattern, type Instant, type RowMatch, rowMatches } from '../plan.ts';
import { noConsent } from './consent.ts';
import type { Context } from './context.ts';
import { conditionText, counted, eventName, listed, patternText } from './words.ts';

/** Where somebody looks for it; slots of one instance, in order. */
export interface Window {
  /** Those that it reads. */
  slots: readonly number[];
  /** All: a near miss meets no rule, and isn't read. */
  all: readonly number[];
  /** Own events of the run, the entry event excluded; null: there was no run, every event could have begun one. */
  run: { entry: number; to: number; endedOn: Instant | null } | null;
}

export interface Near {
  /** 0: a near miss; 1: at the wrong time; 2: never. */
  distance: 0 | 1 | 2;
  because: string;
}

export function nearest(context: Context, pattern: EventPattern, window: Window): Near {
  const { fold, rows } = context;
  const { timeline, rules } = fold;
  const matches = rowMatches(pattern);
  const { run } = window;
  const inside = (slot: number) => !run || (slot > run.entry && slot < run.to);
  const whole = rules.holds(pattern);
  const name = (slot: number) => eventName(rows.source(context.row(slot)), rows.toldName(context.row(slot)));
  const on = (slot: number) => `${name(slot)} on ${formatMoment(timeline.time[slot])}`;

  const met = window.slots.filter(slot => whole[rules.set[slot]] === 1);
  const during = met.filter(inside);
  if (during.length > 0 && run) return { distance: 0, because: `${on(during[0])} meets it, but a rule declared before it came first` };

  const unseen = window.all.find(slot => inside(slot) && context.isDenied(slot, pattern));
  if (unseen !== undefined) return { distance: 0, because: `${on(unseen)} meets it, but ${noConsent(context, unseen)}` };

  let best: { slot: number; match: RowMatch; failing: ReturnType<typeof rows.failing> } | undefined;
  const parts: number[] = [];
  for (const slot of window.all) {
    if (!inside(slot) || context.isAbsence(slot)) continue;
    const position = context.row(slot);
    for (const match of matches) {
      if (!rows.named(position, match)) continue;
      const failing = match.where ? rows.failing(position, match.where) : [];
      if (failing.length === 0) parts.push(slot);
      else if (!best || failing.length < best.failing.length) best = { slot, match, failing };
    }
  }
  if (pattern.kind !== 'rows' && parts.length > 0) {
    const times = [...new Set(parts)];
    return {
      distance: 0,
      because: `${counted(times.length, 'event')} of \`${patternText(pattern)}\` came, the last ${on(times.at(-1)!)}, but not the whole of it`,
    };
  }
  if (best) {
    const position = context.row(best.slot);
    const failed = best.failing.map(part => `\`${conditionText(part)}\`${said(rows.was(position, part))}`);
    return { distance: 0, because: `nearest was ${on(best.slot)}, which fails ${listed(failed)}` };
  }
  if (run) {
    const atEntry = met.find(slot => slot === run.entry);
    if (atEntry !== undefined) return { distance: 1, because: `${on(atEntry)} meets it, but began the run: an entry event never ends it` };
    const after = met.find(slot => slot >= run.to);
    if (after !== undefined) return { distance: 1, because: `${on(after)} came after the end` };
    const before = met.findLast(slot => slot < run.entry);
    if (before !== undefined) return { distance: 1, because: `${on(before)} came before the entry` };
  }
  const names = [...new Set(matches.map(({ source, event }) => eventName(source, event)))];
  return { distance: 2, because: `${listed(names, 'or')} never happened${run ? ' in the run' : ''}` };
}

const said = (values: string[]): string => (values.length > 0 ? ` (${listed(values)})` : '');
