/** What a run needs on disk, in a folder of its own: the unpacked extension with its tests beside it, and files to work on. */
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './code.ts';
import { packVsix, unpackVsix } from './vsix.ts';

export interface Stage {
  home: string;
  vsix: string;
  /** Holds `extension/`, with the tests to run inside it in `extension/suite/index.js`: an editor looks for them nowhere else. */
  serve: string;
  extension: string;
  /** A fresh copy of the files to work on. */
  workspace(name: string): Promise<string>;
  strike(): Promise<void>;
}

/** Packs the extension and lays everything out; `strike` removes it again. */
export async function setStage(): Promise<Stage> {
  const vsix = await packVsix();
  const home = await realpath(await mkdtemp(path.join(os.tmpdir(), 'journey-editor-')));
  const serve = path.join(home, 'serve');
  const extension = await unpackVsix(vsix, serve);
  await build({
    entryPoints: [path.join(root, 'test/editor/inside/index.ts')],
    outfile: path.join(extension, 'suite/index.js'),
    bundle: true,
    platform: 'browser',
    // Mocha's own file looks for a module to export itself from, so ours is handed over after it.
    format: 'iife',
    globalName: 'suites',
    footer: { js: 'module.exports = suites;' },
    external: ['vscode'],
    logLevel: 'warning',
  });
  return {
    home,
    vsix,
    serve,
    extension,
    async workspace(name) {
      const folder = path.join(home, name);
      await mkdir(folder);
      await cp(path.join(root, 'test/editor/workspace'), folder, { recursive: true });
      await cp(path.join(root, 'examples/shop'), folder, { recursive: true, filter: file => !file.endsWith('.ts') });
      return folder;
    },
    strike: () => rm(home, { recursive: true, force: true, maxRetries: 3 }),
  };
}
