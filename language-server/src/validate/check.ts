import type { AstNode } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import type { Problem } from '../bind/sink.ts';

/** Looks at one node and reports what is wrong with it. */
export type Check<N extends AstNode = AstNode> = (node: N, report: (problem: Problem) => void, services: LangiumServices) => void;
