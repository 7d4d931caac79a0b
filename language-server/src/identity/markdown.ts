/** Who is one customer, and why, as Markdown: what the editor shows in a document beside the definition. */
import {
  type At,
  formatCount,
  formatCounted,
  formatMoment,
  type IdentityReport,
  type LinkReport,
  type Plan,
  type WhoReport,
} from '@journey/engine';
import { escaped, joined, Links } from '../explain/markdown.ts';
import { customers, hangs, idText, linkWords, ofCustomers, placeWords, refusalWords, ruleWords, suspectText } from '../text/identity.ts';

/**
 * With `who` in the report why that is one person, else what each rule does.
 * @param spelled a file's uri as the client knows it
 */
export function identityAsMarkdown(report: IdentityReport, plan: Plan, spelled: (uri: string) => string = uri => uri): string {
  const links = new Links(spelled);
  const lines = report.who ? somebody(report, report.who, links) : everybody(report, plan, links);
  return joined([...lines, '', ...links.named()]);
}

const asOf = ({ asOf }: IdentityReport): string =>
  asOf === null ? 'There are no events.' : `As of ${formatMoment(asOf)} UTC, like all times here.`;

/** Nothing where there are no points. */
const chapter = (title: string, points: string[]): string[] =>
  points.length === 0 ? [] : ['', `## ${escaped(title)}`, '', ...points.map(point => `- ${point}`)];

const more = (shown: unknown[], all: number): string[] => (all > shown.length ? [`… and ${formatCount(all - shown.length)} more`] : []);

function everybody(report: IdentityReport, plan: Plan, links: Links): string[] {
  const { kinds, rules, sizes, biggest, freed, nobody, quarantined, otherPolicy, refused, suppressedBelow } = report;
  const ids = kinds.reduce((sum, kind) => sum + kind.ids, 0);
  const identity = plan.identities.find(({ name }) => name === report.identity)!;
  const left: [number, string][] = [
    [nobody.withoutId, 'without an id'],
    [nobody.ignored, 'with none but ignored ids'],
    [nobody.conflicting, 'with two values of a unique kind'],
    [quarantined.rows, 'with none but ids in quarantine'],
  ];
  const nobodys = left.filter(([count]) => count > 0).map(([count, why]) => `${formatCount(count)} ${why}`);
  return [
    `# Identity ${escaped(report.identity)}`,
    '',
    asOf(report),
    '',
    `${customers(report.customers, suppressedBelow)} of ${formatCounted(ids, 'id')} on ${formatCounted(report.rows, 'event')}, by ${formatCounted(report.links, 'link')}; ${formatCount(refused)} refused.`,
    '',
    ...(nobodys.length > 0 ? [`Events in no journey: ${nobodys.join(', ')}.`, ''] : []),
    ...(report.ambiguous === 0
      ? []
      : [`${ofCustomers(report.ambiguous, report)} could as well be others, since only the texts of ids or an equal instant decided.`]),
    ...chapter(
      'What looks wrong',
      report.suspects.map(suspect => escaped(suspectText(suspect, identity))),
    ),
    ...chapter(
      'Ids',
      kinds.map(({ kind, at, ids, rows, linked, ignored, quarantined, sources, pii }) => {
        const told = [
          `${formatCounted(ids, 'value')} on ${formatCounted(rows, 'row')}`,
          `${formatCount(linked)} beside another id`,
          ignored > 0 && `${formatCount(ignored)} ignored`,
          quarantined > 0 && `${formatCount(quarantined)} in quarantine`,
          sources.length > 0 ? `in ${sources.join(', ')}` : 'in no source',
          pii && 'personal data',
        ].filter(Boolean);
        return `${escaped(`${kind}: ${told.join(' · ')}`)} ${links.to(at)}`;
      }),
    ),
    ...chapter(
      'Rules',
      rules.map(rule => `${escaped(`${rule.text}: ${ruleWords(rule, report).join(' · ')}`)} ${links.to(rule.at)}`),
    ),
    ...chapter(
      'Ids a customer',
      sizes.map(({ from, to, customers: many }) => {
        const span = from === to ? formatCounted(from, 'id') : `${formatCount(from)} to ${formatCounted(to, 'id')}`;
        return `${span}: ${customers(many, suppressedBelow)}`;
      }),
    ),
    ...chapter(
      'Largest customer',
      biggest
        ? [`${biggest.customer}: ${formatCounted(biggest.ids, 'id')} on ${formatCounted(biggest.rows, 'event')}`, hangs(biggest)].map(
            escaped,
          )
        : [],
    ),
    ...chapter(
      'Links possible only since an erasure',
      freed ? [...freed.links.map(({ a, b }) => escaped(`${idText(a)} and ${idText(b)}`)), ...more(freed.links, freed.count)] : [],
    ),
    ...chapter(
      'Under the other conflict policy',
      refused > 0
        ? [
            `keep ${otherPolicy.keep}: ${customers(otherPolicy.customers, suppressedBelow)}; ${ofCustomers(otherPolicy.changed, report)} of now would have other events`,
          ]
        : [],
    ),
  ];
}

function somebody(report: IdentityReport, who: WhoReport, links: Links): string[] {
  const link = (one: LinkReport): string => escaped(`${linkWords(one)} (${placeWords(one)})`);
  const lines = [
    `# ${escaped(`${report.identity}: ${who.customer ?? who.who}`)}`,
    '',
    asOf(report),
    '',
    ...(who.note ? [escaped(who.note), ''] : []),
  ];
  if (who.customer === null) return lines;
  if (who.ambiguous) lines.push('It could as well be another: only the texts of ids, or an equal instant, decided a link.', '');
  if (who.path) {
    const { to, links: way, note } = who.path;
    const steps =
      way === null ? [escaped(note ?? '')] : way.length === 0 ? ['They are one id.'] : way.map(one => `${link(one)} ${links.to(one.rule)}`);
    return [...lines, ...chapter(`From ${who.who} to ${to}`, steps)];
  }
  const rule = (text: string, at: At): string => `${text} ${links.to(at)}`;
  return [
    ...lines,
    ...chapter(formatCounted(who.idsCount, 'id'), [
      ...who.ids.map(id => {
        const when =
          id.firstSeen === id.lastSeen
            ? `at ${formatMoment(id.firstSeen)}`
            : `${formatMoment(id.firstSeen)} to ${formatMoment(id.lastSeen)}`;
        return escaped(`${idText(id)}: ${formatCounted(id.rows, 'row')}, ${when}${id.quarantined ? ', in quarantine' : ''}`);
      }),
      ...more(who.ids, who.idsCount),
    ]),
    ...chapter('One customer by these links, in the order they were made', [
      ...who.links.map(one => rule(link(one), one.rule)),
      ...more(who.links, who.linksCount),
    ]),
    ...chapter('Links that were refused', [
      ...who.refused.map(one => rule(`${link(one)}: ${escaped(refusalWords(one))}`, one.rule)),
      ...more(who.refused, who.refusedCount),
    ]),
  ];
}
