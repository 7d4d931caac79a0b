/** `suppress below k` from the definition to the JSON and the findings. */
import { readFileSync } from 'node:fs';
import { createEngine } from '@journey/engine';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { loadSql } from '../node/sql.ts';
import { memoryFiles } from './memory.ts';
import { createMemoryProject } from './memory-project.ts';
import { toPreviewJson } from './preview-json.ts';

const schema = readFileSync(new URL('../../../docs/preview.schema.json', import.meta.url), 'utf8');
const valid = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(schema));

const DEFINITION = `source shop {
  sample "events.csv"
  time   at
  event  kind
  id     user = user
}
identity customer { id user }
event Refusal = shop.refused
privacy {
  purpose  analytics
  suppress below 5
}
journey Buying for customer {
  enter    New on shop.joined
  stage    Looking on shop.viewed
  stage    Never   on shop.viewed where plan = "none"
  complete Bought  on shop.bought
  exit     Refused on shop.refused
  exit     Left    on shop.left
  path     Way: Looking -> Bought
  split by plan
  metric   bought = rate(Bought)
  metric   monthly = count(shop.bought) by month
  expect   exited(Refused) < 1
}
`;
/** 40 people: 20 look and buy, 10 leave, 7 are active, 3 refuse; of them 2 are on plan z, all others on x or y by turns. */
const EVENTS = [
  'at,kind,user,plan',
  ...Array.from({ length: 40 }, (_, i) => {
    const row = (hour: number, kind: string) => `2026-03-01T${`${hour}`.padStart(2, '0')}:00Z,${kind},u${i},${i > 37 ? 'z' : 'xy'[i % 2]}`;
    if (i < 20) return [row(1, 'joined'), row(2, 'viewed'), row(3, 'bought')];
    if (i < 30) return [row(1, 'joined'), row(2, 'left')];
    return i < 37 ? [row(1, 'joined')] : [row(1, 'joined'), row(2, 'refused')];
  }).flat(),
].join('\n');

it('nothing about fewer than five leaves the engine', async () => {
  const files = memoryFiles({ 'a.journey': DEFINITION, 'events.csv': EVENTS });
  const engine = createEngine({ files, sql: () => loadSql() });
  const checked = await createMemoryProject(files, engine).check(files.uri('a.journey'));
  engine.dispose();
  expect(checked.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const json = toPreviewJson(checked);
  expect(valid(json) ? [] : valid.errors).toEqual([]);
  const [journey] = json.journeys;
  // 40 = 7 active + 20 bought + 10 left + 3 refused: the 7 go with the 3.
  expect(json).toMatchObject({ suppressedBelow: 5, people: 40 });
  expect(journey).toMatchObject({ entered: 40, active: 'withheld', completed: 20, exits: { Bought: 20, Left: 10, Refused: 'few' } });
  expect(journey.stages.Never).toEqual({ reached: 'few', visits: 'few', medianMs: null });
  expect(journey.expectations).toEqual([{ text: 'exited(Refused) < 1', ok: null, actual: '< 5' }]);
  // 3 people refused.
  expect(checked.preview!.result.events.Refusal).toBe('few');
  // x has 19 people, y 19, z 2: 40 - 19 = 21 are told apart no further.
  expect(journey.splits[0].groups.map(({ value, entered }) => [value, entered])).toEqual([
    ['y', 19],
    ['x', 'withheld'],
    ['z', 'few'],
  ]);

  // Every count is of five or more, or of none; sources count rows.
  const small: string[] = [];
  const visit = (part: unknown, path: string): void => {
    if (typeof part === 'number' && part > 0 && part < 5 && !/value|Ms$/.test(path)) small.push(`${path} ${part}`);
    if (typeof part === 'object' && part !== null) for (const [key, value] of Object.entries(part)) visit(value, `${path} ${key}`);
  };
  visit(json.journeys, '');
  expect(small).toEqual([]);
  // That nobody is ever at Never is no more told than that three refuse.
  const messages = checked.findings.map(({ code, message }) => `${code}: ${message}`).join('\n');
  expect(messages).toContain("expectation-undecided: Can't tell whether exited(Refused) < 1: < 5");
  expect(messages).not.toMatch(/stage-never-reached|null|NaN/);
});
