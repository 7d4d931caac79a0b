/** Which numbers may not be shown, so that no number about fewer than k people can be read, or worked out from those that are shown. */

export interface Cell {
  readonly value: number;
  /** At least so many people are behind it; exact where they are fewer than k. */
  readonly people: number;
  /** What it tells may not be known. */
  readonly few: boolean;
  /** False: it was never shown, or isn't any more. */
  shown: boolean;
  /** Never shown, but it could be worked out. */
  readonly hidden: boolean;
  /** Other numbers are withheld in its place, where there are any. */
  readonly headline: boolean;
}

/** The wholes add up to as much as the parts: whoever knows all but one of them knows them all. */
interface Sum {
  wholes: Cell[];
  parts: Cell[];
}

export class Ledger {
  readonly k: number;
  private readonly cells = new Map<string, Cell>();
  private readonly sums: Sum[] = [];
  private readonly sumsOf = new Map<Cell, Sum[]>();

  constructor(k: number) {
    this.k = k;
  }

  /** A number of the result. */
  add(key: string, value: number, people: number, headline = false): void {
    if (!this.cells.has(key)) this.cells.set(key, { value, people, few: people < this.k, shown: true, hidden: false, headline });
  }

  /**
   * A number that stands nowhere, but could be worked out.
   * @param evenNone whether to know that it is about nobody is already too much
   */
  addHidden(key: string, value: number, people: number, evenNone: boolean): void {
    const few = people < this.k && (evenNone || people > 0);
    if (!this.cells.has(key)) this.cells.set(key, { value, people, few, shown: false, hidden: true, headline: false });
  }

  has(key: string): boolean {
    return this.cells.has(key);
  }

  withheld(key: string): boolean {
    return this.cells.get(key)?.shown === false;
  }

  /** Numbers that there are none of count for nothing. */
  sum(wholes: string[], parts: string[]): void {
    const known = (keys: string[]) => keys.flatMap(key => this.cells.get(key) ?? []);
    const sum = { wholes: known(wholes), parts: known(parts) };
    if (sum.wholes.length === 0 || sum.parts.length === 0) return;
    this.sums.push(sum);
    for (const cell of [...sum.wholes, ...sum.parts]) {
      const own = this.sumsOf.get(cell);
      if (own) own.push(sum);
      else this.sumsOf.set(cell, [sum]);
    }
  }

  /** The same number told twice. */
  same(a: string, b: string): void {
    this.sum([a], [b]);
  }

  /** Withholds what is about too few, and then as much as has to be withheld beside it. */
  settle(): void {
    for (const cell of this.cells.values()) if (cell.few) cell.shown = false;
    const doubtful = new Set(this.sums);
    do {
      for (const sum of doubtful) {
        doubtful.delete(sum);
        const victim = victimOf(sum);
        if (!victim) continue;
        victim.shown = false;
        for (const touched of this.sumsOf.get(victim)!) doubtful.add(touched);
      }
      // What no single sum gives away several together may.
      const victim = this.givenAway();
      if (victim) {
        victim.shown = false;
        for (const touched of this.sumsOf.get(victim)!) doubtful.add(touched);
      }
    } while (doubtful.size > 0);
  }

  /** Takes all sums as equations over what isn't shown: where numbers about few are left alone in one, a shown number must go. */
  private givenAway(): Cell | null {
    for (const known of knownOfFew(this.sums)) {
      const all = [...known];
      const people = all.reduce((total, [cell]) => total + cell.people, 0);
      if (people >= this.k && all.length > 1 && all.every(([, factor]) => factor > 0 === all[0][1] > 0)) continue;
      const sums = [...new Set(all.flatMap(([cell]) => this.sumsOf.get(cell)!))];
      const victim = smallest(sums.flatMap(({ parts }) => parts)) ?? smallest(sums.flatMap(({ wholes }) => wholes));
      if (victim) return victim;
    }
    return null;
  }
}

/** What has to be withheld so that a sum tells nothing: the smallest remaining part, or else the whole. Null where it tells nothing. */
function victimOf({ wholes, parts }: Sum): Cell | null {
  const all = [...wholes, ...parts];
  const unknown = all.filter(({ shown }) => !shown);
  if (unknown.length === 0) return null;
  const few = unknown.some(cell => cell.few);
  if (few ? unknown.some(cell => !cell.few) : unknown.length > 1 || unknown[0].hidden) return null;
  const plain = (cells: Cell[]) => smallest(cells.filter(({ headline }) => !headline));
  const part = plain(parts);
  // Nothing is left but the whole, which is about enough people.
  if (!part && few && unknown.length > 1 && !parts.some(({ shown }) => shown)) return null;
  return part ?? plain(wholes) ?? smallest(all);
}

function smallest(cells: Cell[]): Cell | null {
  return cells.reduce<Cell | null>((least, cell) => (cell.shown && (!least || cell.value < least.value) ? cell : least), null);
}

type Row = Map<Cell, number>;

/** What the sums tell about numbers of few people alone: those that are about enough, and aren't shown, are eliminated. */
function knownOfFew(sums: Sum[]): Row[] {
  const order = new Map<Cell, number>();
  const enough = new Map<Cell, Row>();
  const few = new Map<Cell, Row>();
  const left: Row[] = [];
  for (const { wholes, parts } of sums) {
    const row: Row = new Map();
    const add = (cells: Cell[], sign: number) => {
      for (const cell of cells) {
        if (cell.shown) continue;
        if (!order.has(cell)) order.set(cell, order.size);
        addTo(row, cell, sign);
      }
    };
    add(wholes, 1);
    add(parts, -1);
    const pivot = reduce(row, enough, order, cell => !cell.few);
    if (pivot) {
      enough.set(pivot, row);
      continue;
    }
    if (row.size === 0) continue;
    left.push(new Map(row));
    const last = reduce(row, few, order, () => true);
    if (!last) continue;
    for (const other of few.values()) subtract(other, row, last);
    few.set(last, row);
  }
  return [...left, ...few.values()];
}

/** @returns the first of these cells that no row before has eliminated; the row is changed */
function reduce(row: Row, rows: Map<Cell, Row>, order: Map<Cell, number>, of: (cell: Cell) => boolean): Cell | null {
  for (;;) {
    let next: Cell | null = null;
    let pivot: Cell | null = null;
    for (const cell of row.keys()) {
      if (!of(cell)) continue;
      if (rows.has(cell)) next = next && order.get(next)! < order.get(cell)! ? next : cell;
      else pivot = pivot && order.get(pivot)! < order.get(cell)! ? pivot : cell;
    }
    if (!next) return pivot;
    subtract(row, rows.get(next)!, next);
  }
}

function subtract(row: Row, other: Row, pivot: Cell): void {
  const factor = (row.get(pivot) ?? 0) / other.get(pivot)!;
  if (factor === 0) return;
  for (const [cell, weight] of other) addTo(row, cell, -factor * weight);
  row.delete(pivot);
}

function addTo(row: Row, cell: Cell, weight: number): void {
  const sum = (row.get(cell) ?? 0) + weight;
  if (Math.abs(sum) < 1e-9) row.delete(cell);
  else row.set(cell, sum);
}
