/** Conditions mean the same whether SQLite decides them or the few lines of an obvious evaluator do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompareOp, Expr } from '../plan.ts';
import { at, column, compare, engineOver, filesOf, literal, named, plan, rows, source } from '../testing.ts';

/** Which of the rows (by `id`) of a file meet each condition. */
async function meeting(file: string, content: string, conditions: Record<string, Expr>): Promise<Record<string, number>> {
  const engine = engineOver(filesOf({ [file]: content }));
  const constant = { event: { kind: 'constant' as const, name: 'row', at: at() } };
  const events = named(Object.fromEntries(Object.entries(conditions).map(([name, where]) => [name, rows('a', 'row', where)])));
  const { result, problems } = await engine.preview(plan([source('a', file, constant)], { events }));
  expect(problems.filter(problem => problem.severity === 'error')).toEqual([]);
  engine.dispose();
  // Nothing is withheld.
  return result.events as Record<string, number>;
}
/** Whether a condition holds on a single NDJSON row. */
async function holds(row: Record<string, unknown>, where: Expr): Promise<boolean> {
  const { it } = await meeting('a.ndjson', JSON.stringify({ time: '2026-01-01', user: 'u', ...row }), { it: where });
  return it === 1;
}

const NOT = (operand: Expr): Expr => ({ kind: 'not', operand, at: at() });
const IN = (operand: Expr, values: (string | number | null)[], negated = false): Expr => ({
  kind: 'in',
  negated,
  operand,
  values: values.map(literal),
  at: at(),
});
const LIKE = (operand: Expr, pattern: string, ignoreCase = false, negated = false): Expr => ({
  kind: 'like',
  negated,
  ignoreCase,
  operand,
  pattern,
  at: at(),
});
const MATCHES = (operand: Expr, regex: string, flags = ''): Expr => ({ kind: 'matches', negated: false, operand, regex, flags, at: at() });
const CALL = (fn: (Expr & { kind: 'call' })['fn'], ...args: Expr[]): Expr => ({ kind: 'call', fn, args, at: at() });
const MATH = (op: '+' | '-' | '*' | '/', left: Expr, right: Expr): Expr => ({ kind: 'arithmetic', op, left, right, at: at() });
const NULL = (operand: Expr, negated = false): Expr => ({ kind: 'isNull', negated, operand, at: at() });
const DAY = (text: string): Expr => ({ kind: 'instant', text, value: Date.parse(text), at: at() });
const x = column('x');
const y = column('y');

describe('two-valued logic', () => {
  test.each<[string, Expr, Record<string, boolean>]>([
    // condition; whether it holds where x is 1, 2, missing
    ['x = 1', compare('=', x, literal(1)), { one: true, two: false, missing: false }],
    ['x != 1', compare('!=', x, literal(1)), { one: false, two: true, missing: true }],
    ['not x = 1', NOT(compare('=', x, literal(1))), { one: false, two: true, missing: true }],
    ['not x != 1', NOT(compare('!=', x, literal(1))), { one: true, two: false, missing: false }],
    ['x < 2', compare('<', x, literal(2)), { one: true, two: false, missing: false }],
    ['not x < 2', NOT(compare('<', x, literal(2))), { one: false, two: true, missing: true }],
    ['x in (1)', IN(x, [1]), { one: true, two: false, missing: false }],
    ['x not in (1)', IN(x, [1], true), { one: false, two: true, missing: true }],
    ['x in (1, null)', IN(x, [1, null]), { one: true, two: false, missing: false }],
    ['x not in (1, null)', IN(x, [1, null], true), { one: false, two: true, missing: true }],
    ['x is null', NULL(x), { one: false, two: false, missing: true }],
    ['x is not null', NULL(x, true), { one: true, two: true, missing: false }],
    ['x = null', compare('=', x, literal(null)), { one: false, two: false, missing: false }],
    ['x != null', compare('!=', x, literal(null)), { one: true, two: true, missing: true }],
    ['x = x', compare('=', x, x), { one: true, two: true, missing: false }],
    ['x != x', compare('!=', x, x), { one: false, two: false, missing: true }],
    ['x + 1 = 2', compare('=', MATH('+', x, literal(1)), literal(2)), { one: true, two: false, missing: false }],
    ['x / 0 is null', NULL(MATH('/', x, literal(0))), { one: true, two: true, missing: true }],
    ['x like "1%"', LIKE(x, '1%'), { one: true, two: false, missing: false }],
    ['x not like "1%"', LIKE(x, '1%', false, true), { one: false, two: true, missing: true }],
  ])('%s', async (_, condition, expected) => {
    expect({
      one: await holds({ x: 1 }, condition),
      two: await holds({ x: 2 }, condition),
      missing: await holds({ x: null }, condition),
    }).toEqual(expected);
  });
});

