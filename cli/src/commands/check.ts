import type { Finding, Severity } from '@journey/language-server';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { journeyFiles, shownUri } from '../paths.ts';
import { openProject } from '../project.ts';
import { type CoveredFile, coverageAsJson, coverageAsText } from '../report/coverage.ts';
import { findingsAsGithub, findingsAsJson, findingsAsText, type Placed, summary } from '../report/findings.ts';
import type { Terminal } from '../terminal.ts';

export interface CheckOptions {
  format: 'text' | 'json' | 'github';
  failOn: Severity;
  /** Also which rules sample and scenarios exercise. */
  coverage?: boolean;
}

const WEIGHT: Record<Severity, number> = { error: 3, warning: 2, info: 1 };

/** `journey check`: findings to stdout, the summary to stderr. */
export async function check(paths: string[], options: CheckOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.coverage && options.format === 'github')
    throw new UsageError('--coverage is a table or JSON: use it with --format text or --format json');
  const uris = await journeyFiles(paths, terminal.cwd);
  const progress = terminal.progress();
  const project = openProject(terminal.cwd);
  let findings: Placed[];
  const covered: CoveredFile[] = [];
  try {
    const all: Finding[] = [];
    for (const uri of uris) {
      const file = shownUri(uri, terminal.cwd);
      progress.show(file);
      const checked = await project.check(uri, { identities: true, onProgress: step => progress.show(file, step) });
      all.push(...checked.findings);
      if (options.coverage)
        covered.push({ file, coverage: await project.coverage(uri, { onProgress: step => progress.show(file, step) }) });
    }
    findings = placed(all, terminal.cwd);
  } finally {
    progress.done();
    project.dispose();
  }

  if (options.format === 'json')
    terminal.out(findingsAsJson(findings, uris.length, options.coverage ? coverageAsJson(covered) : undefined));
  else if (options.format === 'github') terminal.out(findingsAsGithub(findings));
  else terminal.out(findingsAsText(findings, terminal.style.colors));
  if (options.format === 'text') terminal.out(coverageAsText(covered, terminal.style));
  const clean = findings.every(({ severity }) => WEIGHT[severity] < WEIGHT[options.failOn]);
  if (options.format === 'text') terminal.err(summary(findings, uris.length, clean, terminal.errColors));
  return clean ? EXIT.clean : EXIT.findings;
}

/** In order of file and place; what several files import is told once. */
export function placed(findings: Finding[], cwd: string): Placed[] {
  const at = (finding: Finding) => ({ ...finding, file: shownUri(finding.at.uri, cwd), relatedFile: (uri: string) => shownUri(uri, cwd) });
  const once = new Map(findings.map(finding => [JSON.stringify([finding.at, finding.code, finding.message]), at(finding)]));
  return [...once.values()].sort(
    (a, b) =>
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.at.start.line - b.at.start.line ||
      a.at.start.character - b.at.start.character ||
      WEIGHT[b.severity] - WEIGHT[a.severity],
  );
}
