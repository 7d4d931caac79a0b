/** A definition with several histories: one case of the suites, and how a failing one is printed. */
import fc from 'fast-check';
import type { Difference } from '../harness/compare.ts';
import { toFiles, toText } from '../text.ts';
import { type Blueprint, blueprintArb } from './definition.ts';
import { buildHistory, type History, historyPickArb } from './history.ts';

export interface Case {
  blueprint: Blueprint;
  histories: History[];
}

/** @param histories how many histories are held against one definition */
export function caseArb(histories: number): fc.Arbitrary<Case> {
  return fc
    .record({ blueprint: blueprintArb, picks: fc.array(historyPickArb, { minLength: 1, maxLength: histories, size: 'max' }) })
    .map(({ blueprint, picks }) => ({ blueprint, histories: picks.map(pick => buildHistory(blueprint, pick)) }));
}

/** The definition as a `.journey` file, its data files, as-of, and the numbers that differ. */
export function show({ def }: Blueprint, history: History, differences: Difference[]): string {
  const files = Object.entries(toFiles(def, history.data)).map(([path, text]) => `---- ${path}\n${text}`);
  const asOf = history.asOf === undefined ? 'the default' : new Date(history.asOf).toISOString();
  const lines = differences.map(d => `  ${d.path}: the oracle says ${JSON.stringify(d.oracle)}, the product ${JSON.stringify(d.product)}`);
  return `---- case.journey\n${toText(def)}\n${files.join('')}---- as of ${asOf}\n${lines.join('\n')}\n`;
}
