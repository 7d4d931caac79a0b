/** Who is one customer and what may be known of people, as any editor meets it: over standard input and output. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CompletionList } from 'vscode-languageserver/node';
import type { Explanation } from '../../engine/src/index.ts';
import type { IdentitiesResult, IdentityReportResult } from '../../language-server/src/server/protocol.ts';
import { Editor, type StartOptions } from './client.ts';

/**
 * A row a minute. u1 has d1 and d2, u2 has d3; d1 was u2's on row 4, later than u1's: with `keep latest` it is u2's, so u1 is refused.
 * Two rows carry the device 0: of u1 and of u2.
 */
const DATA = `at,user,device,kind
2026-01-01T00:00:00Z,u1,d1,signup
2026-01-01T00:01:00Z,u1,d2,buy
2026-01-01T00:02:00Z,u2,d3,signup
2026-01-01T00:03:00Z,u2,d1,buy
2026-01-01T00:04:00Z,u1,0,view
2026-01-01T00:05:00Z,u2,0,view
2026-01-01T00:06:00Z,,d1,view
`;
const SOURCE = `source web {
  sample "data/web.csv"
  time at
  event kind
  id user = user
  id device = device
}
`;
const IDENTITY = `identity customer {
  id user unique
  id device max 5
  ignore device = "0"
  never link user "u1" with user "u2"
}
`;
const JOURNEY = `event SignedUp = web.signup
journey Onboarding for customer {
  enter on SignedUp
  complete Bought on web.buy
}
`;
const TEXT = SOURCE + IDENTITY + JOURNEY;

// A machine under load starts a process in seconds.
vi.setConfig({ testTimeout: 30_000 });
const PATIENCE = { timeout: 10_000, interval: 20 };

let editor: Editor;
const start = async (options: StartOptions = {}) => {
  editor = await Editor.start({ ...options, files: { 'data/web.csv': DATA, ...options.files } });
  return editor;
};
afterEach(() => editor.stop());

const hints = async () => Object.fromEntries((await editor.shown('a.journey')).map(line => line.match(/^(.*?) {2}\[(.*)\]$/s)!.slice(1)));
const shows = (line: string, label: string) =>
  vi.waitFor(async () => expect((await hints())[line]?.replace(/ …$/, '')).toBe(label), PATIENCE);
const codes = () => editor.diagnostics('a.journey')?.map(({ code }) => code) ?? [];
const found = (code: string) => editor.diagnostics('a.journey')!.find(one => one.code === code)!;
const has = (code: string) => editor.until(() => codes().includes(code), code);
const hover = async (word: string) => ((await editor.hover('a.journey', word))?.contents as { value: string } | undefined)?.value ?? '';

