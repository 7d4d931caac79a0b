/** VS Code's API as these tests use it: open, edit, ask a provider, wait until it is so. */
import * as vscode from 'vscode';

const folder = () => vscode.workspace.workspaceFolders![0].uri;

export const file = (name: string) => vscode.Uri.joinPath(folder(), name);

export async function open(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file(name)));
}

/** Replaces the first occurrence of a text. */
export async function replace(editor: vscode.TextEditor, text: string, by: string): Promise<void> {
  const start = editor.document.getText().indexOf(text);
  if (start < 0) throw new Error(`${editor.document.uri.path} does not hold ${text}`);
  const range = new vscode.Range(editor.document.positionAt(start), editor.document.positionAt(start + text.length));
  if (!(await editor.edit(edit => edit.replace(range, by)))) throw new Error('the edit was refused');
}

/** Throws away what was typed into the active editor, and closes it. */
export const closeActive = () => vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');

/** Where a text begins, `into` characters further on. */
export function placeOf(document: vscode.TextDocument, text: string, into = 0): vscode.Position {
  const at = document.getText().indexOf(text);
  if (at < 0) throw new Error(`${document.uri.path} does not hold ${text}`);
  return document.positionAt(at + into);
}

/**
 * Asks again until the answer is what was waited for.
 * @returns the answer
 * @throws after 15 s, with the last answer
 */
export async function until<T>(what: string, ask: () => T | Thenable<T>, enough: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + 15_000;
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}; at last there was ${JSON.stringify(answer)}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Errors, warnings and notes of a file as `severity code message`. */
export function problems(uri: vscode.Uri): string[] {
  return vscode.languages.getDiagnostics(uri).map(({ severity, code, message }) => {
    const name = typeof code === 'object' ? code.value : code;
    return `${vscode.DiagnosticSeverity[severity].toLowerCase()} ${name} ${message}`;
  });
}

/** The hints of a file by the text of the line they stand on. */
export async function hints({ document }: vscode.TextEditor): Promise<Record<string, string>> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const found = await vscode.commands.executeCommand<vscode.InlayHint[]>('vscode.executeInlayHintProvider', document.uri, whole);
  return Object.fromEntries(
    found.map(({ position, label }) => [document.lineAt(position.line).text.trim().replace(/ +/g, ' '), textOf(label)]),
  );
}

const textOf = (label: vscode.InlayHint['label']) => (typeof label === 'string' ? label : label.map(part => part.value).join(''));

export async function lenses({ document }: vscode.TextEditor): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
  return found.map(lens => lens.command?.title ?? '');
}

/** The Markdown of the hovers over a place. */
export async function hover({ document }: vscode.TextEditor, at: vscode.Position): Promise<string> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
  return found.flatMap(({ contents }) => contents.map(content => (typeof content === 'string' ? content : content.value))).join('\n');
}

export async function completions({ document }: vscode.TextEditor, at: vscode.Position): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, at);
  return found.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

export async function fixes({ document }: vscode.TextEditor, at: vscode.Position): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, new vscode.Range(at, at));
}
