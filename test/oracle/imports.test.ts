/** The oracle shares no code with what it judges: only the harness, and what runs it, may import the product. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ORACLE } from './faults.ts';

const here = import.meta.dirname;
const filesOf = (folder: string) =>
  readdirSync(join(here, folder))
    .filter(file => file.endsWith('.ts'))
    .map(file => join(folder, file));
const importsOf = (file: string) =>
  [...readFileSync(join(here, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(match => match[1]);

it('imports nothing but itself', () => {
  for (const file of ORACLE)
    for (const imported of importsOf(file))
      expect(
        ORACLE.map(name => `./${name}`),
        file,
      ).toContain(imported);
});

it('only the harness imports the product', () => {
  const others = ['.', 'generate', 'generate/definition']
    .flatMap(filesOf)
    .flatMap(file => importsOf(file).map(imported => ({ file, imported })));
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter(({ imported }) => /@journey|engine\/|language-server|grammar\//.test(imported))).toEqual([]);
});
