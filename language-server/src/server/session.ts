/**
 * The open documents and what is known about each: when to read, check and publish, and what to show meanwhile.
 *
 * A change is answered in two steps. At once: the definition, its diagnostics, and the older findings from the data where their
 * lines are unchanged. After a breath: the check against the data, in the engine's worker. When the numbers are shown
 * and nobody types, also what is to be told of identities, and of the values of columns. A newer change makes all of it obsolete; what is obsolete is never published. Until new numbers are there the older ones stay, and are called stale after a moment.
 */
import type { IdentityReport, Preview, Progress } from '@journey/engine';
import type { Checked, Definition, Finding, ProjectApi } from '../project/types.ts';
import { findingKey } from './diagnostics.ts';
import { EngineDied } from './engine/remote.ts';
import { lineMap } from './views/lines.ts';

/** Numbers that were computed for a text, perhaps an older one. */
export interface Numbers {
  checked: Checked;
  preview: Preview;
  text: string;
  tookMs: number;
}

/** Who is one customer, and what is doubtful about the values of columns: told for a text, perhaps an older one. */
export interface Identities {
  reports: IdentityReport[];
  findings: Finding[];
  text: string;
}

export interface Doc {
  readonly uri: string;
  text: string;
  version: number;
  /** Of the current text, once it is there. */
  definition?: Definition;
  /** Fulfilled when `definition` belongs to the current text; also when that failed. */
  ready: Promise<void>;
  numbers?: Numbers;
  /** The last in which every journey had numbers, while one of them can't be understood. */
  older?: Numbers;
  /** From the data, with the text they speak of. */
  dataFindings: { findings: Finding[]; text: string };
  /** Comes after the numbers; until then an older one stays. */
  identities?: Identities;
  /** `numbers` belong to text and data as they are. */
  fresh: boolean;
  /** Whether people are told that the numbers are older. */
  showStale: boolean;
  progress?: Progress;
  /** Why there are no new numbers. */
  failure?: string;
}

export interface SessionHost {
  publish(doc: Doc, findings: Finding[]): void;
  /** Numbers, their staleness, or what they rest on changed. */
  changed(doc: Doc): void;
  /** Work under way got on. */
  progressed(doc: Doc): void;
  failed(error: unknown, doing: string): void;
  /** Samples are read; waits for the settings, once. */
  sampleEnabled(): Promise<boolean>;
}

/** A breath after the last key, before the data is asked. */
const CHECK_AFTER_MS = 40;
/** Numbers that are replaced sooner than this are not called stale: words that come and go at every key disturb. */
const STALE_AFTER_MS = 350;
/** Nobody waits for what is told of identities: it must not be in the way of the next key. */
const IDENTIFY_AFTER_MS = 200;
/** Until a file that others import is through, they wait. */
const OTHERS_AFTER_MS = 150;

interface Work {
  definition: AbortController;
  check?: AbortController;
  identify?: AbortController;
  timer?: ReturnType<typeof setTimeout>;
  staleTimer?: ReturnType<typeof setTimeout>;
  again: boolean;
}

export class Session {
  readonly docs = new Map<string, Doc>();
  private readonly work = new Map<Doc, Work>();
  private readonly project: ProjectApi;
  private readonly host: SessionHost;
  private othersTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(project: ProjectApi, host: SessionHost) {
    this.project = project;
    this.host = host;
  }

  /** A document was opened, or its text changed. */
  change(uri: string, text: string, version: number): void {
    let doc = this.docs.get(uri);
    if (!doc) {
      doc = { uri, text, version, ready: Promise.resolve(), dataFindings: { findings: [], text }, fresh: false, showStale: false };
      this.docs.set(uri, doc);
      this.work.set(doc, { definition: new AbortController(), again: false });
    }
    Object.assign(doc, { text, version, definition: undefined });
    this.project.setText(uri, text);
    this.restart(doc);
    this.reviseOthers(doc);
  }

