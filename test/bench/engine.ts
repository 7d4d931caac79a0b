/**
 * Measures the engine in its worker, as the editor has it, beside a bare fold in the same process. A process of its own per size.
 *
 * usage: node --expose-gc test/bench/engine.ts FOLDER EVENTS   (FOLDER holds events.csv); prints JSON
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineApi, JourneyResult, Preview } from '@journey/engine';
import { createNodeProject, nodeFiles } from '@journey/language-server/node';
import { RemoteEngine } from '../../language-server/src/server/engine/remote.ts';
import { startNodeWorker } from '../../language-server/src/server/engine/start.node.ts';
import { type Answer, bareFold, definition, derivedDefinition, rowFlags, segmentDefinition } from './definition.ts';
import { residentMegabytes, type Spread, spread, timed } from './measure.ts';
import { makeColumns } from './sample.ts';

export interface EngineMeasure {
  /** CSV file to first numbers, the start of the worker and of sql.js not included. */
  firstMs: number;
  loadMs: number;
  /** An edited condition to new numbers, over the worker and back. */
  edit: Spread;
  /** The same with every finding of `check`. */
  check: Spread;
  /** A definition with derived events: its first numbers, over data that is there, and an edited condition that they hang on. */
  derivedFirstMs: number;
  derivedEdit: Spread;
  /** The same with segments and splits by them. */
  segmentFirstMs: number;
  segmentEdit: Spread;
  foldMs: Spread;
  bareMs: Spread;
  /** Simulation over bare fold, measured in turns. */
  besideBare: Spread;
  memoryMB: number;
  answer: Answer;
  bareAnswer: Answer;
}

const EDITS = 60;
const [folder, events] = [process.argv[2], Number(process.argv[3])];
const uri = pathToFileURL(join(folder, 'bench.journey')).href;
const engine: EngineApi = new RemoteEngine({ start: () => startNodeWorker(folder), files: nodeFiles(folder) });
const project = createNodeProject({ cwd: folder, engine });

async function numbers(text: string): Promise<Preview> {
  project.setText(uri, text);
  const { plan, findings } = await project.definition(uri);
  const errors = findings.filter(finding => finding.severity === 'error');
  if (errors.length > 0) throw new Error(`The definition to be measured is wrong: ${errors.map(({ message }) => message).join('; ')}`);
  return engine.preview(plan);
}

// The worker and sql.js are up, parser and fold have been run once; no data is read yet.
await numbers(definition().replace('events.csv', 'warm-up.csv'));
const before = await residentMegabytes();
const first = await timed(() => numbers(definition()));
const answer = answerOf(first.value);

const edits: number[] = [];
const folds: number[] = [];
const checks: number[] = [];
for (let i = 1; i <= EDITS; i++) {
  const edit = await timed(() => numbers(definition(i * 1.37)));
  edits.push(edit.ms);
  folds.push(edit.value.timings.foldMs);
}
const memoryMB = (await residentMegabytes()) - before;
for (let i = 1; i <= EDITS / 2; i++) {
  project.setText(uri, definition(i * 2.11));
  checks.push((await timed(() => project.check(uri))).ms);
}
const derived = await firstAndEdits(derivedDefinition);
const segments = await firstAndEdits(segmentDefinition);
const columns = makeColumns(events);
const flags = rowFlags(columns);
const bare: number[] = [];
const ratios: number[] = [];
let bareAnswer = bareFold(columns, flags);
// In turns, so that whatever else the machine does slows both.
for (let i = 1; i <= EDITS / 2; i++) {
  const fold = await timed(() => bareFold(columns, flags));
  bare.push(fold.ms);
  bareAnswer = fold.value;
  ratios.push((await numbers(definition(i * 1.73))).timings.foldMs / fold.ms);
}
project.dispose();

const measure: EngineMeasure = {
  firstMs: first.ms,
  loadMs: first.value.timings.loadMs,
  edit: spread(edits),
  check: spread(checks),
  derivedFirstMs: derived.first,
  derivedEdit: derived.edit,
  segmentFirstMs: segments.first,
  segmentEdit: segments.edit,
  foldMs: spread(folds),
  bareMs: spread(bare),
  besideBare: spread(ratios),
  memoryMB,
  answer,
  bareAnswer,
};
console.log(JSON.stringify(measure));
process.exit(0);

async function firstAndEdits(text: (least?: number) => string): Promise<{ first: number; edit: Spread }> {
  const first = await timed(() => numbers(text()));
  const edits: number[] = [];
  for (let i = 1; i <= EDITS; i++) edits.push((await timed(() => numbers(text(i * 1.91)))).ms);
  return { first: first.ms, edit: spread(edits) };
}

function answerOf({ result }: Preview): Answer {
  const [journey] = result.journeys as JourneyResult<number>[];
  return {
    entered: journey.entered,
    bought: journey.exits.Bought,
    optedOut: journey.exits.OptedOut,
    quiet: journey.exits.Quiet,
    timedOut: journey.exits.TimedOut,
    looked: journey.stages.Looking.reached,
    carted: journey.stages.Cart.reached,
    median: journey.metrics.speed.value ?? 0,
  };
}
