/** The status bar item: which data, how many events, as of when, how long it took; and whether the server runs at all. */
import { type Disposable, MarkdownString, StatusBarAlignment, type TextEditor, ThemeColor, window } from 'vscode';
import { type BaseLanguageClient, State } from 'vscode-languageclient';
import { STATUS, type StatusParams } from '../../language-server/src/server/protocol.ts';

const ICONS: Record<StatusParams['state'], string> = {
  loading: '$(loading~spin)',
  ready: '$(graph)',
  stale: '$(history)',
  failed: '$(error)',
  none: '$(circle-slash)',
};

export class StatusBar implements Disposable {
  private readonly item = window.createStatusBarItem('journey.status', StatusBarAlignment.Right, 100);
  private readonly known = new Map<string, StatusParams>();
  private readonly editors: Disposable;
  private server: State = State.Starting;

  constructor() {
    this.item.name = 'Journey';
    this.editors = window.onDidChangeActiveTextEditor(() => this.show());
  }

  listen(client: BaseLanguageClient): void {
    client.onNotification(STATUS, (status: StatusParams) => {
      this.known.set(status.uri, status);
      this.show();
    });
  }

  serverIs(state: State): void {
    this.server = state;
    if (state !== State.Running) this.known.clear();
    this.show();
  }

  dispose(): void {
    this.editors.dispose();
    this.item.dispose();
  }

  private show(editor: TextEditor | undefined = window.activeTextEditor): void {
    // The output panel is an editor too: it must not hide the item.
    if (editor && editor.document.uri.scheme === 'output') return;
    if (editor?.document.languageId !== 'journey') {
      this.item.hide();
      return;
    }
    const status = this.known.get(editor.document.uri.toString());
    const stopped = this.server === State.Stopped;
    this.item.text = stopped
      ? '$(error) Journey: server stopped'
      : status
        ? `${ICONS[status.state]} ${status.text}`
        : '$(loading~spin) Journey';
    this.item.tooltip = stopped
      ? 'The language server is not running. Click to start it.'
      : new MarkdownString(status?.detail ?? 'Starting');
    this.item.command = stopped ? 'journey.restart' : 'journey.showOutput';
    this.item.backgroundColor = stopped || status?.state === 'failed' ? new ThemeColor('statusBarItem.errorBackground') : undefined;
    this.item.show();
  }
}
