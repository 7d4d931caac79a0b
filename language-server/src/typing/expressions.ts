/** The type of an expression over the sample's rows, and what in it cannot be meant. */
import { type CompareOp, type Expr, formatDuration, type Schema } from '@journey/engine';
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
    const loss = type === 'mixed' ? 'only its numbers count, its texts are missing then' : 'what is no number counts as missing';
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

/** Two values that are held against each other, as the engine does: as times, as numbers, or as texts. */
function checkPair(left: Expr, leftType: Type, right: Expr, rightType: Type, op: CompareOp, whole: Expr, typing: Typing): void {
  const problem = mismatch({ expr: left, type: leftType }, { expr: right, type: rightType }, op, typing);
  if (!problem) return;
  typing.report({
    code: 'type-mismatch',
    severity: 'warning',
    message: `${subject(left, typing)} is ${WORD[leftType]} and ${subject(right, typing)} is ${WORD[rightType]}: ${problem}`,
    at: whole.at,
  });
}

interface Side {
  expr: Expr;
  type: Type;
}

function mismatch(left: Side, right: Side, op: CompareOp, typing: Typing): string | undefined {
  const sides = [left, right];
  const side = (type: Type) => sides.find(one => one.type === type);
  if (side('unknown') || left.type === right.type) return undefined;
  const outcome = op === '!=' ? 'this is always true' : 'this is never true';
  const [time, text, boolean, length, mixed] = [side('time'), side('text'), side('boolean'), side('duration'), side('mixed')];
  const number = side('number');

  if (length) return `a length of time compares with the difference of two times`;
  if (time && text) {
    if (text.expr.kind === 'literal') return readsAsTime(text.expr.value) ? undefined : outcome;
    return 'it compares only where the text holds a time, and counts as missing elsewhere';
  }
  if (time && number && time.expr.kind === 'instant' && looksLikeEpoch(number.expr, typing)) return undefined;
  if (time) return 'a date compares with times';
  const ordering = op !== '=' && op !== '!=';
  if (mixed) return number && ordering ? 'they are compared as texts, so that "10" stands before "9"' : undefined;
  if (number && text) {
    if (text.expr.kind === 'literal') return NUMERIC.test(String(text.expr.value)) ? undefined : outcome;
    return `it compares only where the text holds a number, and counts as missing elsewhere${number.expr.kind === 'literal' && !ordering ? `; compare with ${JSON.stringify(String(number.expr.value))} if that is meant` : ''}`;
  }
  if (boolean && text && text.expr.kind === 'literal' && /^(true|false)$/.test(String(text.expr.value))) return undefined;
  if (boolean && number && number.expr.kind === 'literal' && (number.expr.value === 0 || number.expr.value === 1)) return undefined;
  return text?.expr.kind === 'literal' || number?.expr.kind === 'literal' ? outcome : 'they are hardly ever alike';
}

const NUMERIC = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;
const readsAsTime = (value: unknown): boolean => !Number.isNaN(Date.parse(String(value))) || NUMERIC.test(String(value));

/** Seconds since 1970 have had nine digits since 1973; amounts and counts hardly ever do. */
function looksLikeEpoch(expr: Expr, { schema, rows }: Typing): boolean {
  const found = expr.kind === 'column' ? findColumn(schema, rows, expr.column) : undefined;
  const examples = found?.kind === 'column' ? found.column.examples : [];
  return examples.length > 0 && examples.every(value => Number(value) >= 1e8);
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
    case 'duration':
      return formatDuration(expr.value);
    case 'column':
      return columnName(expr.column);
    case 'call':
      return `${expr.fn}(${list(expr.args.map(text))})`;
    default:
      return 'this';
  }
}
