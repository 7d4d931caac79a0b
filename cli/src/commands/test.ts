import { EXIT, type ExitCode } from '../exit.ts';
import { journeyFiles, shownUri } from '../paths.ts';
import { openProject } from '../project.ts';
import { type TestedFile, testSummary, testsAsJson, testsAsJunit, testsAsText } from '../report/tests.ts';
import type { Terminal } from '../terminal.ts';
import { placed } from './check.ts';

export interface TestOptions {
  format: 'text' | 'junit' | 'json';
}

/** `journey test`: what scenarios came to, to stdout. What a file imports is tested where it is named itself. */
export async function test(paths: string[], { format }: TestOptions, terminal: Terminal): Promise<ExitCode> {
  const uris = await journeyFiles(paths, terminal.cwd);
  const progress = terminal.progress();
  const project = openProject(terminal.cwd);
  const files: TestedFile[] = [];
  try {
    for (const uri of uris) {
      const file = shownUri(uri, terminal.cwd);
      progress.show(file);
      const { scenarios, findings } = await project.test(uri);
      const errors = findings.filter(({ severity }) => severity === 'error');
      files.push({ file, scenarios, errors: placed(errors, terminal.cwd) });
    }
  } finally {
    progress.done();
    project.dispose();
  }

  if (format === 'json') terminal.out(testsAsJson(files));
  else if (format === 'junit') terminal.out(testsAsJunit(files));
  else {
    terminal.out(testsAsText(files, terminal.style));
    terminal.err(testSummary(files, { ...terminal.style, colors: terminal.errColors }));
  }
  const clean = files.every(({ scenarios, errors }) => errors.length === 0 && scenarios.every(({ ok }) => ok));
  return clean ? EXIT.clean : EXIT.findings;
}
