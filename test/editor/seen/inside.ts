/** The tests inside the extension host, started and listened to from outside. */
import type { Browser } from 'playwright-core';
import { type Result, readReport } from '../inside/report.ts';
import { newPage } from './workbench.ts';

/** What the suite inside the extension host reported. */
export interface Inside {
  results: Result[];
  /** Whether it came to its end. */
  ended: boolean;
  log: string[];
}

/** Opens a workbench that runs the tests inside, and waits for their last line. */
export async function runInside(
  browser: Browser,
  url: string,
  options: { timeout: number; picture: string; onResult(result: Result): void },
): Promise<Inside> {
  const { page, said } = await newPage(browser);
  const results: Result[] = [];
  let late: NodeJS.Timeout | undefined;
  try {
    const end = new Promise<boolean>(resolve => {
      late = setTimeout(() => resolve(false), options.timeout);
      page.on('console', message => {
        const report = readReport(message.text());
        if (report === 'end') resolve(true);
        else if (report) {
          results.push(report);
          options.onResult(report);
        }
      });
      // An end without our last line: it could not even be loaded. What there is to say stands in the log.
      page.exposeFunction('codeAutomationExit', () => setTimeout(() => resolve(false), 1000));
    });
    await page.exposeFunction('codeAutomationLog', () => {});
    await page.goto(url);
    const ended = await end;
    if (!ended || results.some(result => !result.ok)) await page.screenshot({ path: options.picture }).catch(() => {});
    return { results, ended, log: said };
  } finally {
    clearTimeout(late);
    await page.context().close();
  }
}
