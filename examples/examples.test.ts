/** Every example can be read, run and made again: its data from its generator, its scenarios, and nothing to complain about. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createNodeProject } from '@journey/language-server/node';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && entry.name !== 'generator')
  .map(entry => entry.name);

test('there are enough of them', () => {
  expect(folders.length).toBeGreaterThanOrEqual(6);
});

function journey(...args: string[]) {
  return spawnSync(process.execPath, ['cli/src/main.ts', ...args], { cwd: ROOT, encoding: 'utf8' });
}

test('journey check examples: nothing but the days on which the clinic recorded nothing', { timeout: 60_000 }, () => {
  const { stdout, stderr } = journey('check', 'examples', '--format', 'json');
  const { findings } = JSON.parse(stdout) as { findings: { file: string; severity: string; code: string; message: string }[] };
  const told = findings.filter(({ severity }) => severity !== 'info').map(({ file, code, message }) => [file, code, message.slice(0, 36)]);
  expect(told, stderr).toEqual([['examples/clinic/clinic.journey', 'time-gap', 'portal has no event for 2d 23h, from']]);
});

test('journey test examples', { timeout: 60_000 }, () => {
  const { status, stdout, stderr } = journey('test', 'examples');
  expect(status, stdout + stderr).toBe(0);
});

test('the record of processing that the clinic ships is the one that its definition has', () => {
  const { status, stdout, stderr } = journey('privacy', 'examples/clinic/clinic.journey', '--check', 'examples/clinic/PRIVACY.md');
  expect(status, stdout + stderr).toBe(0);
});

describe.each(folders)('%s', folder => {
  const here = join(import.meta.dirname, folder);
  const read = (name: string) => readFileSync(join(here, name), 'utf8');
  const files = readdirSync(here).filter(name => name.endsWith('.journey'));

  test('ships the very data its generator writes, and little of it', async () => {
    const { files: generated } = await import(pathToFileURL(join(here, 'generate.ts')).href);
    const texts: Record<string, string> = generated();
    for (const [name, text] of Object.entries(texts))
      expect(read(`data/${name}`) === text, `data/${name}: run node examples/${folder}/generate.ts`).toBe(true);
    const shipped = readdirSync(join(here, 'data'), { recursive: true, encoding: 'utf8', withFileTypes: true }).filter(entry =>
      entry.isFile(),
    );
    expect(shipped.length).toBe(Object.keys(texts).length);
    expect(Object.values(texts).reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeLessThan(
      folder === 'shop' ? 1_000_000 : 500_000,
    );
  });

  test('says which question it answers, and what to look at', () => {
    const readme = read('README.md');
    expect(readme).toContain('**The question:**');
    expect(readme).toContain('Look at');
    for (const file of files.filter(name => name !== 'events.journey')) expect(readme).toContain(`(${file})`);
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(`](examples/${folder}/`);
  });

  test('has scenarios, and journeys whose every expectation is decided by the sample', { timeout: 60_000 }, async () => {
    const project = createNodeProject({ cwd: ROOT });
    const results = [];
    for (const file of files) {
      const { preview } = await project.check(pathToFileURL(join(here, file)).href);
      results.push(preview!.result);
    }
    project.dispose();
    expect(results.flatMap(({ scenarios }) => scenarios).length).toBeGreaterThanOrEqual(4);
    const journeys = results.flatMap(result => result.journeys);
    expect(journeys.length).toBeGreaterThan(0);
    for (const { expectations } of journeys) expect(expectations.map(({ ok }) => ok)).not.toContain(null);
    // People, systems and networks are as they are.
    const sources = results.flatMap(result => Object.values(result.sources));
    expect(sources.some(({ unreadable }) => unreadable > 0)).toBe(true);
  });
});
