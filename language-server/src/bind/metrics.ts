import type { AggregateFunction, CompareOp, MetricExpr, Millis, QualityCount, RejectionReason, StepRef } from '@journey/engine';
import { QUALITY_COUNTS, REJECTION_REASONS } from '@journey/engine';
import type * as ast from '@journey/grammar';
import { parseDuration } from '../language/literals.ts';
import { AUTOMATIC, isStep, ruleNames } from '../language/names.ts';
import { nearest } from '../text/nearest.ts';
import { list } from '../text/words.ts';
import { bindDuration } from './amounts.ts';
import { bindNumber, checkOperator, columnOf, fixTo, normalOp } from './expressions.ts';
import { bindEventPath } from './patterns.ts';
import { arithmeticType, comparisonError, type MetricType, say } from './quantities.ts';
import { NOWHERE, type Problem, type Sink } from './sink.ts';

const AGGREGATES = ['sum', 'avg', 'min', 'max', 'median', 'p90'] as const;
type Aggregate = (typeof AGGREGATES)[number];
/** What a metric can be made with. */
export const METRIC_FUNCTIONS = ['rate', 'count', ...AGGREGATES, 'exited', 'rejected', 'reached', 'visits', 'retention'];

/** A metric expression and what kind of number it is. */
export interface BoundMetric {
  expr: MetricExpr;
  type: MetricType;
}

/** What names in a journey's metrics mean. */
export interface MetricScope {
  /** Absent outside of any: then there are only the sources. */
  journey?: ast.Journey;
  sink: Sink;
  /** The names of events and sources there are, for guesses. */
  eventNames(): readonly string[];
  /** The type of another metric of the journey; undefined where it has an error of its own. */
  metricType(metric: ast.Metric): MetricType | undefined;
}

/** An expression over a journey's runs. */
export function bindMetricExpr(node: ast.Expr | undefined, scope: MetricScope): BoundMetric {
  if (!node) {
    scope.sink.missing();
    return placeholder(NOWHERE);
  }
  const at = scope.sink.at(node);
  switch (node.$type) {
    case 'Num':
      return { expr: { kind: 'number', value: bindNumber(node, scope.sink), at }, type: 'number' };
    case 'Percent':
      return { expr: { kind: 'percent', value: Number.parseFloat(node.text) / 100, at }, type: 'share' };
    case 'Span': {
      const parsed = parseDuration(node.text);
      if (parsed.ok) return { expr: { kind: 'duration', value: parsed.value, at }, type: 'duration' };
      return wrong(scope, { code: 'bad-duration', message: parsed.message, node, fix: fixTo(parsed.fix) });
    }
    case 'Unary':
      return bindUnary(node, scope);
    case 'Binary':
      return bindBinary(node, scope);
    case 'Part':
      return bindPart(node, scope);
    case 'Path':
      return bindName(node, scope);
    case 'Call':
      return scope.journey ? bindCall(node, scope) : noJourney(node, scope);
    case 'TimeTo':
    case 'Test':
      if (node.$type === 'TimeTo' || node.stage) {
        return wrong(scope, { code: 'wrong-argument', message: 'A time needs a function around it, such as `median(time to …)`', node });
      }
      break;
  }
  return wrong(scope, {
    code: 'wrong-type',
    message: 'This belongs in a condition over rows; a metric is made of numbers, rates, counts and times',
    node,
  });
}

/** Outside of journeys there are no runs. */
function noJourney(node: ast.Call | ast.Path, scope: MetricScope): BoundMetric {
  const message = `This is a number of a journey: move the expectation into one, or speak of a source, such as \`web.unreadable < 1%\``;
  return wrong(scope, { code: 'unknown-name', message, node });
}

function placeholder(at: MetricExpr['at']): BoundMetric {
  return { expr: { kind: 'number', value: 0, at }, type: 'unknown' };
}

function wrong(scope: MetricScope, problem: Problem): BoundMetric {
  scope.sink.report(problem);
  return placeholder(scope.sink.at(problem.node));
}

// ---------------------------------------------------------------- operators

function bindUnary(node: ast.Unary, scope: MetricScope): BoundMetric {
  const operand = bindMetricExpr(node.operand, scope);
  const at = scope.sink.at(node);
  if (node.op === 'not') {
    mustBeCondition(operand, node.operand, scope, 'not');
    return { expr: { kind: 'not', operand: operand.expr, at }, type: 'condition' };
  }
  if (operand.type === 'condition') return wrong(scope, { code: 'wrong-type', message: "A condition can't be negated; write `not`", node });
  return { expr: { kind: 'negate', operand: operand.expr, at }, type: operand.type };
}

