/** The extension on the desktop and on remote hosts: the server is a process of the editor's own runtime. */

import type { ExtensionContext } from 'vscode';
import { Uri } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { activateClient, clientOptions, type Running, stopClient } from './client.ts';

export function activate(context: ExtensionContext): Promise<Running> {
  const module = Uri.joinPath(context.extensionUri, 'dist', 'server.node.cjs').fsPath;
  const run = { module, transport: TransportKind.ipc };
  const client = new LanguageClient(
    'journey',
    'Journey',
    { run, debug: { ...run, options: { execArgv: ['--nolazy', '--enable-source-maps'] } } },
    // JSON carries no bytes.
    clientOptions(context, bytes => ({ base64: Buffer.from(bytes).toString('base64') })),
  );
  return activateClient(context, client);
}

export const deactivate = stopClient;
