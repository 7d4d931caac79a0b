/** What each rule does: customers without it, all other rules as they are, and the links that it made room for. */
import { writtenDuration } from '../../format.ts';
import type { At, IdentityPlan, Plan } from '../../plan.ts';
import { piiOf } from '../../privacy/pii.ts';
import type { Pacer } from '../../read/pause.ts';
import { FATE } from '../fate.ts';
import type { Resolution } from '../resolve.ts';
import type { RuleReport } from '../types.ts';
import type { View } from './view.ts';

/** The same rows under other rules. */
export type Again = (identity: IdentityPlan) => Resolution;

/** So many links that a rule made room for are told. */
const FREED = 20;

interface Rule {
  at: At;
  text: string;
  kind: RuleReport['kind'];
  /** The identity without it. */
  without: IdentityPlan;
  refused?: number;
  links?: number;
  values?: number;
  rows?: number;
  /** It kept nothing apart and put nothing together: without it all is as it is. */
  idle: boolean;
}

export type Effect = RuleReport & { without: number; with: number; changed: number };

/** In order of declaration. */
export async function effectsOf(view: View, again: Again, pacer: Pacer): Promise<Effect[]> {
  const { resolution } = view;
  const now = resolution.participants.length;
  const effects: Effect[] = [];
  for (const { at, text, kind, without, refused = 0, links = 0, values = 0, rows = 0, idle } of rulesOf(resolution)) {
    await pacer.pause();
    const other = idle ? null : again(without);
    const frees = kind === 'ignore' || kind === 'never' || kind === 'shared';
    const freed = other && frees ? freedBy(resolution, other) : [];
    effects.push({
      at,
      text: toldText(text, kind, resolution.identity, view.plan),
      kind,
      without: other ? other.participants.length : now,
      with: now,
      changed: other ? changedBetween(resolution, other) : 0,
      refused,
      links,
      values,
      rows,
      freed: freed
        .slice(0, FREED)
        .map(pair => ({ a: view.id(resolution.graph.pairs.a[pair]), b: view.id(resolution.graph.pairs.b[pair]) })),
      freedCount: freed.length,
    });
  }
  return effects;
}

/** As written, but for values of kinds that are personal data: `ignore email like …`. */
export function toldText(text: string, kind: RuleReport['kind'], { kinds }: IdentityPlan, plan: Plan): string {
  if (kind !== 'ignore' && kind !== 'never') return text;
  const pii = piiOf(plan);
  const personal = kinds.filter(({ name }) => pii.ofKind(name) !== undefined).map(({ name }) => name);
  const words = text.split(/\s+/);
  if (kind === 'never') return words.some(word => personal.includes(word)) ? 'never link … with …' : text;
  return personal.length > 0 && (words[1] === 'any' || personal.includes(words[1])) ? `${words.slice(0, 3).join(' ')} …` : text;
}

/** Links that there are, and that would be refused without a rule. */
function freedBy({ fate, graph }: Resolution, without: Resolution): number[] {
  const freed: number[] = [];
  for (let pair = 0; pair < graph.pairs.count; pair++)
    if (without.fate[pair] === FATE.refused && (fate[pair] === FATE.merged || fate[pair] === FATE.together)) freed.push(pair);
  return freed;
}

