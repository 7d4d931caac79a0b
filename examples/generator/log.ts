/** What systems write down of what people do, and what gets lost between them and a file. */
import type { Random } from './random.ts';

export type Cell = string | number | boolean | null | undefined | { [key: string]: Cell };
export type Row = Record<string, Cell>;

/** Shares of the rows, from 0 to 1. */
export interface Faults {
  /** Delivered twice. */
  twice?: number;
  /** By column: how many rows lost it, and what stands there instead. */
  lost?: Record<string, [share: number, instead: Cell]>;
}

/** Rows of several systems in one extract; what happened outside of it isn't in it. */
export class Log<System extends string> {
  readonly #rows: { system: System; time: number; row: Row }[] = [];
  readonly #from: number;
  readonly #to: number;

  /** @param from the extract's first instant and @param to its last, milliseconds UTC */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  /** @param time milliseconds UTC: says where the row stands in the file; the row says it again in a column of its own */
  add(system: System, time: number, row: Row): void {
    if (time >= this.#from && time <= this.#to) this.#rows.push({ system, time, row });
  }

  /** @returns the rows of one system in the order they happened, with its faults */
  rows(system: System, chance: Random, { twice = 0, lost = {} }: Faults = {}): Row[] {
    return this.#rows
      .filter(each => each.system === system)
      .sort((a, b) => a.time - b.time)
      .flatMap(({ row }) => {
        const spoilt = { ...row };
        for (const [column, [share, instead]] of Object.entries(lost)) if (chance.chance(share)) spoilt[column] = instead;
        return chance.chance(twice) ? [spoilt, spoilt] : [spoilt];
      });
  }
}
