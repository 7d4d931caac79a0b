/** The engine in a web worker inside the server's; files come from the client, through the server. */
import { createEngine } from '@journey/engine';
import initSqlJs from 'sql.js';
import wasm from 'sql.js/dist/sql-wasm-browser.wasm';
import { BrowserMessageReader, BrowserMessageWriter, createMessageConnection } from 'vscode-jsonrpc/browser';
import { remoteFiles, serveEngine } from './server/engine/serve.ts';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const connection = createMessageConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope));
const sql = () => initSqlJs({ wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer });
serveEngine(connection, createEngine({ files: remoteFiles(connection), sql }));
