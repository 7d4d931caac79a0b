/** Scenarios: what the definition does to a few literal rows, and whether it is what was claimed. */
import type { Events } from '../events.ts';
import type { IdentityOptions, IdentityReport } from '../identity/types.ts';
import type { Instant, JourneyPlan, Plan, ScenarioPlan } from '../plan.ts';
import type { Files } from '../ports.ts';
import type { Pacer } from '../read/pause.ts';
import type { ScenarioResult } from '../result.ts';
import { foldJourney } from '../simulate/fold.ts';
import { Kept } from '../store/kept.ts';
import { judge } from './judge.ts';
import { type Literal, literal } from './literal.ts';
import { type Story, storyOf } from './story.ts';

/** Holds plans against files: an engine, as far as scenarios need one. */
export interface Holder {
  /** Fulfilled when the SQL engine is there. */
  start(): Promise<unknown>;
  /** @param use called with the events there are at or before the instant; its answer is handed on */
  hold<T>(plan: Plan, asOf: Instant | null, use: (events: Events, asOf: Instant | null) => T): Promise<T>;
  identity(plan: Plan, options: IdentityOptions): Promise<IdentityReport | null>;
  filesChanged(): void;
  dispose(): void;
}

/** What a scenario came to, without its places in the text: these move while the meaning stays. */
interface Outcome {
  instead: string[];
  taken: Record<string, string[]>;
  ms: number;
}

/** A scenario that was set up once, to be told of several journeys or of one in several variants. */
export interface Stage {
  scenario: ScenarioPlan;
  /** Those it speaks of, as far as a scenario reads them. */
  journeys: JourneyPlan[];
  tell(journey: JourneyPlan): Told;
}
/** `instead` by claim of that journey, empty where it holds; rules are named as they were taken. */
export interface Told {
  instead: string[];
  taken: Map<string, number>;
}

/** The scenarios of plans. A scenario is run again only when its meaning, or that of what it speaks of, has changed. */
export class Scenarios {
  private readonly known = new Kept<Outcome>(1000);
  private readonly makeHolder: (files: Files) => Holder;
  private readonly files = new LiteralFiles();
  private holder: Holder | null = null;

  constructor(makeHolder: (files: Files) => Holder) {
    this.makeHolder = makeHolder;
  }

  /**
   * Runs them all, in order.
   * @returns none for a scenario that speaks of a journey that could not be bound: that is told where the journey stands
   */
  async run(plan: Plan, pacer: Pacer): Promise<ScenarioResult[]> {
    const results: ScenarioResult[] = [];
    for (const scenario of speakable(plan)) {
      await pacer.pause();
      const { instead, taken, ms } = await this.outcome(plan, scenario);
      const claims = scenario.claims.map(({ at, text }, i) => ({ at, text, ok: instead[i] === '', instead: instead[i] }));
      results.push({ title: scenario.title, at: scenario.titleAt, ok: claims.every(({ ok }) => ok), ms, claims, taken });
    }
    return results;
  }

  /** Sets each scenario up and hands it over, one after the other. */
  async stage(plan: Plan, pacer: Pacer, use: (stage: Stage) => void): Promise<void> {
    for (const scenario of speakable(plan)) {
      await pacer.pause();
      await this.set(literal(plan, scenario), scenario, use);
    }
  }

  /**
   * Who is one customer on a scenario's rows.
   * @returns null where there is no such scenario, or it speaks of what could not be bound
   */
  async identity(plan: Plan, title: string, options: Omit<IdentityOptions, 'asOf' | 'scenario'>): Promise<IdentityReport | null> {
    const scenario = speakable(plan).find(one => one.title === title);
    if (!scenario) return null;
    const own = literal(plan, scenario);
    const holder = this.running();
    this.files.put(own.texts);
    holder.filesChanged();
    return holder.identity(own.plan, { ...options, asOf: own.asOf ?? undefined });
  }

  dispose(): void {
    this.known.clear();
    this.holder?.dispose();
    this.holder = null;
  }

  private async outcome(plan: Plan, scenario: ScenarioPlan): Promise<Outcome> {
    const own = literal(plan, scenario);
    const key = meaning([own.plan, [...own.texts], own.asOf, scenario.claims]);
    const known = this.known.find(key);
    if (known) return known;
    // Loading sql.js is no part of the first scenario.
    await this.running().start();
    const started = performance.now();
    const outcome: Outcome = { instead: [], taken: {}, ms: 0 };
    await this.set(own, scenario, ({ tell }) => {
      for (const journey of own.plan.journeys) {
        const { instead, taken } = tell(journey);
        outcome.taken[journey.name] = [...taken.keys()];
        scenario.claims.forEach((claim, i) => {
          if (claim.journey === journey.name) outcome.instead[i] = instead.shift()!;
        });
      }
    });
    outcome.ms = performance.now() - started;
    return this.known.set(key, outcome);
  }

