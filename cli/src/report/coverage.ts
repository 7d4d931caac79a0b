/** Which rules sample and scenarios exercise: for people, and as JSON. */
import { type Count, type Coverage, formatCount, formatShare, type RuleCoverage } from '@journey/engine';
import type { Style } from '../terminal.ts';
import { columns, lines } from './layout.ts';

export interface CoveredFile {
  /** As people know it. */
  file: string;
  coverage: Coverage;
}

/** A table a file, and the share of rules without which a number or a claim would be another. */
export function coverageAsText(files: CoveredFile[], style: Style): string {
  const { colors } = style;
  return files
    .filter(({ coverage }) => coverage.rules.length > 0)
    .map(({ file, coverage: { rules, score, suppressedBelow: below } }) => {
      const matter = rules.filter(({ matters }) => matters).length;
      const title = `${colors.bold(file)}: ${formatCount(matter)} of ${formatCount(rules.length)} rules matter (${formatShare(score)})`;
      const head = ['rule', '', '', 'sample', 'scenarios', 'without it'].map(colors.dim);
      const rows = rules.map(row => [
        colors.dim(row.journey),
        row.kind,
        row.rule,
        taken(row.takenInSample, below),
        taken(row.takenInScenarios, below),
        row.matters ? changes(row) : colors.yellow('nothing changes'),
      ]);
      const spec = [
        { align: 'left' },
        { align: 'left' },
        { align: 'left' },
        { align: 'right' },
        { align: 'right' },
        { align: 'left' },
      ] as const;
      return `\n${lines([title])}${columns([...spec], [head, ...rows], style)}`;
    })
    .join('');
}

/** By file, the engine's own answer; lines and columns from 1. */
export function coverageAsJson(files: CoveredFile[]) {
  return files.map(({ file, coverage }) => ({
    file,
    score: coverage.score,
    rules: coverage.rules.map(({ at: { start }, ...row }) => ({ ...row, line: start.line + 1, column: start.character + 1 })),
  }));
}

const taken = (runs: Count, below: number | undefined) => (runs === 0 ? 'never' : formatCount(runs, below));

const SHOWN = 2;
function changes({ changes }: RuleCoverage): string {
  const more = changes.length - SHOWN;
  return [...changes.slice(0, SHOWN), ...(more > 0 ? [`${formatCount(more)} more`] : [])].join(', ');
}
