/**
 * A program: serves VS Code's workbench with nothing behind it, as vscode.dev does, on a free port of 127.0.0.1.
 * Takes one argument, JSON: { code, workspace, serve, settings } (see `startWeb`). Prints `listening on PORT`.
 * `/?tests` runs the tests in `serve/extension/suite/index.js`.
 *
 * The pages are those of @vscode/test-web. The build is code-server's, whose workbench always looks for the server it came
 * from: that is undone in two places, as it is sent.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import path from 'node:path';

const { code, workspace, serve, settings } = JSON.parse(process.argv[2]) as {
  code: string;
  workspace: string;
  serve: string;
  settings: object;
};

/** As much of Koa, which test-web brings along, as is used here. */
interface Request {
  path: string;
  protocol: string;
  host: string;
  querystring: string;
  type: string;
  body: string;
  set(header: string, value: string): void;
}
interface App {
  middleware: ((ctx: Request, next: () => Promise<void>) => unknown)[];
  listen(port: number, host: string, ready: () => void): Server;
}

const workbenchPath = '/out/vs/code/browser/workbench/workbench.js';
const source = readFileSync(path.join(code, workbenchPath), 'utf8');
const workbench = [
  { what: 'the remote authority', from: /,remoteAuthority:location\.host\}/g, to: '}' },
  {
    what: 'user data on the remote',
    from: /(\.file\(this\.userDataPath\)\.with\(\{scheme:\w+)\.vscodeRemote\}\)/g,
    to: '$1.vscodeUserData})',
  },
].reduce((text, { what, from, to }) => {
  if (text.match(from)?.length !== 1)
    throw new Error(`This build of VS Code sets ${what} elsewhere: test/editor/host/web-server.ts wants another look.`);
  return text.replace(from, to);
}, source);

const product = JSON.parse(readFileSync(path.join(code, 'product.json'), 'utf8'));

function configuration(base: { scheme: string; authority: string }, tests: boolean) {
  return {
    folderUri: { scheme: 'vscode-test-web', authority: 'mount', path: '/' },
    additionalBuiltinExtensions: [{ ...base, path: '/static/extensions/fs' }],
    // Webviews from the same origin: Chromium blocks third-party cookies, and with them webviews from elsewhere.
    webviewEndpoint: '/static/build/out/vs/workbench/contrib/webview/browser/pre',
    enableWorkspaceTrust: false,
    userDataPath: '/',
    // Asked for by code-server's workbench, which will not start without an answer.
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
    configurationDefaults: settings,
    developmentOptions: {
      extensions: [{ ...base, path: '/static/devextensions/extension' }],
      ...(tests ? { extensionTestsPath: { ...base, path: '/static/devextensions/extension/suite/index.js' } } : {}),
    },
    productConfiguration: {
      ...product,
      extensionsGallery: undefined,
      enableTelemetry: false,
      webEndpointUrlTemplate: undefined,
      extensionEnabledApiProposals: {
        ...product.extensionEnabledApiProposals,
        'vscode.vscode-test-web-fs': ['fileSearchProvider', 'textSearchProvider'],
      },
    },
  };
}

function page(config: object): string {
  const data = JSON.stringify(config).replace(/&/g, '&amp;').replace(/"/g, '&quot;');
  return `<!DOCTYPE html><html><head><meta charset="utf-8">
<meta id="vscode-workbench-web-configuration" data-settings="${data}">
<link rel="stylesheet" href="/static/build/out/vs/code/browser/workbench/workbench.css"></head><body aria-label=""></body>
<script>globalThis._VSCODE_FILE_ROOT = location.origin + '/static/build/out/';</script>
<script type="module" src="/static/build/out/nls.messages.js"></script>
<script type="module" src="/static/build${workbenchPath}"></script></html>`;
}

// @ts-expect-error It comes without types, and is a CommonJS module with a default of its own.
const { default: testWeb } = await import('@vscode/test-web/out/server/app.js');
const createApp: (config: object) => Promise<App> = testWeb.default;
const app = await createApp({ build: { type: 'static', location: code }, extensionDevelopmentPath: serve, folderMountPath: workspace });
app.middleware.unshift(async (ctx, next) => {
  const built = ctx.path.startsWith('/static/build/') ? ctx.path.slice('/static/build'.length) : undefined;
  const script = (body: string) => {
    ctx.type = 'text/javascript';
    ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
    ctx.body = body;
  };
  if (built === workbenchPath) return script(workbench);
  // A server's build has no browser bundles of the extensions that come with VS Code; they are not what is looked at here.
  if (built?.startsWith('/extensions/') && built.endsWith('.js') && !existsSync(path.join(code, built)))
    return script('exports.activate=()=>{};');
  if (ctx.path !== '/') return next();
  ctx.type = 'html';
  ctx.body = page(configuration({ scheme: ctx.protocol, authority: ctx.host }, ctx.querystring === 'tests'));
});
const server = app.listen(0, '127.0.0.1', () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
