import type { DerivedEvents } from '../derive/index.ts';
import { operandsIn } from '../derive/operands.ts';
import { carriersOf, leavesOf } from '../derive/pattern.ts';
import type { ColumnRef, EventPattern, JourneyPlan, MetricExpr, Millis, Plan, RowsPattern } from '../plan.ts';
import { segmentParts, segmentsOf } from '../store/uses.ts';
import type { EntryFacts } from './entry.ts';
import type { Memory } from './memory.ts';
import type { Timeline } from './timeline.ts';

/** A clock of the journey: its rule is an index into `ends`. */
export interface Clock {
  kind: 'after' | 'silence' | 'silenceOf' | 'inStage';
  rule: number;
  duration: Millis;
  /** For `inStage`: index into `stages`. */
  stage: number;
}

/**
 * Which rules each event matches, as one number per slot: the id of its *rule set*.
 *
 * Every distinct combination of posting lists that occurs gets an id, so there is no limit to the number of rules, and all
 * that a step needs to know is looked up by it.
 */
export interface Rules {
  /** By slot: 0 matches nothing and isn't read. */
  readonly set: RuleSets;
  readonly sets: number;
  /** By set, what it may do: ENTERS, ENDS, VISITS, WINDS, ALIVE, DENIED. */
  readonly rolesOf: Uint8Array;
  /** By set, first matching rule or -1: entry rules, ends on an event, ends on an event `for all`. */
  readonly enter: Int32Array;
  readonly end: Int32Array;
  readonly forAll: Int32Array;
  /** By set, in order of declaration. */
  readonly enters: Lists;
  readonly stages: Lists;
  /** Items of `n of` rules, numbered through all of them. */
  readonly items: Lists;
  /** `silence of` clocks that it winds up. */
  readonly winds: Lists;
  readonly clocks: Clock[];
  /** By item: index into `counters`. */
  readonly counterOf: Int32Array;
  readonly counters: { rule: number; count: number }[];
  readonly hasForAll: boolean;
  /** Upper bounds: how many attempts and stage matches there can be. */
  readonly mostAttempts: number;
  readonly mostStageMatches: number;
  /** By set, 1 where every instance of the participant reads it: a segment or a keep looks back at it, or it is about consent. Null where none is. */
  readonly readByAll: Uint8Array | null;
  /** False for what is read as a mere sign of life, only by looking back, or not at all. */
  matches(set: number): boolean;
  /** By set, 1 where it holds a pattern of this journey. */
  holds(pattern: EventPattern): Uint8Array;
  /**
   * Two slots' rows match the same, and are equal in every property that is read: exchanged, they would do the same. Of a derived
   * event it is its operands that count: which of two equal rows is the first, or the third, changes nothing.
   */
  alike(slotA: number, slotB: number): boolean;
}

/** Roles of a rule set, to be asked before its lists are looked at. ALIVE only where a plain `of silence` clock asks. */
export const ENTERS = 1;
export const ENDS = 2;
export const VISITS = 4;
export const WINDS = 8;
export const ALIVE = 16;
/** With ENTERS alone: an attempt without consent. */
export const DENIED = 32;

/** Ids of rule sets; there are seldom more than 65,536. */
export type RuleSets = Uint16Array | Int32Array;

/** Lists of small numbers by set: `of[from[set]]` up to `of[from[set + 1]]`. */
export interface Lists {
  readonly from: Int32Array;
  readonly of: Int32Array;
}

/** What the metrics and expectations of a journey read of events. */
interface Reading {
  event: EventPattern;
  property?: ColumnRef;
  asText: boolean;
}

