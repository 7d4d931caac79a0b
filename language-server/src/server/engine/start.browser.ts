/** Starts the engine worker inside the server's own web worker, from the text that the bundle carries. */
import { BrowserMessageReader, BrowserMessageWriter, createMessageConnection } from 'vscode-jsonrpc/browser';
import type { EngineWorker } from './remote.ts';

export function startBrowserWorker(text: string): EngineWorker {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(url);
  let listener = (_reason: string) => {};
  let dead = false;
  const die = (reason: string) => {
    if (dead) return;
    dead = true;
    worker.terminate();
    listener(reason);
  };
  worker.addEventListener('error', event => die(event.message || 'its script could not be started'));
  // Some browsers read the text only after this function has returned.
  worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
  return {
    connection: createMessageConnection(new BrowserMessageReader(worker), new BrowserMessageWriter(worker)),
    onDeath: told => {
      listener = told;
    },
    terminate: () => {
      dead = true;
      worker.terminate();
    },
  };
}
