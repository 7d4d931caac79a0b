/** For tests beside the code: files in memory, and plans by hand. */
import initSqlJs from 'sql.js';
import { createEngine, type EngineParts } from './engine.ts';
import {
  type At,
  type ColumnRef,
  type CompareOp,
  type EventPattern,
  type Expr,
  type IdentityPlan,
  type JourneyPlan,
  PLAIN_LINKING,
  type Plan,
  type RowsPattern,
  type SourcePlan,
  type TablePlan,
} from './plan.ts';
import type { Files, PreviewOptions } from './ports.ts';
import type { DataProblem, Preview } from './result.ts';

export interface TestFiles extends Files {
  /** Every file read so far, in order. */
  reads: string[];
  put(path: string, content: string | Uint8Array): void;
}

/** A folder in memory; `*` in a pattern is any part of a name. Files come in pieces of `piece` bytes. */
export function filesOf(contents: Record<string, string | Uint8Array>, piece = 1 << 16): TestFiles {
  const bytes = new Map<string, { content: Uint8Array; modified: number }>();
  let clock = 0;
  const files: TestFiles = {
    reads: [],
    put(path, content) {
      bytes.set(path, { content: typeof content === 'string' ? new TextEncoder().encode(content) : content, modified: ++clock });
    },
    async list(_base, pattern) {
      const regex = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`);
      return [...bytes]
        .filter(([path]) => regex.test(path))
        .map(([path, { content, modified }]) => ({ uri: `mem:/${path}`, path, size: content.length, modified }))
        .sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    async *read(uri) {
      const path = uri.slice('mem:/'.length);
      files.reads.push(path);
      const { content } = bytes.get(path)!;
      for (let i = 0; i < content.length; i += piece) yield content.subarray(i, i + piece);
    },
  };
  for (const [path, content] of Object.entries(contents)) files.put(path, content);
  return files;
}

/** A place in the definition: line `line` of test.journey, counted from 0. */
export const at = (line = 0): At => ({ uri: 'test.journey', start: { line, character: 0 }, end: { line, character: 1 } });
export const ref = (name: string, table?: string): ColumnRef => ({
  path: name.split('.'),
  at: at(),
  ...(table === undefined ? {} : { table }),
});
export const column = (name: string, table?: string): Expr => ({ kind: 'column', column: ref(name, table), at: at() });
export const literal = (value: string | number | boolean | null): Expr => ({ kind: 'literal', value, at: at() });
export const compare = (op: CompareOp, left: Expr, right: Expr): Expr => ({ kind: 'compare', op, left, right, at: at() });

export function source(name: string, sample: string, more: Partial<SourcePlan> = {}): SourcePlan {
  return {
    name,
    at: at(),
    nameAt: at(),
    samples: [{ pattern: sample, base: '', at: at(1) }],
    passive: false,
    time: { column: ref('time'), at: at(2), atEndOfDay: false },
    event: { kind: 'column', column: ref('event'), at: at(3) },
    ids: [{ kind: 'user', value: column('user'), at: at(4) }],
    joins: [],
    properties: [],
    ...more,
  };
}

export function table(name: string, sample: string, key: string): TablePlan {
  return {
    name,
    at: at(),
    nameAt: at(),
    samples: [{ pattern: sample, base: '', at: at(11) }],
    key: { column: ref(key), at: at(12) },
    properties: [],
  };
}

export function rows(source: string, event: string, where?: Expr): RowsPattern {
  return { kind: 'rows', any: [{ source, event, where, at: at() }], text: '', at: at() };
}

export const people = (...kinds: string[]): IdentityPlan => ({
  name: 'customer',
  at: at(),
  nameAt: at(),
  kinds: kinds.map(name => ({ name, at: at() })),
  ...PLAIN_LINKING,
});

/** Enters at every row of one event, and never ends: enough for the people to be counted. */
export function journey(on: EventPattern): JourneyPlan {
  return {
    name: 'J',
    at: at(),
    nameAt: at(),
    identity: 'customer',
    enters: [{ name: 'In', at: at(), nameAt: at(), on }],
    reentry: { policy: 'once' },
    stages: [],
    ends: [],
    keeps: [],
    splits: [],
    paths: [],
    metrics: [],
    expects: [],
  };
}

export function plan(sources: SourcePlan[], more: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    sources,
    tables: [],
    identities: [people('user')],
    events: [],
    journeys: [],
    segments: [],
    scenarios: [],
    expects: [],
    ...more,
  };
}

/** Counts of these patterns, by name: named events are what the result counts. */
export const named = (patterns: Record<string, EventPattern>): Plan['events'] =>
  Object.entries(patterns).map(([name, pattern]) => ({ name, at: at(), nameAt: at(), pattern }));

export const engineOver = (files: Files, more: Partial<EngineParts> = {}) => createEngine({ files, sql: () => initSqlJs(), ...more });

/** One preview of a plan over some files. */
export async function preview(
  contents: Record<string, string | Uint8Array>,
  of: Plan,
  options?: PreviewOptions,
  more: Partial<EngineParts> & { piece?: number } = {},
): Promise<Preview> {
  const engine = engineOver(filesOf(contents, more.piece), more);
  try {
    return await engine.preview(of, options);
  } finally {
    engine.dispose();
  }
}

/** What is doubtful about the values that a plan reads. */
export async function doubts(contents: Record<string, string>, of: Plan): Promise<DataProblem[]> {
  const engine = engineOver(filesOf(contents));
  try {
    return await engine.doubts(of);
  } finally {
    engine.dispose();
  }
}
