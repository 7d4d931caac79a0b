/**
 * Measures the server as another editor starts it, over stdio: start to first diagnostics, keystroke to diagnostics.
 *
 * usage: node test/bench/server.ts; prints JSON
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { definition } from './definition.ts';
import { type Spread, spread } from './measure.ts';

export interface ServerMeasure {
  lines: number;
  firstMs: number;
  keystroke: Spread;
}

const KEYSTROKES = 60;
const STARTS = 5;
const command = join(import.meta.dirname, '../../cli/dist/journey.mjs');
const folder = mkdtempSync(join(tmpdir(), 'journey-bench-'));
const uri = pathToFileURL(join(folder, 'long.journey')).href;

/** A definition of about a thousand lines, with an error at its end that the keystrokes move. */
function longText(letters: string): string {
  const journeys = Array.from({ length: 84 }, (_, i) =>
    [
      `event Joined${i} = shop.sign_up where plan = "p${i}"`,
      `event Ordered${i} = shop.order where total > ${i}`,
      `journey Onboarding${i} for customer {`,
      `  enter Joined on Joined${i}`,
      `  stage Looking on shop.view`,
      `  stage Cart on shop.add_to_cart`,
      `  complete Bought on Ordered${i}`,
      `  exit Quiet after 14d of silence`,
      `  exit TimedOut after 60d`,
      `  metric activation = rate(Bought within 14d)`,
      `  expect activation >= 20%`,
      '}',
    ].join('\n'),
  );
  const head = [
    'source shop {',
    '  sample "events.csv"',
    '  time ts',
    '  event event',
    '  id user = user_id',
    '}',
    'identity customer { id user }',
  ];
  return [...head, ...journeys, `event Last = shop.order or Missing${letters}`, ''].join('\n');
}

/** A definition as one begins: one journey, with the same error. */
const shortText = (letters: string) => `${definition()}event Last = shop.order or Missing${letters}\n`;

async function measureServer(textOf: (letters: string) => string, keystrokes: number): Promise<{ firstMs: number; strokes: number[] }> {
  const started = performance.now();
  const server = spawn(process.execPath, [command, 'lsp', '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  const connection = createMessageConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  let arrived = (_text: string) => {};
  /** Resolves when the diagnostics speak of these letters. */
  const diagnosticsOf = (letters: string) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The server sent no diagnostics about Missing${letters} within 30 s.`)), 30_000);
      arrived = text => {
        if (!text.includes(`Missing${letters}'`) && !text.includes(`Missing${letters}"`) && !text.includes(`Missing${letters} `)) return;
        clearTimeout(timer);
        resolve();
      };
    });
  connection.onNotification('textDocument/publishDiagnostics', (params: { uri: string; diagnostics: { message: string }[] }) => {
    if (params.uri === uri) arrived(params.diagnostics.map(({ message }) => `${message} `).join('\n'));
  });
  // What a server may ask of its client, answered with nothing.
  connection.onRequest((_method, params) => {
    const items = (params as { items?: unknown[] } | undefined)?.items;
    return items?.map(() => null) ?? null;
  });
  connection.listen();
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities: {} });
  await connection.sendNotification('initialized', {});
  const first = diagnosticsOf('X');
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'journey', version: 1, text: textOf('X') },
  });
  await first;
  const firstMs = performance.now() - started;
  const strokes: number[] = [];
  for (let i = 0; i < keystrokes; i++) {
    await new Promise(resolve => setTimeout(resolve, 50));
    const letters = `X${'abcdefghij'[Math.floor(i / 10) % 10]}${'abcdefghij'[i % 10]}`;
    const typed = performance.now();
    const seen = diagnosticsOf(letters);
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: i + 2 },
      contentChanges: [{ text: textOf(letters) }],
    });
    await seen;
    strokes.push(performance.now() - typed);
  }
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  connection.dispose();
  return { firstMs, strokes };
}

const starts: number[] = [];
for (let i = 0; i < STARTS; i++) starts.push((await measureServer(shortText, 0)).firstMs);
const { strokes } = await measureServer(longText, KEYSTROKES);
const measure: ServerMeasure = {
  lines: longText('').split('\n').length,
  firstMs: spread(starts).p50,
  keystroke: spread(strokes),
};
rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify(measure));
