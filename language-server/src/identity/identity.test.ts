/** What is told of identities: findings with their fixes, hints at the rules, hovers over rules and ids, the JSON. */
import { readFileSync } from 'node:fs';
import { createEngine, type EngineApi } from '@journey/engine';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it, test } from 'vitest';
import { loadSql } from '../node/sql.ts';
import { memoryFiles } from '../project/memory.ts';
import { createMemoryProject } from '../project/memory-project.ts';
import type { Finding } from '../project/types.ts';
import { identityHover, whoHover } from '../server/views/hover/identity.ts';
import { identityHints } from '../server/views/identity-hints.ts';
import { idAt } from '../server/views/ids.ts';
import { toIdentityJson } from './json.ts';

const engines: EngineApi[] = [];
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

const SOURCE = `source web {
  sample "web.csv"
  time   at
  event  kind
  id     user   = user
  id     device = device
}
journey J for customer {
  enter In on web.view
}
`;

function open(text: string, rows: string[]) {
  const csv = ['at,kind,user,device', ...rows.map((row, i) => `2026-03-01T10:00:${String(i).padStart(2, '0')}Z,view,${row}`)].join('\n');
  const files = memoryFiles({ 'a.journey': text, 'web.csv': csv });
  const engine = createEngine({ files, sql: () => loadSql() });
  engines.push(engine);
  return { project: createMemoryProject(files, engine), uri: files.uri('a.journey'), files };
}

async function told(block: string, rows: string[]) {
  const text = `${SOURCE}${block}`;
  const { project, uri, files } = open(text, rows);
  const checked = await project.check(uri);
  const { reports, findings } = await project.identities(checked);
  return { text, uri, project, checked, findings, report: reports[0], identities: { reports, findings, text }, files };
}

/** The text after a finding's best fix. */
function mended(text: string, { fixes }: Finding): string {
  const lines = text.split('\n');
  const [{ at, text: inserted }] = fixes![0].edits;
  const line = lines[at.start.line];
  lines[at.start.line] = line.slice(0, at.start.character) + inserted + line.slice(at.end.character);
  return lines.join('\n');
}

// u1-d1, u2-d1, u5-d5, u5-0, d5, d1: newest first {u5,d5}, {u2,d1}; u1-d1 would make one customer of two users.
const ROWS = ['u1,d1', 'u2,d1', 'u5,d5', 'u5,0', ',d5', ',d1'];
const BLOCK = `identity customer {
  id user unique
  id device max 1
  ignore device = "0"
  never link user "u2" with user "u5"
  on conflict keep latest
}
`;

describe('hints', () => {
  it('stand at the name, at each kind and at each rule', async () => {
    const { identities, text, uri } = await told(BLOCK, ROWS);
    const lines = text.split('\n');
    const hints = Object.fromEntries(identityHints(identities, text, uri).map(({ line, label }) => [lines[line].trim(), label]));
    expect(hints).toEqual({
      // u1, u2, u5 and d1, d5: 0 is ignored.
      'identity customer {': '3 customers of 5 ids',
      // Without it u1 and u2 are one.
      'id user unique': '3 ids · 2 → 3 customers · 1 link refused',
      'id device max 1': '2 ids',
      // Without it u5-0, which is newer, leaves no room for d5: a fourth customer.
      'ignore device = "0"': '1 value on 1 row · 4 → 3 customers · 1 link made room for',
      'never link user "u2" with user "u5"': 'changes nothing',
      // Row 6 would be u1's.
      'on conflict keep latest': 'keep earliest would change 2 customers',
    });
  });

  it('go with their lines while the text is edited, and are gone with them', async () => {
    const { identities, text, uri } = await told(BLOCK, ROWS);
    const lower = `// a line more\n${text.replace('  ignore device = "0"\n', '')}`;
    const found = identityHints(identities, lower, uri).map(({ line }) => lower.split('\n')[line].trim());
    expect(found).toContain('id user unique');
    expect(found).not.toContain('ignore device = "0"');
  });
});

