/** What a started server knows and answers: the session, its publications and its views, for one client. */
import type { Files } from '@journey/engine';
import { EmptyFileSystemProvider, type FileSystemProvider } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import {
  type CancellationToken,
  type ClientCapabilities,
  CodeLensRefreshRequest,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  MarkupKind,
  MessageType,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { storyAsMarkdown } from '../explain/markdown.ts';
import { explainable } from '../explain/outcomes.ts';
import { story } from '../explain/story.ts';
import { toIdentityJson } from '../identity/json.ts';
import { identityAsMarkdown } from '../identity/markdown.ts';
import { createJourneyServices } from '../language/services.ts';
import { toPreviewJson } from '../project/preview-json.ts';
import { Project } from '../project/project.ts';
import type { Finding, ProjectApi } from '../project/types.ts';
import { knownOf } from './completion/index.ts';
import { ColumnValues } from './completion/values.ts';
import { type DiagnosticOptions, toActions, toDiagnostic } from './diagnostics.ts';
import { EngineDied, type EngineWorker, RemoteEngine } from './engine/remote.ts';
import { languageCapabilities } from './language.ts';
import {
  type ExplainableResult,
  type ExplainParams,
  type ExplainResult,
  type IdentitiesResult,
  type IdentityParams,
  type IdentityReportResult,
  type InitializationOptions,
  LIST_FILES,
  READ_FILE,
  type ReadFileResult,
  STATUS,
} from './protocol.ts';
import { say } from './say.ts';
import { carried, type Doc, Session } from './session.ts';
import { DEFAULTS, readSettings, type Settings } from './settings.ts';
import { statusOf } from './status.ts';
import { documentHints, documentLenses } from './views/document.ts';
import { identityHover, whoHover } from './views/hover/identity.ts';
import { hover } from './views/hover/index.ts';
import { identityAt } from './views/identity-hints.ts';
import { idAt } from './views/ids.ts';
import { lineMap } from './views/lines.ts';
import { thingAt } from './views/place.ts';
import { sampleGlobs, Watcher } from './watch.ts';
import { Workspace } from './workspace.ts';

const PROGRESS_EVERY_MS = 150;

/** What differs between a process and a web worker. */
export interface Platform {
  /** The files this side can reach, if any; for other uris the client is asked. */
  localFiles?: { files: Files; schemes: string[] };
  startWorker(): EngineWorker;
  /** Uri of the folder with a page per diagnostic code, where there is one. */
  docs?: string;
}

/** The texts of definitions that are not open, from the same place as the data. */
function definitionFiles(files: Files): FileSystemProvider {
  const readFile = async (uri: URI) => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of files.read(uri.toString())) text += decoder.decode(piece, { stream: true });
    return text + decoder.decode();
  };
  return Object.assign(new EmptyFileSystemProvider(), { readFile });
}

export class Server {
  readonly session: Session;
  readonly services: LangiumServices;
  /** Of columns that no rule uses yet. */
  readonly values: ColumnValues;
  private readonly connection: Connection;
  /** By uri as the services spell it: as the client does. */
  private readonly spelled = new Map<string, string>();
  private readonly capabilities: ClientCapabilities;
  private readonly options: InitializationOptions;
  private readonly project: ProjectApi;
  private readonly engine: RemoteEngine;
  private readonly diagnostics: DiagnosticOptions;
  private readonly watcher: Watcher;
  private readonly workspace: Workspace;
  private settings: Settings;
  private settled: Promise<void> = Promise.resolve();
  /** By uri: what was last published. */
  private readonly published = new Map<string, string>();
  /** By open document: what it says about every file. */
  private readonly said = new Map<Doc, Finding[]>();
  /** By open document: the last status, hints and lenses, to send and refresh only what changed. */
  private readonly told = new Map<string, string>();
  private readonly shown = new Map<string, { hints: string; lenses: string }>();
  private readonly telling = new Set<Doc>();
  private refreshing: ReturnType<typeof setTimeout> | undefined;
  private readonly toRefresh = new Set<'hints' | 'lenses'>();

