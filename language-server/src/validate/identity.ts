/** Rules of an identity that exclude each other, stand twice, or change nothing. */
import { type Expr, ID_VALUE, type IdentityPlan, type IgnorePlan, regexTest } from '@journey/engine';
import type { Identity, IdentityRule, IdKind, KindOption, Link } from '@journey/grammar';
import type { AstNode } from 'langium';
import { bindIdentity } from '../bind/identity.ts';
import { NOWHERE, type Problem, Sink, textOf } from '../bind/sink.ts';
import { list } from '../text/words.ts';
import type { Check } from './check.ts';
import { implies } from './sense/conditions.ts';

type Report = (problem: Problem) => void;
/** Whether nothing is wrong with a rule itself: what it says can then be judged whatever its neighbours lack. */
type IsSound = (rule: IdentityRule) => boolean;

/** Unknown columns, durations, counts, patterns: all that binding notices, and then what makes no sense. */
export const badIdentity: Check<Identity> = (identity, report) => {
  const sink = new Sink();
  const plan = bindIdentity(identity, sink);
  sink.problems.forEach(report);
  for (const kind of identity.kinds) options(kind, report);
  const isSound = soundness(identity, sink);
  repeatedRules(identity, isSound, report);
  linkless(identity, isSound, report);
  uniqueBelowShared(identity, isSound, report);
  pointlessRules(identity, plan, isSound, report);
};

function soundness(identity: Identity, whole: Sink): IsSound {
  if (whole.errors === 0) return () => true;
  const errors = (rules: IdentityRule[]): number => {
    const sink = new Sink();
    bindIdentity({ ...identity, rules }, sink);
    return sink.errors;
  };
  const ofKinds = errors([]);
  const sound = new Set(identity.rules.filter(rule => errors([rule]) === ofKinds));
  return rule => sound.has(rule);
}

const wordOf = (option: KindOption): string => (option.$type === 'Pii' ? 'pii' : option.word);
const twice = (word: string, node: AstNode, other: AstNode): Problem => ({
  code: 'duplicate-rule',
  message: `\`${word}\` stands here twice: only one of them can hold`,
  node,
  related: [{ message: 'The first one', node: other }],
});

function options(kind: IdKind, report: Report): void {
  const seen = new Map<string, KindOption>();
  for (const option of kind.options) {
    const word = wordOf(option);
    const other = seen.get(word);
    if (!word) continue;
    if (other) report({ ...twice(word, option, other), fix: { title: `Remove \`${textOf(option)}\``, text: '' } });
    else seen.set(word, option);
  }
  const [unique, max] = [seen.get('unique'), seen.get('max')];
  if (!unique || max?.$type !== 'KindLimit' || max.count === undefined) return;
  report({
    code: 'identity-conflict',
    message: `\`unique\` is one ${kind.name} a customer, so \`${textOf(max)}\` can't hold: keep one of the two`,
    node: max,
    related: [{ message: '`unique`', node: unique }],
  });
}

/**
 * What a rule decides: two rules that decide the same can't both hold, or one of them says nothing new.
 * @param sound whether the rule is finished; half a line is like another half
 */
function decides(rule: IdentityRule, sound: boolean): string | undefined {
  switch (rule.$type) {
    case 'OnConflict':
      return rule.keep && 'on conflict';
    case 'Retroactive':
      return 'retroactive';
    case 'SplitByTime':
      return 'anonymous split by time';
    case 'Shared':
      return rule.of && `shared ${rule.kind?.$refText} … ${rule.of.$refText}`;
    case 'Ignore':
    case 'Link':
      return sound ? textOf(rule) : undefined;
    case 'NeverLink':
      return sound ? `never link ${[rule.a, rule.b].map(textOf).sort().join(' with ')}` : undefined;
  }
}

function repeatedRules(identity: Identity, isSound: IsSound, report: Report): void {
  const seen = new Map<string, IdentityRule>();
  for (const rule of identity.rules) {
    const key = decides(rule, isSound(rule));
    const other = key === undefined ? undefined : seen.get(key);
    if (key === undefined) continue;
    if (!other) seen.set(key, rule);
    else if (rule.$type === 'Retroactive' && other.$type === 'Retroactive' && rule.word !== other.word) {
      const message = '`forward` and `retroactive` exclude each other: a link either covers rows before it, or it does not';
      report({ code: 'identity-conflict', message, node: rule, related: [{ message: `\`${other.word}\``, node: other }] });
    } else report(twice(rule.$type === 'Retroactive' ? rule.word : key, rule, other));
  }
}

/** With any `link` rule only the pairs it names may link. */
function linkless(identity: Identity, isSound: IsSound, report: Report): void {
  const links = identity.rules.filter((rule): rule is Link => rule.$type === 'Link');
  // One that isn't finished may be about to name the kind.
  if (links.length === 0 || !links.every(isSound)) return;
  const linked = new Set(links.flatMap(link => [link.kind?.$refText, ...link.partners.map(kind => kind.$refText)]));
  for (const kind of identity.kinds) {
    if (linked.has(kind.name)) continue;
    const message = `With \`link\` rules only what they name may link, and none names \`${kind.name}\`: add it to one, or its ids stay customers of their own`;
    report({
      code: 'kind-without-link',
      message,
      node: kind,
      property: 'name',
      related: [{ message: 'The first `link`', node: links[0] }],
    });
  }
}

