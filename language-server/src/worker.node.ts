/** The engine in a thread of the server's process; it reads files of this machine by itself. */
import { parentPort, workerData } from 'node:worker_threads';
import { createEngine, type Files } from '@journey/engine';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { nodeFiles } from './node/files.ts';
import { loadSql } from './node/sql.ts';
import { remoteFiles, serveEngine } from './server/engine/serve.ts';

const connection = createMessageConnection(new PortMessageReader(parentPort!), new PortMessageWriter(parentPort!));
const here = nodeFiles((workerData as { cwd: string }).cwd);
const elsewhere = remoteFiles(connection);
const files: Files = {
  list: (base, pattern) => (base.startsWith('file:') ? here : elsewhere).list(base, pattern),
  read: uri => (uri.startsWith('file:') ? here : elsewhere).read(uri),
};
serveEngine(connection, createEngine({ files, sql: () => loadSql() }));
