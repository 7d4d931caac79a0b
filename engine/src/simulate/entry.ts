import type { DerivedEvents } from '../derive/index.ts';
import { carriersOf } from '../derive/pattern.ts';
import type { ColumnRef, EventPattern, Expr, JourneyPlan, KeepPlan, Millis, Plan, SegmentExpr } from '../plan.ts';
import { columnKey, partsOf } from '../store/expr.ts';
import { compare } from './evaluate.ts';
import { eventsBefore, summaries } from './history.ts';
import { type Timeline, timelineOf } from './timeline.ts';

/** A segment as seen from an entry event: a run is in it, not in it, or it is unknown because a value it reads is missing. */
export const NOT = 0;
export const IN = 1;
export const UNKNOWN = 2;

/** What is known of a participant at the moment of an attempt to enter: computed before the fold, and only where it is asked for. */
export interface EntryFacts {
  /** By position of an attempt, or of a row that could be one: IN, NOT, UNKNOWN. */
  segment(name: string): Uint8Array;
  /** By position of an attempt: the position of the event whose property is kept; -1 where there is none. */
  kept(keep: KeepPlan): Int32Array;
  /** By entry rule: null where all may enter; else by position of an attempt 1 where it may. Null where no rule asks. */
  eligible(): (Uint8Array | null)[] | null;
  /** A table whose columns are the participant's attributes. */
  isAttribute(column: ColumnRef): boolean;
}

/** Whether a condition is met at each attempt, and whether a value that it reads is missing there. */
interface Answer {
  met: Uint8Array;
  missing: Uint8Array;
}

export function entryFacts(journey: JourneyPlan, plan: Plan, events: DerivedEvents, timeline: Timeline): EntryFacts {
  const { identity } = journey;
  const people = () => events.participants(identity).of;
  const keyed = new Set(plan.tables.filter(({ key }) => key.idKind !== undefined).map(({ name }) => name));
  const isAttribute = ({ table }: ColumnRef) => table !== undefined && keyed.has(table);
  let known: Uint32Array | null = null;
  const attempts = () => {
    known ??= unionOf(
      events.count,
      journey.enters.flatMap(({ on }) => [events.match(on), events.denied(on), ...carriersOf(on).map(rows => events.all(rows))]),
    );
    return known;
  };
  let participants: Timeline | null = journey.per ? null : timeline;
  const before = (event: EventPattern, within: Millis | undefined) => {
    participants ??= timelineOf(events, identity, undefined);
    return eventsBefore(participants, attempts(), events.match(event), within);
  };
  const answers = new Map<string, Answer>();

  const segment = (name: string): Answer => {
    const known = answers.get(name);
    if (known) return known;
    answers.set(name, nobody(attempts().length)); // one that needs itself holds for nobody
    const condition = plan.segments.find(one => one.name === name)?.condition;
    const answer = condition ? ask(condition) : nobody(attempts().length);
    answers.set(name, answer);
    return answer;
  };
  const ask = (expr: SegmentExpr): Answer => {
    switch (expr.kind) {
      case 'test':
        return { met: events.meets(expr.expr, attempts(), identity), missing: missingIn(expr.expr) };
      case 'history': {
        const values = summaries(expr.fn, before(expr.event, expr.within), expr.property ? events.numbers(expr.property) : null);
        const met = new Uint8Array(values.length);
        const missing = new Uint8Array(values.length);
        for (let i = 0; i < values.length; i++) {
          if (Number.isNaN(values[i])) {
            missing[i] = 1;
            met[i] = expr.op === '!=' ? 1 : 0;
          } else met[i] = compare(expr.op, values[i], expr.value) ? 1 : 0;
        }
        return { met, missing };
      }
      case 'segment':
        return segment(expr.name);
      case 'and':
      case 'or': {
        const [first, ...rest] = expr.operands.map(ask);
        return rest.reduce(
          (a, b) => ({
            met: a.met.map((met, i) => (expr.kind === 'and' ? met & b.met[i] : met | b.met[i])),
            missing: a.missing.map((missing, i) => missing | b.missing[i]),
          }),
          first,
        );
      }
      case 'not': {
        const { met, missing } = ask(expr.operand);
        return { met: met.map(bit => bit ^ 1), missing };
      }
    }
  };
  const missingIn = (expr: Expr): Uint8Array => {
    const missing = new Uint8Array(attempts().length);
    for (const column of columnsRead(expr)) {
      const { of } = isAttribute(column) ? events.attributes(column, identity) : events.keys(column);
      const index = isAttribute(column) ? people() : null;
      attempts().forEach((position, i) => {
        const at = index ? index[position] : position;
        if (at < 0 || of[at] < 0) missing[i] = 1;
      });
    }
    return missing;
  };

  const states = new Map<string, Uint8Array>();
  const byPosition = (name: string): Uint8Array => {
    let state = states.get(name);
    if (!state) {
      const { met, missing } = segment(name);
      state = new Uint8Array(events.count);
      attempts().forEach((position, i) => {
        state![position] = met[i] ? IN : missing[i] ? UNKNOWN : NOT;
      });
      states.set(name, state);
    }
    return state;
  };
  const keeps = new Map<string, Int32Array>();
  return {
    isAttribute,
    segment: byPosition,
    kept: ({ name, event, which, within }) => {
      let kept = keeps.get(name);
      if (!kept) {
        const { positions, from, to } = before(event, within);
        kept = new Int32Array(events.count);
        attempts().forEach((position, i) => {
          kept![position] = from[i] === to[i] ? -1 : positions[which === 'first' ? from[i] : to[i] - 1];
        });
        keeps.set(name, kept);
      }
      return kept;
    },
    eligible: () => {
      if (!journey.enters.some(rule => rule.if?.length)) return null;
      return journey.enters.map(rule => {
        if (!rule.if?.length) return null;
        const all = rule.if.map(({ segment }) => byPosition(segment));
        return all[0].map((_, position) => (all.every(state => state[position] === IN) ? 1 : 0));
      });
    },
  };
}

/** The columns whose missing leaves a condition unknown: not those that it only asks whether they are there. */
function columnsRead(expr: Expr): ColumnRef[] {
  const found = new Map<string, ColumnRef>();
  const visit = (part: Expr): void => {
    if (part.kind === 'isNull') return;
    if (part.kind === 'column') found.set(columnKey(part.column), part.column);
    else partsOf(part).forEach(visit);
  };
  visit(expr);
  return [...found.values()];
}

function unionOf(count: number, lists: Uint32Array[]): Uint32Array {
  const filled = [...new Set(lists)].filter(list => list.length > 0);
  if (filled.length <= 1) return filled[0] ?? lists[0];
  const marks = new Uint8Array(count);
  for (const list of lists) for (const position of list) marks[position] = 1;
  const all = new Uint32Array(marks.reduce((sum, mark) => sum + mark, 0));
  for (let position = 0, i = 0; i < all.length; position++) if (marks[position]) all[i++] = position;
  return all;
}

const nobody = (attempts: number): Answer => ({ met: new Uint8Array(attempts), missing: new Uint8Array(attempts) });
