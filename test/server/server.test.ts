/** The server as any editor meets it: a process, spoken to over standard input and output. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CAPABILITIES, Editor, type StartOptions } from './client.ts';

/** Two people; u1 signs up on the 1st and buys on the 2nd, u2 signs up on the 3rd. */
const DATA = `at,user,kind
2026-01-01T00:00:00Z,u1,signup
2026-01-02T00:00:00Z,u1,buy
2026-01-03T00:00:00Z,u2,signup
`;
const SOURCE = `source web {
  sample "data/web.csv"
  time at
  event kind
  id user = user
}
identity customer { id user }
`;
const JOURNEY = `event SignedUp = web.signup
event Bought = web.buy
/** From sign-up to the first order. */
journey Onboarding for customer {
  enter on SignedUp
  complete Bought on Bought
  metric activation = rate(Bought)
  expect activation >= 80%
}
`;
const TEXT = SOURCE + JOURNEY;

// A machine under load starts a process in seconds.
vi.setConfig({ testTimeout: 30_000 });
const PATIENCE = { timeout: 10_000, interval: 20 };

let editor: Editor;
const start = async (options: StartOptions = {}) => {
  editor = await Editor.start({ ...options, files: { 'data/web.csv': DATA, ...options.files } });
  return editor;
};
afterEach(() => editor.stop());

const codes = (path: string) => editor.diagnostics(path)?.map(({ code }) => code);
const has = (path: string, code: string) => editor.until(() => codes(path)?.includes(code) === true, `${code} in ${path}`);

describe('an open file', () => {
  it('shows its numbers at the end of the lines they belong to', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    expect(await editor.shown('a.journey')).toEqual([
      'source web {  [3 events · 2026-01-01 … 2026-01-03]',
      'event SignedUp = web.signup  [2 events]',
      'event Bought = web.buy  [1 event]',
      'enter on SignedUp  [2 attempts · 2 entered]',
      'complete Bought on Bought  [1 · 50%]', // 1 of 2 runs
      'metric activation = rate(Bought)  [50% (1 of 2)]',
      'expect activation >= 80%  [✗ 50% (1 of 2)]',
    ]);
    // u1 was in for one day, from the 1st to the 2nd; u2 still is.
    const [lens] = await editor.lenses('a.journey');
    expect(lens.command?.title).toBe('2 entered · 1 active · 50% completed · median 1d');
    expect(lens.range.start.line).toBe(editor.at('a.journey', 'journey Onboarding').line);
  });

  it('says what the data says, at its line, with a page that explains it', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await has('a.journey', 'expectation-failed');
    const finding = editor.diagnostics('a.journey')!.find(({ code }) => code === 'expectation-failed')!;
    expect(finding.message).toContain('50%');
    expect(finding.range.start.line).toBe(editor.at('a.journey', 'expect').line);
    expect(finding.codeDescription?.href).toMatch(/expectation-failed\.md$/);
  });

  it('explains what is under the cursor: a journey, an event, a column', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    const text = async (word: string) => (await editor.hover('a.journey', word))?.contents;
    expect(await text('Onboarding')).toMatchObject({
      kind: 'markdown',
      value: expect.stringContaining('From sign-up to the first order.'),
    });
    expect(await text('Onboarding')).toMatchObject({ value: expect.stringContaining('2 entered · 1 active · 50% completed · 2 people') });
    expect(await text('Bought on')).toMatchObject({ value: expect.stringContaining('1 · 50% of 2 participations') });
    expect(await text('kind')).toMatchObject({ value: expect.stringContaining('signup, buy') });
    // Pictures only where the client says that it shows them.
    expect(await text('Onboarding')).not.toMatchObject({ value: expect.stringContaining('data:image') });
  });

  it('draws pictures for a client that shows them', async () => {
    await start({ initializationOptions: { pictures: true } });
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    const hover = await editor.hover('a.journey', 'Onboarding');
    expect(hover?.contents).toMatchObject({ value: expect.stringContaining('](data:image/svg+xml;base64,') });
  });

  it('says in the status what the numbers rest on', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    const status = await editor.ready('a.journey');
    expect(status.text).toMatch(/^web · 3 events · as of 2026-01-03 · [\d.]+m?s$/);
    expect(status.data).toMatchObject({ events: 3, people: 2, asOf: Date.UTC(2026, 0, 3) });
    expect(status.data?.sources).toMatchObject([{ name: 'web', files: 1, rows: 3, events: 3 }]);
  });

  it('tells the client to fetch hints and lenses again when the numbers have come', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.until(() => editor.refreshes.hints > 0 && editor.refreshes.lenses > 0, 'refresh');
  });

  it('can be asked for its numbers as JSON', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    const numbers = await editor.connection.sendRequest('journey/preview', { uri: editor.uri('a.journey') });
    expect(numbers).toMatchObject({
      version: 1,
      people: 2,
      journeys: [{ name: 'Onboarding', entered: 2, completed: 1, exits: { Bought: 1 } }],
    });
  });
});

