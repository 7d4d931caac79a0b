/**
 * The definitions of the editor's folders that nobody has opened: which file imports which. A rename in a shared file has to reach
 * them too. Only their imports are remembered; whole they are read when they are needed, since kept they would be linked anew at
 * every key.
 */
import type { Files } from '@journey/engine';
import { URI } from 'vscode-uri';
import { importTarget } from '../language/imports.ts';

/** Also one in a comment: a file too many costs nothing but its reading. */
const IMPORT = /^[ \t]*import[ \t]+"([^"\r\n]*)"/gm;

export class Workspace {
  private readonly files: Files;
  private readonly folders: string[];
  /** By file, what it imports itself. */
  private readonly imports = new Map<string, string[]>();
  private ready: Promise<void> | undefined;

  /** @param folders uris of the folders the editor has open */
  constructor(files: Files, folders: string[]) {
    this.files = files;
    this.folders = folders;
  }

  /** Reads in the background; asked twice it reads once. A folder that can't be listed has no definitions. */
  start(): Promise<void> {
    this.ready ??= (async () => {
      for (const folder of this.folders) {
        const found = await this.files.list(folder, '**/*.journey').catch(() => []);
        for (const { uri } of found) await this.read(uri);
      }
    })();
    return this.ready;
  }

  /** Files were written, made or deleted. */
  changed(uris: string[]): void {
    const definitions = uris.filter(uri => uri.endsWith('.journey'));
    if (definitions.length === 0 || !this.ready) return;
    this.ready = this.ready.then(async () => {
      for (const uri of definitions) await this.read(uri);
    });
  }

  /** The files that import one of these, directly or not, without these. */
  async importersOf(uris: string[]): Promise<string[]> {
    await this.start();
    const reached = new Set(uris);
    for (let before = -1; before !== reached.size; ) {
      before = reached.size;
      for (const [uri, targets] of this.imports) if (targets.some(target => reached.has(target))) reached.add(uri);
    }
    return [...reached].filter(uri => !uris.includes(uri));
  }

  private async read(uri: string): Promise<void> {
    const from = URI.parse(uri);
    const decoder = new TextDecoder();
    let text = '';
    try {
      for await (const piece of this.files.read(uri)) text += decoder.decode(piece, { stream: true });
    } catch {
      this.imports.delete(from.toString());
      return;
    }
    const targets = [...text.matchAll(IMPORT)].flatMap(([, path]) => importTarget(from, path)?.toString() ?? []);
    this.imports.set(from.toString(), targets);
  }
}
