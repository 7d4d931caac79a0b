/** Ranges of texts: order, containment, a key. */
import type { At, Position } from '@journey/engine';

const compare = (a: Position, b: Position): number => a.line - b.line || a.character - b.character;

/** Files by uri, then by where a range begins and ends. */
export function compareAt(a: At, b: At): number {
  return (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0) || compare(a.start, b.start) || compare(a.end, b.end);
}

export const contains = (outer: At, inner: At): boolean =>
  outer.uri === inner.uri && compare(outer.start, inner.start) <= 0 && compare(inner.end, outer.end) <= 0;

/** Equal for equal places. */
export const placeKey = ({ uri, start, end }: At): string => `${uri}#${start.line}:${start.character}-${end.line}:${end.character}`;

/** The first line of a file, for what concerns all of it. */
export const firstLine = (uri: string): At => ({ uri, start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
