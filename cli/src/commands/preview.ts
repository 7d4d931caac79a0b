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
  const uris = await journeyFiles(paths, terminal.cwd);
  const progress = terminal.progress();
  const project = openProject(terminal.cwd);
  const previews: { file: string; checked: Checked }[] = [];
  try {
    if (options.journey) await knowJourneys(options.journey, uris, project);
    for (const uri of uris) {
      const file = shownUri(uri, terminal.cwd);
      progress.show(`reading ${file}`);
      const onProgress = (step: { stage: string; name: string }) => progress.show(`${file}: ${step.stage} ${step.name}`);
      previews.push({ file, checked: await project.check(uri, { asOf: options.asOf, journeys: options.journey, onProgress }) });
    }
  } finally {
    progress.done();
    project.dispose();
  }

  const format = options.format ?? (terminal.interactive ? 'table' : 'text');
  if (format === 'json') {
    // One file is the contract itself; several need telling apart.
    const json = previews.map(({ file, checked }) => (uris.length > 1 ? { file, ...toPreviewJson(checked) } : toPreviewJson(checked)));
    terminal.out(`${JSON.stringify(uris.length > 1 ? json : json[0], null, 2)}\n`);
  } else {
    const style = { ...terminal.style, pictures: format === 'table' };
    const reports = previews.flatMap(({ file, checked: { plan, preview } }) =>
      preview ? [previewReport({ file, plan, preview }, style)] : [],
    );
    terminal.out(reports.join('\n'));
  }

  const broken = previews
    .flatMap(({ checked }) => checked.findings)
    .filter(({ severity, code }) => severity === 'error' && code !== 'expectation-failed');
  if (broken.length === 0) return EXIT.clean;
  terminal.err(findingsAsText(placed(broken, terminal.cwd), terminal.errColors));
  return EXIT.findings;
}

async function knowJourneys(names: string[], uris: string[], project: Project): Promise<void> {
  const definitions = await Promise.all(uris.map(uri => project.definition(uri)));
  const known = definitions.flatMap(({ plan, broken }) => [...plan.journeys.map(({ name }) => name), ...broken]);
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    const hint = near ? `did you mean ${near}?` : known.length > 0 ? `there are ${known.join(', ')}` : 'there is no journey in it';
    throw new UsageError(`no journey is called ${name}: ${hint}`);
  }
}
