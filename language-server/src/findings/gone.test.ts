/** What is told where rows were erased, grew too old or are without consent: never that they were not there. */
import { createEngine } from '@journey/engine';
import { expect, it } from 'vitest';
import { loadSql } from '../node/sql.ts';
import { memoryFiles } from '../project/memory.ts';
import { createMemoryProject } from '../project/memory-project.ts';

const definition = (privacy: string, rules: string) => `source web {
  sample "web.csv"
  time   at
  event  kind
  id     user = user
}
identity customer { id user }
privacy {
  ${privacy}
}
journey Buying for customer {
  enter    on web.in
  ${rules}
}
`;
const row = (day: number, kind: string, user: string, plan = 'free') =>
  `2026-03-${String(day).padStart(2, '0')}T10:00:00Z,${kind},${user},${plan}`;

async function told(privacy: string, rules: string, rows: string[]): Promise<string[]> {
  const files = memoryFiles({ 'a.journey': definition(privacy, rules), 'web.csv': ['at,kind,user,plan', ...rows].join('\n') });
  const engine = createEngine({ files, sql: () => loadSql() });
  try {
    const { findings } = await createMemoryProject(files, engine).check(files.uri('a.journey'), { identities: true });
    return findings.map(({ severity, code, message }) => `${severity} ${code}: ${message}`).filter(text => !text.includes('purpose'));
  } finally {
    engine.dispose();
  }
}

it('an event that only erased people had did occur', async () => {
  const rows = [row(1, 'in', 'u1'), row(2, 'special', 'u1', 'gold'), row(3, 'erase', 'u1'), row(3, 'in', 'u2'), row(4, 'look', 'u2')];
  // u1's three rows are gone, the request among them; nobody is told that nothing was ever called `erase`.
  expect(await told('erase on web.erase', 'stage Special on web.special', rows)).toEqual([
    'info stage-never-reached: No participation reaches Special: every row that matches is erased',
  ]);
  // A value that stood on an erased row only.
  expect(await told('erase on web.erase', 'stage Gold on web.look where plan = "gold"', [row(2, 'look', 'u1', 'gold'), ...rows])).toEqual([
    'info stage-never-reached: No participation reaches Gold: every row that matches is erased',
  ]);
  // A name that never stood anywhere is told as ever.
  expect(await told('erase on web.erase', 'stage Special on web.specail', rows)).toEqual([
    'warning event-never-occurs: No row of web is called specail: it has in and look',
  ]);
});

it('an event that is older than what is retained did occur', async () => {
  const rows = [row(1, 'special', 'u1'), row(20, 'in', 'u1'), row(21, 'look', 'u1')];
  expect(await told('retain 5d', 'stage Special on web.special', rows)).toEqual([
    'info stage-never-reached: No participation reaches Special: every row that matches is older than what is retained',
  ]);
  expect(await told('retain 5d', 'complete Special on web.special', rows)).toEqual([
    'info end-never-taken: No participation completes as Special: every row that matches is older than what is retained',
  ]);
  // Not one of the two rows that are left, but the one that isn't.
  expect(await told('retain 5d', 'stage Old on web.look where plan = "old"', [row(1, 'look', 'u1', 'old'), ...rows])).toEqual([
    'info stage-never-reached: No participation reaches Old: every row that matches is older than what is retained',
  ]);
});

it('where nobody comes so far with consent, that is said', async () => {
  const CONSENT = 'consent from web.consent, granted where plan = "yes"';
  // u1 consents for a day, enters, withdraws and looks; u2 enters and looks with consent only before entry.
  const rows = [row(1, 'consent', 'u1', 'yes'), row(2, 'in', 'u1'), row(3, 'consent', 'u1', 'no'), row(4, 'look', 'u1', 'gold')];
  expect(await told(CONSENT, 'stage Gold on web.look where plan = "gold"', rows)).toEqual([
    'info stage-never-reached: No participation reaches Gold: every row that matches is without consent',
  ]);
  expect(await told(CONSENT, 'stage Look on web.look', rows)).toEqual([
    'warning stage-never-reached: No participation reaches Look: 1 row matches, but never during the only participation; rows that are without consent count for nothing',
  ]);
  // What no row has, with consent or without.
  expect(await told(CONSENT, 'stage Silver on web.look where plan = "silver"', rows)).toEqual([
    expect.stringContaining('warning value-never-occurs: In no row of web.look is `plan` "silver"'),
  ]);
});

it('a statement of consent that is too old is not one that never was', async () => {
  const rows = [row(1, 'consent', 'u1', 'yes'), row(20, 'in', 'u1'), row(21, 'look', 'u1')];
  expect(await told('retain 5d\n  consent from web.consent, granted where plan = "yes"', '', rows)).toEqual([
    expect.stringContaining('warning consent-never-given: every row that states consent was erased, or is older than what is retained'),
    expect.stringContaining('rejected: no consent'),
  ]);
});

it('a source of which nothing is left is told so', async () => {
  const two = (text: string) =>
    text.replace('identity', 'source crm { sample "web.csv"  time at  event kind  id user = user  where plan = "crm" }\nidentity');
  const files = memoryFiles({
    'a.journey': two(definition('retain 5d', 'stage Called on crm.call')),
    'web.csv': ['at,kind,user,plan', row(1, 'call', 'u1', 'crm'), row(20, 'in', 'u1')].join('\n'),
  });
  const engine = createEngine({ files, sql: () => loadSql() });
  const { findings } = await createMemoryProject(files, engine).check(files.uri('a.journey'));
  engine.dispose();
  expect(findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'source-without-events: No row of crm is an event any more: all are older than what is retained, or left out by the source',
    'stage-never-reached: No participation reaches Called: every row that matches is older than what is retained',
  ]);
});