  private running(): Holder {
    this.holder ??= this.makeHolder(this.files);
    return this.holder;
  }

  private async set(own: Literal, scenario: ScenarioPlan, use: (stage: Stage) => void): Promise<void> {
    const holder = this.running();
    this.files.put(own.texts);
    holder.filesChanged();
    await holder.hold(own.plan, own.asOf, (events, asOf) =>
      use({ scenario, journeys: own.plan.journeys, tell: journey => tell(journey, scenario, own, events, asOf) }),
    );
  }
}

/** Scenarios all of whose journeys are there. */
const speakable = ({ scenarios, journeys }: Plan): ScenarioPlan[] =>
  scenarios.filter(({ claims }) => claims.every(({ journey }) => journeys.some(({ name }) => name === journey)));

function tell(journey: JourneyPlan, scenario: ScenarioPlan, own: Literal, events: Events, asOf: Instant | null): Told {
  const story = storyOf(journey, foldJourney(journey, own.plan, events, asOf));
  const claims = scenario.claims.filter(claim => claim.journey === journey.name);
  const instead = claims.map(claim => judge(claim, story));
  const remarks = instead.some(each => each !== '') ? aside(journey, scenario, own, events) : '';
  return { instead: instead.map(each => (each === '' ? '' : each + remarks)), taken: takenIn(story) };
}

/** How often each rule was taken: runs that entered by it, reached it, or ended by it. */
function takenIn({ runs }: Story): Map<string, number> {
  const taken = new Map<string, number>();
  for (const { rule, reached, end } of runs) {
    for (const name of [rule, ...reached, ...(end ? [end.rule] : [])]) taken.set(name, (taken.get(name) ?? 0) + 1);
  }
  return taken;
}

/** Rows that came to nothing, each kind of which is easily overlooked. */
function aside(journey: JourneyPlan, { rows }: ScenarioPlan, { plan, asOf, homeless }: Literal, events: Events): string {
  const { consent, erase, retain } = plan.privacy ?? {};
  const leavers = ["the source's `where`", '`unique`', ...(erase ? ['an erasure'] : []), ...(retain ? ['`retain`'] : [])];
  const later = rows.filter(({ time }) => asOf !== null && time > asOf).length;
  const left = rows.length - later - events.count;
  const people = events.participants(journey.identity).of;
  const nobodys = people.reduce((sum, participant) => (participant < 0 ? sum + 1 : sum), 0);
  const told = [
    later > 0 && `${rowCount(later, 'is', 'are')} after the instant of \`as of\``,
    left > 0 && `${rowCount(left, 'is', 'are')} no event: ${listed(leavers)} leaves ${left === 1 ? 'it' : 'them'} out`,
    consent !== undefined && events.match(consent.from).length === 0 && `no row states consent, so nobody consents: ${consent.text}`,
    nobodys > 0 && `${rowCount(nobodys, 'carries', 'carry')} no id of ${journey.identity}`,
    homeless.length > 0 && `${homeless.join(', ')} belongs to nobody: give the row the customer's id`,
  ].filter(Boolean);
  return told.map(each => `; ${each}`).join('');
}

const listed = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
const rowCount = (count: number, one: string, many: string): string => (count === 1 ? `1 row ${one}` : `${count} rows ${many}`);

const PLACES = new Set(['at', 'nameAt', 'titleAt', 'doc', 'via', 'warehouse']);
/** What parts of a plan say, wherever they stand. */
const meaning = (parts: unknown): string => JSON.stringify(parts, (key, value) => (PLACES.has(key) ? undefined : value));

/** The texts of one scenario at a time; none is ever the same file as one of another scenario. */
class LiteralFiles implements Files {
  private readonly encoder = new TextEncoder();
  private files = new Map<string, Uint8Array>();
  private turn = 0;

  put(texts: ReadonlyMap<string, string>): void {
    this.turn++;
    this.files = new Map([...texts].map(([name, text]) => [name, this.encoder.encode(text)]));
  }

  async list(_base: string, pattern: string) {
    const bytes = this.files.get(pattern);
    return bytes ? [{ uri: pattern, path: `${pattern}.ndjson`, size: bytes.length, modified: this.turn }] : [];
  }

  async *read(uri: string) {
    yield this.files.get(uri)!;
  }
}
