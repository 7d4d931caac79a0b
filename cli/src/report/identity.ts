/** Who is one customer, for people: counts, what each rule does, how large customers are, what looks wrong. */
import { type At, formatCount, formatCounted, formatMoment, type IdentityReport, isTold, type Plan } from '@journey/engine';
import { customers, hangs, idText, ofCustomers, ruleWords, suspectText } from '@journey/language-server';
import type { Style } from '../terminal.ts';
import { columns, lines } from './layout.ts';
import { bar } from './pictures.ts';

const BAR = 24;

/** @param place a rule's file and line as people find it */
export function identityReport(file: string, report: IdentityReport, plan: Plan, place: (at: At) => string, style: Style): string {
  const { colors } = style;
  const { asOf, rows, nobody, quarantined } = report;
  const ids = report.kinds.reduce((sum, kind) => sum + kind.ids, 0);
  const when = asOf === null ? 'no events' : `as of ${formatMoment(asOf)} UTC`;
  const headline = `${customers(report.customers, report.suppressedBelow)} of ${formatCounted(ids, 'id')} on ${formatCounted(rows, 'event')}`;
  const left: [number, string][] = [
    [nobody.withoutId, 'without an id'],
    [nobody.ignored, 'with none but ignored ids'],
    [nobody.conflicting, 'with two values of a unique kind'],
    [quarantined.rows, 'with none but ids in quarantine'],
  ];
  const nobodys = left.filter(([count]) => count > 0).map(([count, why]) => `${formatCount(count)} ${why}`);
  const identity = plan.identities.find(({ name }) => name === report.identity)!;
  return [
    lines([`${colors.bold(`Identity ${report.identity}`)}  ${colors.dim(`${file} · ${when}`)}`, headline]),
    nobodys.length > 0 ? lines([`Events in no journey: ${nobodys.join(', ')}`]) : '',
    lines([`${formatCounted(report.links, 'link')}, ${formatCount(report.refused)} refused${ambiguous(report)}`]),
    block('Ids', kinds(report, style), style),
    block('Rules', rules(report, place, style), style),
    block('Ids a customer', sizes(report, style), style),
    block('Largest customer', biggest(report), style),
    block('Links possible only since an erasure', freed(report, style), style),
    block('Under the other conflict policy', other(report), style),
    block(
      'What looks wrong',
      lines(report.suspects.flatMap(suspect => wrapped(`- ${suspectText(suspect, identity)}`, style.width))),
      style,
    ),
  ].join('');
}

const block = (title: string, text: string, { colors }: Style): string => (text === '' ? '' : `\n${lines([colors.bold(title)])}${text}`);

function ambiguous(report: IdentityReport): string {
  const { ambiguous } = report;
  if (ambiguous === 0) return '';
  return `; ${ofCustomers(ambiguous, report)} could as well be others, since only the texts of ids or an equal instant decided`;
}

function kinds({ kinds }: IdentityReport, style: Style): string {
  const { dim } = style.colors;
  const rows = kinds.map(({ kind, ids, rows, ignored, quarantined, linked, sources, pii }) => [
    kind,
    formatCounted(ids, 'value'),
    formatCounted(rows, 'row'),
    [
      `${formatCount(linked)} beside another id`,
      ignored > 0 && `${formatCount(ignored)} ignored`,
      quarantined > 0 && `${formatCount(quarantined)} in quarantine`,
      pii && 'personal data',
    ]
      .filter(Boolean)
      .join(' · '),
    dim(sources.length > 0 ? `in ${sources.join(', ')}` : 'in no source'),
  ]);
  return columns([{ align: 'left', width: 8 }, { align: 'right' }, { align: 'right' }, { align: 'left' }, { align: 'left' }], rows, style);
}

function rules(report: IdentityReport, place: (at: At) => string, style: Style): string {
  const rows = report.rules.map(rule => [rule.text, ruleWords(rule, report).join(' · '), style.colors.cyan(place(rule.at))]);
  return columns([{ align: 'left', width: 24 }, { align: 'left' }, { align: 'left' }], rows, style);
}

function sizes({ sizes, suppressedBelow }: IdentityReport, style: Style): string {
  const most = Math.max(1, ...sizes.map(({ customers }) => (isTold(customers) ? customers : 0)));
  const rows = sizes.map(({ from, to, customers }) => [
    from === to ? formatCount(from) : `${formatCount(from)} to ${formatCount(to)}`,
    formatCount(customers, suppressedBelow),
    style.pictures && isTold(customers) ? bar(customers / most, BAR) : '',
  ]);
  return columns([{ align: 'right', width: 8 }, { align: 'right' }, { align: 'left' }], rows, style);
}

function biggest({ biggest }: IdentityReport): string {
  if (!biggest) return '';
  const { customer, ids, rows, hub, bridge } = biggest;
  const found = [
    `  ${customer}: ${formatCounted(ids, 'id')} on ${formatCounted(rows, 'event')}`,
    `  ${hangs({ ...biggest, bridge: null })}`,
  ];
  if (!hub) found.pop();
  if (bridge) found.push(`  ${hangs({ ...biggest, hub: null })}`);
  return lines(found);
}

function freed({ freed }: IdentityReport, { colors }: Style): string {
  if (!freed || freed.count === 0) return '';
  const more = freed.count - freed.links.length;
  const rest = more > 0 ? [colors.dim(`  … and ${formatCount(more)} more`)] : [];
  return lines([...freed.links.map(({ a, b }) => `  ${idText(a)} and ${idText(b)}`), ...rest]);
}

function other(report: IdentityReport): string {
  const { otherPolicy, refused, suppressedBelow } = report;
  const { keep, customers: then, changed } = otherPolicy;
  if (refused === 0 && changed === 0) return '';
  return lines([`  keep ${keep}: ${customers(then, suppressedBelow)}; ${ofCustomers(changed, report)} of now would have other events`]);
}

/** At blanks, within the width; the rest of a point is indented. */
function wrapped(text: string, width: number): string[] {
  const out: string[] = [];
  let line = ' ';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > width && line.trim() !== '') {
      out.push(line);
      line = '   ';
    }
    line += ` ${word}`;
  }
  return [...out, line];
}
