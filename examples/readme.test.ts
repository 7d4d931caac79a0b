import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JourneyResult } from '@journey/engine';
import { formatDuration } from '@journey/engine';
import { createNodeProject } from '@journey/language-server/node';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

test('the README says what the example says', async () => {
  const project = createNodeProject({ cwd: ROOT });
  const { preview, findings } = await project.check(pathToFileURL(join(import.meta.dirname, 'shop/shop.journey')).href);
  project.dispose();
  expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  const { attempts, entered, rejected, exits, active, metrics } = preview!.result.journeys[0] as JourneyResult<number>;
  const said = [
    `${attempts} attempts`,
    `${entered} entered`,
    `${attempts - entered} turned away (${rejected['not open']} not open, ${rejected['cooling down']} cooling down, ${rejected['already in']} already in)`,
    `${exits.Bought} bought`,
    `${exits.Stuck} stuck in their cart`,
    `${active} still active`,
    `within ${formatDuration(metrics.speed.value!).replace('d ', ' day ').replace('h', ' hours')}`,
  ];
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8').replace(/\s+/g, ' ');
  for (const phrase of said) expect(readme).toContain(phrase);
});

/** The README leaves lines out, but every line it shows is there. */
test('the README explains lines of the example', () => {
  const plain = (text: string) =>
    text.split('\n').map(line =>
      line
        .replace(/\s*\/\/.*/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const shown = [...readme.matchAll(/```journey\n([\s\S]*?)```/g)].flatMap(([, code]) => plain(code)).filter(line => line !== '');
  const example = new Set(plain(readFileSync(join(import.meta.dirname, 'shop/shop.journey'), 'utf8')));
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.filter(line => !example.has(line))).toEqual([]);
});
