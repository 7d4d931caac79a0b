import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEngine, type Plan } from '@journey/engine';
import {
  bindFile,
  createJourneyServices,
  createMemoryProject,
  type Finding,
  findingsOf,
  type JourneyServices,
  memoryFiles,
} from '@journey/language-server';
import { loadSql } from '@journey/language-server/node';
import { LLStarLookaheadStrategy } from 'chevrotain-allstar';
import { EmptyFileSystem, EmptyFileSystemProvider, URI } from 'langium';
import { describe, expect, it } from 'vitest';

/** Files in memory that can change and go. */
function memory(texts: Map<string, string>): EmptyFileSystemProvider {
  const textOf = (uri: URI) => {
    const text = texts.get(uri.toString());
    if (text === undefined) throw new Error('no such file');
    return text;
  };
  return Object.assign(new EmptyFileSystemProvider(), {
    readFile: async (uri: URI) => textOf(uri),
    stat: async (uri: URI) => ({ uri, isFile: textOf(uri) !== undefined, isDirectory: false }),
  });
}

function project(files: Record<string, string>) {
  const texts = new Map<string, string>();
  const services = createJourneyServices({ fileSystemProvider: () => memory(texts) });
  const { LangiumDocuments: documents, DocumentBuilder: builder } = services.shared.workspace;
  const uri = (name: string) => URI.parse(`memory:///${name}`);
  const set = (name: string, text: string | undefined) =>
    text === undefined ? texts.delete(uri(name).toString()) : texts.set(uri(name).toString(), text);
  for (const [name, text] of Object.entries(files)) set(name, text);
  return {
    open: async (name: string) => {
      await builder.build([await documents.getOrCreateDocument(uri(name))], { validation: true });
    },
    change: async (name: string, text: string | undefined) => {
      set(name, text);
      await builder.update(text === undefined ? [] : [uri(name)], text === undefined ? [uri(name)] : []);
    },
    said: (name: string): string[] => findingsOf(documents.getDocument(uri(name))!).map(({ code, message }) => `${code}: ${message}`),
    bind: (name: string) => bindFile(documents.getDocument(uri(name))!, services),
  };
}

async function findings(
  text: string,
  services: JourneyServices = createJourneyServices(EmptyFileSystem),
): Promise<{ found: Finding[]; plan: Plan }> {
  const { workspace } = services.shared;
  const document = workspace.LangiumDocumentFactory.fromString(text, URI.parse('memory:///a.journey'));
  workspace.LangiumDocuments.addDocument(document);
  await workspace.DocumentBuilder.build([document], { validation: true });
  const { plan } = bindFile(document, services);
  const found = findingsOf(document);
  await workspace.DocumentBuilder.update([], [document.uri]);
  return { found, plan };
}

describe('a definition being typed', () => {
  const examples = fileURLToPath(new URL('../examples', import.meta.url));
  const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.journey'));

  const fixtures = fileURLToPath(new URL('fixtures/static', import.meta.url));
  const RULES = ['soft-rules.journey', 'identity-rules.journey', 'privacy-rules.journey'];

  it.each([...files, ...RULES])(
    'what is typed of %s is read; at the ends of its words also linked, checked and bound',
    { timeout: 120_000 },
    async file => {
      const text = readFileSync(join(RULES.includes(file) ? fixtures : examples, file), 'utf8');
      const services = createJourneyServices(EmptyFileSystem);
      const everyPrefix = RULES.includes(file) || file.includes('shop');
      for (let end = 0; end <= text.length; end++) {
        // Every construct stands in the shop or the rules; of the other examples the ends of words are enough.
        if (everyPrefix) services.journey.parser.LangiumParser.parse(text.slice(0, end));
        const wordEnds = /\S/.test(text[end - 1] ?? ' ') && /\W/.test(text[end] ?? ' ');
        if (wordEnds)
          for (const finding of (await findings(text.slice(0, end), services)).found)
            expect(finding.message).not.toMatch(/undefined|internal/i);
      }
    },
  );
});

describe('what would overflow a stack', () => {
  const source = 'source web { sample "x" time at event type }\n';

  it.each([
    ['400 parentheses', `event A = web.x where ${'('.repeat(400)}a = 1${')'.repeat(400)}`],
    ['400 parentheses never closed', `event A = web.x where ${'('.repeat(400)}`],
    ['5,000 nots', `event A = web.x where ${'not '.repeat(5000)}a = 1`],
    ['5,000 signs', `event A = web.x where a = ${'- '.repeat(5000)}1`],
    ['20,000 operands', `event A = web.x where a = 0${Array.from({ length: 20_000 }, (_, i) => `\n  or a = ${i}`).join('')}`],
    ['20,000 terms', `event A = web.x where a = 0${' + 1'.repeat(20_000)}`],
  ])('%s: one error, and no crash', async (_, event) => {
    const { found } = await findings(source + event);
    expect(found.map(({ code }) => code)).toEqual(['too-complex']);
  });

  it('depth and length within the bounds are read', async () => {
    const deep = `event A = web.x where ${'('.repeat(60)}a = 1${')'.repeat(60)}`;
    const long = `event B = web.x where a = 0${' or a = 1'.repeat(900)}`;
    const { found, plan } = await findings(`${source}${deep}\n${long}`);
    expect(found).toEqual([]);
    expect(plan.events.map(({ name }) => name)).toEqual(['A', 'B']);
  });

  it('long lists are no depth', async () => {
    const values = Array.from({ length: 20_000 }, (_, i) => i).join(', ');
    expect((await findings(`${source}event A = web.x where a in (${values})`)).found).toEqual([]);
  });
});

