/** A story as Markdown. Links are named at the end, so that the text reads well as it stands. */
import { type At, formatMoment } from '@journey/engine';
import type { Story } from './story.ts';

/** @param spelled a file's uri as the client knows it */
export function storyAsMarkdown({ title, facts, chapters }: Story, spelled: (uri: string) => string = uri => uri): string {
  const links = new Map<string, { label: string; number: number }>();
  const link = (at: At): string => {
    const target = `${spelled(at.uri)}#L${at.start.line + 1}`;
    const known = links.get(target) ?? {
      label: `${decodeURIComponent(at.uri.split('/').at(-1)!)}:${at.start.line + 1}`,
      number: links.size + 1,
    };
    links.set(target, known);
    return `[${known.label}][${known.number}]`;
  };
  const out = [`# ${escaped(title)}`, '', ...facts.flatMap(fact => [escaped(fact), ''])];
  for (const chapter of chapters) {
    out.push(`## ${escaped(chapter.title)}`, '');
    for (const { at, text, rules, heading } of chapter.lines) {
      const when = at === undefined ? '' : `${formatMoment(at)} `;
      const where = rules.map(rule => ` ${link(rule)}`).join('');
      if (heading) out.push('', escaped(text), '');
      else out.push(`- ${when}${escaped(text)}${where}`);
    }
    out.push('');
  }
  for (const [target, { number }] of links) out.push(`[${number}]: ${target}`);
  return `${out.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;
}

/** What data may hold and Markdown would take for its own: not an underscore inside a word. Code spans keep theirs. */
const escaped = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 ? part : part.replace(/[\\*[\]<>#|~`]|(?<!\w)_|_(?!\w)/g, '\\$&')))
    .join('');
