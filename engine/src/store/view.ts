import type { Events, Keys, Participants } from '../events.ts';
import type { IdColumn } from '../identity/nodes.ts';
import type { People } from '../identity/participants.ts';
import type { Resolution } from '../identity/resolve.ts';
import type { ColumnRef, Expr, IdentityPlan, Instant, Plan, RowsPattern } from '../plan.ts';
import type { Dictionary } from '../read/dictionary.ts';
import { Attributes } from './attributes.ts';
import { canonical, columnsOf } from './expr.ts';
import { countBelow } from './order.ts';
import { type Asked, type IdRef, idColumns, PeopleOfRows } from './people.ts';
import type { TableRows } from './rows.ts';
import type { SourceEvents } from './source.ts';
import type { Timeline } from './timeline.ts';

/** The timeline up to an instant: what a simulation reads. */
export class TimelineAsOf implements Events {
  readonly count: number;
  readonly time: Float64Array;
  readonly source: Uint16Array;
  readonly days: Events['days'];
  passive: readonly boolean[] = [];
  private readonly timeline: Timeline;
  private plan: Plan | null = null;
  private readonly slices = new WeakMap<Uint32Array, Uint32Array>();
  /** What is sorted by a column's values stays as long as the same array comes back. */
  private readonly cutKeys = new WeakMap<Keys, Keys>();
  private readonly cutNumbers = new WeakMap<Float64Array, Float64Array>();
  private readonly idless = new Map<string, number>();
  private asOf: Instant | null = null;
  private erased: readonly IdRef[] = [];
  private readonly people: PeopleOfRows;
  private tables: ReadonlyMap<string, TableRows> = new Map();
  private readonly attributed = new WeakMap<Participants, Attributes>();

  constructor(timeline: Timeline, count: number) {
    this.timeline = timeline;
    this.count = count;
    this.people = new PeopleOfRows(timeline, count);
    this.time = timeline.time.subarray(0, count);
    this.source = timeline.source.subarray(0, count);
    this.days = timeline.days && { from: timeline.days.from.subarray(0, count), to: timeline.days.to.subarray(0, count) };
  }

  /**
   * The plan whose identities are meant by their names, and its tables.
   * @param erased ids that don't count any more, on whatever row
   */
  under(plan: Plan, tables: ReadonlyMap<string, TableRows>, asOf: Instant | null, erased: readonly IdRef[] = []): this {
    this.plan = plan;
    this.asOf = asOf;
    this.erased = erased;
    this.tables = tables;
    this.passive = plan.sources.map(source => source.passive);
    return this;
  }

  /** Whether rows of the data don't exist any more: erased, or older than what is retained. */
  get hides(): boolean {
    return this.sources.some(({ erased, expired }) => erased.length + expired.length > 0);
  }

  get last(): Instant | null {
    return this.count ? this.time[this.count - 1] : null;
  }

  match(pattern: RowsPattern): Uint32Array {
    const all = this.timeline.match(pattern);
    if (this.count === this.timeline.count || !all.length || all[all.length - 1] < this.count) return all;
    let slice = this.slices.get(all);
    if (!slice) {
      slice = all.subarray(0, countBelow(all, this.count));
      this.slices.set(all, slice);
    }
    return slice;
  }

  meets(where: Expr, positions: Uint32Array, identity?: string): Uint8Array {
    const attributes = identity === undefined ? null : this.attributesOf(identity);
    return this.timeline.meets(where, positions, attributes && columnsOf(where).some(ref => attributes.isKeyed(ref)) ? attributes : null);
  }

  keepOnly(dictionaries: Set<Dictionary>): void {
    this.people.keepOnly(dictionaries);
    for (const people of this.people.all()) this.attributed.get(people)?.keepOnly(dictionaries);
  }

  attributes(column: ColumnRef, identity: string): Keys {
    return this.attributesOf(identity).keys(column);
  }

  private attributesOf(identity: string): Attributes {
    const people = this.participants(identity);
    let attributes = this.attributed.get(people);
    if (!attributes?.isOf(this.tables)) {
      attributes = new Attributes(people, this.tables, this.timeline.positions(this.count));
      this.attributed.set(people, attributes);
    }
    return attributes;
  }

  participants(identity: string): People {
    const asked = this.askedOf(identity);
    return asked ? this.people.participants(asked) : NOBODY(this.count);
  }

  /** How the participants of an identity came about; null where there is no such identity. */
  resolution(identity: string): Resolution | null {
    const asked = this.askedOf(identity);
    return asked && this.people.resolution(asked);
  }

  /** The same rows under other rules than the plan's. */
  resolveAgain(identity: IdentityPlan): Resolution {
    return this.people.again({ identity, plan: this.plan!, asOf: this.asOf, erased: this.erased });
  }

  private askedOf(name: string): Asked | null {
    const plan = this.plan!;
    const identity = plan.identities.find(one => one.name === name);
    return identity ? { identity, plan, asOf: this.asOf, erased: this.erased } : null;
  }

  get sources(): readonly SourceEvents[] {
    return this.timeline.sources;
  }

  /** The row in its source that stands at a position. */
  rowAt(position: number): number {
    return this.timeline.rowAt(position);
  }

  /** The ids of an identity's kinds, one column for each that a source declares; without those that were erased. */
  ids(identity: string): IdColumn[] {
    const asked = this.askedOf(identity);
    if (!asked) return [];
    return idColumns(this.sources, asked.identity, asked.plan).map(column => {
      const { name } = asked.identity.kinds[column.kind];
      const gone = new Set(this.erased.filter(({ kind }) => kind === name).map(({ value }) => column.dictionary.find(value)));
      gone.delete(-1);
      return gone.size === 0 ? column : { ...column, codes: column.codes.map(code => (gone.has(code) ? -1 : code)) };
    });
  }

  /** Events of a source whose row carries none of the ids it declares. */
  withoutId(source: number): number {
    const { ids } = this.plan!.sources[source];
    const key = canonical([source, ids.map(id => id.value)]);
    let without = this.idless.get(key);
    if (without === undefined) {
      without = this.timeline.withoutId(source, ids, this.count);
      this.idless.set(key, without);
    }
    return without;
  }

  keys(column: ColumnRef): Keys {
    const keys = this.timeline.keys(column);
    if (this.count === this.timeline.count) return keys;
    let cut = this.cutKeys.get(keys);
    if (!cut) {
      cut = {
        of: keys.of.subarray(0, this.count),
        get values() {
          return keys.values;
        },
      };
      this.cutKeys.set(keys, cut);
    }
    return cut;
  }

  numbers(column: ColumnRef): Float64Array {
    const numbers = this.timeline.numbers(column);
    if (this.count === this.timeline.count) return numbers;
    let cut = this.cutNumbers.get(numbers);
    if (!cut) {
      cut = numbers.subarray(0, this.count);
      this.cutNumbers.set(numbers, cut);
    }
    return cut;
  }
}

const NOBODY = (rows: number): People => ({
  resolution: null,
  of: new Int32Array(rows).fill(-1),
  count: 0,
  label: () => '',
  find: () => -1,
  ids: () => [],
  has: () => false,
  standing: () => 'unseen',
});
