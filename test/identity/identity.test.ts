/** The ten cases of who is one customer, in the language: each file's scenarios tell by their counts who the customers are. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createNodeProject } from '@journey/language-server/node';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(folder).filter(name => name.endsWith('.journey'));

it('there are ten', async () => {
  const titles = await Promise.all(files.map(async name => (await tested(name)).map(({ title }) => Number.parseInt(title, 10))));
  expect(titles.flat().sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it.each(files)('%s', async name => {
  const failed = (await tested(name)).flatMap(({ title, claims }) =>
    claims.filter(({ ok }) => !ok).map(({ text, instead }) => `${title}: ${text}: ${instead}`),
  );
  expect(failed).toEqual([]);
});

async function tested(name: string) {
  const project = createNodeProject({ cwd: folder });
  const { scenarios, findings } = await project.test(pathToFileURL(join(folder, name)).href);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return scenarios;
}
