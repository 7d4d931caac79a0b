/** The story of one person in one journey, in a document beside the definition. */
import { type Disposable, type QuickPickItem, window } from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';
import { EXPLAIN, EXPLAINABLE, type ExplainableResult, type ExplainResult } from '../../language-server/src/server/protocol.ts';
import { Beside } from './beside.ts';

export class Explanations implements Disposable {
  private readonly client: BaseLanguageClient;
  private readonly document = new Beside('journey-explanation', 'Explanation');

  constructor(client: BaseLanguageClient) {
    this.client = client;
  }

  dispose(): void {
    this.document.dispose();
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
    await this.document.show(told.markdown);
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
