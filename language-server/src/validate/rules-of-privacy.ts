/** The privacy block as a whole, and what a file expects of its sources outside of journeys. */
import type { Expect, File, Privacy, PrivacyItem } from '@journey/grammar';
import { type AstNode, AstUtils, URI } from 'langium';
import { bindFileExpect, bindPrivacy } from '../bind/privacy.ts';
import { Sink } from '../bind/sink.ts';
import { withImports } from '../language/imports.ts';
import type { Check } from './check.ts';
import { isImpossible } from './sense/conditions.ts';
import { decidedExpectation } from './sense/journey.ts';

const WORD: Record<PrivacyItem['$type'], string> = {
  Purpose: 'purpose',
  Consent: 'consent',
  Erase: 'erase',
  Suppress: 'suppress',
  Retain: 'retain',
};

export const badPrivacy: Check<Privacy> = (privacy, report) => {
  const sink = new Sink();
  const plan = bindPrivacy(privacy, sink);
  sink.problems.forEach(report);
  const seen = new Map<string, PrivacyItem>();
  for (const node of privacy.items) {
    const key = node.$type === 'Purpose' ? `purpose ${node.name}` : WORD[node.$type];
    const other = seen.get(key);
    if (node.$type === 'Consent' && !node.granted) continue;
    if (!other) seen.set(key, node);
    else if (node.$type !== 'Purpose') {
      const message = `\`${key}\` stands here twice: only one of them can hold`;
      report({ code: 'duplicate-rule', message, node, related: [{ message: 'The first one', node: other }] });
    } else if (node.name) {
      const message = `There is already a purpose \`${node.name}\`: choose another name, or name all its journeys in one line`;
      const related = [{ message: `The other \`${node.name}\``, node: other, property: 'name' }];
      report({ code: 'duplicate-name', message, node, property: 'name', related });
    }
  }
  const consent = privacy.items.find(item => item.$type === 'Consent');
  if (consent && sink.errors === 0 && plan.consent && isImpossible(plan.consent.granted)) {
    const message = 'No row can meet this condition: it contradicts itself, and nobody would ever consent';
    report({ code: 'contradiction', message, node: consent, property: 'granted' });
  }
};

/** What may be known of people is decided in one place for a file and all it imports. */
export const privacyTwice: Check<File> = (file, report, services) => {
  const own = AstUtils.getDocument(file);
  const documents = services.shared.workspace.LangiumDocuments;
  const blocks = withImports(own, documents).flatMap(uri => {
    const document = uri === own.uri.toString() ? own : documents.getDocument(URI.parse(uri));
    return (document?.parseResult.value as File | undefined)?.privacy ?? [];
  });
  const [first] = blocks;
  const others = (node: AstNode) => ({ related: [{ message: 'The other one', node }] });
  for (const node of file.privacy) {
    if (node === first) continue;
    const message = 'There is already a privacy block for this file and what it imports: put all its rules into one';
    report({ code: 'duplicate-rule', message, node, ...others(first) });
  }
  // Two imports that know nothing of each other.
  const foreign = blocks.filter(block => AstUtils.getDocument(block) !== own);
  if (foreign.length > 1 && file.imports.length > 1) {
    const message = 'Two imported files have a privacy block: put all rules of privacy into one file';
    report({ code: 'duplicate-rule', message, node: file.imports[file.imports.length - 1], ...others(foreign[0]) });
  }
};

export const badFileExpect: Check<Expect> = (node, report) => {
  const sink = new Sink();
  const plan = bindFileExpect(node, sink);
  sink.problems.forEach(report);
  if (sink.errors === 0) decidedExpectation(plan, [], node, report);
};
