/** The `journey/status` of a document. Pure. */
import type { Progress } from '@journey/engine';
import { formatCount, formatDuration } from '@journey/engine';
import type { StatusParams } from './protocol.ts';
import type { Doc } from './session.ts';
import { day, plural, range } from './views/words.ts';

const DOING: Record<Progress['stage'], string> = {
  reading: 'reading',
  storing: 'storing',
  matching: 'matching events of',
  simulating: 'simulating',
};

export function statusOf(doc: Doc, sampleEnabled: boolean): StatusParams {
  const { uri, numbers, failure, fresh, showStale, progress } = doc;
  const under = progress && {
    text: `${DOING[progress.stage]} ${progress.name}`,
    share: progress.total > 0 ? Math.min(1, progress.done / progress.total) : 0,
  };
  const shared = under ? { progress: under } : {};
  if (!sampleEnabled)
    return { uri, state: 'none', text: 'samples off', detail: 'Sample data is switched off by `journey.sample.enabled`.' };
  if (failure)
    return { uri, state: 'failed', message: failure, text: 'no new numbers', detail: failure, ...(numbers ? { data: data(numbers) } : {}) };
  if (!numbers) {
    if (fresh) return { uri, state: 'none', text: 'no data', detail: 'No source of this file could be read.' };
    return {
      uri,
      state: 'loading',
      text: under ? `${under.text} ${Math.round(under.share * 100)}%` : 'loading',
      detail: 'The sample is being read.',
      ...shared,
    };
  }
  const about = data(numbers);
  const asOf = about.asOf === null ? '' : ` · as of ${day(about.asOf)}`;
  const took = formatDuration(Math.round(about.tookMs));
  const stale = showStale && !fresh;
  const lines = about.sources.map(source => {
    const name = source.name.replace(/[|\\`*_]/g, '\\$&');
    return `| ${name} | ${source.files} | ${formatCount(source.rows)} | ${formatCount(source.events)} | ${range(source)} |`;
  });
  return {
    uri,
    state: stale ? 'stale' : 'ready',
    text: `${sourceNames(about.sources)}${plural(about.events, 'event')}${asOf} · ${took}`,
    detail: [
      ['| source | files | rows | events | range |', '|---|---:|---:|---:|---|', ...lines].join('\n'),
      `${plural(about.people, 'person', 'people', numbers.preview.result.suppressedBelow)}${asOf} · took ${took}`,
      ...(stale ? [under ? `New numbers: ${under.text}` : 'New numbers are under way.'] : []),
    ].join('\n\n'),
    data: about,
    ...shared,
  };
}

/** A status bar has no room for many names. */
function sourceNames(sources: { name: string }[]): string {
  if (sources.length > 3) return `${sources.length} sources · `;
  return sources.length > 0 ? `${sources.map(({ name }) => name).join(', ')} · ` : '';
}

function data({ checked, preview: { result }, tookMs }: NonNullable<Doc['numbers']>): NonNullable<StatusParams['data']> {
  const sources = checked.plan.sources.flatMap(({ name }) => {
    const source = result.sources[name];
    return source ? [{ name, files: source.files, rows: source.rows, events: source.events, from: source.from, to: source.to }] : [];
  });
  return { sources, events: sources.reduce((sum, source) => sum + source.events, 0), people: result.people, asOf: result.asOf, tookMs };
}
