import { type ColumnRef, type CompareOp, type Expr, FUNCTIONS, type FunctionName, regexProblem } from '@journey/engine';
import type * as ast from '@journey/grammar';
import { parseDate, parseDuration } from '../language/literals.ts';
import { nearest } from '../text/nearest.ts';
import { NOWHERE, type Sink } from './sink.ts';

/** How many arguments each function takes, least and most. */
const ARITY: Record<FunctionName, [number, number]> = {
  lower: [1, 1],
  upper: [1, 1],
  trim: [1, 1],
  length: [1, 1],
  coalesce: [2, Number.POSITIVE_INFINITY],
  concat: [2, Number.POSITIVE_INFINITY],
  substr: [2, 3],
  replace: [3, 3],
  abs: [1, 1],
  round: [1, 2],
};

/**
 * A column a path names.
 * @param source the source whose rows are meant: a table is only a table where that source joins it
 */
export function bindColumn(path: ast.Path | undefined, source: ast.Source | undefined, sink: Sink): ColumnRef {
  if (!path?.head?.$refText) {
    sink.missing();
    return { path: [], at: NOWHERE };
  }
  const table = path.members.length > 0 && path.head.ref?.$type === 'Table' ? path.head.ref : undefined;
  if (path.$cstNode && path.members.some(member => member === undefined)) sink.missing();
  return columnOf([path.head.$refText, ...path.members], table, source, sink.at(path));
}

/** @param table the table the first name means, where the source joins it */
export function columnOf(names: string[], table: ast.Table | undefined, source: ast.Source | undefined, at: ColumnRef['at']): ColumnRef {
  const joined = source?.items.some(item => item.$type === 'Join' && item.table?.ref?.name === names[0]);
  return joined && (table || names.length > 1) ? { table: names[0], path: names.slice(1), at } : { path: names, at };
}

/** What a path means in an expression: a column of a source's rows, or what another place makes of it. */
export type Columns = ast.Source | undefined | ((path: ast.Path) => ColumnRef);

/** An expression over one row of a source. */
export function bindExpr(node: ast.Expr | undefined, source: Columns, sink: Sink): Expr {
  if (!node) {
    sink.missing();
    return { kind: 'literal', value: null, at: NOWHERE };
  }
  const bind = (part: ast.Expr | undefined) => bindExpr(part, source, sink);
  const at = sink.at(node);
  const nothing: Expr = { kind: 'literal', value: null, at };
  switch (node.$type) {
    case 'Binary':
      return bindBinary(node, bind, sink);
    case 'Unary': {
      const operand = bind(node.operand);
      return node.op === 'not' ? { kind: 'not', operand, at } : { kind: 'negate', operand, at };
    }
    case 'Test':
      return bindTest(node, bind, sink);
    case 'IsNull':
      return { kind: 'isNull', negated: node.negated, operand: bind(node.left), at };
    case 'Call':
      return bindCall(node, bind, sink);
    case 'Path':
      return { kind: 'column', column: typeof source === 'function' ? source(node) : bindColumn(node, source, sink), at };
    case 'Text':
      return { kind: 'literal', value: node.text ?? '', at };
    case 'Num':
      return { kind: 'literal', value: bindNumber(node, sink), at };
    case 'Flag':
      return { kind: 'literal', value: node.value, at };
    case 'Null':
      return nothing;
    case 'Span': {
      const parsed = parseDuration(node.text);
      if (parsed.ok) return { kind: 'duration', value: parsed.value, at };
      sink.report({ code: 'bad-duration', message: parsed.message, node, fix: fixTo(parsed.fix) });
      return nothing;
    }
    case 'Day': {
      const parsed = parseDate(node.text);
      if (parsed.ok) return { kind: 'instant', value: parsed.first, text: node.text, at };
      sink.report({ code: 'bad-date', message: parsed.message, node, fix: fixTo(parsed.fix) });
      return nothing;
    }
    case 'Percent':
      sink.report({
        code: 'wrong-type',
        message: `A percentage belongs in a metric; in a condition over rows write the share, \`${Number.parseFloat(node.text) / 100}\``,
        node,
      });
      return nothing;
    case 'AtLeast':
      sink.report({ code: 'wrong-type', message: 'This looks back from an entry, and belongs in a segment', node });
      return nothing;
    case 'Part':
    case 'TimeTo':
      sink.report({ code: 'wrong-type', message: 'This belongs in a metric, not in a condition over rows', node });
      return nothing;
  }
}

export const fixTo = (text: string | undefined) => (text ? { title: `Change to \`${text}\``, text } : undefined);

/** @returns the number; one too large to be held exactly is an error */
export function bindNumber(node: ast.Num, sink: Sink): number {
  if (Number.isFinite(node.value) && (Math.abs(node.value) <= Number.MAX_SAFE_INTEGER || !Number.isInteger(node.value))) return node.value;
  const limit = Number.MAX_SAFE_INTEGER;
  sink.report({
    code: 'bad-number',
    message: `This number is too large to be exact: the largest is ${limit}; write longer keys as "text"`,
    node,
  });
  return 0;
}

export const normalOp = (op: string) => (op === '==' ? '=' : op === '<>' ? '!=' : op);

