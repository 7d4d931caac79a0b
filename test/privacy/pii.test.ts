/** Personal data leaves the engine in nothing that is printed, hovered over, completed, explained, reported or logged. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CompletionList, Hover } from 'vscode-languageserver/node';
import { run } from '../../cli/src/program.ts';
import type { Terminal } from '../../cli/src/terminal.ts';
import { Editor } from '../server/client.ts';
import { DEFINITION, FILES, MARK, VARIANTS } from './sample.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderOf(variant: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'journey-privacy-'));
  folders.push(folder);
  const { definition = DEFINITION, files = {} } = VARIANTS[variant];
  for (const [name, text] of Object.entries({ ...FILES, ...files })) writeFileSync(join(folder, name), text);
  // One file in an old encoding: what is no UTF-8 is quoted where it may be.
  if (variant === 'no UTF-8') writeFileSync(join(folder, 'profiles.csv'), Buffer.from(files['profiles.csv'], 'latin1'));
  writeFileSync(join(folder, 'all.journey'), definition);
  return folder;
}

async function call(cwd: string, ...args: string[]): Promise<{ code: number; text: string; out: string }> {
  let text = '';
  let out = '';
  const say = (more: string) => {
    text += more;
  };
  const plain = pc.createColors(false);
  const terminal: Terminal = {
    out: more => {
      out += more;
      say(more);
    },
    err: say,
    cwd,
    interactive: false,
    style: { colors: plain, width: 200, pictures: true },
    errColors: plain,
    progress: () => ({ show: (file, step) => say(`${file} ${JSON.stringify(step ?? {})}\n`), done: () => {} }),
  };
  return { code: await run(args, terminal), text, out };
}

/** The lines that tell what they mustn't. */
const leaks = (text: string): string[] => text.split('\n').filter(line => MARK.test(line));

const OUTCOMES = [
  'rejected',
  'active',
  'completed',
  'exited',
  'ambiguous',
  'already in',
  'no consent',
  'Bought',
  'Refused',
  'Gone',
  'Looking',
];
/** Ids as somebody who knows the person might type them, right and almost right. */
const IDS = [
  'u1',
  'user:u2',
  'u11',
  'zq7x.1@mail.example',
  'email:zq7x.2@mail.example',
  'zq7x.9@mail.example',
  'email:zq7x.1@mail.exampl',
  'email no. 1',
];

describe.each(Object.keys(VARIANTS))('%s', variant => {
  let cwd: string;
  beforeAll(() => {
    cwd = folderOf(variant);
  });

  it.each([
    ['check', '--format', 'text', '--coverage'],
    ['check', '--format', 'json', '--coverage'],
    ['check', '--format', 'github'],
    ['preview', '--format', 'table'],
    ['preview', '--format', 'text'],
    ['preview', '--format', 'json'],
    ['test', '--format', 'text'],
    ['test', '--format', 'junit'],
    ['privacy'],
    ['privacy', '--format', 'json'],
    ['identity'],
    ['identity', '--format', 'json'],
  ])('journey %s', async (command, ...options) => {
    const { code, text } = await call(cwd, command, 'all.journey', ...options);
    expect(leaks(text)).toEqual([]);
    // An error of journey itself would hide what it would have said.
    expect(code, text).toBeLessThan(3);
  });

  it('journey explain and identity, for everybody in every way', async () => {
    const told: string[] = [];
    // Once in every way; of what is broken what differs with it.
    const whole = variant === 'as it is';
    const formats = whole ? [['--format', 'json'], ['--as-scenario'], []] : [['--format', 'json']];
    for (const journey of whole ? ['Onboarding', 'Fulfilment', 'Reading'] : ['Onboarding']) {
      for (const any of whole ? OUTCOMES : ['rejected', 'completed', 'exited'])
        told.push((await call(cwd, 'explain', 'all.journey', '--journey', journey, '--any', any)).text);
      for (const who of IDS)
        for (const format of formats)
          told.push((await call(cwd, 'explain', 'all.journey', '--journey', journey, '--who', who, ...format)).text);
    }
    for (const who of IDS) told.push((await call(cwd, 'identity', 'all.journey', '--who', who, '--format', 'json')).text);
    expect(told.flatMap(leaks)).toEqual([]);
  }, 60_000);
});

