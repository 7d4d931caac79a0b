/** Groups of customers: what they did before entry, what the entry event says, what tables know of them. */
import type { ColumnRef, CompareOp, Expr, SegmentExpr, SegmentPlan } from '@journey/engine';
import type * as ast from '@journey/grammar';
import { nearest } from '../text/nearest.ts';
import { isImpossible, keyOf } from '../validate/sense/conditions.ts';
import { bindCount, bindDuration } from './amounts.ts';
import { bindExpr, bindNumber, checkOperator, fixTo, normalOp } from './expressions.ts';
import { bindProperty, keyedById, notOfPeople } from './groups.ts';
import type { EventNames } from './journeys.ts';
import { bindEventPath, bindPattern } from './patterns.ts';
import { NOWHERE, type Sink, textOf } from './sink.ts';

const HISTORY = ['count', 'sum', 'avg', 'min', 'max'] as const;
type History = Extract<SegmentExpr, { kind: 'history' }>;

/** Names there are, asked for only when a guess is to be made. */
export interface SegmentNames {
  events: EventNames;
  segments: () => readonly string[];
}

const NO_NAMES: SegmentNames = { events: () => [], segments: () => [] };

export function bindSegment(node: ast.Segment, sink: Sink, names: SegmentNames = NO_NAMES): SegmentPlan {
  if (!node.name) sink.missing();
  checkCycle(node, sink);
  const condition = bindCondition(node.condition, sink, names);
  if (sink.around.made && sink.errors === 0 && isImpossible(toExpr(condition))) {
    sink.remark({ code: 'contradiction', message: 'Nobody can meet this condition: it contradicts itself', node, property: 'condition' });
  }
  return {
    name: node.name ?? '',
    at: sink.at(node),
    nameAt: sink.at(node, 'name'),
    condition,
    text: textOf(node.condition),
  };
}

/** A segment as a condition over one row: what a look back finds, and whether someone is in a segment, as its columns. */
function toExpr(condition: SegmentExpr): Expr {
  const { at } = condition;
  switch (condition.kind) {
    case 'test':
      return condition.expr;
    case 'and':
    case 'or':
      return { kind: condition.kind, operands: condition.operands.map(toExpr), at };
    case 'not':
      return { kind: 'not', operand: toExpr(condition.operand), at };
    case 'segment':
      return { kind: 'compare', op: '=', left: column('segment', condition.name), right: { kind: 'literal', value: true, at }, at };
    case 'history': {
      const { fn, event, property, within, op, value } = condition;
      const left = column('history', fn, keyOf(event), property?.path.join('.') ?? '', `${within}`);
      return { kind: 'compare', op, left, right: { kind: 'literal', value, at }, at };
    }
  }
}

const column = (...path: string[]): Expr => ({ kind: 'column', column: { path, at: NOWHERE }, at: NOWHERE });

/** Segments may be made of others, but not of themselves. */
function checkCycle(node: ast.Segment, sink: Sink): void {
  const way: ast.Segment[] = [];
  const seen = new Set<ast.Segment>();
  const visit = (segment: ast.Segment): boolean => {
    way.push(segment);
    for (const other of segmentsIn(segment.condition)) {
      if (other === node) return true;
      if (seen.has(other)) continue;
      seen.add(other);
      if (visit(other)) return true;
    }
    way.pop();
    return false;
  };
  if (!visit(node)) return;
  const chain = [...way, node].map(each => each.name).join(' → ');
  sink.report({ code: 'segment-cycle', message: `A segment can't be defined by itself: ${chain}`, node, property: 'name' });
}

/** The segments a condition names. */
export function segmentsIn(node: ast.Expr | undefined): ast.Segment[] {
  switch (node?.$type) {
    case 'Binary':
      return [...segmentsIn(node.left), ...segmentsIn(node.right)];
    case 'Unary':
      return segmentsIn(node.operand);
    case 'Path':
      return node.members.length === 0 && node.head?.ref?.$type === 'Segment' ? [node.head.ref] : [];
    default:
      return [];
  }
}

function bindCondition(node: ast.Expr | undefined, sink: Sink, names: SegmentNames): SegmentExpr {
  if (!node) {
    sink.missing();
    return { kind: 'segment', name: '', at: NOWHERE };
  }
  const at = sink.at(node);
  if (node.$type === 'Binary' && (node.op === 'and' || node.op === 'or')) {
    const [left, right] = [bindCondition(node.left, sink, names), bindCondition(node.right, sink, names)];
    return { kind: node.op, operands: [...(left.kind === node.op && node.left?.$type === 'Binary' ? left.operands : [left]), right], at };
  }
  if (node.$type === 'Unary' && node.op === 'not') return { kind: 'not', operand: bindCondition(node.operand, sink, names), at };
  if (node.$type === 'AtLeast') {
    const value = bindCount(node, 'count', sink);
    const event = bindPattern(node.event, sink);
    return { kind: 'history', fn: 'count', event, ...withinOf(node, sink), op: '>=', value, at };
  }
  if (node.$type === 'Binary') {
    const history = bindHistory(node, sink, names);
    if (history) return history;
  }
  if (node.$type === 'Path' && node.members.length === 0) return bindReference(node, sink, names);
  if (node.$type === 'Call') {
    const fn = historyOf(node);
    if (fn) {
      sink.report({ code: 'wrong-type', message: `\`${fn}(…)\` is a number: compare it with one, such as \`>= 3\``, node });
      return { kind: 'segment', name: '', at };
    }
  }
  return { kind: 'test', expr: bindExpr(node, path => bindColumn(path, sink), sink), at };
}

const withinOf = (node: { within?: ast.Duration }, sink: Sink) => (node.within ? { within: bindDuration(node.within, sink) } : {});

