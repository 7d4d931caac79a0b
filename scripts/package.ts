/**
 * Packs the extension: dist/journey.vsix. A warning of the packer is an error here.
 *
 * usage: npm run package
 */
import { spawnSync } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleExtension } from './bundle.ts';

const root = join(import.meta.dirname, '..');
const extension = join(root, 'extension');
const vsix = join(root, 'dist/journey.vsix');
// A folder of its own: nothing of an earlier build travels along, and two may pack at once.
const staged = await mkdtemp(join(tmpdir(), 'journey-vsix-'));
try {
  await pack();
} finally {
  await rm(staged, { recursive: true });
}

async function pack(): Promise<void> {
  await bundleExtension(join(staged, 'dist'), true);
  const manifest = JSON.parse(await readFile(join(extension, 'package.json'), 'utf8'));
  // All is bundled: the manifest of what is installed names neither packages nor the workspace's own affairs.
  for (const key of ['devDependencies', 'private']) delete manifest[key];
  await writeFile(join(staged, 'package.json'), JSON.stringify(manifest, null, 2));
  for (const entry of ['README.md', 'CHANGELOG.md', 'icons']) await cp(join(extension, entry), join(staged, entry), { recursive: true });
  await cp(join(root, 'LICENSE'), join(staged, 'LICENSE'));

  await mkdir(join(root, 'dist'), { recursive: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const packed = join(staged, 'journey.vsix');
  const said = run(process.execPath, [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--out', packed], staged);
  if (/warning/i.test(said)) throw new Error('vsce warned; see above');
  await copyFile(packed, vsix);
}

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (status !== 0) throw new Error(`${args[1]} failed with status ${status}`);
  return stdout + stderr;
}
