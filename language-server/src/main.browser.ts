/** The language server as a web worker. */

import workerText from 'journey:worker-text';
import { BrowserMessageReader, BrowserMessageWriter, createConnection, ProposedFeatures } from 'vscode-languageserver/browser';
import { startBrowserWorker } from './server/engine/start.browser.ts';
import { startServer } from './server/start.ts';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const connection = createConnection(ProposedFeatures.all, new BrowserMessageReader(scope), new BrowserMessageWriter(scope));
scope.addEventListener('unhandledrejection', event => connection.console.error(String(event.reason?.stack ?? event.reason)));
startServer(connection, { startWorker: () => startBrowserWorker(workerText) });
