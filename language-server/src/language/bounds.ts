import type { IToken } from 'chevrotain';
import type { LexingDiagnostic } from 'langium';
import type { LanguageCode } from '../codes.ts';

/** Parentheses, `not` and signs inside one another. The parser needs about 12 stack frames for each. */
const MAX_DEPTH = 64;
/** Operands of one expression. A chain becomes a tree as deep as it is long. */
const MAX_OPERANDS = 1000;
const OPERATORS = new Set(['and', 'or', 'then', '+', '-', '*', '/']);

/**
 * Finds an expression so deep or long that parsing it would overflow the stack.
 * @returns an error at the token that is too much; undefined where all is well
 */
export function tooComplex(tokens: readonly IToken[]): CodedDiagnostic | undefined {
  let depth = 0;
  let prefixes = 0;
  let operands = 0;
  for (const token of tokens) {
    const image = token.image;
    // Braces and rules begin anew, also after a parenthesis that was never closed.
    if (image === '{' || image === '}' || (token.tokenType.name === image && RULES.has(image))) depth = operands = 0;
    if (image === '(') depth++;
    else if (image === ')') depth = Math.max(0, depth - 1);
    prefixes = image === 'not' || image === '-' ? prefixes + 1 : image === '(' ? prefixes : 0;
    if (OPERATORS.has(image) && ++operands > MAX_OPERANDS) {
      return tokenError('too-complex', token, `This has more than ${MAX_OPERANDS} operands; use \`in (…)\`, or name parts of it as events`);
    }
    if (depth + prefixes > MAX_DEPTH)
      return tokenError('too-complex', token, `This is nested more than ${MAX_DEPTH} deep; take some parentheses away`);
  }
  return undefined;
}

const RULES = new Set(
  'source table identity event segment journey scenario privacy stage enter keep complete exit path split metric expect where id ignore consent erase'.split(
    ' ',
  ),
);

/** An error the lexer reports, with its code. */
export interface CodedDiagnostic extends LexingDiagnostic {
  code: LanguageCode;
}

export function tokenError(code: LanguageCode, token: IToken, message: string): CodedDiagnostic {
  return {
    code,
    severity: 'error',
    message,
    offset: token.startOffset,
    length: token.image.length,
    line: token.startLine,
    column: token.startColumn,
  };
}
