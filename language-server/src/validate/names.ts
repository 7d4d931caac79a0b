import type { Element, File, Identity } from '@journey/grammar';
import { AstUtils, URI } from 'langium';
import { withImports } from '../language/imports.ts';
import type { Check } from './index.ts';

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
        const message = `There is already ${/^[aeiou]/.test(other.kind) ? 'an' : 'a'} ${other.kind} \`${name}\`: choose another name`;
        const related = [{ message: `The other \`${name}\``, node: other.node, property: 'name' }];
        report({ code: 'duplicate-name', message, node, property: 'name', related });
      }
    }
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
