import type { IToken, TokenType } from 'chevrotain';
import { AbstractParserErrorMessageProvider, DefaultLexerErrorMessageProvider } from 'langium';
import { nearest } from '../text/nearest.ts';
import { list } from '../text/words.ts';

/** What people call a terminal. */
const THING: Record<string, string> = {
  ID: 'a name',
  TICKED: 'a name',
  STRING: 'a text in "quotes"',
  NUMBER: 'a number',
  COUNT: 'a number',
  DURATION: 'a duration such as 14d, 2h or 90s',
  DATE: 'a date such as 2026-03-01',
  PERCENT: 'a percentage such as 5%',
  REGEX: 'a pattern between slashes, /like this/',
  EOF: 'the end of the file',
};
/** What may stand in each kind of block. */
const ITEMS: Record<string, string[]> = {
  File: 'import source table identity event segment journey scenario privacy expect'.split(' '),
  Source: 'sample table passive time event unique id join property where'.split(' '),
  Table: 'sample table key id property'.split(' '),
  Identity: 'id ignore link never shared on retroactive forward anonymous'.split(' '),
  Privacy: 'purpose consent erase suppress retain'.split(' '),
  Journey: 'open enter reentry keep stage complete exit path split metric expect'.split(' '),
  Scenario: ['a row such as `+2h web.visit { user: "u1" }`', 'as', 'expect'],
};
/** Blocks whose rules are known by their first word alone. */
const HOMES = new Map([
  ['Journey', 'a journey'],
  ['Identity', 'an identity'],
  ['Privacy', 'the privacy block'],
]);
/** Words that other blocks and rules have too. */
const SHARED = new Set(['id', 'on']);

const label = (type: TokenType) => THING[type.name] ?? `\`${word(type)}\``;
const word = (type: TokenType) => type.name.replace('~', '');
const endsLine = (token: IToken, previous?: IToken) => previous !== undefined && previous.endLine !== token.startLine;

function found(token: IToken, previous?: IToken): string {
  if (!token.image) return 'the file ends here';
  return endsLine(token, previous) ? 'the line ends here' : `found \`${token.image}\``;
}

function describe(types: TokenType[]): string {
  const names = new Set(types.map(word));
  if (names.has('NUMBER') && names.has('STRING') && names.has('ID')) return 'a value: a column, a number, a "text", a date or a duration';
  if (names.has('NUMBER') && names.has('STRING')) return 'a value such as "text" or 42';
  if (names.has('ID')) return 'a name';
  if (names.has('NUMBER') && names.has('DURATION')) return THING.DURATION;
  return list([...new Set(types.map(label))], 'or');
}

interface Mismatch {
  expected: TokenType;
  actual: IToken;
  previous?: IToken;
  ruleName: string;
}

/** Syntax errors in words a person understands: what was expected, what stands there, what was probably meant. */
export class JourneyMessages extends AbstractParserErrorMessageProvider {
  override buildMismatchTokenMessage({ expected, actual, previous, ruleName }: Mismatch): string {
    const rule = ruleName.replace('\u200b', '');
    if (expected.name === '}' || expected.name === 'EOF') {
      const message = notAnItem(expected.name === 'EOF' ? 'File' : rule, expected.name === '}', actual, previous);
      if (message) return message;
    }
    const guess = /^[a-z]/.test(expected.name) && nearest(actual.image, [word(expected)]);
    if (guess) return `Did you mean \`${guess}\` instead of \`${actual.image}\`?`;
    return `Expected ${describe([expected])}; ${found(actual, previous)}`;
  }

  override buildNoViableAltMessage({
    expectedPathsPerAlt,
    actual,
    previous,
  }: {
    expectedPathsPerAlt: TokenType[][][];
    actual: IToken[];
    previous: IToken;
  }): string {
    const types = expectedPathsPerAlt.flatMap(alternative => alternative.map(path => path[0])).filter(type => type !== undefined);
    const token = actual[0];
    const names = types.some(type => type.name === 'ID');
    if (token.tokenType.name !== 'ID' || !names) {
      const words = types.map(word).filter(name => /^[a-z]/.test(name));
      const guess = nearest(token.image, words);
      if (guess) return `Did you mean \`${guess}\` instead of \`${token.image}\`?`;
    }
    if (names && /^[a-z]+$/.test(token.image) && !endsLine(token, previous)) {
      return `\`${token.image}\` is a word of the language: to use it as a name, write \`${token.image}\` in backticks`;
    }
    return `Expected ${describe(types)}; ${found(token, previous)}`;
  }

  override buildNotAllInputParsedMessage({ firstRedundant }: { firstRedundant: IToken }): string {
    return notAnItem('File', false, firstRedundant) ?? `\`${firstRedundant.image}\` doesn't belong here`;
  }

  override buildEarlyExitMessage({
    expectedIterationPaths,
    actual,
    previous,
  }: {
    expectedIterationPaths: TokenType[][];
    actual: IToken[];
    previous: IToken;
  }): string {
    return `Expected ${describe(expectedIterationPaths.map(path => path[0]))}; ${found(actual[0], previous)}`;
  }
}

/** Words that carry on a line where it could have ended. */
const CONTINUING = ['where', 'within', 'and', 'or', 'of', 'for', 'per', 'on', 'at', 'zone', 'until', 'else'];

/** A word where a rule of a block should begin, or the block should end. */
function notAnItem(block: string, inside: boolean, actual: IToken, previous?: IToken): string | undefined {
  const items = ITEMS[block];
  if (!items) return undefined;
  if (inside && ITEMS.File.includes(actual.image)) {
    return `A } is missing: ${block.toLowerCase()} isn't closed before \`${actual.image}\``;
  }
  if (!inside && actual.image === '}') return 'This } closes nothing';
  const home = inside ? undefined : [...HOMES.keys()].find(each => !SHARED.has(actual.image) && ITEMS[each].includes(actual.image));
  if (home) return `\`${actual.image}\` stands outside of ${HOMES.get(home)}: is there a } too many above?`;
  const guess = nearest(actual.image, items);
  if (guess) return `\`${actual.image}\` is no rule here: did you mean \`${guess}\`?`;
  if (previous && actual.image && !endsLine(actual, previous) && previous.image !== '{') {
    const meant = nearest(actual.image, CONTINUING);
    return `\`${actual.image}\` doesn't belong to this line${meant ? `: did you mean \`${meant}\`?` : ''}`;
  }
  return `Expected ${inside ? '} or ' : ''}${items.length > 1 ? 'one of ' : ''}${list(items, 'or')}; ${found(actual, previous)}`;
}

/** Characters no word begins with. */
export class JourneyLexerMessages extends DefaultLexerErrorMessageProvider {
  override buildUnexpectedCharactersMessage(text: string, offset: number, length: number): string {
    const characters = text.slice(offset, offset + length);
    if (characters === '&' || characters === '&&') return 'Conditions are joined with `and`';
    if (characters === '|' || characters === '||') return 'Conditions are joined with `or`';
    if (characters === '!') return 'A condition is negated with `not`';
    if (characters === ';') return 'A line needs no ; at its end';
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (/[\u0000-\u0008\ufffd]/.test(characters)) return 'This is no text: the file is binary, or in another encoding than UTF-8';
    return `\`${characters.length > 20 ? `${characters.slice(0, 20)}…` : characters}\` means nothing here`;
  }
}