describe('a file being typed', () => {
  it('has its errors at once and keeps its numbers', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    const before = await editor.shown('a.journey');
    const version = await editor.edit('a.journey', 'complete Bought on Bought', 'complete Bought on');
    await editor.until(
      () => editor.published.some(each => each.version === version && each.diagnostics.some(({ severity }) => severity === 1)),
      'error',
    );
    const during = await editor.shown('a.journey');
    // The half-typed line may say its old number; all others stand where they stood.
    expect(during.map(line => line.replace(/ …]$/, ']')).filter(line => !line.startsWith('complete'))).toEqual(
      before.filter(line => !line.startsWith('complete')),
    );
  });

  it('gets new numbers', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await has('a.journey', 'expectation-failed');
    await editor.edit('a.journey', '>= 80%', '>= 40%');
    await vi.waitFor(async () => expect(await editor.shown('a.journey')).toContain('expect activation >= 40%  [✓ 50% (1 of 2)]'), PATIENCE);
    expect(codes('a.journey')).not.toContain('expectation-failed');
  });

  it('never sees findings of an older text after those of a newer one', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    let last = 0;
    for (let i = 41; i <= 60; i++) {
      last = await editor.change('a.journey', TEXT.replace('80%', `${i}%`));
      await new Promise(resolve => setTimeout(resolve, i % 4 === 0 ? 60 : 2));
    }
    // 50% is the actual: from 51% on it fails, and says what was expected.
    await editor.until(
      () => editor.diagnostics('a.journey')?.some(({ message }) => String(message).includes('60%')) === true,
      'the last text',
    );
    const versions = editor.published.filter(({ uri }) => uri === editor.uri('a.journey')).map(({ version }) => version!);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(versions.at(-1)).toBe(last);
  });

  it('answers a request that was cancelled, and the next one too', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    const hints = editor.hints('a.journey');
    await editor.edit('a.journey', 'rate(Bought)', 'rate(Bought within 7d)');
    await expect(hints).resolves.toBeInstanceOf(Array);
    // u1 entered on the 1st, u2 on the 3rd, the last event: neither has had seven days.
    await vi.waitFor(
      async () => expect((await editor.shown('a.journey')).find(line => line.startsWith('metric'))).toContain('too young'),
      PATIENCE,
    );
  });

  it('survives any nesting', async () => {
    await start();
    await editor.open('a.journey', `${SOURCE}event Deep = web.buy where ${'('.repeat(5000)}1 = 1${')'.repeat(5000)}\n`);
    await editor.until(() => (editor.diagnostics('a.journey')?.length ?? 0) > 0, 'diagnostics');
    await editor.change('a.journey', TEXT);
    await has('a.journey', 'expectation-failed');
  });
});

describe('fixes', () => {
  it('mend what they say they mend', async () => {
    await start();
    await editor.open('a.journey', TEXT.replace('web.buy', 'web.bui'));
    await editor.until(
      () => editor.diagnostics('a.journey')?.some(({ message }) => String(message).includes('buy')) === true,
      'a nearest name',
    );
    const finding = editor.diagnostics('a.journey')!.find(({ message }) => String(message).includes('buy'))!;
    const [action] = await editor.actions('a.journey', [finding]);
    expect(action.edit?.changes?.[editor.uri('a.journey')]).toHaveLength(1);
    expect(action.edit!.changes![editor.uri('a.journey')][0].newText).toContain('buy');
  });
});

