/** Explanations: for one person in one journey, the proof of everything that happened, and of what did not. */
import { formatMoment } from '../format.ts';
import { nearest } from '../nearest.ts';
import type { Instant, Plan } from '../plan.ts';
import { participantName, piiOf, withheld } from '../privacy/pii.ts';
import { foldJourney } from '../simulate/fold.ts';
import type { TimelineAsOf } from '../store/timeline.ts';
import { Context } from './context.ts';
import { rowsOf } from './evidence.ts';
import { openEnds } from './open.ts';
import { choose } from './pick.ts';
import { runsOf, stepsOf } from './story.ts';
import { findSubject, idsOf } from './subject.ts';
import { isDayGrained, tieOf } from './tie.ts';
import type { ExplainedInstance, ExplainOptions, Explanation } from './types.ts';
import { columnName, counted, eventName } from './words.ts';

/**
 * @param asOf the instant that `events` end at
 * @returns never fails for want of a journey or a person: `note` says what to write instead
 */
export function explainJourney(plan: Plan, events: TimelineAsOf, asOf: Instant | null, options: ExplainOptions): Explanation {
  const journey = plan.journeys.find(({ name }) => name === options.journey);
  const nothing = { journey: options.journey, participant: null, ids: [], asOf, instances: [] };
  if (!journey) return { ...nothing, note: noJourney(plan, options.journey) };
  const identity = plan.identities.find(({ name }) => name === journey.identity);
  if (!identity || asOf === null) return { ...nothing, note: 'There is no event: the sample is empty up to then.' };

  const pii = piiOf(plan);
  const context = new Context(plan, journey, events, foldJourney(journey, plan, events, asOf));
  const subject = options.who === undefined ? choose(context, options.any ?? '') : findSubject(events, identity, options.who, pii);
  if ('note' in subject) return { ...nothing, note: subject.note };
  const { participant } = subject;
  const instances = instancesOf(context, participant);
  return {
    journey: journey.name,
    ...(journey.per ? { per: columnName(journey.per) } : {}),
    participant: participantName(pii, events.participants(journey.identity), participant),
    ids: idsOf(events, identity, participant, pii),
    asOf,
    instances,
    ...noteOf(context, participant, instances),
    ...(options.rows ? rowsOf(context, participant) : {}),
  };
}

function instancesOf(context: Context, participant: number): ExplainedInstance[] {
  const { plan, journey, events, fold } = context;
  const { timeline } = fold;
  const personal = journey.per && piiOf(plan).anywhere(journey.per);
  const keys = journey.per ? events.keys(journey.per) : null;
  const found: { first: Instant; instance: ExplainedInstance }[] = [];
  for (let instance = 0; instance < timeline.instances; instance++) {
    if (timeline.participant[instance] !== participant) continue;
    const slots = context.slotsOf(instance);
    const runs = runsOf(context, instance);
    const steps = stepsOf(context, instance, runs);
    // Of a journey per order, the orders that met no rule are no part of the story.
    if (keys && steps.length === 0) continue;
    const attempted = steps.some(({ what }) => what === 'entered' || what === 'rejected');
    const tie = tieOf(context, slots);
    found.push({
      first: timeline.time[slots[0]],
      instance: {
        key: keys ? keys.values[timeline.key![instance]] : null,
        ambiguous: tie !== undefined,
        ...(tie
          ? {
              tie: {
                at: Math.min(timeline.time[tie[0]], timeline.time[tie[1]]),
                events: [context.explained(tie[0], []), context.explained(tie[1], [])],
                ...(tie.some(slot => isDayGrained(context, slot)) ? { day: true } : {}),
              },
            }
          : {}),
        runs: runs.map(({ index: _, ...run }) => run),
        steps,
        open: openEnds(context, instance, slots, runs, attempted),
      },
    });
  }
  return found
    .sort((a, b) => a.first - b.first)
    .map(({ instance }, i) => (personal === undefined ? instance : { ...instance, key: `${withheld(personal)} no. ${i + 1}` }));
}

/** In a journey per order, what of the person carries no order and so counts for nothing. */
function noteOf(context: Context, participant: number, instances: ExplainedInstance[]): { note?: string } {
  const { journey, events, fold, rows } = context;
  const notes: string[] = [];
  if (instances.every(({ steps }) => steps.length === 0)) notes.push(`No event of this person met a rule of ${journey.name}.`);
  if (journey.per) {
    const { timeline, rules, asOf } = fold;
    const { of } = events.participants(journey.identity);
    const keyless: number[] = [];
    for (let slot = timeline.start[timeline.instances]; slot < timeline.position.length; slot++) {
      const read = timeline.time[slot] <= asOf! && rules.matches(rules.set[slot]) && rules.forAll[rules.set[slot]] < 0;
      if (read && of[context.row(slot)] === participant) keyless.push(slot);
    }
    if (keyless.length > 0) {
      const first = keyless[0];
      const name = eventName(rows.source(context.row(first)), rows.toldName(context.row(first)));
      const times = `${counted(keyless.length, 'event')} without ${columnName(journey.per)} counted for nothing`;
      notes.push(`${times}, the first ${name} on ${formatMoment(timeline.time[first])}.`);
    }
  }
  return notes.length > 0 ? { note: notes.join(' ') } : {};
}

function noJourney(plan: Plan, name: string): string {
  const names = plan.journeys.map(journey => journey.name);
  const near = nearest(name, names);
  const hint = near
    ? `did you mean ${near}?`
    : names.length > 0
      ? `there are ${names.join(', ')}`
      : 'there is none that could be understood';
  return `No journey is called ${name}: ${hint}`;
}
