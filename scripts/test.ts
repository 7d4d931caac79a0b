/**
 * `npm test`: runs all of vitest, then the editor suites (left out, and said so, where there is no Chromium).
 *
 * usage: npm test [-- VITEST ARGUMENTS]   with arguments only vitest runs
 *
 * The last line counts them all: `120 passed, 0 failed`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Counts {
  passed: number;
  failed: number;
}

const root = join(import.meta.dirname, '..');
const only = process.argv.slice(2);

const suites = [vitest(), ...(only.length > 0 ? [] : [await editor()])];
const total = (what: keyof Counts) => suites.reduce((sum, counts) => sum + counts[what], 0);
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
process.exitCode = total('failed') > 0 ? 1 : 0;

function vitest(): Counts {
  const folder = mkdtempSync(join(tmpdir(), 'journey-test-'));
  const report = join(folder, 'report.json');
  try {
    const { status } = spawnSync(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--maxWorkers=100%',
        '--testTimeout=30000',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...only,
      ],
      { cwd: root, stdio: 'inherit' },
    );
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that can't be loaded, or an error outside of any test, fails the run without failing a test.
    return { passed: numPassedTests, failed: numFailedTests || (status === 0 ? 0 : 1) };
  } catch (error) {
    console.error(`vitest ended without a report: ${(error as Error).message}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Passes on what the editor suites say as they say it, and adds up their own closing lines. */
async function editor(): Promise<Counts> {
  const suite = spawn(process.execPath, ['test/editor/run.ts'], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  suite.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    process.stdout.write(text);
  });
  const status = await new Promise<number | null>(resolve => suite.on('close', resolve));
  const counts = { passed: 0, failed: 0 };
  for (const [, passed, failed] of said.matchAll(/^editor \(\w+ host\): (\d+) passed, (\d+) failed$/gm)) {
    counts.passed += Number(passed);
    counts.failed += Number(failed);
  }
  return status === 0 || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}
