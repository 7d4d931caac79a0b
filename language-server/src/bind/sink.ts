import type { At } from '@journey/engine';
import { type AstNode, AstUtils, GrammarUtils } from 'langium';
import type { LanguageCode } from '../codes.ts';

/** Something wrong with a definition, at a node or one property of it. */
export interface Problem {
  code: LanguageCode;
  message: string;
  node: AstNode;
  property?: string;
  index?: number;
  related?: { message: string; node: AstNode; property?: string }[];
  /** Text that mends it, in place of the range. */
  fix?: { title: string; text: string };
}

/** What binding must know beyond the tree. */
export interface Surroundings {
  /** Whether a declaration has an error of its own, so that nothing can be built on it. */
  isBroken(declaration: AstNode): boolean;
  docOf(node: AstNode): string | undefined;
  /** The number of a `then no` pattern among all there are, in order of declaration. */
  orderOf(node: AstNode): number;
  /** Whether places are wanted; a check needs none, and looking them up is half the work. */
  places: boolean;
  /** While checking: the node each rule, metric and expectation of a plan was made of. */
  made?: Map<object, AstNode>;
}

const CHECKING: Surroundings = { isBroken: () => false, docOf: () => undefined, orderOf: () => 0, places: false };

/** Collects what is wrong while something is bound. Binding goes on with a placeholder, so that all errors are found at once. */
export class Sink {
  /** Also counts what has been reported elsewhere: a part that is missing, a source that is broken itself. */
  errors = 0;
  readonly problems: Problem[] = [];
  /** The same object for every sink of one run, so that it can be the key of what is known for that run. */
  readonly around: Surroundings;

  constructor(around: Surroundings = { ...CHECKING, made: new Map() }) {
    this.around = around;
  }

  isBroken(node: AstNode): boolean {
    return this.around.isBroken(node);
  }

  /** The place of a node, or of one of its properties. */
  at(node: AstNode, property?: string, index?: number): At {
    return this.around.places ? placeOf(node, property, index) : NOWHERE;
  }

  /** The doc comment of a node, as a part of its plan. */
  doc(node: AstNode): { doc?: string } {
    const doc = this.around.docOf(node);
    return doc ? { doc } : {};
  }

  report(problem: Problem): void {
    this.errors++;
    this.problems.push(problem);
  }

  /** What makes no sense, but has a meaning: nothing is left out for it. */
  remark(problem: Problem): void {
    this.problems.push(problem);
  }

  /** Remembers what a part of a plan was made of. */
  made<P extends object>(plan: P, node: AstNode): P {
    this.around.made?.set(plan, node);
    return plan;
  }

  /** Something is missing, and whoever noticed has said so. */
  missing(): void {
    this.errors++;
  }

  /** For a part whose errors are told elsewhere. */
  aside(): Sink {
    return new Sink(this.around);
  }
}

/** The place of what isn't there: such a part is never part of a plan. */
export const NOWHERE: At = { uri: '', start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** A part as written, for people: on one line. */
export const textOf = (node: AstNode | undefined): string => (node?.$cstNode?.text ?? '').replace(/\s+/g, ' ');

/** @returns the place of a node, or of one of its properties, with the uri of its file */
export function placeOf(node: AstNode, property?: string, index?: number): At {
  const cst = (property && GrammarUtils.findNodeForProperty(node.$cstNode, property, index)) || node.$cstNode;
  if (!cst) return NOWHERE;
  return { uri: AstUtils.getDocument(node).uri.toString(), start: cst.range.start, end: cst.range.end };
}
