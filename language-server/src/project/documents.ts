/** The texts of definitions: kept up to date in the language's services, one build at a time. */
import { Cancellation, DocumentState, isOperationCancelled, type LangiumDocument } from 'langium';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { withImports } from '../language/imports.ts';
import type { JourneyServices } from '../language/services.ts';

/** A definition that isn't there (the message says why), or that is no text. */
export class Unreadable extends Error {
  override name = 'Unreadable';
  /** It is there, but no text. */
  readonly binary: boolean;

  constructor(message: string, binary = false) {
    super(message);
    this.binary = binary;
  }
}

/** So often a build is taken up again. */
const ROUNDS = 1000;

export class Documents {
  private readonly workspace: JourneyServices['shared']['workspace'];
  private readonly changed = new Map<string, URI>();
  private versions = 0;
  private queue: Promise<unknown> = Promise.resolve();

  constructor({ shared }: JourneyServices) {
    this.workspace = shared.workspace;
  }

  /** Overrides what is on disk; undefined goes back to disk and reads it again. */
  setText(uri: string, text: string | undefined): void {
    const parsed = URI.parse(uri);
    const key = parsed.toString();
    // A new version even where the text is the old one: the services compare texts themselves.
    if (text === undefined) this.workspace.TextDocuments.delete(key);
    else this.workspace.TextDocuments.set(TextDocument.create(key, 'journey', ++this.versions, text));
    this.changed.set(key, parsed);
  }

  /**
   * A file with everything it imports, read, linked and checked.
   * @returns the file last, what it imports before it; a file that doesn't exist is left out
   * @throws Unreadable where there is no such text; AbortError when `signal` fires
   */
  async built(uri: string, signal?: AbortSignal): Promise<LangiumDocument[]> {
    signal?.throwIfAborted();
    const parsed = URI.parse(uri);
    const known = this.whole(parsed);
    if (known) return known;
    // Builds would only cancel each other.
    const turn = this.queue.then(() => this.build(parsed, signal));
    this.queue = turn.catch(() => {});
    return turn;
  }

  /** Keeps a file no longer: what imports it reads it again. */
  forget(uri: string): void {
    const parsed = URI.parse(uri);
    this.queue = this.queue.then(() => {
      this.workspace.LangiumDocuments.deleteDocument(parsed);
      this.workspace.IndexManager.remove(parsed);
    });
  }

  /** The files, where all are built and nothing has changed since. */
  private whole(uri: URI): LangiumDocument[] | undefined {
    const { LangiumDocuments } = this.workspace;
    const document = this.changed.size === 0 ? LangiumDocuments.getDocument(uri) : undefined;
    if (!document) return undefined;
    const files = withImports(document, LangiumDocuments).flatMap(each => LangiumDocuments.getDocument(URI.parse(each)) ?? []);
    return files.every(file => file.state === DocumentState.Validated) ? files : undefined;
  }

  private async build(uri: URI, signal: AbortSignal | undefined): Promise<LangiumDocument[]> {
    const { WorkspaceLock, LangiumDocuments } = this.workspace;
    // Whoever else writes (a language server's own handlers) cancels a build under way: it is taken up again.
    for (let round = 0; round < ROUNDS; round++) {
      signal?.throwIfAborted();
      const known = this.whole(uri);
      if (known) return known;
      const text = LangiumDocuments.hasDocument(uri) && !this.changed.has(uri.toString()) ? undefined : await this.read(uri);
      let failure: unknown;
      await WorkspaceLock.write(async token => {
        const source = new Cancellation.CancellationTokenSource();
        const cancel = () => source.cancel();
        const listening = token.onCancellationRequested(cancel);
        signal?.addEventListener('abort', cancel);
        try {
          await this.step(uri, text, source.token);
        } catch (error) {
          if (!isOperationCancelled(error)) failure = error;
        } finally {
          listening.dispose();
          signal?.removeEventListener('abort', cancel);
        }
      });
      if (failure) throw failure;
    }
    throw new Error(`${uri} is never done: something else keeps cancelling its build`);
  }

  private async step(uri: URI, text: string | undefined, token: Cancellation.CancellationToken): Promise<void> {
    const { DocumentBuilder, LangiumDocuments } = this.workspace;
    const changes = new Map(this.changed);
    if (changes.size > 0) {
      const exist = await Promise.all([...changes.values()].map(each => this.exists(each)));
      const uris = [...changes.values()];
      await DocumentBuilder.update(
        uris.filter((_, i) => exist[i]),
        uris.filter((_, i) => !exist[i]),
        token,
      );
      // What was set again meanwhile is another change.
      for (const [key, value] of changes) if (this.changed.get(key) === value) this.changed.delete(key);
    }
    const document = LangiumDocuments.getDocument(uri) ?? (await LangiumDocuments.createDocument(uri, text ?? '', token));
    if (!this.whole(uri)) {
      const files = withImports(document, LangiumDocuments).flatMap(each => LangiumDocuments.getDocument(URI.parse(each)) ?? []);
      const unfinished = files.filter(file => file.state < DocumentState.Validated);
      await DocumentBuilder.build(unfinished, { validation: true }, token);
    }
  }

  private async exists(uri: URI): Promise<boolean> {
    if (this.workspace.TextDocuments.get(uri)) return true;
    // A folder in its place is as good as nothing.
    return this.workspace.FileSystemProvider.readFile(uri).then(
      () => true,
      () => false,
    );
  }

  private async read(uri: URI): Promise<string> {
    const open = this.workspace.TextDocuments.get(uri);
    let text: string;
    try {
      text = open ? open.getText() : await this.workspace.FileSystemProvider.readFile(uri);
    } catch (error) {
      throw new Unreadable(notFound(uri, error));
    }
    if (isBinary(text)) throw new Unreadable('no text', true);
    return text;
  }
}

/** Texts have no NUL, nor would much of one be unreadable as UTF-8. */
export function isBinary(text: string): boolean {
  if (text.includes('\0')) return true;
  const start = text.slice(0, 10_000);
  const unreadable = start.split('\ufffd').length - 1;
  return unreadable > 0 && unreadable * 10 > start.length;
}

function notFound(uri: URI, error: unknown): string {
  const path = uri.scheme === 'file' ? uri.fsPath : uri.path;
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'EISDIR':
      return `${path} is a folder: name a .journey file in it`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read: give yourself permission to read it`;
    default:
      return `There is no file ${path}: correct the path`;
  }
}
