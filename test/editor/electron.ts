/**
 * The tests inside the extension host once more, in VS Code's own desktop build: for machines that can fetch it and have a display.
 *
 * usage: npm run test:desktop
 *
 * Elsewhere it says that it was left out, and why; with JOURNEY_REQUIRE_EDITOR set, that is a failure. It never waits without end.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { downloadAndUnzipVSCode, runTests, SilentReporter } from '@vscode/test-electron';
import { cache } from './host/code.ts';
import { setStage } from './host/stage.ts';
import { readReport } from './inside/report.ts';

const minutes = 60_000;
setTimeout(() => {
  console.log('editor (desktop): stopped after 10 minutes');
  process.exit(1);
}, 10 * minutes).unref();
process.exit(await main());

async function main(): Promise<number> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return leftOut('there is no display; `xvfb-run` makes one');
  let vscodeExecutablePath: string;
  try {
    const cachePath = path.join(cache, 'vscode');
    await mkdir(cachePath, { recursive: true });
    console.log('editor (desktop): looking for VS Code, fetching it where it is not there yet');
    vscodeExecutablePath = await Promise.race([
      downloadAndUnzipVSCode({ version: 'stable', cachePath, timeout: 20_000, reporter: new SilentReporter() }),
      new Promise<never>((_, reject) => setTimeout(() => reject(new Error('it took longer than 5 minutes')), 5 * minutes).unref()),
    ]);
  } catch (error) {
    return leftOut(`VS Code could not be fetched: ${(error as Error).message}`);
  }
  const stage = await setStage();
  let passed = 0;
  let failed = 0;
  const said = new PassThrough();
  let rest = '';
  said.on('data', chunk => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const report = readReport(line);
      if (!report || report === 'end') continue;
      if (report.ok) passed++;
      else failed++;
      console.log(`  ${report.ok ? 'ok' : 'FAILED'}  ${report.name}${report.error ? `\n${report.error}` : ''}`);
    }
  });
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: stage.extension,
      extensionTestsPath: path.join(stage.extension, 'suite/index'),
      launchArgs: [
        await stage.workspace('desktop'),
        '--disable-extensions',
        '--disable-workspace-trust',
        '--user-data-dir',
        path.join(stage.home, 'user'),
      ],
      stdout: said,
      stderr: said,
    });
  } catch (error) {
    if (!failed) {
      failed++;
      console.log(`  FAILED  ${(error as Error).message}`);
    }
  } finally {
    await stage.strike();
  }
  console.log(`editor (desktop): ${passed} passed, ${failed} failed`);
  return failed ? 1 : 0;
}

function leftOut(why: string): number {
  console.log(`editor (desktop): left out: ${why}`);
  return process.env.JOURNEY_REQUIRE_EDITOR ? 1 : 0;
}
