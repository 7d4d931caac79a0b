/** The `journey` command. Exit codes: 0 clean, 1 findings, 2 usage, 3 an error of the command itself. */
import { EXIT, internalError } from './exit.ts';
import { run } from './program.ts';
import { processTerminal } from './terminal.ts';

for (const stream of [process.stdout, process.stderr]) {
  // `journey … | head` closes the pipe early: that is no error, and there is nobody left to tell.
  stream.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? (process.exitCode ?? EXIT.clean) : EXIT.internal),
  );
}

const terminal = processTerminal();
const fail = (error: unknown) => {
  terminal.err(internalError(error));
  process.exit(EXIT.internal);
};
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

// Not process.exit: what is still on its way into a pipe would be cut off.
process.exitCode = await run(process.argv.slice(2), terminal);