/** Links of the stronger kind go first: by the time the unique one is asked, strangers are one customer already. */
function uniqueBelowShared(identity: Identity, isSound: IsSound, report: Report): void {
  const shared = identity.rules.flatMap(rule =>
    rule.$type === 'Shared' && rule.kind?.ref && isSound(rule) ? [{ rule, kind: rule.kind.ref }] : [],
  );
  identity.kinds.forEach((kind, i) => {
    const unique = kind.options.find(option => wordOf(option) === 'unique');
    const above = unique && shared.find(each => identity.kinds.indexOf(each.kind) < i && identity.kinds.includes(each.kind));
    if (!above) return;
    const message = `\`${kind.name}\` is unique, yet ranked below \`${above.kind.name}\`, which people share: list it above, or \`${above.kind.name}\` decides who is one customer`;
    const related = [{ message: `\`${above.kind.name}\` is shared`, node: above.rule }];
    report({ code: 'unique-below-shared', message, node: kind, property: 'name', related });
  });
}

/** @param plan with every rule, also those that are not sound */
function pointlessRules(identity: Identity, plan: IdentityPlan, isSound: IsSound, report: Report): void {
  const pointless = (node: AstNode, message: string) => report({ code: 'pointless-rule', message, node });
  const isUnique = (name: string) => plan.kinds.some(kind => kind.name === name && kind.unique);
  const mayLink = (a: string, b: string) =>
    plan.links.length === 0 ||
    !identity.rules.every(rule => rule.$type !== 'Link' || isSound(rule)) ||
    plan.links.some(link => (link.kind === a && link.with.includes(b)) || (link.kind === b && link.with.includes(a)));
  const ofType = (type: IdentityRule['$type']) => identity.rules.filter(rule => rule.$type === type);
  const [ignores, neverLinks] = [ofType('Ignore'), ofType('NeverLink')];
  const soundIgnores = plan.ignores.filter((_, i) => isSound(ignores[i]));
  for (const rule of identity.rules) {
    if (!isSound(rule)) continue;
    switch (rule.$type) {
      case 'Ignore':
        ignoresAll(plan.ignores[ignores.indexOf(rule)], rule, report);
        break;
      case 'Link':
        if (rule.partners.some(kind => kind.$refText === rule.kind.$refText) && isUnique(rule.kind.$refText)) {
          const kind = rule.kind.$refText;
          pointless(rule, `\`${kind}\` is unique: two of them are never one customer, so they can't link`);
        }
        break;
      case 'NeverLink': {
        const { a, b } = plan.neverLinks[neverLinks.indexOf(rule)];
        if (a.kind === b.kind && a.value === b.value) {
          const message = `An id is one customer with itself: name another ${b.kind} that must stay apart`;
          report({ code: 'identity-conflict', message, node: rule, property: 'b' });
          break;
        }
        const ignored = [a, b].find(id => soundIgnores.some(ignore => ignore.kinds.includes(id.kind) && isIgnored(ignore.where, id.value)));
        if (ignored) pointless(rule, `\`${ignored.kind} ${JSON.stringify(ignored.value)}\` is ignored, and links nobody anyway`);
        break;
      }
      case 'Shared': {
        const [kind, of] = [rule.kind.$refText, rule.of.$refText];
        if (!mayLink(kind, of)) pointless(rule, `No \`link\` rule lets \`${kind}\` link with \`${of}\`, so it never has one`);
        else if (kind === of && isUnique(kind)) {
          pointless(rule, `\`${kind}\` is unique: a row with two of them belongs to nobody, so one never has another`);
        }
        break;
      }
      case 'SplitByTime':
        if (identity.kinds.length === 1) {
          pointless(rule, `\`${identity.kinds[0].name}\` is the only kind of id: no row has a weaker one that a stronger could take over`);
        }
        break;
    }
  }
}

/** Values that no rule would tell from an id. */
const ORDINARY = [
  '0',
  'a',
  'Z',
  'u17',
  'Ann',
  'ann@shop.example',
  '550e8400-e29b-41d4-a716-446655440000',
  '-1.5',
  'é',
  '漢字',
  'x'.repeat(300),
];

function ignoresAll({ where, kinds, text }: IgnorePlan, node: AstNode, report: Report): void {
  const value: Expr = { kind: 'column', column: { path: [ID_VALUE], at: NOWHERE }, at: NOWHERE };
  const all =
    where.kind === 'matches' || where.kind === 'like'
      ? ORDINARY.every(each => isIgnored(where, each))
      : implies({ kind: 'isNull', negated: true, operand: value, at: NOWHERE }, where);
  if (!all) return;
  const message = `\`${text}\` ignores every value: no ${list(kinds, 'or')} is left to tell who is who`;
  report({ code: 'ignores-everything', message, node });
}

/** Whether a value is surely ignored; false where that can't be told without the data. */
function isIgnored(where: Expr, value: string): boolean {
  if (where.kind === 'matches' && !where.negated) return regexTest(where.regex, where.flags)?.(value) ?? false;
  if (where.kind === 'like' && !where.negated) {
    const regex = [...where.pattern].map(each => (each === '%' ? '.*' : each === '_' ? '.' : each.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')));
    return regexTest(`^${regex.join('')}$`, where.ignoreCase ? 'is' : 's')?.(value) ?? false;
  }
  const left: Expr = { kind: 'column', column: { path: [ID_VALUE], at: NOWHERE }, at: NOWHERE };
  return implies({ kind: 'compare', op: '=', left, right: { kind: 'literal', value, at: NOWHERE }, at: NOWHERE }, where);
}
