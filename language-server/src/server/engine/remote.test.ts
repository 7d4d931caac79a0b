import { MessageChannel } from 'node:worker_threads';
import { type EngineApi, emptyPlan, type Plan, type Preview } from '@journey/engine';
import { afterEach, describe, expect, it } from 'vitest';
import { createMessageConnection, PortMessageReader, PortMessageWriter } from 'vscode-jsonrpc/node';
import { memoryFiles } from '../../project/memory.ts';
import { EngineDied, type EngineWorker, RemoteEngine } from './remote.ts';
import { remoteFiles, serveEngine } from './serve.ts';

const plan = (as = 0): Plan => ({ ...emptyPlan(), asOf: { instant: as, at: {} as never } });
const answer = (people: number) => ({ result: { people } }) as Preview;
const files = memoryFiles({ 'a.csv': 'x\n1\n' });

const engines: RemoteEngine[] = [];
afterEach(() => {
  for (const engine of engines.splice(0)) engine.dispose();
});

/** An engine at the other end of a port, as in a worker, but in this thread. */
function far(make: (files: ReturnType<typeof remoteFiles>) => Partial<EngineApi>, stuckMs?: number) {
  const deaths: string[] = [];
  let die = (_reason: string) => {};
  let started = 0;
  const engine = new RemoteEngine({
    files,
    stuckMs,
    onDied: reason => deaths.push(reason),
    start: (): EngineWorker => {
      started++;
      const { port1, port2 } = new MessageChannel();
      const there = createMessageConnection(new PortMessageReader(port2), new PortMessageWriter(port2));
      const engine: Partial<EngineApi> = {
        filesChanged: () => {},
        dispose: () => {},
        preview: async () => answer(0),
        ...make(remoteFiles(there)),
      };
      serveEngine(there, engine as EngineApi);
      return {
        connection: createMessageConnection(new PortMessageReader(port1), new PortMessageWriter(port1)),
        onDeath: told => {
          die = told;
        },
        terminate: () => port1.close(),
      };
    },
  });
  engines.push(engine);
  return { engine, deaths, die: (reason: string) => die(reason), starts: () => started };
}

describe('an engine in a worker', () => {
  it('runs scenarios alone', async () => {
    const { engine } = far(() => ({
      test: async ({ scenarios }) => scenarios.map(({ title, at }) => ({ title, at, ok: true, ms: 2, claims: [], taken: {} })),
    }));
    const at = { uri: 'a', start: { line: 3, character: 0 }, end: { line: 3, character: 1 } };
    const scenario = { title: 'buys', at, titleAt: at, rows: [], claims: [] };
    expect(await engine.test({ ...plan(), scenarios: [scenario] })).toMatchObject([{ title: 'buys', ok: true, ms: 2 }]);
  });

  it('starts at the first question', async () => {
    const { engine, starts } = far(() => ({ preview: async () => answer(7) }));
    expect(starts()).toBe(0);
    expect((await engine.preview(plan())).result.people).toBe(7);
    await engine.preview(plan());
    expect(starts()).toBe(1);
  });

  it('passes options there and progress back', async () => {
    const { engine } = far(() => ({
      preview: async (_plan, options) => {
        options?.onProgress?.({ stage: 'reading', name: 'web', done: 1, total: 2 });
        return answer(options?.asOf ?? 0);
      },
    }));
    const heard: unknown[] = [];
    expect((await engine.preview(plan(), { asOf: 5, onProgress: progress => heard.push(progress) })).result.people).toBe(5);
    expect(heard).toEqual([{ stage: 'reading', name: 'web', done: 1, total: 2 }]);
  });

  it('gives up at once when it is cancelled, and so does the worker', async () => {
    let began = false;
    let aborted = false;
    const { engine } = far(() => ({
      preview: (_plan, options) =>
        new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          });
          began = true;
        }),
    }));
    const abort = new AbortController();
    const asked = engine.preview(plan(), { signal: abort.signal });
    asked.catch(() => {});
    await expect.poll(() => began, { timeout: 10_000 }).toBe(true);
    abort.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => aborted, { timeout: 10_000 }).toBe(true);
  });

  it('reads files through its parent', async () => {
    const { engine } = far(remote => ({
      preview: async () => {
        const [file] = await remote.list('memory:/', '*.csv');
        let size = 0;
        for await (const piece of remote.read(file.uri)) size += piece.length;
        return answer(size);
      },
    }));
    expect((await engine.preview(plan())).result.people).toBe(4);
  });

  it('hands errors over as they were said', async () => {
    const { engine } = far(() => ({ preview: async () => Promise.reject(new Error('orders.csv is too large')) }));
    await expect(engine.preview(plan())).rejects.toThrow('orders.csv is too large');
  });

  it('that dies is started again for the next question', async () => {
    let alive = false;
    const { engine, die, deaths, starts } = far(() => ({ preview: () => (alive ? Promise.resolve(answer(1)) : new Promise(() => {})) }));
    const asked = engine.preview(plan());
    setTimeout(() => die('out of memory'), 10);
    await expect(asked).rejects.toBeInstanceOf(EngineDied);
    expect(deaths).toEqual(['out of memory']);
    alive = true;
    expect((await engine.preview(plan())).result.people).toBe(1);
    expect(starts()).toBe(2);
  });

  it('is not killed a third time by the same text, until files change', async () => {
    const { engine, die, starts } = far(() => ({ preview: () => new Promise(() => {}) }));
    for (let i = 0; i < 2; i++) {
      const asked = engine.preview(plan());
      setTimeout(() => die('crash'), 5);
      await expect(asked).rejects.toThrow('crash');
    }
    await expect(engine.preview(plan())).rejects.toThrow('stopped the engine twice');
    expect(starts()).toBe(2);
    engine.filesChanged();
    const again = engine.preview(plan());
    expect(starts()).toBe(3);
    setTimeout(() => die('crash'), 5);
    await expect(again).rejects.toThrow('crash');
  });

  it('that does not stop when asked is ended', async () => {
    const { engine, deaths } = far(() => ({ preview: () => new Promise(() => {}) }), 20);
    const abort = new AbortController();
    const asked = engine.preview(plan(), { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => deaths).toEqual(['it did not stop when asked']);
  });
});
