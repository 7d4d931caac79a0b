import { Lexer as ChevrotainLexer, type IToken, type TokenType } from 'chevrotain';
import {
  DefaultLexer,
  DefaultTokenBuilder,
  type GrammarAST,
  type LangiumCoreServices,
  type LexerResult,
  type TokenBuilderOptions,
} from 'langium';
import { type CodedDiagnostic, tokenError, tooComplex } from './bounds.ts';
import { isClosed } from './values.ts';

/** Words that begin a rule. At the beginning of a line they are never names. */
export const STARTERS: ReadonlySet<string> = new Set(
  (
    'import source table identity event segment journey scenario sample passive time unique id join key ' +
    'open enter reentry keep stage complete exit path split metric expect property ' +
    'ignore link never shared retroactive forward anonymous privacy purpose consent erase suppress retain'
  ).split(' '),
);
/** Words that hold a rule together: names only where the grammar says so, after a dot, or in backticks. */
const CONNECTORS = new Set('on where of for per after within distinct and or not in like ilike matches is null true false'.split(' '));
/** Words that are names unless their neighbours leave no doubt: where they stand, a name could stand too. */
const CONTEXTUAL = new Set('distinct first no at as visits any'.split(' '));
/** After one of these a line goes on, and may do so with a word that else begins a rule. */
const UNFINISHED = new Set(', ( = == != <> < <= > >= + - * / or and not where on per'.split(' '));

/** What an event stands behind, and so `first`. */
const BEFORE_EVENT = new Set('on or then no first of ( ,'.split(' '));
/** What follows an event in its line: before these `first` and `no` are the event. */
const AFTER_EVENT = new Set('or where then within same if before for and'.split(' '));
const CLAIMS = new Set('entered completed exited active rejected people attempts'.split(' '));

/** What follows a name in an expression, and no rule's first word. */
const AFTER_NAME = new Set('. , ) = == != <> < <= > >= + - * / and or not in is like ilike matches within'.split(' '));

const softTypes = new WeakMap<TokenType, TokenType>();

/**
 * Lets most keywords be names too: each soft one gets a second token type that counts both as the keyword and as an ID,
 * and the lexer decides by the neighbours which of the two a word is.
 */
export class WordTokenBuilder extends DefaultTokenBuilder {
  override buildTokens(grammar: GrammarAST.Grammar, options?: TokenBuilderOptions): TokenType[] {
    const tokens = super.buildTokens(grammar, options) as TokenType[];
    const id = tokens.find(type => type.name === 'ID')!;
    const soft = tokens
      .filter(type => /^[a-z]+$/.test(type.name) && !CONNECTORS.has(type.name) && !CONTEXTUAL.has(type.name))
      .map(type => {
        const both: TokenType = { name: `${type.name}~`, PATTERN: ChevrotainLexer.NA, CATEGORIES: [type, id] };
        softTypes.set(type, both);
        return both;
      });
    return [...tokens, ...soft];
  }
}

export class WordLexer extends DefaultLexer {
  private readonly id: TokenType;
  constructor(services: LangiumCoreServices) {
    super(services);
    this.id = this.definition.ID;
  }

  override tokenize(text: string): LexerResult {
    const result = super.tokenize(text);
    const { tokens } = result;
    tokens.forEach((token, i) => {
      const type = this.typeOf(tokens, i);
      token.tokenType = type;
      token.tokenTypeIdx = type.tokenTypeIdx!;
    });
    const excess = tooComplex(tokens);
    if (!excess) return { ...result, report: { diagnostics: unclosed(result) } };
    // Parsing it would overflow the stack. Nothing of the file is parsed: one error says why.
    return { ...result, tokens: [], errors: [], report: { diagnostics: [excess] } };
  }

  private typeOf(tokens: IToken[], i: number): TokenType {
    const token = tokens[i];
    const [previous, next] = [tokens[i - 1] as IToken | undefined, tokens[i + 1] as IToken | undefined];
    const type = token.tokenType;
    // After a dot, and as a key before a colon, any word is a name.
    const key = next?.image === ':' || (next?.image === '.' && CONNECTORS.has(type.name));
    if (previous?.image === '.' || key) return /^[A-Za-z_]/.test(token.image) ? this.id : type;
    if (CONTEXTUAL.has(type.name)) return isWord(type.name, tokens, i) ? type : this.id;
    const soft = softTypes.get(type);
    return soft && !beginsRule(token, previous, next) ? soft : type;
  }
}

/** Whether one of the CONTEXTUAL words means itself here. */
function isWord(word: string, tokens: IToken[], i: number): boolean {
  const [previous, next] = [tokens[i - 1]?.image, tokens[i + 1]?.image];
  switch (word) {
    case 'distinct':
      return previous === '(' && !').,'.includes(next ?? '(');
    case 'at':
      return next === undefined || next === 'least' || next === 'exit' || (next === 'end' && tokens[i + 2]?.image === 'of');
    case 'as':
      return next === 'of' || (previous !== undefined && (CLAIMS.has(previous) || tokens[i - 1].tokenType.name === 'NUMBER'));
    case 'visits':
      // `expect (visits(Cart) > 1)` speaks of a metric.
      return next !== '(' && (previous === ',' || tokens[i - 2]?.image === 'expect') && eventFollows(tokens, i);
    case 'any':
      return previous === 'ignore';
    case 'no':
      return previous === 'then' && eventFollows(tokens, i);
    default: {
      // `event X = first …`, `keep x = first …`, and not `metric m = first`.
      const declares = previous === '=' ? tokens[i - 3]?.image : undefined;
      if (declares === 'keep') return true;
      const counted = tokens[i - 1]?.tokenType.name === 'NUMBER';
      return (declares === 'event' || counted || BEFORE_EVENT.has(previous ?? '')) && eventFollows(tokens, i);
    }
  }
}

/** Whether an event stands behind a word of its line, or of a line that goes on. */
function eventFollows(tokens: IToken[], i: number): boolean {
  const next = tokens[i + 1] as IToken | undefined;
  // At the end of the text one is about to be typed.
  if (!next) return true;
  if (!/^[\w`(\u00c0-\ud7ff]/.test(next.image) || AFTER_EVENT.has(next.image)) return false;
  return !beginsRule(next, tokens[i], tokens[i + 2]);
}

/** Texts, quoted names and comments that run on: the lexer takes them to the end of their line, or of the file. */
function unclosed({ tokens, hidden }: LexerResult): CodedDiagnostic[] {
  return [
    ...tokens.filter(({ image }) => (/^["']/.test(image) && !isClosed(image)) || (image[0] === '`' && !/^`.*`$/.test(image))),
    ...hidden.filter(({ image }) => image.startsWith('/*') && !/^\/\*[\s\S]*\*\/$/.test(image)),
  ].map(token => {
    if (token.image[0] === "'") return tokenError('syntax', token, 'A text stands in double quotes: "text"');
    const end = token.image[0] === '/' ? '*/' : token.image[0];
    return tokenError('unclosed-text', { ...token, image: token.image.split(/\r?\n/)[0] }, `The closing ${end} is missing`);
  });
}

/** Whether the word stands where only a rule can begin: first on its line, with nothing left open before it. */
function beginsRule(token: IToken, previous?: IToken, next?: IToken): boolean {
  if (!STARTERS.has(token.image) || next?.image === '.') return false;
  if (!previous) return true;
  if (previous.endLine === token.startLine) return false;
  // A line left unfinished either goes on here, or is being typed above a rule: what follows the word tells.
  return !UNFINISHED.has(previous.image) || !next || !AFTER_NAME.has(next.image);
}
