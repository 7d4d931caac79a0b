/** The server over standard input and output, for any editor. */
import { createConnection, ProposedFeatures, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { surviveErrors } from './errors.node.ts';
import { nodePlatform } from './platform.node.ts';
import { startServer } from './start.ts';

/** Serves until the client says goodbye or closes the input. Nothing but the protocol may be written to the output from then on. */
export function startStdioServer(): void {
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(process.stdin),
    new StreamMessageWriter(process.stdout),
  );
  surviveErrors(connection);
  startServer(connection, nodePlatform(process.cwd()));
}
