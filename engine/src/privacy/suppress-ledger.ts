/** Which numbers may not be shown, so that no number about fewer than k people can be read, or worked out from those that are shown. */
import type { Count } from '../result.ts';
import { hush } from './suppress-bounds.ts';

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
  readonly weight: Weight;
  readonly counts: Counted;
  /** To say that it is about few would tell how many. */
  quiet: boolean;
}

/** People, each of them once; something of theirs, at least one of each; or amounts, of which nothing is known. */
export type Counted = 'people' | 'things' | 'amounts';

/** Of two numbers either of which will do the lighter one is withheld. */
export type Weight = 'detail' | 'number' | 'headline' | 'total';
const WEIGHTS: readonly Weight[] = ['detail', 'number', 'headline', 'total'];
export const isHeadline = (weight: Weight): boolean => weight === 'headline' || weight === 'total';

/** The wholes add up to as much as the parts: whoever knows all but one of them knows them all. */
export interface Sum {
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
  add(key: string, value: number, people: number, weight: Weight = 'number', counts: Counted = 'things'): void {
    if (this.cells.has(key)) return;
    this.cells.set(key, { value, people, few: people < this.k, shown: true, hidden: false, weight, counts, quiet: false });
  }

  /**
   * A number that stands nowhere, but could be worked out.
   * @param evenNone whether to know that it is about nobody is already too much
   */
  addHidden(key: string, value: number, people: number, evenNone: boolean, weight: Weight = 'detail', counts: Counted = 'things'): void {
    const few = people < this.k && (evenNone || people > 0);
    if (this.cells.has(key)) return;
    this.cells.set(key, { value, people, few, shown: false, hidden: true, weight, counts, quiet: false });
  }

  has(key: string): boolean {
    return this.cells.has(key);
  }

  withheld(key: string): boolean {
    return this.cells.get(key)?.shown === false;
  }

  /** The number as it may be told. Withheld is what is about few too where it can't be said. */
  told(key: string, value: number): Count {
    const cell = this.cells.get(key);
    if (!cell || cell.shown) return value;
    return cell.few && !cell.quiet ? 'few' : 'withheld';
  }

