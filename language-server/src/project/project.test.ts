import { createEngine, type EngineApi, type Plan, type PreviewOptions } from '@journey/engine';
import { afterEach, describe, expect, it } from 'vitest';
import { loadSql } from '../node/sql.ts';
import { type MemoryFiles, memoryFiles } from './memory.ts';
import { createMemoryProject } from './memory-project.ts';
import type { Project } from './project.ts';
import type { Finding } from './types.ts';

const ORDERS = `source shop {
  sample "events.csv"
  time   at
  event  kind
  id     user = user
}
identity customer { id user }
`;
const BUYING = `journey Buying for customer {
  enter    on shop.signed_up
  complete Bought on shop.bought
}
`;
const EVENTS = `at,kind,user
2026-03-01T10:00:00Z,signed_up,u1
2026-03-02T10:00:00Z,bought,u1
2026-03-03T10:00:00Z,signed_up,u2
`;

let engines: EngineApi[] = [];
afterEach(() => {
  for (const engine of engines) engine.dispose();
  engines = [];
});

function open(contents: Record<string, string | Uint8Array>): {
  project: Project;
  files: MemoryFiles;
  engine: EngineApi;
  uri: (path: string) => string;
} {
  const files = memoryFiles(contents);
  const engine = createEngine({ files, sql: () => loadSql() });
  engines.push(engine);
  return { project: createMemoryProject(files, engine), files, engine, uri: files.uri };
}

const said = (findings: Finding[]) =>
  findings.map(({ at, severity, code, message }) => `${at.uri.split('/').pop()}:${at.start.line + 1} ${severity} ${code}: ${message}`);

describe('a definition held against its data', () => {
  it('has numbers, and nothing to say where all is well', async () => {
    const { project, uri } = open({ 'a.journey': ORDERS + BUYING, 'events.csv': EVENTS });
    const { preview, findings, broken } = await project.check(uri('a.journey'));
    expect(said(findings)).toEqual([]);
    expect(broken).toEqual([]);
    // u1 signs up and buys, u2 signs up and is still there at the last event.
    expect(preview!.result.journeys[0]).toMatchObject({ entered: 2, completed: 1, active: 1 });
  });

  it('follows the text that is set, and goes back to what is on disk', async () => {
    const { project, uri } = open({ 'a.journey': ORDERS + BUYING, 'events.csv': EVENTS });
    const entered = async () => (await project.check(uri('a.journey'))).preview?.result.journeys[0]?.entered;
    expect(await entered()).toBe(2);
    project.setText(uri('a.journey'), (ORDERS + BUYING).replace('signed_up', 'signed_up where user = "u1"'));
    expect(await entered()).toBe(1);
    project.setText(uri('a.journey'), undefined);
    expect(await entered()).toBe(2);
  });

  it('knows a text that is on no disk', async () => {
    const { project, uri } = open({ 'events.csv': EVENTS });
    project.setText(uri('new.journey'), ORDERS + BUYING);
    expect((await project.check(uri('new.journey'))).preview?.result.journeys[0].entered).toBe(2);
  });

  it('sees data that changed once the engine is told', async () => {
    const { project, files, engine, uri } = open({ 'a.journey': ORDERS + BUYING, 'events.csv': EVENTS });
    await project.check(uri('a.journey'));
    files.set('events.csv', `${EVENTS}2026-03-04T10:00:00Z,signed_up,u3\n`);
    engine.filesChanged();
    expect((await project.check(uri('a.journey'))).preview?.result.journeys[0].entered).toBe(3);
  });

  it('simulates the journeys asked for, as of the instant asked for', async () => {
    const { project, uri } = open({ 'a.journey': `${ORDERS}${BUYING}${BUYING.replace('Buying', 'Again')}`, 'events.csv': EVENTS });
    const { preview } = await project.check(uri('a.journey'), { journeys: ['Again'], asOf: Date.UTC(2026, 2, 2) });
    // On March 2, 0:00 only u1 has signed up.
    expect(preview!.result.journeys.map(({ name, entered, active }) => [name, entered, active])).toEqual([['Again', 1, 1]]);
  });

  it('warns where as-of lies far behind the last event', async () => {
    const { project, uri } = open({ 'a.journey': ORDERS + BUYING, 'events.csv': EVENTS });
    // From March 3, 10:00 to June 1, 10:00: 28 + 30 + 31 + 1 = 90 days.
    const { findings } = await project.check(uri('a.journey'), { asOf: Date.UTC(2026, 5, 1, 10) });
    expect(said(findings)).toEqual([
      'a.journey:3 warning as-of-gap: The last event is from 2026-03-03, 90d before the instant these numbers are as of: silence may only mean that the sample ends',
    ]);
  });

  it('asks the engine nothing where there is nothing to ask', async () => {
    const { project, uri } = open({ 'a.journey': 'identity customer { id user }\n' });
    const { preview, findings } = await project.check(uri('a.journey'));
    expect(preview).toBeUndefined();
    expect(findings).toEqual([]);
  });
});

