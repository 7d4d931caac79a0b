/** What the words in place of numbers tell: *few* is fewer than k, and what is withheld for the sake of few is k or more. */
import type { Cell, Sum } from './suppress-ledger.ts';

/** More rounds narrow what nobody works out by hand, or forever. */
const ROUNDS = 30;

/**
 * Takes back words that would tell a number: those in the sums through which it follows are then all *withheld*.
 * @param sums of all cells
 */
export function hush(sums: readonly Sum[], k: number): void {
  const open = sums.filter(({ wholes, parts }) => wholes.some(isUnknown) || parts.some(isUnknown));
  for (const sum of open) hushRest(sum, k);
  const sumsOf = new Map<Cell, Sum[]>();
  for (const sum of open) for (const cell of unknownIn(sum)) sumsOf.set(cell, [...(sumsOf.get(cell) ?? []), sum]);
  for (;;) {
    const told = new Set(toldFew(open, sumsOf, k));
    if (told.size === 0) return;
    // Further and further away, until a word is found that can be taken back.
    for (let near = told, words = 0; words === 0; ) {
      const wider = new Set([...near].flatMap(cell => sumsOf.get(cell)!.flatMap(unknownIn)));
      for (const cell of wider) {
        if (cell.quiet || cell.hidden) continue;
        cell.quiet = true;
        words++;
      }
      if (words === 0 && wider.size === near.size) return;
      near = wider;
    }
  }
}

const isUnknown = ({ shown }: Cell): boolean => !shown;
const unknownIn = ({ wholes, parts }: Sum): Cell[] => [...wholes, ...parts].filter(isUnknown);

/**
 * What is left of a whole is just as much as the bounds of its parts allow. Nothing but the rest decides, which everybody can work
 * out: that no word is said tells nothing.
 */
function hushRest({ wholes, parts }: Sum, k: number): void {
  const unknown = parts.filter(isUnknown);
  if (unknown.length < 2 || unknown.some(({ hidden }) => hidden) || wholes.some(isUnknown)) return;
  const total = (cells: Cell[]) => cells.reduce((sum, { value }) => sum + value, 0);
  const rest = total(wholes) - total(parts.filter(({ shown }) => shown));
  const least = rest % k === 0 && rest < unknown.length * k;
  const most = rest === unknown.length * (k - 1) && unknown.every(({ counts }) => counts === 'people');
  if (least || most) for (const cell of unknown) cell.quiet = true;
}

/** Numbers about few that the words determine, with the sums. */
function toldFew(sums: readonly Sum[], sumsOf: ReadonlyMap<Cell, Sum[]>, k: number): Cell[] {
  const low = new Map<Cell, number>();
  const high = new Map<Cell, number>();
  for (const cell of sumsOf.keys()) {
    const few = cell.few && !cell.quiet && !cell.hidden;
    const least = cell.counts === 'amounts' ? Number.NEGATIVE_INFINITY : cell.few || cell.quiet || cell.hidden ? 0 : k;
    low.set(cell, least);
    high.set(cell, few && cell.counts === 'people' ? k - 1 : Number.POSITIVE_INFINITY);
  }
  let doubtful = new Set(sums);
  for (let round = 0; doubtful.size > 0 && round < ROUNDS; round++) {
    const next = new Set<Sum>();
    for (const { wholes, parts } of doubtful) {
      const cells = [...wholes.map(cell => ({ cell, sign: 1 })), ...parts.map(cell => ({ cell, sign: -1 }))];
      for (const { cell, sign } of cells) {
        if (cell.shown) continue;
        // It is what the others come to.
        let least = 0;
        let most = 0;
        for (const other of cells) {
          if (other.cell === cell) continue;
          const from = other.cell.shown ? other.cell.value : low.get(other.cell)!;
          const to = other.cell.shown ? other.cell.value : high.get(other.cell)!;
          least += other.sign === sign ? -to : from;
          most += other.sign === sign ? -from : to;
        }
        if (least <= low.get(cell)! && most >= high.get(cell)!) continue;
        low.set(cell, Math.max(least, low.get(cell)!));
        high.set(cell, Math.min(most, high.get(cell)!));
        for (const touched of sumsOf.get(cell)!) next.add(touched);
      }
    }
    doubtful = next;
  }
  return [...low.keys()].filter(cell => cell.few && cell.value !== 0 && low.get(cell) === high.get(cell));
}
