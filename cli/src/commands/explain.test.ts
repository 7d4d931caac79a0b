/** Explanations of the shop, as they are printed; and what is printed as a scenario passes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createNodeProject } from '@journey/language-server/node';
import { afterAll, describe, expect, it, test } from 'vitest';
import { call } from '../testing.ts';

const shop = join(import.meta.dirname, '../../../examples/shop');
const project = createNodeProject({ cwd: shop });
afterAll(() => project.dispose());

const explain = (...args: string[]) => call(shop, ['explain', 'shop.journey', ...args]);
const lineOf = (text: string) =>
  readFileSync(join(shop, 'shop.journey'), 'utf8')
    .split('\n')
    .findIndex(line => line.includes(text)) + 1;

test('a story: dates, what met which rule at which line, what came of it', async () => {
  const { code, out } = await explain('--journey', 'Onboarding', '--who', 'u1031');
  expect(code).toBe(0);
  expect(out).toContain('Onboarding: user u1031');
  expect(out).toContain(
    `2026-01-02 21:30:16  web."Signed Up" (plan free): entered by Organic: run 1 begins  shop.journey:${lineOf('enter    Organic')}`,
  );
  // The last page was looked at on 6 January, 17:43:50; two weeks later it was over.
  expect(out).toContain(
    `2026-01-20 17:43:50  exit GoneQuiet: 14d of silence, counted from the last sign of life, web.page_view on 2026-01-06 17:43:50: exited as GoneQuiet, 17d 20h after entry  shop.journey:${lineOf('exit     GoneQuiet')}`,
  );
});

test('JSON holds the same, step by step', async () => {
  const { out } = await explain('--journey', 'Onboarding', '--who', 'u1031', '--format', 'json');
  expect(JSON.parse(out)).toMatchObject({
    journey: 'Onboarding',
    participant: 'user u1031',
    instances: [{ runs: [{ end: 'GoneQuiet' }] }],
  });
});

test.each([
  [['--who', 'u1031'], 'has several journeys, Onboarding, Fulfilment'],
  [['--journey', 'Onboarding'], 'say whose story'],
  [['--journey', 'Onboarding', '--who', 'u1', '--any', 'active'], 'say whose story'],
  [['--journey', 'Onbording', '--who', 'u1031'], 'No journey is called Onbording: did you mean Onboarding?'],
  [['--journey', 'Onboarding', '--who', 'u103l'], 'Nobody has this id. Did you mean user:u1031 or user:u1036?'],
  [['--journey', 'Onboarding', '--any', 'Bougth'], 'did you mean Bought?'],
])('%s is usage', async (args, message) => {
  const { code, err } = await explain(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

describe('as a scenario it passes', () => {
  const text = readFileSync(join(shop, 'shop.journey'), 'utf8');
  it.each([
    ['Onboarding', 'Bought'],
    ['Onboarding', 'not open'],
    ['Onboarding', 'already in'],
    ['Onboarding', 'cooling down'],
    ['Onboarding', 'OptedOut'],
    ['Onboarding', 'Stuck'],
    ['Onboarding', 'GoneQuiet'],
    ['Onboarding', 'TimedOut'],
    ['Onboarding', 'active'],
    ['Fulfilment', 'Delivered'],
    ['Fulfilment', 'Cancelled'],
    ['Fulfilment', 'Lost'],
    ['Fulfilment', 'Closed'],
  ])('%s: %s', async (journey, any) => {
    const { out } = await explain('--journey', journey, '--any', any, '--as-scenario');
    const uri = pathToFileURL(join(shop, 'explained.journey')).href;
    project.setText(uri, `${text}\n${out}`);
    const { scenarios, findings } = await project.test(uri);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(
      scenarios
        .at(-1)!
        .claims.map(({ instead }) => instead)
        .join(''),
    ).toBe('');
    // Ids of the shop are u1031, d31a and addresses.
    expect(out).not.toMatch(/"u\d{4}"|"d\d+[a-z]"|@/);
  });
});