describe('several files', () => {
  it('errors of an imported file stand in that file, and go when it is mended', async () => {
    await start({ files: { 'shared.journey': `${SOURCE}event Broken = nowhere.signup\n` } });
    await editor.open('a.journey', `import "shared.journey"\n${JOURNEY}`);
    await editor.until(() => (editor.diagnostics('shared.journey')?.length ?? 0) > 0, 'errors of the imported file');
    expect(editor.diagnostics('shared.journey')![0].range.start.line).toBe(7);
    editor.write('shared.journey', SOURCE);
    await editor.changedOnDisk('shared.journey');
    await editor.until(() => editor.diagnostics('shared.journey')?.length === 0, 'no errors');
  });

  it('what one open file says changes what the other means', async () => {
    await start();
    await editor.open('shared.journey', SOURCE);
    await editor.open('a.journey', `import "shared.journey"\n${JOURNEY}`);
    await has('a.journey', 'expectation-failed');
    await editor.edit('shared.journey', 'source web', 'source app');
    await editor.until(
      () => editor.diagnostics('a.journey')?.some(({ severity, message }) => severity === 1 && String(message).includes('web')) === true,
      'an error',
    );
    await editor.edit('shared.journey', 'source app', 'source web');
    await has('a.journey', 'expectation-failed');
  });

  it('a deleted file leaves nothing behind', async () => {
    await start({ files: { 'shared.journey': `${SOURCE}event Broken = nowhere.signup\n` } });
    await editor.open('a.journey', `import "shared.journey"\n${JOURNEY}`);
    await editor.until(() => (editor.diagnostics('shared.journey')?.length ?? 0) > 0, 'errors of the imported file');
    rmSync(join(editor.folder, 'shared.journey'));
    await editor.changedOnDisk('shared.journey');
    await editor.until(() => editor.diagnostics('shared.journey')?.length === 0, 'no errors of a file that is gone');
    expect(editor.diagnostics('a.journey')?.some(({ severity }) => severity === 1)).toBe(true);
  });

  it('a closed file leaves nothing behind', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await has('a.journey', 'expectation-failed');
    await editor.close('a.journey');
    await editor.until(() => editor.diagnostics('a.journey')?.length === 0, 'no diagnostics');
  });
});

describe('data', () => {
  it('that changes changes the numbers', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    await editor.until(() => JSON.stringify(editor.watched).includes('web.csv'), 'a watcher for the sample');
    editor.write('data/web.csv', `${DATA}2026-01-04T00:00:00Z,u2,buy\n`);
    await editor.changedOnDisk('data/web.csv');
    await editor.until(() => Boolean(editor.status('a.journey')?.text.startsWith('web · 4 events · as of 2026-01-04')), 'the new row');
    expect(await editor.shown('a.journey')).toContain('metric activation = rate(Bought)  [100% (2 of 2)]');
  });

  it('that is missing is an error at its line, and comes', async () => {
    await start();
    await editor.open('a.journey', TEXT.replace('web.csv', 'other.csv'));
    const line = editor.at('a.journey', 'sample').line;
    await editor.until(() => editor.diagnostics('a.journey')?.some(({ range }) => range.start.line === line) === true, 'a missing file');
    editor.write('data/other.csv', DATA);
    await editor.changedOnDisk('data/other.csv');
    await editor.until(() => editor.status('a.journey')?.data?.events === 3, 'the numbers');
    expect(editor.diagnostics('a.journey')?.some(({ range }) => range.start.line === line)).toBe(false);
  });

  it('is not read where that is switched off, and read when it is switched on', async () => {
    await start({ settings: { sample: { enabled: false } } });
    await editor.open('a.journey', TEXT);
    await editor.until(() => editor.status('a.journey')?.state === 'none', 'samples off');
    expect(await editor.hints('a.journey')).toEqual([]);
    editor.settings = {};
    await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await editor.ready('a.journey');
    expect(await editor.hints('a.journey')).toHaveLength(7);
  });

  it('each kind of hint has its switch', async () => {
    await start({
      settings: { inlayHints: { sources: false, events: false, metrics: false, expectations: false }, codeLens: { enabled: false } },
    });
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    expect(await editor.shown('a.journey')).toEqual([
      'enter on SignedUp  [2 attempts · 2 entered]',
      'complete Bought on Bought  [1 · 50%]',
    ]);
    expect(await editor.lenses('a.journey')).toEqual([]);
  });
});

describe('a plain client', () => {
  it('that can do nothing but text still gets diagnostics, hints and hovers', async () => {
    await start({ capabilities: {} });
    await editor.open('a.journey', TEXT);
    await has('a.journey', 'expectation-failed');
    expect(await editor.shown('a.journey')).toHaveLength(7);
    expect(editor.watched).toEqual([]);
    expect(editor.refreshes).toEqual({ hints: 0, lenses: 0 });
  });

  it('that wants no Markdown gets none', async () => {
    await start({ capabilities: { ...CAPABILITIES, textDocument: { hover: { contentFormat: ['plaintext'] } } } });
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    expect((await editor.hover('a.journey', 'Onboarding'))?.contents).toMatchObject({ kind: 'plaintext' });
  });
});

describe('an engine that dies', () => {
  it('is started again, and said so', async () => {
    await start({ script: join(import.meta.dirname, 'dying.main.ts'), args: [] });
    await editor.open('a.journey', TEXT);
    await editor.until(() => editor.messages.length > 0, 'a message');
    expect(editor.messages[0]).toBe('Journey: the engine stopped (its thread ended with code 7) and is started again.');
    await has('a.journey', 'expectation-failed');
    expect(await editor.shown('a.journey')).toHaveLength(7);
  });
});
