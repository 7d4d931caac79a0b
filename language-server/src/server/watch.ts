/** Which files the client is asked to watch: every definition, and the sample files that open definitions name. */
import type { Plan } from '@journey/engine';
import { type Connection, DidChangeWatchedFilesNotification, type Disposable, type FileSystemWatcher } from 'vscode-languageserver';
import { URI, Utils } from 'vscode-uri';

/** A folder that a glob doesn't vary, and the rest of the pattern, relative to it. */
export function splitGlob(base: string, pattern: string): { base: string; pattern: string } {
  const parts = pattern.split('/');
  const glob = parts.findIndex(part => /[*?[\]{}!()]/.test(part));
  const fixed = parts.slice(0, glob < 0 ? parts.length - 1 : glob);
  const folder = fixed.length === 0 ? URI.parse(base) : Utils.resolvePath(URI.parse(base), ...fixed.map(part => part || '/'));
  return { base: folder.toString(), pattern: parts.slice(fixed.length).join('/') };
}

/** Where a plan's data lies. */
export function sampleGlobs(plan: Plan): { base: string; pattern: string }[] {
  return [...plan.sources, ...plan.tables].flatMap(({ samples }) => samples.map(({ base, pattern }) => splitGlob(base, pattern)));
}

export class Watcher {
  private readonly connection: Connection;
  private readonly relative: boolean;
  private registered = '';
  private current: Promise<Disposable | undefined> = Promise.resolve(undefined);

  /** @param relative whether the client understands patterns relative to a folder */
  constructor(connection: Connection, relative: boolean) {
    this.connection = connection;
    this.relative = relative;
  }

  /** Watches these, and definitions, in place of what was watched before. */
  watch(globs: { base: string; pattern: string }[]): void {
    const samples = globs.map((glob): FileSystemWatcher => {
      if (this.relative) return { globPattern: { baseUri: glob.base, pattern: glob.pattern } };
      return { globPattern: `${URI.parse(glob.base).fsPath.replaceAll('\\', '/')}/${glob.pattern}` };
    });
    const unique = [...new Map([{ globPattern: '**/*.journey' }, ...samples].map(watcher => [JSON.stringify(watcher), watcher])).values()];
    const key = JSON.stringify(unique);
    if (key === this.registered) return;
    this.registered = key;
    this.current = this.current.then(async before => {
      const now = await this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: unique });
      before?.dispose();
      return now;
    });
    this.current.catch(error => this.connection.console.warn(`Files can't be watched: ${error}`));
  }
}
