import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';
import { splitGlob } from './watch.ts';

describe('what a client is asked to watch', () => {
  const split = (pattern: string) => splitGlob('file:///work/journeys', pattern);
  it('is a file by its folder', () =>
    expect(split('data/orders.csv')).toEqual({ base: 'file:///work/journeys/data', pattern: 'orders.csv' }));
  it('is a glob from the last folder it does not vary', () => {
    expect(split('data/web/*.ndjson')).toEqual({ base: 'file:///work/journeys/data/web', pattern: '*.ndjson' });
    expect(split('**/*.csv')).toEqual({ base: 'file:///work/journeys', pattern: '**/*.csv' });
  });
  it('goes up, and to anywhere', () => {
    expect(split('../data/*.csv')).toEqual({ base: 'file:///work/data', pattern: '*.csv' });
    expect(split('/data/a.csv')).toEqual({ base: 'file:///data', pattern: 'a.csv' });
  });
});

describe('settings', () => {
  it('that are missing or of another type are the defaults', () => {
    for (const sent of [undefined, null, 'on', {}, { inlayHints: 3, codeLens: { enabled: 'no' } }]) {
      expect(readSettings(sent)).toMatchObject({ sample: { enabled: true }, codeLens: { enabled: true }, inlayHints: { metrics: true } });
    }
  });
  it('that are there hold', () => {
    expect(readSettings({ inlayHints: { metrics: false } }).inlayHints).toMatchObject({ metrics: false, sources: true });
  });
});
