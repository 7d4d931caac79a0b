/** Why one person: the links that join its ids, the links that were refused, and the way between two of them. */
import { nearest } from '../../nearest.ts';
import { piiOf, withheld } from '../../privacy/pii.ts';
import type { Refusal } from '../cluster.ts';
import type { IdentityOptions, LinkReport, RefusedReport, WhoReport } from '../types.ts';
import { toldText } from './effects.ts';
import { pathBetween } from './graph.ts';
import type { RowNames, View } from './view.ts';

const MOST_IDS = 500;
const MOST_LINKS = 500;
const MOST_REFUSED = 50;
/** So many values are looked through for one that was perhaps meant. */
const MOST_COMPARED = 300_000;

export function whoReport(view: View, names: RowNames, { who, and }: Pick<IdentityOptions, 'who' | 'and'>): WhoReport {
  const found = findId(view, who!);
  const nobody = { customer: null, ids: [], idsCount: 0, links: [], linksCount: 0, refused: [], refusedCount: 0, ambiguous: false };
  if ('note' in found) return { who: found.asked, note: found.note, ...nobody };
  const { resolution } = view;
  const { clusterOf, merges, graph, refused, quarantined } = resolution;
  const { pairs } = graph;
  const { node } = found;
  const cluster = clusterOf[node];
  const ids: number[] = [];
  for (let other = 0; other < graph.nodes.count; other++) if (clusterOf[other] === cluster) ids.push(other);
  const joined = quarantined[node] ? [] : Array.from(merges).filter(pair => clusterOf[pairs.a[pair]] === cluster);
  const turnedAway = refused.filter(({ pair }) => clusterOf[pairs.a[pair]] === cluster || clusterOf[pairs.b[pair]] === cluster);
  return {
    who: found.asked,
    customer: customerOf(view, node),
    ...(quarantined[node]
      ? { note: 'It is in quarantine, since too many share it: it links nobody, and rows that carry no other id enter no journey.' }
      : {}),
    ids: ids.slice(0, MOST_IDS).map(other => idReport(view, other)),
    idsCount: ids.length,
    links: joined.slice(0, MOST_LINKS).map(pair => linkReport(view, names, pair)),
    linksCount: joined.length,
    refused: turnedAway.slice(0, MOST_REFUSED).map(refusal => refusedReport(view, names, refusal, cluster)),
    refusedCount: turnedAway.length,
    ambiguous: resolution.ambiguous.has(cluster),
    ...(and === undefined ? {} : { path: pathTo(view, names, node, and) }),
  };
}

/** Where links end, or a split by time tells several customers apart: the one that a row with the id alone would have at as-of. */
function customerOf(view: View, node: number): string {
  const { resolution } = view;
  const participant = resolution.quarantined[node] ? -1 : resolution.participantOf(node);
  return view.name(participant < 0 ? resolution.clusterOf[node] : participant);
}

function idReport(view: View, node: number): WhoReport['ids'][number] {
  const { graph, seen, quarantined } = view.resolution;
  return {
    ...view.id(node),
    rows: seen.nodes.rows[node],
    firstSeen: graph.time[seen.nodes.first[node]],
    lastSeen: graph.time[seen.nodes.last[node]],
    quarantined: quarantined[node] === 1,
  };
}

function linkReport(view: View, names: RowNames, pair: number): LinkReport {
  const { graph, seen, identity } = view.resolution;
  const { pairs, kindOf } = graph;
  const first = seen.pairs.first[pair];
  const [stronger, weaker] = [kindOf[pairs.a[pair]], kindOf[pairs.b[pair]]].map(kind => identity.kinds[kind]);
  const named = identity.links.find(
    ({ kind, with: others }) =>
      (kind === stronger.name && others.includes(weaker.name)) || (kind === weaker.name && others.includes(stronger.name)),
  );
  return {
    a: view.id(pairs.a[pair]),
    b: view.id(pairs.b[pair]),
    rows: seen.pairs.rows[pair],
    firstSeen: graph.time[first],
    lastSeen: graph.time[seen.pairs.last[pair]],
    source: names.source(first),
    event: names.event(first),
    ...names.place(first),
    rule: named?.at ?? weaker.at,
  };
}

function refusedReport(view: View, names: RowNames, { pair, limit, undecided }: Refusal, cluster: number): RefusedReport {
  const { graph, identity, clusterOf, rules } = view.resolution;
  const { pairs } = graph;
  const [a, b] = [clusterOf[pairs.a[pair]], clusterOf[pairs.b[pair]]];
  const other = view.name(a === cluster ? b : a);
  const report = linkReport(view, names, pair);
  const told = { other, ambiguous: undecided };
  if (limit >= 0) {
    const { name, unique, max, at } = identity.kinds[limit];
    const one = unique && (max?.count ?? 1) >= 1;
    const because = one ? `${name} unique` : `${name} max ${max!.count}`;
    const rule = (one ? unique.at : max?.at) ?? at;
    return { ...report, ...told, rule, because, limit: { kind: name, most: rules.most[limit] } };
  }
  const find = ({ kind, value }: { kind: string; value: string }) => clusterAt(view, kind, value);
  const never = identity.neverLinks.find(rule => {
    const [x, y] = [find(rule.a), find(rule.b)];
    return (x === a && y === b) || (x === b && y === a);
  });
  return {
    ...report,
    ...told,
    rule: never?.at ?? report.rule,
    because: never ? toldText(never.text, 'never', identity, view.plan) : 'never link',
    limit: null,
  };
}

