/** Who is one customer and why, in a document beside the definition. */
import { type Disposable, type QuickPickItem, window } from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';
import {
  IDENTITIES,
  IDENTITY,
  type IdentitiesResult,
  type IdentityParams,
  type IdentityReportResult,
} from '../../language-server/src/server/protocol.ts';
import { Beside } from './beside.ts';

type Asked = Pick<IdentityParams, 'who' | 'and'>;

export class Identities implements Disposable {
  private readonly client: BaseLanguageClient;
  private readonly document = new Beside('journey-identity', 'Identity');

  constructor(client: BaseLanguageClient) {
    this.client = client;
  }

  dispose(): void {
    this.document.dispose();
  }

  /** Asks for an identity and for somebody, and shows why they are one; or what the rules do. */
  async ask(): Promise<void> {
    const editor = window.activeTextEditor;
    if (editor?.document.languageId !== 'journey' || this.client.state !== State.Running) return;
    const uri = editor.document.uri.toString();
    const identities = await this.client.sendRequest<IdentitiesResult>(IDENTITIES, { uri });
    if (identities.length === 0) {
      void window.showInformationMessage('Journey: this file has no identity, and imports none.');
      return;
    }
    const picked = await pickIdentity(identities);
    const asked = picked && (await pickSomebody(picked, editor.document.getText(editor.selection)));
    if (!asked) return;
    const told = await this.client.sendRequest<IdentityReportResult | null>(IDENTITY, { uri, identity: picked.identity, ...asked });
    if (!told || (asked.who !== undefined && told.customer === null)) {
      void window.showWarningMessage(`Journey: ${told?.note ?? 'there is no report; the output says why.'}`);
      return;
    }
    await this.document.show(told.markdown);
  }
}

type Identity = IdentitiesResult[number];

async function pickIdentity(identities: Identity[]): Promise<Identity | undefined> {
  if (identities.length === 1) return identities[0];
  const items = identities.map(identity => ({ label: identity.identity, description: identity.kinds.join(', '), identity }));
  return (await window.showQuickPick(items, { title: 'Explain an identity', placeHolder: 'Which?' }))?.identity;
}

const BY_ID: QuickPickItem = { label: 'One customer…', description: 'the links that join the ids, and those refused' };
const BETWEEN: QuickPickItem = { label: 'Two ids…', description: 'the links from one to the other' };
const WHOLE: QuickPickItem = { label: 'All customers', description: 'what each rule does, and what looks wrong' };

/** @param selected what is selected in the definition: perhaps the id that is meant */
async function pickSomebody({ identity, kinds }: Identity, selected: string): Promise<Asked | undefined> {
  const title = `Explain the identity ${identity}`;
  const picked = await window.showQuickPick([BY_ID, BETWEEN, WHOLE], { title, placeHolder: 'Why is that one customer?' });
  if (!picked) return undefined;
  if (picked.label === WHOLE.label) return {};
  const ask = (prompt: string, value = '') => window.showInputBox({ title, prompt, value, ignoreFocusOut: true });
  const anId = `An id, such as u17 or ${kinds[0] ?? 'user'}:u17`;
  const who = await ask(anId, /^[^\n]{1,100}$/.test(selected) ? selected.replace(/^"(.*)"$/, '$1') : '');
  if (!who || picked.label === BY_ID.label) return who ? { who } : undefined;
  const and = await ask(`And another: the links from ${who} to it`);
  return and ? { who, and } : undefined;
}
