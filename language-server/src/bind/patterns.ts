import type { DerivedPattern, EventPattern, Expr, RowMatch } from '@journey/engine';
import type * as ast from '@journey/grammar';
import type { AstNode } from 'langium';
import { isImpossible } from '../validate/sense/conditions.ts';
import { isExcluded } from '../validate/sense/events.ts';
import { bindCount, bindDuration } from './amounts.ts';
import { bindColumn, bindExpr } from './expressions.ts';
import { NOWHERE, type Sink, type Surroundings, textOf } from './sink.ts';

interface Rows {
  source: ast.Source;
  match: RowMatch;
}
/** An event made of others, and the sources whose rows it falls on. */
interface Derived {
  sources: ast.Source[];
  pattern: DerivedPattern;
}
/** What happens at one of its rows, or with one of its derived events. */
interface Bound {
  rows: Rows[];
  derived: Derived[];
}

/** What a rule waits for, with named events replaced by what they stand for. */
export function bindPattern(node: ast.EventTerm | undefined, sink: Sink): EventPattern {
  if (!node) {
    sink.missing();
    return { kind: 'rows', any: [], text: '', at: NOWHERE };
  }
  return toPattern(bindTerm(node, sink, node.$container?.$type === 'Event' ? [node.$container] : []), textOf(node), sink.at(node));
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
    const bound = eventOf(target, path, sink, []);
    const rows = bound.rows.map(each => ({ ...each, match: { ...each.match, at } }));
    return { event: toPattern({ ...bound, rows }, target.name, at), property: path.members, sources: sourcesOf(bound) };
  }
  if (target?.$type !== 'Source') return undefined;
  const [member, ...property] = path.members;
  if (member === undefined) return undefined;
  const text = `${target.name}.${plain(member)}`;
  return { event: { kind: 'rows', any: [{ source: target.name, event: member, at }], text, at }, property, sources: [target] };
}

const sourcesOf = ({ rows, derived }: Bound) => [...new Set([...rows.map(each => each.source), ...derived.flatMap(each => each.sources)])];

function toPattern({ rows, derived }: Bound, text: string, at: EventPattern['at']): EventPattern {
  const ofRows: EventPattern = { kind: 'rows', any: rows.map(each => each.match), text, at };
  if (derived.length === 0) return ofRows;
  if (rows.length === 0 && derived.length === 1) return { ...derived[0].pattern, text, at };
  return { kind: 'union', any: [...(rows.length > 0 ? [ofRows] : []), ...derived.map(each => each.pattern)], text, at };
}

/** @param path the named events on the way here: an event must not be defined by itself */
function bindTerm(term: ast.EventTerm | undefined, sink: Sink, path: ast.Event[]): Bound {
  switch (term?.$type) {
    case 'Pattern':
      return bindUnion(term, sink, path);
    case 'EventRef':
      return bindRef(term, sink, path);
    case 'First':
    case 'Repeated':
    case 'Then':
      return { rows: [], derived: [bindDerived(term, sink, path)] };
    default:
      sink.missing();
      return { rows: [], derived: [] };
  }
}

/** One `where` covers all events before it: for rows it is a condition more, for derived events a look at the row they fall on. */
function bindUnion(node: ast.Pattern, sink: Sink, path: ast.Event[]): Bound {
  if (node.events.length === 0) sink.missing();
  const terms = node.events.map(term => bindTerm(term, sink, path));
  const bound: Bound = { rows: terms.flatMap(each => each.rows), derived: terms.flatMap(each => each.derived) };
  const condition = node.where;
  if (!condition) return bound;
  // A table's columns depend on what a source joins, so the condition is bound for each source; its errors are told once.
  const known = new Map<ast.Source | undefined, Expr>();
  const whereOf = (source: ast.Source | undefined) => {
    let where = known.get(source);
    if (!where) {
      where = bindExpr(condition, source, known.size === 0 ? sink : sink.aside());
      known.set(source, where);
    }
    return where;
  };
  if (bound.rows.length + bound.derived.length === 0) whereOf(undefined);
  const whole: Bound = {
    rows: bound.rows.map(({ source, match }) => ({ source, match: { ...match, where: both(match.where, whereOf(source)) } })),
    derived: bound.derived.map(({ sources, pattern: of }) => {
      const joining = sources.find(source => source.items.some(item => item.$type === 'Join')) ?? sources[0];
      return { sources, pattern: { kind: 'filter', of, where: whereOf(joining), text: textOf(node), at: sink.at(node) } };
    }),
  };
  if (sink.around.made) noteContradiction(node, condition, bound, whole, sink);
  return whole;
}

/** A condition no row can meet, by itself or together with that of the event it narrows. */
function noteContradiction(node: ast.Pattern, condition: ast.Expr, bound: Bound, whole: Bound, sink: Sink): void {
  const row = whole.rows.findIndex(({ match }, i) => {
    const before = bound.rows[i].match.where;
    return match.where && isImpossible(match.where) && !(before && isImpossible(before));
  });
  const derived = whole.derived.find(({ pattern }) => pattern.kind === 'filter' && isExcluded(pattern.of, pattern.where));
  if (row < 0 && !derived) return;
  const narrowed = row >= 0 ? bound.rows[row].match : undefined;
  const name = narrowed?.via ?? (derived?.pattern.kind === 'filter' ? derived.pattern.of.text : undefined);
  const own = narrowed ? isImpossible(bindExpr(condition, bound.rows[row].source, sink.aside())) : false;
  const message =
    own || !name
      ? 'No row can meet this condition: it contradicts itself'
      : `No \`${name}\` can meet this condition: it contradicts that of the event itself`;
  sink.remark({ code: 'contradiction', message, node, property: 'where' });
}