function rulesOf(resolution: Resolution): Rule[] {
  const { identity } = resolution;
  const rules: Rule[] = [
    ...identity.kinds.flatMap((_, kind) => kindRules(resolution, kind)),
    ...identity.ignores.map((rule, i): Rule => {
      const { values, rows } = resolution.ignoredBy[i];
      return {
        at: rule.at,
        text: rule.text,
        kind: 'ignore',
        without: { ...identity, ignores: identity.ignores.filter(other => other !== rule) },
        values,
        rows,
        idle: values === 0,
      };
    }),
    ...linkRules(resolution),
    ...identity.neverLinks.map((rule): Rule => {
      const refused = refusedByNever(resolution, rule);
      return {
        at: rule.at,
        text: rule.text,
        kind: 'never',
        without: { ...identity, neverLinks: identity.neverLinks.filter(other => other !== rule) },
        refused,
        // Under a split by time it also keeps rows from going from one to the other.
        idle: refused === 0 && !identity.splitByTime,
      };
    }),
    ...identity.shared.map((rule, i): Rule => {
      const { ids } = resolution.sharedBy[i];
      return {
        at: rule.at,
        text: rule.text,
        kind: 'shared',
        without: { ...identity, shared: identity.shared.filter(other => other !== rule) },
        values: ids,
        rows: rowsInQuarantine(resolution, rule.kind),
        idle: ids === 0,
      };
    }),
    ...timeRules(resolution),
  ];
  const { at } = identity;
  const place = (rule: Rule) => (rule.at.uri === at.uri ? 0 : 1);
  return rules.sort((a, b) => place(a) - place(b) || a.at.start.line - b.at.start.line || a.at.start.character - b.at.start.character);
}

function kindRules({ identity, rules, refused, conflicting, graph, ignored }: Resolution, kind: number): Rule[] {
  const plan = identity.kinds[kind];
  const changed = (kinds: IdentityPlan['kinds'][number]): IdentityPlan => ({ ...identity, kinds: identity.kinds.with(kind, kinds) });
  const found: Rule[] = [];
  const over = refused.filter(({ limit }) => limit === kind).length;
  if (plan.unique) {
    const doubles = rowsWithTwo({ graph, ignored }, conflicting, kind);
    const without = changed({ ...plan, unique: undefined });
    const text = `${plan.name} unique`;
    found.push({ at: plan.unique.at, text, kind: 'unique', without, refused: over, rows: doubles, idle: over === 0 && doubles === 0 });
  }
  if (plan.max) {
    // Of two limits the tighter one refuses.
    const own = plan.unique && plan.max.count >= 1 ? 0 : over;
    const without = changed({ ...plan, max: undefined });
    found.push({ at: plan.max.at, text: `${plan.name} max ${plan.max.count}`, kind: 'max', without, refused: own, idle: own === 0 });
  }
  if (plan.valid && Number.isFinite(rules.valid[kind * rules.kinds.length + kind])) {
    const text = `${plan.name} valid ${writtenDuration(plan.valid.within)}`;
    found.push({ at: plan.valid.at, text, kind: 'valid', without: changed({ ...plan, valid: undefined }), idle: false });
  }
  return found;
}

function rowsWithTwo({ graph, ignored }: Pick<Resolution, 'graph' | 'ignored'>, conflicting: Int32Array, kind: number): number {
  return conflicting.reduce((rows, p) => {
    let own = 0;
    for (let i = graph.idsFrom[p]; i < graph.idsFrom[p + 1]; i++) if (graph.kindOf[graph.ids[i]] === kind && !ignored[graph.ids[i]]) own++;
    return own > 1 ? rows + 1 : rows;
  }, 0);
}

function linkRules({ identity, fate, graph }: Resolution): Rule[] {
  if (identity.links.length === 0) return [];
  const { pairs, kindOf } = graph;
  const size = identity.kinds.length;
  const between = new Int32Array(size * size);
  let leftOut = 0;
  for (let pair = 0; pair < pairs.count; pair++) {
    if (fate[pair] === FATE.leftOut) leftOut++;
    else if (fate[pair] === FATE.merged || fate[pair] === FATE.together) between[kindOf[pairs.a[pair]] * size + kindOf[pairs.b[pair]]]++;
  }
  const index = (name: string) => identity.kinds.findIndex(kind => kind.name === name);
  return identity.links.map((rule, i): Rule => {
    const named = new Set(
      rule.with.map(other => Math.min(index(rule.kind), index(other)) * size + Math.max(index(rule.kind), index(other))),
    );
    return {
      at: rule.at,
      text: rule.text,
      kind: 'link',
      without: { ...identity, links: identity.links.filter(other => other !== rule) },
      // They are left out by all `link` lines together.
      refused: i === 0 ? leftOut : 0,
      links: [...named].reduce((sum, place) => sum + between[place], 0),
      idle: false,
    };
  });
}

