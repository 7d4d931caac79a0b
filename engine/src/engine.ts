import type { SqlJsStatic } from 'sql.js';
import { coverageOf } from './coverage/index.ts';
import type { Coverage } from './coverage/types.ts';
import { deriveEvents } from './derive/index.ts';
import { leavesOf } from './derive/pattern.ts';
import type { Events } from './events.ts';
import { explainJourney } from './explain/index.ts';
import type { ExplainOptions, Explanation } from './explain/types.ts';
import { identityResult } from './identity/counts.ts';
import { identityReport } from './identity/report/index.ts';
import type { IdentityOptions, IdentityReport } from './identity/types.ts';
import type { At, Instant, Plan, SamplePlan } from './plan.ts';
import type { ColumnPlace, EngineApi, FileInfo, Files, PreviewOptions, Progress } from './ports.ts';
import { consented } from './privacy/consent.ts';
import { discreetJourneys, withheldSplits } from './privacy/discreet.ts';
import { type Erasure, erasureOf } from './privacy/erase.ts';
import { eventsSaid, piiOf } from './privacy/pii.ts';
import { existenceProblems } from './privacy/problems.ts';
import { tellableSchema } from './privacy/schema.ts';
import { suppressResult } from './privacy/suppress-result.ts';
import { asTrusted, type Trusts, trustIn } from './privacy/trust.ts';
import { columnProblems, fileProblems, gapProblem, joinProblems, type Loaded, planProblems, repeatProblem } from './problems.ts';
import { doubtsOf, fileExpectations, qualityOf, sourceResults } from './quality/index.ts';
import type { Dictionary } from './read/dictionary.ts';
import { Pacer } from './read/pause.ts';
import { LIMITS, type Limits } from './read/reading.ts';
import { FileChanged, Relation } from './read/relation.ts';
import type { ColumnSchema, DataProblem, Preview, Result, ScenarioResult, Schema } from './result.ts';
import { type Holder, Scenarios } from './scenario/index.ts';
import { shownJourney } from './simulate/index.ts';
import { canonical } from './store/expr.ts';
import { Kept } from './store/kept.ts';
import { SourceRows, TableRows } from './store/rows.ts';
import { SourceEvents } from './store/source.ts';
import { SqlStore } from './store/sql.ts';
import { Timeline, type TimelineAsOf } from './store/timeline.ts';
import { patternsOf, type Uses, usesOf } from './store/uses.ts';

export interface EngineParts {
  files: Files;
  /** sql.js, made when it is first needed. */
  sql: () => Promise<SqlJsStatic>;
  /** Where to refuse input; for tests. */
  limits?: Partial<Limits>;
}

/** An engine over some files. What it has read and matched stays until it is disposed of, the least used first. */
export function createEngine(parts: EngineParts): EngineApi {
  return new Engine(parts);
}

/** What was read of other files, or by other rules, outlives so many previews that have no use for it. */
const UNUSED = 64;

type Tell = (stage: Progress['stage'], name: string, done: number, total: number) => void;

/** What journeys are simulated on, and what stands in its way. */
interface Prepared {
  loaded: { sources: Map<string, Loaded>; tables: Map<string, Loaded> };
  stored: Stored;
  problems: DataProblem[];
  asOf: Instant | null;
  events: TimelineAsOf;
  /** The plan as its data may be told. */
  told: Plan;
  erasure: Erasure | null;
  /** What was recorded, before anything was erased or grew too old. */
  recorded: readonly SourceEvents[];
}

interface Stored {
  tables: Map<string, TableRows>;
  sources: SourceEvents[];
  timeline: Timeline;
}

