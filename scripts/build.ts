/**
 * Bundles all that ships: the extension's clients and servers (extension/dist) and the command (cli/dist).
 *
 * usage: node scripts/build.ts [--minify]
 *
 * | bundle                          | runs in                                      |
 * |---------------------------------|----------------------------------------------|
 * | extension/dist/client.node.js   | VS Code's extension host                     |
 * | extension/dist/client.web.js    | VS Code's extension host in a browser        |
 * | extension/dist/server.node.cjs  | a process of VS Code's own runtime           |
 * | extension/dist/worker.node.cjs  | a thread of that process: the engine         |
 * | extension/dist/server.web.js    | a web worker; holds the engine worker's text |
 * | cli/dist/journey.mjs            | Node 20.10+                                  |
 * | cli/dist/worker.node.cjs        | a thread of `journey lsp`: the engine        |
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');
const minify = process.argv.includes('--minify');
const extension = join(root, 'extension/dist');
const cli = join(root, 'cli/dist');

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  minify,
  // Names are what a stack trace in a bug report shows.
  keepNames: minify,
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
const workerText: Plugin = {
  name: 'worker-text',
  setup(plugin) {
    plugin.onResolve({ filter: /^journey:worker-text$/ }, ({ path }) => ({ path, namespace: 'worker-text' }));
    plugin.onLoad({ filter: /.*/, namespace: 'worker-text' }, async () => {
      const worker = await build({ ...browser, entryPoints: ['language-server/src/worker.browser.ts'], format: 'iife', write: false });
      return { contents: worker.outputFiles![0].text, loader: 'text' };
    });
  },
};

await Promise.all([extension, cli].map(folder => rm(folder, { recursive: true, force: true })));
await mkdir(extension, { recursive: true });

const bundles: BuildOptions[] = [
  { ...node, ...commonjs, entryPoints: ['extension/src/client.node.ts'], outfile: join(extension, 'client.node.js'), external: ['vscode'] },
  {
    ...browser,
    entryPoints: ['extension/src/client.web.ts'],
    outfile: join(extension, 'client.web.js'),
    format: 'cjs',
    external: ['vscode'],
  },
  { ...node, ...commonjs, entryPoints: ['language-server/src/main.node.ts'], outfile: join(extension, 'server.node.cjs') },
  { ...node, ...commonjs, entryPoints: ['language-server/src/worker.node.ts'], outfile: join(extension, 'worker.node.cjs') },
  {
    ...browser,
    entryPoints: ['language-server/src/main.browser.ts'],
    outfile: join(extension, 'server.web.js'),
    format: 'iife',
    plugins: [workerText],
  },
  { ...node, ...commonjs, entryPoints: ['language-server/src/worker.node.ts'], outfile: join(cli, 'worker.node.cjs') },
  { ...node, ...esm, entryPoints: ['cli/src/main.ts'], outfile: join(cli, 'journey.mjs') },
];
await Promise.all(bundles.map(bundle => build(bundle)));

// sql.js, for the workers; VS Code's bundles and the command's look beside themselves.
for (const folder of [extension, cli]) await cp(join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'), join(folder, 'sql-wasm.wasm'));
// A page per diagnostic code, which diagnostics link to.
const pages = join(root, 'docs/diagnostics');
if (existsSync(pages)) for (const folder of [extension, cli]) await cp(pages, join(folder, 'docs'), { recursive: true });
await cp(join(root, 'grammar/syntaxes'), join(extension, 'syntaxes'), { recursive: true });
await cp(join(root, 'grammar/language-configuration.json'), join(extension, 'language-configuration.json'));
for (const file of ['syntaxes/journey.tmLanguage.json', 'language-configuration.json']) {
  if (!existsSync(join(extension, file))) throw new Error(`extension/dist/${file} is missing: the manifest names it`);
}
