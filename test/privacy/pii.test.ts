/** Personal data leaves the engine in nothing that is printed, explained or reported. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, folderOf, IDS, leaks, removeFolders } from './harness.ts';
import { DEFINITION, FILES, VARIANTS } from './sample.ts';

afterAll(removeFolders);

function filesOf(variant: string): string {
  const { definition = DEFINITION, files = {} } = VARIANTS[variant];
  const all: Record<string, string | Uint8Array> = { ...FILES, ...files, 'all.journey': definition };
  // One file in an old encoding: what is no UTF-8 is quoted where it may be.
  if (variant === 'no UTF-8') all['profiles.csv'] = Buffer.from(files['profiles.csv'], 'latin1');
  return folderOf(all);
}

const OUTCOMES = [
  'rejected',
  'active',
  'completed',
  'exited',
  'ambiguous',
  'already in',
  'no consent',
  'Bought',
  'Refused',
  'Gone',
  'Looking',
];
describe.each(Object.keys(VARIANTS))('%s', variant => {
  let cwd: string;
  beforeAll(() => {
    cwd = filesOf(variant);
  });

  it.each([
    ['check', '--format', 'text', '--coverage'],
    ['check', '--format', 'json', '--coverage'],
    ['check', '--format', 'github'],
    ['preview', '--format', 'table'],
    ['preview', '--format', 'text'],
    ['preview', '--format', 'json'],
    ['test', '--format', 'text'],
    ['test', '--format', 'junit'],
    ['privacy'],
    ['privacy', '--format', 'json'],
    ['identity'],
    ['identity', '--format', 'json'],
  ])('journey %s', async (command, ...options) => {
    const { code, text } = await call(cwd, command, 'all.journey', ...options);
    expect(leaks(text)).toEqual([]);
    // An error of journey itself would hide what it would have said.
    expect(code, text).toBeLessThan(3);
  });

  it('journey explain and identity, for everybody in every way', async () => {
    const told: string[] = [];
    // Once in every way; of what is broken what differs with it.
    const whole = variant === 'as it is';
    const formats = whole ? [['--format', 'json'], ['--as-scenario'], []] : [['--format', 'json']];
    for (const journey of whole ? ['Onboarding', 'Fulfilment', 'Reading'] : ['Onboarding']) {
      for (const any of whole ? OUTCOMES : ['rejected', 'completed', 'exited'])
        told.push((await call(cwd, 'explain', 'all.journey', '--journey', journey, '--any', any)).text);
      for (const who of IDS)
        for (const format of formats)
          told.push((await call(cwd, 'explain', 'all.journey', '--journey', journey, '--who', who, ...format)).text);
    }
    for (const who of IDS) told.push((await call(cwd, 'identity', 'all.journey', '--who', who, '--format', 'json')).text);
    expect(told.flatMap(leaks)).toEqual([]);
  }, 60_000);
});

describe('what is told instead', () => {
  let cwd: string;
  beforeAll(() => {
    cwd = filesOf('as it is');
  });

  it('a person is a number, and a value its category', async () => {
    const { text } = await call(cwd, 'explain', 'all.journey', '--journey', 'Reading', '--any', 'Got');
    expect(text).toContain('Reading: email no. ');
    const refused = await call(cwd, 'explain', 'all.journey', '--journey', 'Onboarding', '--any', 'Refused');
    expect(refused.text).toContain('phone (withheld: contact.phone)');
    expect(refused.text).toContain('email (withheld)');
  });

  it('who was called by a number can be asked for by it', async () => {
    const { text } = await call(cwd, 'explain', 'all.journey', '--journey', 'Reading', '--who', 'email no. 1');
    expect(text).toContain('Reading: email no. 1');
  });

  it('a scenario made of it holds made-up values, and passes', async () => {
    const { out } = await call(cwd, 'explain', 'all.journey', '--journey', 'Reading', '--any', 'Did', '--as-scenario');
    expect(out).toContain('email: "email1"');
    writeFileSync(join(cwd, 'again.journey'), `${DEFINITION}${out}`);
    const tested = await call(cwd, 'test', 'again.journey');
    expect(tested.text).not.toMatch(/failed|✗/);
    expect(tested.code).toBe(0);
  });

  it('the numbers are there all the same', async () => {
    const { out } = await call(cwd, 'preview', 'all.journey', '--format', 'json');
    const onboarding = JSON.parse(out).journeys[0];
    // Six sign up, one of them without consent.
    expect(onboarding).toMatchObject({ name: 'Onboarding', entered: 5 });
    expect(onboarding.metrics.eldest.value).toBeNull();
    expect(onboarding.metrics.kinds.value).toBeGreaterThan(0);
  });
});
