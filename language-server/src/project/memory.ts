/** Files that exist only in memory: for tests, and wherever there is no disk. */
import type { FileInfo, Files } from '@journey/engine';
import picomatch from 'picomatch';
import { URI, Utils } from 'vscode-uri';

export interface MemoryFiles extends Files {
  /** The uri a path has here, whether or not there is a file. */
  uri(path: string): string;
  /** Writes a file; its time moves on, so that a reader sees the change. Undefined deletes it. */
  set(path: string, content: string | Uint8Array | undefined): void;
  /** The content as text; undefined where there is no file. */
  text(uri: string): string | undefined;
}

/**
 * `Files` from a record.
 * @param contents by path, with `/` between folders, relative to `root`
 * @param root uri of the folder all paths are relative to
 */
export function memoryFiles(contents: Record<string, string | Uint8Array> = {}, root = 'memory:/'): MemoryFiles {
  const folder = URI.parse(root);
  const prefix = folder.path.endsWith('/') ? folder.path : `${folder.path}/`;
  const files = new Map<string, { info: FileInfo; bytes: Uint8Array }>();
  // Times only have to move on with every change; a clock would make tests differ from run to run.
  let changes = 0;

  const at = (path: string) => Utils.resolvePath(folder, path);
  const set = (path: string, content: string | Uint8Array | undefined) => {
    const uri = at(path);
    if (content === undefined) return void files.delete(uri.path);
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const shown = uri.path.startsWith(prefix) ? uri.path.slice(prefix.length) : uri.path;
    files.set(uri.path, { info: { uri: uri.toString(), path: shown, size: bytes.length, modified: ++changes }, bytes });
  };
  for (const [path, content] of Object.entries(contents)) set(path, content);

  return {
    uri: path => at(path).toString(),
    set,
    text: uri => {
      const file = files.get(URI.parse(uri).path);
      return file && new TextDecoder().decode(file.bytes);
    },
    async list(base, pattern) {
      const whole = Utils.resolvePath(URI.parse(base), pattern).path;
      const literal = files.get(whole);
      if (literal) return [literal.info];
      const matches = picomatch(whole);
      return [...files]
        .filter(([path]) => matches(path))
        .map(([, file]) => file.info)
        .sort((a, b) => (a.uri < b.uri ? -1 : 1));
    },
    async *read(uri) {
      const file = files.get(URI.parse(uri).path);
      if (!file) throw new Error(`${URI.parse(uri).path.slice(1)} does not exist; correct the path`);
      yield file.bytes;
    },
  };
}
