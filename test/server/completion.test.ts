/** What the editor offers while typing, and names across files nobody has opened: over the real protocol. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CompletionItem, CompletionList, Location, WorkspaceEdit } from 'vscode-languageserver/node';
import { Editor, type StartOptions } from './client.ts';

const DATA = `at,user,kind,plan
2026-01-01T00:00:00Z,u1,Signed Up,free
2026-01-02T00:00:00Z,u1,buy,free
2026-01-03T00:00:00Z,u2,Signed Up,pro
2026-01-04T00:00:00Z,u3,Signed Up,free
2026-01-05T00:00:00Z,u4,Signed Up,free
2026-01-06T00:00:00Z,u4,buy,free
`;
const SOURCE = `source web {
  sample "data/web.csv"
  time at
  event kind
  id user = user
}
identity customer { id user }
`;
const SHARED = `${SOURCE}event SignedUp = web."Signed Up"
event Bought = web.buy
`;
const JOURNEY = `journey Onboarding for customer {
  enter on SignedUp
  complete Bought on Bought
}
`;

vi.setConfig({ testTimeout: 30_000 });
let editor: Editor;
const start = async (options: StartOptions = {}) => {
  editor = await Editor.start({ ...options, files: { 'data/web.csv': DATA, ...options.files } });
  return editor;
};
afterEach(() => editor.stop());

describe('completion', () => {
  /** What is offered at `|`, once the line stands in the journey. */
  async function offered(line: string): Promise<CompletionItem[]> {
    const before = `${SHARED}journey Onboarding for customer {\n  enter on SignedUp\n  `;
    const text = `${before}${line}\n  complete Bought on Bought\n}\n`;
    await editor.change('a.journey', text.replace('|', ''));
    const lines = text.slice(0, text.indexOf('|')).split('\n');
    const { items } = await editor.connection.sendRequest<CompletionList>('textDocument/completion', {
      textDocument: { uri: editor.uri('a.journey') },
      position: { line: lines.length - 1, character: lines[lines.length - 1].length },
    });
    return items.toSorted((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
  }
  const written = (items: CompletionItem[]) => items.map(({ textEdit, label }) => textEdit?.newText ?? label);

  it('knows the names, columns and values of the sample', async () => {
    await start();
    await editor.open('a.journey', SHARED + JOURNEY);
    await editor.ready('a.journey');
    const names = await offered('stage X on web.|');
    expect(written(names)).toEqual(['"Signed Up"', 'buy']);
    expect(names[0]).toMatchObject({ label: 'Signed Up', detail: '4 rows', kind: 23 });
    expect(written(await offered('stage X on Bought where |')).slice(0, 4)).toEqual(['at', 'user', 'kind', 'plan']);
    // Of a column that nothing names no value is kept: the first check after it is named brings them.
    const values = async () => written(await offered('stage X on Bought where plan = "|"'));
    await vi.waitFor(async () => expect(await values()).toEqual(['"free"', '"pro"']), { timeout: 10_000, interval: 400 });
    expect(written(await offered('metric m = sum(Bought.|'))).toEqual(['at', 'user', 'kind', 'plan']);
    expect(written(await offered('metric m = rate(|'))).toEqual(['Bought', 'SignedUp']);
    expect((await offered('stage X on Si|')).find(({ label }) => label === 'SignedUp')?.detail).toBe('event · 4 events');
  });

  it('knows the values of a column that no rule uses, while the condition is half typed', async () => {
    await start();
    await editor.open('a.journey', SHARED + JOURNEY);
    await editor.ready('a.journey');
    // An open text: the journey has an error, so nothing uses the column, and no check would bring its values.
    await vi.waitFor(async () => expect(written(await offered('stage X on Bought where plan = "|'))).toEqual(['"free"', '"pro"']), {
      timeout: 10_000,
      interval: 400,
    });
    // An id is about another on every row.
    expect(written(await offered('stage X on Bought where at = "|'))).toEqual([]);
  });

  it('offers what the text alone allows before there is any sample, and where samples are off', async () => {
    await start({ settings: { sample: { enabled: false } } });
    await editor.open('a.journey', SHARED + JOURNEY);
    expect(written(await offered('stage X on |'))).toEqual(['Bought', 'SignedUp', 'web', 'first']);
    expect(written(await offered('stage X on web.|'))).toEqual([]);
    expect(written(await offered('stage |'))).toEqual([]);
  });
});

describe('files nobody has opened', () => {
  const files = {
    'shared.journey': SHARED,
    'journeys/one.journey': `import "../shared.journey"\n${JOURNEY}`,
    'between.journey': 'import "shared.journey"\n',
    'journeys/two.journey': 'import "../between.journey"\njourney Two for customer {\n  enter First on SignedUp\n}\n',
    // A name of its own, and no business of the others.
    'other.journey': SHARED + JOURNEY,
    'node_modules/pkg/lib.journey': `import "../../shared.journey"\n${JOURNEY}`,
  };
  const rename = async (path: string, piece: string, newName: string) => {
    const position = editor.at(path, piece);
    const edit = await editor.connection.sendRequest<WorkspaceEdit>('textDocument/rename', {
      textDocument: { uri: editor.uri(path) },
      position,
      newName,
    });
    return Object.fromEntries(
      Object.entries(edit.changes ?? {}).map(([uri, edits]) => [uri, edits.map(({ range }) => range.start.line).sort()]),
    );
  };

  it('change with an event that is renamed where it is declared', async () => {
    await start({ files });
    await editor.open('shared.journey', SHARED);
    // Declared in line 7, counted from 0; named in line 2 of either journey, whichever way it is imported.
    expect(await rename('shared.journey', 'SignedUp', 'Joined')).toEqual({
      [editor.uri('shared.journey')]: [7],
      [editor.uri('journeys/one.journey')]: [2],
      [editor.uri('journeys/two.journey')]: [2],
    });
  });

  it('change with one that is renamed where it is used', async () => {
    await start({ files });
    await editor.open('journeys/one.journey', files['journeys/one.journey']);
    expect(Object.keys(await rename('journeys/one.journey', 'SignedUp', 'Joined')).sort()).toEqual(
      ['journeys/one.journey', 'journeys/two.journey', 'shared.journey'].map(path => editor.uri(path)),
    );
  });

  it('are looked into for references, also those that came later', async () => {
    await start({ files });
    await editor.open('shared.journey', SHARED);
    const references = async () => {
      const found = await editor.connection.sendRequest<Location[]>('textDocument/references', {
        textDocument: { uri: editor.uri('shared.journey') },
        position: editor.at('shared.journey', 'Bought'),
        context: { includeDeclaration: false },
      });
      return found.map(({ uri }) => uri);
    };
    expect(await references()).toEqual([editor.uri('journeys/one.journey')]);
    editor.write('late.journey', files['journeys/one.journey'].replace('../', ''));
    await editor.changedOnDisk('late.journey');
    expect((await references()).sort()).toEqual([editor.uri('journeys/one.journey'), editor.uri('late.journey')]);
    // Nothing is said about files that were only looked into.
    expect(editor.published.map(({ uri }) => uri)).not.toContain(editor.uri('journeys/two.journey'));
  });
});
