import { readFileSync } from 'node:fs';
import { createEngine } from '@journey/engine';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { loadSql } from '../node/sql.ts';
import { memoryFiles } from './memory.ts';
import { createMemoryProject } from './memory-project.ts';
import { toPreviewJson } from './preview-json.ts';

const docs = new URL('../../../docs/', import.meta.url);
const valid = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(new URL('preview.schema.json', docs), 'utf8')));
const complaints = (json: unknown) => (valid(json) ? [] : valid.errors);

const DEFINITION = `source shop {
  sample "events.csv"
  time   at
  event  kind
  unique message
  id     user = user
}
identity customer { id user }

journey Buying for customer {
  enter    New on shop.signed_up
  stage    Looking on shop.viewed
  complete Bought  on shop.bought
  exit     Gone    after 10d of silence
  metric   bought = rate(Bought within 2d)
  metric   speed  = median(time to Bought)
  metric   none   = 1 / (entered - 3)
  expect   bought >= 50%
  expect   none > 0
}
`;
// u1: New, Looking, Bought after 26 h; u2: New, Looking, silent from March 2 on; u3: New; a second attempt of u2; a copy; no time.
const EVENTS = `message,at,kind,user
m1,2026-03-01T10:00:00Z,signed_up,u1
m2,2026-03-01T12:00:00Z,viewed,u1
m2,2026-03-01T12:00:00Z,viewed,u1
m3,2026-03-02T12:00:00Z,bought,u1
m4,2026-03-01T10:00:00Z,signed_up,u2
m5,2026-03-02T10:00:00Z,viewed,u2
m6,2026-03-02T10:00:01Z,signed_up,u2
m7,2026-03-20T10:00:00Z,signed_up,u3
m8,soon,signed_up,u4
`;

async function previewJson(definition: string, events = EVENTS) {
  const files = memoryFiles({ 'a.journey': definition, 'events.csv': events });
  const engine = createEngine({ files, sql: () => loadSql() });
  try {
    return toPreviewJson(await createMemoryProject(files, engine).check(files.uri('a.journey')));
  } finally {
    engine.dispose();
  }
}

describe('the JSON of a preview', () => {
  it('is this, for this history', async () => {
    const json = await previewJson(DEFINITION);
    expect(json).toEqual({
      version: 1,
      expectations: [],
      asOf: '2026-03-20T10:00:00.000Z',
      // 9 rows: one a copy, one without a time
      sources: {
        shop: {
          ...{ rows: 9, events: 7, duplicates: 1, unreadable: 1, withoutId: 0, later: 0, late: 0, erased: 0, expired: 0 },
          gaps: [],
          from: '2026-03-01T10:00:00.000Z',
          to: '2026-03-20T10:00:00.000Z',
        },
      },
      // u4's only row has no time, so u4 is nobody
      people: 3,
      journeys: [
        {
          name: 'Buying',
          attempts: 4,
          entered: 3,
          entries: { New: 3 },
          people: 3,
          active: 1,
          completed: 1,
          exits: { Bought: 1, Gone: 1 },
          rejected: { 'already in': 1 },
          ambiguous: 0,
          stages: {
            // u1 from March 1, 12:00 to the end a day later; u2 from March 2, 10:00 to its end ten days after its last event, at
            // 10:00:01: the median of 24 h and 10 d 1 s
            Looking: { reached: 2, visits: 2, medianMs: (24 * 3_600_000 + 10 * 24 * 3_600_000 + 1000) / 2 },
          },
          transitions: [
            { from: 'New', to: 'Looking', count: 2 },
            { from: 'Looking', to: 'Bought', count: 1 },
            { from: 'Looking', to: 'Gone', count: 1 },
          ],
          // u1 26 h; u2 from March 1, 10:00 to March 12, 10:00:01 = 11 d 1 s. p90 interpolates: 26 h + 0.9 x the difference
          timeToEnd: {
            medianMs: (26 * 3_600_000 + 11 * 24 * 3_600_000 + 1000) / 2,
            p90Ms: 26 * 3_600_000 + 0.9 * (11 * 24 * 3_600_000 + 1000 - 26 * 3_600_000),
          },
          metrics: {
            // u3 entered at the last instant: its two days have not passed
            bought: { value: 0.5, numerator: 1, denominator: 2, immature: 1 },
            speed: { value: 26 * 3_600_000, numerator: null, denominator: null, immature: null },
            none: { value: null, numerator: null, denominator: null, immature: null },
          },
          segments: {},
          splits: [],
          paths: {},
          expectations: [
            { text: 'bought >= 50%', ok: true, actual: expect.stringContaining('50%') },
            { text: 'none > 0', ok: null, actual: expect.any(String) },
          ],
        },
      ],
    });
  });

  it('has the parts that a journey asks for: segments, splits, paths, periods', async () => {
    const asked = DEFINITION.replace(
      '  metric   none   = 1 / (entered - 3)',
      '  path     Way: Looking -> Bought\n  split    by Early\n  metric   none   = 1 / (entered - 3)\n  metric   monthly = entered by week',
    ).replace('journey Buying', 'segment Early when entry.message = "m1"\n\njourney Buying');
    const json = await previewJson(asked);
    expect(complaints(json)).toEqual([]);
    const [{ segments, splits, paths, metrics }] = json.journeys;
    expect(segments).toEqual({ Early: { runs: 1, not: 2, unknown: 0 } });
    expect(splits[0].groups.map(({ value, entered, completed }) => [value, entered, completed])).toEqual([
      ['no', 2, 0],
      ['yes', 1, 1],
    ]);
    // u1 followed, u2 looked and left, u3 is active.
    expect(paths.Way.outcomes).toEqual({ followed: 1, otherOrder: 0, skipped: 0, underWay: 1, restarted: 0, left: [0, 1] });
    // Two on Sunday, March 1, the last day of the ninth week; one on March 20.
    expect(metrics.monthly.series?.map(({ period, value }) => [period, value])).toEqual([
      ['2026-W09', 2],
      ['2026-W10', 0],
      ['2026-W11', 0],
      ['2026-W12', 1],
    ]);
  });

  it('is what the schema says', async () => {
    expect(complaints(await previewJson(DEFINITION))).toEqual([]);
    expect(complaints(await previewJson(DEFINITION.replace('journey', 'jurney')))).toEqual([]);
    expect(complaints(await previewJson(DEFINITION, 'message,at,kind,user\n'))).toEqual([]);
    expect(complaints(await previewJson(''))).toEqual([]);
  });

  it('is written in its own documentation', () => {
    const [, example] = /```json\n(.*?)```/s.exec(readFileSync(new URL('preview-json.md', docs), 'utf8'))!;
    expect(complaints(JSON.parse(example))).toEqual([]);
  });

  it('has nothing that the schema does not name', async () => {
    const json = await previewJson(DEFINITION);
    expect(complaints({ ...json, more: 1 })).toHaveLength(1);
    expect(complaints({ ...json, asOf: 'yesterday' })).not.toEqual([]);
    expect(complaints({ ...json, journeys: [{ ...json.journeys[0], rejected: { unwilling: 1 } }] })).not.toEqual([]);
    const { attempts: _, ...lacking } = json.journeys[0];
    expect(complaints({ ...json, journeys: [lacking] })).toHaveLength(1);
  });

  it('is the same bytes for the same input', async () => {
    expect(JSON.stringify(await previewJson(DEFINITION))).toBe(JSON.stringify(await previewJson(DEFINITION)));
  });
});