describe('imports', () => {
  it('bring sources and identities, and their errors stand on their own lines', async () => {
    const { project, uri } = open({
      'a.journey': `import "lib/shop.journey"\n${BUYING}`,
      'lib/shop.journey': `${ORDERS.replace('"events.csv"', '"../events.csv"')}event Wrong = shp.bought\n`,
      'events.csv': EVENTS,
    });
    const { preview, findings } = await project.check(uri('a.journey'));
    expect(preview!.result.journeys[0].entered).toBe(2);
    expect(said(findings)).toEqual(['shop.journey:8 error unknown-event: There is no source `shp`: did you mean `shop`?']);
  });

  it('that change are seen in what imports them', async () => {
    const { project, uri } = open({
      'a.journey': `import "shop.journey"\n${BUYING.replace('shop.bought', 'Ordered')}`,
      'shop.journey': `${ORDERS}event Ordered = shop.bought\n`,
      'events.csv': EVENTS,
    });
    expect((await project.definition(uri('a.journey'))).findings).toEqual([]);
    project.setText(uri('shop.journey'), ORDERS);
    expect((await project.definition(uri('a.journey'))).findings.map(({ code }) => code)).toEqual(['unknown-event']);
    project.setText(uri('shop.journey'), undefined);
    expect((await project.definition(uri('a.journey'))).findings).toEqual([]);
  });

  it('that are missing are an error at the import, and come to be when they do', async () => {
    const { project, files, uri } = open({ 'a.journey': `import "shop.journey"\n${BUYING}`, 'events.csv': EVENTS });
    expect((await project.definition(uri('a.journey'))).findings[0]).toMatchObject({
      code: 'import-not-found',
      at: { start: { line: 0 } },
    });
    files.set('shop.journey', ORDERS);
    project.setText(uri('shop.journey'), undefined);
    expect((await project.definition(uri('a.journey'))).findings).toEqual([]);
    files.set('shop.journey', undefined);
    project.setText(uri('shop.journey'), undefined);
    expect((await project.definition(uri('a.journey'))).findings[0].code).toBe('import-not-found');
  });

  it('in a circle are told, and everything else still works', async () => {
    const { project, uri } = open({
      'a.journey': `import "b.journey"\n${BUYING}`,
      'b.journey': `import "c.journey"\n${ORDERS}`,
      'c.journey': 'import "a.journey"\nevent Ordered = shop.bought\n',
      'events.csv': EVENTS,
    });
    const { preview, findings } = await project.check(uri('a.journey'));
    expect(findings.map(({ code }) => code)).toContain('import-cycle');
    expect(new Set(findings.map(({ code }) => code)).size).toBe(1);
    expect(preview?.result.journeys[0].entered).toBe(2);
  });
});