describe('a pattern that would backtrack for ever', () => {
  const sources = 'source web { sample "web.csv"  time at  event kind  id user = user }\n';
  const rules = [
    'identity customer { id user  ignore user matching /^(a+)+$/  ignore user matching /^(a|a)*b$/i }',
    'journey J for customer { enter on web.x where user matches /^(a|aa)+$/ }',
  ].join('\n');

  it('holds nobody up: not while it is checked, nor over long values', async () => {
    const a = 'a'.repeat(50_000);
    // 50,000 a's and what comes after: each more would double the time of a test that backtracks.
    const files = memoryFiles({
      'web.csv': `at,kind,user\n2026-01-01,x,${a}c\n2026-01-02,x,${a}b\n2026-01-03,x,${a}\n2026-01-04,x,u1\n`,
      'a.journey': sources + rules,
    });
    const engine = createEngine({ files, sql: () => loadSql() });
    const project = createMemoryProject(files, engine);
    const { findings: found, preview } = await project.check(files.uri('a.journey'), { signal: AbortSignal.timeout(20_000) });
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    // …b and …a are ignored, by the second rule and the first: they are nobody. …c and u1 are left, and no condition lets them in.
    expect(preview!.result.sources.web).toMatchObject({ rows: 4, events: 4 });
    expect(preview!.result.identities.customer.customers).toBe(2);
    expect(preview!.result.journeys[0]).toMatchObject({ entered: 0 });
    engine.dispose();
  });

  it('is refused where it needs what takes such time', async () => {
    const { found } = await findings(`${sources}identity customer { id user  ignore user matching /(a+)\\1+$/ }`);
    expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      "bad-pattern: This pattern can't be tested: back-references are not supported (RE2 syntax, as in warehouses)",
    ]);
  });
});

it('every decision of the parser needs one token', () => {
  const strategy = LLStarLookaheadStrategy.prototype;
  const original = [strategy.buildLookaheadForAlternation, strategy.buildLookaheadForOptional] as const;
  const deep: string[] = [];
  let decisions = 0;
  const watch = <O extends { rule: { name: string }; prodOccurrence: number }, R>(build: (options: O) => R) =>
    function (this: LLStarLookaheadStrategy, options: O): R {
      const decide = build.call(this, options);
      decisions++;
      if (String(decide).includes('adaptivePredict')) deep.push(`${options.rule.name} ${options.prodOccurrence}`);
      return decide;
    };
  strategy.buildLookaheadForAlternation = watch(original[0]) as (typeof original)[0];
  strategy.buildLookaheadForOptional = watch(original[1]) as (typeof original)[1];
  try {
    createJourneyServices(EmptyFileSystem).journey.parser.LangiumParser;
  } finally {
    [strategy.buildLookaheadForAlternation, strategy.buildLookaheadForOptional] = original;
  }
  expect(decisions).toBeGreaterThan(50);
  expect(deep).toEqual([]);
});

describe('files that import each other', () => {
  const events = 'source web { sample "x" time at event type }\nevent A = web.a';
  const missing = "import-not-found: There is no file `events.journey`, or it can't be read; the path starts at the folder of this file";
  const unknown = 'unknown-event: There is no event `A`; declare it with `event A = …`, or import the file that does';

  it('an imported file is loaded with the file that imports it, and over two steps', async () => {
    const all = project({
      'a.journey': 'import "b.journey"\nevent B = A',
      'b.journey': 'import "sub/events.journey"',
      'sub/events.journey': events,
    });
    await all.open('a.journey');
    expect(all.said('a.journey')).toEqual([]);
    const { plan } = all.bind('a.journey');
    expect(plan.events.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(plan.sources[0].samples[0].base).toBe('memory:/sub');
  });

  it('a file that goes is missed, and one that comes is found', async () => {
    const all = project({ 'a.journey': 'import "events.journey"\nevent B = A', 'events.journey': events });
    await all.open('a.journey');
    expect(all.said('a.journey')).toEqual([]);
    await all.change('events.journey', undefined);
    expect(all.said('a.journey')).toEqual([missing, unknown]);
    await all.change('events.journey', events);
    expect(all.said('a.journey')).toEqual([]);
  });

  it('a duplicate goes with the file that made it', async () => {
    const all = project({ 'a.journey': 'import "events.journey"\nsource web { sample "y" time at event type }', 'events.journey': events });
    await all.open('a.journey');
    expect(all.said('a.journey')).toEqual(['duplicate-name: There is already a source `web`: choose another name']);
    await all.change('events.journey', 'event A = web.a');
    expect(all.said('a.journey')).toEqual([]);
  });

  it('an import typed later is loaded then', async () => {
    const all = project({ 'a.journey': 'event B = A', 'events.journey': events });
    await all.open('a.journey');
    expect(all.said('a.journey')).toEqual([unknown]);
    await all.change('a.journey', 'import "events.journey"\nevent B = A');
    expect(all.said('a.journey')).toEqual([]);
  });

  it('a circle is an error at both imports, and ends', async () => {
    const all = project({ 'a.journey': 'import "b.journey"\nevent B = A', 'b.journey': `import "a.journey"\n${events}` });
    await all.open('a.journey');
    expect(all.said('a.journey').map(each => each.split(';')[0])).toEqual([
      "import-cycle: Files can't import each other in a circle: a.journey → b.journey → a.journey",
    ]);
    expect(all.said('b.journey')).toHaveLength(1);
    expect(all.bind('a.journey').plan.events.map(({ name }) => name)).toEqual(['A', 'B']);
  });
});
