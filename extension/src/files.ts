/** Sample files the server can't reach itself (a browser, a virtual workspace), read through the editor's file systems. */
import picomatch from 'picomatch';
import { FileType, Uri, workspace } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  LIST_FILES,
  type ListFilesParams,
  type ListFilesResult,
  READ_FILE,
  type ReadFileParams,
  type ReadFileResult,
} from '../../language-server/src/server/protocol.ts';

/** How bytes travel: as they are, or as text. */
export type Encode = (bytes: Uint8Array) => ReadFileResult;

/** Folders no sample lies in, and a walk would drown in. */
const SKIPPED = new Set(['.git', 'node_modules']);

export function answerFileRequests(client: BaseLanguageClient, encode: Encode): void {
  client.onRequest(LIST_FILES, ({ base, pattern }: ListFilesParams) => listFiles(Uri.parse(base), pattern));
  client.onRequest(READ_FILE, async ({ uri }: ReadFileParams): Promise<unknown> => encode(await workspace.fs.readFile(Uri.parse(uri))));
}

/** The files a path or glob means, in order of path; none where nothing matches. */
async function listFiles(base: Uri, pattern: string): Promise<ListFilesResult> {
  const literal = await fileInfo(Uri.joinPath(base, pattern));
  if (literal) return [literal];
  // Walked by hand: `findFiles` needs a search provider, which not every virtual file system has, and obeys `files.exclude`.
  const scan = picomatch.scan(pattern);
  if (!scan.isGlob) return [];
  const start = Uri.joinPath(base, scan.base);
  const matches = picomatch(scan.glob);
  const depth = scan.glob.includes('**') ? 32 : scan.glob.split('/').length;
  const found: Uri[] = [];
  const walk = async (folder: Uri, relative: string, left: number): Promise<void> => {
    const entries = await workspace.fs.readDirectory(folder).then(
      all => all,
      () => [],
    );
    for (const [name, type] of entries) {
      const path = relative + name;
      if (type & FileType.File && matches(path)) found.push(Uri.joinPath(folder, name));
      if (type & FileType.Directory && left > 1 && !SKIPPED.has(name)) await walk(Uri.joinPath(folder, name), `${path}/`, left - 1);
    }
  };
  await walk(start, '', depth);
  const infos = await Promise.all(found.map(fileInfo));
  return infos.filter(info => info !== undefined).sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
}

async function fileInfo(uri: Uri): Promise<ListFilesResult[number] | undefined> {
  try {
    const { type, size, mtime } = await workspace.fs.stat(uri);
    if (!(type & FileType.File)) return undefined;
    return { uri: uri.toString(), path: workspace.asRelativePath(uri, false), size, modified: mtime };
  } catch {
    return undefined;
  }
}