test.each<[string, Record<string, unknown>, Expr, boolean]>([
  ['7 / 2 is 3.5', { x: 7 }, compare('=', MATH('/', x, literal(2)), literal(3.5)), true],
  ['a number column with a numeric text', { x: 17 }, compare('=', x, literal('17.0')), true],
  ['a number column with a text that is no number is missing', { x: 17 }, compare('=', x, literal('many')), false],
  ['a text column with a number reads the text as a number', { x: '0017' }, compare('=', x, literal(17)), true],
  ['and is missing where it is none', { x: 'n/a' }, compare('<', x, literal(17)), false],
  ['texts compare by code point', { x: 'Z' }, compare('<', x, literal('a')), true],
  ['the empty text is missing', { x: '' }, NULL(x), true],
  ['so is what is empty after trimming', { x: '  ' }, NULL(CALL('trim', x)), true],
  ['booleans', { x: true }, compare('=', x, literal(true)), true],
  ['a boolean on its own', { x: false }, x, false],
  ['a boolean with a number is 1 or 0', { x: true }, compare('=', x, literal(1)), true],
  ['like minds the case', { x: 'Mobile' }, LIKE(x, 'mobile'), false],
  ['ilike does not, beyond ASCII too', { x: 'ÄPFEL' }, LIKE(x, 'äpf%', true), true],
  ['_ is one character', { x: 'cat' }, LIKE(x, 'c_t'), true],
  ['what GLOB would take for a wildcard is itself', { x: 'a*[b]?' }, LIKE(x, 'a*[b]?'), true],
  ['and no wildcard', { x: 'axxb' }, LIKE(x, 'a*b'), false],
  ['lower beyond ASCII', { x: 'ÄÖÜ' }, compare('=', CALL('lower', x), literal('äöü')), true],
  ['concat leaves out what is missing', { x: 'a' }, compare('=', CALL('concat', x, y, literal('c')), literal('ac')), true],
  ['coalesce', { x: null, y: 'b' }, compare('=', CALL('coalesce', x, y, literal('c')), literal('b')), true],
  ['substr counts from 1', { x: 'abcdef' }, compare('=', CALL('substr', x, literal(2), literal(3)), literal('bcd')), true],
  ['replace by nothing', { x: 'a-b' }, compare('=', CALL('replace', x, literal('-'), literal('')), literal('ab')), true],
  ['length', { x: 'äöü' }, compare('=', CALL('length', x), literal(3)), true],
  ['round', { x: 2.5 }, compare('=', CALL('round', x), literal(3)), true],
  ['a quote in a text', { x: "O'Hara" }, compare('=', x, literal("O'Hara")), true],
  ['a calculated number as text', { x: 3 }, compare('=', CALL('concat', MATH('+', x, literal(1)), literal('!')), literal('4!')), true],
  ['matches finds anywhere', { x: 'order-17' }, MATCHES(x, '\\d+$'), true],
  ['matches with a flag', { x: 'ORDER' }, MATCHES(x, '^order$', 'i'), true],
  ['a date stands for its day', { x: '2026-03-01T23:59:59.999Z' }, compare('=', x, DAY('2026-03-01')), true],
  ['up to a date includes it', { x: '2026-03-01T12:00:00Z' }, compare('<=', x, DAY('2026-03-01')), true],
  ['after a date begins the next day', { x: '2026-03-01T12:00:00Z' }, compare('>', x, DAY('2026-03-01')), false],
  ['the date may stand first', { x: '2026-03-02' }, compare('<', DAY('2026-03-01'), x), true],
  ['epochs are times beside a date', { x: 1767265200 }, compare('=', x, DAY('2026-01-01')), true],
  [
    'two times differ by a duration',
    { x: '2026-03-03', y: '2026-03-01' },
    compare('>', MATH('-', x, y), { kind: 'duration', value: 86_400_000, at: at() }),
    true,
  ],
])('%s', async (_, row, condition, expected) => {
  expect(await holds(row, condition)).toBe(expected);
});

