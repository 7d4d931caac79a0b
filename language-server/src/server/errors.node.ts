/** No error that nobody caught ends the process: it is logged and said, and the server goes on. */
import { type Connection, MessageType } from 'vscode-languageserver';
import { say } from './say.ts';

export function surviveErrors(connection: Connection): void {
  // What a library prints must not end up in the protocol.
  console.log = console.info = console.debug = console.error;
  const report = (error: unknown) => {
    // The client is gone: so is the reason to live.
    if ((error as NodeJS.ErrnoException)?.code === 'EPIPE') process.exit(1);
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    say(connection, MessageType.Error, 'Journey: an internal error. The output has the detail; the server goes on working.');
  };
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}