export function compileRules(
  journey: JourneyPlan,
  plan: Plan,
  events: DerivedEvents,
  entry: EntryFacts,
  timeline: Timeline,
  memory: Memory,
): Rules {
  // An atom is a posting list: rules that wait for the same events share one.
  const postings: Uint32Array[] = [];
  const atoms = new Map<EventPattern, number>();
  const atomOfPosting = (posting: Uint32Array): number => {
    const known = postings.indexOf(posting);
    return known >= 0 ? known : postings.push(posting) - 1;
  };
  const atomOf = (pattern: EventPattern): number => {
    const known = atoms.get(pattern);
    if (known !== undefined) return known;
    const atom = atomOfPosting(events.match(pattern));
    atoms.set(pattern, atom);
    return atom;
  };
  // Whatever is seen of it: what two rows are in themselves decides whether they are alike.
  const rowsOf = (leaf: RowsPattern): number => atomOfPosting(events.all(leaf));
  const { consent } = events.rows;
  const denied = consent ? journey.enters.map((rule, i): [number, number] => [atomOfPosting(events.denied(rule.on)), i]) : [];
  const roles: Record<'enter' | 'end' | 'forAll' | 'stage' | 'item' | 'wind', [atom: number, index: number][]> = {
    enter: [...journey.enters.map((rule, i): [number, number] => [atomOf(rule.on), i]), ...denied],
    stage: journey.stages.map((stage, i) => [atomOf(stage.on), i]),
    end: [],
    forAll: [],
    item: [],
    wind: [],
  };
  const clocks: Clock[] = [];
  const counters: Rules['counters'] = [];
  const counterOf: number[] = [];
  let wantsAlive = false;
  journey.ends.forEach(({ trigger }, rule) => {
    if (trigger.kind === 'event') {
      roles.end.push([atomOf(trigger.on), rule]);
      if (trigger.forAll) roles.forAll.push([atomOf(trigger.on), rule]);
    } else if (trigger.kind === 'nOf') {
      for (const item of trigger.items) {
        roles.item.push([atomOf(item), counterOf.length]);
        counterOf.push(counters.length);
      }
      counters.push({ rule, count: trigger.count });
    } else if (trigger.kind === 'silence' && trigger.of) {
      for (const operand of trigger.of) roles.wind.push([atomOf(operand), clocks.length]);
      clocks.push({ kind: 'silenceOf', rule, duration: trigger.duration, stage: -1 });
    } else {
      const stage = trigger.kind === 'inStage' ? journey.stages.findIndex(({ name }) => name === trigger.stage) : -1;
      wantsAlive ||= trigger.kind === 'silence';
      clocks.push({ kind: trigger.kind, rule, duration: trigger.duration, stage });
    }
  });
  const look = ({ event, property, asText }: Reading) => {
    atomOf(event);
    const values = property && (asText ? events.keys(property).of : events.numbers(property));
    return values ? [{ atoms: carriersOf(event).map(rowsOf), values }] : [];
  };
  const properties: { atoms: number[]; values: ArrayLike<number> }[] = readings(journey).flatMap(look);
  // What a rule's or a metric's event is made of is looked at as the event itself is.
  for (const leaf of [...atoms.keys()].flatMap(leavesOf)) atomOf(leaf);
  const ofOwnKey = new Set([...atoms.values(), ...denied.map(([atom]) => atom)]);
  const back = lookingBack(journey, plan);
  // Of what a segment asks about an entry event it is the answer that counts.
  const entering = journey.enters.flatMap(({ on }) => carriersOf(on).map(rowsOf));
  for (const { name } of segmentsOf(journey, plan.segments)) properties.push({ atoms: entering, values: entry.segment(name) });
  properties.push(...back.flatMap(look));
  const readByAll = new Set(back.filter(({ atEntry }) => !atEntry).flatMap(({ event }) => leavesOf(event).map(rowsOf)));
  if (consent) {
    // With consent, or before it was withdrawn, they would end.
    for (const { trigger } of journey.ends)
      if (trigger.kind === 'event' && trigger.forAll) for (const leaf of leavesOf(trigger.on)) readByAll.add(rowsOf(leaf));
    readByAll.add(rowsOf(plan.privacy!.consent!.from));
  }
  // Rows that matter to a derived event alone are read too.
  const operands = operandsIn([...atoms.keys()], events);
  const intrinsic = new Set(operands.rows.map(atomOfPosting));
  for (const { rows, column } of operands.same) properties.push({ atoms: rows.map(atomOfPosting), values: events.keys(column).of });

  const { set, members, alive } = merge(postings, timeline, wantsAlive, memory);
  const sets = members.length;
  const first = (role: [number, number][]) => {
    const found = new Int32Array(sets).fill(-1);
    for (let s = 0; s < sets; s++) {
      for (const [atom, index] of role) {
        if (!members[s].includes(atom)) continue;
        found[s] = index;
        break;
      }
    }
    return found;
  };
  const lists = (role: [number, number][]): Lists => {
    const from = new Int32Array(sets + 1);
    const of: number[] = [];
    for (let s = 0; s < sets; s++) {
      for (const [atom, index] of role) if (members[s].includes(atom)) of.push(index);
      from[s + 1] = of.length;
    }
    return { from, of: Int32Array.from(of) };
  };
  const holdsAny = (atoms: readonly number[]) => Uint8Array.from(members, own => (atoms.some(atom => own.includes(atom)) ? 1 : 0));
  const [enter, end] = [first(roles.enter), first(roles.end)];
  const [stages, items, winds] = [lists(roles.stage), lists(roles.item), lists(roles.wind)];
  const isDenied = holdsAny(denied.map(([atom]) => atom));
  const rolesOf = Uint8Array.from(members, (_, s) => {
    const has = ({ from }: Lists) => from[s + 1] > from[s];
    const ends = end[s] >= 0 || has(items);
    return (
      (isDenied[s] ? DENIED : 0) |
      (enter[s] >= 0 ? ENTERS : 0) |
      (ends ? ENDS : 0) |
      (has(stages) ? VISITS : 0) |
      (has(winds) ? WINDS : 0) |
      (alive[s] ? ALIVE : 0)
    );
  });
  const total = (role: [number, number][]) => role.reduce((sum, [atom]) => sum + postings[atom].length, 0);
  const read = properties.map(({ atoms, values }) => ({ holds: holdsAny(atoms), values }));
  const facts = factsOf(members, intrinsic);
  return {
    set,
    sets,
    rolesOf,
    enter,
    enters: lists(roles.enter),
    end,
    forAll: first(roles.forAll),
    stages,
    items,
    winds,
    clocks,
    counterOf: Int32Array.from(counterOf),
    counters,
    hasForAll: roles.forAll.length > 0,
    mostAttempts: total(roles.enter),
    mostStageMatches: total(roles.stage),
    matches: s => members[s].some(atom => ofOwnKey.has(atom)),
    readByAll: readByAll.size > 0 ? holdsAny([...readByAll]) : null,
    holds: pattern => holdsAny([atoms.get(pattern) ?? -1]),
    alike: (a, b) =>
      facts[set[a]] === facts[set[b]] &&
      !read.some(({ holds, values }) => holds[set[a]] === 1 && !Object.is(values[timeline.position[a]], values[timeline.position[b]])),
  };
}

