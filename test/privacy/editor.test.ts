/** Personal data leaves the language server in nothing that is shown, hovered over, completed, published or logged. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Editor } from '../server/client.ts';
import { IDS, leaks } from './harness.ts';
import { DEFINITION, FILES, VARIANTS } from './sample.ts';

/** One server for all: every variant is a folder. */
let editor: Editor;
beforeAll(async () => {
  const files: Record<string, string> = {};
  for (const [variant, { files: own = {} }] of Object.entries(VARIANTS))
    for (const [name, text] of Object.entries({ ...FILES, ...own })) files[`${folder(variant)}/${name}`] = text;
  editor = await Editor.start({ files });
}, 30_000);
afterAll(() => editor.stop());

const folder = (variant: string): string => variant.replaceAll(' ', '_');

/** Words of a definition: all of them, or each different one where it first stands. */
function wordsOf(definition: string, every: boolean): { line: number; character: number; end: number }[] {
  const seen = new Set<string>();
  return definition
    .split('\n')
    .flatMap((text, line) =>
      [...text.matchAll(/\w+|\S/g)]
        .filter(([word]) => every || seen.size < seen.add(word).size)
        .map(({ 0: word, index }) => ({ line, character: index, end: index + word.length })),
    );
}

/** Asked at once: the server answers in its own order. */
async function askAll(path: string, definition: string, every: boolean): Promise<unknown[]> {
  const textDocument = { uri: editor.uri(path) };
  const ask = (method: string, params: object) => editor.connection.sendRequest(method, params);
  const words = wordsOf(definition, every);
  expect(words.length).toBeGreaterThan(every ? 700 : 150);
  return Promise.all([
    editor.hints(path),
    editor.lenses(path),
    ask('journey/preview', textDocument),
    ask('journey/explainable', textDocument),
    ...IDS.map(who => ask('journey/explain', { ...textDocument, journey: 'Onboarding', who })),
    ...words.flatMap(({ line, character, end }) => [
      ask('textDocument/hover', { textDocument, position: { line, character } }),
      ask('textDocument/completion', { textDocument, position: { line, character: end } }),
    ]),
  ]);
}

describe('what the language server says', () => {
  it.each([
    'as it is',
    'splits by personal data',
    'a misspelt event name',
    'identities with errors alone',
    'no line of names',
    'rows of another length',
    'times that are none',
  ])(
    'tells nothing anywhere: %s',
    async variant => {
      const { definition = DEFINITION } = VARIANTS[variant];
      const path = `${folder(variant)}/all.journey`;
      const textDocument = { uri: editor.uri(path) };
      await editor.open(path, definition);
      await editor.ready(path);
      // What is told of identities comes last of all.
      const identified = () => editor.diagnostics(path)?.some(({ code }) => code === 'ignore-matches-nothing') === true;
      if (variant === 'as it is') await editor.until(identified, 'word of identities');
      const told = await askAll(path, definition, variant === 'as it is');
      // While somebody types what would be completed with a value.
      for (const half of ['where phone = ', 'where age > ', 'where email in (', 'where subject = "', 'where profiles.birthday = ']) {
        await editor.change(path, definition.replace('on Ordered where phone', `on Ordered ${half}`));
        const position = { ...editor.at(path, half) };
        position.character += half.length;
        told.push(await editor.connection.sendRequest('textDocument/completion', { textDocument, position }));
      }
      await editor.close(path);
      expect(leaks(JSON.stringify(told, null, 1))).toEqual([]);
      const heard = JSON.stringify([editor.published, editor.statuses, editor.messages, editor.log], null, 1);
      expect(leaks(heard)).toEqual([]);
    },
    60_000,
  );
});

it('hovers have no old examples of what was called personal a moment ago, while the new numbers are not there yet', async () => {
  const path = `${folder('as it is')}/b.journey`;
  const before = DEFINITION.replace('property age      pii person.age', 'property age');
  await editor.open(path, before);
  await editor.ready(path);
  const words = ['web {', 'age > 0'];
  const told = async () => JSON.stringify(await Promise.all(words.map(word => editor.hover(path, word))));
  const there = await told();
  expect(leaks(there)).not.toEqual([]);
  await editor.change(path, DEFINITION);
  const now = await told();
  expect(now).toContain('| age | number |');
  expect(leaks(now)).toEqual([]);
  await editor.close(path);
});
