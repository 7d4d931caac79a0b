/** The type of an expression over the sample's rows, and what in it cannot be meant. */
import type { CompareOp, Expr, Schema } from '@journey/engine';
import type { Finding } from '../project/types.ts';
import { list } from '../text/words.ts';
import { reportUnknownColumn } from './columns.ts';
import { columnName, columnType, findColumn, type Report, type Rows, rowsName, type Type, WORD } from './types.ts';

export interface Typing {
  schema: Schema;
  rows: Rows;
  report: Report;
}

type Of<K extends Expr['kind']> = Extract<Expr, { kind: K }>;

/** @returns the type of the value, after reporting what is wrong inside */
export function typeOf(expr: Expr, typing: Typing): Type {
  switch (expr.kind) {
    case 'literal':
      return expr.value === null ? 'unknown' : typeof expr.value === 'string' ? 'text' : (typeof expr.value as 'number' | 'boolean');
    case 'instant':
      return 'time';
    case 'duration':
      return 'duration';
    case 'column':
      return typeOfColumn(expr, typing);
    case 'compare':
      checkPair(expr.left, typeOf(expr.left, typing), expr.right, typeOf(expr.right, typing), expr.op, expr, typing);
      return 'boolean';
    case 'in': {
      const operand = typeOf(expr.operand, typing);
      for (const value of expr.values) checkPair(expr.operand, operand, value, typeOf(value, typing), '=', value, typing);
      return 'boolean';
    }
    case 'arithmetic':
      return typeOfArithmetic(expr, typing);
    case 'negate':
      return needNumber(expr.operand, typeOf(expr.operand, typing), '-', typing);
    case 'and':
    case 'or':
      for (const operand of expr.operands) checkCondition(operand, typing);
      return 'boolean';
    case 'not':
      checkCondition(expr.operand, typing);
      return 'boolean';
    case 'like':
    case 'matches':
      needText(expr.operand, typeOf(expr.operand, typing), expr.kind === 'like' && expr.ignoreCase ? 'ilike' : expr.kind, typing);
      return 'boolean';
    case 'isNull':
      typeOf(expr.operand, typing);
      return 'boolean';
    case 'call':
      return typeOfCall(expr, typing);
  }
}

/** Reports a `where` (or a part of one) that is no condition. */
export function checkCondition(expr: Expr, typing: Typing): void {
  const type = typeOf(expr, typing);
  if (type === 'boolean' || type === 'unknown') return;
  typing.report({
    code: 'not-a-condition',
    severity: 'warning',
    message: `${subject(expr, typing)} is ${WORD[type]}, no condition: compare it with something, such as ${text(expr)} ${type === 'number' ? '> 0' : 'is not null'}`,
    at: expr.at,
  });
}

function typeOfColumn(expr: Of<'column'>, typing: Typing): Type {
  const found = findColumn(typing.schema, typing.rows, expr.column);
  if (found.kind === 'column') return columnType(found.column);
  reportUnknownColumn(found, expr.column, rowsName(typing.rows), typing.report);
  return 'unknown';
}

function typeOfArithmetic(expr: Of<'arithmetic'>, typing: Typing): Type {
  const left = typeOf(expr.left, typing);
  const right = typeOf(expr.right, typing);
  // Times and lengths of time may be added and subtracted; what comes out depends on both.
  if (isTemporal(left) && isTemporal(right)) return 'unknown';
  needNumber(expr.left, left, expr.op, typing);
  needNumber(expr.right, right, expr.op, typing);
  return 'number';
}

/** What a function takes, by argument (the last goes for all further ones), and what it gives. */
const SIGNATURES: Record<Of<'call'>['fn'], { takes: ('text' | 'number' | 'any')[]; gives: Type | 'first' }> = {
  lower: { takes: ['text'], gives: 'text' },
  upper: { takes: ['text'], gives: 'text' },
  trim: { takes: ['text'], gives: 'text' },
  length: { takes: ['text'], gives: 'number' },
  coalesce: { takes: ['any'], gives: 'first' },
  concat: { takes: ['any'], gives: 'text' },
  substr: { takes: ['text', 'number'], gives: 'text' },
  replace: { takes: ['text'], gives: 'text' },
  abs: { takes: ['number'], gives: 'number' },
  round: { takes: ['number'], gives: 'number' },
};

