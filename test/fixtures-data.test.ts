/** What definitions and their data are told, marked in place: a folder a case, with its `.journey` file and its small data. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ENGINE_CODES } from '@journey/engine';
import { type Checked, DATA_CODES, type Finding, LANGUAGE_CODES } from '@journey/language-server';
import { createNodeProject, type NodeProject } from '@journey/language-server/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differences, parseFixture } from './fixtures/fixture.ts';

const folder = fileURLToPath(new URL('fixtures-data', import.meta.url));
const codes = new Set(Object.keys({ ...LANGUAGE_CODES, ...ENGINE_CODES, ...DATA_CODES }));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => basename(path) === 'case.journey');

let project: NodeProject;
beforeAll(() => {
  project = createNodeProject({ cwd: folder });
});
afterAll(() => project.dispose());

/** Also what a preview doesn't wait for. */
const all = (name: string): Promise<Checked> => project.check(uri(name), { identities: true });

const uri = (name: string) => pathToFileURL(join(folder, name)).href;

describe.each(files.sort())('%s', name => {
  const text = readFileSync(join(folder, name), 'utf8');

  it('is told what is marked, and nothing else', async () => {
    const { findings } = await all(name);
    expect(differences(parseFixture(text, codes), findings)).toEqual([]);
  });

  it('is mended by the fixes it is offered', async () => {
    const { findings } = await all(name);
    for (const finding of findings) {
      for (const { edits } of finding.fixes ?? []) {
        const mended = await withText(name, edits.reduceRight(apply, text));
        expect(mended.findings.filter(other => isSame(finding, other) || other.code === 'syntax')).toEqual([]);
      }
    }
  });
});

it('every code of the data is shown by a fixture', () => {
  // A file that isn't there, or is no text, has no line to mark: language-server/src/project shows those.
  const unmarkable = ['file-not-found', 'file-not-text'];
  const shown = files.flatMap(name => parseFixture(readFileSync(join(folder, name), 'utf8'), codes).map(each => each.code));
  expect(Object.keys(DATA_CODES).filter(code => !shown.includes(code))).toEqual(unmarkable);
});

async function withText(name: string, text: string): Promise<Checked> {
  project.setText(uri(name), text);
  try {
    return await all(name);
  } finally {
    project.setText(uri(name), undefined);
  }
}

const isSame = (a: Finding, b: Finding) =>
  a.code === b.code && a.at.start.line === b.at.start.line && a.at.start.character === b.at.start.character;

function apply(text: string, { at, text: replacement }: NonNullable<Finding['fixes']>[number]['edits'][number]): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: { line: number; character: number }) =>
    lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  return text.slice(0, offset(at.start)) + replacement + text.slice(offset(at.end));
}
