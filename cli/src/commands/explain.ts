import type { Explanation } from '@journey/engine';
import { scenarioText, story } from '@journey/language-server';
import { EXIT, type ExitCode, UsageError } from '../exit.ts';
import { journeyFiles, shownUri } from '../paths.ts';
import { openProject } from '../project.ts';
import { storyAsText } from '../report/story.ts';
import type { Terminal } from '../terminal.ts';

export interface ExplainOptions {
  journey?: string;
  who?: string;
  any?: string;
  /** Milliseconds UTC. */
  asOf?: number;
  format: 'text' | 'json';
  asScenario?: boolean;
}

/** `journey explain`: the story of one person in one journey to stdout. */
export async function explain(path: string, options: ExplainOptions, terminal: Terminal): Promise<ExitCode> {
  if ((options.who === undefined) === (options.any === undefined))
    throw new UsageError('say whose story: --who with an id, such as --who u17, or --any with an outcome, such as --any rejected');
  const uris = await journeyFiles([path], terminal.cwd);
  if (uris.length > 1) throw new UsageError(`${path} means ${uris.length} files: name the one that holds the journey`);
  const [uri] = uris;
  const progress = terminal.progress();
  const project = openProject(terminal.cwd);
  try {
    progress.show(shownUri(uri, terminal.cwd));
    const { plan, broken } = await project.definition(uri);
    const journey = options.journey ?? only([...plan.journeys.map(({ name }) => name), ...broken], path);
    const { who, any, asOf, asScenario } = options;
    const explanation = await project.explain(uri, { journey, who, any, asOf, rows: asScenario });
    progress.done();
    if (explanation.participant === null) throw new UsageError(explanation.note ?? 'nobody was found');
    print(explanation, options, terminal);
  } finally {
    progress.done();
    project.dispose();
  }
  return EXIT.clean;
}

function print(explanation: Explanation, options: ExplainOptions, terminal: Terminal): void {
  if (options.format === 'json') {
    terminal.out(`${JSON.stringify(explanation, null, 2)}\n`);
    return;
  }
  if (options.asScenario) {
    terminal.out(scenarioText(explanation));
    return;
  }
  const place = ({ uri, start }: { uri: string; start: { line: number } }) => `${shownUri(uri, terminal.cwd)}:${start.line + 1}`;
  terminal.out(storyAsText(story(explanation), place, terminal.style.colors));
}

/** A file with one journey needs no name. */
function only(names: string[], path: string): string {
  if (names.length === 1) return names[0];
  throw new UsageError(
    names.length === 0 ? `${path} declares no journey` : `${path} has several journeys, ${names.join(', ')}: choose one with --journey`,
  );
}
