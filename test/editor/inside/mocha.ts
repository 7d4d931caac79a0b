/// <reference types="mocha" />
/** Mocha as it is for browsers, in both hosts, with a reporter that can be read from outside: a line per test. */
import 'mocha/mocha.js';
import { endLine, reportLine } from './report.ts';

class Lines {
  constructor(runner: Mocha.Runner) {
    const tell = (test: Mocha.Test | Mocha.Hook, error?: Error) =>
      console.log(
        reportLine({ name: test.fullTitle(), ok: !error, ms: test.duration ?? 0, error: error && (error.stack ?? error.message) }),
      );
    runner.on('pass', test => tell(test));
    runner.on('fail', tell);
    runner.on('end', () => console.log(endLine));
  }
}

mocha.setup({ ui: 'tdd', timeout: 20_000, reporter: Lines as never });

/** Runs all suites; settles with the number of failures. The browser's own `run` would look at an address, which a Node host has not. */
export const runSuites = () => new Promise<number>(resolve => Mocha.prototype.run.call(mocha, resolve));
