/** Wires a connection to the server: the same for node and the browser. */
import { type Connection, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { answerLanguage, type Guard } from './language.ts';
import {
  EXPLAIN,
  EXPLAINABLE,
  type ExplainableParams,
  type ExplainParams,
  type ExplainResult,
  IDENTITIES,
  IDENTITY,
  type IdentitiesParams,
  type IdentityParams,
  type IdentityReportResult,
  PREVIEW,
  type PreviewParams,
} from './protocol.ts';
import { type Platform, Server } from './server.ts';

export function startServer(connection: Connection, platform: Platform): void {
  const documents = new TextDocuments(TextDocument);
  let server: Server | undefined;
  const started = () => {
    if (!server) throw new Error('The server has not been initialized.');
    return server;
  };
  const guard: Guard = (what, fallback, handle) => async (params, token) => {
    try {
      return await handle(params, token);
    } catch (error) {
      connection.console.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return fallback;
    }
  };

  connection.onInitialize(params => {
    server = new Server(connection, platform, params);
    return server.result();
  });
  connection.onInitialized(() => started().initialized());
  connection.onShutdown(() => started().dispose());
  documents.onDidChangeContent(({ document }) => started().changedText(document));
  documents.onDidClose(({ document }) => started().close(document.uri));
  documents.onDidSave(() => started().saved());
  connection.onDidChangeWatchedFiles(({ changes }) => started().filesChanged(changes.map(change => change.uri)));
  connection.onDidChangeConfiguration(({ settings }) => started().configurationChanged(settings));

  answerLanguage(
    connection,
    () => started().services,
    () => started().session,
    (uris, use) => started().withImporters(uris, use),
    () => started().values,
    guard,
  );
  connection.languages.inlayHint.on(guard('inlay hints', [], async params => started().inlayHints(params.textDocument.uri, params.range)));
  connection.onCodeLens(guard('lenses', [], async params => started().codeLenses(params.textDocument.uri)));
  connection.onHover(guard('hover', null, async params => started().hover(params.textDocument.uri, params.position)));
  connection.onCodeAction(
    guard('fixes', [], async params => started().codeActions(params.textDocument.uri, params.range, params.context.diagnostics)),
  );
  connection.onRequest(
    PREVIEW,
    guard('numbers', null, async ({ uri }: PreviewParams) => started().preview(uri)),
  );

  connection.onRequest(
    EXPLAINABLE,
    guard('journeys to explain', [], async ({ uri }: ExplainableParams) => started().explainable(uri)),
  );
  connection.onRequest(
    EXPLAIN,
    guard<ExplainParams, ExplainResult | null>('explanation', null, async (params: ExplainParams, token) =>
      started().explain(params, token),
    ),
  );
  connection.onRequest(
    IDENTITIES,
    guard('identities', [], async ({ uri }: IdentitiesParams) => started().identities(uri)),
  );
  connection.onRequest(
    IDENTITY,
    guard<IdentityParams, IdentityReportResult | null>('identity', null, async (params: IdentityParams, token) =>
      started().identity(params, token),
    ),
  );

  documents.listen(connection);
  connection.listen();
}
