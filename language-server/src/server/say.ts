/** A message to the person at the client. `connection.window` would send a request, which not every client answers. */
import { type Connection, type MessageType, ShowMessageNotification } from 'vscode-languageserver';

export function say(connection: Connection, type: MessageType, message: string): void {
  connection.sendNotification(ShowMessageNotification.type, { type, message }).catch(() => {});
}
