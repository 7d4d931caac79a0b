/**
 * The packed extension in a real VS Code, with a Node extension host as on a desktop and with a web worker as on vscode.dev:
 * tests inside the host, through VS Code's API, and tests from outside, of what is on the screen.
 *
 * usage: node test/editor/run.ts [node|web] [part of a test's name]
 *
 * Exits 0 or 1 and prints `editor (node host): N passed, N failed` for each host. Without a Chromium or without VS Code it says that
 * it was left out, and why; with JOURNEY_REQUIRE_EDITOR set, that is a failure. Pictures and logs of failures stand in out/editor/.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { findChromium, howToGetChromium, launchChromium } from './host/browser.ts';
import { ensureCode, root } from './host/code.ts';
import { type Served, startRemote, startWeb } from './host/server.ts';
import { type Stage, setStage } from './host/stage.ts';
import type { Result } from './inside/report.ts';
import { checks } from './seen/index.ts';
import { runInside } from './seen/inside.ts';
import { Workbench } from './seen/workbench.ts';

const hosts = ['node', 'web'] as const;
type Host = (typeof hosts)[number];

const [first = '', second = ''] = process.argv.slice(2);
const wanted = hosts.filter(host => !hosts.includes(first as Host) || host === first);
const part = hosts.includes(first as Host) ? second : first;

const out = path.join(root, 'out/editor');
const minutes = 60_000;

const tooLong = setTimeout(() => {
  console.log('editor: stopped after 10 minutes');
  process.exit(1);
}, 10 * minutes);
process.exitCode = await main();
clearTimeout(tooLong);

async function main(): Promise<number> {
  let chromium: string | undefined;
  let code: string;
  try {
    chromium = findChromium();
    if (!chromium) return leftOut(`this machine has no Chromium. To run it: ${howToGetChromium}`);
    code = await ensureCode(line => console.log(`editor: ${line}`));
  } catch (error) {
    return leftOut((error as Error).message);
  }
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const stage = await setStage();
  const browser = await launchChromium(chromium);
  let failed = 0;
  try {
    for (const host of wanted) failed += await runHost(host, browser, code, stage);
  } finally {
    await browser.close();
    await stage.strike();
  }
  if (failed) console.log(`editor: pictures and logs of what failed are in ${path.relative(root, out)}/`);
  return failed ? 1 : 0;
}

function leftOut(why: string): number {
  const required = Boolean(process.env.JOURNEY_REQUIRE_EDITOR);
  for (const host of wanted) console.log(`editor (${host} host): ${required ? 'could not run' : 'left out'}: ${why}`);
  return required ? 1 : 0;
}

async function runHost(host: Host, browser: Browser, code: string, stage: Stage): Promise<number> {
  const results: Result[] = [];
  const told = (result: Result) => {
    results.push(result);
    console.log(`  ${result.ok ? 'ok' : 'FAILED'}  ${result.name} (${(result.ms / 1000).toFixed(1)} s)`);
    if (!result.ok) console.log(`${result.error}`.replace(/^/gm, '      '));
  };
  console.log(`editor (${host} host)`);
  const log = path.join(out, `${host}-server.log`);
  const home = path.join(stage.home, `${host}-home`);
  const insideHome = path.join(stage.home, `${host}-inside-home`);
  // The tests inside bring the extension themselves, so theirs is an editor without it.
  const served =
    host === 'node'
      ? await startRemote({ code, home: insideHome, log })
      : await startWeb({ code, workspace: await stage.workspace('web'), serve: stage.serve, log });
  try {
    const inside = await runInside(browser, await insideAddress(host, served, stage), {
      timeout: 3 * minutes,
      picture: path.join(out, `${host}-inside.png`),
      onResult: told,
    });
    if (!inside.ended) told({ name: 'the tests inside the extension host come to an end', ok: false, ms: 0, error: lastWords(inside.log) });
    if (results.some(result => !result.ok)) await writeFile(path.join(out, `${host}-inside.log`), inside.log.join('\n'));
  } finally {
    if (host === 'node') await served.stop();
  }
  const shown = host === 'node' ? await startRemote({ code, home, vsix: stage.vsix, log }) : served;
  try {
    // What was typed and not saved is kept on the server, by folder: a fresh start wants a fresh one.
    let starts = 0;
    const address = async () => (host === 'node' ? `${shown.url}?folder=${await stage.workspace(`node-seen-${++starts}`)}` : shown.url);
    await runSeen(host, browser, address, told);
  } finally {
    await shown.stop();
  }
  const failed = results.filter(result => !result.ok).length;
  console.log(`editor (${host} host): ${results.length - failed} passed, ${failed} failed`);
  return failed;
}

async function insideAddress(host: Host, { url }: Served, stage: Stage): Promise<string> {
  if (host === 'web') return `${url}?tests`;
  const remote = (file: string) => `vscode-remote://${new URL(url).host}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(stage.extension)],
    ['extensionTestsPath', remote(path.join(stage.extension, 'suite/index'))],
  ];
  return `${url}?folder=${await stage.workspace('node-inside')}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/** One workbench for all checks; after a failure the next one starts in a fresh one. */
async function runSeen(host: Host, browser: Browser, address: () => Promise<string>, told: (result: Result) => void): Promise<void> {
  let workbench: Workbench | undefined;
  for (const check of checks.filter(({ name }) => name.includes(part))) {
    const began = performance.now();
    let late: NodeJS.Timeout | undefined;
    try {
      workbench ??= await Workbench.open(browser, await address());
      const limit = new Promise<never>((_, reject) => {
        late = setTimeout(() => reject(new Error('took longer than a minute')), minutes);
      });
      const note = await Promise.race([check.run(workbench), limit]);
      told({ name: note ? `${check.name}: ${note}` : check.name, ok: true, ms: performance.now() - began });
    } catch (error) {
      told({ name: check.name, ok: false, ms: performance.now() - began, error: `${(error as Error).stack}` });
      const file = path.join(out, `${host}-${check.name.replace(/\W+/g, '-')}`);
      await workbench?.page.screenshot({ path: `${file}.png` }).catch(() => {});
      await writeFile(`${file}.log`, workbench?.said.join('\n') ?? '');
      await workbench?.close().catch(() => {});
      workbench = undefined;
    } finally {
      clearTimeout(late);
    }
  }
  await workbench?.close();
}

const lastWords = (log: string[]) =>
  log
    .filter(line => !/ INFO | TRACE /.test(line))
    .slice(-12)
    .join('\n')
    .slice(-3000);
