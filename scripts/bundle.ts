/** What ships, as bundles: each function writes one folder that needs nothing beside it. */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  legalComments: 'none',
  loader: { '.wasm': 'binary' },
  inject: ['language-server/src/polyfill.ts'],
};
const node: BuildOptions = {
  ...common,
  platform: 'node',
  target: 'node20.9',
  conditions: ['node', 'import'],
  mainFields: ['module', 'main'],
};
const browser: BuildOptions = {
  ...common,
  platform: 'browser',
  target: ['chrome116', 'firefox115', 'safari17'],
  conditions: ['browser', 'import'],
  mainFields: ['browser', 'module', 'main'],
};
/** CommonJS has no `import.meta.url`. */
const commonjs: BuildOptions = {
  format: 'cjs',
  define: { 'import.meta.url': '__bundleUrl' },
  banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};
/** CommonJS dependencies inside an ES module still ask for `require` and their folder. */
const esm: BuildOptions = {
  format: 'esm',
  banner: {
    js: [
      '#!/usr/bin/env node',
      "import { createRequire as __createRequire } from 'node:module';",
      "import { fileURLToPath as __fileURLToPath } from 'node:url';",
      'const require = __createRequire(import.meta.url);',
      "const __dirname = __fileURLToPath(new URL('.', import.meta.url));",
    ].join('\n'),
  },
};

/** A web server is one file: its engine worker travels inside it as text, started from a Blob. */
const workerText = (minify: boolean): Plugin => ({
  name: 'worker-text',
  setup(plugin) {
    plugin.onResolve({ filter: /^journey:worker-text$/ }, ({ path }) => ({ path, namespace: 'worker-text' }));
    plugin.onLoad({ filter: /.*/, namespace: 'worker-text' }, async () => {
      const worker = await build({
        ...browser,
        entryPoints: ['language-server/src/worker.browser.ts'],
        format: 'iife',
        write: false,
        minify,
      });
      return { contents: worker.outputFiles![0].text, loader: 'text' };
    });
  },
});

/**
 * | file            | runs in                                      |
 * |-----------------|----------------------------------------------|
 * | client.node.js  | VS Code's extension host                     |
 * | client.web.js   | VS Code's extension host in a browser        |
 * | server.node.cjs | a process of VS Code's own runtime           |
 * | worker.node.cjs | a thread of that process: the engine         |
 * | server.web.js   | a web worker; holds the engine worker's text |
 */
export async function bundleExtension(folder: string, minify = false): Promise<void> {
  await mkdir(folder, { recursive: true });
  await all(minify, [
    { ...node, ...commonjs, entryPoints: ['extension/src/client.node.ts'], outfile: join(folder, 'client.node.js'), external: ['vscode'] },
    {
      ...browser,
      format: 'cjs',
      entryPoints: ['extension/src/client.web.ts'],
      outfile: join(folder, 'client.web.js'),
      external: ['vscode'],
    },
    { ...node, ...commonjs, entryPoints: ['language-server/src/main.node.ts'], outfile: join(folder, 'server.node.cjs') },
    { ...node, ...commonjs, entryPoints: ['language-server/src/worker.node.ts'], outfile: join(folder, 'worker.node.cjs') },
    {
      ...browser,
      format: 'iife',
      entryPoints: ['language-server/src/main.browser.ts'],
      outfile: join(folder, 'server.web.js'),
      plugins: [workerText(minify)],
    },
  ]);
  await copyBeside(folder);
  await cp(join(root, 'grammar/syntaxes/journey.tmLanguage.json'), join(folder, 'syntaxes/journey.tmLanguage.json'));
  await cp(join(root, 'grammar/language-configuration.json'), join(folder, 'language-configuration.json'));
}

/** `journey.mjs`, the command, and `worker.node.cjs`, the engine's thread of `journey lsp`. Both run on Node 20.10. */
export async function bundleCli(folder: string, minify = false): Promise<void> {
  await mkdir(folder, { recursive: true });
  await all(minify, [
    { ...node, ...esm, entryPoints: ['cli/src/main.ts'], outfile: join(folder, 'journey.mjs') },
    { ...node, ...commonjs, entryPoints: ['language-server/src/worker.node.ts'], outfile: join(folder, 'worker.node.cjs') },
  ]);
  await copyBeside(folder);
}

async function all(minify: boolean, bundles: BuildOptions[]): Promise<void> {
  // Names are what a stack trace in a bug report shows.
  await Promise.all(bundles.map(bundle => build({ ...bundle, minify, keepNames: minify })));
}

/** What the bundles look for beside themselves: sql.js, and a page per diagnostic code. */
async function copyBeside(folder: string): Promise<void> {
  await cp(join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'), join(folder, 'sql-wasm.wasm'));
  await cp(join(root, 'docs/diagnostics'), join(folder, 'docs'), { recursive: true });
}