class Engine implements EngineApi, Holder {
  private readonly files: Files;
  private readonly makeSql: () => Promise<SqlJsStatic>;
  private readonly limits: Limits;
  private readonly scenarios: Scenarios;
  private sql: Promise<SqlStore> | null = null;
  private readonly lists = new Map<string, Promise<FileInfo[]>>();
  private readonly relations = new Kept<Relation>(32);
  private readonly tables = new Kept<TableRows>(16);
  private readonly sources = new Kept<SourceEvents>(16);
  private readonly timelines = new Kept<Timeline>(6);
  private readonly erasures = new Kept<{ erasure: Erasure; sources: SourceEvents[] }>(2);
  private readonly ids = new WeakMap<object, number>();
  private lastId = 0;
  /** One preview at a time: the next waits for the one before, which was cancelled or is nearly done. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor({ files, sql, limits }: EngineParts) {
    this.files = files;
    // One sql.js for the sample and for the scenarios, each with a database of its own.
    let loading: Promise<SqlJsStatic> | null = null;
    this.makeSql = () => {
      loading ??= sql().catch(error => {
        loading = null;
        throw error;
      });
      return loading;
    };
    this.limits = { ...LIMITS, ...limits };
    this.scenarios = new Scenarios(literal => new Engine({ files: literal, sql: this.makeSql, limits }));
  }

  preview(plan: Plan, options: PreviewOptions = {}): Promise<Preview> {
    return this.inTurn(() => this.run(plan, options));
  }

  filesChanged(): void {
    this.lists.clear();
  }

  dispose(): void {
    this.filesChanged();
    for (const kept of [this.relations, this.tables, this.sources, this.timelines, this.erasures]) kept.clear();
    this.scenarios.dispose();
    this.sql?.then(sql => sql.close()).catch(() => {});
    this.sql = null;
  }

  private async run(plan: Plan, options: PreviewOptions): Promise<Preview> {
    const pacer = new Pacer(options.signal);
    const started = performance.now();
    const tell: Tell = (stage, name, done, total) => options.onProgress?.({ stage, name, done, total });
    const { loaded, stored, problems, asOf, events, told, erasure, recorded } = await this.prepare(plan, options, pacer, tell);
    const loadedAt = performance.now();

    const journeys = discreetJourneys(told).filter(journey => options.journeys?.includes(journey.name) ?? true);
    for (const [done, journey] of journeys.entries()) {
      tell('matching', journey.name, done, journeys.length);
      for (const rows of patternsOf(journey, plan.segments).flatMap(leavesOf)) {
        events.match(rows);
        await pacer.pause();
      }
      events.participants(journey.identity);
      await pacer.pause();
    }
    // Made of others, an event is somebody's: of the participants of the first identity that is used.
    const whose = plan.journeys[0]?.identity ?? plan.identities[0]?.name ?? '';
    const named = deriveEvents(consented(events, plan, whose), {
      identity: whose,
      patterns: plan.events.map(event => event.pattern),
      asOf,
    });
    const eventCounts = Object.fromEntries(plan.events.map(event => [event.name, named.match(event.pattern).length]));
    const peopleOfEvents = (): number[] => {
      const { of } = named.participants(whose);
      return plan.events.map(({ pattern }) => new Set(Array.from(named.match(pattern), at => of[at]).filter(one => one >= 0)).size);
    };
    const matchedAt = performance.now();

    const sources = sourceResults(plan, stored.sources, events, asOf);
    const quality = qualityOf(sources);
    const simulated: Result['journeys'] = [];
    for (const [done, journey] of journeys.entries()) {
      tell('simulating', journey.name, done, journeys.length);
      await pacer.pause();
      const shown = shownJourney(journey, plan, events, asOf, quality);
      simulated.push(withheldSplits(plan.journeys.find(({ name }) => name === journey.name)!, told, shown));
    }
    const ended = performance.now();
    await this.finish(stored);
    const scenarios = await this.scenarios.run(plan, pacer);

    const identities = new Set(plan.journeys.map(journey => journey.identity));
    return {
      schema: schemaOf(plan, loaded, stored, recorded),
      result: suppressResult(
        plan,
        {
          version: 1,
          asOf,
          sources,
          tables: Object.fromEntries(plan.tables.map(table => [table.name, { rows: loaded.tables.get(table.name)!.relation.rows }])),
          events: eventCounts,
          people: [...identities].reduce((sum, identity) => sum + events.participants(identity).count, 0),
          identities: Object.fromEntries(
            plan.identities
              .filter(({ name }) => identities.has(name))
              .map(({ name, ignores }) => [
                name,
                { ...identityResult(events.participants(name), ignores), ...(erasure ? { erased: erasure.counts.get(name)! } : {}) },
              ]),
          ),
          journeys: simulated,
          scenarios,
          expectations: fileExpectations(plan.expects, quality),
        },
        { events: peopleOfEvents, customers: identity => events.participants(identity).count },
      ),
      problems: distinct(problems),
      timings: {
        loadMs: loadedAt - started,
        matchMs: matchedAt - loadedAt,
        foldMs: ended - matchedAt,
        totalMs: performance.now() - started,
      },
    };
  }

  coverage(plan: Plan, options: PreviewOptions = {}): Promise<Coverage> {
    return this.inTurn(async () => {
      const pacer = new Pacer(options.signal);
      const tell: Tell = (stage, name, done, total) => options.onProgress?.({ stage, name, done, total });
      const { stored, asOf, events, told } = await this.prepare(plan, options, pacer, tell);
      try {
        const asked = discreetJourneys(told).filter(({ name }) => options.journeys?.includes(name) ?? true);
        const simulating = (name: string, done: number, total: number) => tell('simulating', name, done, total);
        const quality = qualityOf(sourceResults(plan, stored.sources, events, asOf));
        return await coverageOf(plan, asked, events, asOf, quality, this.scenarios, pacer, simulating);
      } finally {
        await this.finish(stored);
      }
    });
  }

  test(plan: Plan, options: Pick<PreviewOptions, 'signal'> = {}): Promise<ScenarioResult[]> {
    return this.inTurn(() => this.scenarios.run(plan, new Pacer(options.signal)));
  }

  explain(plan: Plan, options: ExplainOptions): Promise<Explanation> {
    return this.inTurn(async () => {
      const { signal, asOf } = options;
      const prepared = await this.prepare(plan, { signal, asOf }, new Pacer(signal), () => {});
      try {
        return explainJourney(prepared.told, prepared.events, prepared.asOf, options);
      } finally {
        await this.finish(prepared.stored);
      }
    });
  }

  identity(plan: Plan, options: IdentityOptions = {}): Promise<IdentityReport | null> {
    return this.inTurn(async () => {
      const { signal, asOf, scenario, ...rest } = options;
      if (scenario !== undefined) return this.scenarios.identity(plan, scenario, { ...rest, signal });
      const pacer = new Pacer(signal);
      const prepared = await this.prepare(plan, { signal, asOf }, pacer, () => {});
      try {
        return await identityReport(prepared.told, prepared.events, prepared.asOf, options, pacer, prepared.erasure?.before);
      } finally {
        await this.finish(prepared.stored);
      }
    });
  }

  values(plan: Plan, { kind, name, column }: ColumnPlace, { signal }: Pick<PreviewOptions, 'signal'> = {}): Promise<string[]> {
    return this.inTurn(async () => {
      const pii = piiOf(plan);
      const personal = kind === 'source' ? pii.ofSourceColumn(name, column) : pii.ofTableColumn(name, column);
      const owner = (kind === 'source' ? plan.sources : plan.tables).find(one => one.name === name);
      if (!owner || personal !== undefined) return [];
      const pacer = new Pacer(signal);
      let found: ColumnSchema | undefined;
      const { relation } = await this.read(owner.samples, pacer, async relation => {
        found = await relation.look(column, this.files, this.limits, pacer);
      });
      const schema = {
        sources: {},
        tables: {},
        [`${kind}s`]: { [name]: { columns: found ? { [column]: found } : {}, events: {}, rows: 0 } },
      };
      const told: Schema = tellableSchema(schema, plan, { sources: {}, tables: {}, [`${kind}s`]: { [name]: trustIn(relation) } });
      return told[`${kind}s`][name].columns[column]?.examples ?? [];
    });
  }

  doubts(plan: Plan, options: Pick<PreviewOptions, 'asOf' | 'signal'> = {}): Promise<DataProblem[]> {
    return this.inTurn(async () => {
      const pacer = new Pacer(options.signal);
      const { loaded, stored, asOf } = await this.prepare(plan, options, pacer, () => {});
      try {
        const uses = usesOf(plan);
        const found: DataProblem[] = [];
        for (const [i, source] of plan.sources.entries()) {
          const wants = uses.sources.get(source.name)!;
          const texts = [...wants.values()].filter(({ time }) => !time).map(({ name }) => name);
          const { drifts, repeats } = await doubtsOf(stored.sources[i], asOf, texts, pacer);
          found.push(
            ...columnProblems(loaded.sources.get(source.name)!, wants, drifts),
            ...(repeats ? [repeatProblem(source, repeats)] : []),
          );
        }
        for (const { name } of plan.tables) found.push(...columnProblems(loaded.tables.get(name)!, uses.tables.get(name)!));
        return distinct(found);
      } finally {
        await this.finish(stored);
      }
    });
  }

  start(): Promise<SqlStore> {
    this.sql ??= this.makeSql().then(sql => new SqlStore(sql, this.limits.sqlBytes));
    this.sql.catch(() => {
      this.sql = null;
    });
    return this.sql;
  }

  async hold<T>(plan: Plan, asOf: Instant | null, use: (events: Events, asOf: Instant | null) => T): Promise<T> {
    const prepared = await this.prepare(plan, asOf === null ? {} : { asOf }, new Pacer(), () => {});
    try {
      return use(prepared.events, prepared.asOf);
    } finally {
      await this.finish(prepared.stored);
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.queue.then(work);
    this.queue = next.catch(() => {});
    return next;
  }

  /** Reads and stores what a plan asks for: the events that its journeys are held against. */
  private async prepare(plan: Plan, options: PreviewOptions, pacer: Pacer, tell: Tell): Promise<Prepared> {
    pacer.check();
    // The SQL engine starts while the files are read.
    const starting = this.start();
    const uses = usesOf(plan);
    const problems = planProblems(plan, uses);
    const loaded = await this.load(plan, uses, pacer, tell);
    const failed = (at: At, message: string) => problems.push({ code: 'condition-failed', severity: 'error', message, at });
    const all = await this.store(plan, loaded, await starting, failed, pacer, tell);
    const asOf = options.asOf ?? plan.asOf?.instant ?? defaultAsOf(plan, all.timeline.last);
    const { stored, erasure } = this.existing(plan, all, asOf);
    const events = stored.timeline.asOf(asOf, plan, stored.tables, erasure?.ids);
    await pacer.pause();
    const told = asTrusted(plan, trustsIn(plan, loaded));
    const pii = piiOf(plan);
    for (const { name, time } of plan.sources)
      problems.push(...fileProblems(loaded.sources.get(name)!, uses.sources.get(name)!, time.at, pii.inSource(name)));
    for (const { name } of plan.tables)
      problems.push(...fileProblems(loaded.tables.get(name)!, uses.tables.get(name)!, null, pii.inTable(name)));
    problems.push(
      ...joinProblems(
        told,
        stored.tables,
        stored.sources.map(source => source.rows),
      ),
    );
    const gap = options.asOf === undefined && !plan.asOf && asOf === all.timeline.last ? gapProblem(plan, all.timeline) : null;
    if (gap) problems.push(gap);
    problems.push(...existenceProblems(plan, events, stored.sources, erasure, rows => all.timeline.matchedUpTo(rows, asOf)));
    return { loaded, stored, problems, asOf, events, told, erasure, recorded: all.sources };
  }