function typeOfCall(expr: Of<'call'>, typing: Typing): Type {
  const { takes, gives } = SIGNATURES[expr.fn];
  const types = expr.args.map((arg, i) => {
    const type = typeOf(arg, typing);
    const wanted = takes[Math.min(i, takes.length - 1)];
    if (wanted === 'number') needNumber(arg, type, expr.fn, typing);
    if (wanted === 'text') needText(arg, type, expr.fn, typing);
    return type;
  });
  if (gives !== 'first') return gives;
  return types.every(type => type === types[0]) ? (types[0] ?? 'unknown') : 'unknown';
}

function needNumber(expr: Expr, type: Type, wanter: string, typing: Typing): Type {
  if (type !== 'number' && type !== 'unknown') {
    const loss = type === 'mixed' ? 'only its numbers count, its texts are missing then' : 'the outcome is always missing';
    typing.report({
      code: 'not-a-number',
      severity: 'warning',
      message: `\`${wanter}\` calculates with numbers; ${subject(expr, typing)} is ${WORD[type]}: ${loss}`,
      at: expr.at,
    });
  }
  return 'number';
}

function needText(expr: Expr, type: Type, wanter: string, typing: Typing): void {
  if (type !== 'number' && type !== 'boolean' && type !== 'duration') return;
  typing.report({
    code: 'not-a-text',
    severity: 'warning',
    message: `\`${wanter}\` looks at texts; ${subject(expr, typing)} is ${WORD[type]}${type === 'number' ? ': compare it with =, < or >' : ''}`,
    at: expr.at,
  });
}

/** Two values that are held against each other. */
function checkPair(left: Expr, leftType: Type, right: Expr, rightType: Type, op: CompareOp, whole: Expr, typing: Typing): void {
  if (leftType === 'unknown' || rightType === 'unknown') return;
  const ordering = op !== '=' && op !== '!=';
  const problem = mismatch(left, leftType, right, rightType, ordering);
  if (!problem) return;
  const fix = literalFix(left, leftType, right) ?? literalFix(right, rightType, left);
  typing.report({
    code: 'type-mismatch',
    severity: 'warning',
    message: `${subject(left, typing)} is ${WORD[leftType]} and ${subject(right, typing)} is ${WORD[rightType]}: ${problem}`,
    at: whole.at,
    ...(fix && { fixes: [fix] }),
  });
}

function mismatch(left: Expr, leftType: Type, right: Expr, rightType: Type, ordering: boolean): string | undefined {
  const types = [leftType, rightType];
  if (types.includes('mixed')) {
    return ordering && types.includes('number') ? 'they are compared as texts, so that "10" stands before "9"' : undefined;
  }
  if (leftType === rightType) return undefined;
  // Times are stored as they are written, so a text may be held against a column of them; a date in the text needs times.
  const texts = [left, right].filter(side => side.kind !== 'instant').length === 2;
  if (types.includes('time') && types.includes('text') && texts) return undefined;
  if (types.includes('time') && !texts) return 'a date compares with a column of times';
  return ordering ? 'one is never less or more than the other' : 'they are never equal';
}

/** Quotes put around a literal, or taken off it, so that it fits what it is compared with. */
function literalFix(literal: Expr, type: Type, other: Expr): NonNullable<Finding['fixes']>[number] | undefined {
  if (literal.kind !== 'literal' || other.kind === 'literal' || literal.value === null) return undefined;
  const value = String(literal.value);
  const plain = /^(-?\d+(\.\d+)?|true|false)$/.test(value);
  if (!plain) return undefined;
  const replaced = type === 'text' ? value : JSON.stringify(value);
  return { title: `Write ${replaced}`, edits: [{ at: literal.at, text: replaced }] };
}

function isTemporal(type: Type): boolean {
  return type === 'time' || type === 'duration' || type === 'unknown';
}

/** An expression in a sentence: a column is said with the rows it belongs to. */
function subject(expr: Expr, typing: Typing): string {
  if (expr.kind !== 'column') return text(expr);
  return expr.column.table ? `\`${columnName(expr.column)}\`` : `\`${columnName(expr.column)}\` of ${rowsName(typing.rows)}`;
}

/** An expression as it might be written, short. */
function text(expr: Expr): string {
  switch (expr.kind) {
    case 'literal':
      return JSON.stringify(expr.value);
    case 'instant':
      return expr.text;
    case 'column':
      return columnName(expr.column);
    case 'call':
      return `${expr.fn}(${list(expr.args.map(text))})`;
    default:
      return 'this';
  }
}