function mustBeCondition(bound: BoundMetric, node: ast.Expr | undefined, scope: MetricScope, word: string): void {
  if (!node || bound.type === 'condition' || bound.type === 'unknown') return;
  const message = `\`${word}\` joins conditions, and this is ${say(bound.type)}: compare it with something`;
  scope.sink.report({ code: 'wrong-type', message, node });
}

function bindBinary(node: ast.Binary, scope: MetricScope): BoundMetric {
  checkOperator(node, scope.sink);
  const left = bindMetricExpr(node.left, scope);
  const right = bindMetricExpr(node.right, scope);
  const at = scope.sink.at(node);
  const { op } = node;
  if (op === 'and' || op === 'or') {
    mustBeCondition(left, node.left, scope, op);
    mustBeCondition(right, node.right, scope, op);
    const first = left.expr.kind === op && node.left?.$type === 'Binary' ? left.expr.operands : [left.expr];
    return { expr: { kind: op, operands: [...first, right.expr], at }, type: 'condition' };
  }
  if (op === '+' || op === '-' || op === '*' || op === '/') {
    const type = arithmeticType(op, left.type, right.type);
    if (typeof type === 'object') return wrong(scope, { code: 'wrong-type', message: capital(type.error), node });
    return { expr: { kind: 'arithmetic', op, left: left.expr, right: right.expr, at }, type };
  }
  const [leftCount, rightCount] = [left, right].map(side => side.expr.kind === 'quality');
  const error =
    (leftCount && right.expr.kind === 'percent') || (rightCount && left.expr.kind === 'percent')
      ? undefined
      : comparisonError(left.expr, left.type, right.expr, right.type);
  if (error) {
    const literal = [node.right, node.left].find(side => side?.$type === 'Num' || side?.$type === 'Part');
    const place = error.fix && literal ? literal : node;
    return wrong(scope, { code: 'wrong-type', message: error.error, node: place, fix: fixTo(error.fix) });
  }
  const [one, other] = ofRows(left.expr, right.expr);
  return { expr: { kind: 'compare', op: normalOp(op) as CompareOp, left: one, right: other, at }, type: 'condition' };
}

/** `web.unreadable < 1%`: a bare share beside a count of rows is a share of all rows of that source. */
function ofRows(left: MetricExpr, right: MetricExpr): [MetricExpr, MetricExpr] {
  const share = (count: MetricExpr, percent: MetricExpr): MetricExpr =>
    count.kind === 'quality' && percent.kind === 'percent'
      ? { kind: 'shareOf', share: percent, of: { ...count, of: 'rows' }, at: percent.at }
      : percent;
  return [share(right, left), share(left, right)];
}

const capital = (text: string) => text[0].toUpperCase() + text.slice(1);

/** `5% of attempts` */
function bindPart(node: ast.Part, scope: MetricScope): BoundMetric {
  const share = bindMetricExpr(node.left, scope);
  const of = bindMetricExpr(node.of, scope);
  if (share.type !== 'unknown' && share.type !== 'share') {
    return wrong(scope, { code: 'wrong-type', message: `Before \`of\` stands a share such as 5%, not ${say(share.type)}`, node });
  }
  if (of.type === 'condition') return wrong(scope, { code: 'wrong-type', message: 'After `of` stands a number, not a condition', node });
  return { expr: { kind: 'shareOf', share: share.expr, of: of.expr, at: scope.sink.at(node) }, type: of.type };
}

// ---------------------------------------------------------------- names

