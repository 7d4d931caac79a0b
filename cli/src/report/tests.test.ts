import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { type TestedFile, testSummary, testsAsJson, testsAsJunit, testsAsText } from './tests.ts';

const at = (line: number, character = 2) => ({ uri: 'file:///w/a.journey', start: { line, character }, end: { line, character: 9 } });
const holds = { at: at(4), text: 'J entered 1', ok: true, instead: '' };
const fails = { at: at(5), text: 'J completed 1', ok: false, instead: 'entered 1 (2026-03-01 10:00); active 1' };
const files: TestedFile[] = [
  {
    file: 'a.journey',
    scenarios: [
      { title: 'buys', at: at(1), ok: true, ms: 1.54, claims: [holds], taken: {} },
      { title: 'a <b> & "c"\u0007\ud800', at: at(3), ok: false, ms: 2, claims: [holds, fails], taken: {} },
    ],
    errors: [{ code: 'unknown-event', severity: 'error', message: 'No event `x`', at: at(9) }],
  },
  { file: 'empty.journey', scenarios: [], errors: [] },
];
const plain = { colors: pc.createColors(false), width: 80, pictures: false };

test('text: file, scenario, and at the claim that failed what happened instead', () => {
  expect(testsAsText(files, plain)).toBe(`a.journey
  ✓ buys
  ✗ a <b> & "c"\u0007\ud800
      a.journey:6:3 expected J completed 1
        but entered 1 (2026-03-01 10:00); active 1
  ✗ a.journey:10:3 unknown-event No event \`x\`

`);
});

test('the time a scenario took is for eyes, not for pipes', () => {
  expect(testsAsText(files, { ...plain, pictures: true })).toContain('  ✓ buys  2 ms\n');
});

describe('the summary', () => {
  test('counts scenarios, and errors', () => expect(testSummary(files, plain)).toBe('1 passed, 1 failed, 1 error in 2 files\n'));
  test('says so where there is nothing', () =>
    expect(testSummary(files.slice(1), plain)).toBe('no scenarios in 1 file: there is nothing to test\n'));
});

test('json is versioned, and counts from 1', () => {
  expect(JSON.parse(testsAsJson(files))).toEqual({
    ...{ version: 1, passed: 1, failed: 1 },
    files: [
      {
        file: 'a.journey',
        scenarios: [
          // 1.54 ms, to a tenth
          {
            title: 'buys',
            line: 2,
            column: 3,
            ok: true,
            ms: 1.5,
            claims: [{ text: 'J entered 1', line: 5, column: 3, ok: true, instead: '' }],
          },
          expect.objectContaining({
            ok: false,
            claims: [expect.anything(), expect.objectContaining({ ok: false, line: 6, instead: fails.instead })],
          }),
        ],
        errors: [{ code: 'unknown-event', message: 'No event `x`', line: 10, column: 3 }],
      },
      { file: 'empty.journey', scenarios: [], errors: [] },
    ],
  });
});

test('junit: a suite a file, a case a scenario; what XML cannot hold is replaced', () => {
  expect(testsAsJunit(files)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="journey test">
<testsuite name="a.journey" tests="3" failures="1" errors="1" time="0.0035">
<testcase name="buys" classname="a.journey" file="a.journey" time="0.0015"/>
<testcase name="a &lt;b&gt; &amp; &quot;c&quot;\ufffd\ufffd" classname="a.journey" file="a.journey" time="0.0020">
<failure message="expected J completed 1">
a.journey:6:3 expected J completed 1, but entered 1 (2026-03-01 10:00); active 1
</failure>
</testcase>
<testcase name="unknown-event at a.journey:10:3" classname="a.journey" file="a.journey" time="0">
<error message="No event \`x\`" type="unknown-event"/>
</testcase>
</testsuite>
<testsuite name="empty.journey" tests="0" failures="0" errors="0" time="0.0000"/>
</testsuites>
`);
});