describe('the rules of an identity', () => {
  it('have their numbers, which come after those of the journeys', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    // The numbers don't wait for it.
    expect(await hints()).toMatchObject({ 'enter on SignedUp': '2 attempts · 2 entered' });
    // u1 and u2; d1, d2, d3.
    await shows('identity customer {', '2 customers of 5 ids');
    // What `never link` keeps apart `unique` does too, and the other way round: without one of them nothing changes.
    expect(await hints()).toMatchObject({
      'ignore device = "0"': '1 value on 2 rows',
      'never link user "u1" with user "u2"': 'changes nothing',
    });
    expect(Object.keys(await hints())).toEqual(
      expect.arrayContaining(['id user unique', 'id device max 5', 'enter on SignedUp', 'complete Bought on web.buy']),
    );
  });

  it('are counted anew as one is edited, and keep their older numbers meanwhile', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await shows('identity customer {', '2 customers of 5 ids');
    await editor.edit('a.journey', '  never link user "u1" with user "u2"\n', '');
    await shows('id user unique', '2 ids · 1 → 2 customers · 1 link refused');
    await editor.edit('a.journey', 'id user unique', 'id user unqiue');
    await editor.until(() => editor.diagnostics('a.journey')!.some(({ severity }) => severity === 1), 'an error');
    // Where the line was is what it said; the others stand.
    expect((await hints())['ignore device = "0"']).toMatch(/^1 value on 2 rows( …)?$/);
    await editor.edit('a.journey', 'id user unqiue', 'id user');
    // d1 was on rows of both.
    await shows('identity customer {', '1 customer of 5 ids');
  });

  it('have a switch for their hints', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await shows('identity customer {', '2 customers of 5 ids');
    editor.settings = { inlayHints: { identity: false } };
    await editor.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await vi.waitFor(async () => expect(Object.keys(await hints())).not.toContain('identity customer {'), PATIENCE);
    expect(await hints()).toMatchObject({ 'enter on SignedUp': '2 attempts · 2 entered' });
    expect(Object.keys(await hints())).not.toContain('ignore device = "0"');
  });

  it('are explained under the cursor, and so is an id', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await shows('identity customer {', '2 customers of 5 ids');
    expect(await hover('ignore device')).toContain('1 value on 2 rows');
    expect(await hover('identity customer')).toContain('2 customers of 5 ids');
    const who = await hover('u1"');
    expect(who).toContain('**user u1**');
    // d2 is its own; that it met d1 is told with why that is no link.
    expect(who).toMatch(/user u1 and device d2, on 1 row at 2026-01-01 00:01/);
    expect(who).toMatch(/Refused:\s+- user u1 and device d1.*user u2/);
  });

  it('find what looks wrong, with a fix that mends it', async () => {
    await start();
    const rows = Array.from({ length: 60 }, (_, i) => `2026-01-02T00:00:${String(i).padStart(2, '0')}Z,p${i},null,view`).join('\n');
    editor.write('data/web.csv', `${DATA}${rows}\n`);
    await editor.open('a.journey', TEXT);
    await has('placeholder-id');
    const finding = found('placeholder-id');
    expect(String(finding.message)).toContain('`null`');
    const [action] = await editor.actions('a.journey', [finding]);
    expect(action.edit!.changes![editor.uri('a.journey')][0].newText).toContain('ignore device = "null"');
  });
});

describe('requests', () => {
  it('why that is one customer, and what each rule does', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    const uri = editor.uri('a.journey');
    const all = await editor.connection.sendRequest<IdentitiesResult>('journey/identities', { uri });
    expect(all).toEqual([{ identity: 'customer', line: editor.at('a.journey', 'identity').line, kinds: ['user', 'device'] }]);
    const ask = (params: object) => editor.connection.sendRequest<IdentityReportResult | null>('journey/identity', { uri, ...params });
    const whole = (await ask({}))!;
    expect(whole.report).toMatchObject({ version: 1, customers: 2, refused: 1, asOf: '2026-01-01T00:06:00.000Z' });
    expect(whole.markdown).toContain('# Identity customer\n');
    expect(whole.markdown).toContain(`- ignore device = "0": 1 value on 2 rows [a.journey:`);
    expect(whole.markdown).toContain(`${uri}#L${editor.at('a.journey', 'ignore').line + 1}`);
    const u1 = (await ask({ who: 'd2' }))!;
    expect(u1.customer).toBe('user u1');
    // Row 2 of the file.
    expect(u1.markdown).toContain('- user u1 and device d2, on 1 row at 2026-01-01 00:01 (data/web.csv, row 2)');
    expect(u1.report.who!.links).toMatchObject([{ file: 'data/web.csv', row: 2 }]);
    expect((await ask({ who: 'd1', and: 'd3' }))!.markdown).toMatch(
      /## From d1 to d3\n\n- user u2 and device d1.*\n- user u2 and device d3/,
    );
    expect(await ask({ who: 'u9' })).toMatchObject({ customer: null, note: expect.stringContaining('Nobody has the id u9') });
    expect(await ask({ identity: 'nobody' })).toBeNull();
  });

  it('what happened to one person', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    const told = await editor.connection.sendRequest<{ participant: string; markdown: string; explanation: Explanation }>(
      'journey/explain',
      {
        uri: editor.uri('a.journey'),
        journey: 'Onboarding',
        who: 'd3',
      },
    );
    expect(told.participant).toBe('user u2');
    // Signed up at 00:02, bought at 00:03.
    expect(told.markdown).toContain('2026-01-01 00:03 web.buy: completed as Bought, 1m after entry');
    expect(told.explanation.ids.map(({ value }) => value)).toEqual(['u2', 'd1', 'd3']);
  });
});

