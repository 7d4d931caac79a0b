/**
 * The whole way: the definition printed as a `.journey` file, its rows as CSV and NDJSON, through the facade that the editor and the
 * command line use (parser, binder, readers, SQL, identity, fold), and every number compared.
 */
import { createEngine, type Result } from '@journey/engine';
import { EmptyFileSystem } from 'langium';
import { createJourneyServices } from '../../../language-server/src/index.ts';
import { loadSql } from '../../../language-server/src/node/sql.ts';
import { memoryFiles } from '../../../language-server/src/project/memory.ts';
import { Project } from '../../../language-server/src/project/project.ts';
import type { History } from '../generate/history.ts';
import type { Def } from '../model.ts';
import { oracle } from '../oracle.ts';
import { toFiles, toText } from '../text.ts';
import { type Difference, resultDifferences } from './compare.ts';

export interface WholeHarness {
  /** What the product makes of it, or why it makes nothing of it. */
  ask(def: Def, history: History): Promise<Result | Difference[]>;
  dispose(): void;
}

/** The oracle's answer, or a faulty one's, held against the product's. */
export function compareWhole(def: Def, history: History, asked: Result | Difference[], interpreter = oracle): Difference[] {
  return Array.isArray(asked) ? asked : resultDifferences(interpreter(def, history.data, history.asOf), asked);
}

/** One editor session, so to speak: definitions and files follow one another in the same services and the same engine. */
export function wholeHarness(): WholeHarness {
  const files = memoryFiles();
  const engine = createEngine({ files, sql: () => loadSql() });
  const project = new Project(createJourneyServices(EmptyFileSystem), { files, engine });
  const uri = files.uri('case.journey');
  let written: string[] = [];
  return {
    async ask(def, history) {
      for (const path of written) files.set(path, undefined);
      const contents = toFiles(def, history.data);
      written = Object.keys(contents);
      for (const path of written) files.set(path, contents[path]);
      engine.filesChanged();
      project.setText(uri, toText(def));
      // What the text alone is told off for. That a column or an event never occurs in so small a sample is no news here.
      const { findings } = await project.definition(uri);
      const errors = findings.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) return errors.map(({ code, message }) => ({ path: `finding ${code}`, oracle: 'none', product: message }));
      const { preview } = await project.check(uri, { asOf: history.asOf });
      return preview?.result ?? [{ path: 'preview', oracle: 'numbers', product: 'none' }];
    },
    dispose: () => engine.dispose(),
  };
}
