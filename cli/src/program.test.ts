import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';
import { call } from './testing.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'journey-cli-'));
  mkdirSync(join(folder, 'more/deep'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  // Two people: ann buys a day later, bob does not; bob comes a second time while he is in.
  write(
    'web.csv',
    'at,what,user\n2026-03-01T10:00Z,joined,ann\n2026-03-01T11:00Z,joined,bob\n2026-03-02T10:00Z,bought,ann\n2026-03-02T11:00Z,joined,bob\n',
  );
  write('good.journey', journey());
  write('more/deep/warned.journey', journey('expect entered > 5, else warning "few"').replace('web.csv', '../../web.csv'));
  write('failing.journey', journey('expect entered > 5'));
  write('broken.journey', journey('stge X on web.bought'));
  write('notes.txt', 'no journey');
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
const journey = (more = '') => `source web { sample "web.csv"  time at  event what  id user = user }
identity customer { id user }
journey Trial for customer {
  enter    Joined on web.joined
  complete Bought on web.bought
  metric   share = rate(Bought)
  ${more}
}
`;

const journeyCall = (...args: string[]) => call(folder, args);

describe('exit 2: usage', () => {
  test.each([
    [['chek'], "unknown command 'chek'", 'Did you mean check?'],
    [['check', 'good.journey', '--fromat', 'json'], "unknown option '--fromat'", 'Did you mean --format?'],
    [['check'], "missing required argument 'path'", ''],
    [['check', 'good.journey', '--format', 'xml'], 'Allowed choices are text, json, github', ''],
    [['check', 'gone.journey'], 'gone.journey does not exist: correct the path', ''],
    [['check', 'more/gone.journey'], 'look into more', ''],
    [['check', 'notes.txt'], 'notes.txt is not a .journey file: name a file that ends in .journey', ''],
    [['check', 'empty'], 'empty holds no .journey file', ''],
    [['check', 'nothing/**/*.journey'], 'no .journey file matches nothing/**/*.journey', ''],
    [['preview', 'good.journey', '--as-of', 'tomorrow'], 'Expected a date or a time, such as 2026-03-31', ''],
    [['preview', 'good.journey', '--as-of', '2026-02-30'], 'Expected a date or a time', ''],
    [['preview', 'good.journey', '--journey', 'Trail'], 'no journey is called Trail: did you mean Trial?', ''],
    [['lsp'], 'start it as journey lsp --stdio', ''],
    [['help', 'previw'], "unknown command 'previw'", 'Did you mean preview?'],
  ])('journey %j', async (args, what, hint) => {
    const { code, out, err } = await journeyCall(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(what);
    expect(err).toContain(hint);
  });
});

describe('help and version', () => {
  test.each([[['--version']], [['-v']]])('%j', async args => {
    expect(await journeyCall(...args)).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
  test.each([
    [['help'], 'Usage: journey'],
    [['--help'], 'Usage: journey'],
    [['help', 'check'], 'Usage: journey check'],
    [['preview', '--help'], '--as-of <time>'],
  ])('%j', async (args, text) => {
    const { code, out } = await journeyCall(...args);
    expect(code).toBe(0);
    expect(out).toContain(text);
  });
  test('nothing at all shows the help, and is usage', async () => {
    expect(await journeyCall()).toMatchObject({ code: 2, err: expect.stringContaining('Usage: journey') });
  });
});

describe('check', () => {
  test('clean is 0, and says so on stderr', async () => {
    expect(await journeyCall('check', 'good.journey')).toEqual({ code: 0, out: '', err: 'clean: nothing found in 1 file\n' });
  });
  test('an error is 1, at its place', async () => {
    const { code, out, err } = await journeyCall('check', 'failing.journey');
    expect(code).toBe(1);
    // two entered: ann and bob, whose second coming is rejected
    expect(out).toMatch(/^failing\.journey:7:\d+ error expectation-failed .*entered > 5.* 2/);
    expect(err).toBe('findings: 1 error in 1 file\n');
  });
  test('a syntax error is 1, at its place', async () => {
    const { code, out } = await journeyCall('check', 'broken.journey');
    expect(code).toBe(1);
    expect(out).toMatch(/^broken\.journey:7:3 error /);
  });
  test('warnings alone are findings, unless told otherwise', async () => {
    const { code, out } = await journeyCall('check', 'more');
    expect(code).toBe(1);
    expect(out).toMatch(/^more\/deep\/warned\.journey:7:\d+ warning expectation-failed few/);
    expect((await journeyCall('check', 'more', '--fail-on', 'error')).code).toBe(0);
  });
  test('folders and globs, each file once', async () => {
    const json = JSON.parse((await journeyCall('check', '.', '*.journey', 'good.journey', '--format', 'json')).out);
    expect(json.files).toBe(4);
    const places = json.findings.map((finding: { file: string; severity: string }) => `${finding.file} ${finding.severity}`);
    expect([...new Set(places)]).toEqual(['broken.journey error', 'failing.journey error', 'more/deep/warned.journey warning']);
  });
  test('github', async () => {
    expect((await journeyCall('check', 'failing.journey', '--format', 'github')).out).toMatch(
      /^::error file=failing\.journey,line=7,endLine=7,col=\d+,endColumn=\d+,title=expectation-failed::/,
    );
  });
});

describe('check --coverage', () => {
  test('tells of every rule how often it is taken, and what would change without it', async () => {
    const { code, out } = await journeyCall('check', 'good.journey', '--coverage');
    expect(code).toBe(0);
    expect(out).toMatch(/good\.journey: 2 of 2 rules matter \(100%\)/);
    // ann bought; without the rule she would be active, as bob is
    expect(out).toMatch(/Trial +complete +Bought +1 +never +active 1 → 2, completed 1 → 0/);
  });
  test('as JSON beside the findings', async () => {
    const { out } = await journeyCall('check', 'good.journey', '--coverage', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      findings: [],
      coverage: [
        { file: 'good.journey', score: 1, rules: [{ rule: 'Joined', line: 4, takenInSample: 2, takenInScenarios: 0 }, { rule: 'Bought' }] },
      ],
    });
    expect(JSON.parse((await journeyCall('check', 'good.journey', '--format', 'json')).out).coverage).toBeUndefined();
  });
  test('is no annotation', async () => {
    expect(await journeyCall('check', 'good.journey', '--coverage', '--format', 'github')).toMatchObject({ code: 2, out: '' });
  });
});

describe('preview', () => {
  test('json is the contract', async () => {
    const { code, out } = await journeyCall('preview', 'good.journey', '--format', 'json');
    expect(code).toBe(0);
    const json = JSON.parse(out);
    expect(json).toMatchObject({ version: 1, asOf: '2026-03-02T11:00:00.000Z', people: 2 });
    // three times joined: ann, bob, and bob again while he is in
    expect(json.journeys[0]).toMatchObject({
      ...{ name: 'Trial', attempts: 3, entered: 2, entries: { Joined: 2 }, active: 1, completed: 1, exits: { Bought: 1 } },
      rejected: { 'already in': 1 },
      metrics: { share: { value: 0.5, numerator: 1, denominator: 2 } },
    });
  });
  test('a date means its whole day: on the first day nobody has bought yet', async () => {
    const { out } = await journeyCall('preview', 'good.journey', '--as-of', '2026-03-01', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({ asOf: '2026-03-01T23:59:59.999Z', journeys: [{ entered: 2, active: 2, completed: 0 }] });
  });
  test('a pipe gets plain text', async () => {
    const { code, out } = await journeyCall('preview', 'good.journey');
    expect(code).toBe(0);
    expect(out).toContain('3 attempts  →  2 entered  →  1 completed (50%)  →  1 still active');
    expect([...out].filter(character => character === '\u001b' || character === '█')).toEqual([]);
  });
  test('several files are an array that names them', async () => {
    const { out } = await journeyCall('preview', 'good.journey', 'more', '--format', 'json');
    expect(JSON.parse(out).map(({ file }: { file: string }) => file)).toEqual(['good.journey', 'more/deep/warned.journey']);
  });
  test('one journey: only the files that hold it', async () => {
    write('other.journey', journey().replace('Trial', 'Other'));
    const { out } = await journeyCall('preview', 'good.journey', 'other.journey', '--journey', 'Other', '--format', 'json');
    rmSync(join(folder, 'other.journey'));
    expect(JSON.parse(out)).toMatchObject([{ file: 'other.journey', journeys: [{ name: 'Other' }] }]);
  });
  test('an expectation that fails is shown, and is for check to fail on', async () => {
    const { code, out } = await journeyCall('preview', 'failing.journey');
    expect(code).toBe(0);
    expect(out).toContain('✘ fails');
  });
  test('a file with nothing in it says so', async () => {
    write('nothing.journey', '// later\n');
    expect(await journeyCall('preview', 'nothing.journey')).toEqual({
      ...{ code: 0, out: '' },
      err: 'nothing.journey declares no source and no journey: there are no numbers to show\n',
    });
    rmSync(join(folder, 'nothing.journey'));
  });
  test('errors of the definition are told, and are 1', async () => {
    const { code, err } = await journeyCall('preview', 'broken.journey');
    expect(code).toBe(1);
    expect(err).toMatch(/^broken\.journey:7:3 error /);
  });
});

describe('test', () => {
  const scenario = (claim: string) => `scenario "buys" {
  2026-03-01 10:00  web.joined  { user: "zoe" }
  +26h              web.bought  { user: "zoe" }
  expect Trial ${claim}
}
`;
  // Its data is nowhere: a scenario needs none.
  const tested = (claim: string) => journey().replace('web.csv', 'nowhere.csv') + scenario(claim);

  test('scenarios that pass are 0', async () => {
    write('tested.journey', tested('completed 1 as Bought after 26h'));
    expect(await journeyCall('test', 'tested.journey')).toEqual({
      code: 0,
      out: 'tested.journey\n  ✓ buys\n\n',
      err: '1 passed in 1 file\n',
    });
  });
  test('one that fails is 1, and says what happened instead', async () => {
    write('tested.journey', tested('active 1'));
    const { code, out, err } = await journeyCall('test', 'tested.journey');
    expect({ code, err }).toEqual({ code: 1, err: '1 failed in 1 file\n' });
    // 7 lines of definition, an empty one in them; the claim is the scenario's fourth line
    expect(out).toContain(
      'tested.journey:12:3 expected Trial active 1\n        but entered 1 (2026-03-01 10:00); completed 1 as Bought after 26h\n',
    );
  });
  test('check tells of it too', async () => {
    const { code, out } = await journeyCall('check', 'tested.journey');
    expect(code).toBe(1);
    expect(out).toContain('tested.journey:12:3 error scenario-failed Expected Trial active 1, but entered 1');
  });
  test('an error of the definition is 1', async () => {
    const { code, out, err } = await journeyCall('test', 'broken.journey');
    expect({ code, err }).toEqual({ code: 1, err: '1 error in 1 file\n' });
    expect(out).toContain('✗ broken.journey:7:3 ');
  });
  test('folders, globs and formats as elsewhere; nothing to test is said', async () => {
    expect(JSON.parse((await journeyCall('test', '*.journey', 'more', '--format', 'json')).out)).toMatchObject({ version: 1, failed: 1 });
    expect((await journeyCall('test', 'tested.journey', '--format', 'junit')).out).toContain('<testcase name="buys"');
    rmSync(join(folder, 'tested.journey'));
    expect(await journeyCall('test', 'more')).toEqual({ code: 0, out: '', err: 'no scenarios in 1 file: there is nothing to test\n' });
    expect((await journeyCall('test', 'gone')).code).toBe(2);
  });
});

test('exit 3: a fault of the command itself asks for a report', async () => {
  const broken = { cwd: folder } as Terminal;
  let err = '';
  const code = await run(['check', 'good.journey'], {
    ...broken,
    progress: () => {
      throw new Error('out of order');
    },
    err: text => {
      err += text;
    },
  });
  expect(code).toBe(3);
  expect(err).toMatch(/internal error[\s\S]*Please report[\s\S]*journey \d+\.\d+\.\d+, node v[\s\S]*out of order/);
});
