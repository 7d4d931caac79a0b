/** A document beside the definition that tells of it: read-only, Markdown, and always the same one. */
import { type Disposable, EventEmitter, Uri, ViewColumn, window, workspace } from 'vscode';

export class Beside implements Disposable {
  private readonly uri: Uri;
  private readonly changed = new EventEmitter<Uri>();
  private readonly provider: Disposable;
  private markdown = '';

  /** @param name the title of its tab */
  constructor(scheme: string, name: string) {
    this.uri = Uri.parse(`${scheme}:/${name}.md`);
    this.provider = workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.changed.event,
      provideTextDocumentContent: () => this.markdown,
    });
  }

  dispose(): void {
    this.provider.dispose();
    this.changed.dispose();
  }

  async show(markdown: string): Promise<void> {
    this.markdown = markdown;
    this.changed.fire(this.uri);
    const document = await workspace.openTextDocument(this.uri);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: false });
  }
}
