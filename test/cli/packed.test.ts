/** What `npm pack` makes of the command, installed into an empty folder and run as people run it. */
import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
let folder: string;
let command: string;

beforeAll(() => {
  if (stale()) execFileSync(process.execPath, ['scripts/build.ts'], { cwd: ROOT });
  folder = mkdtempSync(join(tmpdir(), 'journey-packed-'));
  const npm = (args: string, cwd: string) =>
    execFileSync(`npm ${args} --no-audit --no-fund --loglevel=error`, { cwd, shell: true, encoding: 'utf8' });
  npm(`pack --pack-destination ${folder}`, join(ROOT, 'cli'));
  const [tarball] = readdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  // Offline: nothing may be fetched, everything is in the package.
  npm(`install --offline ./${tarball}`, folder);
  command = join(folder, 'node_modules/@journey/cli/dist/journey.mjs');
  cpSync(join(ROOT, 'examples/shop'), join(folder, 'shop'), { recursive: true });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whether a source is newer than the bundle, or there is none. */
function stale(): boolean {
  const bundle = join(ROOT, 'cli/dist/journey.mjs');
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  const sources = ['cli', 'engine', 'grammar', 'language-server'].flatMap(workspace => {
    const at = join(ROOT, workspace, 'src');
    return readdirSync(at, { recursive: true, encoding: 'utf8' }).map(path => join(at, path));
  });
  return sources.some(path => statSync(path).mtimeMs > built);
}

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
    spawnSync(program, [command, ...args], { cwd: folder, encoding: 'utf8', env: { ...process.env, FORCE_COLOR: undefined, ...env } });

  test('holds nothing but its bundles, and depends on nothing', () => {
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'node_modules/@journey/cli/package.json'), 'utf8'));
    expect(dependencies).toBeUndefined();
    expect(readdirSync(join(folder, 'node_modules/@journey/cli')).sort()).toEqual(['dist', 'package.json']);
  });

  test('npm puts it on the path as `journey`', () => {
    const bin = join(folder, 'node_modules/.bin', process.platform === 'win32' ? 'journey.cmd' : 'journey');
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
      names: ['Onboarding', 'Fulfilment'],
    });
  });

  test('colours only where they are asked for', () => {
    const coloured = (env: NodeJS.ProcessEnv) => journey(['preview', 'shop/shop.journey'], env).stdout.includes('\u001b[');
    expect(coloured({})).toBe(false);
    expect(coloured({ FORCE_COLOR: '1' })).toBe(true);
    expect(coloured({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });

  test('exit codes reach the shell', () => {
    mkdirSync(join(folder, 'bad'), { recursive: true });
    writeFileSync(join(folder, 'bad/bad.journey'), 'journey {');
    expect(journey(['check', 'bad']).status).toBe(1);
    expect(journey(['check', 'nowhere']).status).toBe(2);
    expect(journey(['cheque']).status).toBe(2);
  });

  test('a reader that leaves early is no error', () => {
    // head closes the pipe after a line; every preview is longer than that, and eighty of them fill any pipe's buffer
    const many = Array.from({ length: 80 }, (_, i) => `many/shop-${i}.journey`);
    mkdirSync(join(folder, 'many'), { recursive: true });
    const text = readFileSync(join(folder, 'shop/shop.journey'), 'utf8').replaceAll('"data/', '"../shop/data/');
    for (const file of many) writeFileSync(join(folder, file), text);
    const { stdout, stderr } = spawnSync(`"${program}" "${command}" preview many --format json | head -1`, {
      cwd: folder,
      shell: true,
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '[\n', stderr: '' });
  });

  test('serves an editor over stdio', async () => {
    const server = spawn(program, [command, 'lsp', '--stdio'], { cwd: folder });
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
