/** What holds whatever the rows and rules: their order decides nothing, no rules are plain linking, and nothing is slow. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IdentityPlan } from '../plan.ts';
import { componentsOf } from './components.ts';
import { FATE } from './fate.ts';
import type { IdGraph } from './graph.ts';
import { linkParticipants } from './link.ts';
import { participantsOf } from './participants.ts';
import { resolve } from './resolve.ts';
import { at, clustersOf, eventsOf, graphOf, identityOf, type Row, type Rules, resolved } from './testing.ts';

const KINDS = ['user', 'email', 'device'];
const id = fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom('a', 'b', 'c', '😀', '！')).map(parts => parts.join(' '));
const row: fc.Arbitrary<Row> = fc.record({ time: fc.integer({ min: 0, max: 12 }), ids: fc.uniqueArray(id, { maxLength: 3 }) });
const rows = fc.array(row, { maxLength: 25 });

const kind = fc.record(
  { unique: fc.boolean(), max: fc.integer({ min: 1, max: 3 }), valid: fc.integer({ min: 1, max: 8 }) },
  { requiredKeys: [] },
);
const some = <T>(of: fc.Arbitrary<T>) => fc.array(of, { maxLength: 2 });
const kindName = fc.constantFrom(...KINDS);
const value = id.map(text => ({ kind: text.split(' ')[0], value: text.split(' ')[1], at }));
const rules: fc.Arbitrary<Rules> = fc
  .record({
    kinds: fc.record({ user: kind, email: kind, device: kind }),
    ignores: some(fc.record({ kinds: fc.constant(KINDS), values: fc.constantFrom<string[]>(['a'], ['b', 'c']) })),
    links: some(fc.record({ kind: kindName, with: fc.array(kindName, { minLength: 1, maxLength: 2 }) })),
    neverLinks: some(fc.record({ a: value, b: value })),
    shared: some(fc.record({ kind: kindName, moreThan: fc.integer({ min: 1, max: 3 }), of: kindName })),
    keep: fc.constantFrom('latest' as const, 'earliest' as const),
    within: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
    split: fc.boolean(),
  })
  .map(({ links, neverLinks, shared, keep, within, split, ...rest }) => ({
    ...rest,
    links: links.map(rule => ({ ...rule, at, text: '' })),
    neverLinks: neverLinks.map(rule => ({ ...rule, at, text: '' })),
    shared: shared.map(rule => ({ ...rule, at, text: '' })),
    onConflict: { keep },
    retroactive: within === undefined ? {} : { within },
    ...(split ? { splitByTime: { at } } : {}),
  }));

/** All that is said of the rows, in the order they were given in. */
function told(given: Row[], by: Rules) {
  const { order } = eventsOf(given, KINDS);
  const resolution = resolved(given, by);
  const { graph, of, participants, belongs, refused, ambiguous, rows } = resolution;
  const text = (node: number) => (node < 0 ? null : `${KINDS[graph.kindOf[node]]} ${graph.nodes.text(node)}`);
  const byRow: unknown[] = [];
  order.forEach((row, p) => {
    byRow[row] = [of[p] < 0 ? null : text(participants[of[p]]), text(belongs[p])];
  });
  return {
    byRow,
    rows,
    clusters: clustersOf(resolution),
    refused: refused.map(({ pair, limit, undecided }) => [text(graph.pairs.a[pair]), text(graph.pairs.b[pair]), limit, undecided]),
    ambiguous: [...ambiguous].map(text).sort(),
  };
}

test('the order of rows decides nothing, and running again changes nothing', () => {
  fc.assert(
    fc.property(rows, rules, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (given, by, random) => {
      const place = given.map(() => random.next().value);
      const shuffle = given.map((_, i) => i).sort((a, b) => place[a] - place[b]);
      const shuffled = told(
        shuffle.map(i => given[i]),
        by,
      );
      const back: unknown[] = [];
      shuffle.forEach((i, at) => {
        back[i] = shuffled.byRow[at];
      });
      const straight = told(given, by);
      expect({ ...shuffled, byRow: back }).toEqual(straight);
      expect(told(given, by)).toEqual(straight);
    }),
    { numRuns: 400 },
  );
});

