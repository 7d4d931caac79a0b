import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { journeyFiles, shownUri } from '../paths.ts';
import { openProject } from '../project.ts';
import { findingsAsText } from '../report/findings.ts';
import { driftOf, recordAsJson, recordAsMarkdown } from '../report/privacy.ts';
import type { Terminal } from '../terminal.ts';
import { placed } from './check.ts';

export interface PrivacyOptions {
  format: 'markdown' | 'json';
  /** A record that was written before. */
  check?: string;
}

/** `journey privacy`: the record of processing to stdout; with `check` only how it differs from the one that was written before. */
export async function privacy(path: string, { format, check }: PrivacyOptions, terminal: Terminal): Promise<ExitCode> {
  const uris = await journeyFiles([path], terminal.cwd);
  if (uris.length > 1) throw new UsageError(`${path} means ${uris.length} files: a record is about one definition, so name the file`);
  const [uri] = uris;
  const project = openProject(terminal.cwd);
  try {
    const { record, findings } = await project.privacy(uri);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) {
      terminal.err(findingsAsText(placed(errors, terminal.cwd), terminal.errColors));
      terminal.err('There is no record of a definition with errors: parts of what it reads would be missing.\n');
      return EXIT.findings;
    }
    const text = format === 'json' ? recordAsJson(record, uri) : recordAsMarkdown(record, uri);
    if (check === undefined) {
      terminal.out(text);
      return EXIT.clean;
    }
    const before = await readFile(resolve(terminal.cwd, check), 'utf8').catch(() => {
      throw new UsageError(`${check} can't be read: write it first with \`journey privacy ${path} > ${check}\``);
    });
    const drift = driftOf(before, text);
    if (drift.length === 0) return EXIT.clean;
    terminal.out(`${drift.join('\n')}\n`);
    terminal.err(`${check} is not what ${shownUri(uri, terminal.cwd)} says any more: review it and write it anew\n`);
    return EXIT.findings;
  } finally {
    project.dispose();
  }
}
