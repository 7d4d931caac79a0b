import type { ColumnRef, CompareOp, Expr } from '../plan.ts';
import { TimeReader } from '../read/time.ts';
import type { Zone } from '../read/zone.ts';
import type { ColumnSchema } from '../result.ts';
import { numberOf } from './expr.ts';

/**
 * Conditions and expressions as SQLite, with the language's own rules instead of SQL's:
 * two-valued logic, the empty text is missing, numbers are floating, comparisons convert as `kindOfComparison` says.
 */
export interface Scope {
  /** SQL for a column's value as text, null where missing. */
  column(ref: ColumnRef): { sql: string; type: ColumnSchema['type'] };
  /** Texts hold nothing but ASCII: SQLite's own lower() and upper() will do. */
  ascii: boolean;
  zone: Zone;
  /** SQL function from text to ms in the scope's zone. */
  instant: string;
  /** A number for a pattern that the function `matches(text, number)` knows; null where it is invalid. */
  pattern(regex: string, flags: string): number | null;
}

type Type = 'text' | 'number' | 'boolean' | 'time' | 'mixed' | 'missing';

const DATE_ONLY = /^\s*\d{4}-\d\d-\d\d\s*$/;
const DAY_END: Partial<Record<CompareOp, boolean>> = { '<=': true, '>': true };
const MIRRORED: Record<CompareOp, CompareOp> = { '=': '=', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export function compileCondition(expr: Expr, scope: Scope): string {
  return new Compiler(scope).condition(expr);
}
/** The expression's value as a text, null where missing. */
export function compileText(expr: Expr, scope: Scope): string {
  return new Compiler(scope).text(expr);
}

class Compiler {
  private readonly scope: Scope;
  private readonly times: TimeReader;

  constructor(scope: Scope) {
    this.scope = scope;
    this.times = new TimeReader(scope.zone);
  }

  typeOf(expr: Expr): Type {
    switch (expr.kind) {
      case 'literal':
        return expr.value === null || expr.value === ''
          ? 'missing'
          : typeof expr.value === 'number'
            ? 'number'
            : typeof expr.value === 'boolean'
              ? 'boolean'
              : 'text';
      case 'instant':
        return 'time';
      case 'duration':
      case 'arithmetic':
      case 'negate':
        return 'number';
      case 'column': {
        const type = this.scope.column(expr.column).type;
        return type === 'empty' ? 'missing' : type;
      }
      case 'call':
        if (expr.fn === 'length' || expr.fn === 'abs' || expr.fn === 'round') return 'number';
        if (expr.fn !== 'coalesce') return 'text';
        return expr.args
          .map(arg => this.typeOf(arg))
          .reduce((a, b) => (a === 'missing' ? b : b === 'missing' || a === b ? a : 'text'), 'missing');
      default:
        return 'boolean';
    }
  }

  /** 1 or 0, never null. */
  condition(expr: Expr): string {
    switch (expr.kind) {
      case 'compare':
        return this.compare(expr.op, expr.left, expr.right);
      case 'and':
      case 'or':
        return grouped(
          expr.operands.map(operand => this.condition(operand)),
          expr.kind === 'and' ? ' AND ' : ' OR ',
        );
      case 'not':
        return `(NOT ${this.condition(expr.operand)})`;
      case 'in':
        return this.in(expr.operand, expr.values, expr.negated);
      case 'like':
        return negated(expr.negated, this.like(expr.operand, expr.pattern, expr.ignoreCase));
      case 'matches': {
        const id = this.scope.pattern(expr.regex, expr.flags);
        return negated(expr.negated, id === null ? '0' : `coalesce(matches(${this.text(expr.operand)}, ${id}), 0)`);
      }
      case 'isNull':
        return `(${this.text(expr.operand)} IS ${expr.negated ? 'NOT ' : ''}NULL)`;
      default:
        // A value on its own: true is true, and so is every number but 0.
        return this.typeOf(expr) === 'number'
          ? `coalesce(${this.number(expr)} <> 0, 0)`
          : `coalesce(lower(${this.text(expr)}) = 'true', 0)`;
    }
  }

  /**
   * How two values are compared: as times where one is a time and the other could be; as texts where one is mixed; as
   * numbers where one is a number (a text that is none is missing then); else as texts, by code point.
   */
  private compare(op: CompareOp, left: Expr, right: Expr): string {
    if (left.kind === 'instant' && right.kind !== 'instant') return this.compare(MIRRORED[op], right, left);
    const l = this.typeOf(left);
    const r = this.typeOf(right);
    if (l === 'time' || r === 'time') {
      if (right.kind === 'instant' && DATE_ONLY.test(right.text)) return this.compareDay(op, this.instant(left), right);
      return plain(op, this.instant(left), this.instant(right));
    }
    if (l === 'mixed' || r === 'mixed') return plain(op, this.text(left), this.text(right));
    if (l === 'number' || r === 'number') return plain(op, this.number(left), this.number(right));
    return plain(op, this.text(left), this.text(right));
  }

  /** A date stands for its whole day: equal within it, after it only once it is over. */
  private compareDay(op: CompareOp, left: string, day: Expr & { kind: 'instant' }): string {
    const from = this.moment(day);
    const to = this.scope.zone.endOfDay(from);
    if (op === '=' || op === '!=') return negated(op === '!=', `coalesce(${left} BETWEEN ${real(from)} AND ${real(to)}, 0)`);
    return plain(op, left, real(DAY_END[op] ? to : from));
  }

  private in(operand: Expr, values: Expr[], negate: boolean): string {
    const simple = values.filter(value => value.kind === 'literal' && value.value !== null && value.value !== '');
    const type = this.typeOf(operand);
    const asNumber = simple.filter(value => type === 'number' || (this.typeOf(value) === 'number' && type !== 'mixed' && type !== 'time'));
    const asText = type === 'time' ? [] : simple.filter(value => !asNumber.includes(value));
    const others = values.filter(value => !asNumber.includes(value) && !asText.includes(value));
    const parts = others.map(value => this.compare('=', operand, value));
    const numbers = asNumber.map(value => this.number(value)).filter(sql => sql !== 'NULL');
    if (numbers.length) parts.push(`coalesce(${this.number(operand)} IN (${numbers.join(', ')}), 0)`);
    if (asText.length) parts.push(`coalesce(${this.text(operand)} IN (${asText.map(value => this.text(value)).join(', ')}), 0)`);
    return negated(negate, parts.length ? grouped(parts, ' OR ') : '0');
  }

  private like(operand: Expr, pattern: string, ignoreCase: boolean): string {
    // LIKE ignores the case of ASCII only; GLOB minds it, and has other wildcards.
    if (!ignoreCase)
      return `coalesce(${this.text(operand)} GLOB ${quoted(pattern.replace(/[[*?]|%+|_/g, c => (c === '_' ? '?' : c[0] === '%' ? '*' : `[${c}]`)))}, 0)`;
    const ascii = this.scope.ascii && isAscii(pattern);
    return `coalesce(${ascii ? this.text(operand) : `fold_lower(${this.text(operand)})`} LIKE ${quoted(ascii ? pattern : pattern.toLowerCase())}, 0)`;
  }

  number(expr: Expr): string {
    switch (expr.kind) {
      case 'literal': {
        const { value } = expr;
        if (typeof value === 'string') return real(numberOf(value));
        return value === null ? 'NULL' : real(Number(value));
      }
      case 'instant':
        return real(this.moment(expr));
      case 'duration':
        return real(expr.value);
      case 'column': {
        const { sql, type } = this.scope.column(expr.column);
        if (type === 'number') return `CAST(${sql} AS REAL)`;
        if (type === 'boolean') return `(lower(${sql}) = 'true')`;
        return type === 'time' ? `${this.scope.instant}(${sql})` : `number(${sql})`;
      }
      case 'negate':
        return `(-${this.number(expr.operand)})`;
      case 'arithmetic':
        return this.arithmetic(expr);
      case 'call':
        if (expr.fn === 'length') return `length(${this.text(expr.args[0])})`;
        if (expr.fn === 'abs') return `abs(${this.number(expr.args[0])})`;
        if (expr.fn === 'round') return `round(${expr.args.map(arg => this.number(arg)).join(', ')})`;
        if (expr.fn === 'coalesce') return coalesced(expr.args.map(arg => this.number(arg)));
        return `number(${this.text(expr)})`;
      default:
        return this.condition(expr);
    }
  }

  /** Two texts that hold times, or one with an instant or a duration, calculate in milliseconds. */
  private arithmetic(expr: Expr & { kind: 'arithmetic' }): string {
    const temporal = (part: Expr): boolean => part.kind === 'duration' || this.typeOf(part) === 'time';
    const value = (part: Expr, other: Expr): string =>
      temporal(other) && this.typeOf(part) !== 'number' ? this.instant(part) : this.number(part);
    return `(${value(expr.left, expr.right)} ${expr.op} ${value(expr.right, expr.left)})`;
  }

  private instant(expr: Expr): string {
    if (expr.kind === 'instant') return real(this.moment(expr));
    if (expr.kind === 'literal' && typeof expr.value === 'string') {
      const ms = this.times.text(expr.value);
      return !Number.isNaN(ms) ? real(ms) : 'NULL';
    }
    if (expr.kind === 'call' && expr.fn === 'coalesce') return coalesced(expr.args.map(arg => this.instant(arg)));
    if (expr.kind !== 'column' && this.typeOf(expr) === 'number') return this.number(expr);
    return `${this.scope.instant}(${this.text(expr)})`;
  }

  /** What is written without an offset is read in the source's zone, as its rows are. */
  private moment(expr: Expr & { kind: 'instant' }): number {
    const ms = this.times.text(expr.text);
    return !Number.isNaN(ms) ? ms : expr.value;
  }

  text(expr: Expr): string {
    switch (expr.kind) {
      case 'literal':
        return expr.value === null || expr.value === '' ? 'NULL' : quoted(String(expr.value));
      case 'instant':
        return quoted(expr.text);
      case 'column': {
        const { sql, type } = this.scope.column(expr.column);
        return type === 'boolean' ? `lower(${sql})` : sql;
      }
      case 'duration':
      case 'arithmetic':
      case 'negate':
        return `written(${this.number(expr)})`;
      case 'call':
        return this.call(expr);
      default:
        return `CASE WHEN ${this.condition(expr)} THEN 'true' ELSE 'false' END`;
    }
  }

  private call(expr: Expr & { kind: 'call' }): string {
    const args = () => expr.args.map(arg => this.text(arg));
    switch (expr.fn) {
      case 'length':
      case 'abs':
      case 'round':
        return `written(${this.number(expr)})`;
      case 'coalesce':
        return coalesced(args());
      case 'concat':
        return `nullif(${
          args()
            .map(arg => `coalesce(${arg}, '')`)
            .join(' || ') || "''"
        }, '')`;
      case 'lower':
      case 'upper':
        return `${this.scope.ascii ? '' : 'fold_'}${expr.fn}(${args().join(', ')})`;
      case 'substr':
        return `nullif(substr(${[this.text(expr.args[0]), ...expr.args.slice(1).map(arg => this.number(arg))].join(', ')}), '')`;
      case 'replace':
        // To replace by nothing is to replace by the empty text, which is missing everywhere else.
        return `nullif(replace(${args()
          .map((arg, i) => (i === 2 ? `coalesce(${arg}, '')` : arg))
          .join(', ')}), '')`;
      case 'trim':
        return `nullif(trim(${args()[0]}, ${quoted(' \t\r\n\u00a0')}), '')`;
    }
  }
}

const plain = (op: CompareOp, l: string, r: string): string => `coalesce(${l} ${op === '!=' ? '<>' : op} ${r}, ${op === '!=' ? 1 : 0})`;
const negated = (negate: boolean, sql: string): string => (negate ? `(NOT ${sql})` : sql);
const coalesced = (parts: string[]): string => (parts.length > 1 ? `coalesce(${parts.join(', ')})` : (parts[0] ?? 'NULL'));
const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

/** SQLite bounds the depth of an expression at 1,000, and a chain is as deep as it is long. */
function grouped(parts: string[], operator: string): string {
  if (parts.length <= 50) return `(${parts.join(operator)})`;
  const groups: string[] = [];
  for (let i = 0; i < parts.length; i += 50) groups.push(grouped(parts.slice(i, i + 50), operator));
  return grouped(groups, operator);
}

/** A number as SQLite reads it back exactly, and never as an integer: 7 / 2 is 3.5. */
function real(value: number): string {
  if (!Number.isFinite(value)) return 'NULL';
  const text = String(value);
  return `(${/[.e]/.test(text) ? text : `${text}.0`})`;
}
