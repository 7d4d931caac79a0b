import type {
  Coverage,
  EngineCode,
  ExplainOptions,
  Explanation,
  IdentityOptions,
  IdentityReport,
  Plan,
  Preview,
  PreviewOptions,
  RowMatch,
} from '@journey/engine';
import { emptyPlan, isTold, recordOf } from '@journey/engine';
import { URI } from 'vscode-uri';
import { bindFile } from '../bind/index.ts';
import { identityFindings } from '../findings/identity.ts';
import { type Answers, dataFindings, evidence, mayHide, questionKey, questionPlan, questions, withoutHiding } from '../findings/index.ts';
import type { JourneyServices } from '../language/services.ts';
import { contains, firstLine } from '../text/places.ts';
import { typeFindings } from '../typing/index.ts';
import { privacyFindings } from '../validate/privacy.ts';
import { Documents, Unreadable } from './documents.ts';
import { fromProblem, notText, ordered, textFindings } from './findings.ts';
import type { Checked, CheckOptions, Definition, Finding, Identified, ProjectApi, ProjectPorts, Recorded, Tested } from './types.ts';

/** What the engine says of a column that isn't there. */
const ABOUT_COLUMNS = new Set<string>(['time-column-missing', 'join-without-partner'] satisfies EngineCode[]);
/** That nobody takes a rule: what a rule that can never fire comes to. */
const ABOUT_TAKING = new Set(['enter-never-attempted', 'stage-never-reached', 'end-never-taken', 'rule-not-exercised']);

const NOTHING = emptyPlan();

/**
 * The facade: the editor, the terminal and the tests ask here and nowhere else.
 *
 * Bad input is never thrown but found: a missing file, a broken text, missing or unreadable data all come as findings. What
 * is thrown is an AbortError, when the caller's signal fires, and what an engine throws that is itself broken.
 */
export class Project implements ProjectApi {
  readonly services: JourneyServices;
  private readonly documents: Documents;
  private readonly ports: ProjectPorts;

  constructor(services: JourneyServices, ports: ProjectPorts) {
    this.services = services;
    this.documents = new Documents(services);
    this.ports = ports;
  }

  setText(uri: string, text: string | undefined): void {
    this.documents.setText(uri, text);
  }

  forget(uri: string): void {
    this.documents.forget(uri);
  }

  /** @throws AbortError when `signal` fires */
  async definition(uri: string, signal?: AbortSignal): Promise<Definition> {
    const key = URI.parse(uri).toString();
    try {
      const files = await this.documents.built(key, signal);
      const { plan, broken } = bindFile(files[files.length - 1], this.services);
      return { uri: key, plan, findings: ordered([...files.flatMap(textFindings), ...privacyFindings(plan, broken)], key), broken };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const finding: Finding = error.binary
        ? notText(key)
        : { code: 'file-not-found', severity: 'error', message: error.message, at: firstLine(key) };
      return { uri: key, plan: NOTHING, findings: [finding], broken: [] };
    }
  }

  /** @throws AbortError when the options' signal fires; what the engine throws */
  async check(uri: string, options: CheckOptions = {}): Promise<Checked> {
    const definition = await this.definition(uri, options.signal);
    const { plan } = definition;
    if (plan.sources.length === 0 && plan.journeys.length === 0) return definition;
    const preview = await this.ports.engine.preview(plan, options);
    const answers = await this.ask(plan, preview, options);
    const shown: Plan = {
      ...plan,
      journeys: plan.journeys.filter(({ name }) => preview.result.journeys.some(journey => journey.name === name)),
    };
    const typed = typeFindings(shown, preview.schema);
    // A rule that can never fire is not told again that nobody took it.
    const dead = definition.findings.filter(({ code }) => code === 'never-fires');
    const data = dataFindings(evidence(shown, preview, answers), typed).filter(
      ({ code, at }) => !ABOUT_TAKING.has(code) || !dead.some(finding => contains(finding.at, at)),
    );
    // Of a column that isn't there, the typing also knows which one was meant.
    const problems = preview.problems.filter(
      ({ code, at }) => !ABOUT_COLUMNS.has(code) || !typed.some(finding => contains(at, finding.at)),
    );
    const findings = ordered([...definition.findings, ...problems.map(fromProblem), ...typed, ...data], definition.uri);
    const checked = { ...definition, preview, findings };
    if (!options.identities) return checked;
    const more = [...(await this.doubts(checked, options.signal)), ...(await this.identities(checked, options.signal)).findings];
    return { ...checked, findings: ordered([...findings, ...more], definition.uri) };
  }

