/** semantics.md, "Derived events", sentence by sentence: which events are an event, where others make it up. */
import { holds, keyOf } from './conditions.ts';
import { isConsenting } from './consent.ts';
import type { Condition, Def, Derived, Pattern, Ref } from './model.ts';
import type { Event, Timeline } from './timeline.ts';

/**
 * What derived events are looked for in: one participant's rows, and "inside a `per p` journey" only those of one value of p.
 * Of nobody's rows, and of rows that lack p, nothing is derived.
 */
export class World {
  readonly rows: Event[];
  private readonly def: Def;
  private readonly line: Timeline;
  private readonly derives: boolean;
  private readonly known = new Map<string, Event[]>();
  private readonly matching = new WeakMap<Pattern, Event[]>();

  constructor(def: Def, rows: Event[], line: Timeline, derives: boolean) {
    this.def = def;
    this.rows = rows;
    this.line = line;
    this.derives = derives;
  }

  /** Whether an event is one that a pattern waits for. */
  matches(pattern: Pattern, event: Event): boolean {
    return this.occurrences(pattern).includes(event);
  }

  /** "`A where p`; `A or B`": every event that a pattern waits for, in order; what is so twice over stands once. */
  occurrences(pattern: Pattern): Event[] {
    return this.attempts(pattern).filter(event => event.consents);
  }

  /** With those that stand where there is no consent: "matching `enter` it is still an attempt". */
  attempts(pattern: Pattern): Event[] {
    const known = this.matching.get(pattern) ?? this.find(pattern);
    this.matching.set(pattern, known);
    return known;
  }
  private find({ any, where }: Pattern): Event[] {
    const found = new Set(any.flatMap(term => ('kind' in term ? this.derived(term) : this.named(term))));
    return [...found].filter(event => where === undefined || holds(where, event.row)).sort(inOrder);
  }

  private named({ source, event }: Ref): Event[] {
    if (source !== undefined) return this.rows.filter(row => row.source === source && row.name === event);
    return this.once(event, () => this.attempts(namedPattern(this.def, { event })));
  }

  /** The same events each time: "a derived event that falls on a row *is* that row", and an absence is one event. */
  private derived(term: Derived): Event[] {
    if (!this.derives) return [];
    return this.once(JSON.stringify(term), () => this.derive(term));
  }

  private derive(term: Derived): Event[] {
    switch (term.kind) {
      // "`first A` once per participant"
      case 'first':
        return within(term.same, this.occurrences(term.of)).flatMap(all => all.slice(0, 1));
      case 'repeated':
        return within(term.same, this.occurrences(term.of)).flatMap(all => {
          // "At the nth A of a run of n whose span is <= D, then counting starts afresh."
          const found: Event[] = [];
          let counted: Event[] = [];
          for (const event of all) {
            counted.push(event);
            const nth = counted.at(-term.count);
            if (nth === undefined || event.time - nth.time > term.within) continue;
            found.push(event);
            counted = [];
          }
          return found;
        });
      // "Once per B, at a B preceded by an A no more than D before it."
      case 'sequence': {
        const firsts = this.occurrences(term.first);
        return this.occurrences(term.next).filter(b =>
          firsts.some(a => equal(term.same, a, b) && inOrder(a, b) < 0 && b.time - a.time <= term.within),
        );
      }
      // "At A + D, once that is < as-of, if no B stood after A up to and including A + D."
      case 'absence': {
        const others = this.occurrences(term.no);
        return this.occurrences(term.first).flatMap(a => {
          const due = a.time + term.within;
          if (due >= this.line.asOf! || !equal(term.same, a, a)) return [];
          if (others.some(b => equal(term.same, a, b) && inOrder(a, b) < 0 && b.time <= due)) return [];
          // "With A's properties, and is passive."
          const absence: Event = { ...a, time: due, from: due, to: due, passive: true, absence: { order: term.order, of: a } };
          return [{ ...absence, consents: isConsenting(this.def, this.line.events, absence) }];
        });
      }
    }
  }

