import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Finding, LANGUAGE_CODES } from '@journey/language-server';
import { createNodeProject } from '@journey/language-server/node';
import { describe, expect, it } from 'vitest';
import { differences, parseFixture } from './fixtures/fixture.ts';

const folder = fileURLToPath(new URL('fixtures/static', import.meta.url));
const codes = new Set(Object.keys(LANGUAGE_CODES));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.journey'));

async function check(path: string): Promise<Finding[]> {
  const project = createNodeProject({ cwd: folder });
  const { findings, uri } = await project.definition(pathToFileURL(path).href);
  return findings.filter(({ at }) => at.uri === uri);
}

describe('what the language reports, marked in place', () => {
  it.each(files.sort())('%s', async name => {
    const path = join(folder, name);
    const expected = parseFixture(readFileSync(path, 'utf8'), codes);
    expect(differences(expected, await check(path))).toEqual([]);
  });

  it('every code is shown by a fixture', () => {
    const shown = files.flatMap(name => parseFixture(readFileSync(join(folder, name), 'utf8'), codes).map(each => each.code));
    expect([...codes].filter(code => !shown.includes(code))).toEqual([]);
  });

  it('every code has a page that begins with its name', () => {
    const docs = fileURLToPath(new URL('../docs/diagnostics', import.meta.url));
    const wrong = [...codes].filter(code => !readFileSync(join(docs, `${code}.md`), 'utf8').startsWith(`# ${code}\n`));
    expect(wrong, relative('.', docs)).toEqual([]);
  });
});

describe('the fixtures themselves', () => {
  const mark = (text: string) => parseFixture(text, new Set(['unknown-event', 'syntax']));
  const finding = (start: number, end: number, more: Partial<Finding> = {}): Finding => ({
    code: 'unknown-event',
    severity: 'error',
    message: 'There is no event `Orderd`: did you mean `Ordered`?',
    at: { uri: 'memory:/a.journey', start: { line: 1, character: start }, end: { line: 1, character: end } },
    ...more,
  });
  const text = '//       ^^^^^^ error unknown-event: did you mean `Ordered`?\nenter on Orderd';

  it('carets mark the range on the line below', () => {
    expect(mark(text)).toEqual([
      { line: 1, start: 9, end: 15, severity: 'error', code: 'unknown-event', message: 'did you mean `Ordered`?' },
    ]);
  });

  it('columns mark what begins under the slashes', () => {
    expect(mark('// 1-5 warning syntax\nenter')).toEqual([{ line: 1, start: 0, end: 5, severity: 'warning', code: 'syntax', message: '' }]);
  });

  it('several marks stand over one line', () => {
    expect(mark('// ^ error syntax\n//  ^ error unknown-event\nabcdef').map(({ line, start }) => [line, start])).toEqual([
      [2, 3],
      [2, 4],
    ]);
  });

  it('a remark is no mark', () => {
    expect(mark('// a remark, with 1-2 in it\nenter')).toEqual([]);
  });

  it.each([
    ['a code there is not', '// ^^ error unknown-evnt: x\nenter', 'line 1: there is no code `unknown-evnt`'],
    ['no such severity', '// ^^ eror syntax\nenter', 'line 1: expected `// ^^^ severity code: message`'],
    ['no code', '// ^^ error\nenter', 'line 1: expected'],
    ['words before the carets', '// here ^^ error syntax\nenter', 'line 1: expected'],
    ['nothing below', 'enter\n// ^^ error syntax', 'line 2: there is no line below'],
    ['beyond the end of the line', '//    ^^ error syntax\nenter', 'line 1: the marked line is only 5 characters long'],
    ['a range that ends before it begins', '// 4-2 error syntax\nenter', 'line 1: the range ends before it begins'],
  ])('refuses %s', (_, malformed, why) => {
    expect(() => mark(malformed)).toThrow(why);
  });

  it('is content with what is marked, and only with that', () => {
    expect(differences(mark(text), [finding(9, 15)])).toEqual([]);
    expect(differences(mark(text), [])).toEqual(['not reported: line 2, 10-15 error unknown-event: did you mean `Ordered`?']);
    expect(differences([], [finding(9, 15)])).toEqual([
      'not marked: line 2, 10-15 error unknown-event: There is no event `Orderd`: did you mean `Ordered`?',
    ]);
  });

  it.each([
    ['another range', finding(9, 14)],
    ['another line', finding(9, 15, { at: { uri: '', start: { line: 2, character: 9 }, end: { line: 2, character: 15 } } })],
    ['another severity', finding(9, 15, { severity: 'warning' })],
    ['another code', finding(9, 15, { code: 'syntax' })],
    ['another message', finding(9, 15, { message: 'There is no event `Orderd`' })],
  ])('sees %s', (_, found) => {
    expect(differences(mark(text), [found])).toHaveLength(2);
  });

  it('one mark stands for one finding', () => {
    expect(differences(mark(text), [finding(9, 15), finding(9, 15)])).toHaveLength(1);
  });
});
