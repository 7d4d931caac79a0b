/** What takes a look at every value comes after the numbers: over the real protocol. */
import { afterEach, expect, it, vi } from 'vitest';
import { Editor } from './client.ts';

const DATA = ['at,user,kind,event_id', ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 4].map(i => `2026-01-01T00:0${i}:00Z,u${i % 3},in,e${i}`)].join(
  '\n',
);
const TEXT = `source web {
  sample "web.csv"
  time at
  event kind
  id user = user
  property event_id
}
identity customer { id user }
journey Visit for customer { enter on web.in }
`;

vi.setConfig({ testTimeout: 30_000 });
let editor: Editor;
afterEach(() => editor.stop());

it('the numbers are there first, then what is doubtful, with its fix', async () => {
  editor = await Editor.start({ files: { 'web.csv': `${DATA}\n` } });
  await editor.open('a.journey', TEXT);
  await editor.ready('a.journey');
  const codes = () => editor.published.at(-1)?.diagnostics.map(({ code }) => code) ?? [];
  expect(codes()).not.toContain('rows-repeat');
  await vi.waitFor(() => expect(codes()).toContain('rows-repeat'), { timeout: 10_000, interval: 50 });
  expect(editor.published.at(-1)!.diagnostics.find(({ code }) => code === 'rows-repeat')).toMatchObject({
    // 1 of 11.
    message: expect.stringContaining('1 row of web (9.1%) repeats the event_id of an earlier row'),
    range: { start: { line: 0, character: 7 } },
  });
});
