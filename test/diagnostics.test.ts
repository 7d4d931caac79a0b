/** Every code has a page, every page a code, and each code a test or fixture that shows it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE_CODES } from '@journey/engine';
import { DATA_CODES, LANGUAGE_CODES } from '@journey/language-server';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const registries = [LANGUAGE_CODES, DATA_CODES, ENGINE_CODES].map(Object.keys);
const codes = registries.flat().sort();
const pages = readdirSync(join(root, 'docs/diagnostics'))
  .filter(name => name.endsWith('.md') && name !== 'README.md')
  .map(name => name.slice(0, -3))
  .sort();

it('a code belongs to one registry', () => {
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([]);
});

it('every code has a page, and every page a code', () => {
  expect(pages).toEqual(codes);
});

describe.each(pages)('the page of %s', code => {
  const text = readFileSync(join(root, `docs/diagnostics/${code}.md`), 'utf8');
  const [opening, ...sections] = text.split(/^## /m);

  it('says what it is, why it matters, how to mend it, and shows an example', () => {
    expect(opening).toMatch(new RegExp(`^# ${code}\n\n\\S[^#]{20,}$`));
    expect(sections.map(section => section.split('\n')[0])).toEqual(['Why it matters', 'How to mend it', 'Example']);
    for (const section of sections) expect(section.split('\n').slice(1).join('').trim()).not.toBe('');
    expect(sections[2]).toContain('```');
  });

  it('links only to pages there are', () => {
    const links = [...text.matchAll(/\]\(([a-z-]+)\.md\)/g)].map(([, name]) => name);
    expect(links.filter(name => !pages.includes(name))).toEqual([]);
  });
});

it('every code is shown by a test or a fixture', () => {
  const shown = testFiles(root)
    .map(path => readFileSync(path, 'utf8'))
    .join('\n');
  const words = new Set(shown.match(/[a-z]+(?:-[a-z]+)*/g));
  expect(codes.filter(code => !words.has(code))).toEqual([]);
});

/** Tests beside the code, and the fixtures; not the registries, nor what only builds or runs tests. */
function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return /^(node_modules|dist|out|\..*)$/.test(entry.name) ? [] : testFiles(path);
    return /\.test\.ts$/.test(entry.name) || (/\.journey$/.test(entry.name) && path.includes('/fixtures')) ? [path] : [];
  });
}