  /** @throws AbortError when `signal` fires; what the engine throws */
  async test(uri: string, signal?: AbortSignal): Promise<Tested> {
    const definition = await this.definition(uri, signal);
    const scenarios = definition.plan.scenarios.length > 0 ? await this.ports.engine.test(definition.plan, { signal }) : [];
    return { ...definition, scenarios };
  }

  /** @throws AbortError when the options' signal fires; what the engine throws */
  async explain(uri: string, options: ExplainOptions): Promise<Explanation> {
    const { plan, broken } = await this.definition(uri, options.signal);
    if (broken.includes(options.journey)) {
      const note = `Journey ${options.journey} has errors: correct them first; \`journey check\` names them.`;
      return { journey: options.journey, participant: null, ids: [], asOf: null, instances: [], note };
    }
    return this.ports.engine.explain(plan, options);
  }

  /** @throws AbortError when the options' signal fires; what the engine throws */
  async coverage(uri: string, options: PreviewOptions = {}): Promise<Coverage> {
    const { plan } = await this.definition(uri, options.signal);
    return this.ports.engine.coverage(plan, options);
  }

  /** @throws AbortError when the options' signal fires; what the engine throws */
  async identity(uri: string, options: IdentityOptions = {}): Promise<Identified> {
    const definition = await this.definition(uri, options.signal);
    const report = await this.ports.engine.identity(definition.plan, options);
    return report ? { ...definition, report } : definition;
  }

  /** @throws AbortError when `signal` fires; what the engine throws */
  async doubts({ plan, preview }: Checked, signal?: AbortSignal): Promise<Finding[]> {
    if (!preview) return [];
    const problems = await this.ports.engine.doubts(plan, { asOf: preview.result.asOf ?? undefined, signal });
    return problems.map(fromProblem);
  }

  /** @throws AbortError when `signal` fires; what the engine throws */
  async identities({ plan, preview }: Checked, signal?: AbortSignal): Promise<{ reports: IdentityReport[]; findings: Finding[] }> {
    const reports: IdentityReport[] = [];
    const findings: Finding[] = [];
    const used = plan.identities.filter(({ name }) => plan.journeys.some(({ identity }) => identity === name));
    const gone = Object.values(preview?.result.sources ?? {}).some(({ erased, expired }) => erased + expired > 0);
    for (const identity of preview ? used : []) {
      const report = await this.ports.engine.identity(plan, { identity: identity.name, asOf: preview?.result.asOf ?? undefined, signal });
      if (!report) continue;
      reports.push(report);
      findings.push(...identityFindings(identity, report, gone));
    }
    return { reports, findings };
  }

  /** @throws AbortError when `signal` fires */
  async privacy(uri: string, signal?: AbortSignal): Promise<Recorded> {
    const definition = await this.definition(uri, signal);
    return { ...definition, record: recordOf(definition.plan) };
  }

  /** How many rows there are behind conditions, values and properties that the preview itself doesn't count. */
  private async ask(plan: Plan, preview: Preview, { asOf, signal }: PreviewOptions): Promise<Answers> {
    const answers = async (asking: Plan, asked: RowMatch[]): Promise<Map<string, number>> => {
      if (asked.length === 0) return new Map();
      const { result } = await this.ports.engine.preview(questionPlan(asking, asked), { asOf, signal, journeys: [] });
      return new Map(
        asked.flatMap((match, i): [string, number][] => {
          const rows = result.events[i];
          // Withheld: what would be said of so few is not said.
          return isTold(rows) ? [[questionKey(match), rows]] : [];
        }),
      );
    };
    const asked = questions(plan, preview.schema);
    const rows = await answers(plan, asked);
    // Only where none counts it matters whether there were any.
    const none = mayHide(plan) ? asked.filter(match => rows.get(questionKey(match)) === 0) : [];
    return { rows, recorded: await answers(withoutHiding(plan), none) };
  }
}
