/**
 * Installs what package-lock.json names, where that hasn't been done yet; otherwise does nothing.
 * Plain Node 20 without dependencies: it runs before anything is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
/** npm writes it at the end of every install. */
const installed = join(root, 'node_modules/.package-lock.json');
const lock = join(root, 'package-lock.json');

const reason = !existsSync(join(root, 'node_modules'))
  ? 'nothing is installed yet'
  : !existsSync(installed)
    ? 'the last installation did not finish'
    : statSync(installed).mtimeMs < statSync(lock).mtimeMs
      ? 'package-lock.json is newer than what is installed'
      : undefined;

if (reason) {
  console.error(`npm ci: ${reason}. This takes about a minute, once.`);
  const began = Date.now();
  // One string through the shell: npm is a script on Windows, which can't be started otherwise.
  const { status } = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: true,
  });
  if (status !== 0) {
    console.error('\nnpm ci failed: see its message above. Check that a package registry is reachable, then run the command again.');
    process.exit(1);
  }
  console.error(`installed in ${Math.round((Date.now() - began) / 1000)} s\n`);
}
