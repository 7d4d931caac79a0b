/** What an identity report says, in the words that findings, hints, hovers and the terminal share. */
import {
  type Count,
  formatCount,
  formatCounted,
  formatMoment,
  formatShare,
  formatUntold,
  type IdentityPlan,
  type IdentityReport,
  type IdText,
  isTold,
  type LinkReport,
  type RefusedReport,
  type RuleReport,
  type Suspect,
  withArticle,
} from '@journey/engine';
import { count, list } from './words.ts';

/**
 * `1,204 customers`
 * @param below numbers about fewer people are withheld
 */
export const customers = (number: Count, below: number | undefined): string => formatCounted(number, 'customer', undefined, below);

/** `user u17`; of a kind that is personal data only the kind. */
export const idText = ({ kind, value }: IdText): string => (value === null ? `${withArticle(kind)} (withheld)` : `${kind} ${short(value)}`);

const upper = (text: string): string => text[0].toUpperCase() + text.slice(1);

const LONGEST = 60;
const short = (value: string): string => (value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value);

/** `1,204 → 1,198 customers`: without the rule, and with it; where they are as many, whose events it moves; empty where nobody's. */
export function effect(
  { without, with: now, changed }: Pick<RuleReport, 'without' | 'with' | 'changed'>,
  below: number | undefined,
): string {
  // Where the difference is withheld, so is whether there is any.
  if (!isTold(without) || !isTold(now)) return `${formatUntold('few', below)} customers more or fewer`;
  if (without !== now) return `${formatCount(without)} → ${customers(now, below)}`;
  return changed === 0 ? '' : `other events for ${customers(changed, below)}`;
}

/** What a rule does, the most telling first: never empty. */
export function ruleWords(rule: RuleReport, report: Pick<IdentityReport, 'otherPolicy' | 'suppressedBelow'>): string[] {
  const below = report.suppressedBelow;
  const said: string[] = [];
  switch (rule.kind) {
    case 'ignore':
      said.push(rule.values === 0 ? 'no id is like that' : `${count(rule.values, 'value')} on ${count(rule.rows, 'row')}`);
      break;
    case 'shared': {
      const kind = /\bshared\s+(\S+)/.exec(rule.text)?.[1] ?? 'id';
      said.push(
        rule.values === 0
          ? `no ${kind} quarantined`
          : `${count(rule.values, kind)} quarantined${rule.rows > 0 ? `, ${count(rule.rows, 'row')}` : ''}`,
      );
      break;
    }
    case 'link':
      said.push(count(rule.links, 'link'));
      break;
    default:
  }
  const effected = effect(rule, below);
  if (effected) said.push(effected);
  if (rule.kind === 'conflict') {
    const { keep, changed } = report.otherPolicy;
    said.push(changed === 0 ? `keep ${keep} would change nothing` : `keep ${keep} would change ${customers(changed, below)}`);
  }
  if (rule.kind === 'unique' && rule.rows > 0) said.push(`${count(rule.rows, 'row')} with two`);
  if (rule.refused > 0) said.push(`${count(rule.refused, 'link')} ${rule.kind === 'link' ? 'left out' : 'refused'}`);
  if (rule.freedCount > 0) said.push(`${count(rule.freedCount, 'link')} made room for`);
  return said.length > 0 ? said : ['changes nothing'];
}

/**
 * A sentence or two on what is wrong, and what to do.
 * @param gone whether rows were erased or are too old: what they carried is not known
 */
