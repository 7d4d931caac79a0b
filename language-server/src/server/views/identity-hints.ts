/** Who is one customer, at the lines that decide it: at the identity's name, at each kind of id, at each rule. */
import { formatCounted, type IdentityPlan, type IdentityReport, isTold, type RuleReport } from '@journey/engine';
import { customers, effect, ofCustomers, ruleWords } from '../../text/identity.ts';
import type { Identities } from '../session.ts';
import type { Hint } from './hints.ts';
import { lineMap } from './lines.ts';

/**
 * @param text as it is now: what stands at a line that was edited goes with it, what is gone is not told
 * @param uri only identities that stand in this file
 */
export function identityHints({ reports, text: then }: Identities, text: string, uri: string): Hint[] {
  const lines = lineMap(then, text);
  return reports
    .filter(({ at }) => at.uri === uri)
    .flatMap(reportHints)
    .flatMap(hint => {
      const line = lines.line(hint.line);
      return line === undefined ? [] : [{ ...hint, line }];
    });
}

function reportHints(report: IdentityReport): Hint[] {
  const ids = report.kinds.reduce((sum, { ids }) => sum + ids, 0);
  const name: Hint = {
    line: report.at.start.line,
    label: `${customers(report.customers, report.suppressedBelow)} of ${formatCounted(ids, 'id')}`,
    tooltip: [
      `${formatCounted(report.links, 'link')}, ${report.refused} refused`,
      ...(report.ambiguous === 0 ? [] : [`${ofCustomers(report.ambiguous, report)} could as well be others`]),
    ].join('\n'),
  };
  const byLine = new Map<number, { label: string[]; tooltip: string[] }>();
  const lineOf = (line: number) => {
    const found = byLine.get(line) ?? { label: [], tooltip: [] };
    byLine.set(line, found);
    return found;
  };
  for (const { at, ids } of report.kinds) lineOf(at.start.line).label.push(formatCounted(ids, 'id'));
  for (const rule of report.rules) {
    const { label, tooltip } = lineOf(rule.at.start.line);
    const words = ruleWords(rule, report);
    // Of several rules on one line only what one does is told there; what each does is in the tooltip.
    if (isTelling(rule))
      label.push(
        ...(ownLine(rule, report) ? brief(rule, words, report) : [`${rule.text.split(' ').slice(1).join(' ')}: ${words.join(', ')}`]),
      );
    tooltip.push(`${rule.text}: ${words.join(' · ')}`);
  }
  // A block in one line tells the whole.
  byLine.delete(name.line);
  return [
    name,
    ...[...byLine].map(([line, { label, tooltip }]) => ({ line, label: label.join(' · '), tooltip: tooltip.join('\n') || undefined })),
  ];
}

/** A limit that no id comes near needs no words beside its kind; nor does one of whose effect nothing may be told. */
const isTelling = ({ kind, without, with: now, refused, rows }: RuleReport): boolean =>
  (kind !== 'unique' && kind !== 'max' && kind !== 'valid') ||
  (isTold(without) && isTold(now) && without !== now) ||
  refused > 0 ||
  rows > 0;

/** That its effect is withheld, whether it has one or not, is for the tooltip where there is something else to tell. */
const brief = (rule: RuleReport, words: string[], { suppressedBelow }: IdentityReport): string[] =>
  words.length > 1 && !(isTold(rule.without) && isTold(rule.with)) ? words.filter(word => word !== effect(rule, suppressedBelow)) : words;

const ownLine = ({ at }: RuleReport, { rules }: IdentityReport): boolean =>
  rules.filter(other => other.at.start.line === at.start.line && isTelling(other)).length === 1;

/** The identity whose block a line is in. */
export const identityAt = (identities: readonly IdentityPlan[], uri: string, line: number): IdentityPlan | undefined =>
  identities.find(({ at }) => at.uri === uri && line >= at.start.line && line <= at.end.line);
