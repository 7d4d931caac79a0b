import { EmptyFileSystem, type LangiumDocument, URI } from 'langium';
import { describe, expect, it } from 'vitest';
import { createJourneyServices } from './services.ts';

const SHARED =
  'source web { sample "x" time at event type id user = u }\nidentity customer { id user }\nevent Ordered = web.order\n' +
  'table items { sample "i" key item }\ntable profiles { sample "p" id user = u }\nsegment Loyal when profiles.age > 3\n';
const JOURNEY =
  'import "shared.journey"\njourney J for customer {\n  enter on Ordered\n  stage Cart on web.cart\n  complete Done on Ordered\n  keep channel = last Ordered.channel before entry\n  ';

async function open(text: string) {
  const { shared, journey } = createJourneyServices(EmptyFileSystem);
  const documents = [SHARED, text].map((each, i) => {
    const uri = URI.parse(`memory:/${i === 0 ? 'shared' : 'a'}.journey`);
    const document = shared.workspace.LangiumDocumentFactory.fromString(each, uri);
    shared.workspace.LangiumDocuments.addDocument(document);
    return document;
  });
  await shared.workspace.DocumentBuilder.build(documents, { validation: true });
  const at = (document: LangiumDocument, offset: number) => ({
    textDocument: { uri: document.uri.toString() },
    position: document.textDocument.positionAt(offset),
  });
  return { lsp: journey.lsp, documents, at };
}

describe('completion', () => {
  const offered = async (line: string): Promise<string[]> => {
    const { lsp, documents, at } = await open(`${JOURNEY}${line}\n}\n`);
    const list = await lsp.CompletionProvider!.getCompletion(documents[1], at(documents[1], JOURNEY.length + line.length));
    return (list?.items ?? []).map(({ label }) => label).sort();
  };

  it.each([
    ['stage ', []],
    ['stage X ', ['on']],
    ['stage X on ', ['Ordered', 'first', 'web']],
    ['stage X on w', ['web']],
    ['exit Stuck after 3d ', ['in', 'of']],
    ['exit Stuck after 3d in ', ['Cart']],
    ['complete C on 2 of (Ordered, ', ['Ordered', 'first', 'web']],
    ['metric m = median(time ', ['in', 'to']],
    ['metric m = median(time to ', ['Cart', 'Done', 'Ordered']],
    ['metric m = rate(', ['Cart', 'Done', 'Ordered']],
    ['metric m = rate(Done ', ['of', 'within']],
    ['metric m = rate(Done of ', ['people']],
    ['metric m = rate(Done within 3d of ', ['Cart']],
    ['metric m = reached(', ['Cart']],
    ['metric m = exited(', ['Done']],
    ['metric m = sum(', ['Ordered', 'channel', 'time in', 'time to', 'web']],
    ['metric m = count(distinct ', ['Ordered', 'channel', 'web']],
    ['metric m = rate(Done) ', ['by']],
    ['metric m = rate(Done) by ', ['day', 'month', 'week']],
    ['metric m = retention(', []],
    ['keep k = ', ['first', 'last']],
    ['keep k = last ', ['Ordered', 'web']],
    ['path Happy: ', ['Cart', 'Done', 'Ordered']],
    ['path Happy: Cart -> ', ['Cart', 'Done', 'Ordered']],
    // A table keyed by a column says nothing of a person.
    ['split by ', ['Loyal', 'channel', 'entry', 'profiles']],
    ['expect web.', ['duplicates', 'events', 'late', 'later', 'rows', 'unreadable', 'without_id']],
    ['expect web.rows < 3 and web.dup', ['duplicates']],
    ['', ['complete', 'enter', 'exit', 'expect', 'keep', 'metric', 'open', 'path', 'reentry', 'split', 'stage']],
    ['reentry ', ['after', 'at', 'once', 'restart']],
  ])('after `%s`', async (line, expected) => {
    expect(await offered(line)).toEqual(expected);
  });

  it('a metric may begin with a metric, a function, or a number every journey has', async () => {
    const names = await offered('metric a = entered\n  metric m = ');
    expect(names).toEqual(expect.arrayContaining(['entered', 'rate', 'median', 'a']));
    // Not itself, and nothing that needs a function around it.
    for (const name of ['m', 'Cart', 'Ordered', 'true', 'not']) expect(names).not.toContain(name);
  });

  it.each([
    ['', ['as', 'event', 'expect', 'identity', 'import', 'journey', 'privacy', 'scenario', 'segment', 'source', 'table']],
    ['event X = Ordered then ', ['Ordered', 'first', 'no', 'web']],
    ['event X = Ordered then no ', ['Ordered', 'first', 'web']],
    ['event X = first ', ['Ordered', 'web']],
    ['segment X when at least 3 ', ['Ordered', 'first', 'web']],
    ['segment X when sum(', ['Ordered', 'web']],
    ['scenario "x" {\n  2026-01-01 web.order { u: 1 }\n  expect J completed 1 as ', ['Done']],
    ['scenario "x" {\n  2026-01-01 web.order { u: 1 }\n  expect J visits ', ['Cart']],
    ['identity a { id user\n  ', ['anonymous', 'forward', 'id', 'ignore', 'link', 'never', 'on', 'retroactive', 'shared']],
    ['identity a { id user ', ['max', 'pii', 'unique', 'valid']],
    ['identity a { id user\n  id email\n  ignore ', ['any', 'email', 'user']],
    ['identity a { id user\n  ignore user ', ['ilike', 'in', 'like', 'matching', 'where']],
    ['identity a { id user\n  id email\n  link user with ', ['email', 'user']],
    ['identity a { id user\n  never ', ['link']],
    ['identity a { id user\n  shared user when more than 5 ', ['user']],
    ['identity a { id user\n  on conflict keep ', ['earliest', 'latest']],
    ['identity a { id user\n  anonymous ', ['split']],
    ['privacy {\n  ', ['consent', 'erase', 'purpose', 'retain', 'suppress']],
    ['privacy {\n  purpose x for ', ['J']],
    ['privacy {\n  consent from ', ['Ordered', 'web']],
    ['privacy {\n  consent from web.x, ', ['granted']],
    ['privacy {\n  erase on ', ['Ordered', 'web']],
    ['expect ', ['not', 'web']],
    ['expect web.', ['duplicates', 'events', 'late', 'later', 'rows', 'unreadable', 'without_id']],
    ['source x {\n  property a ', ['pii']],
  ])('outside of journeys, after `%s`', async (text, expected) => {
    const { lsp, documents, at } = await open(`${JOURNEY}}\n${text}`);
    const list = await lsp.CompletionProvider!.getCompletion(documents[1], at(documents[1], JOURNEY.length + 2 + text.length));
    expect((list?.items ?? []).map(({ label }) => label).sort()).toEqual(expected);
  });

  it('an ignored value goes by its kind, or by `value`', async () => {
    const names = async (line: string) => {
      const text = `identity a { id user\n  id email\n  ignore ${line} where `;
      const { lsp, documents, at } = await open(`${JOURNEY}}\n${text}`);
      const list = await lsp.CompletionProvider!.getCompletion(documents[1], at(documents[1], JOURNEY.length + 2 + text.length));
      return (list?.items ?? []).map(({ label }) => label).filter(label => ['user', 'email', 'value', 'lower'].includes(label));
    };
    expect((await names('user')).sort()).toEqual(['lower', 'user']);
    expect((await names('any')).sort()).toEqual(['lower', 'value']);
  });

  it('a condition over rows has functions of its own', async () => {
    const names = await offered('stage X on web.a where ');
    expect(names).toContain('lower');
    expect(names).not.toContain('rate');
  });
});

