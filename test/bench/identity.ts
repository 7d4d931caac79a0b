/**
 * Measures identity rules beside plain linking in one process: the first load, an edited rule to new numbers, and stars and chains
 * under every rule.
 *
 * usage: node --expose-gc test/bench/identity.ts FOLDER EVENTS   (FOLDER holds visits.csv); prints JSON
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineApi, Preview } from '@journey/engine';
import { createNodeProject, nodeFiles } from '@journey/language-server/node';
import { resolve } from '../../engine/src/identity/resolve.ts';
import { at, graphOf, identityOf, type Row, type Rules } from '../../engine/src/identity/testing.ts';
import { RemoteEngine } from '../../language-server/src/server/engine/remote.ts';
import { startNodeWorker } from '../../language-server/src/server/engine/start.node.ts';
import { type Spread, spread, timed } from './measure.ts';

export interface Edits {
  took: Spread;
  /** Beside an edited condition of the journey under plain linking. */
  besidePlain: number;
}

export interface IdentityMeasure {
  /** An edited condition of the journey under rules. */
  edit: Edits;
  /** From the rows that were read to first numbers. */
  plainFirstMs: number;
  firstMs: number;
  /** By what is edited: the rule to new numbers. */
  ruleEdits: Record<string, Edits>;
  /** By shape and rule: the time of resolving over that of the same shape without rules. */
  shapes: Record<string, Record<string, number>>;
}

const EDITS = 20;
const WARM_UP = 2;
let turn = 1;
const [folder, events] = [process.argv[2], Number(process.argv[3])];
const uri = pathToFileURL(join(folder, 'visits.journey')).href;
const engine: EngineApi = new RemoteEngine({ start: () => startNodeWorker(folder), files: nodeFiles(folder) });
const project = createNodeProject({ cwd: folder, engine });

interface Edited {
  max: number;
  valid: number;
  ignored: string;
  shared: number;
  split: boolean;
  least: number;
}
const RULES: Edited = { max: 3, valid: 0, ignored: '/^unknown$/', shared: 3, split: false, least: 0 };

const text = (rules: string, least = 0) => `
source shop {
  sample "visits.csv"
  time ts
  event event
  id user = user
  id email = email
  id device = device
}
identity customer {
${rules}
}
event Viewed = shop.view
event Ordered = shop.order where total > ${least}
journey Purchase for customer {
  enter Viewed on Viewed
  complete Bought on Ordered
  exit TimedOut after 60d
  metric conversion = rate(Bought within 14d)
}
`;
const plain = (least = 0) => text('  id user\n  id email\n  id device', least);
const ruled = (edited: Partial<Edited> = {}) => {
  const { max, valid, ignored, shared, split, least } = { ...RULES, ...edited };
  return text(
    `  id user unique
  id email max ${max}
  id device${valid ? ` valid ${valid}d` : ''}
  ignore device matching ${ignored}
  shared device when more than ${shared} user${split ? '\n  anonymous split by time' : ''}`,
    least,
  );
};

async function numbers(text: string): Promise<Preview> {
  project.setText(uri, text);
  const { plan, findings } = await project.definition(uri);
  const errors = findings.filter(finding => finding.severity === 'error');
  if (errors.length > 0) throw new Error(`The definition to be measured is wrong: ${errors.map(({ message }) => message).join('; ')}`);
  return engine.preview(plan);
}

/** In turns with the journey's own edit under plain linking, so that whatever else the machine does slows both. */
async function edits(textOf: (i: number) => string): Promise<Edits> {
  const took: number[] = [];
  const ratios: number[] = [];
  for (let i = 1; i <= EDITS; i++) {
    const { ms: bare } = await timed(() => numbers(plain(turn++)));
    const { ms } = await timed(() => numbers(textOf(i)));
    if (i <= WARM_UP) continue;
    took.push(ms);
    ratios.push(ms / bare);
  }
  return { took: spread(took), besidePlain: spread(ratios).p50 };
}

// The rows are there; what follows is about people.
await numbers(text('  id email\n  id user\n  id device'));
const plainFirst = await timed(() => numbers(plain()));
const first = await timed(() => numbers(ruled()));
const measure: IdentityMeasure = {
  plainFirstMs: plainFirst.ms,
  firstMs: first.ms,
  edit: await edits(i => ruled({ least: i })),
  ruleEdits: {
    max: await edits(i => ruled({ max: 3 + i })),
    valid: await edits(i => ruled({ valid: 30 + i })),
    'valid, with split by time': await edits(i => ruled({ valid: 30 + i, split: true })),
    ignore: await edits(i => ruled({ ignored: `/^(unknown|d${i})$/` })),
    shared: await edits(i => ruled({ shared: 3 + i })),
  },
  shapes: shapes(Math.min(100_000, events)),
};
project.dispose();
console.log(JSON.stringify(measure));
process.exit(0);

/** A device that many users share, row by row alone and with a user; and ids that hang together one by one. */
function shapes(rows: number): IdentityMeasure['shapes'] {
  const star: Row[] = Array.from({ length: rows }, (_, i) => ({ time: i, ids: i % 2 ? ['device d'] : [`user u${i}`, 'device d'] }));
  const chain: Row[] = Array.from({ length: 4000 }, (_, i) => ({ time: i, ids: [`device d${i >> 1}`, `user u${(i + 1) >> 1}`] }));
  const of = (user: Rules['kinds'][string], device: Rules['kinds'][string], more: Partial<Rules> = {}): Rules => ({
    ...more,
    kinds: { user, device },
  });
  const rules: Record<string, Rules> = {
    unique: of({ unique: true }, {}),
    max: of({ max: 1000 }, {}),
    valid: of({}, { valid: 1000 }),
    forward: of({}, {}, { retroactive: { within: 0 } }),
    shared: of({}, {}, { shared: [{ kind: 'device', moreThan: 5, of: 'user', at, text: '' }] }),
    'split by time': of({ unique: true }, { valid: 1000 }, { splitByTime: { at } }),
  };
  const entries = Object.entries({ [`star of ${rows / 2}`]: star, 'chain of 2000': chain }).map(([name, shape]) => {
    const graph = graphOf(shape, ['user', 'device']);
    const median = (by: Rules) => {
      const took: number[] = [];
      for (let i = 0; i < 7; i++) {
        const started = performance.now();
        resolve(graph, identityOf(by), null);
        took.push(performance.now() - started);
      }
      return spread(took).p50;
    };
    const bare = median(of({}, {}));
    return [name, Object.fromEntries(Object.entries(rules).map(([rule, by]) => [rule, median(by) / bare]))] as const;
  });
  return Object.fromEntries(entries);
}
