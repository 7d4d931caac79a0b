/** What looks wrong with ids. Of each sort the few that matter most; the language server words them. */
import { HASH_START } from '../../read/dictionary.ts';
import type { Pacer } from '../../read/pause.ts';
import { FATE } from '../fate.ts';
import type { Suspect } from '../types.ts';
import { biggestReport, largest } from './customers.ts';
import { hangingOf } from './graph.ts';
import { placeholderLooks, writtenHash, writtenHashOf, writtenKey } from './values.ts';
import type { RowNames, View } from './view.ts';

/** So many placeholders of a kind are told, those on most rows. */
const PLACEHOLDERS = 3;
/** So many ids of other kinds must a value be with before its rows alone make it suspect: a constant, a giant. */
const FEW = 5;
/** So few rows say nothing yet of a kind. */
const ROWS = 20;
const EXAMPLES = 3;
/** Values longer than this are no placeholder. */
const LONGEST = 60;

export async function suspectsOf(view: View, names: RowNames, pacer: Pacer): Promise<Suspect[]> {
  const found: Suspect[] = [];
  found.push(...giant(view));
  await pacer.pause();
  for (const kind of view.resolution.rules.kinds.keys()) {
    const facts = factsOf(view, kind);
    await pacer.pause();
    found.push(...placeholders(view, kind, facts), ...session(view, kind, facts), ...unlinked(view, kind, facts));
    await pacer.pause();
    found.push(...alike(view, kind));
    await pacer.pause();
  }
  found.push(...conflicting(view, names));
  await pacer.pause();
  found.push(...hanging(view));
  return found;
}

export interface KindFacts {
  /** Values that count, rows that carry one, and rows that carry no other id that counts. */
  ids: number;
  rows: number;
  alone: number;
  /** Ids that share a row with one they may link to. */
  linked: number;
}

const known = new WeakMap<View, KindFacts[]>();

export function factsOf(view: View, kind: number): KindFacts {
  let facts = known.get(view);
  if (!facts) {
    facts = [];
    known.set(view, facts);
  }
  facts[kind] ??= countFacts(view, kind);
  return facts[kind];
}

function countFacts({ resolution }: View, kind: number): KindFacts {
  const { graph, ignored, without, seen, fate } = resolution;
  const { nodes, ids, idsFrom, kindOf, pairs } = graph;
  const facts: KindFacts = { ids: 0, rows: 0, alone: 0, linked: 0 };
  const to = nodes.starts[kind + 1];
  for (let node = nodes.starts[kind]; node < to; node++) if (!ignored[node] && seen.nodes.rows[node] > 0) facts.ids++;
  for (let p = 0; p < graph.count; p++) {
    if (without?.[p]) continue;
    let own = 0;
    let all = 0;
    for (let i = idsFrom[p]; i < idsFrom[p + 1]; i++) {
      if (ignored[ids[i]]) continue;
      all++;
      if (kindOf[ids[i]] === kind) own++;
    }
    if (own > 0) facts.rows++;
    if (own === 1 && all === 1) facts.alone++;
  }
  const linked = new Uint8Array(nodes.count);
  for (let pair = 0; pair < pairs.count; pair++) {
    if (fate[pair] === FATE.none || fate[pair] === FATE.leftOut) continue;
    linked[pairs.a[pair]] = 1;
    linked[pairs.b[pair]] = 1;
  }
  for (let node = nodes.starts[kind]; node < to; node++) facts.linked += linked[node];
  return facts;
}

function placeholders(view: View, kind: number, facts: KindFacts): Suspect[] {
  const { graph, ignored, quarantined, seen, fate } = view.resolution;
  const { nodes, pairs } = graph;
  const found: { node: number; looks: Extract<Suspect, { kind: 'placeholder' }>['looks']; rows: number }[] = [];
  for (let node = nodes.starts[kind]; node < nodes.starts[kind + 1]; node++) {
    const rows = seen.nodes.rows[node];
    // On one row alone it makes one customer of nobody; in quarantine it links nobody any more.
    if (rows < 2 || ignored[node] || quarantined[node]) continue;
    const short = nodes.dictionaries[kind].bytes(nodes.codeOf(node, kind), (_, from, to) => to - from <= LONGEST);
    const looks =
      (short && placeholderLooks(nodes.text(node))) || (rows >= ROWS && facts.ids > 1 && 2 * rows > facts.rows ? 'constant' : null);
    if (looks) found.push({ node, looks, rows });
  }
  if (found.length === 0) return [];
  const links = new Map(found.map(({ node }) => [node, 0]));
  for (let pair = 0; pair < pairs.count; pair++) {
    if (fate[pair] === FATE.none) continue;
    for (const node of [pairs.a[pair], pairs.b[pair]]) if (links.has(node)) links.set(node, links.get(node)! + 1);
  }
  return found
    .filter(({ node, looks }) => looks !== 'constant' || links.get(node)! >= FEW)
    .sort((a, b) => b.rows - a.rows || a.node - b.node)
    .slice(0, PLACEHOLDERS)
    .map(({ node, looks, rows }) => ({ kind: 'placeholder', id: view.id(node), looks, rows, links: links.get(node)! }));
}

