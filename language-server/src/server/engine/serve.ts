/** The worker's side: an engine that answers over a connection. */
import type { EngineApi, Files, Progress } from '@journey/engine';
import type { MessageConnection } from 'vscode-jsonrpc';
import { FilesChanged, ListFiles, PreviewRequest, ProgressNote, ReadFile } from './protocol.ts';

/** Answers preview requests with `engine`; an error becomes the request's, the worker lives on. */
export function serveEngine(connection: MessageConnection, engine: EngineApi): void {
  connection.onRequest(PreviewRequest, async ({ run, plan, asOf, journeys }, token) => {
    const abort = new AbortController();
    const cancellation = token.onCancellationRequested(() => abort.abort());
    const onProgress = (progress: Progress) => void connection.sendNotification(ProgressNote, { run, progress });
    try {
      return await engine.preview(plan, { asOf, journeys, signal: abort.signal, onProgress });
    } finally {
      cancellation.dispose();
    }
  });
  connection.onNotification(FilesChanged, () => engine.filesChanged());
  connection.listen();
}

/** Files that only the server, or its client, can reach. */
export function remoteFiles(connection: MessageConnection): Files {
  return {
    list: (base, pattern) => connection.sendRequest(ListFiles, { base, pattern }),
    async *read(uri) {
      yield (await connection.sendRequest(ReadFile, { uri })).bytes;
    },
  };
}
