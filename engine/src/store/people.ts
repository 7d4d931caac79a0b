import { type Components, componentsOf } from '../identity/components.ts';
import { IdGraph, type Ignores } from '../identity/graph.ts';
import { linkParticipants } from '../identity/link.ts';
import type { IdColumn } from '../identity/nodes.ts';
import { type People, participantsOf } from '../identity/participants.ts';
import { type Resolution, resolve } from '../identity/resolve.ts';
import type { IdentityPlan, IgnorePlan, Instant, Plan } from '../plan.ts';
import { KIND, TextColumn } from '../read/column.ts';
import type { Dictionary } from '../read/dictionary.ts';
import { Conditions } from './conditions.ts';
import { canonical, columnsOf } from './expr.ts';
import { Kept } from './kept.ts';
import type { SourceEvents } from './source.ts';

/** An id by the name of its kind. */
export interface IdRef {
  kind: string;
  value: string;
}

/** What is asked: whose ids, under which rules, seen from when, without which ids. */
export interface Asked {
  identity: IdentityPlan;
  plan: Plan;
  asOf: Instant | null;
  /** Ids that an erasure took: as if ignored. */
  erased: readonly IdRef[];
}

/** The rows that people are looked for on. */
interface Rows {
  readonly sources: readonly SourceEvents[];
  positions(count: number): { count: number; time: Float64Array; source: Uint16Array; row: Uint32Array };
}

/**
 * Who is one customer on the first rows of a timeline. What the rows say of ids stays while rules are edited; what follows from it
 * under some rules stays while other lines are.
 */
export class PeopleOfRows {
  private readonly rows: Rows;
  private readonly count: number;
  private readonly graphs = new Kept<{ graph: IdGraph; of: Dictionary[] }>(4);
  private readonly plain = new Kept<{ people: People; of: Dictionary[] }>(8);
  /** What hangs together stays while limits and times are edited. */
  private readonly components = new Kept<{ components: Components; of: Dictionary[] }>(2);
  private readonly resolutions = new Kept<{ resolution: Resolution; people: People; of: Dictionary[] }>(8);
  private readonly conditions = new WeakMap<Dictionary, Conditions>();
  /** The report resolves again for every rule: all others are the same objects then. */
  private readonly ignored = new WeakMap<IgnorePlan, Map<Dictionary, Uint8Array>>();
  /** Conditions that could not be decided. */
  private failures = 0;

  constructor(rows: Rows, count: number) {
    this.rows = rows;
    this.count = count;
  }

  /** Without any rule the rows are linked as they are read: no graph is needed for that. */
  participants(asked: Asked): People {
    if (!isPlain(asked)) return this.resolved(asked).people;
    const { identity, plan } = asked;
    return this.plain.get(idsKey(identity, plan), () => ({
      people: linkParticipants(
        this.rows.positions(this.count),
        identity.kinds.map(({ name }) => name),
        idColumns(this.rows.sources, identity, plan),
      ),
      of: this.readBy(identity, plan),
    })).people;
  }

  resolution(asked: Asked): Resolution {
    // Rules that say the same may stand on other lines by now.
    return Object.create(this.resolved(asked).resolution, { identity: { value: asked.identity, enumerable: true } });
  }

  /** Under other rules, on the same rows. Nobody keeps it: there may be one for every rule. */
  again(asked: Asked): Resolution {
    return resolve(this.graphOf(asked), asked.identity, asked.asOf, this.componentsOf(asked));
  }

  private componentsOf(asked: Asked): Components {
    const { identity, plan, erased } = asked;
    const graph = this.graphOf(asked);
    const key = canonical([idsKey(identity, plan), componentsKey(identity, graph.doubles.length > 0), erased]);
    const known = this.components.find(key);
    if (known) return known.components;
    const failures = this.failures;
    const components = componentsOf(graph, identity, { rows: null, ids: erasedIds(graph, asked) });
    // What couldn't be decided is tried again, and told again.
    if (failures === this.failures) this.components.set(key, { components, of: this.readBy(identity, plan) });
    return components;
  }

  /** All that are remembered. */
  *all(): Iterable<People> {
    for (const { people } of this.plain.values()) yield people;
    for (const { people } of this.resolutions.values()) yield people;
  }

  /** Lets go of what was made of columns that nobody reads any more; adds to them what was made of the others. */
  keepOnly(dictionaries: Set<Dictionary>): void {
    const read = ({ of }: { of: Dictionary[] }) => of.every(one => one.count === 0 || dictionaries.has(one));
    for (const kept of [this.graphs, this.plain, this.components, this.resolutions]) kept.keep(read);
    for (const { graph } of this.graphs.values()) for (const dictionary of graph.nodes.dictionaries) dictionaries.add(dictionary);
  }

  private resolved(asked: Asked) {
    const { identity, plan, asOf, erased } = asked;
    const ids = idsKey(identity, plan);
    const valid = identity.kinds.some(kind => kind.valid);
    const key = canonical([ids, rulesKey(identity), valid ? asOf : null, erased]);
    const known = this.resolutions.find(key);
    if (known) return known;
    const failures = this.failures;
    const resolution = this.again(asked);
    const made = { resolution, people: participantsOf(resolution), of: this.readBy(identity, plan) };
    return failures === this.failures ? this.resolutions.set(key, made) : made;
  }