function bindDerived(node: ast.First | ast.Repeated | ast.Then, sink: Sink, path: ast.Event[]): Derived {
  const part = (term: ast.EventTerm | undefined) => {
    const bound = bindTerm(term, sink, path);
    return { sources: sourcesOf(bound), pattern: toPattern(bound, term ? textOf(term) : '', term ? sink.at(term) : NOWHERE) };
  };
  const around = { same: node.same && bindColumn(node.same, undefined, sink), text: textOf(node), at: sink.at(node) };
  switch (node.$type) {
    case 'First': {
      const { sources, pattern: of } = part(node.of);
      return { sources, pattern: { kind: 'first', of, ...around } };
    }
    case 'Repeated': {
      const { sources, pattern: of } = part(node.of);
      if (node.count === 1 && sink.around.made) {
        const text = node.of?.$cstNode?.text ?? '';
        const fix = { title: `Change to \`${text}\``, text };
        sink.remark({
          code: 'pointless-count',
          message: `\`1 … within\` is every \`${textOf(node.of)}\`: ask for more, or leave it at the event`,
          node,
          fix,
        });
      }
      return {
        sources,
        pattern: { kind: 'repeated', count: bindCount(node, 'count', sink), of, within: bindDuration(node.within, sink), ...around },
      };
    }
    case 'Then': {
      const [first, then] = [part(node.first), part(node.then)];
      const within = bindDuration(node.within, sink);
      if (!node.no)
        // biome-ignore lint/suspicious/noThenProperty: nothing awaits a plan
        return { sources: then.sources, pattern: { kind: 'sequence', first: first.pattern, then: then.pattern, within, ...around } };
      const order = sink.around.orderOf(node);
      return { sources: first.sources, pattern: { kind: 'absence', first: first.pattern, no: then.pattern, within, order, ...around } };
    }
  }
}

const NOTHING: Bound = { rows: [], derived: [] };

function bindRef(ref: ast.EventRef, sink: Sink, path: ast.Event[]): Bound {
  const target = ref.ref?.ref;
  if (!target || sink.isBroken(target)) {
    sink.missing();
    return NOTHING;
  }
  if (target.$type === 'Source') {
    if (ref.member) return { rows: [{ source: target, match: { source: target.name, event: ref.member, at: sink.at(ref) } }], derived: [] };
    const constant = target.items.find(item => item.$type === 'EventName')?.constant;
    const example = constant
      ? ` as in \`${target.name}.${plain(constant)}\``
      : ` as in \`${target.name}.page_view\` or \`${target.name}."Signed Up"\``;
    // A dot without a name is an unfinished line, and the parser has said so.
    if (ref.$cstNode?.text.includes('.')) sink.missing();
    else sink.report({ code: 'unknown-event', message: `\`${target.name}\` is a source: say which of its events,${example}`, node: ref });
    return NOTHING;
  }
  if (ref.member !== undefined) {
    const message = `\`${target.name}\` is an event, and has no events of its own; for its properties use \`where\``;
    sink.report({ code: 'unknown-event', message, node: ref, property: 'member' });
    return NOTHING;
  }
  const at = sink.at(ref);
  const { rows, derived } = eventOf(target, ref, sink, path);
  return {
    rows: rows.map(({ source, match }) => ({ source, match: { ...match, at, via: target.name } })),
    derived: derived.map(({ sources, pattern }) => ({ sources, pattern: { ...pattern, text: target.name, at } })),
  };
}

/** What named events stand for, each worked out once in a run however many rules refer to it. */
const known = new WeakMap<Surroundings, Map<ast.Event, { bound: Bound; sound: boolean }>>();

/** @param from what refers to the event: a cycle is told there */
function eventOf(event: ast.Event, from: AstNode, sink: Sink, path: ast.Event[]): Bound {
  if (path.includes(event)) {
    const names = [...path.slice(path.indexOf(event)), event].map(each => each.name).join(' → ');
    sink.report({ code: 'event-cycle', message: `An event can't be defined by itself: ${names}`, node: from });
    return NOTHING;
  }
  const cache = known.get(sink.around) ?? new Map();
  known.set(sink.around, cache);
  const cached = cache.get(event);
  if (cached) {
    if (!cached.sound) sink.missing();
    return cached.bound;
  }
  if (!event.pattern) {
    sink.missing();
    return NOTHING;
  }
  // What is wrong inside a named event is told where it is declared; here it only counts.
  const inside = sink.aside();
  const bound = bindTerm(event.pattern, inside, [...path, event]);
  const cycle = inside.problems.find(problem => problem.code === 'event-cycle');
  if (cycle && path.length > 0) sink.report({ ...cycle, node: from });
  else if (inside.errors > 0) sink.missing();
  // Within a cycle the answer depends on where one comes from.
  if (!cycle) cache.set(event, { bound, sound: inside.errors === 0 });
  return bound;
}

/** `name` where a bare word will do, `"name"` where not. */
const plain = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : `"${name}"`);

function both(left: Expr | undefined, right: Expr): Expr {
  if (!left) return right;
  const operands = [left, right].flatMap(each => (each.kind === 'and' ? each.operands : [each]));
  return { kind: 'and', operands, at: right.at };
}