/** Alone on most of its rows: one that stands beside a better id harms nobody. */
function session({ resolution }: View, kind: number, { ids, rows, alone }: KindFacts): Suspect[] {
  if (ids < ROWS || rows > 1.2 * ids || 2 * alone < rows) return [];
  return [{ kind: 'session', of: resolution.rules.kinds[kind], ids, rows }];
}

function unlinked({ resolution: { rules } }: View, kind: number, { ids, linked }: KindFacts): Suspect[] {
  return rules.kinds.length > 1 && ids > 0 && linked === 0 ? [{ kind: 'unlinked', of: rules.kinds[kind], ids }] : [];
}

function alike(view: View, kind: number): Suspect[] {
  const { graph, ignored, seen, clusterOf, rules } = view.resolution;
  const { nodes } = graph;
  const dictionary = nodes.dictionaries[kind];
  const from = nodes.starts[kind];
  const to = nodes.starts[kind + 1];
  // By hash of what is written: only where two agree in that are their texts looked at.
  let size = 16;
  while (size < 2 * (to - from)) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  const hashes = new Int32Array(size);
  const pairs: [number, number][] = [];
  for (let node = from; node < to; node++) {
    if (ignored[node] || seen.nodes.rows[node] === 0) continue;
    const code = nodes.codeOf(node, kind);
    const hash = dictionary.bytes(code, writtenHash) ?? writtenHashOf(dictionary.text(code));
    if (hash === HASH_START) continue;
    let slot = hash & (size - 1);
    let other = -1;
    for (; slots[slot] >= 0; slot = (slot + 1) & (size - 1)) {
      if (hashes[slot] !== hash || writtenKey(nodes.text(slots[slot])) !== writtenKey(nodes.text(node))) continue;
      other = slots[slot];
      break;
    }
    if (other < 0) {
      slots[slot] = node;
      hashes[slot] = hash;
    } else if (clusterOf[other] !== clusterOf[node]) pairs.push([other, node]);
  }
  if (pairs.length === 0) return [];
  const examples = pairs.slice(0, EXAMPLES).map(([a, b]): [string | null, string | null] => [view.id(a).value, view.id(b).value]);
  return [{ kind: 'alike', of: rules.kinds[kind], pairs: examples, count: pairs.length }];
}

/** Far larger than the next: so many times as many ids, and not just a few; more where they are one person's by their strongest id. */
const TIMES = 5;
const LARGE = 20;
const LARGE_OF_ONE = 50;

function giant(view: View): Suspect[] {
  const [first, second] = largest(view);
  if (first < 0) return [];
  const next = second < 0 ? 0 : view.size[second];
  const { graph, clusterOf } = view.resolution;
  let strongest = 0;
  for (let node = graph.nodes.starts[graph.kindOf[first]]; node < graph.nodes.starts[graph.kindOf[first] + 1]; node++)
    if (clusterOf[node] === first) strongest++;
  if (view.size[first] < Math.max(TIMES * next, strongest > 1 ? LARGE : LARGE_OF_ONE)) return [];
  return [{ kind: 'giant', biggest: biggestReport(view, first)!, next }];
}

function conflicting({ resolution }: View, names: RowNames): Suspect[] {
  const { graph, conflicting, rules, ignored } = resolution;
  const found = new Map<number, { rows: number; first: number }>();
  for (const p of conflicting) {
    const seen = new Int32Array(rules.kinds.length);
    for (let i = graph.idsFrom[p]; i < graph.idsFrom[p + 1]; i++) if (!ignored[graph.ids[i]]) seen[graph.kindOf[graph.ids[i]]]++;
    for (let kind = 0; kind < seen.length; kind++) {
      if (!rules.unique[kind] || seen[kind] < 2) continue;
      const own = found.get(kind) ?? { rows: 0, first: p };
      own.rows++;
      found.set(kind, own);
    }
  }
  return [...found].map(([kind, { rows, first }]) => ({
    kind: 'conflicting',
    of: rules.kinds[kind],
    rows,
    example: { source: names.source(first), at: graph.time[first] },
  }));
}

function hanging(view: View): Suspect[] {
  const { graph, rules } = view.resolution;
  const { kindOf } = graph;
  const found = new Map<string, { kind: number; weaker: number; count: number; node: number; by: number }>();
  for (const { node, by } of hangingOf(view.walk, one => kindOf[one], rules.kinds.length)) {
    const key = `${kindOf[node]} ${kindOf[by]}`;
    const same = found.get(key);
    if (!same) found.set(key, { kind: kindOf[node], weaker: kindOf[by], count: 1, node, by });
    else {
      same.count++;
      if (node < same.node) [same.node, same.by] = [node, by];
    }
  }
  return [...found.values()]
    .sort((a, b) => a.kind - b.kind || a.weaker - b.weaker)
    .map(({ kind, weaker, count, node, by }) => ({
      kind: 'hanging',
      of: rules.kinds[kind],
      by: rules.kinds[weaker],
      count,
      example: { id: view.id(node), by: view.id(by) },
    }));
}
