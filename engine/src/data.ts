/** What a plan asks for, read from its files and stored: the events that its journeys are held against. */
import type { SqlJsStatic } from 'sql.js';
import type { At, Instant, Plan, SamplePlan } from './plan.ts';
import type { FileInfo, Files, PreviewOptions, Progress } from './ports.ts';
import { type Erasure, erasureOf } from './privacy/erase.ts';
import { piiOf } from './privacy/pii.ts';
import { existenceProblems } from './privacy/problems.ts';
import { asTrusted } from './privacy/trust.ts';
import { fileProblems, gapProblem, joinProblems, type Loaded, planProblems } from './problems.ts';
import type { Dictionary } from './read/dictionary.ts';
import type { Pacer } from './read/pause.ts';
import type { Limits } from './read/reading.ts';
import { FileChanged, Relation } from './read/relation.ts';
import type { ColumnSchema, DataProblem } from './result.ts';
import { type AllLoaded, trustsIn } from './schema.ts';
import { canonical } from './store/expr.ts';
import { Kept } from './store/kept.ts';
import { SourceRows, TableRows } from './store/rows.ts';
import { SourceEvents } from './store/source.ts';
import { SqlStore } from './store/sql.ts';
import { Timeline, type TimelineAsOf } from './store/timeline.ts';
import { type Uses, usesOf } from './store/uses.ts';

/** What was read of other files, or by other rules, outlives so many previews that have no use for it. */
const UNUSED = 64;

export type Tell = (stage: Progress['stage'], name: string, done: number, total: number) => void;

/** What journeys are simulated on, and what stands in its way. */
export interface Prepared {
  loaded: AllLoaded;
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

export interface Stored {
  tables: Map<string, TableRows>;
  sources: SourceEvents[];
  timeline: Timeline;
}

/** All that was read of some files, and what was made from it: the least used goes first. */
export class Data {
  private readonly files: Files;
  private readonly limits: Limits;
  private readonly makeSql: () => Promise<SqlJsStatic>;
  private sql: Promise<SqlStore> | null = null;
  private readonly lists = new Map<string, Promise<FileInfo[]>>();
  private readonly relations = new Kept<Relation>(32);
  private readonly tables = new Kept<TableRows>(16);
  private readonly sources = new Kept<SourceEvents>(16);
  private readonly timelines = new Kept<Timeline>(6);
  private readonly erasures = new Kept<{ erasure: Erasure; sources: SourceEvents[] }>(2);
  private readonly ids = new WeakMap<object, number>();
  private lastId = 0;

  constructor(files: Files, makeSql: () => Promise<SqlJsStatic>, limits: Limits) {
    this.files = files;
    this.makeSql = makeSql;
    this.limits = limits;
  }

  filesChanged(): void {
    this.lists.clear();
  }

  dispose(): void {
    this.filesChanged();
    for (const kept of [this.relations, this.tables, this.sources, this.timelines, this.erasures]) kept.clear();
    this.sql?.then(sql => sql.close()).catch(() => {});
    this.sql = null;
  }

  start(): Promise<SqlStore> {
    this.sql ??= this.makeSql().then(sql => new SqlStore(sql, this.limits.sqlBytes));
    this.sql.catch(() => {
      this.sql = null;
    });
    return this.sql;
  }

  /** Reads and stores what a plan asks for: the events that its journeys are held against. */
  async prepare(plan: Plan, options: PreviewOptions, pacer: Pacer, tell: Tell): Promise<Prepared> {
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
  async finish(stored: Stored): Promise<void> {
    for (const source of stored.sources) source.conditions.onFailure = null;
    this.letGo(await this.sql!);
  }

  /** One column, of files that need not be read otherwise; it is forgotten as one that fell out of use. */
  async look(samples: SamplePlan[], column: string, pacer: Pacer): Promise<{ relation: Relation; found?: ColumnSchema }> {
    let found: ColumnSchema | undefined;
    const { relation } = await this.read(samples, pacer, async relation => {
      found = await relation.look(column, this.files, this.limits, pacer);
    });
    return { relation, found };
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
    loaded: AllLoaded,
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

/** The last event's time, but not after a source's `until`: beyond it that source is silent, whatever the others still tell. */
function defaultAsOf(plan: Plan, last: Instant | null): Instant | null {
  return last === null ? null : Math.min(last, ...plan.sources.map(({ time }) => time.until ?? Number.POSITIVE_INFINITY));
}
