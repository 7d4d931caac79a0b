import { type EventRef, isExpect, isFile, isJourney, isMetric, isPurpose, isTest, isTimeTo } from '@journey/grammar';
import {
  type AstNode,
  AstUtils,
  DefaultDocumentValidator,
  interruptAndCheck,
  type LangiumCoreServices,
  type LangiumDocument,
  type LinkingError,
  type ParseResult,
  type ScopeProvider,
  type ValidationAcceptor,
  type ValidationOptions,
} from 'langium';
import { CancellationToken, type Diagnostic } from 'vscode-languageserver';
import { fixTo } from '../bind/expressions.ts';
import type { Problem } from '../bind/sink.ts';
import type { LanguageCode } from '../codes.ts';
import { nearest } from '../text/nearest.ts';
import type { CodedDiagnostic } from './bounds.ts';

/** Gives what the lexer, the parser and the linker found a code, human words and the right place. */
export class JourneyDocumentValidator extends DefaultDocumentValidator {
  private readonly scopes: ScopeProvider;

  constructor(services: LangiumCoreServices) {
    super(services);
    this.scopes = services.references.ScopeProvider;
  }

  protected override processLexingErrors(result: ParseResult, diagnostics: Diagnostic[], options: ValidationOptions): void {
    const before = diagnostics.length;
    super.processLexingErrors(result, diagnostics, options);
    const codes = [
      ...result.lexerErrors.map(() => undefined),
      ...(result.lexerReport?.diagnostics ?? []).map(each => (each as CodedDiagnostic).code),
    ];
    diagnostics.slice(before).forEach((diagnostic, i) => {
      diagnostic.code = codes[i] ?? ('syntax' satisfies LanguageCode);
      diagnostic.data = undefined;
    });
  }

  /** An error noticed on a later line belongs to the end of the line that is unfinished. */
  protected override processParsingErrors(result: ParseResult, diagnostics: Diagnostic[], options: ValidationOptions): void {
    // A line with a character that means nothing is wrong for that reason alone.
    const told = new Set(diagnostics.map(({ range }) => range.start.line));
    for (const error of result.parserErrors) {
      const before = diagnostics.length;
      super.processParsingErrors({ ...result, parserErrors: [error] }, diagnostics, options);
      const diagnostic = diagnostics[before];
      if (!diagnostic) continue;
      diagnostic.code = 'syntax' satisfies LanguageCode;
      diagnostic.data = undefined;
      const previous = 'previousToken' in error ? (error.previousToken as typeof error.token | undefined) : undefined;
      const startsAnew = STARTS_ANEW.test(error.message);
      const { line } = diagnostic.range.start;
      if (startsAnew && told.has(line)) {
        diagnostics.splice(0, before, ...diagnostics.slice(0, before).filter(each => each.range.start.line !== line));
      } else if (told.has(line) || (previous && told.has(previous.endLine! - 1))) {
        diagnostics.pop();
        continue;
      }
      const atEnd = Number.isNaN(error.token.startLine) || error.token.startLine === undefined || error.token.startLine < 1;
      if (previous?.endLine && !startsAnew && (atEnd || error.token.startLine! > previous.endLine)) {
        diagnostic.range = {
          start: { line: previous.startLine! - 1, character: previous.startColumn! - 1 },
          end: { line: previous.endLine - 1, character: previous.endColumn! },
        };
      }
      // What else the parser stumbles over in this line follows from it.
      told.add(diagnostic.range.start.line);
    }
  }

  protected override processLinkingErrors(document: LangiumDocument, diagnostics: Diagnostic[], options: ValidationOptions): void {
    for (const { error, $refNode } of document.references) {
      if (!error?.info.reference.$refText || isForChecks(error.info.container)) continue;
      const { code, message, fix } = this.describe(error);
      const { container, property, index } = error.info;
      const info = { node: container, property, index, range: $refNode?.range, code, data: { fix } };
      diagnostics.push(this.toDiagnostic('error', message, info));
    }
    void options;
  }

