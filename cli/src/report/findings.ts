/** Findings as lines, as JSON, and as annotations of a pull request. */
import type { Finding } from '@journey/language-server';
import type { Colors } from '../terminal.ts';
import type { coverageAsJson } from './coverage.ts';

export interface Placed extends Finding {
  /** As people know it. */
  file: string;
  relatedFile(uri: string): string;
}

/** `file:line:col severity code message`, one line each; lines and columns from 1. */
export function findingsAsText(findings: Placed[], colors: Colors): string {
  const paint = { error: colors.red, warning: colors.yellow, info: colors.cyan };
  return lines(
    findings.map(({ file, at, severity, code, message }) => {
      const place = `${colors.bold(file)}:${at.start.line + 1}:${at.start.character + 1}`;
      return `${place} ${paint[severity](severity)} ${colors.dim(code)} ${oneLine(message)}`;
    }),
  );
}

/** For stderr: how many of what in how many files; `clean` where none of them makes the check fail. */
export function summary(findings: Placed[], files: number, clean: boolean, colors: Colors): string {
  const among = files === 1 ? '1 file' : `${files} files`;
  const counts = (['error', 'warning', 'info'] as const).flatMap(severity => {
    const count = findings.filter(finding => finding.severity === severity).length;
    return count > 0 ? [`${count} ${severity}${count === 1 ? '' : 's'}`] : [];
  });
  const told = counts.join(', ') || 'nothing found';
  return clean ? `${colors.green('clean')}: ${told} in ${among}\n` : `${colors.red('findings')}: ${told} in ${among}\n`;
}

/** A documented, versioned contract; lines and columns from 1, ends exclusive. */
export function findingsAsJson(findings: Placed[], files: number, coverage?: ReturnType<typeof coverageAsJson>): string {
  const place = (file: string, at: Finding['at']) => ({
    file,
    line: at.start.line + 1,
    column: at.start.character + 1,
    endLine: at.end.line + 1,
    endColumn: at.end.character + 1,
  });
  const rows = findings.map(finding => ({
    ...place(finding.file, finding.at),
    severity: finding.severity,
    code: finding.code,
    message: finding.message,
    related: (finding.related ?? []).map(({ message, at }) => ({ ...place(finding.relatedFile(at.uri), at), message })),
  }));
  return `${JSON.stringify({ version: 1, files, findings: rows, ...(coverage && { coverage }) }, null, 2)}\n`;
}

/** GitHub's workflow commands: they become annotations on the lines of a pull request. */
export function findingsAsGithub(findings: Placed[]): string {
  const command = { error: 'error', warning: 'warning', info: 'notice' };
  return lines(
    findings.map(({ file, at, severity, code, message }) => {
      const single = at.start.line === at.end.line;
      const properties = [
        `file=${property(file)}`,
        `line=${at.start.line + 1}`,
        `endLine=${at.end.line + 1}`,
        // Columns are only understood within one line.
        ...(single ? [`col=${at.start.character + 1}`, `endColumn=${at.end.character + 1}`] : []),
        `title=${property(code)}`,
      ];
      return `::${command[severity]} ${properties.join(',')}::${data(message)}`;
    }),
  );
}

const lines = (all: string[]) => all.map(line => `${line}\n`).join('');
const oneLine = (text: string) => text.replace(/\s*\n\s*/g, ' ');
const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
