/** The real server, but its first engine worker dies at the first word: started by the test of crash recovery. */
import { Worker } from 'node:worker_threads';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import type { EngineWorker } from '../../language-server/src/server/engine/remote.ts';
import { nodePlatform } from '../../language-server/src/server/platform.node.ts';
import { startServer } from '../../language-server/src/server/start.ts';

const platform = nodePlatform(process.cwd());
let started = 0;

startServer(createConnection(ProposedFeatures.all, process.stdin, process.stdout), {
  ...platform,
  startWorker: () => (++started === 1 ? dying() : platform.startWorker()),
});

function dying(): EngineWorker {
  const worker = new Worker("require('node:worker_threads').parentPort.on('message', () => process.exit(7))", { eval: true });
  return {
    connection: createMessageConnection(new PortMessageReader(worker), new PortMessageWriter(worker)),
    onDeath: listener => worker.on('exit', code => listener(`its thread ended with code ${code}`)),
    terminate: () => void worker.terminate(),
  };
}
