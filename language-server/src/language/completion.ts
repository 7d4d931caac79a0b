import { FUNCTIONS } from '@journey/engine';
import { isExpect, isMetric } from '@journey/grammar';
import { type AstNode, AstUtils, GrammarAST } from 'langium';
import { type CompletionAcceptor, type CompletionContext, DefaultCompletionProvider, type NextFeature } from 'langium/lsp';
import { CompletionItemKind } from 'vscode-languageserver';
import { METRIC_FUNCTIONS } from '../bind/metrics.ts';
import { AUTOMATIC } from './names.ts';

/** Beyond the names in scope: the functions, and the numbers every journey has, where an expression begins. */
export class JourneyCompletionProvider extends DefaultCompletionProvider {
  protected override async completionFor(context: CompletionContext, next: NextFeature, acceptor: CompletionAcceptor): Promise<void> {
    await super.completionFor(context, next, acceptor);
    if (next.type !== 'Path' || next.property !== 'head' || !GrammarAST.isCrossReference(next.feature)) return;
    const inMetric = context.node && AstUtils.getContainerOfType<AstNode>(context.node, node => isMetric(node) || isExpect(node));
    const call = (label: string) => ({ label, insertText: `${label}(`, kind: CompletionItemKind.Function, sortText: `2${label}` });
    for (const name of inMetric ? METRIC_FUNCTIONS : FUNCTIONS) acceptor(context, call(name));
    if (!inMetric) return;
    for (const label of AUTOMATIC)
      acceptor(context, { label, kind: CompletionItemKind.Variable, detail: 'of every journey', sortText: `1${label}` });
  }
}
