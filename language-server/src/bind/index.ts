/** From the text's tree to the Plan. */
import { emptyPlan, type Plan } from '@journey/engine';
import { type Element, type File, isExpect, isMetric, isRoute, isSegment, isThen, type Segment } from '@journey/grammar';
import { type AstNode, AstUtils, type LangiumDocument, URI } from 'langium';
import type { LangiumServices, LangiumSharedServices } from 'langium/lsp';
import type { Range } from 'vscode-languageserver';
import type { LanguageCode } from '../codes.ts';
import { withImports } from '../language/imports.ts';
import { docOf } from '../language/names.ts';
import { bindIdentity } from './identity.ts';
import { bindEvent, bindJourney } from './journeys.ts';
import { bindFileExpect, bindPrivacy } from './privacy.ts';
import { bindAsOf, bindScenario } from './scenarios.ts';
import { bindSegment, segmentsIn } from './segments.ts';
import { Sink } from './sink.ts';
import { bindSource, bindTable } from './sources.ts';

/**
 * What a file means, together with everything it imports. Nothing is read or changed; binding the same text gives the same plan.
 *
 * @param document built up to its diagnostics, and what it imports too: what an error lies in is left out
 * @returns the plan, with the journeys of the file itself; `broken` names those that have an error outside of their paths and metrics
 */
export function bindFile(
  document: LangiumDocument,
  services: { shared: LangiumSharedServices; journey: LangiumServices },
): { plan: Plan; broken: string[] } {
  const documents = services.shared.workspace.LangiumDocuments;
  const files = withImports(document, documents).flatMap(uri => {
    const each = uri === document.uri.toString() ? document : documents.getDocument(URI.parse(uri));
    return each ? [each] : [];
  });
  const broken = new Set<AstNode>(files.flatMap(withErrors));
  const comments = services.journey.documentation.DocumentationProvider;
  const around = {
    isBroken: (node: AstNode) => broken.has(node),
    docOf: (node: AstNode) => docOf(node, comments),
    orderOf: orders(files),
    places: true,
  };
  const plan = emptyPlan();
  const brokenJourneys: string[] = [];

  /** Binds one declaration; one with an error of its own goes nowhere, and whatever is built on it must know. */
  const keep = <N extends Element, P>(node: N, list: P[], bind: (node: N, sink: Sink) => P) => {
    const own = new Sink(around);
    const bound = bind(node, own);
    if (own.errors > 0 || broken.has(node)) return void broken.add(node);
    list.push({ ...bound, ...own.doc(node) });
  };

  const elements = files.flatMap(file => (file.parseResult.value as File).elements ?? []);
  // Identities first, then tables, sources, events: each may be built on those before it.
  for (const node of elements) if (node.$type === 'Identity') keep(node, plan.identities, bindIdentity);
  for (const node of elements) if (node.$type === 'Table') keep(node, plan.tables, bindTable);
  for (const node of elements) if (node.$type === 'Source') keep(node, plan.sources, bindSource);
  for (const node of elements) if (node.$type === 'Event') keep(node, plan.events, bindEvent);
  for (const node of inOrder(elements.filter(isSegment))) keep(node, plan.segments, bindSegment);
  const file = document.parseResult.value as File;
  for (const node of file.elements ?? []) {
    if (node.$type !== 'Journey') continue;
    const before = plan.journeys.length;
    keep(node, plan.journeys, (journey, own) => bindJourney(journey, own, own.aside()));
    if (plan.journeys.length === before && node.name) brokenJourneys.push(node.name);
  }
  const privacy = files.flatMap(each => (each.parseResult.value as File).privacy ?? []);
  const own = new Sink(around);
  const unread = files.some(each => each.diagnostics?.some(({ code }) => code === ('import-not-found' satisfies LanguageCode)));
  if (privacy.length > 0) plan.privacy = bindPrivacy(privacy[0], own);
  // A number that the rules of privacy don't guard could be one that nobody may see; a file that can't be read may hold them.
  if (own.errors > 0 || privacy.length > 1 || privacy.some(node => broken.has(node)) || unread || files.some(hasLostPrivacy)) {
    plan.privacy = undefined;
    brokenJourneys.push(...plan.journeys.splice(0).map(({ name }) => name));
  }
  const attributes = new Map(
    plan.tables.flatMap(({ name, key }): [string, string][] => (key.idKind === undefined ? [] : [[name, key.idKind]])),
  );
  for (const node of file.elements ?? [])
    if (node.$type === 'Scenario') keep(node, plan.scenarios, (scenario, own) => bindScenario(scenario, own, attributes));
  for (const node of file.expects ?? []) {
    const sink = new Sink(around);
    const expect = bindFileExpect(node, sink);
    if (sink.errors === 0 && !broken.has(node)) plan.expects.push(expect);
  }
  const asOf = new Sink(around);
  Object.assign(plan, bindAsOf(file.asOf?.[0], undefined, asOf));
  return { plan, broken: [...new Set(brokenJourneys)] };
}

