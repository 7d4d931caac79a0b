/** Made-up values in the place of personal data, so that what happened to somebody can be told without saying to whom. */
import type { ColumnRef, Expr, JourneyPlan, Plan } from '../plan.ts';
import type { Pii } from '../privacy/pii.ts';
import { columnKey, partsOf } from '../store/expr.ts';
import { segmentParts, usesOf } from '../store/uses.ts';

type Value = string | number | boolean;

/** What conditions ask of a column that is personal data. */
interface Asked {
  /** The values that the definition itself holds it against. */
  literals: Value[];
  /** It asks for more than whether two values are equal: no made-up value can answer that. */
  more: boolean;
}

/** One for each explanation: of equal values equal ones, numbered in order of first appearance. */
export class MadeUp {
  private readonly pii: Pii;
  private readonly asked: Map<string, Asked>;
  private readonly made = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  /** Columns that had to be left out. */
  readonly leftOut = new Set<ColumnRef>();

  constructor(plan: Plan, journey: JourneyPlan, pii: Pii) {
    this.pii = pii;
    this.asked = pii.none ? new Map() : askedOf(plan, journey);
  }

  id(kind: string, value: string): { kind: string; value: string; madeUp?: true } {
    return this.pii.ofKind(kind) === undefined ? { kind, value } : { kind, value: this.standIn(kind, value), madeUp: true };
  }

  /**
   * @param category of the column, where it is personal data
   * @param idKind the kind of id that is taken from it
   * @returns undefined where nothing can stand for it
   */
  field(column: ColumnRef, value: Value, category: string | undefined, idKind: string | undefined): Value | undefined {
    if (category === undefined) return value;
    const asked = this.asked.get(columnKey(column));
    const literal = asked?.literals.find(one => String(one) === String(value));
    if (literal !== undefined) return literal;
    // A scenario fills a column that an id is taken from with the id.
    if (asked?.more && idKind === undefined) {
      if (![...this.leftOut].some(other => columnKey(other) === columnKey(column))) this.leftOut.add(column);
      return undefined;
    }
    return this.standIn(idKind ?? column.path.at(-1)!.replace(/\W+/g, '_'), String(value));
  }

  private standIn(name: string, value: string): string {
    let made = this.made.get(value);
    if (made === undefined) {
      const count = (this.counts.get(name) ?? 0) + 1;
      this.counts.set(name, count);
      made = `${name}${count}`;
      this.made.set(value, made);
    }
    return made;
  }
}

function askedOf(plan: Plan, journey: JourneyPlan): Map<string, Asked> {
  const found = new Map<string, Asked>();
  const of = (column: ColumnRef): Asked => {
    const known = found.get(columnKey(column)) ?? { literals: [], more: false };
    found.set(columnKey(column), known);
    return known;
  };
  const compared = (side: Expr, others: readonly Expr[]): void => {
    if (side.kind !== 'column') {
      visit(side);
      return;
    }
    for (const other of others) {
      if (other.kind === 'literal' && other.value !== null) of(side.column).literals.push(other.value);
      else if (other.kind !== 'literal' && other.kind !== 'column') of(side.column).more = true;
    }
  };
  const visit = (expr: Expr): void => {
    if (expr.kind === 'column') of(expr.column).more = true;
    else if (expr.kind === 'compare' && (expr.op === '=' || expr.op === '!=')) {
      compared(expr.left, [expr.right]);
      compared(expr.right, [expr.left]);
    } else if (expr.kind === 'in') {
      compared(expr.operand, expr.values);
      for (const value of expr.values) compared(value, [expr.operand]);
    } else if (expr.kind === 'isNull') compared(expr.operand, []);
    else partsOf(expr).forEach(visit);
  };
  // What others of the plan's journeys ask is no matter here; that ids are taken from a column is no condition.
  const own: Plan = { ...plan, journeys: [journey], events: [], sources: plan.sources.map(source => ({ ...source, ids: [] })) };
  usesOf(own).expressions.forEach(visit);
  for (const part of segmentParts(journey, plan.segments)) if (part.kind === 'history' && part.property) of(part.property).more = true;
  return found;
}
