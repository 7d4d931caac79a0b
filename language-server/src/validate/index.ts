/** The static checks: what is wrong with a definition whatever the data. */
import type { JourneyAstType } from '@journey/grammar';
import type { AstNode, ValidationAcceptor } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import { LANGUAGE_CODES } from '../codes.ts';
import { toDiagnosticInfo } from '../language/problems.ts';
import type { Check } from './check.ts';
import { badAsOf, badEvent, badScenario, badSegment } from './events.ts';
import { badIdentity } from './identity.ts';
import { cyclicImport, missingImport, namesakesInImports } from './imports.ts';
import { badJourney, duplicateRules, nobodyEnters, repeatedRules, uselessLimits } from './journeys.ts';
import { duplicateKinds, duplicateNames, duplicateTitles, similarNames, unusedSegments } from './names.ts';
import { badFileExpect, badPrivacy, privacyTwice } from './rules-of-privacy.ts';
import { badSource, badTable, incompleteIdentity, incompleteSource, incompleteTable } from './sources.ts';

const CHECKS: { [T in keyof JourneyAstType]?: Check<JourneyAstType[T] & AstNode>[] } = {
  File: [duplicateNames, similarNames, duplicateTitles, unusedSegments, namesakesInImports, privacyTwice, badAsOf],
  Import: [missingImport, cyclicImport],
  Source: [incompleteSource, badSource],
  Table: [incompleteTable, badTable],
  Identity: [incompleteIdentity, duplicateKinds, badIdentity],
  Privacy: [badPrivacy],
  Expect: [badFileExpect],
  Event: [badEvent],
  Segment: [badSegment],
  Scenario: [badScenario],
  Journey: [nobodyEnters, repeatedRules, duplicateRules, uselessLimits, badJourney],
};

export function registerChecks(services: LangiumServices): void {
  const registered: Record<string, ((node: AstNode, accept: ValidationAcceptor) => void)[]> = {};
  for (const [type, checks] of Object.entries(CHECKS)) {
    registered[type] = (checks as Check[]).map(check => (node, accept) => {
      check(node, problem => accept(LANGUAGE_CODES[problem.code].severity, problem.message, toDiagnosticInfo(problem)), services);
    });
  }
  services.validation.ValidationRegistry.register(registered as Parameters<typeof services.validation.ValidationRegistry.register>[0]);
}
