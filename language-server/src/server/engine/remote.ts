/**
 * An engine that lives in a worker, as the same `EngineApi` one would call directly.
 *
 * The worker is started at the first preview. When it dies, the previews under way fail with `EngineDied` and the next one
 * starts another. A plan that has killed it twice is not tried again until files change, so that no text kills it for ever.
 */
import type {
  ColumnPlace,
  Coverage,
  DataProblem,
  EngineApi,
  ExplainOptions,
  Explanation,
  Files,
  IdentityOptions,
  IdentityReport,
  Plan,
  Preview,
  PreviewOptions,
  Progress,
  ScenarioResult,
} from '@journey/engine';
import { type CancellationToken, CancellationTokenSource, type MessageConnection } from 'vscode-jsonrpc';
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

/** A worker that was just started, and the connection to it, not yet listening. */
export interface EngineWorker {
  connection: MessageConnection;
  /** Called at most once, with a sentence fragment on why, unless `terminate` ended it. */
  onDeath(listener: (reason: string) => void): void;
  terminate(): void;
}

export class EngineDied extends Error {
  override name = 'EngineDied';
}

const DEATHS_PER_PLAN = 2;
/** A cancelled run that hasn't stopped by then is stuck: the worker is started afresh. */
const STUCK_MS = 10_000;

interface Options {
  start: () => EngineWorker;
  /** Answers the worker where it can't reach the files itself. */
  files: Files;
  /** Told of every death, for the log and for people. */
  onDied?: (reason: string) => void;
  stuckMs?: number;
}

export class RemoteEngine implements EngineApi {
  private readonly options: Options;
  private worker: (EngineWorker & { died: Promise<never> }) | undefined;
  private runs = 0;
  private readonly progress = new Map<number, (progress: Progress) => void>();
  private readonly deaths = new Map<string, number>();

  constructor(options: Options) {
    this.options = options;
  }

  preview(plan: Plan, { asOf, journeys, signal, onProgress }: PreviewOptions = {}): Promise<Preview> {
    return this.ask(plan, (run, to, token) => to.sendRequest(PreviewRequest, { run, plan, asOf, journeys }, token), signal, onProgress);
  }

  coverage(plan: Plan, { asOf, journeys, signal, onProgress }: PreviewOptions = {}): Promise<Coverage> {
    return this.ask(plan, (run, to, token) => to.sendRequest(CoverageRequest, { run, plan, asOf, journeys }, token), signal, onProgress);
  }

  test(plan: Plan, { signal }: Pick<PreviewOptions, 'signal'> = {}): Promise<ScenarioResult[]> {
    return this.ask(plan, (run, to, token) => to.sendRequest(TestRequest, { run, plan }, token), signal);
  }

  explain(plan: Plan, { signal, ...options }: ExplainOptions): Promise<Explanation> {
    return this.ask(plan, (run, to, token) => to.sendRequest(ExplainRequest, { run, plan, options }, token), signal);
  }

  identity(plan: Plan, { signal, ...options }: IdentityOptions = {}): Promise<IdentityReport | null> {
    return this.ask(plan, (run, to, token) => to.sendRequest(IdentityRequest, { run, plan, options }, token), signal);
  }

  values(plan: Plan, column: ColumnPlace, { signal }: Pick<PreviewOptions, 'signal'> = {}): Promise<string[]> {
    return this.ask(plan, (run, to, token) => to.sendRequest(ValuesRequest, { run, plan, column }, token), signal);
  }

  doubts(plan: Plan, { asOf, signal }: Pick<PreviewOptions, 'asOf' | 'signal'> = {}): Promise<DataProblem[]> {
    return this.ask(plan, (run, to, token) => to.sendRequest(DoubtsRequest, { run, plan, asOf }, token), signal);
  }

  private async ask<T>(
    plan: Plan,
    send: (run: number, to: MessageConnection, token: CancellationToken) => Promise<T>,
    signal?: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<T> {
    signal?.throwIfAborted();
    const key = JSON.stringify(plan);
    if ((this.deaths.get(key) ?? 0) >= DEATHS_PER_PLAN) {
      throw new EngineDied('This definition stopped the engine twice; it is tried again when the text or the data changes.');
    }
    const worker = this.connected();
    const run = ++this.runs;
    if (onProgress) this.progress.set(run, onProgress);
    const cancellation = new CancellationTokenSource();
    let forget = () => {};
    const aborted = new Promise<never>((_, reject) => {
      const stop = () => {
        cancellation.cancel();
        reject(new DOMException('The preview was cancelled.', 'AbortError'));
      };
      signal?.addEventListener('abort', stop, { once: true });
      forget = () => signal?.removeEventListener('abort', stop);
    });
    const answer = send(run, worker.connection, cancellation.token);
    try {
      const answered = await Promise.race([answer, aborted, worker.died]);
      this.deaths.delete(key);
      return answered;
    } catch (error) {
      if (error instanceof EngineDied) this.deaths.set(key, (this.deaths.get(key) ?? 0) + 1);
      if (signal?.aborted) this.endIfStuck(worker, answer);
      throw error;
    } finally {
      this.progress.delete(run);
      forget();
    }
  }

  filesChanged(): void {
    this.deaths.clear();
    void this.worker?.connection.sendNotification(FilesChanged, {});
  }

  dispose(): void {
    this.worker?.connection.dispose();
    this.worker?.terminate();
    this.worker = undefined;
  }

  private connected() {
    if (this.worker) return this.worker;
    const started = this.options.start();
    const { connection } = started;
    const died = new Promise<never>((_, reject) => {
      started.onDeath(reason => {
        if (this.worker?.connection === connection) this.worker = undefined;
        // Before the connection rejects what is pending with words of its own.
        reject(new EngineDied(`The engine stopped: ${reason}`));
        connection.dispose();
        this.options.onDied?.(reason);
      });
    });
    died.catch(() => {});
    connection.onNotification(ProgressNote, ({ run, progress }) => this.progress.get(run)?.(progress));
    connection.onRequest(ListFiles, ({ base, pattern }) => this.options.files.list(base, pattern));
    connection.onRequest(ReadFile, async ({ uri }) => ({ bytes: await readWhole(this.options.files, uri) }));
    connection.onError(() => {});
    connection.listen();
    this.worker = { ...started, died };
    return this.worker;
  }

  private endIfStuck(worker: EngineWorker, answer: Promise<unknown>): void {
    const timer = setTimeout(() => {
      if (this.worker?.connection !== worker.connection) return;
      this.dispose();
      this.options.onDied?.('it did not stop when asked');
    }, this.options.stuckMs ?? STUCK_MS);
    answer.catch(() => {}).finally(() => clearTimeout(timer));
  }
}

async function readWhole(files: Files, uri: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of files.read(uri)) pieces.push(piece);
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
