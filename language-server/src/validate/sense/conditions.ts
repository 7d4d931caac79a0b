/** What can be said of conditions without any data: whether one can hold at all, and whether one implies another. */
import type { CompareOp, Expr } from '@journey/engine';

/** Alternatives looked at before giving up: a condition with more of them is taken to be possible. */
const MAX_ALTERNATIVES = 64;
const DAY = 86_400_000;
/** Says nothing about what a condition means. */
const SILENT = new Set(['at', 'text', 'via', 'order']);

const keys = new WeakMap<object, string>();

/** The same text for parts of a plan that mean the same. */
export function keyOf(part: object): string {
  let key = keys.get(part);
  if (key === undefined) {
    key = JSON.stringify(part, (name, value) => (SILENT.has(name) ? undefined : value));
    keys.set(part, key);
  }
  return key;
}

/** Whether no row at all can meet the condition. */
export function isImpossible(condition: Expr): boolean {
  const alternatives = alternativesOf(condition, true);
  return alternatives?.every(conflict) ?? false;
}

/** Whether every row that meets `given` meets `wanted` too; an absent condition is always met. */
export function implies(given: Expr | undefined, wanted: Expr | undefined): boolean {
  if (!wanted) return true;
  const parts = wanted.kind === 'and' ? wanted.operands : [wanted];
  return parts.every(part => {
    const not: Expr = { kind: 'not', operand: part, at: part.at };
    return isImpossible(given ? { kind: 'and', operands: [given, not], at: part.at } : not);
  });
}

/** A condition that has no `and`, `or` or `not` in it, or its opposite. */
interface Atom {
  expr: Expr;
  holds: boolean;
}

/** The ways in which a condition can hold, each a list of atoms that hold together; undefined where there are too many. */
function alternativesOf(expr: Expr, holds: boolean): Atom[][] | undefined {
  switch (expr.kind) {
    case 'not':
      return alternativesOf(expr.operand, !holds);
    case 'and':
    case 'or': {
      const each = expr.operands.map(operand => alternativesOf(operand, holds));
      if (each.some(part => part === undefined)) return undefined;
      const parts = each as Atom[][][];
      return (expr.kind === 'and') === holds ? product(parts) : bounded(parts.flat());
    }
    default:
      return [[{ expr, holds }]];
  }
}

function product(parts: Atom[][][]): Atom[][] | undefined {
  let all: Atom[][] = [[]];
  for (const part of parts) {
    all = all.flatMap(one => part.map(other => [...one, ...other]));
    if (all.length > MAX_ALTERNATIVES) return undefined;
  }
  return all;
}

const bounded = (all: Atom[][]) => (all.length > MAX_ALTERNATIVES ? undefined : all);

/** What atoms say together of one value. */
interface Facts {
  /** Some comparison holds that a missing value would fail. */
  present: boolean;
  missing: boolean;
  equals: Value[];
  /** One of each of these. */
  among: Value[][];
  differs: Value[];
  low: { value: number; open: boolean };
  high: { value: number; open: boolean };
  /** Orders that hold, unless the value is missing. */
  unlessMissing: { op: CompareOp; other: Expr }[];
}
type Value = string | number | boolean;

function conflict(atoms: Atom[]): boolean {
  const facts = new Map<string, Facts>();
  const said = new Map<string, boolean>();
  for (const { expr, holds } of atoms) {
    const key = keyOf(expr);
    if ((said.get(key) ?? holds) !== holds) return true;
    said.set(key, holds);
    if (!note(expr, holds, facts)) return true;
  }
  return [...facts.values()].some(isConflict);
}

/** @returns false where the atom alone can't hold */
function note(expr: Expr, holds: boolean, facts: Map<string, Facts>): boolean {
  switch (expr.kind) {
    case 'isNull': {
      const about = factsOf(expr.operand, facts);
      if (expr.negated === holds) about.present = true;
      else about.missing = true;
      return true;
    }
    case 'in': {
      const values = expr.values.map(constantOf);
      const positive = expr.negated !== holds;
      const about = factsOf(expr.operand, facts);
      if (positive) about.present = true;
      if (values.some(value => value === undefined)) return true;
      if (positive) about.among.push(values as Value[]);
      else about.differs.push(...(values as Value[]));
      return true;
    }
    case 'like':
    case 'matches':
      if (expr.negated !== holds) factsOf(expr.operand, facts).present = true;
      return true;
    case 'compare':
      return noteComparison(expr, holds, facts);
    default:
      return true;
  }
}