  close(uri: string): void {
    const doc = this.docs.get(uri);
    if (!doc) return;
    this.stop(doc);
    this.docs.delete(uri);
    this.work.delete(doc);
    this.project.setText(uri, undefined);
    this.host.publish(doc, []);
    this.reviseOthers(doc);
  }

  /** Data or imported files changed on disk, or a setting: everything is looked at again. */
  reviseAll(): void {
    for (const doc of this.docs.values()) this.restart(doc);
  }

  /** The document with its current definition. */
  async current(uri: string): Promise<Doc | undefined> {
    const doc = this.docs.get(uri);
    while (doc && !doc.definition) {
      const { ready } = doc;
      await ready;
      if (ready === doc.ready) break;
    }
    return doc;
  }

  dispose(): void {
    clearTimeout(this.othersTimer);
    for (const doc of this.docs.values()) this.stop(doc);
  }

  private stop(doc: Doc): void {
    const work = this.work.get(doc)!;
    work.definition.abort();
    work.check?.abort();
    work.identify?.abort();
    clearTimeout(work.timer);
    clearTimeout(work.staleTimer);
  }

  private restart(doc: Doc): void {
    const work = this.work.get(doc)!;
    work.definition.abort();
    work.identify?.abort();
    clearTimeout(work.timer);
    // Data that is being read will be wanted by the next text too: such a run goes on, and its numbers are shown as stale.
    const reading = doc.progress?.stage === 'reading' || doc.progress?.stage === 'storing';
    if (!reading) work.check?.abort();
    work.definition = new AbortController();
    doc.fresh = false;
    work.staleTimer ??= setTimeout(() => {
      work.staleTimer = undefined;
      if (doc.fresh || !this.docs.has(doc.uri)) return;
      doc.showStale = true;
      this.host.changed(doc);
    }, STALE_AFTER_MS);
    doc.ready = this.define(doc, work.definition.signal);
  }

  private async define(doc: Doc, signal: AbortSignal): Promise<void> {
    // Changes that arrived together are one change.
    await new Promise(resolve => setTimeout(resolve, 0));
    if (signal.aborted) return;
    try {
      const definition = await this.project.definition(doc.uri, signal);
      if (signal.aborted) return;
      doc.definition = definition;
      this.publish(doc);
      const work = this.work.get(doc)!;
      work.timer = setTimeout(() => void this.check(doc), CHECK_AFTER_MS);
    } catch (error) {
      if (!signal.aborted) this.host.failed(error, `reading ${doc.uri}`);
    }
  }

  private publish(doc: Doc): void {
    const known = new Set(doc.definition!.findings.map(findingKey));
    const older = carried(doc).filter(finding => !known.has(findingKey(finding)));
    this.host.publish(doc, [...doc.definition!.findings, ...older]);
  }

  private async check(doc: Doc): Promise<void> {
    const work = this.work.get(doc);
    if (!work || !doc.definition) return;
    if (work.check) {
      work.again = true;
      return;
    }
    const abort = new AbortController();
    work.check = abort;
    work.again = false;
    if (!(await this.host.sampleEnabled())) {
      work.check = undefined;
      Object.assign(doc, {
        numbers: undefined,
        failure: undefined,
        fresh: true,
        showStale: false,
        dataFindings: { findings: [], text: doc.text },
        identities: undefined,
      });
      if (doc.definition) this.publish(doc);
      this.host.changed(doc);
      return;
    }
    const { text } = doc;
    const definition = work.definition.signal;
    const started = performance.now();
    let checked: Checked | undefined;
    try {
      const onProgress = (progress: Progress) => {
        doc.progress = progress;
        this.host.progressed(doc);
      };
      checked = await this.project.check(doc.uri, { signal: abort.signal, onProgress });
    } catch (error) {
      if (!abort.signal.aborted) {
        doc.failure = error instanceof Error ? error.message : String(error);
        if (!(error instanceof EngineDied)) this.host.failed(error, `checking ${doc.uri}`);
        this.host.changed(doc);
      }
    }
    work.check = undefined;
    doc.progress = undefined;
    if (!this.docs.has(doc.uri)) return;
    if (checked && !abort.signal.aborted) this.accept(doc, checked, text, performance.now() - started, !definition.aborted);
    if (work.again) void this.check(doc);
  }