describe('hovers', () => {
  const look = { pictures: false, stale: false };
  const lineOf = (text: string, part: string) => text.split('\n').findIndex(line => line.includes(part));

  it('over a rule tell what it did', async () => {
    const { report, text } = await told(BLOCK, ROWS);
    const shown = identityHover(report, lineOf(text, 'ignore device'), look);
    expect(shown).toContain('4 customers without it, 3 with it');
    expect(shown).toContain('| user u5 | device d5 |');
    const whole = identityHover(report, lineOf(text, 'identity customer'), look);
    expect(whole).toContain('3 customers of 5 ids · 2 links, 1 refused');
    expect(whole).toContain('Under `keep earliest` 2 of 3 customers (66.7%) would have other events.');
  });

  const DEFINITION = `${SOURCE}${BLOCK}event Own = web.view where user = "u1"
scenario "two at one device" {
  2026-01-01 10:00 web.view { user: "s1", device: "t" }
  +1d              web.view { user: "s2", device: "t" }
  expect J entered 2
}
`;
  test.each([
    ['never link user "u2"', '"u2"', { kind: 'user', value: 'u2' }],
    ['never link user "u2"', '"u5"', { kind: 'user', value: 'u5' }],
    ['ignore device', '"0"', { kind: 'device', value: '0' }],
    ['event Own', '"u1"', { kind: 'user', value: 'u1' }],
    ['web.view { user: "s2"', '"s2"', { kind: 'user', value: 's2', scenario: 'two at one device' }],
  ])('an id stands in %s', async (line, part, found) => {
    const { project, uri } = open(DEFINITION, ROWS);
    const { plan, findings } = await project.definition(uri);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const at = lineOf(DEFINITION, line);
    const character = DEFINITION.split('\n')[at].indexOf(part) + 1;
    expect(idAt(plan, uri, { line: at, character })).toMatchObject({ identity: 'customer', ...found });
    expect(idAt(plan, uri, { line: at, character: 0 })).toBe(undefined);
  });

  it('over an id tell why that is one person', async () => {
    const { project, uri } = open(DEFINITION, ROWS);
    const { report } = await project.identity(uri, { identity: 'customer', who: 'user:u2' });
    expect(whoHover(report!.who!)).toBe(
      [
        '**user u2**',
        '2 ids of one customer',
        '|  | rows | first seen | last seen |',
        '|---|---:|---:|---:|',
        '| user u2 | 1 | 2026-03-01 10:00:01 | 2026-03-01 10:00:01 |',
        '| device d1 | 3 | 2026-03-01 10:00 | 2026-03-01 10:00:05 |',
        'By these links, in the order they were made:',
        '- user u2 and device d1, on 1 row at 2026-03-01 10:00:01',
        'Refused:',
        '- user u1 and device d1, on 1 row at 2026-03-01 10:00: user unique: together with user u1 it would be more than 1 user',
      ]
        .join('\n')
        .replace('customer\n|', 'customer\n\n|')
        .replace('**\n2', '**\n\n2')
        .replace('|\nBy', '|\n\nBy')
        .replace(':\n- user u2', ':\n\n- user u2')
        .replace('\nRefused:\n', '\n\nRefused:\n\n'),
    );
  });

  it("in a scenario the scenario's own rows decide", async () => {
    const { project, uri } = open(DEFINITION, ROWS);
    const { report } = await project.identity(uri, { identity: 'customer', who: 'device:t', scenario: 'two at one device' });
    // s2 was there later.
    expect(report?.who).toMatchObject({ customer: 'user s2', refused: [{ other: 'user s1' }] });
    expect(report?.customers).toBe(2);
  });
});

