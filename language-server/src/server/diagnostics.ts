/** Findings as diagnostics, and their fixes as code actions. */
import type { At } from '@journey/engine';
import { type CodeAction, CodeActionKind, type Diagnostic, DiagnosticSeverity, type Range, type TextEdit } from 'vscode-languageserver';
import type { Finding, Severity } from '../project/types.ts';

const SEVERITY: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

export interface DiagnosticOptions {
  /** Uri of the folder that holds a page per code, or undefined where the client shows no link. */
  docs?: string;
  related: boolean;
}

function toRange({ start, end }: At): Range {
  return { start, end };
}

export function toDiagnostic(finding: Finding, { docs, related }: DiagnosticOptions): Diagnostic {
  return {
    range: toRange(finding.at),
    severity: SEVERITY[finding.severity],
    code: finding.code,
    ...(docs ? { codeDescription: { href: `${docs}/${finding.code}.md` } } : {}),
    source: 'journey',
    message: finding.message,
    ...(related && finding.related?.length
      ? { relatedInformation: finding.related.map(({ message, at }) => ({ message, location: { uri: at.uri, range: toRange(at) } })) }
      : {}),
  };
}

/** The fixes of findings that touch a range, the best of each preferred. */
export function toActions(findings: Finding[], range: Range, asked: Diagnostic[]): CodeAction[] {
  return findings
    .filter(finding => touches(toRange(finding.at), range))
    .flatMap(finding => {
      const diagnostics = asked.filter(({ code, range }) => code === finding.code && same(range, toRange(finding.at)));
      return (finding.fixes ?? []).map(({ title, edits }, index) => {
        const changes: Record<string, TextEdit[]> = {};
        for (const { at, text } of edits) {
          changes[at.uri] ??= [];
          changes[at.uri].push({ range: toRange(at), newText: text });
        }
        return { title, kind: CodeActionKind.QuickFix, diagnostics, isPreferred: index === 0, edit: { changes } };
      });
    });
}

/** Two findings alike in what a reader sees. */
export function findingKey({ code, message, at }: Finding): string {
  return JSON.stringify([code, message, at.uri, at.start, at.end]);
}

const before = (a: Range['start'], b: Range['start']) => a.line < b.line || (a.line === b.line && a.character < b.character);
const touches = (a: Range, b: Range) => !before(a.end, b.start) && !before(b.end, a.start);
const same = (a: Range, b: Range) => JSON.stringify(a) === JSON.stringify(b);
