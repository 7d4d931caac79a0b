/** A story as Markdown. Links are named at the end, so that the text reads well as it stands. */
import { type At, formatMoment } from '@journey/engine';
import type { Story } from './story.ts';

/** The links of a document, by the number they have at its end. */
export class Links {
  private readonly spelled: (uri: string) => string;
  private readonly known = new Map<string, { label: string; number: number }>();

  /** @param spelled a file's uri as the client knows it */
  constructor(spelled: (uri: string) => string) {
    this.spelled = spelled;
  }

  to(at: At): string {
    const target = `${this.spelled(at.uri)}#L${at.start.line + 1}`;
    const known = this.known.get(target) ?? {
      label: `${decodeURIComponent(at.uri.split('/').at(-1)!)}:${at.start.line + 1}`,
      number: this.known.size + 1,
    };
    this.known.set(target, known);
    return `[${known.label}][${known.number}]`;
  }

  /** Lines for the document's end. */
  named(): string[] {
    return [...this.known].map(([target, { number }]) => `[${number}]: ${target}`);
  }
}

/** @param spelled a file's uri as the client knows it */
export function storyAsMarkdown({ title, facts, chapters }: Story, spelled: (uri: string) => string = uri => uri): string {
  const links = new Links(spelled);
  const out = [`# ${escaped(title)}`, '', ...facts.flatMap(fact => [escaped(fact), ''])];
  for (const chapter of chapters) {
    out.push(`## ${escaped(chapter.title)}`, '');
    for (const { at, text, rules, heading } of chapter.lines) {
      const when = at === undefined ? '' : `${formatMoment(at)} `;
      const where = rules.map(rule => ` ${links.to(rule)}`).join('');
      if (heading) out.push('', escaped(text), '');
      else out.push(`- ${when}${escaped(text)}${where}`);
    }
    out.push('');
  }
  return joined([...out, ...links.named()]);
}

/** Never two empty lines. */
export const joined = (lines: string[]): string => `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`;

/** What data may hold and Markdown would take for its own: not an underscore inside a word. Code spans keep theirs. */
export const escaped = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 ? part : part.replace(/[\\*[\]<>#|~`]|(?<!\w)_|_(?!\w)/g, '\\$&')))
    .join('');
