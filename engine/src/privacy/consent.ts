/** Consent: what held at each event's own time. What is without it is masked here, once, and nowhere else. */
import type { Events, Participants } from '../events.ts';
import type { Instant, Plan, PrivacyPlan } from '../plan.ts';
import { countingSort } from '../simulate/timeline.ts';
import { canonical, rowsKey } from '../store/expr.ts';
import { Kept } from '../store/kept.ts';
import { countBelow } from '../store/order.ts';

type ConsentPlan = NonNullable<PrivacyPlan['consent']>;

/** What participants of one identity said of being looked at, and what follows from it for each event. */
export interface Consent {
  /** The events as they are, consent or not. */
  readonly all: Events;
  /** By position: 1 where the participant consents, the row itself heard. Nobody's rows are without. */
  readonly at: Uint8Array;
  /** Positions of the rows that state consent and belong to somebody, ascending. */
  readonly statements: Uint32Array;
  /** Whether a participant consents once every row up to an instant, and of it, was heard. */
  holds(participant: number, at: Instant): boolean;
  /** Exchanged, they would leave the same consent behind, and are seen or not seen alike. */
  alike(positionA: number, positionB: number): boolean;
  /** What a participant had said by a position, itself included: the statements, in order; those that were the last word for one of their ids. */
  said(participant: number, position: number): { position: number; granted: boolean; lastFor: readonly number[] }[];
}

/**
 * The events as a plan's consent rule lets them be seen by the journeys of an identity: `match` leaves out what is without consent, and
 * all else is as it was, positions too. Without a rule these are the events themselves.
 */
export function consented(events: Events, plan: Plan, identity: string): Events {
  const rule = plan.privacy?.consent;
  return rule ? viewOf(events, rule, identity) : events;
}

/** Who said it, and how: what a consent is made of. */
interface Made {
  statements: Uint32Array;
  granted: Uint8Array;
  view: Events;
}
const made = new WeakMap<Int32Array, Kept<Made>>();

/** Asked anew each time, so that what could not be decided is told again; made anew only where the answers differ. */
function viewOf(events: Events, rule: ConsentPlan, identity: string): Events {
  const people = events.participants(identity);
  const known = made.get(people.of) ?? new Kept<Made>(4);
  made.set(people.of, known);
  const statements = events.match(rule.from);
  const granted = events.meets(rule.granted, statements);
  const key = canonical([rowsKey(rule.from), rule.granted]);
  const before = known.find(key);
  if (before?.statements === statements && before.granted.every((bit, i) => bit === granted[i])) return before.view;
  const view = masked(events, consentOf(events, people, statements, granted));
  known.set(key, { statements, granted, view });
  return view;
}

function consentOf(all: Events, people: Participants, rows: Uint32Array, granted: Uint8Array): Consent {
  const { of } = people;
  const { order, start } = countingSort(
    Int32Array.from(rows, (_, i) => i),
    Int32Array.from(rows, position => of[position]),
    people.count,
  );
  // By participant, and in order within each: where it was said, what, and whether the participant consents from then on.
  const places = Uint32Array.from(order, i => rows[i]);
  const yes = Uint8Array.from(order, i => granted[i]);
  const after = new Uint8Array(order.length);
  for (let person = 0; person < people.count; person++) {
    // The latest word for each id. One id that says no is enough: after a merge the most restrictive holds.
    const words = new Map<number, number>();
    let denying = 0;
    for (let i = start[person]; i < start[person + 1]; i++) {
      for (const id of people.ids(places[i])) {
        denying += (yes[i] ^ 1) - (words.has(id) ? words.get(id)! ^ 1 : 0);
        words.set(id, yes[i]);
      }
      after[i] = words.size > 0 && denying === 0 ? 1 : 0;
    }
  }

  const at = new Uint8Array(all.count);
  const NOTHING = 0;
  const NO = 1;
  const YES = 2;
  const says = new Uint8Array(all.count);
  for (let i = 0; i < places.length; i++) {
    says[places[i]] = yes[i] ? YES : NO;
    at[places[i]] = after[i];
  }
  const now = new Uint8Array(people.count);
  for (let p = 0; p < all.count; p++) {
    const person = of[p];
    if (person < 0) continue;
    if (says[p] === NOTHING) at[p] = now[person];
    else now[person] = at[p];
  }
  const times = Float64Array.from(places, position => all.time[position]);
  return {
    all,
    at,
    statements: places.slice().sort(),
    holds: (person, instant) => {
      const heard = countBelow(times, instant + 1, start[person], start[person + 1]);
      return heard > start[person] && after[heard - 1] === 1;
    },
    alike: (a, b) => at[a] === at[b] && says[a] === says[b] && (says[a] === NOTHING || people.ids(a).join() === people.ids(b).join()),
    said: (person, position) => {
      const last = new Map<number, number>();
      const heard: number[] = [];
      for (let i = start[person]; i < start[person + 1] && places[i] <= position; i++) {
        heard.push(i);
        for (const id of people.ids(places[i])) last.set(id, i);
      }
      return heard.map(i => ({
        position: places[i],
        granted: yes[i] === 1,
        lastFor: people.ids(places[i]).filter(id => last.get(id) === i),
      }));
    },
  };
}

/** The events without those that are without consent. */
function masked(all: Events, consent: Consent): Events {
  const { at } = consent;
  const seen = new WeakMap<Uint32Array, Uint32Array>();
  return {
    consent,
    count: all.count,
    time: all.time,
    source: all.source,
    get passive() {
      return all.passive;
    },
    days: all.days,
    last: all.last,
    match: pattern => {
      const list = all.match(pattern);
      let own = seen.get(list);
      if (!own) {
        own = list.filter(position => at[position] === 1);
        // The same array says that nothing is left out: rules then have one list to look at, not two.
        if (own.length === list.length) own = list;
        seen.set(list, own);
      }
      return own;
    },
    meets: (where, positions, identity) => all.meets(where, positions, identity),
    participants: identity => all.participants(identity),
    keys: column => all.keys(column),
    numbers: column => all.numbers(column),
    attributes: (column, identity) => all.attributes(column, identity),
  };
}
