import type { ScenarioPlan, ScenarioResult } from '@journey/engine';
import { describe, expect, it } from 'vitest';
import { DEFAULTS } from '../settings.ts';
import { documentHints } from './document.ts';
import { at, numbers, plan, TEXT, URI } from './testing.ts';

const scenario = (title: string, line: number): ScenarioPlan => ({ title, at: at(line), titleAt: at(line, 9, 20), rows: [], claims: [] });
const claim = (ok: boolean) => ({ at: at(20), text: 'J entered 1', ok, instead: ok ? '' : 'nobody entered' });
const result = (title: string, ...held: boolean[]): ScenarioResult => ({
  ...{ title, at: at(0), ok: held.every(Boolean), ms: 1.2, taken: {} },
  claims: held.map(claim),
});

function shown(scenarios: ScenarioPlan[], results: ScenarioResult[], settings = DEFAULTS.inlayHints) {
  const preview = { ...numbers.preview, result: { ...numbers.preview.result, scenarios: results } };
  const definition = { uri: URI, plan: { ...plan, scenarios }, findings: [], broken: [] };
  const doc = { uri: URI, text: TEXT, definition, numbers: { ...numbers, preview }, showStale: false };
  return documentHints(doc, settings).filter(({ label }) => /^[✓✗](?! \d+(\.\d+)?%)/.test(label));
}

describe('a scenario', () => {
  it('that holds says how long it took', () => {
    expect(shown([scenario('buys', 12)], [result('buys', true, true)])).toEqual([{ line: 12, label: '✓ 2 ms', tooltip: '2 claims held' }]);
  });
  it('that fails says how many claims did, and in a tooltip what happened', () => {
    expect(shown([scenario('buys', 12), scenario('looks', 14)], [result('buys', true, false), result('looks', false)])).toEqual([
      { line: 12, label: '✗ 1 of 2 claims', tooltip: 'Expected J entered 1, but nobody entered' },
      { line: 14, label: '✗', tooltip: 'Expected J entered 1, but nobody entered' },
    ]);
  });
  it('finds its own result where a title stands twice, and none where it was not run', () => {
    const found = shown([scenario('buys', 12), scenario('lost', 13), scenario('buys', 14)], [result('buys', true), result('buys', false)]);
    expect(found.map(({ line, label }) => [line, label])).toEqual([
      [12, '✓ 2 ms'],
      [14, '✗'],
    ]);
  });
  it('is silent where it was switched off', () => {
    expect(shown([scenario('buys', 12)], [result('buys', true)], { ...DEFAULTS.inlayHints, scenarios: false })).toEqual([]);
  });
});
