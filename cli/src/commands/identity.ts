import { type Identified, nearest, toIdentityJson } from '@journey/language-server';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { journeyFiles, shownUri } from '../paths.ts';
import { openProject } from '../project.ts';
import { findingsAsText } from '../report/findings.ts';
import { identityReport } from '../report/identity.ts';
import { whoReport } from '../report/identity-who.ts';
import type { Terminal } from '../terminal.ts';
import { placed } from './check.ts';

export interface IdentityOptions {
  /** Which of several identities. */
  identity?: string;
  who?: string;
  and?: string;
  /** Milliseconds UTC. */
  asOf?: number;
  format: 'table' | 'json';
}

/** `journey identity`: who is one customer, and why, to stdout; errors of the definition to stderr. */
export async function identity(path: string, options: IdentityOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.and !== undefined && options.who === undefined)
    throw new UsageError('--and names the second of two ids: name the first with --who');
  const uris = await journeyFiles([path], terminal.cwd);
  if (uris.length > 1) throw new UsageError(`${path} means ${uris.length} files: name the one that holds the identity`);
  const [uri] = uris;
  const file = shownUri(uri, terminal.cwd);
  const progress = terminal.progress();
  const project = openProject(terminal.cwd);
  let told: Identified;
  try {
    progress.show(file);
    const { plan, findings } = await project.definition(uri);
    const errors = findings.filter(({ severity }) => severity === 'error');
    const names = plan.identities.map(({ name }) => name);
    const asked = options.identity;
    if ((names.length === 0 || (asked !== undefined && !names.includes(asked))) && errors.length > 0) {
      progress.done();
      terminal.err(findingsAsText(placed(errors, terminal.cwd), terminal.errColors));
      return EXIT.findings;
    }
    if (names.length === 0) throw new UsageError(`${path} declares no identity, and imports none: there is nobody to tell of`);
    if (asked !== undefined && !names.includes(asked)) {
      const near = nearest(asked, names);
      throw new UsageError(`no identity is called ${asked}: ${near ? `did you mean ${near}?` : `there are ${names.join(', ')}`}`);
    }
    told = await project.identity(uri, { identity: asked, who: options.who, and: options.and, asOf: options.asOf });
  } finally {
    progress.done();
    project.dispose();
  }
  print(told, file, options, terminal);
  const errors = told.findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return EXIT.clean;
  terminal.err(findingsAsText(placed(errors, terminal.cwd), terminal.errColors));
  return EXIT.findings;
}

function print({ report, plan }: Identified, file: string, { format }: IdentityOptions, terminal: Terminal): void {
  if (!report) throw new UsageError(`${file} has no identity that could be understood`);
  if (report.who?.customer === null) throw new UsageError(report.who.note ?? 'nobody was found');
  const place = ({ uri, start }: { uri: string; start: { line: number } }) => `${shownUri(uri, terminal.cwd)}:${start.line + 1}`;
  if (format === 'json')
    terminal.out(
      `${JSON.stringify(
        toIdentityJson(report, plan, uri => shownUri(uri, terminal.cwd)),
        null,
        2,
      )}\n`,
    );
  else if (report.who) terminal.out(whoReport(report, report.who, place, terminal.style));
  else terminal.out(identityReport(file, report, plan, place, terminal.style));
}