test('a column that is mixed compares as text: 9 is not below 10 then', async () => {
  const lines = [{ x: 9 }, { x: 'many' }].map(row => JSON.stringify({ time: '2026-01-01', ...row })).join('\n');
  const counts = await meeting('a.ndjson', lines, {
    below: compare('<', x, literal(10)),
    nine: compare('=', x, literal(9)),
    notIn: IN(x, [9], true),
  });
  expect(counts).toEqual({ below: 0, nine: 1, notIn: 1 });
});

test('a pattern that brings backtracking to its knees is decided at once', async () => {
  const started = performance.now();
  expect(await holds({ x: `${'a'.repeat(50_000)}!` }, MATCHES(x, '^(a+)+$'))).toBe(false);
  expect(performance.now() - started).toBeLessThan(5000);
});

test('a pattern that is not supported is told, and matches nothing', async () => {
  const engine = engineOver(filesOf({ 'a.csv': 'time,event,user,x\n2026-01-01,row,u,abc\n' }));
  const where = { ...MATCHES(x, 'a(?=b)'), at: at(9) };
  const { result, problems } = await engine.preview(plan([source('a', 'a.csv')], { events: named({ it: rows('a', 'row', where) }) }));
  expect(result.events.it).toBe(0);
  expect(problems).toMatchObject([
    {
      code: 'regex-unsupported',
      severity: 'error',
      at: at(9),
      message: '/a(?=b)/ matches nothing: look-ahead and look-behind are not supported (RE2 syntax, as in warehouses)',
    },
  ]);
  engine.dispose();
});

test('chains longer than SQLite takes', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => i);
  const parts = many.map(i => compare('=', x, literal(i)));
  expect(await holds({ x: 4999 }, { kind: 'or', operands: parts, at: at() })).toBe(true);
  expect(await holds({ x: 4999 }, IN(x, many))).toBe(true);
  expect(
    await holds({ x: 4999, y: 1 }, { kind: 'in', negated: false, operand: x, values: many.map(i => (i % 2 ? literal(i) : y)), at: at() }),
  ).toBe(true);
});

// ---------------------------------------------------------------- the same, at random

type Row = Record<'n' | 'm' | 's' | 'r' | 'b', string>;
type Value = string | number | boolean | null;

/** The value of an expression on one row, in the plainest words. */
function evaluate(expr: Expr, row: Row): Value {
  switch (expr.kind) {
    case 'literal':
      return expr.value === '' ? null : expr.value;
    case 'column': {
      const name = expr.column.path[0] as keyof Row;
      if (row[name] === '') return null;
      return name === 'n' || name === 'm' ? Number(row[name]) : name === 'b' ? row[name] === 'true' : row[name];
    }
    case 'arithmetic': {
      const l = evaluate(expr.left, row);
      const r = evaluate(expr.right, row);
      if (l === null || r === null || (expr.op === '/' && Number(r) === 0)) return null;
      const [a, b] = [Number(l), Number(r)];
      return expr.op === '+' ? a + b : expr.op === '-' ? a - b : expr.op === '*' ? a * b : a / b;
    }
    case 'call': {
      const [text] = expr.args.map(arg => evaluate(arg, row));
      if (text === null) return null;
      const made =
        expr.fn === 'lower' ? String(text).toLowerCase() : expr.fn === 'upper' ? String(text).toUpperCase() : String(text).trim();
      return made === '' ? null : made;
    }
    default:
      return truth(expr, row);
  }
}

