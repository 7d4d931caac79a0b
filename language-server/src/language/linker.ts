import {
  type AstNode,
  DefaultLinker,
  DefaultReferenceDescriptionProvider,
  interruptAndCheck,
  isReference,
  type LangiumDocument,
  type ReferenceDescription,
  type ReferenceInfo,
} from 'langium';
import { CancellationToken } from 'vscode-languageserver';

/** Langium's streams take longer over the nodes of a long file than resolving its names does. */
export class JourneyLinker extends DefaultLinker {
  override async link(document: LangiumDocument, token = CancellationToken.None): Promise<void> {
    await interruptAndCheck(token);
    for (const reference of referencesIn(document.parseResult.value)) this.doLink(reference, document);
  }
}

export class JourneyReferenceDescriptions extends DefaultReferenceDescriptionProvider {
  override async createDescriptions(document: LangiumDocument, token = CancellationToken.None): Promise<ReferenceDescription[]> {
    await interruptAndCheck(token);
    return referencesIn(document.parseResult.value).flatMap(info => (info.reference.error ? [] : this.createInfoDescriptions(info)));
  }
}

/** All references below a node, in order of the text. */
function referencesIn(root: AstNode): ReferenceInfo[] {
  const found: ReferenceInfo[] = [];
  const visit = (container: AstNode) => {
    const node = container as unknown as Record<string, unknown>;
    for (const property in node) {
      if (property[0] === '$') continue;
      const value = node[property];
      if (Array.isArray(value)) for (let i = 0; i < value.length; i++) take(value[i], container, property, i);
      else take(value, container, property);
    }
  };
  const take = (value: unknown, container: AstNode, property: string, index?: number) => {
    if (typeof value !== 'object' || value === null) return;
    if (isReference(value)) found.push({ reference: value, container, property, ...(index !== undefined && { index }) });
    else if ('$type' in value) visit(value as AstNode);
  };
  visit(root);
  return found;
}