/** Numbers the `then no` patterns of a definition; they are looked for when the first one asks. */
function orders(files: LangiumDocument[]): (node: AstNode) => number {
  let known: Map<AstNode, number> | undefined;
  return node => {
    if (!known) {
      const all = files.flatMap(file => AstUtils.streamAllContents(file.parseResult.value).filter(isThen).toArray());
      const offset = (each: AstNode) => each.$cstNode?.offset ?? 0;
      const place = new Map(files.map((file, i) => [file, i]));
      const fileOf = (each: AstNode) => place.get(AstUtils.getDocument(each)) ?? 0;
      // Of two that begin at one place, `A then no B within D then no C within E`, the inner one comes first.
      const end = (each: AstNode) => each.$cstNode?.end ?? 0;
      const sorted = all.filter(each => each.no).sort((a, b) => fileOf(a) - fileOf(b) || offset(a) - offset(b) || end(a) - end(b));
      known = new Map(sorted.map((each, i) => [each, i]));
    }
    return known.get(node) ?? 0;
  };
}

/** Segments after those they are made of, so that one built on a broken one knows. */
function inOrder(segments: Segment[]): Segment[] {
  const order: Segment[] = [];
  const seen = new Set<Segment>();
  const visit = (segment: Segment) => {
    if (seen.has(segment)) return;
    seen.add(segment);
    segmentsIn(segment.condition).forEach(visit);
    order.push(segment);
  };
  segments.forEach(visit);
  return order;
}

/** Whether a block of privacy rules is written that the parser, in the midst of an error, passed over. */
function hasLostPrivacy(document: LangiumDocument): boolean {
  if (document.parseResult.parserErrors.length === 0) return false;
  const written = document.textDocument.getText().match(/^[ \t]*privacy\b/gm)?.length ?? 0;
  return written > ((document.parseResult.value as File).privacy?.length ?? 0);
}

/** The declarations an error lies in; for a path, metric or expectation that alone, not its journey. */
function withErrors(document: LangiumDocument): AstNode[] {
  const errors = (document.diagnostics ?? []).filter(diagnostic => diagnostic.severity === 1);
  if (errors.length === 0) return [];
  const { elements: named = [], privacy = [], expects = [] } = document.parseResult.value as File;
  const elements = [...named, ...privacy, ...expects];
  return errors.flatMap(({ range }): AstNode[] => {
    const element = elements.find(each => contains(each, range));
    if (element?.$type !== 'Journey') return element ? [element] : [];
    const item = element.items.find(each => contains(each, range));
    return [item && (isMetric(item) || isExpect(item) || isRoute(item)) ? item : element];
  });
}

function contains(node: AstNode, range: Range): boolean {
  const own = node.$cstNode?.range;
  return own !== undefined && !isBefore(range.start, own.start) && !isBefore(own.end, range.start);
}

const isBefore = (a: Range['start'], b: Range['start']) => a.line < b.line || (a.line === b.line && a.character < b.character);
