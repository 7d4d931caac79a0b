import pc from 'picocolors';
import { expect, test } from 'vitest';
import { findingsAsGithub, findingsAsJson, findingsAsText, type Placed, summary } from './findings.ts';

const at = (line: number, character: number, endLine = line, end = character + 3) => ({
  uri: 'file:///w/shop.journey',
  start: { line, character },
  end: { line: endLine, character: end },
});
const relatedFile = () => 'events.journey';
const findings: Placed[] = [
  { file: 'shop.journey', at: at(2, 4), severity: 'error', code: 'unknown-event', message: 'No event\n is called Ordred', relatedFile },
  {
    file: 'a,b:c.journey',
    at: at(0, 0, 4, 1),
    severity: 'warning',
    code: 'matches-nothing',
    message: '100% of rows\nfail',
    related: [{ message: 'declared here', at: at(6, 1) }],
    relatedFile,
  },
  { file: 'shop.journey', at: at(9, 0), severity: 'info', code: 'order-ambiguous', message: 'some', relatedFile },
];
const plain = pc.createColors(false);

test('text is one line a finding: file:line:col severity code message, from 1', () => {
  expect(findingsAsText(findings, plain)).toBe(
    [
      'shop.journey:3:5 error unknown-event No event is called Ordred',
      'a,b:c.journey:1:1 warning matches-nothing 100% of rows fail',
      'shop.journey:10:1 info order-ambiguous some',
      '',
    ].join('\n'),
  );
});

test('the summary counts by severity, and is clean where nothing makes the check fail', () => {
  expect(summary(findings, 2, false, plain)).toBe('findings: 1 error, 1 warning, 1 info in 2 files\n');
  expect(summary(findings.slice(2), 2, true, plain)).toBe('clean: 1 info in 2 files\n');
  expect(summary([], 1, true, plain)).toBe('clean: nothing found in 1 file\n');
});

test('json is versioned, and counts from 1', () => {
  const { version, files, findings: rows } = JSON.parse(findingsAsJson(findings, 2));
  expect({ version, files }).toEqual({ version: 1, files: 2 });
  expect(rows[1]).toEqual({
    ...{ file: 'a,b:c.journey', line: 1, column: 1, endLine: 5, endColumn: 2 },
    ...{ severity: 'warning', code: 'matches-nothing', message: '100% of rows\nfail' },
    related: [{ file: 'events.journey', line: 7, column: 2, endLine: 7, endColumn: 5, message: 'declared here' }],
  });
});

test('github annotations escape what would end a property or a line', () => {
  expect(findingsAsGithub(findings)).toBe(
    [
      '::error file=shop.journey,line=3,endLine=3,col=5,endColumn=8,title=unknown-event::No event%0A is called Ordred',
      '::warning file=a%2Cb%3Ac.journey,line=1,endLine=5,title=matches-nothing::100%25 of rows%0Afail',
      '::notice file=shop.journey,line=10,endLine=10,col=1,endColumn=4,title=order-ambiguous::some',
      '',
    ].join('\n'),
  );
});