/** Sets that hold the same rows, whatever derived events these are, have one number. */
function factsOf(members: number[][], intrinsic: Set<number>): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(members, (atoms, set) => {
    const key = atoms.filter(atom => intrinsic.has(atom)).join();
    if (!numbers.has(key)) numbers.set(key, set);
    return numbers.get(key)!;
  });
}

/** Lays the posting lists over the events: each list turns the set of every event it touches into that set and itself. */
function merge(postings: Uint32Array[], timeline: Timeline, wantsAlive: boolean, memory: Memory) {
  // Set 0 is nothing; with a plain `of silence` clock sets 1 and 2 are signs of life that match no rule, seen and not seen.
  const alive = wantsAlive ? [0, 1, 0] : [0];
  const members: number[][] = alive.map(() => []);
  // By position first: posting lists ascend, so memory is walked, not jumped about in.
  let byPosition: RuleSets = memory.uint16(timeline.alive.length);
  if (wantsAlive) byPosition.set(timeline.alive);
  else byPosition.fill(0);
  postings.forEach((posting, atom) => {
    const next = new Int32Array(members.length);
    const add = (old: number) => {
      next[old] = members.push([...members[old], atom]) - 1;
      alive.push(alive[old]);
    };
    // No list makes more sets than there are: room for them is made before.
    if (members.length * 2 > 0x10000 && byPosition instanceof Uint16Array) byPosition = Int32Array.from(byPosition);
    lay(posting, byPosition, next, add);
  });
  const { position } = timeline;
  const slots = position.length;
  const set = byPosition instanceof Uint16Array ? memory.uint16(slots) : memory.int32(slots);
  for (let slot = 0; slot < slots; slot++) set[slot] = byPosition[position[slot]];
  return { set, members, alive };
}

function lay(posting: Uint32Array, byPosition: RuleSets, next: Int32Array, add: (old: number) => void): void {
  for (let i = 0; i < posting.length; i++) {
    const old = byPosition[posting[i]];
    if (next[old] === 0) add(old);
    byPosition[posting[i]] = next[old];
  }
}

/** What splits read of entry events, and segments and keeps of the events before them. */
function lookingBack(journey: JourneyPlan, plan: Plan): (Reading & { atEntry: boolean })[] {
  const found: (Reading & { atEntry: boolean })[] = [];
  const keyed = new Set(plan.tables.flatMap(({ name, key }) => (key.idKind === undefined ? [] : [name])));
  const atEntry = (property: ColumnRef) => {
    // What a table says of a customer stands on no event.
    if (property.table !== undefined && keyed.has(property.table)) return;
    for (const { on } of journey.enters) found.push({ event: on, property, asText: true, atEntry: true });
  };
  for (const part of segmentParts(journey, plan.segments)) {
    if (part.kind === 'history') found.push({ event: part.event, property: part.property, asText: false, atEntry: false });
  }
  for (const { event, property } of journey.keeps) found.push({ event, property, asText: true, atEntry: false });
  for (const split of journey.splits) if ('column' in split) atEntry(split.column);
  return found;
}

function readings(journey: JourneyPlan): Reading[] {
  const found: Reading[] = [];
  const walk = (expr: MetricExpr): void => {
    switch (expr.kind) {
      case 'countEvents':
        found.push({ event: expr.event, asText: false });
        break;
      case 'aggregate':
        found.push({ event: expr.event, property: expr.property, asText: expr.fn === 'countDistinct' });
        break;
      case 'arithmetic':
      case 'compare':
        walk(expr.left);
        walk(expr.right);
        break;
      case 'and':
      case 'or':
        expr.operands.forEach(walk);
        break;
      case 'not':
      case 'negate':
        walk(expr.operand);
        break;
      case 'shareOf':
        walk(expr.share);
        walk(expr.of);
        break;
    }
  };
  for (const { value } of journey.metrics) walk(value);
  for (const { condition } of journey.expects) walk(condition);
  return found;
}
