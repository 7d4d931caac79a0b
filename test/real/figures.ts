/** The published figures of the real data (its READMEs say whose), and what our journeys say. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JourneyResult } from '@journey/engine';
import { createNodeProject } from '@journey/language-server/node';

const ROOT = resolve(import.meta.dirname, '../..');
/** Where the definitions look, as seen from their folder. */
const WRITTEN = '../../../shared/data';
/** Where the data lies: JOURNEY_DATA, else `../shared/data` beside the checkout. */
const DATA = resolve(process.env.JOURNEY_DATA ?? join(ROOT, '../shared/data'));

export interface Figure {
  what: string;
  published: number;
  ours: number;
}

interface RealJourney {
  /** The definition, and the folder of data it reads. */
  name: string;
  figures(result: JourneyResult): [what: string, published: number, ours: number][];
}

export const REAL: RealJourney[] = [
  {
    name: 'bpic2012',
    figures: ({ entered, stages, exits, active }) => [
      ['submitted', 13_087, entered],
      ['preaccepted', 7_367, stages.Preaccepted.reached],
      ['accepted', 5_113, stages.Accepted.reached],
      ['finalized', 5_015, stages.Finalized.reached],
      ['offer sent', 5_015, stages.OfferSent.reached],
      ['sent back', 3_254, stages.SentBack.reached],
      ['approved', 2_246, exits.Approved],
      ['declined', 7_635, exits.Declined],
      ['cancelled', 2_807, exits.Cancelled],
      ['still active at the end of the log', 399, active],
    ],
  },
  {
    name: 'completejourney',
    figures: ({ entered, entries, exits, people }) => [
      ['household-campaigns', 6_589, entered],
      ['of type A', 3_647, entries.TypeA],
      ['of type B', 2_368, entries.TypeB],
      ['of type C', 574, entries.TypeC],
      ['households', 1_559, people],
      ['redeemed', 792, exits.Redeemed],
    ],
  },
];

/** Why a journey has to be left out here; undefined where its data is there. */
export function leftOut({ name }: RealJourney): string | undefined {
  return existsSync(join(DATA, name)) ? undefined : `no data at ${join(DATA, name)}; set JOURNEY_DATA to the folder that holds ${name}`;
}

/**
 * Simulates a journey on the files where they lie, as `journey preview` would.
 * @throws Error with the findings where the definition has errors
 */
export async function measure({ name, figures }: RealJourney): Promise<Figure[]> {
  const file = join(import.meta.dirname, `${name}.journey`);
  const uri = pathToFileURL(file).href;
  const project = createNodeProject({ cwd: ROOT });
  try {
    project.setText(uri, readFileSync(file, 'utf8').replaceAll(WRITTEN, DATA.replaceAll('\\', '/')));
    const { preview, findings } = await project.check(uri);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (!preview || errors.length > 0)
      throw new Error(errors.map(({ at, message }) => `${name}.journey:${at.start.line + 1} ${message}`).join('\n'));
    return figures(preview.result.journeys[0]).map(([what, published, ours]) => ({ what, published, ours }));
  } finally {
    project.dispose();
  }
}
