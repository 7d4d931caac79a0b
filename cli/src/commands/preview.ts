import { type Checked, nearest, toPreviewJson } from '@journey/language-server';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { journeyFiles, shownUri } from '../paths.ts';
import { openProject, type Project } from '../project.ts';
import { findingsAsText } from '../report/findings.ts';
import { previewReport } from '../report/preview.ts';
import type { Terminal } from '../terminal.ts';
import { placed } from './check.ts';

export interface PreviewOptions {
  /** Milliseconds UTC. */
  asOf?: number;
  /** Names of journeys. */
  journey?: string[];
  format?: 'table' | 'text' | 'json';
}

/** `journey preview`: numbers to stdout; errors of the definition to stderr. */
export async function preview(paths: string[], options: PreviewOptions, terminal: Terminal): Promise<ExitCode> {
  let uris = await journeyFiles(paths, terminal.cwd);
  // One file is the contract itself; several need telling apart.
  const several = uris.length > 1;
  const progress = terminal.progress();
  const project = openProject(terminal.cwd);
  const previews: { file: string; checked: Checked }[] = [];
  try {
    if (options.journey) uris = await holding(options.journey, uris, project);
    for (const uri of uris) {
      const file = shownUri(uri, terminal.cwd);
      progress.show(file);
      const { asOf, journey: journeys } = options;
      previews.push({ file, checked: await project.check(uri, { asOf, journeys, onProgress: step => progress.show(file, step) }) });
    }
  } finally {
    progress.done();
    project.dispose();
  }

  const format = options.format ?? (terminal.interactive ? 'table' : 'text');
  if (format === 'json') {
    const json = previews.map(({ file, checked }) => (several ? { file, ...toPreviewJson(checked) } : toPreviewJson(checked)));
    terminal.out(`${JSON.stringify(several ? json : json[0], null, 2)}\n`);
  } else {
    const style = { ...terminal.style, pictures: format === 'table' };
    const reports = previews.flatMap(({ file, checked: { plan, preview } }) =>
      preview ? [previewReport({ file, plan, preview }, style)] : [],
    );
    terminal.out(reports.join('\n'));
  }

  for (const { file, checked } of previews) {
    if (!checked.preview && checked.findings.length === 0)
      terminal.err(`${file} declares no source and no journey: there are no numbers to show\n`);
  }
  const broken = previews
    .flatMap(({ checked }) => checked.findings)
    .filter(({ severity, code }) => severity === 'error' && code !== 'expectation-failed');
  if (broken.length === 0) return EXIT.clean;
  terminal.err(findingsAsText(placed(broken, terminal.cwd), terminal.errColors));
  return EXIT.findings;
}

/**
 * The files that hold one of these journeys.
 * @throws UsageError where a name is in none of them
 */
async function holding(names: string[], uris: string[], project: Project): Promise<string[]> {
  const files = [];
  for (const uri of uris) {
    const { plan, broken } = await project.definition(uri);
    files.push({ uri, journeys: [...plan.journeys.map(({ name }) => name), ...broken] });
  }
  const known = files.flatMap(({ journeys }) => journeys);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near ? `did you mean ${near}?` : known.length > 0 ? `there are ${known.join(', ')}` : 'there is none in these files';
    throw new UsageError(`no journey is called ${name}: ${hint}`);
  }
  return files.filter(({ journeys }) => names.some(name => journeys.includes(name))).map(({ uri }) => uri);
}
