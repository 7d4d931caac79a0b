/**
 * A real VS Code in the browser, with the extension in it and an example open: for people without one at hand.
 *
 * usage: npm run editor [-- FOLDER] [--port N] [--open]
 *
 * Serves 127.0.0.1 only, writes nowhere but in `.cache/` and a folder of its own that goes with it, and ends with Ctrl-C.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureCode, root } from '../test/editor/host/code.ts';
import { type Served, startRemote } from '../test/editor/host/server.ts';
import { packVsix } from '../test/editor/host/vsix.ts';

const usage = 'usage: npm run editor [-- FOLDER] [--port N] [--open]';
const { folder, port, open } = readArguments();

const home = await realpath(await mkdtemp(path.join(os.tmpdir(), 'journey-editor-')));
let served: Served | undefined;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));

try {
  const code = await ensureCode(console.log);
  console.log('packing the extension');
  const vsix = await packVsix();
  console.log('starting VS Code');
  served = await startRemote({ code, home, vsix, port, log: path.join(home, 'server.log') });
  const address = addressOf(served.url);
  console.log(
    `\n  ${address}\n\nOpen this address in a browser: ${path.relative(process.cwd(), folder) || folder} is open there, with Journey in it.\nCtrl-C here ends it.`,
  );
  if (open) openBrowser(address);
  const status = await served.ended;
  if (!stopping) console.error(`VS Code's server ended by itself (${status}).`);
  await stop(1);
} catch (error) {
  if (!stopping) console.error((error as Error).message);
  await stop(1);
}

async function stop(status: number) {
  if (stopping) return;
  stopping = true;
  await served?.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
  process.exit(status);
}

function readArguments() {
  const options = { port: { type: 'string', default: '0' }, open: { type: 'boolean', default: false } } as const;
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const folder = path.resolve(positionals[0] ?? path.join(root, 'examples/shop'));
    if (positionals.length > 1) throw new Error('one folder at most');
    if (!existsSync(folder)) throw new Error(`there is no folder ${folder}`);
    if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65535)
      throw new Error(`--port wants a number up to 65535, not ${values.port}`);
    return { folder, port: Number(values.port), open: values.open };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

/** The folder's address, with its first journey open. */
function addressOf(url: string): string {
  const posix = (file: string) => (process.platform === 'win32' ? `/${file.replaceAll('\\', '/')}` : file);
  const journey = readdirSync(folder).find(name => name.endsWith('.journey'));
  const payload = journey && [['openFile', `vscode-remote://${new URL(url).host}${posix(path.join(folder, journey))}`]];
  return `${url}?folder=${encodeURI(posix(folder))}${payload ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : ''}`;
}

function openBrowser(address: string) {
  const [program, ...args] = { darwin: ['open'], win32: ['rundll32', 'url.dll,FileProtocolHandler'] }[process.platform as string] ?? [
    'xdg-open',
  ];
  spawn(program, [...args, address], { stdio: 'ignore', detached: true })
    .on('error', () => console.error(`${program} is not there: open the address yourself.`))
    .unref();
}