describe('names across files', () => {
  const text = `${JOURNEY}}\n`;

  it('renaming an event changes every file that uses it', async () => {
    const { lsp, documents, at } = await open(text);
    const edit = await lsp.RenameProvider!.rename(documents[0], { ...at(documents[0], SHARED.indexOf('Ordered')), newName: 'Bought' });
    const places = Object.entries(edit?.changes ?? {}).map(([uri, edits]) => [uri, edits.map(({ range }) => range.start.line).sort()]);
    // declared in line 3 of the one; used in lines 3, 5 and 6 of the other (from 0: 2, and 2, 4 and 5)
    expect(Object.fromEntries(places)).toEqual({ 'memory:/shared.journey': [2], 'memory:/a.journey': [2, 4, 5] });
  });

  it('renaming a kind of id, or a journey, changes every rule that speaks of it', async () => {
    const rules = [
      'identity a {',
      '  id user',
      '  id email',
      '  ignore email where length(email) < 6 or lower(email) = "x"',
      '  link user with email',
      '  never link email "a" with user "b"',
      '  shared email when more than 2 user',
      '}',
      'source s { sample "s" time at event type id email = mail }',
      'privacy { purpose x for J }',
    ];
    const { lsp, documents, at } = await open(`${JOURNEY}}\n${rules.join('\n')}`);
    const first = JOURNEY.split('\n').length;
    const renamed = async (offset: number, newName: string) => {
      const edit = await lsp.RenameProvider!.rename(documents[1], { ...at(documents[1], offset), newName });
      return Object.values(edit?.changes ?? {}).flatMap(edits => edits.map(({ range }) => range.start.line - first));
    };
    const text = documents[1].textDocument.getText();
    // Its declaration, three times in the `ignore`, and once in each other rule and the source.
    expect((await renamed(text.indexOf('id email') + 3, 'mailbox')).sort()).toEqual([2, 3, 3, 3, 4, 5, 6, 8]);
    expect((await renamed(text.indexOf('J for customer'), 'Onboarding')).sort()).toEqual([1 - first, 9]);
  });

  it('a stage leads to its declaration', async () => {
    const { lsp, documents, at } = await open(`${JOURNEY}exit Stuck after 3d in Cart\n}\n`);
    const links = await lsp.DefinitionProvider!.getDefinition(
      documents[1],
      at(documents[1], JOURNEY.length + 'exit Stuck after 3d in C'.length),
    );
    expect(links?.map(({ targetSelectionRange }) => targetSelectionRange.start)).toEqual([{ line: 3, character: 8 }]);
  });
});
