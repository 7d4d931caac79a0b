/** How the command ends, and the errors that decide it. */
import pkg from '../package.json' with { type: 'json' };

export const VERSION: string = pkg.version;

export const EXIT = { clean: 0, findings: 1, usage: 2, internal: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The call can't be carried out as it was written; the message says what was expected and what to do. */
export class UsageError extends Error {}

/** What to say when the fault is the command's own. */
export function internalError(error: unknown): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `journey: internal error. This is a fault of journey ${VERSION}, not of your files.`,
    'Please report the lines below, with the .journey file if you can share it:',
    '',
    `  journey ${VERSION}, node ${process.version}, ${process.platform} ${process.arch}`,
    ...trace.split('\n').map(line => `  ${line}`),
    '',
  ].join('\n');
}
