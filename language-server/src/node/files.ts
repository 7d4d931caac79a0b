/** Sample files from the disk. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import type { FileInfo, Files } from '@journey/engine';
import { glob, isDynamicPattern } from 'tinyglobby';
import { URI } from 'vscode-uri';

/** Folders nothing is looked for in unless a pattern names them: a walk would drown there. */
const SKIPPED = ['node_modules', '.git'];

/**
 * `Files` over the file system.
 * @param cwd the folder that the paths shown to people are relative to
 */
export function nodeFiles(cwd: string): Files {
  const shown = (file: string) => (relative(cwd, file) || file).split(sep).join('/');

  const info = async (file: string): Promise<FileInfo | undefined> => {
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) return undefined;
    return { uri: URI.file(file).toString(), path: shown(file), size: found.size, modified: found.mtimeMs };
  };

  return {
    async list(base, pattern) {
      const folder = URI.parse(base);
      if (folder.scheme !== 'file') return [];
      // A file may well be called `data (1).csv`: what is there by that very name is meant before any glob.
      const literal = await info(resolve(folder.fsPath, pattern));
      if (literal) return [literal];
      if (!isDynamicPattern(pattern)) return [];
      const ignore = SKIPPED.filter(name => !pattern.includes(name)).map(name => `**/${name}/**`);
      const paths = await glob(pattern, { cwd: folder.fsPath, absolute: true, expandDirectories: false, onlyFiles: true, ignore });
      const files = await Promise.all(paths.map(path => info(resolve(path))));
      return files.filter(file => file !== undefined).sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
    },

    async *read(uri) {
      const file = URI.parse(uri).fsPath;
      try {
        for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) yield piece as Uint8Array;
      } catch (error) {
        throw new Error(unreadable(shown(file), error as NodeJS.ErrnoException, shown(dirname(file))), { cause: error });
      }
    },
  };
}

function unreadable(path: string, error: NodeJS.ErrnoException, folder: string): string {
  switch (error.code) {
    case 'ENOENT':
      return `${path} does not exist; look into ${folder}, or correct the path`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read: give yourself permission to read it`;
    case 'EISDIR':
      return `${path} is a folder: name a file in it, or all of them as ${path}/*`;
    default:
      return `${path} can't be read: ${error.message}`;
  }
}
