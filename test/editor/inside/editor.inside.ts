import { assert } from 'chai';
import * as vscode from 'vscode';

suite('a journey in the editor', () => {
  test('its file opens in its language', async () => {
    const folder = vscode.workspace.workspaceFolders![0].uri;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, 'shop.journey'));
    assert.equal(document.languageId, 'journey');
  });
  test('fails', async () => {
    assert.equal(1, 2);
  });
});
