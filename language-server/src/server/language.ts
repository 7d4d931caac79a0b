/**
 * What Langium answers by itself (names, references, completion, folding), asked about the current text.
 * A handler that throws answers with nothing and a line in the log: no text may stop the server.
 */

import type { LangiumDocument } from 'langium';
import { URI } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import type {
  CancellationToken,
  Connection,
  ServerCapabilities,
  TextDocumentIdentifier,
  TextDocumentPositionParams,
} from 'vscode-languageserver';
import { cursorAt } from '../language/cursor.ts';
import { complete, knownOf } from './completion/index.ts';
import type { ColumnValues } from './completion/values.ts';
import type { Session } from './session.ts';

export type Guard = <P, R>(
  what: string,
  fallback: R,
  handle: (params: P, token: CancellationToken) => Promise<R>,
) => (params: P, token: CancellationToken) => Promise<R>;

/** Only what the services hold is offered. */
export function languageCapabilities({ lsp }: LangiumServices): ServerCapabilities {
  return {
    completionProvider: lsp.CompletionProvider && { ...lsp.CompletionProvider.completionOptions },
    definitionProvider: Boolean(lsp.DefinitionProvider),
    referencesProvider: Boolean(lsp.ReferencesProvider),
    documentHighlightProvider: Boolean(lsp.DocumentHighlightProvider),
    documentSymbolProvider: Boolean(lsp.DocumentSymbolProvider),
    foldingRangeProvider: Boolean(lsp.FoldingRangeProvider),
    renameProvider: lsp.RenameProvider && { prepareProvider: true },
    documentFormattingProvider: Boolean(lsp.Formatter),
    documentRangeFormattingProvider: Boolean(lsp.Formatter),
    semanticTokensProvider: lsp.SemanticTokenProvider?.semanticTokensOptions,
  };
}

/** Reads what else may name what these files declare, and forgets it again. */
export type WithImporters = <T>(uris: string[], use: () => T | Promise<T>) => Promise<T>;

export function answerLanguage(
  connection: Connection,
  services: () => LangiumServices,
  session: () => Session,
  withImporters: WithImporters,
  values: () => ColumnValues,
  guard: Guard,
): void {
  /** Asks a service about the document once its current text is linked. */
  const on = <P extends { textDocument: TextDocumentIdentifier }, R>(
    what: string,
    ask: (lsp: LangiumServices['lsp'], document: LangiumDocument, params: P, token: CancellationToken) => R | Promise<R>,
  ) =>
    guard(what, null, async (params: P, token): Promise<Awaited<R> | null> => {
      await session().current(URI.parse(params.textDocument.uri).toString());
      const document = services().shared.workspace.LangiumDocuments.getDocument(URI.parse(params.textDocument.uri));
      if (!document || token.isCancellationRequested) return null;
      return (await ask(services().lsp, document, params, token)) ?? null;
    });

  /** As `on`, with every file at hand that may refer to the name under the cursor. */
  const onName = <P extends TextDocumentPositionParams, R>(
    what: string,
    ask: (lsp: LangiumServices['lsp'], document: LangiumDocument, params: P, token: CancellationToken) => R | Promise<R>,
  ) =>
    on<P, R>(what, async (lsp, document, params, token) => {
      const declared = (await lsp.DefinitionProvider?.getDefinition(document, params, token)) ?? [];
      const uris = new Set([document.uri.toString(), ...declared.map(({ targetUri }) => targetUri)]);
      return withImporters([...uris], () => ask(lsp, document, params, token));
    });

  connection.onCompletion(
    on('completion', async (lsp, document, params, token) => {
      const { textDocument } = document;
      const offered = await lsp.CompletionProvider?.getCompletion(document, params, token);
      const doc = session().docs.get(URI.parse(params.textDocument.uri).toString());
      const lexed = services().parser.Lexer.tokenize(textDocument.getText());
      const offset = textDocument.offsetAt(params.position);
      const known = doc && knownOf(doc);
      const looked = known && (await values().look(cursorAt(textDocument.getText(), offset, lexed), known, doc.numbers!));
      return complete(textDocument, offset, lexed, offered?.items ?? [], looked);
    }),
  );
  connection.onDefinition(
    on('definition', (lsp, document, params, token) => lsp.DefinitionProvider?.getDefinition(document, params, token)),
  );
  connection.onReferences(
    onName('references', (lsp, document, params, token) => lsp.ReferencesProvider?.findReferences(document, params, token)),
  );
  connection.onDocumentHighlight(
    on('highlight', (lsp, document, params, token) => lsp.DocumentHighlightProvider?.getDocumentHighlight(document, params, token)),
  );
  connection.onDocumentSymbol(
    on('symbols', (lsp, document, params, token) => lsp.DocumentSymbolProvider?.getSymbols(document, params, token)),
  );
  connection.onFoldingRanges(
    on('folding', (lsp, document, params, token) => lsp.FoldingRangeProvider?.getFoldingRanges(document, params, token)),
  );
  connection.onPrepareRename(on('rename', (lsp, document, params, token) => lsp.RenameProvider?.prepareRename(document, params, token)));
  connection.onRenameRequest(onName('rename', (lsp, document, params, token) => lsp.RenameProvider?.rename(document, params, token)));
  connection.onDocumentFormatting(
    on('formatting', (lsp, document, params, token) => lsp.Formatter?.formatDocument(document, params, token) ?? []),
  );
  connection.onDocumentRangeFormatting(
    on('formatting', (lsp, document, params, token) => lsp.Formatter?.formatDocumentRange(document, params, token) ?? []),
  );
  connection.languages.semanticTokens.on(
    guard('colours', { data: [] }, async (params: { textDocument: TextDocumentIdentifier }, token) => {
      await session().current(URI.parse(params.textDocument.uri).toString());
      const document = services().shared.workspace.LangiumDocuments.getDocument(URI.parse(params.textDocument.uri));
      const provider = services().lsp.SemanticTokenProvider;
      return document && provider ? provider.semanticHighlight(document, params, token) : { data: [] };
    }),
  );
}
