/** The published figures of the real data (its READMEs say whose), and what our journeys say; what nobody published is counted the plain way. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JourneyResult, Result } from '@journey/engine';
import { createNodeProject } from '@journey/language-server/node';
import { countApplications, countCampaigns, rowsOf } from './count.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Where the definitions look, as seen from their folder. */
const WRITTEN = '../../../shared/data';
/** Where the data lies: JOURNEY_DATA, else `../shared/data` beside the checkout. */
const DATA = resolve(process.env.JOURNEY_DATA ?? join(ROOT, '../shared/data'));

export interface Figure {
  what: string;
  /** Who says so. */
  by: 'published' | 'counted';
  expected: number;
  ours: number;
}

type Pair = [what: string, expected: number, ours: number | null | undefined];

interface RealJourney {
  /** The definition, and the folder of data it reads. */
  name: string;
  published(journeys: JourneyResult<number>[], result: Result): Pair[];
  /** @param rows of a file of the folder */
  counted(journeys: JourneyResult<number>[], rows: (file: string) => ReturnType<typeof rowsOf>): Pair[];
}

export const REAL: RealJourney[] = [
  {
    name: 'bpic2012',
    published: ([{ entered, stages, exits, active, paths, metrics }, offer]) => [
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
      ...[13_087, 7_367, 5_113, 5_015, 3_254, 2_246].map(
        (count, i): Pair => [`on the path, reached ${paths.Intended.steps[i].name}`, count, paths.Intended.steps[i].reached],
      ),
      ['months add up to all approved', 2_246, metrics.monthly.series?.reduce((sum, each) => sum + (each.numerator ?? 0), 0)],
      ['offers', 7_030, offer.entered],
    ],
    counted: ([{ paths, metrics }, offer], rows) => {
      const { outcomes } = paths.Intended;
      const counted = countApplications(rows('bpic2012.csv.gz'));
      return [
        ['followed the path', counted.followed, outcomes.followed],
        ['in another order', counted.otherOrder, outcomes.otherOrder],
        ['with a step skipped', counted.skipped, outcomes.skipped],
        ['under way', counted.underWay, outcomes.underWay],
        ['left on the way', counted.left, outcomes.left.reduce((sum, count) => sum + count, 0)],
        ['offers before the decision', counted.offers, metrics.offers.value],
        ['every second offer', counted.second, metrics.second.value],
        ['offers whose form came back within a month', counted.answered, offer.exits.SentBack],
        ['offers nobody answered for a month', counted.unanswered, offer.exits.Late],
      ];
    },
  },
  {
    name: 'completejourney',
    published: ([{ entered, entries, exits, people, segments, metrics }]) => [
      ['household-campaigns', 6_589, entered],
      ['of type A', 3_647, entries.TypeA],
      ['of type B', 2_368, entries.TypeB],
      ['of type C', 574, entries.TypeC],
      ['households', 1_559, people],
      ['redeemed', 792, exits.Redeemed],
      ['in a segment, not in it, and unknown', 6_589, segments.Senior.runs + segments.Senior.not + segments.Senior.unknown],
      ['months add up to all redeemed', 792, metrics.monthly.series?.reduce((sum, each) => sum + (each.numerator ?? 0), 0)],
    ],
    counted: ([{ segments, splits, metrics }], rows) => {
      const { age, home, month } = countCampaigns(
        rows('campaigns.csv.gz'),
        rows('demographics.csv.gz'),
        rows('campaign_descriptions.csv.gz'),
        rows('coupon_redemptions.csv.gz'),
      );
      const groups = splits.find(({ by }) => by === 'demographics.age')!.groups;
      const group = (value: string) => groups.find(each => (value === 'unknown' ? each.kind === value : each.value === value));
      return [
        ['of homeowners', home.Homeowner.entered, segments.Homeowner.runs],
        ['of households whose home is unknown', home.unknown.entered, segments.Homeowner.unknown],
        ['of people from 55', age['55-64'].entered + age['65+'].entered, segments.Senior.runs],
        ...Object.entries(age).flatMap(([value, { entered, redeemed }]): Pair[] => [
          [`age ${value}`, entered, group(value)?.entered],
          [`age ${value}, redeemed`, redeemed, group(value)?.exits.Redeemed],
        ]),
        ...Object.entries(month)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(
            ([period, { redeemed }]): Pair => [
              `redeemed of those begun in ${period}`,
              redeemed,
              metrics.monthly.series?.find(each => each.period === period)?.numerator,
            ],
          ),
      ];
    },
  },
  {
    name: 'snowplow_web',
    // Published: the vendor's own sessions, users, page views and consents. The session of a late sender is the one that only we count.
    published: ([session, consent, asking], { sources, identities }) => {
      const group = ({ splits: [{ groups }] }: JourneyResult<number>, value: string) => groups.find(each => each.value === value);
      return [
        ['events, delivered twice or once', 157, sources.web.events],
        ['delivered twice', 3, sources.web.duplicates],
        ['sessions', 18, sum(group(session, 'Tracked')?.entered, group(session, 'NoCookie')?.entered)],
        ['users, known by a cookie', 11, group(session, 'Tracked')?.people],
        ['page views', 43, sum(group(session, 'Tracked')?.metrics.pages.value, group(session, 'NoCookie')?.metrics.pages.value)],
        ['times a consent was asked for', 33, asking.attempts],
        ['times an answer was given', 32, consent.attempts],
        ['browsers asked', 26, asking.entered],
        ['browsers that allow all', 7, group(consent, 'Allowed')?.active],
        ['browsers that allow some', 11, group(consent, 'Chosen')?.active],
        ['browsers that deny', 7, group(consent, 'Denied')?.active],
        ['logins that too many cookies share', 1, identities.visitor.quarantined.ids],
      ];
    },
    counted: () => [],
  },
];

const sum = (...parts: (number | null | undefined)[]): number => parts.reduce<number>((all, part) => all + (part ?? Number.NaN), 0);

/** Why a journey has to be left out here; undefined where its data is there. */
export function leftOut({ name }: RealJourney): string | undefined {
  return existsSync(join(DATA, name)) ? undefined : `no data at ${join(DATA, name)}; set JOURNEY_DATA to the folder that holds ${name}`;
}

/**
 * Simulates a journey on the files where they lie, as `journey preview` would.
 * @throws Error with the findings where the definition has errors
 */
export async function measure({ name, published, counted }: RealJourney): Promise<Figure[]> {
  const file = join(import.meta.dirname, `${name}.journey`);
  const uri = pathToFileURL(file).href;
  const project = createNodeProject({ cwd: ROOT });
  try {
    project.setText(uri, readFileSync(file, 'utf8').replaceAll(WRITTEN, DATA.replaceAll('\\', '/')));
    const { preview, findings } = await project.check(uri);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (!preview || errors.length > 0)
      throw new Error(errors.map(({ at, message }) => `${name}.journey:${at.start.line + 1} ${message}`).join('\n'));
    // Nothing is withheld.
    const journeys = preview.result.journeys as JourneyResult<number>[];
    const figures = (by: Figure['by'], pairs: Pair[]) =>
      pairs.map(([what, expected, ours]): Figure => ({ what, by, expected, ours: ours ?? Number.NaN }));
    return [
      ...figures('published', published(journeys, preview.result)),
      ...figures(
        'counted',
        counted(journeys, each => rowsOf(join(DATA, name, each))),
      ),
    ];
  } finally {
    project.dispose();
  }
}
