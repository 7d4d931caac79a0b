import { startStdioServer } from '@journey/language-server/node';
import { UsageError } from '../exit.ts';

/** `journey lsp --stdio`: serves until the client says goodbye. */
export function lsp(options: { stdio?: boolean }): void {
  if (!options.stdio) throw new UsageError('journey lsp speaks over standard input and output only: start it as journey lsp --stdio');
  startStdioServer();
}
