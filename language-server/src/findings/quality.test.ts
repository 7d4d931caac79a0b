/** What is doubtful about the data, at the lines of its sources. */
import { createEngine } from '@journey/engine';
import { expect, it } from 'vitest';
import { loadSql } from '../node/sql.ts';
import { memoryFiles } from '../project/memory.ts';
import { createMemoryProject } from '../project/memory-project.ts';
import { DEFAULTS } from '../server/settings.ts';
import { hints } from '../server/views/hints.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 1);
const DEFINITION = `source web {
  sample "web.csv"
  time   at
  event  kind
  id     user = user
}
identity customer { id user }
journey Visit for customer {
  enter on web.in
  exit  Gone after 4h of silence
  expect web.unreadable < 0.1%
}
expect web.unreadable < 1%
expect web.duplicates = 0
expect web.without_id < 1% of web.events, else warning "who are they?"
`;
/** An event an hour for 20 days. */
const row = (hour: number) => `${new Date(START + hour * HOUR).toISOString()},in,u${hour % 5}`;
const hourly = Array.from({ length: 480 }, (_, hour) => hour);

async function check(rows: string[], definition = DEFINITION, asOf?: string) {
  const files = memoryFiles({ 'a.journey': definition, 'web.csv': ['at,kind,user', ...rows].join('\n') });
  const engine = createEngine({ files, sql: () => loadSql() });
  try {
    const uri = files.uri('a.journey');
    const checked = await createMemoryProject(files, engine).check(uri, asOf ? { asOf: Date.parse(asOf) } : {});
    const said = checked.findings.map(({ at, severity, code }) => `${at.start.line + 1} ${severity} ${code}`);
    return { ...checked, said, uri };
  } finally {
    engine.dispose();
  }
}
const messageOf = ({ findings }: Awaited<ReturnType<typeof check>>, code: string) => findings.find(one => one.code === code)?.message;

it('all is well', async () => {
  expect((await check(hourly.map(row))).said).toEqual([]);
});

it('a gap, at the line of the time', async () => {
  const found = await check(hourly.filter(hour => hour < 100 || hour >= 110).map(row));
  expect(found.said).toEqual(['3 warning time-gap']);
  // From hour 99, the fifth day at 3 o'clock, to hour 110.
  expect(messageOf(found, 'time-gap')).toContain('web has no event for 11h, from 2026-03-05 03:00 to 2026-03-05 14:00');
});

it('rows that came late, and rows that come after the numbers', async () => {
  const late = await check([...hourly, 3, 4].map(row));
  expect(late.said).toEqual(['3 info rows-late']);
  expect(messageOf(late, 'rows-late')).toBe('2 rows of web (0.4%) stand in their file below rows that are more than a day newer');
  const later = await check(hourly.map(row), DEFINITION, '2026-03-10');
  expect(later.said).toContain('3 info rows-later');
});

it('what the file expects of its sources, at its line', async () => {
  const [first, ...rest] = hourly.map(row);
  // 1 of 480 rows is 0.2 %: less than 1 %, not less than 0.1 %. Ten of the 479 events are nobody's.
  const rows = [first.replace(/^[^,]*/, 'soon'), ...rest.map((text, i) => (i < 10 ? text.replace(/u\d$/, '') : text))];
  const found = await check(rows);
  expect(found.said).toEqual(['3 info time-unreadable', '11 error expectation-failed', '15 warning expectation-failed']);
  expect(found.findings.at(-1)?.message).toBe('who are they?: expected web.without_id < 1% of web.events, but it is 2.1% (10 of 479)');
  const shown = hints(found.plan, found.preview!.result, found.uri, DEFAULTS.inlayHints);
  expect(shown.filter(({ line }) => line >= 12).map(({ line, label }) => `${line + 1} ${label}`)).toEqual([
    '13 ✓ 0.2% (1 of 480)',
    '14 ✓ 0',
    '15 ✗ 2.1% (10 of 479)',
  ]);
});

const EXPORTED = DEFINITION.replace('enter on web.in', 'enter on web.in\n  stage Call on web.call').replace('4h of', '2d of');

it('dates without a time of day, where an outcome hangs on them', async () => {
  const found = await check([...hourly.map(row), '2026-03-20,call,u1'], EXPORTED);
  expect(found.said).toContain('3 info dates-without-time');
  // Wherever in its day the row is made to stand, the data doesn't tell it: no edit of the line would mend that.
  expect(found.findings.find(({ code }) => code === 'dates-without-time')?.fixes).toBeUndefined();
});

it('what takes a look at every value is told where all is asked for, with a fix that mends it', async () => {
  const READING = DEFINITION.replace('time   at', 'property event_id\n  time   at').replace(/expect .*\n/g, '');
  const rows = [...hourly, 7, 9].map(hour => `${row(hour)},e${hour}`);
  const files = memoryFiles({ 'a.journey': READING, 'web.csv': ['at,kind,user,event_id', ...rows].join('\n') });
  const engine = createEngine({ files, sql: () => loadSql() });
  const project = createMemoryProject(files, engine);
  const uri = files.uri('a.journey');
  const all = async () => (await project.check(uri, { identities: true })).findings.filter(({ code }) => code === 'rows-repeat');
  expect((await project.check(uri)).findings.map(({ code }) => code)).not.toContain('rows-repeat');
  // 2 of 482.
  const [found] = await all();
  expect(found).toMatchObject({
    severity: 'warning',
    message: expect.stringContaining('2 rows of web (0.4%) repeat the event_id of an earlier row'),
  });
  const [{ at, text }] = found.fixes![0].edits;
  const lines = READING.split('\n');
  lines[at.start.line] = lines[at.start.line].slice(0, at.start.character) + text + lines[at.start.line].slice(at.start.character);
  expect(lines.join('\n')).toContain('\n  property event_id\n  unique event_id\n  time   at\n');
  project.setText(uri, lines.join('\n'));
  expect(await all()).toEqual([]);
  expect((await project.check(uri)).preview!.result.sources.web).toMatchObject({ events: 480, duplicates: 2 });
  engine.dispose();
});

it('a stray last event can be cut off', async () => {
  const found = await check([...hourly.map(row), '2031-01-01T00:00:00Z,in,u1']);
  expect(found.said).toContain('3 warning as-of-gap');
  const fix = found.findings.find(({ code }) => code === 'as-of-gap')?.fixes?.[0];
  expect(fix?.edits.map(({ at, text }) => [at.start, text])).toEqual([[{ line: 2, character: 11 }, ' until 2026-03-21']]);
  // With it the finding is gone.
  const mended = DEFINITION.replace('time   at', 'time   at until 2026-03-21');
  expect((await check([...hourly.map(row), '2031-01-01T00:00:00Z,in,u1'], mended)).said).not.toContain('3 warning as-of-gap');
});
