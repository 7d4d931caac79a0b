/** The language server as a process; the transport is named on the command line (`--node-ipc`, `--stdio`, …). */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { surviveErrors } from './server/errors.node.ts';
import { nodePlatform } from './server/platform.node.ts';
import { startServer } from './server/start.ts';

const connection = createConnection(ProposedFeatures.all);
surviveErrors(connection);
startServer(connection, nodePlatform(process.cwd()));
