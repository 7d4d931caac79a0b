import type { EventPattern, Expr, RowMatch } from '@journey/engine';
import type * as ast from '@journey/grammar';
import type { AstNode } from 'langium';
import { bindExpr } from './expressions.ts';
import { NOWHERE, type Sink, type Surroundings } from './sink.ts';

interface Rows {
  source: ast.Source;
  match: RowMatch;
}

/** What a rule waits for, with named events replaced by the rows they stand for. */
export function bindPattern(node: ast.Pattern | undefined, sink: Sink): EventPattern {
  if (!node) {
    sink.missing();
    return { kind: 'rows', any: [], text: '', at: NOWHERE };
  }
  const text = (node.$cstNode?.text ?? '').replace(/\s+/g, ' ');
  return {
    kind: 'rows',
    any: rowsOf(node, sink, node.$container?.$type === 'Event' ? [node.$container] : []).map(rows => rows.match),
    text,
    at: sink.at(node),
  };
}

/**
 * The event a metric speaks of, and what follows its name: `Ordered.total`, `orders.order_placed.total`.
 * @returns undefined where the path names no event; the caller says what it wanted
 */
export function bindEventPath(path: ast.Path, sink: Sink): { event: EventPattern; property: string[]; sources: ast.Source[] } | undefined {
  const target = path.head?.ref;
  const at = sink.at(path);
  if (target && sink.isBroken(target)) sink.missing();
  if (target?.$type === 'Event') {
    const rows = eventRows(target, path, sink, []);
    const sources = [...new Set(rows.map(each => each.source))];
    return {
      event: { kind: 'rows', any: rows.map(each => ({ ...each.match, at })), text: target.name, at },
      property: path.members,
      sources,
    };
  }
  if (target?.$type !== 'Source') return undefined;
  const [member, ...property] = path.members;
  if (member === undefined) return undefined;
  const text = `${target.name}.${plain(member)}`;
  return { event: { kind: 'rows', any: [{ source: target.name, event: member, at }], text, at }, property, sources: [target] };
}

/** @param path the named events on the way here: an event must not be defined by itself */
function rowsOf(pattern: ast.Pattern, sink: Sink, path: ast.Event[]): Rows[] {
  if (pattern.events.length === 0) sink.missing();
  const rows = pattern.events.flatMap(ref => refRows(ref, sink, path));
  const condition = pattern.where;
  if (!condition) return rows;
  // A table's columns depend on what a source joins, so the condition is bound for each source; its errors are told once.
  const bound = new Map<ast.Source | undefined, Expr>();
  const whereOf = (source: ast.Source | undefined) => {
    let where = bound.get(source);
    if (!where) {
      where = bindExpr(condition, source, bound.size === 0 ? sink : sink.aside());
      bound.set(source, where);
    }
    return where;
  };
  if (rows.length === 0) whereOf(undefined);
  return rows.map(({ source, match }) => ({ source, match: { ...match, where: both(match.where, whereOf(source)) } }));
}

function refRows(ref: ast.EventRef, sink: Sink, path: ast.Event[]): Rows[] {
  const target = ref.ref?.ref;
  if (!target || sink.isBroken(target)) {
    sink.missing();
    return [];
  }
  if (target.$type === 'Source') {
    if (ref.member) return [{ source: target, match: { source: target.name, event: ref.member, at: sink.at(ref) } }];
    const constant = target.items.find(item => item.$type === 'EventName')?.constant;
    const example = constant
      ? ` as in \`${target.name}.${plain(constant)}\``
      : ` as in \`${target.name}.page_view\` or \`${target.name}."Signed Up"\``;
    // A dot without a name is an unfinished line, and the parser has said so.
    if (ref.$cstNode?.text.includes('.')) sink.missing();
    else sink.report({ code: 'unknown-event', message: `\`${target.name}\` is a source: say which of its events,${example}`, node: ref });
    return [];
  }
  if (ref.member !== undefined) {
    const message = `\`${target.name}\` is an event, and has no events of its own; for its properties use \`where\``;
    sink.report({ code: 'unknown-event', message, node: ref, property: 'member' });
    return [];
  }
  const at = sink.at(ref);
  return eventRows(target, ref, sink, path).map(({ source, match }) => ({ source, match: { ...match, at, via: target.name } }));
}

/** The rows of named events, each worked out once in a run however many rules refer to it. */
const known = new WeakMap<Surroundings, Map<ast.Event, { rows: Rows[]; sound: boolean }>>();

/** @param from what refers to the event: a cycle is told there */
function eventRows(event: ast.Event, from: AstNode, sink: Sink, path: ast.Event[]): Rows[] {
  if (path.includes(event)) {
    const names = [...path.slice(path.indexOf(event)), event].map(each => each.name).join(' → ');
    sink.report({ code: 'event-cycle', message: `An event can't be defined by itself: ${names}`, node: from });
    return [];
  }
  const cache = known.get(sink.around) ?? new Map();
  known.set(sink.around, cache);
  const cached = cache.get(event);
  if (cached) {
    if (!cached.sound) sink.missing();
    return cached.rows;
  }
  if (!event.pattern) {
    sink.missing();
    return [];
  }
  // What is wrong inside a named event is told where it is declared; here it only counts.
  const inside = sink.aside();
  const rows = rowsOf(event.pattern, inside, [...path, event]);
  const cycle = inside.problems.find(problem => problem.code === 'event-cycle');
  if (cycle && path.length > 0) sink.report({ ...cycle, node: from });
  else if (inside.errors > 0) sink.missing();
  // Within a cycle the answer depends on where one comes from.
  if (!cycle) cache.set(event, { rows, sound: inside.errors === 0 });
  return rows;
}

/** `name` where a bare word will do, `"name"` where not. */
const plain = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`);

function both(left: Expr | undefined, right: Expr): Expr {
  if (!left) return right;
  const operands = [left, right].flatMap(each => (each.kind === 'and' ? each.operands : [each]));
  return { kind: 'and', operands, at: right.at };
}
