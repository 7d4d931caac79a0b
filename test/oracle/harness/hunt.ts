/** Looks for a history on which the product and the oracle differ, and shrinks it. */
import fc from 'fast-check';
import { type Case, caseArb, show, showGraph } from '../generate/case.ts';
import { type Graph, graphArb } from '../generate/definition/identity.ts';
import type { Difference } from './compare.ts';
import { fastHarness } from './fast.ts';
import { graphDifferences, isPlain, oracleTells, plainlyTold, productTells } from './identity.ts';
import { compareWhole, type WholeHarness } from './whole.ts';

export interface Hunt {
  /** Histories that were compared, each against every journey of its definition. */
  histories: number;
  /** The smallest counterexample as a `.journey` file with its data and the numbers that differ; absent where all agreed. */
  failure?: string;
}

/** Definitions against `simulateJourney`. @param definitions each is held against up to eight histories */
export function huntFast(seed: number, definitions: number): Hunt {
  const hunt = new Hunting();
  const property = fc.property(caseArb(8), one => {
    const compare = hunt.guard(() => fastHarness(one.blueprint.def), one);
    for (const history of one.histories)
      hunt.judge(
        one,
        history,
        hunt.guard(() => compare(history), one),
      );
  });
  return hunt.result(fc.check(property, { numRuns: definitions, seed }));
}

/** Definitions as text and files through the facade. @param definitions each is held against up to three histories */
export async function huntWhole(harness: WholeHarness, seed: number, definitions: number): Promise<Hunt> {
  const hunt = new Hunting();
  const property = fc.asyncProperty(caseArb(3), async one => {
    for (const history of one.histories) {
      const asked = await harness.ask(one.blueprint.def, history).catch(thrown);
      hunt.judge(one, history, compareWhole(one.blueprint.def, history, asked));
    }
  });
  return hunt.result(await fc.check(property, { numRuns: definitions, seed }));
}

/** Graphs of ids against `resolve`. */
export function huntGraphs(seed: number, graphs: number): Hunt {
  let histories = 0;
  let smallest = '';
  const property = fc.property(graphArb, graph => {
    histories++;
    let differences: Difference[];
    try {
      differences = compareGraph(graph);
    } catch (error) {
      differences = thrown(error);
    }
    if (differences.length === 0) return;
    smallest = showGraph(graph, differences);
    throw new Error('differs');
  });
  const { failed, counterexamplePath } = fc.check(property, { numRuns: graphs, seed });
  return failed
    ? { histories, failure: `The product and the oracle differ (seed ${seed}, path ${counterexamplePath}):\n${smallest}` }
    : { histories };
}

/** What the product tells of a graph, by every way that is open to it, against what the oracle tells. */
export function compareGraph(graph: Graph): Difference[] {
  const told = oracleTells(graph);
  const plainly = isPlain(graph.rules) && graph.erase === undefined ? graphDifferences(told, plainlyTold(graph)) : [];
  return [...graphDifferences(told, productTells(graph)), ...plainly];
}

class Hunting {
  private histories = 0;
  /** Of the failing cases the one seen last is the smallest. */
  private smallest = '';

  judge({ blueprint }: Case, history: Case['histories'][number], differences: Difference[]): void {
    this.histories++;
    if (differences.length === 0) return;
    this.smallest = show(blueprint, history, differences);
    throw new Error('differs');
  }

  guard<T>(compute: () => T, { blueprint, histories }: Case): T {
    try {
      return compute();
    } catch (error) {
      this.smallest = show(blueprint, histories[0], thrown(error));
      throw error;
    }
  }

  result({
    failed,
    seed,
    counterexamplePath,
    numShrinks,
  }: {
    failed: boolean;
    seed: number;
    counterexamplePath: string | null;
    numShrinks: number;
  }): Hunt {
    if (!failed) return { histories: this.histories };
    const again = `seed ${seed}, path ${counterexamplePath}, shrunk ${numShrinks} times`;
    return { histories: this.histories, failure: `The product and the oracle differ (${again}):\n${this.smallest}` };
  }
}

function thrown(error: unknown): Difference[] {
  return [{ path: 'an error was thrown', oracle: 'numbers', product: String((error as Error).stack) }];
}