function bindName(node: ast.Path, scope: MetricScope): BoundMetric {
  const name = node.head?.$refText;
  const at = scope.sink.at(node);
  if (!name) {
    scope.sink.missing();
    return placeholder(at);
  }
  const target = node.head.ref;
  if (target?.$type === 'Metric' && node.members.length === 0) {
    const type = scope.metricType(target);
    if (type === undefined) scope.sink.missing();
    return { expr: { kind: 'metric', name: target.name, at }, type: type ?? 'unknown' };
  }
  if (target?.$type === 'Source' && (node.members.length > 0 || !scope.journey)) return bindQuality(target, node, scope);
  if (!scope.journey && (!target || AUTOMATIC_WORDS.has(name))) return noSource(node, name, scope);
  if (node.members.length === 0 && AUTOMATIC_WORDS.has(name)) {
    return { expr: { kind: name as (typeof AUTOMATIC)[number], at }, type: 'count' };
  }
  if (target && target.$type !== 'Table') {
    const step = isStep(target as ast.JourneyItem);
    const written = [name, ...node.members].join('.');
    const message = step
      ? `\`${name}\` is a rule: say what of it, such as \`count(${name})\` or \`rate(${name})\``
      : node.members.length > 0 && target.$type === 'Event'
        ? `\`${written}\` is a property: say what of it, such as \`sum(${written})\``
        : `\`${written}\` is an event: say what of it, such as \`count(${written})\``;
    return wrong(scope, { code: 'unknown-name', message, node });
  }
  const metrics = (scope.journey?.items ?? []).flatMap(item => (item.$type === 'Metric' && item.name ? [item.name] : []));
  const guess = nearest(name, [...metrics, ...AUTOMATIC]);
  const message = `There is no metric \`${name}\`${guess ? `: did you mean \`${guess}\`?` : `; every journey has ${list(AUTOMATIC)}`}`;
  return wrong(scope, { code: 'unknown-name', message, node, property: 'head', fix: fixTo(guess) });
}

/** The words for what can be counted of a source's rows. */
export const QUALITIES = new Map<string, QualityCount>(QUALITY_COUNTS.map(count => [count === 'withoutId' ? 'without_id' : count, count]));

/** `web.unreadable` */
function bindQuality(source: ast.Source, node: ast.Path, scope: MetricScope): BoundMetric {
  const at = scope.sink.at(node);
  const [word, ...more] = node.members;
  const of = more.length === 0 ? QUALITIES.get(word) : undefined;
  if (scope.sink.isBroken(source)) scope.sink.missing();
  if (of) return { expr: { kind: 'quality', source: source.name, of, at }, type: 'count' };
  if (word === undefined && node.$cstNode?.text.includes('.')) {
    scope.sink.missing();
    return placeholder(at);
  }
  const written = [source.name, ...node.members].join('.');
  const guess = word !== undefined && more.length === 0 ? nearest(word, [...QUALITIES.keys()]) : undefined;
  const numbers = `of its rows there are ${list([...QUALITIES.keys()])}`;
  const message = guess
    ? `\`${written}\` is no number of a source: did you mean \`${source.name}.${guess}\`?`
    : scope.journey
      ? `\`${written}\` is an event: say what of it, such as \`count(${written})\`; ${numbers}`
      : word === undefined
        ? `\`${written}\` is a source: say which of its numbers, such as \`${written}.rows\`; ${numbers}`
        : `\`${written}\` is no number of a source: ${numbers}`;
  return wrong(scope, { code: 'unknown-name', message, node, fix: fixTo(guess && `${source.name}.${guess}`) });
}

/** A name in an expectation outside of journeys that isn't a source's. */
function noSource(node: ast.Path, name: string, scope: MetricScope): BoundMetric {
  if (AUTOMATIC_WORDS.has(name) || node.members.length === 0) return noJourney(node, scope);
  const message = `There is no source \`${name}\`; declare it with \`source ${name} { … }\`, or import the file that does`;
  return wrong(scope, { code: 'unknown-name', message, node, property: 'head' });
}

const AUTOMATIC_WORDS: ReadonlySet<string> = new Set(AUTOMATIC);

// ---------------------------------------------------------------- functions

