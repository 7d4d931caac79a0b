/**
 * What must hold besides the tests: lint, types, no dead code, and generated files that are what the grammar says.
 *
 * usage: npm run verify
 *
 * Runs them all, says which failed and how to mend it, and closes with `verify: 3 passed, 1 failed`. Exits 0 or 1.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');

interface Check {
  name: string;
  /** What to do where it fails. */
  mend: string;
  passes(): boolean;
}

const tool = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status === 0;

const checks: Check[] = [
  { name: 'lint', mend: 'npm run format mends most of it', passes: () => tool('node_modules/@biomejs/biome/bin/biome', 'check', '.') },
  { name: 'types', mend: 'npm run typecheck shows it again', passes: () => tool('node_modules/typescript/bin/tsc', '-p', '.') },
  {
    name: 'dead code',
    mend: 'remove what nothing uses (npm run deadcode shows it again)',
    passes: () => tool('node_modules/knip/bin/knip.js'),
  },
  { name: 'generated files', mend: 'commit what npm run generate wrote', passes: generatedIsCurrent },
];

const failed = checks.filter(check => {
  console.log(`\n${check.name}`);
  return !check.passes();
});
console.log();
for (const { name, mend } of failed) console.log(`${name} failed: ${mend}`);
console.log(`verify: ${checks.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length ? 1 : 0;

/** Compared with what stood there before, not with the last commit: an edit under way is no failure. */
function generatedIsCurrent(): boolean {
  const before = generated();
  if (!tool('node_modules/langium-cli/bin/langium.js', 'generate')) return false;
  const after = generated();
  const differing = [...new Set([...before.keys(), ...after.keys()])].filter(file => before.get(file) !== after.get(file));
  for (const file of differing) console.log(`${file} was not what the grammar says`);
  return differing.length === 0;
}

function generated(): Map<string, string> {
  const files = globSync('grammar/src/generated/**/*.*', { cwd: root });
  return new Map(files.map(file => [file, readFileSync(path.join(root, file), 'utf8')]));
}
