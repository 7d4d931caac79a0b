/** Why an event was not seen: what its customer had said by then. */
import { formatMoment } from '../format.ts';
import { countBelow } from '../store/order.ts';
import type { Context } from './context.ts';
import { eventName } from './words.ts';

/** `there was no consent at that time: …`, for a slot that is without it. */
export function noConsent(context: Context, slot: number): string {
  const { events, fold, rows, journey } = context;
  const { consent } = fold.events.rows;
  const { of } = events.participants(journey.identity);
  const row = context.row(slot);
  // An absence stands after every row of its instant.
  const by = context.isAbsence(slot) ? countBelow(events.time, fold.timeline.time[slot] + 1) - 1 : row;
  const said = consent?.said(of[row], by) ?? [];
  const on = (position: number) => formatMoment(events.time[position]);
  const last = said.at(-1);
  if (!last) return 'there was no consent at that time: nothing had been said of it yet';
  const word = `${eventName(rows.source(last.position), rows.toldName(last.position))} on ${on(last.position)}`;
  if (!last.granted) return `there was no consent at that time: the last word was ${word}, which denies it`;
  const denied = said.findLast(({ granted, lastFor }) => !granted && lastFor.length > 0)!;
  return `there was no consent at that time: the last word was ${word}, which grants it, but another id of the person denied it on ${on(denied.position)} and has said nothing since`;
}