function bindReference(node: ast.Path, sink: Sink, names: SegmentNames): SegmentExpr {
  const name = node.head?.$refText ?? '';
  const target = node.head?.ref;
  const at = sink.at(node);
  if (!name || (target && sink.isBroken(target))) sink.missing();
  else if (target?.$type !== 'Segment') {
    const guess = nearest(name, names.segments());
    const message = `There is no segment \`${name}\`${guess ? `: did you mean \`${guess}\`?` : `; a property of the entry event is \`entry.${name}\``}`;
    sink.report({ code: 'unknown-segment', message, node, fix: fixTo(guess) });
  }
  return { kind: 'segment', name, at };
}

/** `entry.plan`, or a column of a table keyed by an id. */
function bindColumn(path: ast.Path, sink: Sink): ColumnRef {
  const at = sink.at(path);
  const name = path.head?.$refText;
  if (!name || path.members.some(each => each === undefined)) {
    sink.missing();
    return { path: [], at };
  }
  const table = path.head.ref;
  if (name === 'entry' && path.members.length > 0) return { path: path.members, at };
  if (table?.$type === 'Table' && path.members.length > 0) {
    if (sink.isBroken(table)) sink.missing();
    if (!keyedById(table)) sink.report(notOfPeople(path, table));
    return { table: name, path: path.members, at };
  }
  const written = [name, ...path.members].join('.');
  const message = `A segment looks at the entry event and at tables: did you mean \`entry.${written}\`?`;
  sink.report({ code: 'unknown-name', message, node: path, fix: fixTo(`entry.${path.$cstNode?.text ?? written}`) });
  return { path: [name, ...path.members], at };
}

const FLIPPED: Record<CompareOp, CompareOp> = { '=': '=', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** The function over earlier events a call is; a look back says so by `before entry`. */
function historyOf(node: ast.Expr | undefined): History['fn'] | undefined {
  if (node?.$type !== 'Call' || node.callee.members.length > 0) return undefined;
  return HISTORY.find(fn => fn === node.callee.head?.$refText);
}

/** `sum(Ordered.total within 90d before entry) > 100` */
function bindHistory(node: ast.Binary, sink: Sink, names: SegmentNames): SegmentExpr | undefined {
  const [leftFn, rightFn] = [historyOf(node.left), historyOf(node.right)];
  const fn = leftFn ?? rightFn;
  const call = (leftFn ? node.left : node.right) as ast.Call;
  if (!fn || !isComparison(node.op)) return undefined;
  checkOperator(node, sink);
  const at = sink.at(node);
  const written = normalOp(node.op) as CompareOp;
  const op = leftFn ? written : FLIPPED[written];
  const value = bindAmount(leftFn ? node.right : node.left, fn, sink);
  const [arg, ...more] = call.args;
  if (more.length > 0) sink.report({ code: 'wrong-argument', message: `\`${fn}\` takes one argument`, node: more[0] });
  const example = fn === 'count' ? '`count(Ordered before entry)`' : `\`${fn}(Ordered.total before entry)\``;
  const rest = { op, value, at };
  const nothing: SegmentExpr = { kind: 'history', fn, event: { kind: 'rows', any: [], text: '', at: NOWHERE }, ...rest };
  if (!arg?.value) {
    if (call.$cstNode?.text.endsWith(')'))
      sink.report({ code: 'wrong-argument', message: `\`${fn}\` needs an event, as in ${example}`, node: call });
    else sink.missing();
    return nothing;
  }
  if (!arg.beforeEntry) {
    const message = `A segment looks back from the entry: say \`before entry\`, as in ${example}`;
    const fix = { title: 'Add `before entry`', text: `${arg.$cstNode?.text} before entry` };
    sink.report({ code: 'wrong-argument', message, node: arg, fix });
  }
  if (arg.distinct || arg.step || arg.to) sink.report({ code: 'wrong-argument', message: `A look back is written ${example}`, node: arg });
  const { value: path } = arg;
  if (path.$type !== 'Path') {
    sink.report({ code: 'wrong-argument', message: `\`${fn}\` needs the name of an event, as in ${example}`, node: path });
    return nothing;
  }
  if (fn !== 'count') return { kind: 'history', fn, ...bindProperty(path, fn, sink, names.events), ...withinOf(arg, sink), ...rest };
  const bound = bindEventPath(path, sink);
  if (!bound) {
    if (!path.head?.$refText) sink.missing();
    else {
      const guess = nearest(path.head.$refText, names.events());
      const message = `\`count\` needs an event, as in ${example}${guess ? `: did you mean \`${guess}\`?` : ''}`;
      sink.report({ code: 'unknown-event', message, node: path, fix: fixTo(guess && [guess, ...path.members].join('.')) });
    }
    return nothing;
  }
  if (bound.property.length > 0)
    sink.report({ code: 'wrong-argument', message: '`count` counts events, not a property of theirs', node: path });
  return { kind: 'history', fn, event: bound.event, ...withinOf(arg, sink), ...rest };
}

const isComparison = (op: string) => !['and', 'or', '+', '-', '*', '/'].includes(op);

/** The number a look back is compared with. */
function bindAmount(node: ast.Expr | undefined, fn: string, sink: Sink): number {
  if (node?.$type === 'Num') return bindNumber(node, sink);
  if (node?.$type === 'Unary' && node.op === '-' && node.operand?.$type === 'Num') return -bindNumber(node.operand, sink);
  if (node) sink.report({ code: 'wrong-type', message: `\`${fn}(…)\` is compared with a number, such as \`>= 3\``, node });
  else sink.missing();
  return 0;
}
