/** The record of processing, made by the command itself: what it says, and what counts as a difference. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { call } from '../testing.ts';
import { driftOf } from './privacy.ts';

const folder = mkdtempSync(join(tmpdir(), 'journey-record-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DEFINITION = `source web {
  sample   "web.csv"  time at  event type
  id       email = lower(email)
  property phone pii contact.phone
  property notes
}
identity customer { id email pii contact.email valid 30d }
privacy {
  purpose analytics for Trial
  retain  90d
}
journey Trial for customer {
  enter    Joined on web.joined where plan = "free"
  complete Bought on web.bought
}
journey Calls for customer { enter on web.called where phone is not null }
`;

function privacy(definition: string, ...args: string[]) {
  writeFileSync(join(folder, 'a.journey'), definition);
  return call(folder, ['privacy', 'a.journey', ...args], 100);
}

describe('journey privacy', () => {
  it('says of every column who reads it at which line, for which journey and purpose; no sample is needed', async () => {
    const { code, out } = await privacy(DEFINITION);
    expect(code).toBe(0);
    expect(out).toContain('| `plan` |  | Trial.Joined (a.journey:13) | Trial | analytics |');
    expect(out).toContain('| `phone` | contact.phone | Calls.called (a.journey:16) | Calls | **none** |');
    // Ids say who somebody is in every journey of the identity.
    expect(out).toContain('| `email` | contact.email | id email (a.journey:3) | Trial, Calls | analytics |');
    expect(out).toContain('Declared and never used: `notes` (a.journey:5)');
    expect(out).toContain('| email | contact.email | `web.email` | any number | 30d | a.journey:7 |');
    expect(out).toContain("- Retention: rows older than 90d don't exist");
    expect(out).toContain('- Consent: no rule.');
  });

  it('names the journeys that read personal data without a purpose', async () => {
    const { out } = await privacy(DEFINITION);
    expect(out).toContain('- Calls (a.journey:16) reads contact.email, contact.phone without a purpose: `web.email`, `web.phone`');
  });

  it('as JSON holds the same', async () => {
    const { out } = await privacy(DEFINITION, '--format', 'json');
    const record = JSON.parse(out);
    expect(record.data[0].columns.find(({ column }: { column: string }) => column === 'phone')).toEqual({
      column: 'phone',
      pii: 'contact.phone',
      ids: [],
      readers: [{ kind: 'rule', name: 'Calls.called', at: { file: 'a.journey', line: 16 } }],
      journeys: ['Calls'],
      purposes: [],
    });
    expect(record.retain.within).toBe(90 * 86_400_000);
  });

  it('is content with a record that differs in line numbers only, and tells what else differs', async () => {
    writeFileSync(join(folder, 'RECORD.md'), (await privacy(DEFINITION)).out);
    expect(await privacy(`// a line above\n${DEFINITION}`, '--check', 'RECORD.md')).toEqual({ code: 0, out: '', err: '' });
    const changed = await privacy(DEFINITION.replace('plan = "free"', 'birthday is null'), '--check', 'RECORD.md');
    expect(changed.code).toBe(1);
    expect(changed.out.trim().split('\n')).toEqual([
      '- | `plan` |  | Trial.Joined (a.journey:13) | Trial | analytics |',
      '+ | `birthday` |  | Trial.Joined (a.journey:13) | Trial | analytics |',
    ]);
  });

  it('has none of a definition with errors, and says when there is nothing to compare with', async () => {
    const broken = await privacy(DEFINITION.replace('on web.joined', 'on web'));
    expect([broken.code, broken.out]).toEqual([1, '']);
    const missing = await privacy(DEFINITION, '--check', 'NONE.md');
    expect(missing.code).toBe(2);
    expect(missing.err).toContain('write it first with `journey privacy a.journey > NONE.md`');
  });
});

it('a drift is told in order, what went before what came', () => {
  expect(driftOf('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual(['- b', '+ x', '+ d']);
  expect(driftOf('at a.journey:3\n"line": 4', 'at a.journey:9\r\n"line": 5\r\n')).toEqual([]);
});
