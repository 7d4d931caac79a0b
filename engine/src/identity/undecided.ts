import type { Components } from './components.ts';
import { FATE } from './fate.ts';
import type { IdGraph } from './graph.ts';
import type { Rules } from './rules.ts';

/** What is known of components of two ids or more, whatever the limits and times are. They are numbered in order of their names. */
interface Facts {
  /** Their canonical ids. */
  readonly names: Int32Array;
  /** By kind, how many ids of it each has. */
  readonly held: readonly Int32Array[];
  /** Positions: the first and the last row, and the first of the link that was first seen last. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly newest: Int32Array;
  /** By `a * kinds + b`: of the links of two kinds the last position of the one that was last seen first; the number of rows where there is none. */
  readonly oldest: readonly (Int32Array | undefined)[];
}

const factsOf = new WeakMap<Components, Facts>();

function gather({ nodes, pairs, kindOf, kinds, count }: IdGraph, { of, fate, seen }: Components): Facts {
  const number = new Int32Array(nodes.count).fill(-1);
  for (let pair = 0; pair < pairs.count; pair++) if (fate[pair] === FATE.together) number[of[pairs.a[pair]]] = 0;
  const all = new Int32Array(nodes.count);
  let size = 0;
  for (let node = 0; node < nodes.count; node++) {
    if (number[node] < 0) continue;
    all[size] = node;
    number[node] = size++;
  }
  const held = Array.from({ length: kinds }, () => new Int32Array(size));
  const first = new Int32Array(size).fill(count);
  const last = new Int32Array(size);
  const newest = new Int32Array(size);
  const oldest: Int32Array[] = [];
  for (let node = 0; node < nodes.count; node++) {
    const component = of[node] < 0 ? -1 : number[of[node]];
    if (component < 0) continue;
    held[kindOf[node]][component]++;
    if (seen.nodes.first[node] < first[component]) first[component] = seen.nodes.first[node];
    if (seen.nodes.last[node] > last[component]) last[component] = seen.nodes.last[node];
  }
  for (let pair = 0; pair < pairs.count; pair++) {
    if (fate[pair] !== FATE.together) continue;
    const component = number[of[pairs.a[pair]]];
    const ofKinds = kindOf[pairs.a[pair]] * kinds + kindOf[pairs.b[pair]];
    oldest[ofKinds] ??= new Int32Array(size).fill(count);
    if (seen.pairs.first[pair] > newest[component]) newest[component] = seen.pairs.first[pair];
    if (seen.pairs.last[pair] < oldest[ofKinds][component]) oldest[ofKinds][component] = seen.pairs.last[pair];
  }
  return { names: all.slice(0, size), held, first, last, newest, oldest };
}

/**
 * By canonical id of a component: 1 where a limit or time could decide something in it. In all others every link is made and covers
 * all rows: everybody is one customer.
 * @param instant another than the rows' that links are to cover
 */
export function undecided(
  graph: IdGraph,
  components: Components,
  rules: Rules,
  never: readonly (readonly [number, number])[],
  instant: number | null,
): Uint8Array {
  let facts = factsOf.get(components);
  if (!facts) {
    facts = gather(graph, components);
    factsOf.set(components, facts);
  }
  const { names, held, first, last, newest, oldest } = facts;
  const { time, count } = graph;
  const open = new Uint8Array(graph.nodes.count);
  for (const [a, b] of never) if (components.of[a] >= 0 && components.of[a] === components.of[b]) open[components.of[a]] = 1;
  rules.most.forEach((most, kind) => {
    if (Number.isFinite(most)) for (let i = 0; i < names.length; i++) if (held[kind][i] > most) open[names[i]] = 1;
  });
  for (let i = 0; Number.isFinite(rules.retroactive) && i < names.length; i++) {
    const from = time[newest[i]] - rules.retroactive;
    if (from > time[first[i]] || (instant !== null && from > instant)) open[names[i]] = 1;
  }
  oldest.forEach((positions, kinds) => {
    const valid = rules.valid[kinds];
    if (!positions || !Number.isFinite(valid)) return;
    for (let i = 0; i < names.length; i++) {
      if (positions[i] === count) continue;
      const to = time[positions[i]] + valid;
      if (to < time[last[i]] || (instant !== null && to < instant)) open[names[i]] = 1;
    }
  });
  return open;
}
