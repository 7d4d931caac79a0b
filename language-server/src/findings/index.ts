/** What the data says about a definition. Pure: plan, preview and counts in, findings out. */
import type { Finding } from '../project/types.ts';
import { eventFindings } from './events.ts';
import type { Evidence } from './evidence.ts';
import { groupFindings } from './groups.ts';
import { resultFindings } from './results.ts';
import { ruleFindings } from './rules.ts';
import { sourceFindings } from './sources.ts';

export { type Answers, evidence, mayHide, questionKey, questionPlan, withoutHiding } from './evidence.ts';
export { questions } from './questions.ts';

/** @param typed what the types of the expressions have already shown: one cause, one finding */
export function dataFindings(given: Evidence, typed: readonly Finding[]): Finding[] {
  return [
    ...sourceFindings(given),
    ...eventFindings(given, typed),
    ...ruleFindings(given, typed),
    ...groupFindings(given, typed),
    ...resultFindings(given),
  ];
}