function bindCall(node: ast.Call, scope: MetricScope): BoundMetric {
  const name = node.callee.head?.$refText ?? '';
  if (node.callee.members.length > 0 || !METRIC_FUNCTIONS.includes(name)) {
    const guess = nearest(name, METRIC_FUNCTIONS);
    const message = `There is no function \`${name}\` for metrics${guess ? `: did you mean \`${guess}\`?` : `; there are ${list(METRIC_FUNCTIONS)}`}`;
    return wrong(scope, { code: 'unknown-function', message, node: node.callee, fix: fixTo(guess) });
  }
  const [arg, ...more] = node.args;
  if (!arg?.value) {
    // `rate()` parses; `rate(` doesn't, and has its message.
    if (node.$cstNode?.text.endsWith(')')) {
      return wrong(scope, { code: 'wrong-argument', message: `\`${name}\` needs ${NEEDS[name] ?? NEEDS.sum}`, node });
    }
    scope.sink.missing();
    return placeholder(scope.sink.at(node));
  }
  if (more.length > 0) return wrong(scope, { code: 'wrong-argument', message: `\`${name}\` takes one argument`, node: more[0] });
  if (arg.beforeEntry) {
    const message = 'A metric looks at runs; what came before their entry belongs in a segment or a `keep`';
    return wrong(scope, { code: 'wrong-argument', message, node: arg });
  }
  if (name === 'retention') return bindRetention(node, arg, scope);
  if (arg.to)
    return wrong(scope, { code: 'wrong-argument', message: 'Only `retention(28d .. 35d)` looks from one time to another', node: arg.to });
  const within = bindWithin(arg, scope.sink);
  if (arg.step && name !== 'rate') {
    return wrong(scope, {
      code: 'wrong-argument',
      message: 'Only a rate is counted from a stage: `rate(X within D of S)`',
      node: arg,
      property: 'step',
    });
  }
  if (arg.distinct && name !== 'count') {
    return wrong(scope, { code: 'wrong-argument', message: '`distinct` goes with `count`: `count(distinct Event.property)`', node: arg });
  }
  switch (name) {
    case 'rate':
      return bindRate(node, arg, within, scope);
    case 'count':
      return bindCount(node, arg, within, scope);
    case 'rejected':
      return bindRejected(node, arg, scope);
    case 'exited':
    case 'reached':
    case 'visits':
      return bindRuns(node, name, arg, scope);
    default:
      return bindAggregate(node, name as Aggregate, arg, within, scope);
  }
}

/** What each function wants, for messages. */
const NEEDS: Record<string, string> = {
  rate: 'a rule of this journey, as in `rate(Bought)`',
  count: 'an event or a rule, as in `count(Ordered)`',
  retention: 'a time after entry, as in `retention(28d .. 35d)`',
  exited: 'a `complete` or `exit` rule of this journey, as in `exited(TimedOut)`',
  rejected: 'a reason, as in `rejected("cooling down")`',
  reached: 'a stage of this journey, as in `reached(Cart)`',
  visits: 'a stage of this journey, as in `visits(Cart)`',
  sum: "an event's property or a time, as in `sum(Ordered.total)` or `median(time to Bought)`",
};

function bindWithin(arg: ast.Arg, sink: Sink): Millis | undefined {
  if (!arg.within) return undefined;
  const parsed = parseDuration(arg.within.text ?? '');
  if (parsed.ok) return parsed.value;
  if (arg.within.text) sink.report({ code: 'bad-duration', message: parsed.message, node: arg.within, fix: fixTo(parsed.fix) });
  else sink.missing();
  return undefined;
}

function stepRef(step: ast.Step, scope: MetricScope): StepRef {
  const kind = step.$type === 'Enter' ? 'enter' : step.$type === 'Stage' ? 'stage' : 'end';
  return { kind, name: scope.journey ? (ruleNames(scope.journey).get(step) ?? '') : '' };
}

/** The rule an argument names; undefined where it names none. */
function ruleOf(value: ast.Expr): ast.Step | undefined {
  const target = value.$type === 'Path' && value.members.length === 0 ? value.head?.ref : undefined;
  return target && isStep(target as ast.JourneyItem) ? (target as ast.Step) : undefined;
}