  /** @param current whether text and data are still those that were checked */
  private accept(doc: Doc, checked: Checked, text: string, tookMs: number, current: boolean): void {
    doc.older = checked.broken.length > 0 ? (doc.older ?? doc.numbers) : undefined;
    if (checked.preview) doc.numbers = { checked, preview: checked.preview, text, tookMs };
    else if (current) doc.numbers = undefined;
    if (current) {
      const known = new Set(doc.definition!.findings.map(findingKey));
      doc.dataFindings = { findings: checked.findings.filter(finding => !known.has(findingKey(finding))), text };
      doc.fresh = true;
      doc.showStale = false;
      doc.failure = undefined;
      this.publish(doc);
      void this.identify(doc, checked, text);
    }
    this.host.changed(doc);
  }

  private async identify(doc: Doc, checked: Checked, text: string): Promise<void> {
    const abort = new AbortController();
    const { signal } = abort;
    this.work.get(doc)!.identify = abort;
    await new Promise(resolve => setTimeout(resolve, IDENTIFY_AFTER_MS));
    if (signal.aborted) return;
    try {
      const { reports, findings } = await this.project.identities(checked, signal);
      const doubts = await this.project.doubts(checked, signal);
      if (signal.aborted) return;
      doc.identities = { reports, findings: [...findings, ...doubts], text };
      this.publish(doc);
      this.host.changed(doc);
    } catch (error) {
      if (!signal.aborted && !(error instanceof EngineDied)) this.host.failed(error, `telling the identities of ${doc.uri}`);
    }
  }

  /** What a file says can depend on another that is open. */
  private reviseOthers(changed: Doc): void {
    if (this.docs.size < 2 && this.docs.has(changed.uri)) return;
    clearTimeout(this.othersTimer);
    this.othersTimer = setTimeout(() => {
      for (const doc of this.docs.values()) if (doc !== changed) void this.revise(doc);
    }, OTHERS_AFTER_MS);
  }

  private async revise(doc: Doc): Promise<void> {
    const before = doc.definition && JSON.stringify(doc.definition);
    if (!before) return;
    const now = await this.project.definition(doc.uri).catch(() => undefined);
    if (now && doc.definition && JSON.stringify(now) !== before) this.restart(doc);
  }
}

/** The findings from the data that still stand: those whose lines nobody has touched since, at their present lines. */
export function carried({ dataFindings, identities, text, uri }: Pick<Doc, 'dataFindings' | 'identities' | 'text' | 'uri'>): Finding[] {
  return [dataFindings, ...(identities ? [identities] : [])].flatMap(older => carriedOf(older, text, uri));
}

function carriedOf({ findings, text }: Doc['dataFindings'], now: string, uri: string): Finding[] {
  if (text === now) return findings;
  const lines = lineMap(text, now);
  return findings.flatMap(finding => {
    const { at } = finding;
    if (at.uri !== uri) return [finding];
    if (!lines.same(at.start.line) || !lines.same(at.end.line)) return [];
    const start = lines.line(at.start.line)!;
    const end = lines.line(at.end.line)!;
    if (end - start !== at.end.line - at.start.line) return [];
    const moved = { ...at, start: { ...at.start, line: start }, end: { ...at.end, line: end } };
    // Edits and related places speak of the older text.
    return [{ ...finding, at: moved, related: undefined, fixes: start === at.start.line ? finding.fixes : undefined }];
  });
}
