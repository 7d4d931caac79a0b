/** From what people type to the `.journey` files they mean. */
import { stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { glob, isDynamicPattern } from 'tinyglobby';
import { UsageError } from './exit.ts';

const EXTENSION = '.journey';

/**
 * The files, folders (with all below them) and globs that `paths` mean.
 * @returns uris, each once, in order of path
 * @throws UsageError where one of them means nothing
 */
export async function journeyFiles(paths: string[], cwd: string): Promise<string[]> {
  const found = await Promise.all(paths.map(path => expand(path, cwd)));
  return [...new Set(found.flat())].sort().map(file => pathToFileURL(file).href);
}

async function expand(path: string, cwd: string): Promise<string[]> {
  const whole = resolve(cwd, path);
  const info = await stat(whole).catch(() => undefined);
  if (info?.isFile()) {
    if (whole.endsWith(EXTENSION)) return [whole];
    throw new UsageError(`${path} is not a ${EXTENSION} file: name a file that ends in ${EXTENSION}, or a folder that holds some`);
  }
  if (info?.isDirectory()) {
    const files = await below(`**/*${EXTENSION}`, whole);
    if (files.length > 0) return files;
    throw new UsageError(`${path} holds no ${EXTENSION} file: name another folder, or write the first one there`);
  }
  if (isDynamicPattern(path)) {
    const files = (await below(path, cwd)).filter(file => file.endsWith(EXTENSION));
    if (files.length > 0) return files;
    throw new UsageError(`no ${EXTENSION} file matches ${path}: correct the pattern, and quote it so that the shell leaves it alone`);
  }
  const folder = shown(dirname(whole), cwd);
  throw new UsageError(`${path} does not exist: correct the path${folder === '.' ? '' : `, or look into ${folder}`}`);
}

const below = (pattern: string, cwd: string) =>
  glob(pattern, { cwd, absolute: true, onlyFiles: true, expandDirectories: false, ignore: ['**/node_modules/**'] });

/** A file as people know it: relative to where they work, with forward slashes. */
export function shownUri(uri: string, cwd: string): string {
  return uri.startsWith('file:') ? shown(fileURLToPath(uri), cwd) : uri;
}

function shown(path: string, cwd: string): string {
  return (relative(cwd, path) || '.').split(sep).join('/');
}