/** Reports an argument that isn't what the function needs, with the nearest of what would do. */
function unfit(
  fn: string,
  value: ast.Expr,
  candidates: readonly string[],
  code: 'unknown-rule' | 'unknown-stage' | 'unknown-event',
  scope: MetricScope,
): BoundMetric {
  const name = value.$type === 'Path' ? [value.head?.$refText, ...value.members].join('.') : undefined;
  if (value.$type === 'Path' && !value.head?.$refText) {
    scope.sink.missing();
    return placeholder(scope.sink.at(value));
  }
  const head = value.$type === 'Path' ? value.head.$refText : '';
  const near = name && (nearest(name, candidates) ?? nearest(head, candidates));
  const guess = near && name ? near + (nearest(name, candidates) ? '' : name.slice(head.length)) : undefined;
  const message = `\`${fn}\` needs ${NEEDS[fn] ?? NEEDS.sum}${guess ? `: did you mean \`${guess}\`?` : ''}`;
  return wrong(scope, { code: name ? code : 'wrong-argument', message, node: value, fix: fixTo(guess || undefined) });
}

const namesOf = (scope: MetricScope, fits: (step: ast.Step) => boolean = () => true) =>
  [...(scope.journey ? ruleNames(scope.journey) : [])].filter(([step]) => fits(step)).map(([, name]) => name);

function bindRate(node: ast.Call, arg: ast.Arg, within: Millis | undefined, scope: MetricScope): BoundMetric {
  const ofPeople = arg.value.$type === 'Part';
  const value = arg.value.$type === 'Part' ? arg.value.left : arg.value;
  if (arg.value.$type === 'Part') {
    const { of } = arg.value;
    if (!of) scope.sink.missing();
    else if (of.$type !== 'Path' || of.head?.$refText !== 'people' || of.members.length > 0) {
      return wrong(scope, { code: 'wrong-argument', message: 'A rate is of runs, or `of people`: nothing else', node: of });
    }
  }
  const step = value && ruleOf(value);
  if (!step) return unfit('rate', value ?? arg.value, namesOf(scope), 'unknown-rule', scope);
  const from = arg.step?.ref && stepRef(arg.step.ref, scope);
  if (arg.step && !from) scope.sink.missing();
  if (from && from.kind !== 'stage') {
    const message = `A window begins at entry, or \`of\` a stage; \`${from.name}\` is none`;
    return wrong(scope, { code: 'unknown-stage', message, node: arg, property: 'step' });
  }
  return { expr: { kind: 'rate', of: stepRef(step, scope), within, from, ofPeople, at: scope.sink.at(node) }, type: 'share' };
}

function bindCount(node: ast.Call, arg: ast.Arg, within: Millis | undefined, scope: MetricScope): BoundMetric {
  const at = scope.sink.at(node);
  const { value } = arg;
  const step = arg.distinct ? undefined : ruleOf(value);
  if (step) {
    if (arg.within) {
      const message = 'The runs of a rule are counted as a whole; for a window use `rate(… within D)`, or count an event';
      return wrong(scope, { code: 'wrong-argument', message, node: arg.within });
    }
    const { kind, name } = stepRef(step, scope);
    const expr: MetricExpr =
      kind === 'enter'
        ? { kind: 'enteredBy', rule: name, at }
        : kind === 'stage'
          ? { kind: 'reached', stage: name, at }
          : { kind: 'exited', name, at };
    return { expr, type: 'count' };
  }
  const keep = arg.distinct ? keepOf(value) : undefined;
  if (keep) return bindKept('countDistinct', keep, node, arg, scope);
  const bound = value.$type === 'Path' ? bindEventPath(value, scope.sink) : undefined;
  if (!bound) return unfit('count', value, [...namesOf(scope), ...scope.eventNames()], 'unknown-event', scope);
  if (!arg.distinct) {
    if (bound.property.length > 0) {
      const message = `\`count\` counts events; for different values write \`count(distinct ${value.$cstNode?.text})\``;
      return wrong(scope, { code: 'wrong-argument', message, node: value });
    }
    return { expr: { kind: 'countEvents', event: bound.event, within, at }, type: 'count' };
  }
  if (bound.property.length === 0) {
    return wrong(scope, { code: 'wrong-argument', message: '`distinct` needs a property: `count(distinct Event.property)`', node: value });
  }
  const property = columnOf(bound.property, undefined, bound.sources[0], scope.sink.at(value));
  return { expr: { kind: 'aggregate', fn: 'countDistinct', event: bound.event, property, within, at }, type: 'count' };
}

/** `retention(28d .. 35d)` */
function bindRetention(node: ast.Call, arg: ast.Arg, scope: MetricScope): BoundMetric {
  const at = scope.sink.at(node);
  if (arg.value.$type !== 'Span' || !arg.to || arg.within || arg.distinct) {
    if (arg.value.$type === 'Span' && arg.$cstNode?.text.endsWith('..')) {
      scope.sink.missing();
      return placeholder(at);
    }
    return wrong(scope, { code: 'wrong-argument', message: `\`retention\` needs ${NEEDS.retention}`, node: arg });
  }
  const from = parseDuration(arg.value.text);
  if (!from.ok) return wrong(scope, { code: 'bad-duration', message: from.message, node: arg.value, fix: fixTo(from.fix) });
  const errors = scope.sink.errors;
  const to = bindDuration(arg.to, scope.sink);
  if (scope.sink.errors === errors && to <= from.value) {
    return wrong(scope, {
      code: 'wrong-argument',
      message: `This time ends before it begins: ${arg.to.text} is not after ${arg.value.text}`,
      node: arg,
    });
  }
  return { expr: { kind: 'retention', from: from.value, to, at }, type: 'share' };
}

