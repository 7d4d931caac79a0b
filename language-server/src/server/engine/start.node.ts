/** Starts the engine worker as a thread of this process. */
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import type { EngineWorker } from './remote.ts';

/** @param cwd the folder that paths shown to people are relative to */
export function startNodeWorker(cwd: string): EngineWorker {
  // Beside this module in the sources, beside the bundle in a build.
  const script = import.meta.url.endsWith('.ts') ? '../../worker.node.ts' : './worker.node.cjs';
  const worker = new Worker(fileURLToPath(new URL(script, import.meta.url)), { workerData: { cwd }, execArgv: [] });
  let terminated = false;
  let listener = (_reason: string) => {};
  let reason: string | undefined;
  worker.on('error', error => {
    reason = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : String(error);
  });
  worker.on('exit', code => {
    if (!terminated) listener(reason ?? `its thread ended with code ${code}`);
  });
  return {
    connection: createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker)),
    onDeath: told => {
      listener = told;
    },
    terminate: () => {
      terminated = true;
      void worker.terminate();
    },
  };
}