describe('personal data', () => {
  const PERSONAL = TEXT.replace('id user unique', 'id user unique pii contact.login').replace(/ {2}never link.*\n/, '');

  it('without a purpose is told at its line', async () => {
    await start();
    await editor.open('a.journey', PERSONAL);
    await has('pii-without-purpose');
    await editor.change('a.journey', `${PERSONAL}privacy { purpose analytics }\n`);
    await editor.until(() => !codes().includes('pii-without-purpose'), 'no finding');
  });

  it('is shown by no hover, hint, completion or request', async () => {
    await start();
    await editor.open('a.journey', `${PERSONAL}privacy { purpose analytics }\n`);
    await shows('identity customer {', '2 customers of 5 ids');
    const uri = editor.uri('a.journey');
    const said = [
      await hints(),
      await hover('identity customer'),
      await hover('id user = user'),
      await hover('Onboarding'),
      editor.diagnostics('a.journey'),
      await editor.connection.sendRequest('journey/identity', { uri, who: 'd1' }),
      await editor.connection.sendRequest('journey/explain', { uri, journey: 'Onboarding', who: 'd1' }),
    ];
    expect(JSON.stringify(said)).not.toMatch(/\bu[12]\b/);
    expect(JSON.stringify(said)).toContain('user no. 2');
  });

  it('of a few people is no number', async () => {
    await start();
    await editor.open('a.journey', `${TEXT}privacy { suppress below 10 }\n`);
    // Both sign-ups are of two people.
    await vi.waitFor(async () => expect((await hints())['enter on SignedUp']).toContain('< 10'), PATIENCE);
    await shows('identity customer {', '< 10 customers of 5 ids');
    expect((await hints())['complete Bought on web.buy']).toContain('< 10');
    expect((await editor.lenses('a.journey'))[0].command!.title).toMatch(/^< 10 entered/);
    expect(editor.status('a.journey')!.data!.people).not.toBe(2);
  });
});

describe('a file', () => {
  it('says what it expects of its sources', async () => {
    await start();
    const expected = `${TEXT}expect web.without_id < 1%\nexpect web.rows >= 8\n`;
    await editor.open('a.journey', expected);
    await has('expectation-failed');
    // 7 rows, all with an id.
    expect(found('expectation-failed').range.start.line).toBe(editor.at('a.journey', 'expect web.rows').line);
    expect((await hints())['expect web.rows >= 8']).toMatch(/^✗ 7/);
    expect((await hints())['expect web.without_id < 1%']).toMatch(/^✓ 0%/);
  });

  it('with a pattern that would backtrack for ever holds nobody up', async () => {
    await start();
    editor.write('data/web.csv', `${DATA}2026-01-01T00:07:00Z,${'a'.repeat(40)}!,d9,view\n`);
    await editor.open('a.journey', TEXT.replace('ignore device = "0"', 'ignore user matching /^(a+)+$/'));
    await editor.until(() => (editor.diagnostics('a.journey')?.length ?? 0) > 0, 'diagnostics');
    await editor.change('a.journey', TEXT);
    // The fourth user, and d9.
    await shows('identity customer {', '3 customers of 7 ids');
  });
});

describe('completion', () => {
  async function offered(text: string): Promise<string[]> {
    await editor.change('a.journey', text.replace('|', ''));
    const lines = text.slice(0, text.indexOf('|')).split('\n');
    const { items } = await editor.connection.sendRequest<CompletionList>('textDocument/completion', {
      textDocument: { uri: editor.uri('a.journey') },
      position: { line: lines.length - 1, character: lines[lines.length - 1].length },
    });
    return items.map(({ label }) => label);
  }

  it('knows the rules of an identity, of privacy, and the numbers of a source', async () => {
    await start();
    await editor.open('a.journey', TEXT);
    await editor.ready('a.journey');
    expect(await offered(TEXT.replace('  ignore device = "0"', '  |'))).toEqual(
      expect.arrayContaining(['id', 'ignore', 'link', 'never', 'shared', 'on', 'retroactive', 'forward', 'anonymous']),
    );
    expect(await offered(TEXT.replace('ignore device', 'ignore |'))).toEqual(expect.arrayContaining(['any', 'user', 'device']));
    expect(await offered(`${TEXT}privacy {\n  |\n}\n`)).toEqual(
      expect.arrayContaining(['purpose', 'consent', 'erase', 'suppress', 'retain']),
    );
    expect(await offered(`${TEXT}expect web.|`)).toEqual(
      expect.arrayContaining(['unreadable', 'duplicates', 'without_id', 'late', 'later']),
    );
  });
});
