/** Where findings come from, and their order. */
import type { DataProblem } from '@journey/engine';
import type { LangiumDocument } from 'langium';
import { findingsOf } from '../language/problems.ts';
import { compareAt, firstLine, placeKey } from '../text/places.ts';
import { isBinary } from './documents.ts';
import type { Finding, Severity } from './types.ts';

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** What the text of a file has against it. */
export function textFindings(document: LangiumDocument): Finding[] {
  if (isBinary(document.textDocument.getText())) return [notText(document.uri.toString())];
  return findingsOf(document);
}

/** The parser would have a thousand things to say about it, and none would help. */
export const notText = (uri: string): Finding => ({
  code: 'file-not-text',
  severity: 'error',
  message: 'This is no text: a definition is a text file in UTF-8',
  at: firstLine(uri),
});

/** What the engine found wrong with the data. */
export function fromProblem({ code, severity, message, at, data, fixes }: DataProblem): Finding {
  const place = data && !message.includes(data.path) ? `${data.path}${data.line === undefined ? '' : `:${data.line}`}: ` : '';
  return { code, severity, message: `${place}${message}`, at, ...(fixes ? { fixes } : {}) };
}

/** Each once, by file and place; the file asked about comes first, then those it imports. */
export function ordered(findings: readonly Finding[], uri: string): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${placeKey(finding.at)} ${finding.code} ${finding.message}`;
    if (!seen.has(key)) seen.set(key, finding);
  }
  const own = (finding: Finding) => (finding.at.uri === uri ? 0 : 1);
  return [...seen.values()].sort((a, b) => own(a) - own(b) || compareAt(a.at, b.at) || RANK[a.severity] - RANK[b.severity]);
}
