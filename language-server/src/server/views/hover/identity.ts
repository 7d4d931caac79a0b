/** The detail behind an identity, its rules and its ids, as Markdown. Pure: reports in, text out. */
import { formatCount, formatCounted, formatMoment, type IdentityReport, isTold, type RuleReport, type WhoReport } from '@journey/engine';
import { customers, hangs, idText, linkWords, ofCustomers, refusalWords, ruleWords } from '../../../text/identity.ts';
import { bars } from '../picture.ts';
import { type Look, ROWS, table, text } from './markdown.ts';

/**
 * What stands at a line of the identity's block, in the text that the report was made for.
 * @returns empty where nothing of it does
 */
export function identityHover(report: IdentityReport, line: number, look: Look): string {
  const parts = line === report.at.start.line ? whole(report, look) : atLine(report, line);
  if (parts.length > 0 && look.stale) parts.push('_The numbers belong to an older text; new ones are on their way._');
  return parts.join('\n\n');
}

function whole(report: IdentityReport, { pictures }: Look): string[] {
  const { kinds, sizes, biggest, nobody, quarantined, otherPolicy } = report;
  const ids = kinds.reduce((sum, { ids }) => sum + ids, 0);
  const spans = sizes.map(({ from, to, customers }) => ({ label: span(from, to), count: customers }));
  const left = [
    nobody.withoutId > 0 && `${formatCount(nobody.withoutId)} without an id`,
    nobody.ignored > 0 && `${formatCount(nobody.ignored)} with none but ignored ids`,
    nobody.conflicting > 0 && `${formatCount(nobody.conflicting)} with two values of a unique kind`,
    quarantined.rows > 0 && `${formatCount(quarantined.rows)} with none but ids in quarantine`,
  ].filter(Boolean);
  return [
    `**identity** ${text(report.identity)}`,
    `${customers(report.customers, report.suppressedBelow)} of ${formatCounted(ids, 'id')} · ${formatCounted(report.links, 'link')}, ${formatCount(report.refused)} refused`,
    table(
      ['', 'ids', 'rows', 'beside another id', 'ignored'],
      kinds.map(({ kind, ids, rows, linked, ignored }) => [kind, ...[ids, rows, linked, ignored].map(formatCount)]),
    ),
    spans.length > 1
      ? `Customers by how many ids they have\n\n${bars(spans, report.customers, 'customers by number of ids', pictures, report.suppressedBelow)}`
      : '',
    biggest ? text200(`The largest: ${biggest.customer}, ${formatCounted(biggest.ids, 'id')}. ${hangs(biggest)}.`) : '',
    report.freed && report.freed.count > 0
      ? `Possible only since an erasure: ${formatCounted(report.freed.count, 'link')}, such as of ${report.freed.links
          .slice(0, 3)
          .map(({ a, b }) => text(`${idText(a)} and ${idText(b)}`))
          .join('; ')}`
      : '',
    left.length > 0 ? `Events in no journey: ${left.join(', ')}` : '',
    report.ambiguous === 0 ? '' : `${ofCustomers(report.ambiguous, report)} could as well be others.`,
    report.refused > 0 ? `Under \`keep ${otherPolicy.keep}\` ${ofCustomers(otherPolicy.changed, report)} would have other events.` : '',
  ].filter(part => part !== '');
}

const span = (from: number, to: number): string =>
  from === to ? formatCounted(from, 'id') : `${formatCount(from)}–${formatCounted(to, 'id')}`;

function atLine(report: IdentityReport, line: number): string[] {
  const here = ({ at }: { at: IdentityReport['at'] }) => at.uri === report.at.uri && at.start.line <= line && line <= at.end.line;
  const kinds = report.kinds.filter(here).map(({ kind, ids, rows, linked, ignored, quarantined, sources }) => {
    const facts: [string, string][] = [
      ['values', formatCount(ids)],
      ['rows', formatCount(rows)],
      ['beside another id', formatCount(linked)],
    ];
    if (ignored > 0) facts.push(['ignored', formatCount(ignored)]);
    if (quarantined > 0) facts.push(['in quarantine', formatCount(quarantined)]);
    return `**id** ${text(kind)} · ${sources.length > 0 ? `in ${text(sources.join(', '))}` : 'in no source'}\n\n${table(['', ''], facts)}`;
  });
  return [...kinds, ...report.rules.filter(here).map(rule => aboutRule(rule, report))];
}

function aboutRule(rule: RuleReport, report: IdentityReport): string {
  const parts = [`**${text(rule.text)}**`, ruleWords(rule, report).join(' · ')];
  if (isTold(rule.without) && isTold(rule.with))
    parts.push(`${customers(rule.without, undefined)} without it, ${formatCount(rule.with)} with it, all other rules as they are.`);
  if (rule.freedCount > 0) {
    const freed = rule.freed.map(({ a, b }) => [idText(a), idText(b)]);
    parts.push(`Links it made room for: without it a limit refuses them.\n\n${table(['', ''], freed)}`);
  }
  return parts.join('\n\n');
}

/** Why the ids of somebody are one person. */
export function whoHover(who: WhoReport): string {
  const parts = [`**${text(who.customer ?? who.who)}**`];
  if (who.note) parts.push(text200(who.note));
  if (who.customer === null) return parts.join('\n\n');
  if (who.idsCount > 1) {
    const ids = who.ids.map(id => [idText(id), formatCount(id.rows), formatMoment(id.firstSeen), formatMoment(id.lastSeen)]);
    parts.push(`${formatCounted(who.idsCount, 'id')} of one customer`, table(['', 'rows', 'first seen', 'last seen'], ids, ROWS));
  } else parts.push('It is linked to no other id.');
  if (who.linksCount > 0) parts.push(`By these links, in the order they were made:\n\n${list(who.links.map(linkWords), who.linksCount)}`);
  if (who.refusedCount > 0)
    parts.push(
      `Refused:\n\n${list(
        who.refused.map(link => `${linkWords(link)}: ${refusalWords(link)}`),
        who.refusedCount,
      )}`,
    );
  if (who.ambiguous) parts.push('It could as well be another: only the texts of ids, or an equal instant, decided a link.');
  return parts.join('\n\n');
}

function list(points: string[], all: number): string {
  const shown = points.slice(0, ROWS).map(point => `- ${text200(point)}`);
  return [...shown, ...(all > shown.length ? [`- … and ${formatCount(all - shown.length)} more`] : [])].join('\n');
}

/** A sentence with ids in it: no Markdown, and not cut off where a cell would be. */
const text200 = (value: string): string => (value.match(/.{1,80}/gsu) ?? []).map(text).join('');
