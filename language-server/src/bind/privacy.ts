/** What may be known of customers. */
import type { ExpectPlan, PrivacyPlan, PropertyPlan, RowsPattern } from '@journey/engine';
import type * as ast from '@journey/grammar';
import type { AstNode } from 'langium';
import { sourcesOf } from '../language/scope.ts';
import { bindCount, bindDuration } from './amounts.ts';
import { bindColumn, bindExpr } from './expressions.ts';
import { bindPii } from './identity.ts';
import { bindExpect } from './journeys.ts';
import { bindPattern } from './patterns.ts';
import { type Sink, textOf } from './sink.ts';

type Item<T extends ast.PrivacyItem['$type']> = Extract<ast.PrivacyItem, { $type: T }>;

export function bindPrivacy(node: ast.Privacy, sink: Sink): PrivacyPlan {
  const of = <T extends ast.PrivacyItem['$type']>(type: T) => node.items.filter((item): item is Item<T> => item.$type === type);
  const [consent] = of('Consent');
  const [erase] = of('Erase');
  const [suppress] = of('Suppress');
  const [retain] = of('Retain');
  return {
    at: sink.at(node),
    purposes: of('Purpose').map(purpose => {
      if (!purpose.name) sink.missing();
      return {
        name: purpose.name ?? '',
        at: sink.at(purpose),
        ...sink.doc(purpose),
        journeys: purpose.journeys.map(each => each.$refText),
      };
    }),
    ...(consent && { consent: bindConsent(consent, sink) }),
    ...(erase && { erase: { at: sink.at(erase), text: textOf(erase), on: bindRows(erase.on, erase, 'erase', sink) } }),
    ...(suppress && { suppressBelow: { count: bindCount(suppress, 'count', sink, 2), at: sink.at(suppress) } }),
    ...(retain && { retain: { within: bindDuration(retain.within, sink), at: sink.at(retain) } }),
  };
}

function bindConsent(node: ast.Consent, sink: Sink): PrivacyPlan['consent'] {
  // A table's columns depend on what a source joins: any of them that joins one can tell.
  const sources = sourcesOf(node.from);
  const joining = sources.find(source => source.items.some(item => item.$type === 'Join')) ?? sources[0];
  return {
    at: sink.at(node),
    text: textOf(node),
    from: bindRows(node.from, node, 'consent', sink),
    granted: bindExpr(node.granted, joining, sink),
  };
}

/** Rows, and no event made of others: who consents or asks to be erased is not known before who is one customer. */
function bindRows(node: ast.Pattern | undefined, of: AstNode, word: string, sink: Sink): RowsPattern {
  const pattern = bindPattern(node, sink);
  if (pattern.kind === 'rows') return pattern;
  const message = `\`${word}\` takes rows of sources: \`${pattern.text}\` is made of other events`;
  sink.report({ code: 'wrong-argument', message, node: node ?? of });
  return { kind: 'rows', any: [], text: pattern.text, at: pattern.at };
}

/** `property phone pii contact.phone` */
export function bindProperty(node: ast.Property, sink: Sink): PropertyPlan {
  // A column of the rows themselves, whatever is joined.
  const column = bindColumn(node.column, undefined, sink);
  return { column, at: sink.at(node), ...sink.doc(node), ...(node.pii && { pii: bindPii(node.pii, sink) }) };
}

/** What a file expects of its sources, outside of journeys. */
export function bindFileExpect(node: ast.Expect, sink: Sink): ExpectPlan {
  return bindExpect(node, { sink, eventNames: () => [], metricType: () => undefined });
}