  /** Every check looks at a whole declaration, so that the thousands of nodes inside need no visit of their own. */
  protected override async validateAstNodes(
    root: AstNode,
    options: ValidationOptions,
    accept: ValidationAcceptor,
    token = CancellationToken.None,
  ): Promise<void> {
    for (const node of [root, ...AstUtils.streamContents(root)]) {
      await interruptAndCheck(token);
      for (const check of this.validationRegistry.getChecks(node.$type, options.categories)) await check(node, accept, token);
    }
  }

  private describe({ info }: LinkingError): { code: LanguageCode; message: string; fix?: Problem['fix'] } {
    const { container, property, reference } = info;
    const name = reference.$refText;
    const { code, thing, declare } = MISSING[`${container.$type}.${property}`] ?? MISSING[property] ?? MISSING.ref;
    const names = this.scopes
      .getScope(info)
      .getAllElements()
      .map(each => each.name)
      .toArray();
    const guess = nearest(name, names);
    const member = (container as EventRef).member;
    const lacking = property === 'ref' && member ? 'source' : thing;
    const hint = guess ? `: did you mean \`${guess}\`?` : declare(property === 'ref' && member ? 'source' : name);
    const fix = fixTo(guess);
    return { code, message: `There is no ${lacking} \`${name}\`${hint}`, fix };
  }
}

/** Messages about a whole rule, which make what else its line holds unimportant. */
const STARTS_ANEW = /no rule here|one of |closes nothing|outside of/;

/** The head of a path may be a column, and `in` may lack its parenthesis: binding knows what is wrong with those. */
function isForChecks(node: AstNode): boolean {
  // A file of privacy rules alone speaks of the journeys of those that import it.
  if (isPurpose(node)) return !AstUtils.getContainerOfType(node, isFile)?.elements.some(isJourney);
  if (node.$type === 'Path' || node.$type === 'Claim') return true;
  return (isTest(node) || isTimeTo(node)) && !AstUtils.getContainerOfType<AstNode>(node, each => isMetric(each) || isExpect(each));
}

interface Missing {
  code: LanguageCode;
  thing: string;
  declare(name: string): string;
}

const ofIdentity: Missing = {
  code: 'unknown-id-kind',
  thing: 'kind of id',
  declare: name => ` in this identity; it would be declared here with \`id ${name}\``,
};

/** By the reference that leads nowhere. */
const MISSING: Record<string, Missing> = {
  'Link.kind': ofIdentity,
  'Link.partners': ofIdentity,
  'IdValue.kind': ofIdentity,
  'Ignore.kind': ofIdentity,
  'Shared.kind': ofIdentity,
  'Shared.of': ofIdentity,
  ref: {
    code: 'unknown-event',
    thing: 'event',
    declare: name =>
      name === 'source'
        ? '; declare it, or import the file that does'
        : `; declare it with \`event ${name} = …\`, or import the file that does`,
  },
  identity: {
    code: 'unknown-identity',
    thing: 'identity',
    declare: name => `; declare it with \`identity ${name} { … }\`, or import the file that does`,
  },
  table: {
    code: 'unknown-table',
    thing: 'table',
    declare: name => `; declare it with \`table ${name} { … }\`, or import the file that does`,
  },
  kind: { code: 'unknown-id-kind', thing: 'kind of id', declare: name => `; an identity declares it with \`id ${name}\`` },
  stage: { code: 'unknown-stage', thing: 'stage', declare: () => ' in this journey' },
  step: { code: 'unknown-rule', thing: 'rule', declare: () => ' in this journey' },
  steps: { code: 'unknown-rule', thing: 'rule', declare: () => ' in this journey' },
  segments: {
    code: 'unknown-segment',
    thing: 'segment',
    declare: name => `; declare it with \`segment ${name} when …\`, or import the file that does`,
  },
  source: {
    code: 'unknown-event',
    thing: 'source',
    declare: name => `; declare it with \`source ${name} { … }\`, or import the file that does`,
  },
  journeys: {
    code: 'unknown-journey',
    thing: 'journey',
    declare: name => `; declare it with \`journey ${name} for … { … }\`, or take it away`,
  },
  journey: { code: 'unknown-journey', thing: 'journey', declare: () => ' in this file' },
};