/** Links that would have put the two into one customer, whichever way round. */
function refusedByNever({ refused, graph, identity, clusterOf }: Resolution, { a, b }: IdentityPlan['neverLinks'][number]): number {
  const node = (id: typeof a) =>
    graph.nodes.find(
      identity.kinds.findIndex(({ name }) => name === id.kind),
      id.value,
    );
  const [x, y] = [node(a), node(b)];
  if (x < 0 || y < 0) return 0;
  const { pairs } = graph;
  const ends = (pair: number, first: number, second: number) =>
    clusterOf[pairs.a[pair]] === clusterOf[first] && clusterOf[pairs.b[pair]] === clusterOf[second];
  return refused.filter(({ pair, limit }) => limit < 0 && (ends(pair, x, y) || ends(pair, y, x))).length;
}

/** Rows of nobody because all their ids are in quarantine, and the strongest of those is of this kind. */
function rowsInQuarantine({ belongs, quarantined, graph, rules }: Resolution, kind: string): number {
  const own = rules.kinds.indexOf(kind);
  return belongs.reduce((rows, node) => (node >= 0 && quarantined[node] && graph.kindOf[node] === own ? rows + 1 : rows), 0);
}

function timeRules({ identity }: Resolution): Rule[] {
  const found: Rule[] = [];
  const { onConflict, retroactive, splitByTime } = identity;
  if (onConflict.at) {
    const without: IdentityPlan = { ...identity, onConflict: { keep: 'latest' } };
    found.push({
      at: onConflict.at,
      text: `on conflict keep ${onConflict.keep}`,
      kind: 'conflict',
      without,
      idle: onConflict.keep === 'latest',
    });
  }
  if (retroactive.at) {
    const { within } = retroactive;
    const text = within === undefined ? 'retroactive' : within === 0 ? 'forward' : `retroactive ${writtenDuration(within)}`;
    found.push({ at: retroactive.at, text, kind: 'retroactive', without: { ...identity, retroactive: {} }, idle: within === undefined });
  }
  if (splitByTime) {
    const without: IdentityPlan = { ...identity, splitByTime: undefined };
    found.push({ at: splitByTime.at, text: 'anonymous split by time', kind: 'anonymous', without, idle: false });
  }
  return found;
}

/** Under the other conflict policy: customers, and customers of now whose rows would not be the same set. */
export function otherPolicy(resolution: Resolution, again: Again): { keep: 'latest' | 'earliest'; customers: number; changed: number } {
  const { identity, refused, participants } = resolution;
  const keep = identity.onConflict.keep === 'latest' ? 'earliest' : 'latest';
  // Where nothing was refused the order of links decides nothing, but between two links of one instant.
  if (refused.length === 0 && !identity.splitByTime) return { keep, customers: participants.length, changed: 0 };
  const other = again({ ...identity, onConflict: { keep } });
  return { keep, customers: other.participants.length, changed: changedBetween(resolution, other) };
}

function changedBetween(now: Resolution, then: Resolution): number {
  const customers = now.participants.length;
  // By customer of now: the one then that has its rows, -1 for nobody; -2 before the first row, -3 where they are of several.
  const same = new Int32Array(customers).fill(-2);
  const rows = new Int32Array(customers);
  const rowsThen = new Int32Array(then.participants.length);
  for (let p = 0; p < now.of.length; p++) {
    const [was, is] = [now.of[p], then.of[p]];
    if (is >= 0) rowsThen[is]++;
    if (was < 0) continue;
    rows[was]++;
    same[was] = same[was] === -2 || same[was] === is ? is : -3;
  }
  let changed = 0;
  for (let i = 0; i < customers; i++) if (same[i] < 0 || rowsThen[same[i]] !== rows[i]) changed++;
  return changed;
}
