import type { At } from '../plan.ts';
import type { Count } from '../result.ts';

/** How well sample and scenarios exercise the rules of a plan's journeys. */
export interface Coverage {
  /** Set where the plan withholds numbers about fewer people than this. */
  suppressedBelow?: number;
  rules: RuleCoverage[];
  /** Share of rules that matter, 0 to 1; 1 where there is no rule. */
  score: number;
}

export interface RuleCoverage {
  journey: string;
  rule: string;
  kind: 'enter' | 'stage' | 'complete' | 'exit';
  at: At;
  /** Runs that entered by it, reached it, or ended by it. */
  takenInSample: Count;
  /** The same over all scenarios that speak of the journey. */
  takenInScenarios: number;
  /** Without it a number of the journey would be another, or a scenario's claim would fail. */
  matters: boolean;
  /** What would be another, such as `completed 403 → 0`; what speaks of other things than the rule itself first. */
  changes: string[];
}
