/** What the desktop's and the browser's client share. */
import { commands, type ExtensionContext, Uri, window, workspace } from 'vscode';
import { type BaseLanguageClient, type LanguageClientOptions, State } from 'vscode-languageclient';
import { type InitializationOptions, PREVIEW } from '../../language-server/src/server/protocol.ts';
import { Explanations } from './explain.ts';
import { answerFileRequests, type Encode } from './files.ts';
import { Identities } from './identity.ts';
import { StatusBar } from './status.ts';

/** What `activate` hands to others: tests ask it for the client. */
export interface Running {
  client: BaseLanguageClient;
}

let running: Running | undefined;
let encodeBytes: Encode;

/** @param encode how bytes travel to this server */
export function clientOptions({ extensionUri }: ExtensionContext, encode: Encode): LanguageClientOptions {
  encodeBytes = encode;
  const docs = Uri.joinPath(extensionUri, 'dist', 'docs').toString(true);
  const initializationOptions: InitializationOptions = { pictures: true, files: true, docs };
  return { documentSelector: [{ language: 'journey' }], initializationOptions };
}

/** Starts the server, or says why it did not start. */
export async function activateClient(context: ExtensionContext, client: BaseLanguageClient): Promise<Running> {
  running = { client };
  const status = new StatusBar();
  const explanations = new Explanations(client);
  const identities = new Identities(client);
  context.subscriptions.push(status, explanations, identities);

  status.listen(client);
  answerFileRequests(client, encodeBytes);
  client.onDidChangeState(({ newState }) => status.serverIs(newState));

  const start = async (action: () => Promise<void>) => {
    try {
      await action();
    } catch (error) {
      status.serverIs(State.Stopped);
      const why = error instanceof Error ? error.message : String(error);
      const chosen = await window.showErrorMessage(`Journey: the language server did not start: ${why}`, 'Show Output', 'Try Again');
      if (chosen === 'Show Output') client.outputChannel.show();
      if (chosen === 'Try Again') await start(action);
    }
  };
  const restart = async () => {
    if (client.state === State.Running) await client.stop().catch(() => {});
    await client.start();
  };
  context.subscriptions.push(
    commands.registerCommand('journey.restart', () => start(restart)),
    commands.registerCommand('journey.showOutput', () => client.outputChannel.show()),
    commands.registerCommand('journey.showNumbers', () => showNumbers(client)),
    commands.registerCommand('journey.explain', () => explanations.ask()),
    commands.registerCommand('journey.explainIdentity', () => identities.ask()),
  );
  void start(() => client.start());
  return running;
}

export async function stopClient(): Promise<void> {
  if (running?.client.state === State.Running) await running.client.stop();
  running = undefined;
}

async function showNumbers(client: BaseLanguageClient): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor?.document.languageId !== 'journey' || client.state !== State.Running) return;
  const numbers = await client.sendRequest<unknown>(PREVIEW, { uri: editor.document.uri.toString() });
  if (!numbers) {
    void window.showInformationMessage('Journey: there are no numbers for this file yet. The status bar says what is missing.');
    return;
  }
  const document = await workspace.openTextDocument({ language: 'json', content: JSON.stringify(numbers, null, 2) });
  await window.showTextDocument(document, { preview: true });
}
