/** What stands in an open document right now: the numbers there are, at the lines of the text as it is. */
import type { Plan, Result } from '@journey/engine';

import type { Definition } from '../../project/types.ts';
import type { Identities, Numbers } from '../session.ts';
import type { Settings } from '../settings.ts';
import { type Hint, hints } from './hints.ts';
import { identityHints } from './identity-hints.ts';
import { lenses } from './lens.ts';
import { lineMap } from './lines.ts';

export interface Shown {
  uri: string;
  text: string;
  definition?: Definition;
  numbers?: Numbers;
  older?: Numbers;
  identities?: Identities;
  showStale: boolean;
}

/** Marks a number that belongs to an older text or older data. */
const STALE = ' …';

export function documentHints(doc: Shown, settings: Settings['inlayHints']): Hint[] {
  const mark = (hint: Hint, stale: boolean) => (stale ? { ...hint, label: hint.label + STALE } : hint);
  const found = gather(doc, (numbers, plan) => hintsOf(plan, numbers.preview.result, doc.uri, settings), mark);
  const { identities, text, uri, showStale } = doc;
  if (!settings.identity || !identities) return found;
  const taken = new Set(found.map(({ line }) => line));
  const more = identityHints(identities, text, uri).filter(({ line }) => !taken.has(line));
  return [...found, ...more.map(hint => mark(hint, showStale))].sort((a, b) => a.line - b.line);
}

/** The last hints of a plan: asked for again at every key, and by every view of the file. */
const made = new WeakMap<Plan, { result: Result; settings: Settings['inlayHints']; hints: Hint[] }>();

function hintsOf(plan: Plan, result: Result, uri: string, settings: Settings['inlayHints']): Hint[] {
  const last = made.get(plan);
  if (last?.result === result && last.settings === settings) return last.hints;
  const fresh = hints(plan, result, uri, settings);
  made.set(plan, { result, settings, hints: fresh });
  return fresh;
}

export function documentLenses(doc: Shown): { line: number; title: string }[] {
  return gather(
    doc,
    (numbers, plan) => lenses(plan, numbers.preview.result, doc.uri).map(({ at, title }) => ({ line: at.start.line, title })),
    (lens, stale) => (stale ? { ...lens, title: lens.title + STALE } : lens),
  );
}

/**
 * From the present definition where it has a say; a line it has nothing for keeps what stood there in the text the numbers were
 * made from, so that nothing blinks while a word is half typed.
 */
function gather<T extends { line: number }>(
  { text, definition, numbers, older, showStale }: Shown,
  view: (numbers: Numbers, plan: Definition['plan']) => T[],
  mark: (shown: T, stale: boolean) => T,
): T[] {
  if (!numbers) return [];
  const found = definition ? view(numbers, definition.plan).map(shown => mark(shown, showStale)) : [];
  const taken = new Set(found.map(({ line }) => line));
  const fill = (from: Numbers, stale: boolean, plan = from.checked.plan) => {
    const lines = lineMap(from.text, text);
    for (const shown of view(from, plan)) {
      const line = lines.line(shown.line);
      if (line === undefined || taken.has(line)) continue;
      taken.add(line);
      found.push(mark({ ...shown, line }, stale));
    }
  };
  if (numbers.text !== text) fill(numbers, showStale);
  if (older && definition) {
    const { plan } = older.checked;
    const journeys = plan.journeys.filter(journey => definition.broken.includes(journey.name));
    fill(older, true, { ...plan, sources: [], tables: [], events: [], segments: [], scenarios: [], journeys });
  }
  return found.sort((a, b) => a.line - b.line);
}
