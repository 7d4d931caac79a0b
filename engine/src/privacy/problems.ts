import type { EngineCode } from '../codes.ts';
import type { At, Plan, RowsPattern } from '../plan.ts';
import { plural } from '../read/problem.ts';
import type { DataProblem } from '../result.ts';
import type { SourceEvents } from '../store/source.ts';
import type { TimelineAsOf } from '../store/timeline.ts';
import type { Erasure } from './erase.ts';

const problem = (code: EngineCode, at: At, message: string): DataProblem => ({ code, severity: 'warning', message, at });

/**
 * What consent, erasure and retention make of the data that can't be meant: nobody is left, or nobody was found.
 *
 * @param recorded how many rows matched before any were erased or grew too old
 */
export function existenceProblems(
  plan: Plan,
  events: TimelineAsOf,
  sources: readonly SourceEvents[],
  erasure: Erasure | null,
  recorded: (rows: RowsPattern) => number,
): DataProblem[] {
  const { consent, erase, retain } = plan.privacy ?? {};
  const found: DataProblem[] = [];
  const expired = sources.reduce((sum, source) => sum + source.expired.length, 0);
  if (retain && expired > 0 && events.count === 0)
    found.push(
      problem(
        'retention-leaves-nothing',
        retain.at,
        `every row is older than what is retained: ${plural(expired, 'row')} of the sample, and no number is left. Retain more, or look at it as of an earlier instant`,
      ),
    );
  if (erase && erasure && erasure.unmatched > 0)
    found.push(
      problem(
        'erasure-unmatched',
        erase.at,
        `${plural(erasure.unmatched, 'request')} of ${erasure.requests} to be erased ${erasure.unmatched === 1 ? 'belongs' : 'belong'} to nobody: the row carries no id that counts, so nothing is erased for it`,
      ),
    );
  if (consent && events.count > 0) {
    const statements = events.match(consent.from);
    // Rows that state it may have been there, and be gone.
    const gone = statements.length < recorded(consent.from);
    const granted = events.meets(consent.granted, statements);
    const isSomebodys = (position: number) => plan.journeys.some(({ identity }) => events.participants(identity).of[position] >= 0);
    const turnsAway = 'and everybody is turned away with *no consent*';
    if (statements.length === 0)
      found.push(
        problem(
          'consent-never-given',
          consent.at,
          gone
            ? `every row that states consent was erased, or is older than what is retained, so nobody consents, ${turnsAway}`
            : `no row states consent, so nobody consents, ${turnsAway}`,
        ),
      );
    else if (!granted.includes(1))
      found.push(
        problem(
          'consent-never-given',
          consent.at,
          `none of the ${plural(statements.length, 'row')} that ${statements.length === 1 ? 'states' : 'state'} consent ${gone ? 'and is not erased or too old ' : ''}grants it, ${turnsAway}; compare its condition with the values in the data`,
        ),
      );
    else if (plan.journeys.length > 0 && !statements.some((position, i) => granted[i] === 1 && isSomebodys(position)))
      found.push(
        problem(
          'consent-never-given',
          consent.at,
          `every row that grants consent${gone ? ', and is not erased or too old,' : ''} belongs to nobody: it carries no id that counts, ${turnsAway}`,
        ),
      );
  }
  return found;
}
