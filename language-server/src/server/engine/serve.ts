/** The worker's side: an engine that answers over a connection. */
import type { EngineApi, Files, PreviewOptions, Progress } from '@journey/engine';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc';
import {
  CoverageRequest,
  DoubtsRequest,
  ExplainRequest,
  FilesChanged,
  IdentityRequest,
  ListFiles,
  PreviewRequest,
  ProgressNote,
  ReadFile,
  TestRequest,
  ValuesRequest,
} from './protocol.ts';

/** Answers requests with `engine`; an error becomes the request's, the worker lives on. */
export function serveEngine(connection: MessageConnection, engine: EngineApi): void {
  const answer =
    <P extends { run: number }, T>(work: (params: P, options: PreviewOptions) => Promise<T>) =>
    async (params: P, token: CancellationToken): Promise<T> => {
      const abort = new AbortController();
      const cancellation = token.onCancellationRequested(() => abort.abort());
      const onProgress = (progress: Progress) => void connection.sendNotification(ProgressNote, { run: params.run, progress });
      try {
        return await work(params, { signal: abort.signal, onProgress });
      } finally {
        cancellation.dispose();
      }
    };
  connection.onRequest(
    PreviewRequest,
    answer(({ plan, asOf, journeys }, options) => engine.preview(plan, { asOf, journeys, ...options })),
  );
  connection.onRequest(
    CoverageRequest,
    answer(({ plan, asOf, journeys }, options) => engine.coverage(plan, { asOf, journeys, ...options })),
  );
  connection.onRequest(
    TestRequest,
    answer(({ plan }, options) => engine.test(plan, options)),
  );
  connection.onRequest(
    ExplainRequest,
    answer(({ plan, options: asked }, { signal }) => engine.explain(plan, { ...asked, signal })),
  );
  connection.onRequest(
    IdentityRequest,
    answer(({ plan, options: asked }, { signal }) => engine.identity(plan, { ...asked, signal })),
  );
  connection.onRequest(
    ValuesRequest,
    answer(({ plan, column }, { signal }) => engine.values(plan, column, { signal })),
  );
  connection.onRequest(
    DoubtsRequest,
    answer(({ plan, asOf }, { signal }) => engine.doubts(plan, { asOf, signal })),
  );
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
