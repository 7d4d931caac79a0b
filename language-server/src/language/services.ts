/** The one place where the language's services are put together. */
import { JourneyGeneratedSharedModule, JourneyLanguageGeneratedModule } from '@journey/grammar';
import { createLangiumParser, inject, type LangiumParser, type Module, type ParseResult, type PartialLangiumCoreServices } from 'langium';
import {
  createDefaultModule,
  createDefaultSharedModule,
  type DefaultSharedModuleContext,
  type LangiumServices,
  type LangiumSharedServices,
  type PartialLangiumServices,
  type PartialLangiumSharedServices,
} from 'langium/lsp';
import { registerChecks } from '../validate/index.ts';
import type { CodedDiagnostic } from './bounds.ts';
import { JourneyCompletionProvider } from './completion.ts';
import { JourneyDocumentValidator } from './document-validator.ts';
import { JourneyDocumentBuilder, JourneyIndexManager } from './imports.ts';
import { JourneyLinker, JourneyReferenceDescriptions } from './linker.ts';
import { JourneyLexerMessages, JourneyMessages } from './messages.ts';
import { JourneyNameProvider } from './names.ts';
import { JourneyScopeComputation, JourneyScopeProvider } from './scope.ts';
import { JourneyValueConverter } from './values.ts';
import { WordLexer, WordTokenBuilder } from './words.ts';

export interface JourneyServices {
  shared: LangiumSharedServices;
  journey: LangiumServices;
}

const language: Module<LangiumServices, PartialLangiumServices & PartialLangiumCoreServices> = {
  parser: {
    TokenBuilder: () => new WordTokenBuilder(),
    Lexer: services => new WordLexer(services),
    ValueConverter: () => new JourneyValueConverter(),
    ParserErrorMessageProvider: () => new JourneyMessages(),
    LexerErrorMessageProvider: () => new JourneyLexerMessages(),
    LangiumParser: services => sparing(createLangiumParser(services)),
  },
  references: {
    Linker: services => new JourneyLinker(services),
    NameProvider: () => new JourneyNameProvider(),
    ScopeComputation: services => new JourneyScopeComputation(services),
    ScopeProvider: services => new JourneyScopeProvider(services),
  },
  lsp: {
    CompletionProvider: services => new JourneyCompletionProvider(services),
  },
  workspace: {
    ReferenceDescriptionProvider: services => new JourneyReferenceDescriptions(services),
  },
  validation: {
    DocumentValidator: services => new JourneyDocumentValidator(services),
  },
};

const workspace: Module<LangiumSharedServices, PartialLangiumSharedServices> = {
  workspace: {
    IndexManager: services => new JourneyIndexManager(services),
    DocumentBuilder: services => new JourneyDocumentBuilder(services),
  },
};

/**
 * The language's services: parser, linker, checks and editor features.
 * @param context a file system (`EmptyFileSystem`, `NodeFileSystem`), and a connection where an editor is at the other end
 */
export function createJourneyServices(context: DefaultSharedModuleContext): JourneyServices {
  const shared = inject(createDefaultSharedModule(context), JourneyGeneratedSharedModule, workspace);
  const journey = inject(createDefaultModule({ shared }), JourneyLanguageGeneratedModule, language);
  shared.ServiceRegistry.register(journey);
  registerChecks(journey);
  // With no client to configure it, the workspace is ready at once.
  if (!context.connection) shared.workspace.ConfigurationProvider.initialized({});
  return { shared, journey };
}

/** Bounds before the parser keep it from overflowing the stack; should one not suffice, that is an error in the text, not a crash. */
function sparing(parser: LangiumParser): LangiumParser {
  const parse = parser.parse.bind(parser);
  parser.parse = ((text, options) => {
    try {
      return parse(text, options);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const message = 'This file is nested too deeply to be read';
      const diagnostic: CodedDiagnostic = { code: 'too-complex', severity: 'error', message, offset: 0, length: 1, line: 1, column: 1 };
      return { ...parse('', options), lexerReport: { diagnostics: [diagnostic] } } as ParseResult<never>;
    }
  }) as typeof parser.parse;
  return parser;
}
