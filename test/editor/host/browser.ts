/** Chromium, as the machine has it: nothing is downloaded behind anybody's back. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

export const howToGetChromium = '`apt-get install chromium`, or set CHROME_PATH to a Chromium or Chrome you have';

const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/**
 * The program to start, or undefined where the machine has none.
 * @throws where CHROME_PATH names a file that is not there
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.CHROME_PATH || env.CHROMIUM_PATH;
  if (named && !existsSync(named)) throw new Error(`CHROME_PATH says ${named}, and there is no such file.`);
  if (named) return named;
  const folders = (env.PATH ?? '').split(path.delimiter);
  const names = process.platform === 'win32' ? programs.map(name => `${name}.exe`) : programs;
  const candidates = [...names.flatMap(name => folders.map(folder => path.join(folder, name))), ...elsewhere];
  return candidates.find(existsSync);
}

/** Headless, and silent on the network; without its sandbox, which containers and root cannot have, and which only our own page would need. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath, headless: true, args, timeout: 60_000 });
}
