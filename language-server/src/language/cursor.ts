/** What stands before the cursor, as words: the one thing there is while a line is half typed and has no tree. */
import type { IToken } from 'chevrotain';
import type { LexerResult } from 'langium';
import { STARTERS } from './words.ts';

export interface Cursor {
  /** The declaration whose braces it stands in, from the outside in; a scenario's row is one too. */
  block?: { word: string; name?: string };
  /** The statement before the cursor, its first word first, without what is being typed. */
  words: string[];
  /** What is being typed: begins at `start`, and would be replaced up to `end`. */
  typed: { text: string; start: number; end: number };
  /** Nothing stands before it in its line. */
  fresh: boolean;
  /** In a comment nothing is offered. */
  comment: boolean;
}

/** They begin a declaration wherever they begin a line: a brace before them was never closed. */
const OUTSIDE = new Set(['import', 'source', 'identity', 'segment', 'journey', 'scenario', 'privacy']);

/** @param lexed what the lexer makes of the text */
export function cursorAt(text: string, offset: number, { tokens, hidden }: LexerResult): Cursor {
  const typedToken = tokens.find(token => token.startOffset < offset && end(token) >= offset && /^[\w"'`\u00c0-\ud7ff]/.test(token.image));
  const typed = typedToken
    ? { text: typedToken.image.slice(0, offset - typedToken.startOffset), start: typedToken.startOffset, end: replaced(typedToken, offset) }
    : { text: '', start: offset, end: offset };
  const before = tokens.filter(token => end(token) <= typed.start && token !== typedToken);
  const comment = hidden.some(
    token =>
      token.startOffset < offset &&
      (token.image.startsWith('//') ? end(token) >= offset : token.image.startsWith('/*') && end(token) > offset),
  );

  let from = 0;
  let head = 0;
  const open: { word: string; name?: string }[] = [];
  before.forEach((token, i) => {
    const { image } = token;
    if (begins(token, before[i - 1])) {
      if (OUTSIDE.has(image)) open.length = 0;
      if (open.length === 0) head = i;
      from = i;
    } else if (image === '{') {
      const row = open.length > 0;
      open.push(
        row
          ? { word: 'row', name: before.slice(from, i).find((_, k) => before[from + k + 1]?.image === '.')?.image }
          : headOf(before, head),
      );
      from = i + 1;
    } else if (image === '}') {
      open.pop();
      from = i + 1;
    }
  });
  const fresh = /(?:^|[\r\n{}])[ \t]*$/.test(text.slice(0, typed.start));
  return { block: open[open.length - 1], words: before.slice(from).map(({ image }) => image), typed, fresh, comment };
}

const end = (token: IToken): number => token.startOffset + token.image.length;

function headOf(tokens: IToken[], head: number): { word: string; name?: string } {
  return { word: tokens[head]?.image ?? '', name: tokens[head + 1]?.image };
}

/** Whether the lexer took the word for one that begins a rule, and it stands first in its line. */
function begins(token: IToken, previous?: IToken): boolean {
  const { image, tokenType } = token;
  if (!STARTERS.has(image) || tokenType.name !== image) return false;
  return !previous || previous.endLine !== token.startLine || previous.image === '{' || previous.image === '}';
}

/** A closed text is replaced whole, one that was never closed only so far: what follows may not belong to it. */
function replaced(token: IToken, offset: number): number {
  const closed = /^(["'`])(\\.|[^\\])*\1$/.test(token.image);
  return /^["'`]/.test(token.image) && !closed ? offset : end(token);
}

/** The function whose parentheses the cursor stands in, and the words since they opened; undefined outside of any. */
export function callAt(words: readonly string[]): { name: string; args: string[] } | undefined {
  let depth = 0;
  for (let i = words.length - 1; i >= 0; i--) {
    if (words[i] === ')') depth++;
    else if (words[i] === '(' && depth-- === 0) return { name: words[i - 1] ?? '', args: words.slice(i + 1) };
  }
  return undefined;
}

/** The words since the last `where` of the pattern the cursor is in, and that pattern's words before it. */
export function conditionAt(words: readonly string[]): { pattern: string[]; condition: string[] } | undefined {
  let depth = 0;
  let comma = false;
  for (let i = words.length - 1; i >= 0; i--) {
    const word = words[i];
    if (word === ')') depth++;
    else if (word === '(') {
      if (depth === 0) comma = false;
      else depth--;
    } else if (depth === 0 && word === ',') comma = true;
    // What follows these is no condition any more.
    else if (depth === 0 && ENDED.has(word) && words[i - 1] !== '.') return undefined;
    else if (depth === 0 && word === 'where' && words[i - 1] !== '.')
      return comma ? undefined : { pattern: patternBefore(words.slice(0, i)), condition: words.slice(i + 1) };
  }
  return undefined;
}

const ENDED = new Set(['if', 'for']);

/** The words of the pattern that ends here: since `on`, `=`, a comma or an opening parenthesis of its own level. */
export function patternBefore(words: readonly string[]): string[] {
  let depth = 0;
  for (let i = words.length - 1; i >= 0; i--) {
    const word = words[i];
    if (word === ')') depth++;
    else if (word === '(' && depth-- === 0) return words.slice(i + 1);
    else if (depth === 0 && (word === 'on' || word === '=' || word === ',') && words[i - 1] !== '.') return words.slice(i + 1);
  }
  return [...words];
}

/** The dotted name that ends here, such as `context.device_id`; empty where there is none. */
export function pathBefore(words: readonly string[]): string[] {
  const path: string[] = [];
  let i = words.length - 1;
  for (; i >= 0 && /^[\w"`\u00c0-\ud7ff]/.test(words[i]); i -= 2) {
    path.unshift(bare(words[i]));
    if (words[i - 1] !== '.') break;
  }
  return path;
}

/** A name without its quotes. */
function bare(word: string): string {
  if (word.startsWith('`')) return word.replace(/^`|`$/g, '');
  if (!word.startsWith('"')) return word;
  try {
    return JSON.parse(word);
  } catch {
    return word.slice(1);
  }
}
