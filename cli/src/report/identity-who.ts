/** Why one person, for people: the ids, each link with its rows and rule, and the links that were refused. */
import { type At, formatCounted, formatMoment, type IdentityReport, type WhoReport } from '@journey/engine';
import { linkWords, placeWords, refusalWords } from '@journey/language-server';
import type { Style } from '../terminal.ts';
import { columns, lines } from './layout.ts';

/** @param place a rule's file and line as people find it */
export function whoReport(report: IdentityReport, who: WhoReport, place: (at: At) => string, style: Style): string {
  const { colors } = style;
  const title = (text: string) => `\n${lines([colors.bold(text)])}`;
  const rule = (at: At) => `  ${colors.cyan(place(at))}`;
  const more = (shown: unknown[], all: number) => (all > shown.length ? lines([colors.dim(`  … and ${all - shown.length} more`)]) : '');
  const when = report.asOf === null ? '' : `, as of ${formatMoment(report.asOf)} UTC`;
  const parts = [lines([`${colors.bold(who.customer ?? who.who)}  ${colors.dim(`${report.identity}${when}`)}`])];
  if (who.note) parts.push(lines([who.note]));
  if (who.ambiguous) parts.push(lines(['It could as well be another: only the texts of ids, or an equal instant, decided a link.']));

  if (who.path) {
    parts.push(title(`From ${who.who} to ${who.path.to}`));
    if (who.path.links === null) parts.push(lines([`  ${who.path.note}`]));
    else if (who.path.links.length === 0) parts.push(lines(['  They are one id.']));
    else parts.push(lines(who.path.links.map((link, i) => `  ${i + 1}. ${linkWords(link)} (${placeWords(link)})${rule(link.rule)}`)));
    return parts.join('');
  }

  parts.push(title(formatCounted(who.idsCount, 'id')));
  const ids = who.ids.map(({ kind, value, rows, firstSeen, lastSeen, quarantined }) => [
    kind,
    value ?? '(withheld)',
    formatCounted(rows, 'row'),
    `${formatMoment(firstSeen)} to ${formatMoment(lastSeen)}${quarantined ? ', in quarantine' : ''}`,
  ]);
  parts.push(
    columns([{ align: 'left', width: 8 }, { align: 'left' }, { align: 'right' }, { align: 'left' }], ids, style),
    more(who.ids, who.idsCount),
  );

  if (who.linksCount > 0) {
    parts.push(title('One customer by these links, in the order they were made'));
    parts.push(
      lines(who.links.map((link, i) => `  ${i + 1}. ${linkWords(link)} (${placeWords(link)})${rule(link.rule)}`)),
      more(who.links, who.linksCount),
    );
  }
  if (who.refusedCount > 0) {
    parts.push(title('Links that were refused'));
    parts.push(
      lines(who.refused.map(link => `  - ${linkWords(link)} (${placeWords(link)}): ${refusalWords(link)}${rule(link.rule)}`)),
      more(who.refused, who.refusedCount),
    );
  }
  return parts.join('');
}