  private once(what: string, find: () => Event[]): Event[] {
    const known = this.known.get(what) ?? find();
    this.known.set(what, known);
    return known;
  }
}

/** "A `then no` stands after every row of its instant, in order of declaration"; of one of them, in the order of its A. */
export function inOrder(a: Event, b: Event): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.absence && b.absence) return a.absence.order - b.absence.order || inOrder(a.absence.of, b.absence.of);
  if (a.absence || b.absence) return a.absence ? 1 : -1;
  return a.place - b.place;
}

/** "With `same p` anywhere, a derived event is evaluated within equal p": a missing p equals nothing. */
function within(same: string | undefined, events: Event[]): Event[][] {
  if (same === undefined) return [events];
  const values = new Set(events.map(event => keyOf(event.row, same)));
  values.delete(null);
  return [...values].map(value => events.filter(event => keyOf(event.row, same) === value));
}
function equal(same: string | undefined, a: Event, b: Event): boolean {
  return same === undefined || (keyOf(a.row, same) !== null && keyOf(a.row, same) === keyOf(b.row, same));
}

/** The world of one participant: all its rows, or those of one value of the `per` property. */
export function worldOf(def: Def, line: Timeline, participant: number, per?: string, key: string | null = null): World {
  const which = JSON.stringify([participant, per, key]);
  let known = worlds.get(line);
  if (!known) {
    known = new Map();
    worlds.set(line, known);
  }
  let world = known.get(which);
  if (!world) {
    const rows = line.events.filter(event => event.participant === participant && (per === undefined || keyOf(event.row, per) === key));
    world = new World(def, rows, line, participant >= 0 && (per === undefined || key !== null));
    known.set(which, world);
  }
  return world;
}
const worlds = new WeakMap<Timeline, Map<string, World>>();

/** The rows that a pattern is made of, with the conditions that are theirs. What is asked of a derived event is no condition of its rows. */
export function leavesOf(def: Def, pattern: Pattern): Pattern[] {
  const below = derivedIn(def, pattern).flatMap(({ term }) => operandsOf(term));
  return [...plainRows(def, pattern), ...below.flatMap(operand => leavesOf(def, operand))];
}
/** The rows that a pattern's events can be, or that a `then no` has its properties from. */
export function carriersOf(def: Def, pattern: Pattern): Pattern[] {
  const below = derivedIn(def, pattern).map(({ term }) => (term.kind === 'sequence' ? term.next : operandsOf(term)[0]));
  return [...plainRows(def, pattern), ...below.flatMap(operand => carriersOf(def, operand))];
}
/** The rows that are in a pattern by themselves. */
export function plainRows(def: Def, pattern: Pattern): Pattern[] {
  return termsOf(def, pattern).flatMap(({ term, conditions }) =>
    'kind' in term ? [] : { any: [term], where: conditions.length > 0 ? { kind: 'and' as const, parts: conditions } : undefined },
  );
}
/** The derived events in it, with what is asked of them. */
export function derivedIn(def: Def, pattern: Pattern): { term: Derived; conditions: Condition[] }[] {
  return termsOf(def, pattern).flatMap(({ term, conditions }) => ('kind' in term ? { term, conditions } : []));
}
/** What stands in a pattern, and in those it names. */
function termsOf(def: Def, { any, where }: Pattern, outer: Condition[] = []): { term: Ref | Derived; conditions: Condition[] }[] {
  const conditions = where === undefined ? outer : [where, ...outer];
  return any.flatMap(term =>
    !('kind' in term) && term.source === undefined ? termsOf(def, namedPattern(def, term), conditions) : { term, conditions },
  );
}
/** One level down. */
export function operandsOf(term: Derived): Pattern[] {
  return term.kind === 'sequence' ? [term.first, term.next] : term.kind === 'absence' ? [term.first, term.no] : [term.of];
}
function namedPattern(def: Def, ref: Ref): Pattern {
  const named = def.events.find(event => event.name === ref.event);
  if (!named) throw new Error(`no event ${ref.event}`);
  return named.pattern;
}
