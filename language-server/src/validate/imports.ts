import type { File, Import } from '@journey/grammar';
import { AstUtils, type LangiumDocument, URI, UriUtils } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import { importTarget, withImports } from '../language/imports.ts';
import type { Check } from './check.ts';
import { declarations } from './names.ts';

const fileName = (uri: string) => UriUtils.basename(URI.parse(uri));
const documentOf = (uri: string, services: LangiumServices): LangiumDocument | undefined =>
  services.shared.workspace.LangiumDocuments.getDocument(URI.parse(uri));

export const missingImport: Check<Import> = (node, report, services) => {
  if (!node.path) return;
  const target = importTarget(AstUtils.getDocument(node).uri, node.path);
  if (!target) {
    const message = 'An import names a `.journey` file by its path from this one, such as "events.journey"';
    report({ code: 'import-not-found', message, node, property: 'path' });
  } else if (!documentOf(target.toString(), services)) {
    const message = `There is no file \`${node.path}\`, or it can't be read; the path starts at the folder of this file`;
    report({ code: 'import-not-found', message, node, property: 'path' });
  }
};

export const cyclicImport: Check<Import> = (node, report, services) => {
  const own = AstUtils.getDocument(node).uri;
  const target = importTarget(own, node.path)?.toString();
  const way = target && wayBack(target, own.toString(), services);
  if (!way) return;
  const names = [own.toString(), ...way].map(fileName).join(' → ');
  const message = `Files can't import each other in a circle: ${names}; move what both need into a file of its own`;
  report({ code: 'import-cycle', message, node, property: 'path' });
};

/** The uris from one file to another along imports, both included. */
function wayBack(from: string, to: string, services: LangiumServices, seen = new Set<string>()): string[] | undefined {
  if (from === to) return [to];
  if (seen.has(from)) return undefined;
  seen.add(from);
  const document = documentOf(from, services);
  for (const each of (document?.parseResult.value as File | undefined)?.imports ?? []) {
    const next = importTarget(document!.uri, each.path)?.toString();
    const rest = next && wayBack(next, to, services, seen);
    if (rest) return [from, ...rest];
  }
  return undefined;
}

/** Two imported files that know nothing of each other may declare the same name: only here does it show. */
export const namesakesInImports: Check<File> = (file, report, services) => {
  const own = AstUtils.getDocument(file);
  const all = services.shared.workspace.LangiumDocuments;
  const first = new Map<string, string>();
  for (const node of file.imports) {
    const document = documentOf(importTarget(own.uri, node.path)?.toString() ?? '', services);
    if (!document || document === own) continue;
    for (const uri of withImports(document, all)) {
      const each = documentOf(uri, services);
      if (!each || each === own) continue;
      for (const { key, name, kind } of declarations(each.parseResult.value as File)) {
        const other = first.get(key);
        if (other === undefined) first.set(key, uri);
        else if (other !== uri && !withImports(each, all).includes(other)) {
          const message = `Both ${fileName(other)} and ${fileName(uri)} declare ${kind} \`${name}\`: rename one of them`;
          report({ code: 'duplicate-name', message, node, property: 'path' });
        }
      }
    }
  }
};