describe('bad input is told, not thrown', () => {
  it('a definition that is not there', async () => {
    const { project, uri } = open({});
    expect(said((await project.check(uri('none.journey'))).findings)).toEqual([
      'none.journey:1 error file-not-found: There is no file /none.journey: correct the path',
    ]);
  });

  it('a definition that comes to be', async () => {
    const { project, files, uri } = open({ 'events.csv': EVENTS });
    expect((await project.definition(uri('a.journey'))).findings[0].code).toBe('file-not-found');
    files.set('a.journey', ORDERS + BUYING);
    expect((await project.definition(uri('a.journey'))).findings).toEqual([]);
  });

  it('a definition that is deleted', async () => {
    const { project, files, uri } = open({ 'a.journey': ORDERS + BUYING, 'events.csv': EVENTS });
    await project.definition(uri('a.journey'));
    files.set('a.journey', undefined);
    project.setText(uri('a.journey'), undefined);
    expect((await project.definition(uri('a.journey'))).findings[0].code).toBe('file-not-found');
  });

  it('a definition with binary content', async () => {
    const bytes = Uint8Array.from({ length: 50_000 }, (_, i) => (i * 7919) % 256);
    const { project, uri } = open({ 'a.journey': bytes, 'b.journey': 'import "a.journey"\n' });
    expect(said((await project.check(uri('a.journey'))).findings)).toEqual([
      'a.journey:1 error file-not-text: This is no text: a definition is a text file in UTF-8',
    ]);
    expect((await project.check(uri('b.journey'))).findings.map(({ code }) => code)).toEqual(['file-not-text']);
  });

  it('an empty definition', async () => {
    const { project, uri } = open({ 'a.journey': '' });
    expect(await project.check(uri('a.journey'))).toMatchObject({ findings: [], broken: [] });
  });

  it('a sample that is not there: the rest still works', async () => {
    const { project, uri } = open({
      'a.journey': `${ORDERS}${ORDERS.split('identity')[0].replace('shop', 'mail').replace('events.csv', 'mail.csv')}${BUYING}`,
      'events.csv': EVENTS,
    });
    const { preview, findings } = await project.check(uri('a.journey'));
    expect(findings.map(({ code, at }) => [code, at.start.line + 1])).toEqual([['sample-missing', 9]]);
    expect(preview!.result.journeys[0].entered).toBe(2);
  });

  it('a sample that can not be read', async () => {
    const { files, uri } = open({ 'a.journey': ORDERS + BUYING, 'events.csv': EVENTS });
    const unreadable = {
      ...files,
      read: () => {
        throw new Error('events.csv may not be read');
      },
    };
    const engine = createEngine({ files: unreadable, sql: () => loadSql() });
    engines.push(engine);
    const { findings } = await createMemoryProject(files, engine).check(uri('a.journey'));
    expect(findings.map(({ code, message, at }) => [code, message.includes('may not be read'), at.start.line + 1])).toEqual([
      ['sample-unreadable', true, 2],
    ]);
  });

  it('an expression nested a thousand deep, and a chain of twenty thousand', async () => {
    const { project, uri } = open({ 'events.csv': EVENTS });
    const check = async (condition: string) => {
      project.setText(uri('a.journey'), `${ORDERS}event Deep = shop.bought where ${condition}\n${BUYING}`);
      return (await project.check(uri('a.journey'))).findings.map(({ code }) => code);
    };
    expect(await check(`${'('.repeat(1000)}user = "u1"${')'.repeat(1000)}`)).toEqual(['too-complex']);
    expect(await check(Array.from({ length: 20_000 }, () => 'user = "u1"').join(' or '))).toEqual(['too-complex']);
    expect(await check('user = "u1"')).toEqual([]);
  });
});

describe('being interrupted', () => {
  it('ends with an AbortError, and the next question is answered', async () => {
    const { project, uri } = open({ 'a.journey': ORDERS + BUYING, 'events.csv': EVENTS });
    const before = new AbortController();
    before.abort();
    await expect(project.definition(uri('a.journey'), before.signal)).rejects.toMatchObject({ name: 'AbortError' });
    const during = new AbortController();
    const checking = project.check(uri('a.journey'), { signal: during.signal });
    during.abort();
    await expect(checking).rejects.toMatchObject({ name: 'AbortError' });
    expect((await project.check(uri('a.journey'))).preview!.result.journeys[0].entered).toBe(2);
  });

  it('many questions at once, while the text changes, are all answered for the last text', async () => {
    const { project, uri } = open({ 'a.journey': ORDERS + BUYING, 'events.csv': EVENTS });
    const names: Promise<string[]>[] = [];
    for (let i = 0; i < 20; i++) {
      project.setText(uri('a.journey'), ORDERS + BUYING.replace('Buying', `Buying${i}`));
      names.push(project.definition(uri('a.journey')).then(({ plan }) => plan.journeys.map(({ name }) => name)));
    }
    const all = await Promise.all(names);
    expect(all[19]).toEqual(['Buying19']);
  });
});

describe('what the engine is asked', () => {
  const counting = (plans: Plan[]): EngineApi =>
    Object.assign(Object.create(engines[0]) as EngineApi, {
      preview: async (plan: Plan, options?: PreviewOptions) => {
        plans.push(plan);
        return engines[0].preview(plan, options);
      },
    });

  it('nothing beside the preview where no condition is in doubt', async () => {
    const plans: Plan[] = [];
    const { files, uri } = open({ 'a.journey': ORDERS + BUYING, 'events.csv': EVENTS });
    await createMemoryProject(files, counting(plans)).check(uri('a.journey'));
    expect(plans).toHaveLength(1);
  });

  it('each condition once, and no journey, where some are', async () => {
    const plans: Plan[] = [];
    const { files, uri } = open({
      'a.journey': ORDERS + BUYING.replace('shop.bought', 'shop.bought where user like "u%"'),
      'events.csv': EVENTS,
    });
    await createMemoryProject(files, counting(plans)).check(uri('a.journey'));
    expect(plans.map(({ journeys, events }) => [journeys.length, events.length])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});