/** The kept value an argument names; undefined where it names none. */
function keepOf(value: ast.Expr): ast.Keep | undefined {
  const target = value.$type === 'Path' && value.members.length === 0 ? value.head?.ref : undefined;
  return target?.$type === 'Keep' ? target : undefined;
}

function bindKept(fn: AggregateFunction, keep: ast.Keep, node: ast.Call, arg: ast.Arg, scope: MetricScope): BoundMetric {
  if (arg.within)
    return wrong(scope, { code: 'wrong-argument', message: 'A kept value has no window; its `keep` has one', node: arg.within });
  const type = fn === 'countDistinct' ? 'count' : 'number';
  return { expr: { kind: 'kept', fn, keep: keep.name, at: scope.sink.at(node) }, type };
}

function bindRejected(node: ast.Call, arg: ast.Arg, scope: MetricScope): BoundMetric {
  const { value } = arg;
  const reason =
    value.$type === 'Text' ? value.text : value.$type === 'Path' && value.members.length === 0 ? value.head?.$refText : undefined;
  if (REJECTION_REASONS.includes(reason as RejectionReason)) {
    return { expr: { kind: 'rejected', reason: reason as RejectionReason, at: scope.sink.at(node) }, type: 'count' };
  }
  const guess = reason && nearest(reason, REJECTION_REASONS);
  const said = REJECTION_REASONS.map(each => `"${each}"`);
  const message = `An attempt is rejected as ${list(said, 'or')}${guess ? `: did you mean "${guess}"?` : ''}`;
  return wrong(scope, { code: 'wrong-argument', message, node: value, fix: fixTo(guess ? `"${guess}"` : undefined) });
}

function bindRuns(node: ast.Call, fn: 'exited' | 'reached' | 'visits', arg: ast.Arg, scope: MetricScope): BoundMetric {
  const at = scope.sink.at(node);
  if (arg.within)
    return wrong(scope, { code: 'wrong-argument', message: `\`${fn}\` has no window; \`rate(… within D)\` has one`, node: arg.within });
  const step = ruleOf(arg.value);
  const fits = (each: ast.Step) => (fn === 'exited' ? each.$type === 'Complete' || each.$type === 'Exit' : each.$type === 'Stage');
  if (!step || !fits(step)) return unfit(fn, arg.value, namesOf(scope, fits), fn === 'exited' ? 'unknown-rule' : 'unknown-stage', scope);
  const { name } = stepRef(step, scope);
  return { expr: fn === 'exited' ? { kind: 'exited', name, at } : { kind: fn, stage: name, at }, type: 'count' };
}

function bindAggregate(node: ast.Call, fn: Aggregate, arg: ast.Arg, within: Millis | undefined, scope: MetricScope): BoundMetric {
  const at = scope.sink.at(node);
  const { value } = arg;
  if (value.$type === 'TimeTo' || (value.$type === 'Test' && value.stage)) {
    if (value.left?.$type !== 'Path' || value.left.head?.$refText !== 'time' || value.left.members.length > 0) {
      return wrong(scope, { code: 'wrong-argument', message: 'Expected `time to …` or `time in …`', node: value.left ?? value });
    }
    if (arg.within) return wrong(scope, { code: 'wrong-argument', message: 'A time has no window', node: arg.within });
    const target = value.$type === 'TimeTo' ? value.step?.ref : value.stage?.ref;
    if (!target) {
      scope.sink.missing();
      return placeholder(at);
    }
    const step = stepRef(target, scope);
    const of = value.$type === 'TimeTo' ? { kind: 'timeTo' as const, step } : { kind: 'timeIn' as const, stage: step.name };
    return { expr: { kind: 'time', fn, of, at }, type: 'duration' };
  }
  const keep = keepOf(value);
  if (keep) return bindKept(fn, keep, node, arg, scope);
  const bound = value.$type === 'Path' ? bindEventPath(value, scope.sink) : undefined;
  if (!bound) return unfit(fn, value, scope.eventNames(), 'unknown-event', scope);
  if (bound.property.length === 0) {
    return wrong(scope, {
      code: 'wrong-argument',
      message: `\`${fn}\` needs a property of the event: \`${fn}(${bound.event.text}.property)\``,
      node: value,
    });
  }
  const property = columnOf(bound.property, undefined, bound.sources[0], scope.sink.at(value));
  return { expr: { kind: 'aggregate', fn, event: bound.event, property, within, at }, type: 'number' };
}
