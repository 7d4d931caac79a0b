import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ENGINE_CODES } from './codes.ts';

const DOCS = new URL('../../docs/diagnostics/', import.meta.url);
const SECTIONS = ['## Why it matters', '## How to mend it', '## Example'];

test.each(Object.keys(ENGINE_CODES))('%s has a page: what it says, why it matters, how to mend it, an example', code => {
  const page = readFileSync(new URL(`${code}.md`, DOCS), 'utf8');
  expect(page.split('\n')[0]).toBe(`# ${code}`);
  expect(page.split('\n').filter(line => line.startsWith('## '))).toEqual(SECTIONS);
});

test('every code in the sources is in the list, and the other way round', () => {
  const folders = ['./', './read/', './store/', './privacy/'].map(path => new URL(path, import.meta.url));
  const text = folders
    .flatMap(folder => readdirSync(folder).map(name => new URL(name, folder)))
    .filter(url => url.pathname.endsWith('.ts') && !/\.test\.ts$|codes\.ts$/.test(url.pathname))
    .map(url => readFileSync(url, 'utf8'))
    .join('\n');
  const used = new Set([...text.matchAll(/(?:code: |problem\(\s*)'([a-z-]+)'/g)].map(found => found[1]));
  expect([...used].sort()).toEqual(Object.keys(ENGINE_CODES).sort());
});
