import { EmptyFileSystem, type LangiumDocument, URI } from 'langium';
import { describe, expect, it } from 'vitest';
import { createJourneyServices } from './services.ts';

const SHARED = 'source web { sample "x" time at event type id user = u }\nidentity customer { id user }\nevent Ordered = web.order\n';
const JOURNEY =
  'import "shared.journey"\njourney J for customer {\n  enter on Ordered\n  stage Cart on web.cart\n  complete Done on Ordered\n  ';

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
    ['exit Stuck after 3d in ', ['Cart']],
    ['metric m = median(time to ', ['Cart', 'Done', 'Ordered']],
    ['reentry ', ['after', 'at', 'once', 'restart']],
  ])('after `%s`', async (line, expected) => {
    expect(await offered(line)).toEqual(expected);
  });

  it('a metric may begin with a metric, a function, or a number every journey has', async () => {
    expect(await offered('metric m = ')).toEqual(expect.arrayContaining(['entered', 'rate', 'median', 'm']));
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
    // declared in line 3 of the one; used in lines 3 and 5 of the other (from 0: 2, and 2 and 4)
    expect(Object.fromEntries(places)).toEqual({ 'memory:/shared.journey': [2], 'memory:/a.journey': [2, 4] });
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