  /** What was asked is answered: nobody is told of failures any more, and what has fallen out of use goes. */
  private async finish(stored: Stored): Promise<void> {
    for (const source of stored.sources) source.conditions.onFailure = null;
    this.letGo(await this.sql!);
  }

  // ---------------------------------------------------------------- reading

  private async load(plan: Plan, uses: Uses, pacer: Pacer, tell: Tell) {
    const loadOne = (name: string, samples: SamplePlan[], wants: Uses['sources'] extends Map<string, infer W> ? W : never) =>
      this.read(samples, pacer, relation =>
        relation.load([...wants.values()], this.files, this.limits, pacer, bytes => tell('reading', name, bytes, relation.bytes)),
      );
    const sources = new Map<string, Loaded>();
    const tables = new Map<string, Loaded>();
    for (const table of plan.tables) tables.set(table.name, await loadOne(table.name, table.samples, uses.tables.get(table.name)!));
    for (const source of plan.sources) sources.set(source.name, await loadOne(source.name, source.samples, uses.sources.get(source.name)!));
    return { sources, tables };
  }

  /** The files that samples mean, once they are read; from the start where one changed meanwhile. */
  private async read(samples: SamplePlan[], pacer: Pacer, read: (relation: Relation) => Promise<void>): Promise<Loaded> {
    for (;;) {
      const listed = await Promise.all(samples.map(sample => this.list(sample)));
      pacer.check();
      const byUri = new Map(listed.flatMap(sample => sample.files).map(file => [file.uri, file]));
      const files = [...byUri.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
      const key = files.map(file => `${file.uri}\0${file.size}\0${file.modified}`).join('\0');
      const relation = this.relations.get(key, () => new Relation(files));
      try {
        await read(relation);
        return { samples: listed, relation };
      } catch (error) {
        if (!(error instanceof FileChanged)) throw error;
        this.filesChanged();
        this.relations.drop(key);
      }
    }
  }

  private async list(plan: SamplePlan): Promise<Loaded['samples'][number]> {
    const key = `${plan.base}\0${plan.pattern}`;
    let list = this.lists.get(key);
    if (!list) {
      list = this.files.list(plan.base, plan.pattern);
      this.lists.set(key, list);
    }
    try {
      return { plan, files: await list };
    } catch (error) {
      this.lists.delete(key);
      return { plan, files: [], failure: (error as Error).message };
    }
  }

  // ---------------------------------------------------------------- storing

  private async store(
    plan: Plan,
    loaded: { sources: Map<string, Loaded>; tables: Map<string, Loaded> },
    sql: SqlStore,
    failed: (at: At, message: string) => void,
    pacer: Pacer,
    tell: Tell,
  ): Promise<Stored> {
    const tables = new Map<string, TableRows>();
    for (const table of plan.tables) {
      const { relation } = loaded.tables.get(table.name)!;
      const key = canonical([this.id(relation), table.key.column]);
      tables.set(
        table.name,
        this.tables.get(key, () => new TableRows(table, relation)),
      );
      await pacer.pause();
    }
    const sources: SourceEvents[] = [];
    for (const [done, source] of plan.sources.entries()) {
      tell('storing', source.name, done, plan.sources.length);
      const { relation } = loaded.sources.get(source.name)!;
      const joined = source.joins.map(join => [join.table, join.on, tables.has(join.table) ? this.id(tables.get(join.table)!) : 0]);
      const key = canonical([this.id(relation), source.name, source.time, source.event, source.unique, source.where, joined]);
      let events = this.sources.find(key);
      if (!events) {
        const rows = new SourceRows(source, relation, new Map(tables));
        events = new SourceEvents(rows, sql, failed);
        // What couldn't be decided is tried again, and told again.
        if (!events.conditions.failures) this.sources.set(key, events);
      }
      events.conditions.onFailure = failed;
      sources.push(events);
      await pacer.pause();
    }
    const timeline = this.timelineOf(sources);
    await pacer.pause();
    return { tables, sources, timeline };
  }

  private timelineOf(sources: SourceEvents[]): Timeline {
    const key = sources.map(source => this.id(source)).join();
    return this.timelines.get(key, () => new Timeline(sources));
  }

  /** What there is as of an instant once nothing is older than it may be kept, and nobody is left who asked to be erased. */
  private existing(plan: Plan, all: Stored, asOf: Instant | null): { stored: Stored; erasure: Erasure | null } {
    const { retain, erase } = plan.privacy ?? {};
    const since = retain && asOf !== null ? asOf - retain.within : Number.NEGATIVE_INFINITY;
    const sources = all.sources.map(source => source.since(since));
    const kept = { ...all, sources, timeline: this.timelineOf(sources) };
    const identities = plan.identities.filter(({ name }) => plan.journeys.some(({ identity }) => identity === name));
    if (!erase || identities.length === 0) return { stored: kept, erasure: null };

    const view = kept.timeline.asOf(asOf, plan, kept.tables);
    const requests = view.match(erase.on);
    if (requests.length === 0) return { stored: kept, erasure: null };
    const before = new Map(identities.map(({ name }) => [name, view.resolution(name)!]));
    const resolved = [...before].map(([name, { belongs, clusterOf }]) => [name, this.id(belongs), this.id(clusterOf)]);
    const key = canonical([sources.map(source => this.id(source)), view.count, this.id(requests), resolved]);
    const { erasure, sources: left } = this.erasures.get(key, () => {
      const erasure = erasureOf(requests, before, view.count);
      const gone = sources.map(source => new Uint8Array(source.rows.count));
      for (let position = 0; position < view.count; position++)
        if (erasure.rows[position]) gone[view.source[position]][view.rowAt(position)] = 1;
      return { erasure, sources: sources.map((source, i) => source.without(gone[i])) };
    });
    return { stored: { ...kept, sources: left, timeline: this.timelineOf(left) }, erasure };
  }

  /** A number for an object, so that keys can name what was made from it. */
  private id(object: object): number {
    let id = this.ids.get(object);
    if (id === undefined) {
      id = ++this.lastId;
      this.ids.set(object, id);
    }
    return id;
  }

  private letGo(sql: SqlStore): void {
    for (const kept of [this.relations, this.tables, this.sources, this.timelines]) kept.pass(UNUSED);
    const dictionaries = new Set<Dictionary>();
    for (const relation of this.relations.values()) for (const dictionary of relation.dictionaries()) dictionaries.add(dictionary);
    const tuples = new Set<readonly Int32Array[]>();
    for (const source of this.sources.values()) for (const { parts } of source.conditions.tuples.values()) tuples.add(parts);
    // Ids of several columns are told apart in dictionaries of their own.
    for (const timeline of this.timelines.values()) timeline.keepOnly(dictionaries);
    sql.keepOnly(dictionaries, tuples);
    for (const source of this.sources.values()) {
      source.rows.keepOnly(dictionaries);
      source.conditions.keepOnly(dictionaries);
    }
  }
}

function schemaOf(
  plan: Plan,
  loaded: { sources: Map<string, Loaded>; tables: Map<string, Loaded> },
  stored: Stored,
  recorded: readonly SourceEvents[],
): Schema {
  const schema: Schema = { sources: {}, tables: {} };
  plan.sources.forEach((source, i) => {
    const { relation } = loaded.sources.get(source.name)!;
    const events = stored.sources[i].eventCounts();
    const gone = stored.sources[i] === recorded[i] ? [] : goneFrom(events, recorded[i].eventCounts(), plan);
    schema.sources[source.name] = { columns: relation.schema(), events, ...(gone.length > 0 && { gone }) };
  });
  for (const table of plan.tables) {
    const { relation } = loaded.tables.get(table.name)!;
    schema.tables[table.name] = { columns: relation.schema(), rows: relation.rows };
  }
  return tellableSchema(schema, plan, trustsIn(plan, loaded));
}

function trustsIn({ sources, tables }: Plan, loaded: Prepared['loaded']): Trusts {
  const of = (names: { name: string }[], read: Map<string, Loaded>) =>
    Object.fromEntries(names.map(({ name }) => [name, trustIn(read.get(name)!.relation)]));
  return { sources: of(sources, loaded.sources), tables: of(tables, loaded.tables) };
}

/** Only names that the definition says itself: those of people who are gone are nobody's to read. */
const goneFrom = (events: Record<string, number>, before: Record<string, number>, plan: Plan): string[] =>
  [...eventsSaid(plan)].filter(name => Object.hasOwn(before, name) && !Object.hasOwn(events, name));

/** The last event's time, but not after a source's `until`: beyond it that source is silent, whatever the others still tell. */
function defaultAsOf(plan: Plan, last: Instant | null): Instant | null {
  return last === null ? null : Math.min(last, ...plan.sources.map(({ time }) => time.until ?? Number.POSITIVE_INFINITY));
}

/** Sources that read the same files tell the same faults. */
function distinct(problems: DataProblem[]): DataProblem[] {
  const seen = new Map(problems.map(problem => [JSON.stringify(problem), problem]));
  return [...seen.values()];
}
