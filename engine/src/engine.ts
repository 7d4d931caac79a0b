import type { SqlJsStatic } from 'sql.js';
import { coverageOf } from './coverage/index.ts';
import type { Coverage } from './coverage/types.ts';
import { Data, type Tell } from './data.ts';
import { deriveEvents } from './derive/index.ts';
import { leavesOf } from './derive/pattern.ts';
import type { Events } from './events.ts';
import { explainJourney } from './explain/index.ts';
import type { ExplainOptions, Explanation } from './explain/types.ts';
import { identityResult } from './identity/counts.ts';
import { identityReport } from './identity/report/index.ts';
import type { IdentityOptions, IdentityReport } from './identity/types.ts';
import type { Instant, Plan } from './plan.ts';
import type { ColumnPlace, EngineApi, Files, PreviewOptions } from './ports.ts';
import { consented } from './privacy/consent.ts';
import { discreetJourneys, withheldSplits } from './privacy/discreet.ts';
import { piiOf } from './privacy/pii.ts';
import { tellableSchema } from './privacy/schema.ts';
import { suppressResult } from './privacy/suppress-result.ts';
import { trustIn } from './privacy/trust.ts';
import { columnProblems, repeatProblem } from './problems.ts';
import { doubtsOf, fileExpectations, qualityOf, sourceResults } from './quality/index.ts';
import { Pacer } from './read/pause.ts';
import { LIMITS, type Limits } from './read/reading.ts';
import type { DataProblem, Preview, Result, ScenarioResult, Schema } from './result.ts';
import { type Holder, Scenarios } from './scenario/index.ts';
import { schemaOf } from './schema.ts';
import { shownJourney } from './simulate/index.ts';
import { patternsOf, usesOf } from './store/uses.ts';

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

class Engine implements EngineApi, Holder {
  private readonly data: Data;
  private readonly scenarios: Scenarios;
  /** One preview at a time: the next waits for the one before, which was cancelled or is nearly done. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor({ files, sql, limits }: EngineParts) {
    // One sql.js for the sample and for the scenarios, each with a database of its own.
    let loading: Promise<SqlJsStatic> | null = null;
    const once = () => {
      loading ??= sql().catch(error => {
        loading = null;
        throw error;
      });
      return loading;
    };
    this.data = new Data(files, once, { ...LIMITS, ...limits });
    this.scenarios = new Scenarios(literal => new Engine({ files: literal, sql: once, limits }));
  }

  preview(plan: Plan, options: PreviewOptions = {}): Promise<Preview> {
    return this.inTurn(() => this.run(plan, options));
  }

  filesChanged(): void {
    this.data.filesChanged();
  }

  dispose(): void {
    this.data.dispose();
    this.scenarios.dispose();
  }

  start(): Promise<unknown> {
    return this.data.start();
  }

  private async run(plan: Plan, options: PreviewOptions): Promise<Preview> {
    const pacer = new Pacer(options.signal);
    const started = performance.now();
    const tell: Tell = (stage, name, done, total) => options.onProgress?.({ stage, name, done, total });
    const { loaded, stored, problems, asOf, events, told, erasure, recorded } = await this.data.prepare(plan, options, pacer, tell);
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
    await this.data.finish(stored);
    const scenarios = await this.scenarios.run(plan, pacer);

    const identities = new Set(plan.journeys.map(journey => journey.identity));
    return {
      schema: schemaOf(plan, loaded, stored.sources, recorded),
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
      const { stored, asOf, events, told } = await this.data.prepare(plan, options, pacer, tell);
      try {
        const asked = discreetJourneys(told).filter(({ name }) => options.journeys?.includes(name) ?? true);
        const simulating = (name: string, done: number, total: number) => tell('simulating', name, done, total);
        const quality = qualityOf(sourceResults(plan, stored.sources, events, asOf));
        return await coverageOf(plan, asked, events, asOf, quality, this.scenarios, pacer, simulating);
      } finally {
        await this.data.finish(stored);
      }
    });
  }

  test(plan: Plan, options: Pick<PreviewOptions, 'signal'> = {}): Promise<ScenarioResult[]> {
    return this.inTurn(() => this.scenarios.run(plan, new Pacer(options.signal)));
  }

  explain(plan: Plan, options: ExplainOptions): Promise<Explanation> {
    return this.inTurn(async () => {
      const { signal, asOf } = options;
      const prepared = await this.data.prepare(plan, { signal, asOf }, new Pacer(signal), () => {});
      try {
        return explainJourney(prepared.told, prepared.events, prepared.asOf, options);
      } finally {
        await this.data.finish(prepared.stored);
      }
    });
  }

  identity(plan: Plan, options: IdentityOptions = {}): Promise<IdentityReport | null> {
    return this.inTurn(async () => {
      const { signal, asOf, scenario, ...rest } = options;
      if (scenario !== undefined) return this.scenarios.identity(plan, scenario, { ...rest, signal });
      const pacer = new Pacer(signal);
      const prepared = await this.data.prepare(plan, { signal, asOf }, pacer, () => {});
      try {
        return await identityReport(prepared.told, prepared.events, prepared.asOf, options, pacer, prepared.erasure?.before);
      } finally {
        await this.data.finish(prepared.stored);
      }
    });
  }

  values(plan: Plan, { kind, name, column }: ColumnPlace, { signal }: Pick<PreviewOptions, 'signal'> = {}): Promise<string[]> {
    return this.inTurn(async () => {
      const pii = piiOf(plan);
      const personal = kind === 'source' ? pii.ofSourceColumn(name, column) : pii.ofTableColumn(name, column);
      const owner = (kind === 'source' ? plan.sources : plan.tables).find(one => one.name === name);
      if (!owner || personal !== undefined) return [];
      const { relation, found } = await this.data.look(owner.samples, column, new Pacer(signal));
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
      const { loaded, stored, asOf } = await this.data.prepare(plan, options, pacer, () => {});
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
        await this.data.finish(stored);
      }
    });
  }

  async hold<T>(plan: Plan, asOf: Instant | null, use: (events: Events, asOf: Instant | null) => T): Promise<T> {
    const prepared = await this.data.prepare(plan, asOf === null ? {} : { asOf }, new Pacer(), () => {});
    try {
      return use(prepared.events, prepared.asOf);
    } finally {
      await this.data.finish(prepared.stored);
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.queue.then(work);
    this.queue = next.catch(() => {});
    return next;
  }
}

/** Sources that read the same files tell the same faults. */
function distinct(problems: DataProblem[]): DataProblem[] {
  const seen = new Map(problems.map(problem => [JSON.stringify(problem), problem]));
  return [...seen.values()];
}
