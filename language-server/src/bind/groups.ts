/** What a journey remembers with its runs, groups them by, and holds them against. */
import type { ColumnRef, KeepPlan, PathPlan, SplitPlan } from '@journey/engine';
import type * as ast from '@journey/grammar';
import { AstUtils } from 'langium';
import { nearest } from '../text/nearest.ts';
import { bindDuration } from './amounts.ts';
import { columnOf, fixTo } from './expressions.ts';
import type { EventNames } from './journeys.ts';
import { bindEventPath } from './patterns.ts';
import { NOWHERE, type Sink } from './sink.ts';

/** `keep channel = last Viewed.channel within 30d before entry` */
export function bindKeep(node: ast.Keep, sink: Sink, eventNames: EventNames): KeepPlan {
  if (!node.name || !node.which) sink.missing();
  const at = sink.at(node);
  const { event, property } = bindProperty(node.of, 'keep', sink, eventNames);
  return {
    name: node.name ?? '',
    at,
    nameAt: sink.at(node, 'name'),
    ...sink.doc(node),
    which: node.which === 'first' ? 'first' : 'last',
    event,
    property,
    ...(node.within && { within: bindDuration(node.within, sink) }),
  };
}

/** A property of an event, as `Viewed.channel` names it. */
export function bindProperty(
  path: ast.Path | undefined,
  word: string,
  sink: Sink,
  eventNames: EventNames,
): { event: KeepPlan['event']; property: ColumnRef } {
  const nothing = { event: { kind: 'rows' as const, any: [], text: '', at: NOWHERE }, property: { path: [], at: NOWHERE } };
  if (!path?.head?.$refText) {
    sink.missing();
    return nothing;
  }
  const bound = bindEventPath(path, sink);
  const needs = `\`${word}\` needs a property of an event, such as \`Viewed.channel\``;
  if (!bound) {
    const guess = nearest(path.head.$refText, eventNames());
    const fix = guess && [guess, ...path.members].join('.');
    sink.report({ code: 'unknown-event', message: `${needs}${fix ? `: did you mean \`${fix}\`?` : ''}`, node: path, fix: fixTo(fix) });
    return nothing;
  }
  if (bound.property.some(each => each === undefined)) sink.missing();
  else if (bound.property.length === 0) sink.report({ code: 'wrong-argument', message: needs, node: path });
  return { event: bound.event, property: columnOf(bound.property, undefined, bound.sources[0], sink.at(path)) };
}

/** `split by plan, channel, Mobile, profiles.age, entry`: a keep, then a segment, a table's column, else a property of the entry event. */
export function bindSplit(node: ast.Split, journey: ast.Journey, sink: Sink): SplitPlan[] {
  if (node.by.length === 0) sink.missing();
  return node.by.map((path): SplitPlan => {
    const at = sink.at(path);
    const name = path.head?.$refText ?? '';
    const { members } = path;
    const text = [name, ...members].join('.');
    if (!name || members.some(each => each === undefined)) sink.missing();
    const target = path.head?.ref;
    if (target && sink.isBroken(target)) sink.missing();
    if (members.length === 0 && name === 'entry') return { kind: 'enter', at, text };
    if (members.length === 0 && target?.$type === 'Keep') return { kind: 'keep', name, at, text };
    if (members.length === 0 && target?.$type === 'Segment') return { kind: 'segment', name, at, text };
    if (name === 'entry') return { kind: 'property', column: { path: members, at }, at, text };
    if (members.length > 0 && target?.$type === 'Table') {
      const column: ColumnRef = { table: name, path: members, at };
      if (keyedById(target)) return { kind: 'attribute', column, at, text };
      if (!joinedAtEntry(target, journey)) sink.report(notOfPeople(path, target));
      return { kind: 'property', column, at, text };
    }
    return { kind: 'property', column: { path: [name, ...members], at }, at, text };
  });
}

/** Whether the table's rows are facts about a person. */
export const keyedById = (table: ast.Table): boolean => table.items.some(item => item.$type === 'Key' && item.kind !== undefined);

/** Whether a source of an entry event joins the table, so that its columns are properties of that event. */
function joinedAtEntry(table: ast.Table, journey: ast.Journey): boolean {
  return journey.items
    .filter(item => item.$type === 'Enter')
    .flatMap(enter => (enter.on ? AstUtils.streamAst(enter.on).toArray() : []))
    .some(node => {
      const target = node.$type === 'EventRef' ? (node as ast.EventRef).ref?.ref : undefined;
      const pattern = target?.$type === 'Event' ? target.pattern : undefined;
      const sources = target?.$type === 'Source' ? [target] : pattern ? sourcesIn(pattern) : [];
      return sources.some(source => source.items.some(item => item.$type === 'Join' && item.table?.ref === table));
    });
}

function sourcesIn(pattern: ast.Pattern, seen = new Set<ast.Event>()): ast.Source[] {
  return AstUtils.streamAst(pattern)
    .toArray()
    .flatMap(node => {
      const target = node.$type === 'EventRef' ? (node as ast.EventRef).ref?.ref : undefined;
      if (target?.$type === 'Source') return [target];
      if (target?.$type !== 'Event' || seen.has(target) || !target.pattern) return [];
      seen.add(target);
      return sourcesIn(target.pattern, seen);
    });
}

export function notOfPeople(path: ast.Path, table: ast.Table) {
  const message = `Table \`${table.name}\` is not keyed by an id of a person: write \`id user = …\` in it instead of \`key …\``;
  return { code: 'unknown-name' as const, message, node: path };
}

/** `path Happy: Looking -> Cart -> Bought`: an entry rule only first, no step twice. */
export function bindRoute(node: ast.Route, names: Map<ast.Step, string>, sink: Sink): PathPlan {
  if (!node.name) sink.missing();
  const steps = node.steps.flatMap((reference, i) => {
    const rule = reference.ref;
    const name = rule && names.get(rule);
    if (!rule || !name) {
      sink.missing();
      return [];
    }
    const place = { node, property: 'steps', index: i };
    if (rule.$type === 'Enter' && i > 0) {
      sink.report({
        code: 'bad-path',
        message: `\`${name}\` is an entry rule: every run begins with one, so it can only come first`,
        ...place,
      });
    } else if (node.steps.findIndex(each => each.ref === rule) < i) {
      sink.report({ code: 'bad-path', message: `\`${name}\` is already a step of this path: its steps are distinct`, ...place });
    } else if (i < node.steps.length - 1 && (rule.$type === 'Complete' || rule.$type === 'Exit')) {
      sink.report({ code: 'bad-path', message: `\`${name}\` ends the run, so nothing can come after it`, ...place });
    }
    const kind = rule.$type === 'Enter' ? ('enter' as const) : rule.$type === 'Stage' ? ('stage' as const) : ('end' as const);
    return [{ step: { kind, name }, at: sink.at(node, 'steps', i) }];
  });
  if (node.steps.length === 1) {
    sink.report({ code: 'bad-path', message: 'A path has at least two steps, as in `Looking -> Cart -> Bought`', node });
  } else if (node.steps.length === 0) sink.missing();
  return { name: node.name ?? '', at: sink.at(node), nameAt: sink.at(node, 'name'), ...sink.doc(node), steps };
}