  private graphOf({ identity, plan }: Asked): IdGraph {
    return this.graphs.get(idsKey(identity, plan), () => {
      const columns = idColumns(this.rows.sources, identity, plan);
      const graph = new IdGraph(this.rows.positions(this.count), identity.kinds.length, columns, this.ignores);
      return { graph, of: this.readBy(identity, plan) };
    }).graph;
  }

  private readonly ignores: Ignores = (rule, dictionary) => {
    const known = this.ignored.get(rule)?.get(dictionary);
    if (known) return known;
    const failures = this.failures;
    const flags = this.flags(rule, dictionary);
    if (failures === this.failures) this.ignored.set(rule, (this.ignored.get(rule) ?? new Map()).set(dictionary, flags));
    return flags;
  };

  /** Decided as any condition is: once for each of the kind's values. */
  private flags({ where }: IgnorePlan, dictionary: Dictionary): Uint8Array {
    const [source] = this.rows.sources;
    if (!source || dictionary.count === 0) return new Uint8Array(0);
    let conditions = this.conditions.get(dictionary);
    if (!conditions) {
      const codes = Int32Array.from({ length: dictionary.count }, (_, code) => code);
      // An id is a text, whatever it looks like.
      const value = TextColumn.of(codes, dictionary, KIND.text);
      conditions = new Conditions({ plan: { time: {} }, count: dictionary.count, column: () => value }, source.conditions.sql);
      this.conditions.set(dictionary, conditions);
    }
    conditions.onFailure = (at, message) => {
      this.failures++;
      source.conditions.onFailure?.(at, message);
    };
    return conditions.flags(
      where,
      Uint32Array.from({ length: dictionary.count }, (_, code) => code),
    );
  }

  /** The columns that the ids of an identity are taken from. */
  private readBy(identity: IdentityPlan, plan: Plan): Dictionary[] {
    const kinds = identity.kinds.map(({ name }) => name);
    return this.rows.sources.flatMap((source, i) =>
      plan.sources[i].ids
        .filter(({ kind }) => kinds.includes(kind))
        .flatMap(({ value }) => columnsOf(value).map(ref => source.rows.column(ref).dictionary)),
    );
  }
}

/** By node: 1 where an erasure took the id; null where there was none. */
function erasedIds({ nodes }: IdGraph, { identity, erased }: Asked): Uint8Array | null {
  if (erased.length === 0) return null;
  const mask = new Uint8Array(nodes.count);
  for (const { kind, value } of erased) {
    const node = nodes.find(
      identity.kinds.findIndex(({ name }) => name === kind),
      value,
    );
    if (node >= 0) mask[node] = 1;
  }
  return mask;
}

/** The ids of an identity's kinds, one column for each that a source declares. */
export function idColumns(sources: readonly SourceEvents[], identity: IdentityPlan, plan: Plan): IdColumn[] {
  const kinds = identity.kinds.map(kind => kind.name);
  return sources.flatMap((source, index) =>
    plan.sources[index].ids
      .filter(id => kinds.includes(id.kind))
      .map(id => {
        const { codes, dictionary } = source.conditions.text(id.value);
        return { source: index, kind: kinds.indexOf(id.kind), codes, dictionary };
      }),
  );
}

const idsKey = ({ kinds }: IdentityPlan, { sources }: Plan): string =>
  canonical([kinds.map(kind => kind.name), sources.map(source => source.ids.map(id => [id.kind, id.value]))]);

/** What the rules say that decide which ids and links count, whatever they are called and wherever they stand. */
const componentsKey = ({ kinds, ignores, links, shared }: IdentityPlan, doubles: boolean): string =>
  canonical([
    kinds.map(kind => [kind.name, doubles && kind.unique !== undefined]),
    ignores.map(rule => [rule.kinds, rule.where]),
    links.map(rule => [rule.kind, rule.with]),
    shared.map(rule => [rule.kind, rule.moreThan, rule.of]),
  ]);

/** What all of them say. */
const rulesKey = (identity: IdentityPlan): string => {
  const { kinds, neverLinks, onConflict, retroactive, splitByTime } = identity;
  return canonical([
    componentsKey(identity, false),
    kinds.map(kind => [kind.unique !== undefined, kind.max?.count, kind.valid?.within]),
    neverLinks.map(({ a, b }) => [a.kind, a.value, b.kind, b.value]),
    onConflict.keep,
    retroactive.within,
    splitByTime !== undefined,
  ]);
};

/** No rule but the order of kinds: then every two ids on one row are one customer's. */
function isPlain({ identity, erased }: Asked): boolean {
  const { kinds, ignores, links, neverLinks, shared, retroactive, splitByTime } = identity;
  const rules = [ignores, links, neverLinks, shared, kinds.filter(({ unique, max, valid }) => unique || max || valid), erased];
  return rules.every(of => of.length === 0) && retroactive.within === undefined && !splitByTime;
}