  constructor(connection: Connection, platform: Platform, params: InitializeParams) {
    this.connection = connection;
    this.capabilities = params.capabilities;
    this.options = (params.initializationOptions ?? {}) as InitializationOptions;
    this.settings = readSettings(this.options.settings ?? DEFAULTS);
    const told = params.capabilities.textDocument?.publishDiagnostics;
    this.diagnostics = {
      related: told?.relatedInformation ?? false,
      docs: told?.codeDescriptionSupport ? (this.options.docs ?? platform.docs) : undefined,
    };
    const files = this.files(platform.localFiles);
    const folders = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    this.workspace = new Workspace(files, folders);
    this.engine = new RemoteEngine({
      start: platform.startWorker,
      files,
      onDied: reason => {
        connection.console.error(`The engine stopped: ${reason}. It is started again.`);
        say(connection, MessageType.Warning, `Journey: the engine stopped (${reason}) and is started again.`);
        // The run that was under way is gone; nobody else asks again.
        queueMicrotask(() => this.session.reviseAll());
      },
    });
    this.values = new ColumnValues((plan, column) => this.engine.values(plan, column));
    const services = createJourneyServices({ fileSystemProvider: () => definitionFiles(files) });
    this.services = services.journey;
    this.project = new Project(services, { files, engine: this.engine });
    this.session = new Session(this.project, {
      publish: (doc, findings) => this.publish(doc, findings),
      changed: doc => this.changed(doc),
      progressed: doc => this.progressed(doc),
      failed: (error, doing) => this.failed(error, doing),
      sampleEnabled: async () => {
        await this.settled;
        return this.settings.sample.enabled;
      },
    });
    this.watcher = new Watcher(connection, params.capabilities.workspace?.didChangeWatchedFiles?.relativePatternSupport ?? false);
  }

  result(): InitializeResult {
    return {
      serverInfo: { name: 'journey' },
      capabilities: {
        ...languageCapabilities(this.services),
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        inlayHintProvider: { resolveProvider: false },
        codeLensProvider: { resolveProvider: false },
        hoverProvider: true,
        codeActionProvider: { codeActionKinds: ['quickfix'] },
        workspace: { workspaceFolders: { supported: true } },
      },
    };
  }

  initialized(): void {
    if (this.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
      this.connection.client.register(DidChangeConfigurationNotification.type, { section: 'journey' }).catch(() => {});
    }
    this.settled = this.fetchSettings();
    this.watchFiles();
    void this.workspace.start();
  }

  dispose(): void {
    clearTimeout(this.refreshing);
    this.session.dispose();
    this.engine.dispose();
  }

  changedText(document: TextDocument): void {
    const uri = normal(document.uri);
    this.spelled.set(uri, document.uri);
    this.session.change(uri, document.getText(), document.version);
  }

  close(uri: string): void {
    this.session.close(normal(uri));
    this.spelled.delete(normal(uri));
    this.shown.delete(normal(uri));
    this.told.delete(normal(uri));
    this.watchFiles();
  }

