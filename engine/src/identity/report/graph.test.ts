/** What a customer hangs on: by hand, and against trying every id and every link. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjacency, bridgeOf, hangingOf, hubOf, pathBetween, walk } from './graph.ts';

type Link = [a: number, b: number];
const smaller = (a: number, b: number) => a < b;

function graph(nodes: number, links: Link[]) {
  const a = Int32Array.from(links, ([from]) => from);
  const b = Int32Array.from(links, ([, to]) => to);
  return adjacency(nodes, a, b, new Uint8Array(links.length).fill(1));
}

/** Sizes of the components among the nodes that stay. */
function parts(nodes: number[], links: Link[]): number[] {
  const left = new Set(nodes);
  const sizes: number[] = [];
  for (const root of nodes) {
    if (!left.delete(root)) continue;
    const queue = [root];
    for (const at of queue)
      for (const [a, b] of links) {
        const other = a === at ? b : b === at ? a : -1;
        if (left.delete(other)) queue.push(other);
      }
    sizes.push(queue.length);
  }
  return sizes;
}

// Two triangles 0-1-2 and 4-5-6, joined by 3; 7 hangs on 3.
const BOW: Link[] = [
  [0, 1],
  [1, 2],
  [2, 0],
  [2, 3],
  [3, 4],
  [4, 5],
  [5, 6],
  [6, 4],
  [3, 7],
];

describe('hub and bridge', () => {
  test('the id in the middle, and the link beside it', () => {
    const walked = walk(8, graph(8, BOW), [0]);
    // Without 3: {0,1,2}, {4,5,6}, {7}.
    expect(hubOf(walked, 0, smaller)).toEqual({ node: 3, parts: 3, largest: 3 });
    // 2-3 leaves 3 and 5; 3-4 leaves 5 and 3; 3-7 leaves 7 and 1. Of the first two the earlier one.
    expect(bridgeOf(walked, 0, smaller)).toEqual({ link: 3, node: 3, parts: [5, 3] });
  });

  test('a ring has neither', () => {
    const ring: Link[] = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 0],
    ];
    const walked = walk(4, graph(4, ring), [0]);
    expect([hubOf(walked, 0, smaller), bridgeOf(walked, 0, smaller)]).toEqual([null, null]);
  });

  test('of two ids neither is a hub, and their link leaves one each', () => {
    const walked = walk(2, graph(2, [[0, 1]]), [1]);
    expect(hubOf(walked, 1, smaller)).toBe(null);
    expect(bridgeOf(walked, 1, smaller)?.parts).toEqual([1, 1]);
  });

  test('are what trying each says', () => {
    const nodes = 9;
    const pair = fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)).filter(([a, b]) => a < b);
    fc.assert(
      fc.property(fc.uniqueArray(pair, { maxLength: 14, selector: String }), fc.nat(nodes - 1), (links, root) => {
        const all = graph(nodes, links);
        const walked = walk(nodes, all, [root]);
        const cluster = [...walked.node];
        const own = links.filter(([a]) => cluster.includes(a));
        const hubs = cluster.map(node => {
          const sizes = parts(
            cluster.filter(other => other !== node),
            own.filter(link => !link.includes(node)),
          );
          return { node, parts: sizes.length, largest: Math.max(0, ...sizes) };
        });
        const best = hubs.filter(hub => hub.parts > 1).sort((a, b) => b.parts - a.parts || a.largest - b.largest || a.node - b.node)[0];
        expect(hubOf(walked, root, smaller)).toEqual(best ?? null);
        const halves = own
          .map(link => {
            const sizes = parts(
              cluster,
              own.filter(other => other !== link),
            );
            return { link: links.indexOf(link), least: sizes.length > 1 ? Math.min(...sizes) : 0 };
          })
          .filter(({ least }) => least > 0)
          .sort((a, b) => b.least - a.least || a.link - b.link);
        const bridge = bridgeOf(walked, root, smaller);
        expect(bridge && { link: bridge.link, least: Math.min(...bridge.parts) }).toEqual(halves[0] ?? null);
        if (bridge) {
          const without = own.filter(link => link !== links[bridge.link]);
          const side = cluster.filter(node => node === bridge.node || pathBetween(nodes, graph(nodes, without), bridge.node, node));
          expect(side.length).toBe(bridge.parts[0]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a star and a chain of 50,000 stay fast', () => {
    const many = 50_000;
    const star = Array.from({ length: many }, (_, i): Link => [0, i + 1]);
    const chain = Array.from({ length: many }, (_, i): Link => [i, i + 1]);
    const started = performance.now();
    expect(hubOf(walk(many + 1, graph(many + 1, star), [7]), 7, smaller)).toEqual({ node: 0, parts: many, largest: 1 });
    // 50,001 nodes in a row: the link in the middle leaves 25,000 and 25,001.
    expect(bridgeOf(walk(many + 1, graph(many + 1, chain), [0]), 0, smaller)?.parts).toEqual([25_001, 25_000]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('what hangs on a weaker id alone', () => {
  // Kinds: 0 a customer number, 1 a login, 2 a device.
  const hanging = (kinds: number[], links: Link[]) =>
    hangingOf(walk(kinds.length, graph(kinds.length, links), [0]), node => kinds[node], 3).map(({ node, by }) => [node, by]);

  test('a login that meets the others only at a device', () => {
    // 0 Tom; 1 A, 2 B, 3 C: logins; 4 the device. Tom-A, Tom-B, A-111, C-111.
    const links: Link[] = [
      [0, 1],
      [0, 2],
      [1, 4],
      [3, 4],
    ];
    expect(hanging([0, 1, 1, 1, 2], links)).toEqual([[3, 4]]);
  });

  test('not one that two devices join', () => {
    const links: Link[] = [
      [0, 1],
      [0, 3],
      [2, 1],
      [2, 3],
    ];
    expect(hanging([1, 2, 1, 2], links)).toEqual([]);
  });

  test('behind a chain of devices it hangs on the nearest', () => {
    // A - 111 - 222 - C
    const links: Link[] = [
      [0, 1],
      [1, 2],
      [2, 3],
    ];
    expect(hanging([1, 2, 2, 1], links)).toEqual([[3, 2]]);
  });

  test('a login with no other of its kind hangs on nothing: it is how a device gets a name', () => {
    // Tom - 111 - A
    const links: Link[] = [
      [0, 1],
      [1, 2],
    ];
    expect(hanging([0, 2, 1], links)).toEqual([]);
  });
});

test('the way between two ids is the shortest', () => {
  const all = graph(8, BOW);
  expect(pathBetween(8, all, 0, 7)).toEqual([2, 3, 8]);
  expect(pathBetween(8, all, 4, 4)).toEqual([]);
  expect(pathBetween(3, graph(3, [[0, 1]]), 0, 2)).toBe(null);
});