describe('what is told instead', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = folderOf('as it is');
  });

  it('a person is a number, and a value its category', async () => {
    const { text } = await call(cwd, 'explain', 'all.journey', '--journey', 'Reading', '--any', 'Got');
    expect(text).toContain('Reading: email no. ');
    const refused = await call(cwd, 'explain', 'all.journey', '--journey', 'Onboarding', '--any', 'Refused');
    expect(refused.text).toContain('phone (withheld: contact.phone)');
    expect(refused.text).toContain('email (withheld)');
  });

  it('who was called by a number can be asked for by it', async () => {
    const { text } = await call(cwd, 'explain', 'all.journey', '--journey', 'Reading', '--who', 'email no. 1');
    expect(text).toContain('Reading: email no. 1');
  });

  it('a scenario made of it holds made-up values, and passes', async () => {
    const { out } = await call(cwd, 'explain', 'all.journey', '--journey', 'Reading', '--any', 'Did', '--as-scenario');
    expect(out).toContain('email: "email1"');
    writeFileSync(join(cwd, 'again.journey'), `${DEFINITION}${out}`);
    const tested = await call(cwd, 'test', 'again.journey');
    expect(tested.text).not.toMatch(/failed|✗/);
    expect(tested.code).toBe(0);
  });

  it('the numbers are there all the same', async () => {
    const { out } = await call(cwd, 'preview', 'all.journey', '--format', 'json');
    const onboarding = JSON.parse(out).journeys[0];
    // Six sign up, one of them without consent.
    expect(onboarding).toMatchObject({ name: 'Onboarding', entered: 5 });
    expect(onboarding.metrics.eldest.value).toBeNull();
    expect(onboarding.metrics.kinds.value).toBeGreaterThan(0);
  });
});

describe('the language server', () => {
  it.each(['as it is', 'splits by personal data', 'a misspelt event name', 'no line of names', 'times that are none'])(
    'tells nothing anywhere: %s',
    async variant => {
      const { definition = DEFINITION, files = {} } = VARIANTS[variant];
      const editor = await Editor.start({ files: { ...FILES, ...files } });
      try {
        await editor.open('all.journey', definition);
        await editor.ready('all.journey');
        const textDocument = { uri: editor.uri('all.journey') };
        const told: unknown[] = [await editor.hints('all.journey'), await editor.lenses('all.journey')];
        told.push(await editor.connection.sendRequest('journey/preview', { uri: textDocument.uri }));
        told.push(await editor.connection.sendRequest('journey/explainable', { uri: textDocument.uri }));
        for (const who of IDS)
          told.push(await editor.connection.sendRequest('journey/explain', { uri: textDocument.uri, journey: 'Onboarding', who }));
        const positions = definition
          .split('\n')
          .flatMap((line, number) =>
            [...line.matchAll(/\w+|\S/g)].map(word => ({ line: number, character: word.index, end: word.index + word[0].length })),
          );
        for (const { line, character, end } of positions) {
          told.push(
            await editor.connection.sendRequest<Hover | null>('textDocument/hover', { textDocument, position: { line, character } }),
          );
          const position = { line, character: end };
          told.push(await editor.connection.sendRequest<CompletionList>('textDocument/completion', { textDocument, position }));
        }
        // While somebody types what would be completed with a value.
        for (const half of ['where phone = ', 'where age > ', 'where email in (', 'where subject = "', 'where profiles.birthday = ']) {
          const text = definition.replace('on Ordered where phone', `on Ordered ${half}`);
          await editor.change('all.journey', text);
          const position = { ...editor.at('all.journey', half) };
          position.character += half.length;
          told.push(await editor.connection.sendRequest('textDocument/completion', { textDocument, position }));
        }
        expect(leaks(JSON.stringify(told, null, 1))).toEqual([]);
        const heard = JSON.stringify([editor.published, editor.statuses, editor.messages, editor.log], null, 1);
        expect(leaks(heard)).toEqual([]);
        expect(positions.length).toBeGreaterThan(300);
      } finally {
        await editor.stop();
      }
    },
    120_000,
  );
});