function clusterAt({ resolution: { graph, rules, clusterOf } }: View, kind: string, value: string): number {
  const node = graph.nodes.find(rules.kinds.indexOf(kind), value);
  return node < 0 ? -1 : clusterOf[node];
}

function pathTo(view: View, names: RowNames, from: number, and: string): NonNullable<WhoReport['path']> {
  const found = findId(view, and);
  if ('note' in found) return { to: found.asked, links: null, note: found.note };
  const { adjacency, resolution } = view;
  const path = pathBetween(resolution.graph.nodes.count, adjacency, from, found.node);
  if (path) return { to: found.asked, links: path.map(pair => linkReport(view, names, pair)) };
  const kept = resolution.quarantined[from] || resolution.quarantined[found.node];
  const note = kept
    ? 'One of them is in quarantine: it links nobody.'
    : `No links join them: they are ${view.name(resolution.clusterOf[from])} and ${view.name(resolution.clusterOf[found.node])}.`;
  return { to: found.asked, links: null, note };
}

type Found = { asked: string } & ({ node: number } | { note: string });

/** @param text an id, `kind:id`, or what reports call somebody: `user u17`, `email no. 3` */
function findId(view: View, text: string): Found {
  const { resolution, plan } = view;
  const { graph, rules, identity, clusterOf, ignored } = resolution;
  const pii = piiOf(plan);
  const called = resolution.participants.findIndex(node => view.isPersonal(node) && view.name(node) === text.trim());
  if (called >= 0) return { asked: text.trim(), node: resolution.participants[called] };
  const [, kind, rest] = /^\s*(\w+)\s*[:\s]\s*(.+?)\s*$/.exec(text) ?? [];
  const named = rules.kinds.indexOf(kind);
  const typed = named >= 0 && graph.nodes.find(named, rest) >= 0;
  const value = typed ? rest : text.trim();
  const kinds = typed ? [named] : [...rules.kinds.keys()];
  const isThere = (node: number) => node >= 0 && !resolution.erased?.[node] && (!view.hides || clusterOf[node] >= 0 || ignored[node] === 1);
  const nodes = kinds.map(one => graph.nodes.find(one, value)).filter(isThere);
  const category = nodes.some(node => view.isPersonal(node)) ? pii.ofTyped(identity, undefined) : undefined;
  const personal = nodes.length === 0 ? pii.ofTyped(identity, named >= 0 ? kind : undefined) : category;
  const asked = personal === undefined ? text.trim() : withheld(personal);
  const live = nodes.filter(node => clusterOf[node] >= 0);
  const clusters = new Set(live.map(node => clusterOf[node]));
  if (clusters.size === 1) return { asked, node: live[0] };
  const told = personal === undefined ? value : '…';
  if (clusters.size > 1) {
    const kindsOf = live.map(node => rules.kinds[graph.kindOf[node]]);
    const note = `It is the id of ${clusters.size} customers: of one as ${kindsOf.join(', of another as ')}. Choose ${kindsOf.map(one => `${one}:${told}`).join(' or ')}.`;
    return { asked, note };
  }
  if (nodes.some(node => ignored[node]))
    return { asked, note: `${personal === undefined ? value : 'This id'} is ignored: a rule says that it is nobody's id.` };
  if (nodes.length > 0) {
    const why = 'is in the data, but on no event that counts up to then';
    return {
      asked,
      note: `${personal === undefined ? value : 'This id'} ${why}: choose a later instant, or see what \`journey check\` says about its rows.`,
    };
  }
  return { asked, note: nobody(view, named >= 0 ? rest : value, personal !== undefined) };
}

function nobody(view: View, value: string, personal: boolean): string {
  const { graph, rules, clusterOf } = view.resolution;
  const pii = piiOf(view.plan);
  // Of people who are gone none is suggested.
  const isThere = (kind: number) => (text: string) => !view.hides || clusterOf[graph.nodes.find(kind, text)] >= 0;
  const open = [...rules.kinds.keys()].filter(kind => pii.ofKind(rules.kinds[kind]) === undefined);
  let compared = 0;
  const near: string[] = [];
  for (const kind of open) {
    compared += graph.nodes.dictionaries[kind].count;
    if (compared > MOST_COMPARED) break;
    const one = nearest(value, graph.nodes.dictionaries[kind].texts().filter(isThere(kind)));
    if (one) near.push(`${rules.kinds[kind]}:${one}`);
  }
  const told = personal ? 'this id' : `the id ${value}`;
  if (near.length > 0) return `Nobody has ${told}. Did you mean ${near.join(' or ')}?`;
  return `Nobody has ${told}. Ids here are of the kinds ${rules.kinds.join(', ')}.`;
}
