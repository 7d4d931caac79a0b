/**
 * A definition being typed: after every character of a short one, every word of the shop, every line of the other examples, and with any
 * of their lines left out, each is checked against its data without a crash or a hang. (Every prefix of the shop is read in language.test.ts.)
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ENGINE_CODES } from '@journey/engine';
import { DATA_CODES, type Definition, type Finding, LANGUAGE_CODES } from '@journey/language-server';
import { createNodeProject, type NodeProject } from '@journey/language-server/node';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const examples = globSync('examples/**/*.journey', { cwd: root }).sort();
const codes = new Set(Object.keys({ ...LANGUAGE_CODES, ...DATA_CODES, ...ENGINE_CODES }));
/** Far more than any takes: what takes longer hangs. */
const PATIENCE_MS = 5_000;

let project: NodeProject;
beforeAll(() => {
  project = createNodeProject({ cwd: root });
});
afterAll(() => project.dispose());

it('there are examples', () => expect(examples).not.toEqual([]));

it.each(examples)(
  '%s',
  async name => {
    const path = join(root, name);
    const uri = pathToFileURL(path).href;
    const text = readFileSync(path, 'utf8');
    let meaning = '';
    let checks = 0;
    for (const end of name.includes('cart') ? ends(text) : name.includes('shop') ? wordEnds(text) : lineEnds(text)) {
      const prefix = text.slice(0, end);
      project.setText(uri, prefix);
      const definition = await project.definition(uri, AbortSignal.timeout(PATIENCE_MS));
      expect(wrong(definition.findings, uri, prefix), `after ${JSON.stringify(prefix.slice(-60))}`).toEqual([]);
      // The data is asked wherever the prefix means something else than the one before it.
      const means = meaningOf(definition);
      if (means === meaning) continue;
      meaning = means;
      checks++;
      const checked = await project.check(uri, { signal: AbortSignal.timeout(PATIENCE_MS) });
      expect(wrong(checked.findings, uri, prefix), `after ${JSON.stringify(prefix.slice(-60))}`).toEqual([]);
    }
    // A declaration means something once it is whole: there are dozens in the shop, and several in every file.
    expect(checks).toBeGreaterThan(name.includes('shop') ? 20 : 5);
    await expect(project.definition(uri)).resolves.toMatchObject({ broken: [] });
  },
  300_000,
);

it.each(examples)(
  '%s with any of its lines left out',
  async name => {
    const path = join(root, name);
    const uri = pathToFileURL(path).href;
    const lines = readFileSync(path, 'utf8').split('\n');
    for (const [i, left] of lines.entries()) {
      if (left.trim() === '') continue;
      const text = lines.filter((_, line) => line !== i).join('\n');
      project.setText(uri, text);
      const { findings } = await project.check(uri, { signal: AbortSignal.timeout(PATIENCE_MS) });
      expect(wrong(findings, uri, text), `without ${left}`).toEqual([]);
    }
    project.setText(uri, undefined);
  },
  300_000,
);

/** Where a prefix ends: after every character, except inside of comments and between words, where nothing changes. */
function ends(text: string): number[] {
  const dull = new Set<number>();
  for (const { 0: comment, index } of text.matchAll(/\/\/[^\n]*|\s{2,}/g)) for (let i = 2; i < comment.length; i++) dull.add(index + i);
  return Array.from({ length: text.length + 1 }, (_, i) => i).filter(end => !dull.has(end));
}

const wordEnds = (text: string): number[] => [...text.matchAll(/\w+|[^\w\s]+/g)].map(({ 0: word, index }) => index + word.length);
const lineEnds = (text: string): number[] => [...text.matchAll(/\n/g)].map(({ index }) => index + 1);

const meaningOf = ({ plan }: Definition): string => JSON.stringify(plan, (key, value) => (/^(at|nameAt)$/.test(key) ? undefined : value));

/** Findings without a code, words or a place in the text. */
function wrong(findings: Finding[], uri: string, text: string): Finding[] {
  const inside = ({ uri: file, start, end }: Finding['at']) => {
    // What an imported file says of its sample stands there.
    const lines = (file === uri ? text : readFileSync(fileURLToPath(file), 'utf8')).split('\n');
    return [start, end].every(
      ({ line, character }) => line >= 0 && line < lines.length && character >= 0 && character <= lines[line].length,
    );
  };
  return findings.filter(({ at, code, message }) => !(codes.has(code) && message && inside(at)));
}
