/** Whose story is told: a person by any of their ids. */
import { nearest } from '../nearest.ts';
import type { IdentityPlan } from '../plan.ts';
import { type Pii, participantNumbered } from '../privacy/pii.ts';
import type { TimelineAsOf } from '../store/timeline.ts';

export interface Subject {
  participant: number;
}
/** Nobody, or more than one: a sentence on what to write instead. */
export interface Unclear {
  note: string;
}

/** So many values are looked through for one that was perhaps meant. */
const MOST_COMPARED = 300_000;

/** @param who an id, `kind:id`, or what explanations call somebody: `user u17`, `email no. 3` */
export function findSubject(events: TimelineAsOf, identity: IdentityPlan, who: string, pii: Pii): Subject | Unclear {
  const called = participantNumbered(pii, events.participants(identity.name), who.trim());
  if (called >= 0) return { participant: called };
  const [, kind, rest] = /^\s*(\w+)\s*[:\s]\s*(.+?)\s*$/.exec(who) ?? [];
  const kinds = identity.kinds.map(({ name }) => name);
  const named = kinds.includes(kind) ? holders(events, identity, rest, kind) : [];
  const found = named.length > 0 ? named : holders(events, identity, who.trim());
  const people = new Set(found.map(({ participant }) => participant));
  if (people.size === 1) return { participant: found[0].participant };
  // What was typed may be personal data itself: then it is not said again, and nothing that is like it either.
  const personal = pii.ofTyped(identity, kind) !== undefined;
  if (people.size > 1) {
    const choices = found.map(({ kind: one }) => `${one}:${personal ? '…' : who.trim()}`);
    return {
      note: `${personal ? 'This' : who} is the id of ${people.size} people: of one as ${found.map(holder => holder.kind).join(', of another as ')}. Choose ${choices.join(' or ')}.`,
    };
  }
  return { note: nobody(events, identity, kinds.includes(kind) ? rest : who.trim(), personal, pii) };
}

/** Every id of a person, the strongest kind first, in order of value within one; those that are personal data without their value. */
export function idsOf(
  events: TimelineAsOf,
  identity: IdentityPlan,
  participant: number,
  pii: Pii,
): { kind: string; value: string | null }[] {
  const columns = events.ids(identity.name);
  const people = events.participants(identity.name);
  const values = identity.kinds.map(() => new Set<string>());
  for (let p = 0; p < events.count; p++) {
    if (people.of[p] !== participant) continue;
    for (const { source, kind, codes, dictionary } of columns) {
      const code = source === events.source[p] ? codes[events.rowAt(p)] : -1;
      if (code >= 0) values[kind].add(dictionary.text(code));
    }
  }
  // A row may carry the id of another too, whom a limit keeps apart.
  values.forEach((ofKind, kind) => {
    for (const value of ofKind) if (!people.has(participant, identity.kinds[kind].name, value)) ofKind.delete(value);
  });
  return values.flatMap((ofKind, i) => {
    const kind = identity.kinds[i].name;
    const personal = pii.ofKind(kind) !== undefined;
    return [...ofKind].sort().map(value => ({ kind, value: personal ? null : value }));
  });
}

function holders(events: TimelineAsOf, identity: IdentityPlan, value: string, only?: string): { kind: string; participant: number }[] {
  const people = events.participants(identity.name);
  return identity.kinds
    .filter(({ name }) => !only || only === name)
    .map(({ name }) => ({ kind: name, participant: people.find(name, value) }))
    .filter(({ participant }) => participant >= 0);
}

function nobody(events: TimelineAsOf, identity: IdentityPlan, value: string, personal: boolean, pii: Pii): string {
  const columns = events.ids(identity.name);
  const told = personal ? 'this id' : `the id ${value}`;
  const people = events.participants(identity.name);
  const shared = identity.kinds.find(({ name }) => people.standing(name, value) === 'quarantined');
  if (shared)
    return `${personal ? 'This id' : `The ${shared.name} ${value}`} is shared by more than a \`shared ${shared.name}\` rule lets be: it links nobody, and rows with no other id enter no journey.`;
  const ignored = identity.kinds.find(({ name }) => people.standing(name, value) === 'ignored');
  if (ignored)
    return `${personal ? 'This id' : `The ${ignored.name} ${value}`} is no id here: an \`ignore\` rule of ${identity.name} says so.`;
  // What is in the data may be of people who are gone: then nobody is told that it ever was.
  if (!events.hides && columns.some(({ dictionary }) => dictionary.find(value) >= 0))
    return `${personal ? 'This id' : value} is in the data, but on no event that counts up to then: choose a later --as-of, or see what \`journey check\` says about its rows.`;
  const kinds = identity.kinds.map(({ name }) => name);
  const open = new Set(kinds.filter(kind => pii.ofKind(kind) === undefined));
  let compared = 0;
  const near = new Map<string, string>();
  for (const { kind, dictionary } of columns) {
    if (!open.has(kinds[kind])) continue;
    compared += dictionary.count;
    if (compared > MOST_COMPARED) break;
    const one = nearest(
      value,
      dictionary.texts().filter(text => !events.hides || people.standing(kinds[kind], text) === 'known'),
    );
    if (one) near.set(one, `${kinds[kind]}:${one}`);
  }
  if (near.size > 0) return `Nobody has ${told}. Did you mean ${[...near.values()].join(' or ')}?`;
  const unlike = open.size === kinds.length ? ', and none is like it' : '';
  return `Nobody has ${told}${unlike}. Ids here are of the kinds ${kinds.join(', ')}.`;
}
