/** Who is one customer: the kinds of id, and the rules by which they link. */
import {
  type ColumnRef,
  type Expr,
  ID_VALUE,
  type IdentityPlan,
  type IdKindPlan,
  type IgnorePlan,
  type PiiPlan,
  PLAIN_LINKING,
} from '@journey/engine';
import type * as ast from '@journey/grammar';
import { bindCount, bindDuration } from './amounts.ts';
import { bindExpr, bindRegex, fixTo } from './expressions.ts';
import { NOWHERE, type Sink, textOf } from './sink.ts';

type Rule<T extends ast.IdentityRule['$type']> = Extract<ast.IdentityRule, { $type: T }>;

/** The first rule that is wrong leaves the whole identity out: who is one customer under half its rules is nobody's question. */
export function bindIdentity(node: ast.Identity, sink: Sink): IdentityPlan {
  if (!node.name || node.kinds.length === 0) sink.missing();
  const of = <T extends ast.IdentityRule['$type']>(type: T) => node.rules.filter((rule): rule is Rule<T> => rule.$type === type);
  const kinds = node.kinds.filter(kind => kind.name);
  const [conflict] = of('OnConflict');
  const [retroactive] = of('Retroactive');
  const [split] = of('SplitByTime');
  if (conflict && !conflict.keep) sink.missing();
  return {
    name: node.name ?? '',
    at: sink.at(node),
    nameAt: sink.at(node, 'name'),
    kinds: kinds.map(kind => bindKind(kind, sink)),
    ignores: of('Ignore').map(rule => bindIgnore(rule, kinds, sink)),
    links: of('Link').map(rule => ({
      at: sink.at(rule),
      text: textOf(rule),
      kind: bindKindName(rule.kind, sink),
      with: rule.partners.length > 0 ? rule.partners.map(kind => bindKindName(kind, sink)) : [bindKindName(undefined, sink)],
    })),
    neverLinks: of('NeverLink').map(rule => ({
      at: sink.at(rule),
      text: textOf(rule),
      a: bindIdValue(rule.a, sink),
      b: bindIdValue(rule.b, sink),
    })),
    shared: of('Shared').map(rule => ({
      at: sink.at(rule),
      text: textOf(rule),
      kind: bindKindName(rule.kind, sink),
      moreThan: bindCount(rule, 'count', sink),
      of: bindKindName(rule.of, sink),
    })),
    onConflict: conflict ? { keep: conflict.keep === 'earliest' ? 'earliest' : 'latest', at: sink.at(conflict) } : PLAIN_LINKING.onConflict,
    retroactive: retroactive ? { ...bindReach(retroactive, sink), at: sink.at(retroactive) } : PLAIN_LINKING.retroactive,
    ...(split && { splitByTime: { at: sink.at(split) } }),
  };
}

function bindReach({ word, within }: ast.Retroactive, sink: Sink): IdentityPlan['retroactive'] {
  if (word === 'forward') return { within: 0 };
  return within ? { within: bindDuration(within, sink) } : {};
}

/** @returns the kind's name as written; one that is unknown has been told where names are looked up */
function bindKindName(kind: ast.Link['kind'] | undefined, sink: Sink): string {
  if (!kind?.ref) sink.missing();
  return kind?.$refText ?? '';
}

function bindKind(node: ast.IdKind, sink: Sink): IdKindPlan {
  const plan: IdKindPlan = { name: node.name, at: sink.at(node), ...sink.doc(node) };
  for (const option of node.options) {
    const at = sink.at(option);
    if (option.$type === 'Pii') plan.pii = bindPii(option, sink);
    else if (option.word === 'unique') plan.unique = { at };
    else if (option.word === 'max') plan.max = { count: bindCount(option, 'count', sink), at };
    else if (option.word === 'valid') plan.valid = { within: bindDuration(option.within, sink), at };
    else sink.missing();
  }
  return plan;
}

/** `pii contact.email` */
export function bindPii(node: ast.Pii, sink: Sink): PiiPlan {
  if (!node.category) sink.missing();
  return { category: node.category ?? '', at: sink.at(node) };
}

function bindIgnore(node: ast.Ignore, kinds: ast.IdKind[], sink: Sink): IgnorePlan {
  const named = node.any ? undefined : bindKindName(node.kind, sink);
  return {
    at: sink.at(node),
    text: textOf(node),
    kinds: named === undefined ? kinds.map(kind => kind.name) : [named],
    where: bindIgnored(node, named, sink),
  };
}

/** All forms as one condition over the value. */
function bindIgnored(node: ast.Ignore, kind: string | undefined, sink: Sink): Expr {
  const at = sink.at(node);
  const operand: Expr = { kind: 'column', column: { path: [ID_VALUE], at: sink.at(node, kind === undefined ? 'any' : 'kind') }, at };
  switch (node.op) {
    case 'matching':
      return { kind: 'matches', negated: false, operand, ...bindRegex(node.regex, node, sink), at };
    case 'like':
    case 'ilike':
      if (node.pattern === undefined) sink.missing();
      return { kind: 'like', negated: false, ignoreCase: node.op === 'ilike', operand, pattern: node.pattern ?? '', at };
    case '=':
      return { kind: 'compare', op: '=', left: operand, right: idLiteral(node.values[0], sink), at };
    case 'in':
      if (node.values.length === 0) sink.missing();
      return { kind: 'in', negated: false, operand, values: node.values.map(value => idLiteral(value, sink)), at };
    default:
      return bindExpr(node.condition, path => bindValueColumn(path, kind ?? ID_VALUE, sink), sink);
  }
}

function bindValueColumn(path: ast.Path, name: string, sink: Sink): ColumnRef {
  const written = [path.head?.$refText, ...path.members].join('.');
  if (!path.head?.$refText) sink.missing();
  else if (written !== name) {
    const message = `Here is only the value of the id, which goes by \`${name}\`; \`${written}\` is not known`;
    sink.report({ code: 'unknown-name', message, node: path, fix: fixTo(name) });
  }
  return { path: [ID_VALUE], at: sink.at(path) };
}

function bindIdValue(node: ast.IdValue | undefined, sink: Sink): { kind: string; value: string; at: Expr['at'] } {
  const kind = bindKindName(node?.kind, sink);
  const literal = idLiteral(node?.value, sink);
  return { kind, value: String(literal.value), at: node ? sink.at(node) : literal.at };
}

/** An id is a text: a number stands for its digits, as written. */
function idLiteral(node: ast.Expr | undefined, sink: Sink): Extract<Expr, { kind: 'literal' }> {
  if (!node) sink.missing();
  else if (node.$type === 'Null') {
    sink.report({ code: 'wrong-type', message: 'A value that is missing is no id anyway: write a text, such as "0"', node });
  }
  const value = node?.$type === 'Text' ? (node.text ?? '') : (node?.$cstNode?.text ?? '');
  return { kind: 'literal', value, at: node ? sink.at(node) : NOWHERE };
}