  /** Nothing where one of them was never told of: then nobody can add up. */
  sum(wholes: string[], parts: string[]): void {
    if (parts.length === 0 || ![...wholes, ...parts].every(key => this.cells.has(key))) return;
    const cells = (keys: string[]) => keys.map(key => this.cells.get(key)!);
    const sum = { wholes: cells(wholes), parts: cells(parts) };
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

  /**
   * Withholds what is about too few, and then as much as has to be withheld beside it: first among the headline numbers, by the sums
   * that they alone are in; then of all else as much as would give one of them away.
   */
  settle(): void {
    for (const cell of this.cells.values()) if (cell.few) cell.shown = false;
    this.settleSums(this.sums.filter(({ wholes, parts }) => [...wholes, ...parts].every(({ weight }) => isHeadline(weight))));
    this.settleSums(this.sums);
    hush(this.sums, this.k);
  }

  private settleSums(sums: readonly Sum[]): void {
    const asked = new Set(sums);
    const doubtful = new Set(sums);
    const withhold = (victim: Cell): void => {
      victim.shown = false;
      for (const touched of this.sumsOf.get(victim)!) if (asked.has(touched)) doubtful.add(touched);
    };
    do {
      for (const sum of doubtful) {
        doubtful.delete(sum);
        const victim = this.victimOf(sum);
        if (victim) withhold(victim);
      }
      // What no single sum gives away several together may.
      const victim = this.givenAway(sums);
      if (victim) withhold(victim);
    } while (doubtful.size > 0);
  }

  /** What has to be withheld so that a sum tells nothing: the smallest remaining part, or else the whole. Null where it tells nothing. */
  private victimOf({ wholes, parts }: Sum): Cell | null {
    const all = [...wholes, ...parts];
    const unknown = all.filter(({ shown }) => !shown);
    if (unknown.length === 0) return null;
    const few = unknown.some(cell => cell.few);
    if (few ? unknown.some(({ people }) => people >= this.k) : unknown.length > 1 || unknown[0].hidden) return null;
    // Nothing is left but the whole, which is about enough people.
    if (few && unknown.length > 1 && !parts.some(({ shown }) => shown)) return null;
    for (const weight of WEIGHTS) {
      const of = (cells: Cell[]) => cells.filter(cell => this.weighs(cell) === weight);
      const victim = this.smallest(of(parts)) ?? this.smallest(of(wholes));
      if (victim) return victim;
    }
    return null;
  }

  /** Of those that are shown. */
  private smallest(cells: Cell[]): Cell | null {
    return cells.reduce<Cell | null>((least, cell) => (cell.shown && (!least || cell.value < least.value) ? cell : least), null);
  }

  /** What could be worked out again, unless a weightier number is withheld too, weighs as much as that. */
  private weighs(cell: Cell): Weight {
    let most = WEIGHTS.indexOf(cell.weight);
    for (const { wholes, parts } of this.sumsOf.get(cell)!) {
      const others = [...wholes, ...parts].filter(other => other !== cell);
      if (others.every(({ shown }) => shown)) most = Math.max(most, Math.min(...others.map(({ weight }) => WEIGHTS.indexOf(weight))));
    }
    return WEIGHTS[most];
  }

  /** Takes all sums as equations over what isn't shown: where numbers about few are left alone in one, a shown number must go. */
  private givenAway(sums: readonly Sum[]): Cell | null {
    for (const { cells, from } of knownOfFew(sums)) {
      const all = [...cells];
      const people = all.reduce((total, [cell]) => total + cell.people, 0);
      // That there is nobody gives nobody away.
      if (people === 0) continue;
      // How two of them differ tells neither; what several come to is a number about all of them.
      if (all.length > 1 && (people >= this.k || !all.every(([, factor]) => factor > 0 === all[0][1] > 0))) continue;
      const told = [...from].flatMap(({ wholes, parts }) => [...parts, ...wholes]);
      for (const weight of WEIGHTS) {
        const victim = this.smallest(told.filter(cell => this.weighs(cell) === weight));
        if (victim) return victim;
      }
    }
    return null;
  }
}

/** What is known of cells that aren't shown: with these factors they come to something. */
interface Row {
  cells: Map<Cell, number>;
  /** The sums that it follows from. */
  from: Set<Sum>;
}

/** What the sums tell about numbers of few people alone: those that are about enough, and aren't shown, are eliminated. */
function knownOfFew(sums: readonly Sum[]): Row[] {
  const enough = new Map<Cell, Row>();
  const few = new Map<Cell, Row>();
  const left: Row[] = [];
  for (const sum of sums) {
    const row: Row = { cells: new Map(), from: new Set([sum]) };
    for (const cell of sum.wholes) if (!cell.shown) addTo(row.cells, cell, 1);
    for (const cell of sum.parts) if (!cell.shown) addTo(row.cells, cell, -1);
    const pivot = reduce(row, enough, cell => !cell.few);
    if (pivot) {
      enough.set(pivot, row);
      continue;
    }
    if (row.cells.size === 0) continue;
    left.push({ cells: new Map(row.cells), from: new Set(row.from) });
    const last = reduce(row, few, () => true);
    if (!last) continue;
    for (const other of few.values()) subtract(other, row, last);
    few.set(last, row);
  }
  return [...left, ...few.values()];
}

/** @returns one of these cells that no row before has eliminated; the row is changed */
function reduce(row: Row, rows: Map<Cell, Row>, of: (cell: Cell) => boolean): Cell | null {
  for (;;) {
    const cells = [...row.cells.keys()].filter(of);
    const next = cells.find(cell => rows.has(cell));
    if (!next) return cells[0] ?? null;
    subtract(row, rows.get(next)!, next);
  }
}

function subtract(row: Row, other: Row, pivot: Cell): void {
  const factor = (row.cells.get(pivot) ?? 0) / other.cells.get(pivot)!;
  if (factor === 0) return;
  for (const [cell, weight] of other.cells) addTo(row.cells, cell, -factor * weight);
  row.cells.delete(pivot);
  for (const sum of other.from) row.from.add(sum);
}

function addTo(cells: Row['cells'], cell: Cell, weight: number): void {
  const sum = (cells.get(cell) ?? 0) + weight;
  if (Math.abs(sum) < 1e-9) cells.delete(cell);
  else cells.set(cell, sum);
}
