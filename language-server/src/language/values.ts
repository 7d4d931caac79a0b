import { type CstNode, DefaultValueConverter, type GrammarAST, ValueConverter, type ValueType } from 'langium';

/** Texts and quoted names lose their quotes, also where the closing one is missing; a dotted name stays as written. */
export class JourneyValueConverter extends DefaultValueConverter {
  protected override runConverter(rule: GrammarAST.AbstractRule, input: string, cstNode: CstNode): ValueType {
    switch (rule.name) {
      case 'STRING':
        if (input[0] === "'") return input.replace(/^'|'$/g, '');
        return ValueConverter.convertString(isClosed(input) ? input : `${input}"`);
      case 'TICKED':
        return input.replace(/^`|`$/g, '');
      case 'ID':
        return input;
      default:
        return super.runConverter(rule, input, cstNode);
    }
  }
}

/** @param text a STRING token as written */
export function isClosed(text: string): boolean {
  return /^"(\\.|[^"\\])*"$/.test(text);
}