/** `==` and `<>` are read as what they mean elsewhere, and an error all the same. */
export function checkOperator(node: ast.Binary, sink: Sink): void {
  if (node.op !== '==' && node.op !== '<>') return;
  const op = normalOp(node.op);
  const message = node.op === '==' ? 'Equality is one `=`' : 'Different is written `!=`';
  sink.report({ code: 'double-equals', message, node, property: 'op', fix: fixTo(op) });
}

function bindBinary(node: ast.Binary, bind: (part: ast.Expr | undefined) => Expr, sink: Sink): Expr {
  checkOperator(node, sink);
  const at = sink.at(node);
  const [left, right] = [bind(node.left), bind(node.right)];
  switch (node.op) {
    case 'and':
    case 'or':
      return { kind: node.op, operands: [...(left.kind === node.op && node.left?.$type === 'Binary' ? left.operands : [left]), right], at };
    case '+':
    case '-':
    case '*':
    case '/':
      return { kind: 'arithmetic', op: node.op, left, right, at };
    default:
      if (node.left?.$type === 'Null' || node.right?.$type === 'Null') {
        sink.report({ code: 'wrong-type', message: 'A comparison with null is never true: write `is null` or `is not null`', node });
      }
      return { kind: 'compare', op: normalOp(node.op) as CompareOp, left, right, at };
  }
}

function bindTest(node: ast.Test, bind: (part: ast.Expr | undefined) => Expr, sink: Sink): Expr {
  const at = sink.at(node);
  const operand = bind(node.left);
  const { negated } = node;
  switch (node.op) {
    case 'in':
      if (node.stage) {
        sink.report({ code: 'syntax', message: `Expected ( after \`in\`: the values, as in \`in ("a", "b")\``, node, property: 'stage' });
      } else if (node.values.length === 0) sink.missing();
      return { kind: 'in', negated, operand, values: node.values.map(bind), at };
    case 'like':
    case 'ilike':
      if (node.pattern === undefined) sink.missing();
      return { kind: 'like', negated, ignoreCase: node.op === 'ilike', operand, pattern: node.pattern ?? '', at };
    default:
      return { kind: 'matches', negated, operand, ...bindRegex(node.regex, node, sink), at };
  }
}

/** @param text `/pattern/flags`, as written */
export function bindRegex(text: string | undefined, node: ast.Test | ast.Ignore, sink: Sink): { regex: string; flags: string } {
  const [, regex, flags] = /^\/((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])*)\/([a-z]*)$/.exec(text ?? '') ?? [];
  if (regex !== undefined) checkRegex(regex, flags, node, sink);
  else if (text) sink.report({ code: 'bad-pattern', message: 'The pattern has no closing /', node, property: 'regex' });
  else sink.missing();
  return { regex: regex ?? '', flags: flags ?? '' };
}

function checkRegex(regex: string, flags: string, node: ast.Test | ast.Ignore, sink: Sink): void {
  try {
    new RegExp(regex, flags);
  } catch (error) {
    sink.report({ code: 'bad-pattern', message: `This is no pattern: ${(error as Error).message}`, node, property: 'regex' });
    return;
  }
  // A condition over rows that the engine can't test matches nothing, which is told with its data; who is one customer can't rest on that.
  const why = node.$type === 'Ignore' ? regexProblem(regex, flags) : null;
  if (why) sink.report({ code: 'bad-pattern', message: `This pattern can't be tested: ${why}`, node, property: 'regex' });
}

function bindCall(node: ast.Call, bind: (part: ast.Expr | undefined) => Expr, sink: Sink): Expr {
  const at = sink.at(node);
  const name = node.callee.head?.$refText ?? '';
  const args = node.args.map(arg => bind(arg.value));
  if (node.callee.members.length > 0 || !(FUNCTIONS as readonly string[]).includes(name)) {
    const guess = nearest(name, FUNCTIONS);
    const message = `There is no function \`${name}\`${guess ? `: did you mean \`${guess}\`?` : `; there are ${FUNCTIONS.join(', ')}`}`;
    sink.report({ code: 'unknown-function', message, node: node.callee, fix: fixTo(guess) });
    return { kind: 'literal', value: null, at };
  }
  const fn = name as FunctionName;
  const [least, most] = ARITY[fn];
  if (args.length < least || args.length > most) {
    const wanted = most === least ? `${least}` : most === Number.POSITIVE_INFINITY ? `at least ${least}` : `${least} or ${most}`;
    const message = `\`${fn}\` takes ${wanted} ${wanted === '1' ? 'argument' : 'arguments'}, not ${args.length}`;
    sink.report({ code: 'wrong-argument', message, node });
  }
  const odd = node.args.find(arg => arg.distinct || arg.within || arg.to);
  if (odd) {
    const words = odd.to ? '`..` belongs' : '`distinct` and `within` belong';
    sink.report({ code: 'wrong-argument', message: `${words} in a metric`, node: odd });
  }
  const before = node.args.find(arg => arg.beforeEntry);
  if (before) sink.report({ code: 'wrong-argument', message: '`before entry` belongs in a segment', node: before });
  return { kind: 'call', fn, args, at };
}
