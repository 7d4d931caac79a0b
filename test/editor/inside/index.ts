/** What VS Code calls when it runs the tests inside its extension host, in Node and in a web worker alike: one bundle for both. */
import { runSuites } from './mocha.ts';
import './journey.ts';

/** @throws where a test failed, which is how VS Code learns of it */
export async function run(): Promise<void> {
  const failures = await runSuites();
  if (failures) throw new Error(`${failures} tests failed inside the extension host`);
}