  /** A client that can't watch files at least says when it writes one. */
  saved(): void {
    if (this.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
    this.engine.filesChanged();
    this.session.reviseAll();
  }

  filesChanged(uris: string[]): void {
    // The text of an open document is the editor's, whatever the disk says.
    const others = uris.map(normal).filter(uri => !this.session.docs.has(uri));
    if (others.length === 0) return;
    this.engine.filesChanged();
    this.workspace.changed(others);
    for (const uri of others) if (uri.endsWith('.journey')) this.project.setText(uri, undefined);
    this.session.reviseAll();
  }

  configurationChanged(sent: unknown): void {
    if (!this.capabilities.workspace?.configuration) {
      const section = (sent as { journey?: unknown } | null)?.journey;
      if (section !== undefined) this.applySettings(readSettings(section));
      return;
    }
    void this.fetchSettings();
  }

  /** With the files nobody has opened that import one of these; afterwards they are forgotten. */
  async withImporters<T>(uris: string[], use: () => T | Promise<T>): Promise<T> {
    const { LangiumDocuments } = this.services.shared.workspace;
    const read = (await this.workspace.importersOf(uris.map(normal))).filter(uri => !LangiumDocuments.hasDocument(URI.parse(uri)));
    for (const uri of read) await this.project.definition(uri);
    try {
      return await use();
    } finally {
      for (const uri of read) if (!this.session.docs.has(uri)) this.project.forget(uri);
    }
  }

  async inlayHints(uri: string, range: { start: { line: number }; end: { line: number } }) {
    const doc = await this.session.current(normal(uri));
    if (!doc) return [];
    const lines = doc.text.split(/\r?\n/);
    return documentHints(doc, this.settings.inlayHints)
      .filter(({ line }) => line >= range.start.line && line <= range.end.line)
      .map(({ line, label, tooltip }) => ({ position: { line, character: lines[line]?.length ?? 0 }, label, tooltip, paddingLeft: true }));
  }

  async codeLenses(uri: string) {
    const doc = await this.session.current(normal(uri));
    if (!doc || !this.settings.codeLens.enabled) return [];
    return documentLenses(doc).map(({ line, title }) => {
      const position = { line, character: 0 };
      return { range: { start: position, end: position }, command: { title, command: '' } };
    });
  }

  async hover(uri: string, position: { line: number; character: number }) {
    const doc = await this.session.current(normal(uri));
    if (!doc?.definition) return null;
    const told = (await this.whoAt(doc, position)) ?? this.identityAt(doc, position);
    if (told) return { contents: { kind: this.hoverKind(), value: told.value }, range: { start: told.at.start, end: told.at.end } };
    const thing = thingAt(doc.definition.plan, { uri: doc.uri, position, word: wordAt(doc, position) });
    if (!thing) return null;
    const known = knownOf(doc);
    const value = hover(thing, known && { ...doc.numbers!.preview, schema: known.schema }, this.look(doc));
    return { contents: { kind: this.hoverKind(), value }, range: { start: thing.at.start, end: thing.at.end } };
  }

  private look(doc: Doc): { pictures: boolean; stale: boolean } {
    return { pictures: Boolean(this.options.pictures) && this.settings.hover.pictures, stale: doc.showStale };
  }

  private hoverKind(): MarkupKind {
    const kinds = this.capabilities.textDocument?.hover?.contentFormat ?? [MarkupKind.Markdown];
    return kinds.includes(MarkupKind.Markdown) ? MarkupKind.Markdown : MarkupKind.PlainText;
  }

  /** Why one person, where an id stands. The engine is asked, behind whatever it is at. */
  private async whoAt(doc: Doc, position: { line: number; character: number }) {
    const id = idAt(doc.definition!.plan, doc.uri, position);
    if (!id || !this.settings.sample.enabled) return undefined;
    const { identity, kind, value, scenario, at } = id;
    const asOf = scenario === undefined ? (doc.numbers?.preview.result.asOf ?? undefined) : undefined;
    try {
      const { report } = await this.project.identity(doc.uri, { identity, who: kind ? `${kind}:${value}` : value, asOf, scenario });
      return report?.who && { value: whoHover(report.who), at };
    } catch (error) {
      if (!(error instanceof EngineDied)) this.failed(error, `telling why ${identity} is one person`);
      return undefined;
    }
  }

  /** What an identity, one of its kinds or a rule comes to. */
  private identityAt(doc: Doc, { line }: { line: number; character: number }) {
    const identity = identityAt(doc.definition!.plan.identities, doc.uri, line);
    const report = doc.identities?.reports.find(({ identity: name }) => name === identity?.name);
    if (!identity || !report) return undefined;
    // Line by line the block is as long as it was, or the report is of another block.
    const lines = lineMap(doc.identities!.text, doc.text);
    for (let then = report.at.start.line; then <= report.at.end.line; then++) {
      if (lines.line(then) !== line) continue;
      const value = identityHover(report, then, this.look(doc));
      const words = doc.text.split(/\r?\n/)[line] ?? '';
      const at = { start: { line, character: words.length - words.trimStart().length }, end: { line, character: words.length } };
      return value === '' ? undefined : { value, at };
    }
    return undefined;
  }

  async codeActions(uri: string, range: Parameters<typeof toActions>[1], asked: Parameters<typeof toActions>[2]) {
    const doc = await this.session.current(normal(uri));
    if (!doc) return [];
    return toActions(
      [...(doc.definition?.findings ?? []), ...carried(doc)].filter(({ at }) => at.uri === uri),
      range,
      asked,
    );
  }

  async preview(uri: string) {
    const doc = await this.session.current(normal(uri));
    return doc?.numbers ? toPreviewJson(doc.numbers.checked) : null;
  }

  async explainable(uri: string): Promise<ExplainableResult> {
    const doc = await this.session.current(normal(uri));
    return doc?.definition ? explainable(doc.definition.plan, doc.numbers?.preview) : [];
  }

  async explain({ uri, ...options }: ExplainParams, token: CancellationToken): Promise<ExplainResult> {
    const abort = new AbortController();
    const cancellation = token.onCancellationRequested(() => abort.abort());
    try {
      const explanation = await this.project.explain(normal(uri), { ...options, signal: abort.signal });
      const spelled = (of: string) => this.spelled.get(of) ?? of;
      return { participant: explanation.participant, markdown: storyAsMarkdown(story(explanation), spelled), explanation };
    } finally {
      cancellation.dispose();
    }
  }

  async identities(uri: string): Promise<IdentitiesResult> {
    const doc = await this.session.current(normal(uri));
    if (!doc?.definition) return [];
    const { identities, journeys } = doc.definition.plan;
    const used = journeys[0]?.identity;
    return [...identities]
      .sort((a, b) => Number(b.name === used) - Number(a.name === used))
      .map(({ name, at, kinds }) => ({
        identity: name,
        line: at.uri === doc.uri ? at.start.line : null,
        kinds: kinds.map(kind => kind.name),
      }));
  }

  async identity({ uri, ...options }: IdentityParams, token: CancellationToken): Promise<IdentityReportResult | null> {
    const abort = new AbortController();
    const cancellation = token.onCancellationRequested(() => abort.abort());
    try {
      const { report, plan } = await this.project.identity(normal(uri), { ...options, signal: abort.signal });
      if (!report) return null;
      const spelled = (of: string) => this.spelled.get(of) ?? of;
      return {
        customer: report.who?.customer ?? null,
        ...(report.who?.note === undefined ? {} : { note: report.who.note }),
        markdown: identityAsMarkdown(report, plan, spelled),
        report: toIdentityJson(report, plan, spelled),
      };
    } finally {
      cancellation.dispose();
    }
  }

  /** Files of this machine are read here; any other through the client, if it said it answers. */
  private files(local: Platform['localFiles']): Files {
    const here = (uri: string) => local?.schemes.some(scheme => uri.startsWith(`${scheme}:`));
    const { connection, options } = this;
    return {
      async list(base, pattern) {
        if (here(base)) return local!.files.list(base, pattern);
        return options.files ? connection.sendRequest(LIST_FILES, { base, pattern }) : [];
      },
      async *read(uri) {
        if (here(uri)) yield* local!.files.read(uri);
        else if (!options.files) throw new Error(`${uri} can't be read: this editor hands out no files of its own`);
        else {
          const answer: ReadFileResult = await connection.sendRequest(READ_FILE, { uri });
          yield 'bytes' in answer ? answer.bytes : Uint8Array.from(atob(answer.base64), char => char.charCodeAt(0));
        }
      },
    };
  }

  private async fetchSettings(): Promise<void> {
    if (!this.capabilities.workspace?.configuration) return;
    try {
      this.applySettings(readSettings(await this.connection.workspace.getConfiguration('journey')));
    } catch (error) {
      this.connection.console.warn(`The settings could not be read; the defaults hold. ${error}`);
    }
  }

  private applySettings(settings: Settings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    const sample = settings.sample.enabled !== this.settings.sample.enabled;
    this.settings = settings;
    if (sample) this.session.reviseAll();
    for (const doc of this.session.docs.values()) this.changed(doc);
  }

  private publish(doc: Doc, findings: Finding[]): void {
    const before = this.said.get(doc) ?? [];
    if (this.session.docs.has(doc.uri)) this.said.set(doc, findings);
    else this.said.delete(doc);
    for (const uri of new Set([doc.uri, ...[...before, ...findings].map(({ at }) => at.uri)])) this.publishFile(uri);
    this.watchFiles();
  }

  /** An open file speaks for itself; for any other the open files that import it do. */
  private publishFile(uri: string): void {
    const open = this.session.docs.get(uri);
    const speakers = open ? [open] : [...this.said.keys()];
    const findings = speakers.flatMap(doc => (this.said.get(doc) ?? []).filter(({ at }) => at.uri === uri));
    const diagnostics = [...new Map(findings.map(finding => [JSON.stringify(finding), toDiagnostic(finding, this.diagnostics)])).values()];
    const key = JSON.stringify([open?.version, diagnostics]);
    if (this.published.get(uri) === key) return;
    if (!open && diagnostics.length === 0) {
      if (!this.published.delete(uri)) return;
    } else this.published.set(uri, key);
    void this.connection.sendDiagnostics({ uri: this.spelled.get(uri) ?? uri, version: open?.version, diagnostics });
  }

  /** A long piece of work is followed by eye: a few times a second is enough. */
  private progressed(doc: Doc): void {
    if (this.telling.has(doc)) return;
    this.telling.add(doc);
    setTimeout(() => {
      this.telling.delete(doc);
      if (doc.progress && this.session.docs.has(doc.uri)) this.tell(doc);
    }, PROGRESS_EVERY_MS);
  }

  private tell(doc: Doc): void {
    const status = { ...statusOf(doc, this.settings.sample.enabled), uri: this.spelled.get(doc.uri) ?? doc.uri };
    const key = JSON.stringify(status);
    if (this.told.get(doc.uri) === key) return;
    this.told.set(doc.uri, key);
    void this.connection.sendNotification(STATUS, status);
  }

  /** Sends the status, and asks the client to fetch again what looks different now. */
  private changed(doc: Doc): void {
    this.tell(doc);
    const now = {
      hints: JSON.stringify(documentHints(doc, this.settings.inlayHints)),
      lenses: JSON.stringify(this.settings.codeLens.enabled ? documentLenses(doc) : []),
    };
    const before = this.shown.get(doc.uri);
    this.shown.set(doc.uri, now);
    if (now.hints !== before?.hints) this.toRefresh.add('hints');
    if (now.lenses !== before?.lenses) this.toRefresh.add('lenses');
    if (this.toRefresh.size > 0) this.refreshing ??= setTimeout(() => this.refresh(), 5);
  }

  private refresh(): void {
    this.refreshing = undefined;
    const { workspace } = this.capabilities;
    const quietly = (request: Promise<void>) => void request.catch(() => {});
    if (this.toRefresh.has('hints') && workspace?.inlayHint?.refreshSupport) quietly(this.connection.languages.inlayHint.refresh());
    if (this.toRefresh.has('lenses') && workspace?.codeLens?.refreshSupport)
      quietly(this.connection.sendRequest(CodeLensRefreshRequest.type));
    this.toRefresh.clear();
  }

  private watchFiles(): void {
    if (!this.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
    this.watcher.watch(
      [...this.session.docs.values()].flatMap(({ definition, numbers }) => {
        const plan = definition?.plan ?? numbers?.checked.plan;
        return plan ? sampleGlobs(plan) : [];
      }),
    );
  }

  private failed(error: unknown, doing: string): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.connection.console.error(`${doing}: ${detail}`);
    say(
      this.connection,
      MessageType.Error,
      `Journey: an internal error while ${doing}. The output has the detail; the rest goes on working.`,
    );
  }
}

/** A client may encode a uri otherwise than the services do. */
const normal = (uri: string) => URI.parse(uri).toString();

function wordAt({ uri, text }: Doc, { line, character }: { line: number; character: number }) {
  for (const match of (text.split(/\r?\n/)[line] ?? '').matchAll(/[\p{L}\p{N}_]+/gu)) {
    const end = match.index + match[0].length;
    if (character >= match.index && character <= end) {
      return { text: match[0], at: { uri, start: { line, character: match.index }, end: { line, character: end } } };
    }
  }
  return undefined;
}
