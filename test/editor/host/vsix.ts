/** The extension as a user gets it: the packed file, never the sources. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { root } from './code.ts';

/**
 * The path of the VSIX: JOURNEY_VSIX where that names one, else packed now from the sources.
 * @throws where it cannot be built, with what the build said
 */
export async function packVsix(): Promise<string> {
  if (process.env.JOURNEY_VSIX) return path.resolve(process.env.JOURNEY_VSIX);
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [program, ...first] = npm;
  await promisify(execFile)(program, [...first, 'run', '--silent', 'package'], { cwd: root, timeout: 180_000 }).catch(error => {
    throw new Error(`The extension could not be packed (npm run package):\n${`${error.stdout}${error.stderr}`.slice(-2000)}`);
  });
  return path.join(root, 'dist/journey.vsix');
}

/** Unpacks it to `folder/extension`, which is then a folder an editor can load as it is. */
export async function unpackVsix(vsix: string, folder: string): Promise<string> {
  const files = unzipSync(await readFile(vsix), { filter: entry => entry.name.startsWith('extension/') && !entry.name.endsWith('/') });
  for (const [name, bytes] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return path.join(folder, 'extension');
}