export function suspectText(suspect: Suspect, identity: IdentityPlan, gone = false): string {
  switch (suspect.kind) {
    case 'placeholder': {
      const { id, rows, links, looks } = suspect;
      const what = id.value === null ? `${upper(withArticle(id.kind))} (withheld)` : `${id.kind} \`${short(id.value)}\``;
      const why = {
        word: 'looks like a word for "none"',
        zeros: 'is nothing but zeros',
        same: 'is one character over and over',
        constant: 'is on most rows',
      }[looks];
      const many = links > 0 ? ` and shares them with ${count(links, 'other id')}` : '';
      const advice = id.value === null ? `\`ignore ${id.kind} matching /…/\`` : `\`${ignoreLine(id.kind, id.value)}\``;
      return `${what} ${why}: it stands on ${count(rows, 'row')}${many}. If it is nobody's id, say so: ${advice}`;
    }
    case 'alike': {
      const pairs = suspect.pairs.filter((pair): pair is [string, string] => pair[0] !== null && pair[1] !== null);
      const example = pairs.length > 0 ? `, such as ${list(pairs.slice(0, 2).map(([a, b]) => `\`${short(a)}\` and \`${short(b)}\``))}` : '';
      return `${count(suspect.count, 'value')} of ${suspect.of} ${suspect.count === 1 ? 'differs' : 'differ'} from another only by case, blanks or punctuation, and ${suspect.count === 1 ? 'is another customer' : 'are other customers'}${example}. Write them alike where a source declares them: \`id ${suspect.of} = lower(trim(…))\``;
    }
    case 'session':
      return `${suspect.of} has ${count(suspect.ids, 'value')} on ${count(suspect.rows, 'row')}, about one each, mostly alone: that is the id of a visit or an event, not of a person, and makes a customer of every row`;
    case 'unlinked':
      return `No row${gone ? ' that is left' : ''} carries ${suspect.of} together with another id that counts, so ${count(suspect.ids, 'value')} of it link nobody: add the other ids to the sources that carry it`;
    case 'giant': {
      const { biggest, next } = suspect;
      const size = `${biggest.customer} has ${count(biggest.ids, 'id')}, the next largest customer ${formatCount(next)}`;
      return `${size}: they are probably many people. ${hangs(biggest)}`;
    }
    case 'conflicting':
      return `${count(suspect.rows, 'row')} ${suspect.rows === 1 ? 'carries' : 'carry'} two values of ${suspect.of}, which is unique: ${suspect.rows === 1 ? 'it belongs' : 'they belong'} to nobody. The first is in ${suspect.example.source} at ${formatMoment(suspect.example.at)}`;
    case 'hanging': {
      const { of, by, example } = suspect;
      const weaker = identity.kinds.find(({ name }) => name === by);
      const advice = weaker?.max ? '' : `: \`shared ${by} when more than 1 ${of}\` keeps apart who shares one`;
      return `${count(suspect.count, of)} ${suspect.count === 1 ? 'is' : 'are'} one customer with another ${of} only through ${withArticle(by)}, as ${idText(example.id)} is through ${idText(example.by)}. Somebody else may have used it${advice}`;
    }
  }
}

/** What holds the biggest customer together. */
export function hangs({ hub, bridge }: NonNullable<IdentityReport['biggest']>): string {
  if (hub)
    return `Without ${idText(hub)}, which has ${count(hub.links, 'link')}, its other ids would be ${count(hub.parts, 'customer')}, the largest of ${count(hub.largest, 'id')}`;
  if (bridge)
    return `Without the link of ${idText(bridge.a)} and ${idText(bridge.b)} it would be two, of ${list(bridge.parts.map(formatCount))} ids`;
  return 'No one id or link holds it together';
}

/** The rule that makes a value nobody's. */
export const ignoreLine = (kind: string, value: string): string => `ignore ${kind} = ${JSON.stringify(value)}`;

/** `user u17 and device d3, on 12 rows from 2026-03-01 10:00:00 to 2026-04-01 09:00:00` */
export function linkWords({ a, b, rows, firstSeen, lastSeen }: LinkReport): string {
  const when = firstSeen === lastSeen ? `at ${formatMoment(firstSeen)}` : `from ${formatMoment(firstSeen)} to ${formatMoment(lastSeen)}`;
  return `${idText(a)} and ${idText(b)}, on ${count(rows, 'row')} ${when}`;
}

/** Where the first of a link's rows stands: `web.csv, row 12` */
export const placeWords = ({ file, row }: LinkReport): string => `${file}, row ${formatCount(row)}`;

/** Why a link was refused: `max 3 of email: user u9 has them` */
export function refusalWords({ because, limit, other, ambiguous }: RefusedReport): string {
  const why = limit === null ? because : `${because}: together with ${other} it would be more than ${limit.most} ${limit.kind}`;
  return ambiguous ? `${why}; only the texts of the ids decided that it is this link` : why;
}

/** `8 of 1,198 customers (0.7%)`; the part alone where the whole is unknown. */
export function ofCustomers(
  part: Count,
  { customers: whole, suppressedBelow: below }: Pick<IdentityReport, 'customers' | 'suppressedBelow'>,
): string {
  if (!isTold(part) || !isTold(whole) || whole === 0) return customers(part, below);
  return `${formatCount(part)} of ${customers(whole, below)} (${formatShare(part / whole)})`;
}
