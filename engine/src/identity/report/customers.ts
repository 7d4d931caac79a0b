/** How large customers are, and what holds the largest together. */
import type { BiggestReport, IdentityReport } from '../types.ts';
import { bridgeOf, hubOf } from './graph.ts';
import type { View } from './view.ts';

/** From so many ids on, sizes are told in spans. */
const SPANS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

/** How many customers have how many ids. With links that end, or a split by time, one cluster of ids can be several customers. */
export function sizesOf({
  resolution: { participants, clusterOf },
  size,
}: View): (IdentityReport['sizes'][number] & { customers: number })[] {
  const counts = new Map<number, { customers: number; to: number }>();
  for (const node of participants) {
    const ids = size[clusterOf[node]];
    const from = ids < SPANS[0] ? ids : SPANS.findLast(span => span <= ids)!;
    const span = counts.get(from) ?? { customers: 0, to: 0 };
    counts.set(from, { customers: span.customers + 1, to: Math.max(span.to, ids) });
  }
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return sorted.map(([from, { customers, to }], i) => {
    const end = SPANS.find(span => span > from) ?? Number.POSITIVE_INFINITY;
    return { from, to: from < SPANS[0] ? from : i === sorted.length - 1 ? to : end - 1, customers };
  });
}

/** The canonical ids of the two largest clusters; of equal ones that with the smaller canonical id. */
export function largest({ resolution: { clusterOf, quarantined }, size }: View): [first: number, second: number] {
  let [first, second] = [-1, -1];
  for (let node = 0; node < size.length; node++) {
    if (clusterOf[node] !== node || quarantined[node]) continue;
    if (first < 0 || size[node] > size[first]) [first, second] = [node, first];
    else if (second < 0 || size[node] > size[second]) second = node;
  }
  return [first, second];
}

/** @param canonical of its cluster; null where it is the only id */
export function biggestReport(view: View, canonical: number): BiggestReport | null {
  if (canonical < 0 || view.size[canonical] < 2) return null;
  const { walk, resolution, before } = view;
  const { pairs } = resolution.graph;
  const hub = hubOf(walk, canonical, before);
  const bridge = bridgeOf(walk, canonical, before);
  const far = bridge && bridge.node === pairs.a[bridge.link];
  return {
    customer: view.name(canonical),
    ids: view.size[canonical],
    rows: view.rows[canonical],
    hub: hub && { ...view.id(hub.node), links: view.degree(hub.node), parts: hub.parts, largest: hub.largest },
    bridge: bridge && {
      a: view.id(pairs.a[bridge.link]),
      b: view.id(pairs.b[bridge.link]),
      rows: resolution.seen.pairs.rows[bridge.link],
      parts: far ? bridge.parts : [bridge.parts[1], bridge.parts[0]],
    },
  };
}
