/** An explanation for the terminal. */
import { type At, formatMoment } from '@journey/engine';
import type { Story } from '@journey/language-server';
import type { Colors } from '../terminal.ts';

/** @param place a rule's file and line as people find it */
export function storyAsText({ title, facts, chapters }: Story, place: (at: At) => string, colors: Colors): string {
  const out = [colors.bold(title), ...facts];
  for (const chapter of chapters) {
    out.push('', colors.bold(chapter.title));
    for (const { at, text, rules, heading } of chapter.lines) {
      const when = at === undefined ? '' : `${colors.dim(formatMoment(at).padEnd('2026-01-01 00:00:00'.length))}  `;
      const where = [...new Set(rules.map(place))].join(' ');
      out.push(`${heading ? '' : '  '}${heading || at !== undefined ? when : '- '}${text}${where ? `  ${colors.cyan(where)}` : ''}`);
    }
  }
  return `${out.join('\n')}\n`;
}
