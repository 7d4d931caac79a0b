/** The extension in a browser: the server is a web worker, its engine a worker inside that one. */

import type { ExtensionContext } from 'vscode';
import { Uri, window } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { activateClient, clientOptions, type Running, stopClient } from './client.ts';

export function activate(context: ExtensionContext): Promise<Running> {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'server.web.js').toString(true);
  const startWorker = async () => {
    const worker = new Worker(script);
    worker.addEventListener('error', event => {
      void window.showErrorMessage(`Journey: the language server failed: ${event.message || 'its script could not be loaded'}`);
    });
    // VS Code's own stand-in for `Worker` makes what is no instance of it: the client would not know it for one.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  const client = new LanguageClient(
    'journey',
    'Journey',
    startWorker,
    clientOptions(context, bytes => ({ bytes })),
  );
  return activateClient(context, client);
}

export const deactivate = stopClient;
