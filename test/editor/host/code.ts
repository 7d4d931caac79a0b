/** A whole VS Code out of the package registry: the npm package `code-server` carries one, and only its `lib/vscode` is needed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const root = path.resolve(import.meta.dirname, '../../..');
export const cache = path.join(root, '.cache');

/** The newest one that runs on the Node this repository brings along. */
const codeServer = '4.139.1';

const minutes = 60_000;

/**
 * The folder of VS Code's server and workbench, fetched once and kept in `.cache/` by version.
 * Two runs at once may both fetch; the first to finish wins, and nobody ever sees a half-made folder.
 * @throws where the registry cannot be reached, in words that say what to do
 */
export async function ensureCode(say: (line: string) => void): Promise<string> {
  const home = path.join(cache, `code-server-${codeServer}`);
  if (existsSync(home)) return home;
  await mkdir(cache, { recursive: true });
  await sweep();
  const scratch = await mkdtemp(path.join(cache, 'fetching-'));
  try {
    say(`fetching VS Code (code-server ${codeServer}, about 47 MB, once)`);
    await npm(['pack', `code-server@${codeServer}`, '--pack-destination', scratch, '--loglevel', 'error'], scratch).catch(error => {
      throw new Error(
        `VS Code could not be fetched: the npm registry did not give code-server@${codeServer}.\n${lastLines(error)}\n` +
          'Check the network and `npm config get registry`, then run this again.',
      );
    });
    say('unpacking it');
    await run('tar', ['-xzf', `code-server-${codeServer}.tgz`, 'package/lib/vscode'], { cwd: scratch, timeout: 5 * minutes });
    const unpacked = path.join(scratch, 'package/lib/vscode');
    say('installing what it needs');
    await npm(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'], unpacked).catch(error => {
      throw new Error(`What VS Code needs could not be installed from the npm registry.\n${lastLines(error)}\nRun this again.`);
    });
    await rename(unpacked, home).catch(error => {
      if (!existsSync(home)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return home;
}

/** What killed runs left behind. */
async function sweep() {
  for (const name of await readdir(cache)) {
    const folder = path.join(cache, name);
    if (!name.startsWith('fetching-')) continue;
    const age = Date.now() - (await stat(folder).then(s => s.mtimeMs, Date.now));
    if (age > 60 * minutes) await rm(folder, { recursive: true, force: true });
  }
}

/** npm as the one that runs us, where there is one: `npm` alone is not a program on Windows. */
function npm(args: string[], cwd: string) {
  const script = process.env.npm_execpath;
  const options = { cwd, timeout: 8 * minutes, maxBuffer: 1 << 26 };
  return script?.endsWith('.js') ? run(process.execPath, [script, ...args], options) : run('npm', args, options);
}

function lastLines(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).split('\n').slice(0, 4).join('\n');
}
