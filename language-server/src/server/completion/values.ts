/** Values of columns that nobody uses yet: the sample's own, asked of the engine while somebody is about to name one. */
import type { ColumnPlace, Plan } from '@journey/engine';
import type { Cursor } from '../../language/cursor.ts';
import { type Known, unseenAt, withValues } from './offers.ts';

/** Nobody waits longer for a list: what comes later is there for the next key. */
const WAITED_MS = 200;
/** A name that many sources share is looked for in the first ones. */
const MOST = 3;

/** What was asked of one sample. */
interface Asked {
  /** Under way, by column: a key more is no question more. */
  open: Map<string, Promise<string[]>>;
  /** Columns that have nothing to offer. Values themselves are kept by nobody. */
  barren: Set<string>;
}

export class ColumnValues {
  private readonly read: (plan: Plan, column: ColumnPlace) => Promise<string[]>;
  private readonly waitedMs: number;
  private readonly asked = new WeakMap<object, Asked>();

  constructor(read: ColumnValues['read'], waitedMs = WAITED_MS) {
    this.read = read;
    this.waitedMs = waitedMs;
  }

  /**
   * What is known, with the values that could stand at the cursor.
   * @param sample the numbers that `known` rests on: the same object, the same data
   * @returns `known` itself where the engine has none, or takes too long
   */
  async look(cursor: Cursor, known: Known, sample: object): Promise<Known> {
    let asked = this.asked.get(sample);
    if (!asked) {
      asked = { open: new Map(), barren: new Set() };
      this.asked.set(sample, asked);
    }
    const { open, barren } = asked;
    const places = unseenAt(cursor, known)
      .filter(place => !barren.has(keyOf(place)))
      .slice(0, MOST);
    if (places.length === 0) return known;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>(resolve => {
      timer = setTimeout(() => resolve(null), this.waitedMs);
    });
    const found = await Promise.all(places.map(place => Promise.race([this.ask(known.plan, place, open), late])));
    clearTimeout(timer);
    return places.reduce((all, place, i) => {
      const values = found[i];
      if (values?.length === 0) barren.add(keyOf(place));
      return values?.length ? withValues(all, place, values) : all;
    }, known);
  }

  /** @returns null where it failed: nothing is offered, and the next check tells why */
  private ask(plan: Plan, place: ColumnPlace, open: Asked['open']): Promise<string[] | null> {
    const key = keyOf(place);
    let answer = open.get(key);
    if (!answer) {
      answer = this.read(plan, place).finally(() => open.delete(key));
      open.set(key, answer);
    }
    return answer.catch(() => null);
  }
}

const keyOf = ({ kind, name, column }: ColumnPlace): string => JSON.stringify([kind, name, column]);