const FLIPPED: Record<CompareOp, CompareOp> = { '=': '=', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const OPPOSITE: Record<CompareOp, CompareOp> = { '=': '!=', '!=': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

function noteComparison(expr: Extract<Expr, { kind: 'compare' }>, holds: boolean, facts: Map<string, Facts>): boolean {
  const flipped = isConstant(expr.left) && !isConstant(expr.right);
  const [operand, other] = flipped ? [expr.right, expr.left] : [expr.left, expr.right];
  if (!isConstant(other) || isConstant(operand)) return true;
  const written = flipped ? FLIPPED[expr.op] : expr.op;
  const about = factsOf(operand, facts);
  const op = holds ? written : OPPOSITE[written];
  // The opposite of an order holds for a missing value too; only where the value is known to be present does it say anything.
  if (!holds && op !== '!=' && op !== '=') {
    about.unlessMissing.push({ op, other });
    return true;
  }
  apply(about, op, other);
  return true;
}

function apply(about: Facts, op: CompareOp, other: Expr): void {
  if (op !== '!=') about.present = true;
  if (other.kind === 'instant') {
    // A date is its whole day; where in it doesn't matter for being sure.
    const day = other.text.length <= 10 ? DAY : 0;
    if (op === '=' || op === '>' || op === '>=') raise(about, other.value, op === '>' && day === 0);
    if (op === '=' || op === '<' || op === '<=') lower(about, other.value + (op === '<' ? 0 : day), op === '<' || day > 0);
    return;
  }
  const value = constantOf(other);
  if (value === undefined) return;
  if (op === '=') about.equals.push(value);
  else if (op === '!=') about.differs.push(value);
  const number = numberOf(value);
  if (number === undefined) return;
  if (op === '>' || op === '>=') raise(about, number, op === '>');
  if (op === '<' || op === '<=') lower(about, number, op === '<');
}

function raise(about: Facts, value: number, open: boolean): void {
  if (value > about.low.value || (value === about.low.value && open)) about.low = { value, open };
}
function lower(about: Facts, value: number, open: boolean): void {
  if (value < about.high.value || (value === about.high.value && open)) about.high = { value, open };
}

function factsOf(operand: Expr, facts: Map<string, Facts>): Facts {
  const key = keyOf(operand);
  let about = facts.get(key);
  if (!about) {
    const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map(value => ({ value, open: false }));
    about = { present: false, missing: false, equals: [], among: [], differs: [], low, high, unlessMissing: [] };
    facts.set(key, about);
  }
  return about;
}

function isConflict(about: Facts): boolean {
  if (about.present) for (const { op, other } of about.unlessMissing) apply(about, op, other);
  if (about.present && about.missing) return true;
  const { low, high } = about;
  if (low.value > high.value || (low.value === high.value && (low.open || high.open))) return true;
  const sets = [...about.equals.map(value => [value]), ...about.among];
  if (sets.length === 0) return false;
  // Some value must be in every set, differ from all that are ruled out, and lie within the bounds.
  return !sets[0].some(
    value =>
      sets.every(set => set.some(other => isSame(value, other) !== false)) &&
      about.differs.every(other => isSame(value, other) !== true) &&
      isWithin(value, about),
  );
}

function isWithin(value: Value, { low, high }: Facts): boolean {
  const number = numberOf(value);
  if (number === undefined) return true;
  return (number > low.value || (number === low.value && !low.open)) && (number < high.value || (number === high.value && !high.open));
}

/** Whether two literals are equal to one value; undefined where that depends on the column. */
function isSame(left: Value, right: Value): boolean | undefined {
  const [a, b] = [numberOf(left), numberOf(right)];
  // Two texts for one number are equal where the column holds numbers, and differ where it holds texts.
  if (a !== undefined && b !== undefined) return a === b ? left === right || typeof left !== typeof right || undefined : false;
  return typeof left === typeof right ? left === right : undefined;
}

/** A number, or a text that reads as one. */
function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

function constantOf(expr: Expr): Value | undefined {
  if (expr.kind === 'negate') {
    const value = constantOf(expr.operand);
    return typeof value === 'number' ? -value : undefined;
  }
  if (expr.kind === 'duration') return expr.value;
  return expr.kind === 'literal' && expr.value !== null && expr.value !== '' ? expr.value : undefined;
}

const isConstant = (expr: Expr): boolean =>
  expr.kind === 'literal' || expr.kind === 'instant' || expr.kind === 'duration' || (expr.kind === 'negate' && isConstant(expr.operand));
