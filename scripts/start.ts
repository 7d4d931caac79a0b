/** `npm start`: builds, checks and previews the example that ships, then says where to go on. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { styleText } from 'node:util';

const root = join(import.meta.dirname, '..');
const EXAMPLE = 'examples/shop/shop.journey';

console.log(`${heading('Journey')}: customer journeys as code. A small shop, on its sample data.\n`);
build();
say('journey check examples');
journey(['check', 'examples'], 'findings are fine');
say(`journey preview ${EXAMPLE}`);
// Pictures even where this goes into a file: it is the first thing anybody sees.
journey(['preview', EXAMPLE, '--format', 'table']);
console.log(`
${heading('Where to go on')}
  In the editor, with these numbers beside their lines while you type:
    ${command('npm run editor')}     this example in a VS Code in the browser
    ${command('npm run package')}    the extension as a .vsix, for a desktop VS Code:
                       Extensions > ... > Install from VSIX

  In the terminal and in CI:
    ${command('node cli/dist/journey.mjs help')}
    ${command(`node cli/dist/journey.mjs preview examples/shop --as-of 2026-03-01`)}

  The definition is ${command(EXAMPLE)}: change a line, and start again.
  README.md explains it line by line.`);

function build(): void {
  const began = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: root, encoding: 'utf8' });
  if (status !== 0) {
    console.error(`${stdout}${stderr}\nThe build failed: its message is above. Run npm ci, then npm start again.`);
    process.exit(1);
  }
  console.log(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`);
}

function journey(args: string[], findings?: 'findings are fine'): void {
  const { status } = spawnSync(process.execPath, ['cli/dist/journey.mjs', ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0 && !(status === 1 && findings)) process.exit(status ?? 1);
}

function say(line: string): void {
  console.log(`\n${styleText('dim', '$')} ${heading(line)}`);
}
function heading(text: string): string {
  return styleText('bold', text);
}
function command(text: string): string {
  return styleText('cyan', text);
}