test('one graph resolved under rule after rule says what a new one says', () => {
  fc.assert(
    fc.property(rows, fc.array(rules, { minLength: 2, maxLength: 4 }), (given, all) => {
      const graph = graphOf(given, KINDS);
      for (const by of all) {
        const again = resolve(graph, identityOf(by), null);
        const anew = resolved(given, by);
        expect(Array.from(again.of)).toEqual(Array.from(anew.of));
        expect(again.refused).toEqual(anew.refused);
      }
    }),
    { numRuns: 200 },
  );
});

test('what hangs together stays while limits, times and never-links are edited', () => {
  fc.assert(
    fc.property(rows, rules, rules, (given, by, other) => {
      const { ignores, links, shared } = by;
      const kinds = Object.fromEntries(KINDS.map(name => [name, { ...other.kinds[name], unique: by.kinds[name].unique }]));
      const edited = { ...other, kinds, ignores, links, shared };
      const graph = graphOf(given, KINDS);
      const kept = resolve(graph, identityOf(edited), null, componentsOf(graph, identityOf(by)));
      const anew = resolved(given, edited);
      expect(Array.from(kept.of)).toEqual(Array.from(anew.of));
      expect([kept.clusterOf, kept.belongs, kept.fate, kept.order, kept.merges]).toEqual([
        anew.clusterOf,
        anew.belongs,
        anew.fate,
        anew.order,
        anew.merges,
      ]);
      // What is gone through for the rows alone is what is found where every link is gone through.
      const refused = Array.from(kept.order).filter(pair => kept.fate[pair] === FATE.refused);
      expect(kept.refused.map(({ pair }) => pair)).toEqual(refused);
    }),
    { numRuns: 300 },
  );
});

test('without rules it is plain linking', () => {
  fc.assert(
    fc.property(rows, given => {
      const { events, columns } = eventsOf(given, KINDS);
      const plain = linkParticipants(events, KINDS, columns);
      const whole = participantsOf(resolved(given, { kinds: { user: {}, email: {}, device: {} } }));
      expect(Array.from(whole.of)).toEqual(Array.from(plain.of));
      const labels = (people: typeof plain) => Array.from({ length: people.count }, (_, participant) => people.label(participant));
      expect(labels(whole)).toEqual(labels(plain));
      for (const name of KINDS) for (const text of ['a', 'b', '😀', 'none']) expect(whole.find(name, text)).toBe(plain.find(name, text));
    }),
  );
});

/** 50,000 links at one id, the ids' own rows between them; and the same all at one instant. */
const star = (time: (i: number) => number): Row[] =>
  Array.from({ length: 100_000 }, (_, i) => ({ time: time(i), ids: i % 2 ? ['device d'] : [`user u${i}`, 'device d'] }));
const chain: Row[] = Array.from({ length: 4000 }, (_, i) => ({
  time: i,
  ids: [`device d${i >> 1}`, `user u${(i + 1) >> 1}`],
}));
const MANY: [string, Partial<IdentityPlan>, Rules['kinds']][] = [
  ['plain', {}, { user: {}, device: {} }],
  ['unique', {}, { user: { unique: true }, device: {} }],
  ['max', {}, { user: { max: 1000 }, device: {} }],
  ['valid', {}, { user: {}, device: { valid: 1000 } }],
  ['forward', { retroactive: { within: 0 } }, { user: {}, device: {} }],
  ['both', { retroactive: { within: 1000 } }, { user: {}, device: { valid: 1000 } }],
  ['split by time', { splitByTime: { at } }, { user: { unique: true }, device: { valid: 1000 } }],
];

test('a star of 50,000 links and a chain stay fast under every rule', () => {
  const graphs: [string, IdGraph][] = [
    [
      'star',
      graphOf(
        star(i => i),
        ['user', 'device'],
      ),
    ],
    [
      'star at one instant',
      graphOf(
        star(() => 0),
        ['user', 'device'],
      ),
    ],
    ['chain', graphOf(chain, ['user', 'device'])],
  ];
  const took = graphs.flatMap(([name, graph]) =>
    MANY.map(([rule, more, kinds]) => {
      const started = performance.now();
      resolve(graph, identityOf({ ...more, kinds } as Rules), null);
      return { name, rule, ms: performance.now() - started };
    }),
  );
  // Each takes 5 to 100 ms; what is quadratic takes minutes.
  expect(took.filter(({ ms }) => ms > 2000)).toEqual([]);
});