function truth(expr: Expr, row: Row): boolean {
  switch (expr.kind) {
    case 'and':
      return expr.operands.every(operand => truth(operand, row));
    case 'or':
      return expr.operands.some(operand => truth(operand, row));
    case 'not':
      return !truth(expr.operand, row);
    case 'compare': {
      const l = evaluate(expr.left, row);
      const r = evaluate(expr.right, row);
      if (l === null || r === null) return expr.op === '!=';
      const order = l === r ? 0 : l < r ? -1 : 1;
      return { '=': order === 0, '!=': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[expr.op];
    }
    case 'in': {
      const v = evaluate(expr.operand, row);
      return expr.values.some(value => v !== null && v === evaluate(value, row)) !== expr.negated;
    }
    case 'isNull':
      return (evaluate(expr.operand, row) === null) !== expr.negated;
    case 'like': {
      const v = evaluate(expr.operand, row);
      const regex = expr.pattern
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('%', '.*')
        .replaceAll('_', '.');
      return (v !== null && new RegExp(`^${regex}$`, expr.ignoreCase ? 'isu' : 'su').test(String(v))) !== expr.negated;
    }
    default:
      return evaluate(expr, row) === true;
  }
}

const numbers = fc.constantFrom('', '0', '1', '2', '-3', '2.5', '10');
const texts = fc.constantFrom('', 'a', 'A', 'ab', 'aB%', "o'x", 'ä', 'Äb', '10', 'b_');
const rowsOf = fc.array(fc.record({ n: numbers, m: numbers, s: texts, r: texts, b: fc.constantFrom('', 'true', 'false') }), {
  minLength: 1,
  maxLength: 12,
});
const op = fc.constantFrom<CompareOp>('=', '!=', '<', '<=', '>', '>=');
const number = fc.letrec<{ it: Expr }>(tie => ({
  it: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(column('n'), column('m')),
    fc.constantFrom(0, 1, 2, 2.5, -3, 10).map(literal),
    fc.tuple(fc.constantFrom('+', '-', '*', '/' as const), tie('it'), tie('it')).map(([o, l, r]) => MATH(o as '+', l, r)),
  ),
})).it;
const text = fc.letrec<{ it: Expr }>(tie => ({
  it: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(column('s'), column('r')),
    texts.map(literal),
    fc.tuple(fc.constantFrom('lower', 'upper', 'trim' as const), tie('it')).map(([fn, arg]) => CALL(fn as 'lower', arg)),
  ),
})).it;
const condition = fc.letrec<{ it: Expr }>(tie => ({
  it: fc.oneof(
    { maxDepth: 3 },
    fc.tuple(op, number, number).map(([o, l, r]) => compare(o, l, r)),
    fc.tuple(op, text, text).map(([o, l, r]) => compare(o, l, r)),
    fc.tuple(number, fc.array(fc.constantFrom(0, 1, 2.5, null)), fc.boolean()).map(([v, values, negated]) => IN(v, values, negated)),
    fc.tuple(text, fc.array(texts), fc.boolean()).map(([v, values, negated]) => IN(v, values, negated)),
    fc
      .tuple(text, fc.constantFrom('a%', '_', '%b%', 'ä%', 'A_', '%', "o'%"), fc.boolean(), fc.boolean())
      .map(([v, pattern, ignore, negated]) => LIKE(v, pattern, ignore, negated)),
    fc.tuple(fc.oneof(number, text), fc.boolean()).map(([v, negated]) => NULL(v, negated)),
    fc.constant(column('b')),
    fc
      .tuple(fc.constantFrom('and', 'or' as const), fc.array(tie('it'), { minLength: 1, maxLength: 3 }))
      .map(([kind, operands]): Expr => ({ kind: kind as 'and', operands, at: at() })),
    tie('it').map(NOT),
  ),
})).it;

test('random conditions over random rows', async () => {
  const quote = (value: string) => `"${value.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(rowsOf, fc.array(condition, { minLength: 1, maxLength: 8 }), async (data, conditions) => {
      // One row of each type keeps the columns what they are; it is not counted.
      const types: Row = { n: '7', m: '7', s: 'text', r: 'text', b: 'true' };
      const all = [types, ...data];
      const csv = `time,n,m,s,r,b\n${all.map(row => ['2026-01-01', row.n, row.m, row.s, row.r, row.b].map(quote).join(',')).join('\n')}\n`;
      const found = await meeting('a.csv', csv, Object.fromEntries(conditions.map((where, i) => [`c${i}`, where])));
      const expected = Object.fromEntries(conditions.map((where, i) => [`c${i}`, all.filter(row => truth(where, row)).length]));
      expect(found).toEqual(expected);
    }),
    { numRuns: 150 },
  );
}, 60_000);
