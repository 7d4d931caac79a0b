/** What an explanation is made from. */
import type { EventPattern, JourneyPlan, Plan } from '../plan.ts';
import type { Fold } from '../simulate/columns.ts';
import { type ForAllRows, forAllRows } from '../simulate/for-all.ts';
import type { TimelineAsOf } from '../store/timeline.ts';
import { Rows } from './rows.ts';
import type { ExplainedEvent } from './types.ts';
import { patternText } from './words.ts';

export class Context {
  readonly plan: Plan;
  readonly journey: JourneyPlan;
  readonly events: TimelineAsOf;
  readonly fold: Fold;
  readonly rows: Rows;
  private readonly foreign: ForAllRows | null;
  private readonly denied = new Map<EventPattern, ReadonlySet<number>>();

  constructor(plan: Plan, journey: JourneyPlan, events: TimelineAsOf, fold: Fold) {
    this.plan = plan;
    this.journey = journey;
    this.events = events;
    this.fold = fold;
    this.rows = new Rows(plan, events);
    const { of } = events.participants(journey.identity);
    this.foreign = journey.per && (fold.rules.hasForAll || fold.rules.readByAll) ? forAllRows(fold.timeline, fold.rules, of) : null;
  }

  /** The row that an event's properties are read from: its own, or for one that stands on none that of what was not followed. */
  row(slot: number): number {
    return this.fold.events.rowOf(this.fold.timeline.position[slot]);
  }

  isAbsence(slot: number): boolean {
    return this.fold.events.isAbsence(this.fold.timeline.position[slot]);
  }

  /** Whether it would match a pattern, had there been consent at that time. */
  isDenied(slot: number, pattern: EventPattern): boolean {
    const { events, timeline } = this.fold;
    if (!events.rows.consent) return false;
    const known = this.denied.get(pattern) ?? new Set(events.denied(pattern));
    this.denied.set(pattern, known);
    return known.has(timeline.position[slot]);
  }

  /** @param patterns of the rule that it met: what their conditions read of it is told */
  explained(slot: number, patterns: readonly EventPattern[]): ExplainedEvent {
    const event = this.rows.explained(this.row(slot), patterns);
    return this.isAbsence(slot) && patterns.length > 0 ? { ...event, absence: patternText(patterns[0]) } : event;
  }

  /** An instance's own slots up to as-of, whether it reads them or not. */
  everySlotOf(instance: number): number[] {
    const { timeline, asOf } = this.fold;
    const slots: number[] = [];
    for (let slot = timeline.start[instance]; slot < timeline.start[instance + 1]; slot++)
      if (timeline.time[slot] <= asOf!) slots.push(slot);
    return slots;
  }

  /** The slots an instance reads up to as-of, in order; among them rows of other keys, or of none, that matter to all. */
  slotsOf(instance: number): number[] {
    const { timeline, rules, asOf } = this.fold;
    const [from, to] = [timeline.start[instance], timeline.start[instance + 1]];
    const slots: number[] = [];
    for (let slot = from; slot < to; slot++) slots.push(slot);
    const others = this.foreign?.of(instance);
    if (others)
      for (let i = others.from; i < others.to; i++)
        if (this.foreign!.slots[i] < from || this.foreign!.slots[i] >= to) slots.push(this.foreign!.slots[i]);
    return slots
      .filter(slot => rules.set[slot] !== 0 && timeline.time[slot] <= asOf!)
      .sort((a, b) => timeline.position[a] - timeline.position[b]);
  }
}
