/** A plain editor for the tests: the real server, as a process, spoken to over standard input and output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type CodeAction,
  type CodeLens,
  createProtocolConnection,
  type Diagnostic,
  type Hover,
  type InlayHint,
  type Position,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import type { InitializationOptions, StatusParams } from '../../language-server/src/server/protocol.ts';

/** What an editor usually can do; a test may take something away. */
export const CAPABILITIES: ClientCapabilities = {
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    inlayHint: { refreshSupport: true },
    codeLens: { refreshSupport: true },
  },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
  },
};

export interface StartOptions {
  /** The server's script; the sources where absent. */
  script?: string;
  /** The Node that runs it. */
  node?: string;
  args?: string[];
  capabilities?: ClientCapabilities;
  initializationOptions?: InitializationOptions;
  settings?: unknown;
  /** By path: the files of the folder the editor has open. */
  files?: Record<string, string>;
}

const SOURCES = join(import.meta.dirname, '../../language-server/src/main.node.ts');

export class Editor {
  readonly folder: string;
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly statuses: StatusParams[] = [];
  readonly messages: string[] = [];
  readonly log: string[] = [];
  readonly watched: unknown[] = [];
  readonly refreshes = { hints: 0, lenses: 0 };
  settings: unknown;
  private readonly texts = new Map<string, { text: string; version: number }>();
  private readonly waiting = new Set<() => void>();

  private constructor(folder: string, child: ChildProcess, { settings }: StartOptions) {
    this.folder = folder;
    this.process = child;
    this.settings = settings;
    this.connection = createProtocolConnection(new StreamMessageReader(child.stdout!), new StreamMessageWriter(child.stdin!));
    child.stderr!.on('data', data => this.log.push(String(data)));
    const heard =
      <T>(list: T[]) =>
      (item: T) => {
        list.push(item);
        for (const wake of this.waiting) wake();
      };
    const { connection } = this;
    connection.onNotification('textDocument/publishDiagnostics', heard(this.published));
    connection.onNotification('journey/status', heard(this.statuses));
    connection.onNotification('window/logMessage', ({ message }) => heard(this.log)(message));
    connection.onNotification('window/showMessage', ({ message }) => heard(this.messages)(message));
    connection.onRequest('workspace/configuration', ({ items }) => items.map(() => this.settings ?? {}));
    connection.onRequest('client/registerCapability', ({ registrations }) => heard(this.watched)(registrations) ?? null);
    connection.onRequest('client/unregisterCapability', () => null);
    connection.onRequest('workspace/inlayHint/refresh', () => heard([])(++this.refreshes.hints as never) ?? null);
    connection.onRequest('workspace/codeLens/refresh', () => heard([])(++this.refreshes.lenses as never) ?? null);
    connection.listen();
  }

  static async start(options: StartOptions = {}): Promise<Editor> {
    const folder = mkdtempSync(join(tmpdir(), 'journey-server-'));
    const child = spawn(options.node ?? process.execPath, [options.script ?? SOURCES, ...(options.args ?? ['--stdio'])], { cwd: folder });
    const editor = new Editor(folder, child, options);
    for (const [path, text] of Object.entries(options.files ?? {})) editor.write(path, text);
    await editor.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: options.capabilities ?? CAPABILITIES,
      initializationOptions: options.initializationOptions,
    });
    await editor.connection.sendNotification('initialized', {});
    return editor;
  }

  uri(path: string): string {
    return pathToFileURL(join(this.folder, path)).href;
  }

  /** Writes to disk, behind the server's back. */
  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  async open(path: string, text: string): Promise<void> {
    this.texts.set(path, { text, version: 1 });
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri: this.uri(path), languageId: 'journey', version: 1, text },
    });
  }

  /** Replaces the whole text. @returns the new version */
  async change(path: string, text: string): Promise<number> {
    const version = this.texts.get(path)!.version + 1;
    this.texts.set(path, { text, version });
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri(path), version },
      contentChanges: [{ text }],
    });
    return version;
  }

  /** Replaces a part of the text that occurs once. */
  edit(path: string, from: string, to: string): Promise<number> {
    const { text } = this.texts.get(path)!;
    if (text.split(from).length !== 2) throw new Error(`${JSON.stringify(from)} does not occur exactly once`);
    return this.change(
      path,
      text.replace(from, () => to),
    );
  }

  async close(path: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: this.uri(path) } });
  }

  async changedOnDisk(...paths: string[]): Promise<void> {
    await this.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: paths.map(path => ({ uri: this.uri(path), type: 2 })),
    });
  }

  /** The last published for a file; undefined before the first. */
  diagnostics(path: string): Diagnostic[] | undefined {
    return this.published.findLast(({ uri }) => uri === this.uri(path))?.diagnostics;
  }

  hints(path: string): Promise<InlayHint[]> {
    const range = { start: { line: 0, character: 0 }, end: { line: 10_000, character: 0 } };
    return this.connection.sendRequest('textDocument/inlayHint', { textDocument: { uri: this.uri(path) }, range });
  }

  /** The hints as one would read them: `line text   label`, by line. */
  async shown(path: string): Promise<string[]> {
    const lines = this.texts.get(path)!.text.split('\n');
    return (await this.hints(path)).map(({ position, label }) => `${lines[position.line].trim()}  [${label}]`);
  }

  lenses(path: string): Promise<CodeLens[]> {
    return this.connection.sendRequest('textDocument/codeLens', { textDocument: { uri: this.uri(path) } });
  }

  hover(path: string, word: string): Promise<Hover | null> {
    return this.connection.sendRequest('textDocument/hover', { textDocument: { uri: this.uri(path) }, position: this.at(path, word) });
  }

  actions(path: string, diagnostics: Diagnostic[]): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri: this.uri(path) },
      range: diagnostics[0].range,
      context: { diagnostics },
    });
  }

  /** Where a piece of text first stands. */
  at(path: string, piece: string): Position {
    const { text } = this.texts.get(path)!;
    const before = text.slice(0, text.indexOf(piece)).split('\n');
    return { line: before.length - 1, character: before[before.length - 1].length };
  }

  /** Until the numbers of a file belong to its text. */
  async ready(path: string): Promise<StatusParams> {
    await this.until(() => this.status(path)?.state === 'ready', `numbers of ${path}`);
    return this.status(path)!;
  }

  status(path: string): StatusParams | undefined {
    return this.statuses.findLast(({ uri }) => uri === this.uri(path));
  }

  /** Waits for what the server sends. @throws Error with what was last heard */
  async until(condition: () => boolean, what: string, ms = 10_000): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(look);
      };
      const look = () => {
        if (!condition()) return;
        done();
        resolve();
      };
      const timer = setTimeout(() => {
        done();
        const { published, statuses, messages, log } = this;
        const heard = JSON.stringify({ published: published.at(-1), status: statuses.at(-1), messages, log: log.slice(-5) }, null, 1);
        reject(new Error(`No ${what} after ${ms} ms. Last heard: ${heard.slice(0, 3000)}`));
      }, ms);
      this.waiting.add(look);
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise(resolve => this.process.once('exit', resolve));
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.connection.sendRequest('shutdown').catch(() => {});
      await this.connection.sendNotification('exit').catch(() => {});
      await ended;
    }
    this.connection.dispose();
    rmSync(this.folder, { recursive: true });
  }
}
