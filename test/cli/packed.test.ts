/** What `npm pack` makes of the command, installed into an empty folder and run as people run it. */
import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundleCli } from '../../scripts/bundle.ts';

const ROOT = resolve(import.meta.dirname, '../..');
// Each test starts processes, on machines that are busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let command: string;
const home = () => join(folder, 'home');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'journey-packed-'));
  const packed = join(folder, 'packed');
  for (const path of [packed, home()]) mkdirSync(path);
  const npm = (args: string, cwd: string) =>
    execFileSync(`npm ${args} --no-audit --no-fund --loglevel=error`, { cwd, shell: true, encoding: 'utf8' });
  // Packed from a copy: the checkout's own bundles may be in use, or old.
  await bundleCli(join(packed, 'dist'));
  cpSync(join(ROOT, 'cli/package.json'), join(packed, 'package.json'));
  npm('pack', packed);
  const tarball = readdirSync(packed).find(name => name.endsWith('.tgz'));
  writeFileSync(join(home(), 'package.json'), '{ "private": true }');
  // Offline: nothing may be fetched, everything is in the package.
  npm(`install --offline ../packed/${tarball}`, home());
  command = join(home(), 'node_modules/@journey/cli/dist/journey.mjs');
  cpSync(join(ROOT, 'examples/shop'), join(home(), 'shop'), { recursive: true });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The Nodes of this machine that the command has to run on: the one we run on, and the oldest it promises. */
function nodes(): [version: string, program: string][] {
  const found = new Map([[process.version, process.execPath]]);
  for (const place of (process.env.PATH ?? '').split(delimiter)) {
    const program = join(place, 'node');
    if (!existsSync(program)) continue;
    const version = spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout?.trim();
    if (version?.startsWith('v20.')) found.set(version, program);
  }
  if (found.size === 1) console.log('test/cli: Node 20 is left out: there is none on PATH');
  return [...found];
}

describe.each(nodes())('on Node %s', (_, program) => {
  const journey = (args: string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> =>
    spawnSync(program, [command, ...args], { cwd: home(), encoding: 'utf8', env: { ...process.env, FORCE_COLOR: undefined, ...env } });

  test('holds nothing but its bundles, and depends on nothing', () => {
    const { dependencies } = JSON.parse(readFileSync(join(home(), 'node_modules/@journey/cli/package.json'), 'utf8'));
    expect(dependencies).toBeUndefined();
    expect(readdirSync(join(home(), 'node_modules/@journey/cli')).sort()).toEqual(['dist', 'package.json']);
  });

  test('npm puts it on the path as `journey`', () => {
    const bin = join(home(), 'node_modules/.bin', process.platform === 'win32' ? 'journey.cmd' : 'journey');
    expect(execFileSync(bin, ['--version'], { encoding: 'utf8' })).toBe(journey(['--version']).stdout);
  });

  test('checks the example: clean', () => {
    const { status, stdout, stderr } = journey(['check', 'shop']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.not.stringMatching(/ (error|warning) /) });
    expect(stderr).toMatch(/1 file/);
  });

  test('previews it as JSON', () => {
    const { status, stdout, stderr } = journey(['preview', 'shop/shop.journey', '--format', 'json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { version, journeys } = JSON.parse(stdout);
    expect({ version, names: journeys.map(({ name }: { name: string }) => name) }).toEqual({
      version: 1,
      names: ['Onboarding', 'Fulfilment', 'SecondOrder'],
    });
  });

  test('colours only where they are asked for', () => {
    const coloured = (env: NodeJS.ProcessEnv) => journey(['preview', 'shop/shop.journey'], env).stdout.includes('\u001b[');
    expect(coloured({})).toBe(false);
    expect(coloured({ FORCE_COLOR: '1' })).toBe(true);
    expect(coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });

  test('exit codes reach the shell', () => {
    mkdirSync(join(home(), 'bad'), { recursive: true });
    writeFileSync(join(home(), 'bad/bad.journey'), 'journey {');
    expect(journey(['check', 'bad']).status).toBe(1);
    expect(journey(['check', 'nowhere']).status).toBe(2);
    expect(journey(['cheque']).status).toBe(2);
  });

  test('a reader that leaves early is no error', () => {
    // head closes the pipe after a line; every preview is longer than that, and eighty of them fill any pipe's buffer
    const many = Array.from({ length: 80 }, (_, i) => `many/shop-${i}.journey`);
    mkdirSync(join(home(), 'many'), { recursive: true });
    const text = readFileSync(join(home(), 'shop/shop.journey'), 'utf8').replaceAll('"data/', '"../shop/data/');
    for (const file of many) writeFileSync(join(home(), file), text);
    const { stdout, stderr } = spawnSync(`"${program}" "${command}" preview many --format json | head -1`, {
      cwd: home(),
      shell: true,
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '[\n', stderr: '' });
  });

  test('serves an editor over stdio', async () => {
    const server = spawn(program, [command, 'lsp', '--stdio'], { cwd: home() });
    const send = (message: object) => {
      const body = JSON.stringify({ jsonrpc: '2.0', ...message });
      server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    };
    let said = '';
    const answered = (text: string) =>
      new Promise<void>((done, fail) => {
        server.stdout.on('data', data => {
          said += data;
          if (said.includes(text)) done();
        });
        server.on('exit', () => fail(new Error(`ended before it said ${text}: ${said}`)));
      });
    send({ id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: {} } });
    await answered('"id":1');
    expect(said).toContain('"hoverProvider"');
    send({ id: 2, method: 'shutdown' });
    await answered('"id":2');
    const ended = new Promise(done => server.on('exit', done));
    send({ method: 'exit' });
    expect(await ended).toBe(0);
  });
});
