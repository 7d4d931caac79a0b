import { withArticle } from '@journey/engine';
import { type Element, type File, type Identity, isSegment } from '@journey/grammar';
import { type AstNode, AstUtils, URI } from 'langium';
import { withImports } from '../language/imports.ts';
import { isStep, ruleNames } from '../language/names.ts';
import type { Check } from './check.ts';

const WORD: Record<Element['$type'], string> = {
  Source: 'source',
  Table: 'table',
  Event: 'event',
  Segment: 'segment',
  Scenario: 'scenario',
  Identity: 'identity',
  Journey: 'journey',
};

/** The named things of a file. Sources, tables and events share their names, since expressions use them side by side. */
export function declarations(file: File): { node: Element; name: string; kind: string; key: string }[] {
  return (file.elements ?? [])
    .filter((node): node is Exclude<Element, { $type: 'Scenario' }> => node.$type !== 'Scenario' && node.name !== undefined)
    .map(node => {
      const kind = WORD[node.$type];
      const space = kind === 'source' || kind === 'table' || kind === 'event' ? 'name' : kind;
      return { node, name: node.name, kind, key: `${space} ${node.name}` };
    });
}

export const duplicateNames: Check<File> = (file, report, services) => {
  const own = AstUtils.getDocument(file);
  const documents = services.shared.workspace.LangiumDocuments;
  const first = new Map<string, { node: Element; kind: string }>();
  for (const uri of withImports(own, documents)) {
    const document = uri === own.uri.toString() ? own : documents.getDocument(URI.parse(uri));
    for (const { node, name, kind, key } of declarations((document?.parseResult.value ?? { elements: [] }) as File)) {
      // Journeys of other files are no part of this one.
      if (kind === 'journey' && document !== own) continue;
      const other = first.get(key);
      if (!other) first.set(key, { node, kind });
      else if (document === own) {
        const message = `There is already ${withArticle(other.kind)} \`${name}\`: choose another name`;
        const related = [{ message: `The other \`${name}\``, node: other.node, property: 'name' }];
        report({ code: 'duplicate-name', message, node, property: 'name', related });
      }
    }
  }
};

/** Two names people take for one: a slip in either would go unnoticed. */
export const similarNames: Check<File> = (file, report) => {
  const first = new Map<string, { name: string; node: AstNode }>();
  const look = (space: string, name: string | undefined, node: AstNode) => {
    if (!name) return;
    const key = `${space} ${name.toLowerCase()}`;
    const other = first.get(key);
    if (!other) first.set(key, { name, node });
    else if (other.name !== name) {
      const related = [{ message: `\`${other.name}\``, node: other.node, property: 'name' }];
      const message = `\`${name}\` and \`${other.name}\` differ only by case: choose names that can be told apart`;
      report({ code: 'similar-names', message, node, property: 'name', related });
    }
  };
  for (const { node, name, kind } of declarations(file)) {
    look(kind, name, node);
    if (node.$type !== 'Journey') continue;
    const names = ruleNames(node);
    for (const item of node.items) {
      if (isStep(item)) {
        if (item.name) look(`${name} rule`, names.get(item), item);
      } else if ('name' in item) look(`${name} ${item.$type}`, item.name, item);
    }
  }
};

/** A scenario goes by its title. */
export const duplicateTitles: Check<File> = (file, report) => {
  const first = new Map<string, Element>();
  for (const node of file.elements) {
    if (node.$type !== 'Scenario' || node.title === undefined) continue;
    const other = first.get(node.title);
    if (!other) first.set(node.title, node);
    else {
      const related = [{ message: 'The other one', node: other, property: 'title' }];
      report({
        code: 'duplicate-name',
        message: 'There is already a scenario of that title: choose another',
        node,
        property: 'title',
        related,
      });
    }
  }
};

/** A file that declares journeys uses its segments itself, unless another imports it. */
export const unusedSegments: Check<File> = (file, report, services) => {
  const segments = file.elements.filter(isSegment);
  if (segments.length === 0 || !file.elements.some(node => node.$type === 'Journey')) return;
  const own = AstUtils.getDocument(file);
  const documents = services.shared.workspace.LangiumDocuments;
  const imported = documents.all.some(each => each !== own && withImports(each, documents).includes(own.uri.toString()));
  if (imported) return;
  const used = new Set<unknown>(own.references.map(reference => ('ref' in reference ? reference.ref : undefined)));
  for (const node of segments) {
    if (used.has(node) || !node.name) continue;
    const message = `Nothing speaks of segment \`${node.name}\`: use it as a gate, in a \`split\`, or take it away`;
    report({ code: 'segment-unused', message, node, property: 'name' });
  }
};

export const duplicateKinds: Check<Identity> = (identity, report) => {
  const seen = new Set<string>();
  for (const kind of identity.kinds) {
    if (!kind.name) continue;
    if (seen.has(kind.name)) {
      report({ code: 'duplicate-name', message: `\`${kind.name}\` is already an id of ${identity.name}`, node: kind, property: 'name' });
    }
    seen.add(kind.name);
  }
};
