/**
 * Installs what package-lock.json names, where that hasn't been done yet; otherwise does nothing.
 * Plain Node 20 without dependencies: it runs before anything is there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = `${root}/package-lock.json`;
/** npm writes it at the end of every install. */
const installed = `${root}/node_modules/.package-lock.json`;

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 10)) {
  console.error(`Node ${process.versions.node} is too old: install Node 20.10 or newer, then run the command again.`);
  process.exit(1);
}

const reason = whyInstall();
if (reason) {
  console.error(`Installing (npm ci): ${reason}. It takes about a minute.`);
  const began = Date.now();
  // One string through the shell: npm is a script on Windows, which can't be started otherwise.
  const { status } = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: true,
  });
  if (status !== 0) {
    console.error('\nnpm ci failed: its message is above. See that the package registry can be reached, then run the command again.');
    process.exit(1);
  }
  console.error(`Installed in ${Math.round((Date.now() - began) / 1000)} s.\n`);
}

function whyInstall() {
  if (!existsSync(`${root}/node_modules`)) return 'nothing is installed yet';
  if (!existsSync(installed)) return 'the last installation did not finish';
  if (statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return undefined;
  // A fresh checkout touches the lock file without changing it.
  const have = packages(installed);
  const differs = Object.entries(packages(lock)).find(
    ([path, wanted]) =>
      path !== '' && !wanted.link && !wanted.optional && path.includes('node_modules/') && have[path]?.version !== wanted.version,
  );
  return (
    differs && `package-lock.json asks for ${differs[0].replace(/^.*node_modules\//, '')} ${differs[1].version}, which is not installed`
  );
}

function packages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
