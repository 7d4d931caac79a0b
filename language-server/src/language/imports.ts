import { type File, isFile } from '@journey/grammar';
import type { BuildOptions, LangiumSharedCoreServices } from 'langium';
import {
  DefaultDocumentBuilder,
  DefaultIndexManager,
  DocumentState,
  isOperationCancelled,
  type LangiumDocument,
  type LangiumDocuments,
  type URI,
  UriUtils,
} from 'langium';
import type { CancellationToken } from 'vscode-languageserver';

/** @returns where an import leads; undefined for one that can't be a `.journey` file */
export function importTarget(from: URI, path: string | undefined): URI | undefined {
  if (!path?.endsWith('.journey') || /^[a-z][a-z0-9+.-]+:/i.test(path)) return undefined;
  return UriUtils.resolvePath(UriUtils.dirname(from), path.replaceAll('\\', '/'));
}

/** @returns the uris of what a file imports itself, also of files that don't exist, in order */
function importsOf(document: LangiumDocument): URI[] {
  const file = document.parseResult.value;
  if (!isFile(file)) return [];
  return (file as File).imports.map(each => importTarget(document.uri, each.path)).filter(uri => uri !== undefined);
}

/**
 * A file and all it imports, directly or not, each once: imports before the file that imports them.
 * @returns uris as texts, also of files that don't exist
 */
export function withImports(document: LangiumDocument, documents: LangiumDocuments): string[] {
  const seen = new Set<string>();
  const order: string[] = [];
  const visit = (uri: URI) => {
    const key = uri.toString();
    if (seen.has(key)) return;
    seen.add(key);
    const each = key === document.uri.toString() ? document : documents.getDocument(uri);
    if (each) importsOf(each).forEach(visit);
    order.push(key);
  };
  visit(document.uri);
  return order;
}

/** A document depends on all it imports: on what changed there, on what was deleted, on what has come to be. */
export class JourneyIndexManager extends DefaultIndexManager {
  override isAffected(document: LangiumDocument, changedUris: Set<string>): boolean {
    return withImports(document, this.documents).some(uri => changedUris.has(uri));
  }
}

/** Loads what the documents to be built import, so that whoever builds a file gets the whole definition. */
export class JourneyDocumentBuilder extends DefaultDocumentBuilder {
  constructor(services: LangiumSharedCoreServices) {
    super(services);
    // Whatever changes, every check is run again: none is so slow that it would have to wait.
    this.updateBuildOptions = { validation: true };
  }

  protected override async buildDocuments(documents: LangiumDocument[], options: BuildOptions, token: CancellationToken): Promise<void> {
    const all: LangiumDocument[] = [];
    for (const document of documents) if (await this.parsed(document, token)) all.push(document);
    const known = new Set(all.map(document => document.uri.toString()));
    for (const document of all) {
      for (const uri of importsOf(document)) {
        if (known.has(uri.toString())) continue;
        known.add(uri.toString());
        const imported = this.langiumDocuments.getDocument(uri) ?? (await this.load(uri, token));
        if (imported && imported.state < DocumentState.Validated) all.push(imported);
      }
    }
    await super.buildDocuments(all, options, token);
  }

  /** Reads a changed document again. One that can't be read any more is gone; whoever imports it says so. */
  private async parsed(document: LangiumDocument, token: CancellationToken): Promise<boolean> {
    if (document.state >= DocumentState.Parsed) return true;
    try {
      await this.langiumDocumentFactory.update(document, token);
      return true;
    } catch (error) {
      if (isOperationCancelled(error)) throw error;
      for (const gone of this.langiumDocuments.deleteDocuments(document.uri)) this.cleanUpDeleted(gone);
      return false;
    }
  }

  private async load(uri: URI, token: CancellationToken): Promise<LangiumDocument | undefined> {
    try {
      return await this.langiumDocuments.getOrCreateDocument(uri, token);
    } catch (error) {
      if (isOperationCancelled(error)) throw error;
      return undefined; // the check at the import says that it is missing
    }
  }
}
