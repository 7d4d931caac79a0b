/** The two ways a VS Code workbench is served here: with a Node extension host beside it, or with all of it in the browser. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A served workbench. */
export interface Served {
  url: string;
  /** Ends the server and what it started; safe to call twice. */
  stop(): Promise<void>;
  /** Settles when the server ends, by itself or by `stop`. */
  ended: Promise<number | null>;
}

/** Silence: what the reader of a test picture, or a first-time user, did not ask for. */
const settings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  // In a browser it is on by default, and the files are the workspace's own.
  'files.autoSave': 'off',
  'files.hotExit': 'off',
  'editor.accessibilitySupport': 'off',
  'editor.minimap.enabled': false,
};

export interface RemoteOptions {
  /** VS Code's folder, from `ensureCode`. */
  code: string;
  /** A folder of its own for settings, extensions and logs. */
  home: string;
  /** A built VSIX to install. */
  vsix?: string;
  port?: number;
  log: string;
}

/**
 * VS Code's own server: the extension runs in a Node process, as on a desktop. The page takes `?folder=/absolute/path`.
 * @throws where it does not come up within a minute, with what it said
 */
export async function startRemote({ code, home, vsix, port = 0, log }: RemoteOptions): Promise<Served> {
  await mkdir(path.join(home, 'user/User'), { recursive: true });
  await writeFile(path.join(home, 'user/User/settings.json'), JSON.stringify(settings, undefined, 2));
  const folders = [
    '--server-data-dir',
    path.join(home, 'server'),
    '--user-data-dir',
    path.join(home, 'user'),
    '--extensions-dir',
    path.join(home, 'extensions'),
  ];
  const quiet = ['--accept-server-license-terms', '--disable-telemetry', '--disable-workspace-trust'];
  const env: NodeJS.ProcessEnv = { ...process.env, EXTENSIONS_GALLERY: '{}' };
  // What npm sets for its scripts would reach every terminal of the workbench.
  for (const name of Object.keys(env)) if (/^npm_|^VSCODE_|^ELECTRON_/i.test(name)) delete env[name];
  const main = path.join(code, 'out/server-main.js');
  if (vsix)
    await finish(spawn(process.execPath, [main, ...quiet, ...folders, '--install-extension', vsix, '--force'], { env }), log, 60_000);
  // The smoke test driver is what lets a page name the extension's tests.
  const args = [
    main,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--without-connection-token',
    '--enable-smoke-test-driver',
    ...quiet,
    ...folders,
  ];
  const child = spawn(process.execPath, args, { env, detached: process.platform !== 'win32' });
  const bound = await announced(child, log, /Extension host agent listening on (\d+)/);
  return served(child, `http://127.0.0.1:${bound}/`);
}

export interface WebOptions {
  code: string;
  /** The folder shown as the workspace; the page sees a copy in memory. */
  workspace: string;
  /** Holds `extension/`, an unpacked VSIX. */
  serve: string;
  log: string;
}

/** The same workbench without any server behind it, as on vscode.dev: the extension runs in a web worker. */
export async function startWeb({ code, workspace, serve, log }: WebOptions): Promise<Served> {
  const args = [path.join(import.meta.dirname, 'web-server.ts'), JSON.stringify({ code, workspace, serve, settings })];
  const child = spawn(process.execPath, args, { detached: process.platform !== 'win32' });
  return served(child, `http://127.0.0.1:${await announced(child, log, /listening on (\d+)/)}/`);
}

const running = new Set<() => void>();
process.on('exit', () => {
  for (const kill of running) kill();
});

function served(child: ChildProcess, url: string): Served {
  // A group of its own: the extension hosts it started go with it.
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (process.platform === 'win32') child.kill(signal);
      else process.kill(-child.pid!, signal);
    } catch {
      // It is gone already.
    }
  };
  const killNow = () => kill('SIGKILL');
  running.add(killNow);
  const ended = new Promise<number | null>(resolve => {
    if (child.exitCode !== null || child.signalCode) resolve(child.exitCode);
    else child.once('exit', code => resolve(code));
  });
  const stop = async () => {
    kill('SIGTERM');
    const late = setTimeout(killNow, 3000);
    await ended;
    clearTimeout(late);
    killNow();
    running.delete(killNow);
  };
  return { url, stop, ended };
}

/** Waits for the line that names the port. All output goes to the log. */
function announced(child: ChildProcess, log: string, line: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const file = createWriteStream(log, { flags: 'a' });
    let said = '';
    const fail = (why: string) => {
      clearTimeout(late);
      child.kill('SIGKILL');
      reject(new Error(`VS Code's server ${why}.\n${said.slice(-1500)}`));
    };
    const late = setTimeout(() => fail('did not come up within a minute'), 60_000);
    const hear = (chunk: Buffer) => {
      file.write(chunk);
      if (said.length < 100_000) said += chunk;
      const port = line.exec(said)?.[1];
      if (!port) return;
      clearTimeout(late);
      resolve(port);
    };
    child.stdout!.on('data', hear);
    child.stderr!.on('data', hear);
    child.once('error', error => fail(`could not be started: ${error.message}`));
    child.once('exit', code => fail(`ended with ${code} before it was up`));
  });
}

/** Runs a program to its end; its output goes to the log, and into the error if it fails. */
function finish(child: ChildProcess, log: string, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const file = createWriteStream(log, { flags: 'a' });
    let said = '';
    const late = setTimeout(() => child.kill('SIGKILL'), timeout);
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', chunk => {
        said += chunk;
        file.write(chunk);
      });
    }
    child.once('error', reject);
    child.once('exit', code => {
      clearTimeout(late);
      if (code === 0) resolve();
      else reject(new Error(`${child.spawnargs.slice(1, 2)} ended with ${code}\n${said.slice(-1500)}`));
    });
  });
}
