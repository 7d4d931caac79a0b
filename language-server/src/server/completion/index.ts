/** What stands to choose at a place of a text: what the language offers, and what the sample does. */
import { tellableSchema } from '@journey/engine';
import type { LexerResult } from 'langium';
import { type CompletionItem, CompletionItemKind, type CompletionList, type Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { cursorAt } from '../../language/cursor.ts';
import type { Doc } from '../session.ts';
import { countOf, type Known, type Offer, offersAt } from './offers.ts';

const KINDS: Record<Offer['kind'], CompletionItemKind> = {
  event: CompletionItemKind.Event,
  column: CompletionItemKind.Field,
  value: CompletionItemKind.Value,
  id: CompletionItemKind.TypeParameter,
};

/**
 * @param lexed the document's text
 * @param language what the language itself offers there
 * @param known undefined while there has been no sample
 */
export function complete(
  document: TextDocument,
  offset: number,
  lexed: LexerResult,
  language: CompletionItem[],
  known: Known | undefined,
): CompletionList {
  const cursor = cursorAt(document.getText(), offset, lexed);
  const { offers, only } = known ? offersAt(cursor, known) : { offers: [], only: cursor.comment };
  const { start, end, text } = cursor.typed;
  const range: Range = { start: document.positionAt(start), end: document.positionAt(end) };
  const quoted = /^["'`]/.test(text);
  const items = offers.map(
    (offer, i): CompletionItem => ({
      label: offer.label,
      kind: KINDS[offer.kind],
      detail: offer.detail,
      documentation: offer.documentation,
      // Before all else, in their own order.
      sortText: `0${String(i).padStart(4, '0')}`,
      filterText: quoted ? text[0] + offer.label : offer.label,
      textEdit: { range, newText: quoted && !offer.text.startsWith('"') && text[0] === '"' ? JSON.stringify(offer.label) : offer.text },
    }),
  );
  const named = known ? language.map(item => counted(item, known)) : language;
  return { isIncomplete: true, items: only ? items : [...items, ...named] };
}

const COUNTED = new Set<CompletionItemKind | undefined>([CompletionItemKind.Event, CompletionItemKind.Module, CompletionItemKind.Struct]);

function counted(item: CompletionItem, known: Known): CompletionItem {
  const count = COUNTED.has(item.kind) ? countOf(item.label, known) : undefined;
  return count === undefined ? item : { ...item, detail: `${item.detail} · ${count}` };
}

/** What is known of a document: names from the text as it is, and those it lost while a word is half typed; data from the last sample. */
export function knownOf({ definition, numbers }: Pick<Doc, 'definition' | 'numbers'>): Known | undefined {
  if (!numbers) return undefined;
  const before = numbers.checked.plan;
  const now = definition?.plan ?? before;
  const both = <T extends { name: string }>(present: T[], past: T[]) => [
    ...present,
    ...past.filter(({ name }) => !present.some(other => other.name === name)),
  ];
  const plan = {
    ...now,
    sources: both(now.sources, before.sources),
    tables: both(now.tables, before.tables),
    events: both(now.events, before.events),
    journeys: both(now.journeys, before.journeys),
  };
  // What the text has called personal since then has no examples any more.
  return { plan, schema: tellableSchema(numbers.preview.schema, plan), result: numbers.preview.result };
}
