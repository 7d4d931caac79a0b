/**
 * Packs the extension: dist/journey.vsix. A warning of the packer is an error here.
 *
 * usage: npm run package
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const extension = join(root, 'extension');
const staged = join(root, 'dist/extension');
const vsix = join(root, 'dist/journey.vsix');

// Nothing of an earlier build travels along.
await rm(join(extension, 'dist'), { recursive: true, force: true });
run(process.execPath, [join(root, 'scripts/build.ts'), '--minify'], root);

await rm(staged, { recursive: true, force: true });
await mkdir(staged, { recursive: true });
const manifest = JSON.parse(await readFile(join(extension, 'package.json'), 'utf8'));
// All is bundled: the manifest of what is installed names neither packages nor the workspace's own affairs.
for (const key of ['devDependencies', 'private']) delete manifest[key];
await writeFile(join(staged, 'package.json'), JSON.stringify(manifest, null, 2));
for (const entry of ['README.md', 'CHANGELOG.md', 'dist', 'icons'])
  await cp(join(extension, entry), join(staged, entry), { recursive: true });
await cp(join(root, 'LICENSE'), join(staged, 'LICENSE'));

const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
const said = run(process.execPath, [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--out', vsix], staged);
if (/warning/i.test(said)) throw new Error('vsce warned; see above');

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error) throw error;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (status !== 0) process.exit(status ?? 1);
  return stdout + stderr;
}
