/** A definition with several histories: one case of the suites, and how a failing one is printed. */
import fc from 'fast-check';
import type { Difference } from '../harness/compare.ts';
import { identityText, toFiles, toText } from '../text.ts';
import type { Graph } from './definition/identity.ts';
import { type Blueprint, blueprintArb } from './definition/index.ts';
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
  return `---- case.journey\n${toText(def)}\n${files.join('')}---- as of ${asOf}\n${differing(differences)}`;
}

/** The rules, the rows in hours, and what differs. */
export function showGraph({ rules, rows, erase }: Graph, differences: Difference[]): string {
  const lines = rows.map(
    ({ time, ids }, r) => `${time / 3_600_000}h ${ids.join(', ')}${r === (erase ?? -1) % rows.length ? ' (erased)' : ''}\n`,
  );
  return `${identityText(rules)}\n---- rows\n${lines.join('')}${differing(differences)}`;
}

function differing(differences: Difference[]): string {
  return differences
    .map(d => `  ${d.path}: the oracle says ${JSON.stringify(d.oracle)}, the product ${JSON.stringify(d.product)}\n`)
    .join('');
}