describe('findings', () => {
  const found = (findings: Finding[]) => findings.map(({ code, severity, at }) => `${severity} ${code} ${at.start.line + 1}`);
  // The block begins at line 11.
  const PLAIN = 'identity customer {\n  id user\n  id device\n}\n';

  it('nothing, where nothing looks wrong', async () => {
    expect(found((await told(PLAIN, ['u1,d1', 'u2,d2', ',d2'])).findings)).toEqual([]);
  });

  it('placeholder-id, and once it is ignored as the fix says it is gone', async () => {
    const rows = ['null,d1', 'null,d2', 'u1,d2'];
    const { findings, text, files, project, uri } = await told(PLAIN, rows);
    expect(found(findings)).toEqual(['warning placeholder-id 12', 'warning login-hangs-on-device 12']);
    expect(findings[0].message).toContain(
      'user `null` looks like a word for "none": it stands on 2 rows and shares them with 2 other ids.',
    );
    const after = mended(text, findings[0]);
    expect(after).toContain('  id device\n  ignore user = "null"\n}');
    files.set('a.journey', after);
    project.setText(uri, undefined);
    const { findings: left } = await project.identities(await project.check(uri));
    expect(found(left)).toEqual([]);
  });

  it('ids-alike and kind-never-linked', async () => {
    const { findings } = await told(PLAIN, ['Ann@x.example,', 'ann@x.example,', ',d1']);
    expect(found(findings)).toEqual(['warning kind-never-linked 12', 'warning ids-alike 12', 'warning kind-never-linked 13']);
    expect(findings[1].message).toContain('such as `Ann@x.example` and `ann@x.example`');
  });

  it('kind-like-session', async () => {
    const rows = Array.from({ length: 24 }, (_, i) => `,s-${i}`);
    const { findings } = await told(PLAIN, ['u1,d1', ...rows]);
    expect(found(findings)).toEqual(['warning kind-like-session 13']);
  });

  it('giant-customer names the hub, and ignores it as a fix', async () => {
    // 25 users at the kiosk, nobody else with more than two ids.
    const rows = [...Array.from({ length: 25 }, (_, i) => `u${i},kiosk`), 'v,w'];
    const { findings } = await told(PLAIN, rows);
    const giant = findings.find(({ code }) => code === 'giant-customer')!;
    expect(giant.message).toContain('user u0 has 26 ids, the next largest customer 2');
    expect(giant.message).toContain('Without device kiosk, which has 25 links, its other ids would be 25 customers, the largest of 1 id');
    expect(giant.fixes![0].title).toBe('Ignore it: `ignore device = "kiosk"`');
  });

  it('login-hangs-on-device', async () => {
    const { findings } = await told(PLAIN, ['u1,d1', 'u2,d1']);
    expect(found(findings)).toEqual(['warning login-hangs-on-device 12']);
    expect(findings[0].message).toContain('as user u2 is through device d1');
  });

  it('identity-ambiguous and other-policy', async () => {
    const unique = 'identity customer {\n  id user unique\n  id device\n}\n';
    const rows = ['u1,d1', 'u2,d1', ',d1'];
    // The last row is u2's, and would be u1's: both customers would be others.
    expect(found((await told(unique, rows)).findings)).toEqual(['info other-policy 11']);
    const { text, files, project, uri } = await told(unique, rows);
    const at = (second: number) => `2026-03-01T10:00:0${second}Z,view`;
    files.set('web.csv', ['at,kind,user,device', `${at(1)},u1,d1`, `${at(1)},u2,d1`, `${at(5)},,d1`].join('\n'));
    engines.at(-1)!.filesChanged();
    project.setText(uri, text);
    // At one instant neither is later: u1 has it by its text, under either policy.
    expect(found((await project.identities(await project.check(uri))).findings)).toEqual(['info identity-ambiguous 11']);
  });

  it('two-unique-values', async () => {
    const text = `${SOURCE.replace('id     device', 'id     user   = other\n  id     device').replace('= device', '= other')}identity customer {
  id user unique
  id device
}
`;
    const { project, uri, files } = open(text, []);
    files.set('web.csv', 'at,kind,user,other\n2026-03-01T10:00:00Z,view,a,b\n2026-03-01T10:00:01Z,view,a,a\n');
    const { findings } = await project.identities(await project.check(uri));
    const two = findings.find(({ code }) => code === 'two-unique-values')!;
    expect(two.message).toContain(
      '1 row carries two values of user, which is unique: it belongs to nobody. The first is in web at 2026-03-01 10:00',
    );
  });

  it('ignore-matches-nothing', async () => {
    const block = 'identity customer {\n  id user\n  id device\n  ignore user like "%@shop.example"\n}\n';
    expect(found((await told(block, ['u1,d1', 'u1,d1'])).findings)).toEqual(['warning ignore-matches-nothing 14']);
  });

  it('are among what `journey check` finds, and no part of the numbers an editor waits for', async () => {
    const { project, uri, checked } = await told(PLAIN, ['null,d1', 'null,d2']);
    expect(checked.findings.map(({ code }) => code)).not.toContain('placeholder-id');
    const all = await project.check(uri, { identities: true });
    expect(all.findings.map(({ code }) => code)).toContain('placeholder-id');
  });
});

const docs = new URL('../../../docs/', import.meta.url);
const valid = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(new URL('identity.schema.json', docs), 'utf8')));
const complaints = (json: unknown) => (valid(json) ? [] : valid.errors);

test('the example in the documentation meets the schema', () => {
  const [, example] = /```json\n([\s\S]*?)```/.exec(readFileSync(new URL('identity-json.md', docs), 'utf8'))!;
  expect(complaints(JSON.parse(example))).toEqual([]);
});

test('the JSON has instants and places as people read them', async () => {
  const { project, uri } = open(`${SOURCE}${BLOCK}`, ROWS);
  const { report, plan } = await project.identity(uri, { who: 'd1', and: 'u1' });
  const json = toIdentityJson(report!, plan, () => 'a.journey');
  expect(complaints(json)).toEqual([]);
  expect(json).toMatchObject({
    version: 1,
    identity: 'customer',
    asOf: '2026-03-01T10:00:05.000Z',
    customers: 3,
    rules: [{ kind: 'unique', place: { file: 'a.journey', line: 12 }, without: 2, with: 3 }, {}, {}, {}, {}],
    who: {
      customer: 'user u2',
      links: [{ firstSeen: '2026-03-01T10:00:01.000Z', source: 'web', event: 'view', rule: { file: 'a.journey', line: 13 } }],
      refused: [{ rule: { file: 'a.journey', line: 12 }, limit: { kind: 'user', most: 1 } }],
    },
  });
});
