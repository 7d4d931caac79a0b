/** The story of one person in one journey, in a document beside the definition: read-only, and always the same one. */
import { type Disposable, EventEmitter, type QuickPickItem, Uri, ViewColumn, window, workspace } from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';
import { EXPLAIN, EXPLAINABLE, type ExplainableResult, type ExplainResult } from '../../language-server/src/server/protocol.ts';

const SCHEME = 'journey-explanation';
const DOCUMENT = Uri.parse(`${SCHEME}:/Explanation.md`);

export class Explanations implements Disposable {
  private readonly client: BaseLanguageClient;
  private readonly changed = new EventEmitter<Uri>();
  private readonly provider: Disposable;
  private markdown = '';

  constructor(client: BaseLanguageClient) {
    this.client = client;
    this.provider = workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: this.changed.event,
      provideTextDocumentContent: () => this.markdown,
    });
  }

  dispose(): void {
    this.provider.dispose();
    this.changed.dispose();
  }

  /** Asks for a journey and for somebody in it, and shows what happened. */
  async ask(): Promise<void> {
    const editor = window.activeTextEditor;
    if (editor?.document.languageId !== 'journey' || this.client.state !== State.Running) return;
    const uri = editor.document.uri.toString();
    const journeys = await this.client.sendRequest<ExplainableResult>(EXPLAINABLE, { uri });
    if (journeys.length === 0) {
      void window.showInformationMessage('Journey: this file has no journey that could be explained.');
      return;
    }
    const journey = await pickJourney(journeys, editor.selection.active.line);
    const somebody = journey && (await pickSomebody(journey));
    if (!somebody) return;
    const told = await this.client.sendRequest<ExplainResult | null>(EXPLAIN, { uri, journey: journey.journey, ...somebody });
    if (!told?.participant) {
      void window.showWarningMessage(`Journey: ${told?.explanation.note ?? 'there is no explanation; the output says why.'}`);
      return;
    }
    this.markdown = told.markdown;
    this.changed.fire(DOCUMENT);
    const document = await workspace.openTextDocument(DOCUMENT);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: false });
  }
}

type Journey = ExplainableResult[number];

/** The one the cursor stands in comes first. */
async function pickJourney(journeys: Journey[], line: number): Promise<Journey | undefined> {
  if (journeys.length === 1) return journeys[0];
  const here = journeys.filter(journey => journey.line <= line).at(-1);
  const ordered = [...journeys].sort((a, b) => Number(b === here) - Number(a === here));
  const items = ordered.map(journey => ({ label: journey.journey, journey }));
  return (await window.showQuickPick(items, { title: 'Explain a participation', placeHolder: 'In which journey?' }))?.journey;
}

async function pickSomebody({ journey, outcomes }: Journey): Promise<{ who: string } | { any: string } | undefined> {
  const byId: QuickPickItem = { label: 'By an id…', description: 'such as u17, user:u17 or an address' };
  const items = outcomes.map(({ name, count }) => ({ label: name, description: count === undefined ? '' : String(count), any: name }));
  const picked = await window.showQuickPick([byId, ...items], {
    title: `Explain a participation in ${journey}`,
    placeHolder: 'Whose? By id, or the first who …',
  });
  if (!picked) return undefined;
  if ('any' in picked) return { any: picked.any as string };
  const who = await window.showInputBox({
    title: `Explain a participation in ${journey}`,
    prompt: 'An id of the person, in any kind',
    ignoreFocusOut: true,
  });
  return who ? { who } : undefined;
}
