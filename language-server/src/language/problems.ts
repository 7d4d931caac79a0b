/** Problems as Langium's diagnostics, and those as findings. */
import type { AstNode, DiagnosticInfo, LangiumDocument } from 'langium';
import type { Diagnostic } from 'vscode-languageserver';
import { type Problem, placeOf } from '../bind/sink.ts';
import type { LanguageCode } from '../codes.ts';
import type { Finding, Severity } from '../project/types.ts';

/** Rides along with a diagnostic: the text that would mend it, in place of its range. */
interface Data {
  fix?: { title: string; text: string };
}

export function toDiagnosticInfo({ code, node, property, index, related, fix }: Problem): DiagnosticInfo<AstNode, string> {
  return {
    node,
    property,
    index,
    code,
    relatedInformation: related?.map(each => {
      const { uri, start, end } = placeOf(each.node, each.property);
      return { message: each.message, location: { uri, range: { start, end } } };
    }),
    data: { fix } satisfies Data,
  };
}

const SEVERITIES: Severity[] = ['error', 'error', 'warning', 'info', 'info'];

/**
 * What a file's own text has against it: syntax, unknown names, static checks. In order of place.
 * @param document built up to its diagnostics
 */
export function findingsOf(document: LangiumDocument): Finding[] {
  const uri = document.uri.toString();
  const findings = (document.diagnostics ?? []).map(diagnostic => toFinding(uri, diagnostic));
  return findings.sort((a, b) => a.at.start.line - b.at.start.line || a.at.start.character - b.at.start.character);
}

function toFinding(uri: string, { code, severity, message, range, relatedInformation, data }: Diagnostic): Finding {
  const at = { uri, start: range.start, end: range.end };
  const { fix } = (data ?? {}) as Data;
  return {
    code: (code as LanguageCode | undefined) ?? 'syntax',
    severity: SEVERITIES[severity ?? 1],
    message: typeof message === 'string' ? message : message.value,
    at,
    ...(relatedInformation?.length && {
      related: relatedInformation.map(each => ({
        message: each.message,
        at: { uri: each.location.uri, start: each.location.range.start, end: each.location.range.end },
      })),
    }),
    ...(fix && { fixes: [{ title: fix.title, edits: [{ at, text: fix.text }] }] }),
  };
}
