/** Whose story is told: a person by any of their ids. */
import { nearest } from '../nearest.ts';
import type { IdentityPlan } from '../plan.ts';
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

/** @param who an id, `kind:id`, or the canonical `kind id` that explanations print */
export function findSubject(events: TimelineAsOf, identity: IdentityPlan, who: string): Subject | Unclear {
  const [, kind, rest] = /^\s*(\w+)\s*[:\s]\s*(.+?)\s*$/.exec(who) ?? [];
  const kinds = identity.kinds.map(({ name }) => name);
  const named = kinds.includes(kind) ? holders(events, identity, rest, kind) : [];
  const found = named.length > 0 ? named : holders(events, identity, who.trim());
  const people = new Set(found.map(({ participant }) => participant));
  if (people.size === 1) return { participant: found[0].participant };
  if (people.size > 1) {
    const choices = found.map(({ kind: one }) => `${one}:${who.trim()}`);
    return {
      note: `${who} is the id of ${people.size} people: of one as ${found.map(holder => holder.kind).join(', of another as ')}. Choose ${choices.join(' or ')}.`,
    };
  }
  return { note: nobody(events, identity, kinds.includes(kind) ? rest : who.trim()) };
}

/** Every id of a person, the strongest kind first, in order of value within one. */
export function idsOf(events: TimelineAsOf, identity: IdentityPlan, participant: number): { kind: string; value: string }[] {
  const columns = events.ids(identity.name);
  const { of } = events.participants(identity.name);
  const values = identity.kinds.map(() => new Set<string>());
  for (let p = 0; p < events.count; p++) {
    if (of[p] !== participant) continue;
    for (const { source, kind, codes, dictionary } of columns) {
      const code = source === events.source[p] ? codes[events.rowAt(p)] : -1;
      if (code >= 0) values[kind].add(dictionary.text(code));
    }
  }
  return values.flatMap((ofKind, kind) => [...ofKind].sort().map(value => ({ kind: identity.kinds[kind].name, value })));
}

function holders(events: TimelineAsOf, identity: IdentityPlan, value: string, only?: string): { kind: string; participant: number }[] {
  const { of } = events.participants(identity.name);
  const found = new Map<string, number>();
  for (const { source, kind, codes, dictionary } of events.ids(identity.name)) {
    const { name } = identity.kinds[kind];
    const code = found.has(name) || (only && only !== name) ? -1 : dictionary.find(value);
    for (let p = 0; code >= 0 && p < events.count; p++) {
      if (events.source[p] !== source || codes[events.rowAt(p)] !== code) continue;
      found.set(name, of[p]);
      break;
    }
  }
  return [...found].map(([kind, participant]) => ({ kind, participant }));
}

function nobody(events: TimelineAsOf, identity: IdentityPlan, value: string): string {
  const columns = events.ids(identity.name);
  if (columns.some(({ dictionary }) => dictionary.find(value) >= 0))
    return `${value} is in the data, but on no event that counts up to then: choose a later --as-of, or see what \`journey check\` says about its rows.`;
  let compared = 0;
  const near = new Map<string, string>();
  for (const { kind, dictionary } of columns) {
    compared += dictionary.count;
    if (compared > MOST_COMPARED) break;
    const one = nearest(value, dictionary.texts());
    if (one) near.set(one, `${identity.kinds[kind].name}:${one}`);
  }
  const kinds = identity.kinds.map(({ name }) => name).join(', ');
  if (near.size > 0) return `Nobody has the id ${value}. Did you mean ${[...near.values()].join(' or ')}?`;
  return `Nobody has the id ${value}, and none is like it. Ids here are of the kinds ${kinds}.`;
}
