/** For the tests of the simulation: events from literal rows, and the shortest way to write a journey. */
import type { Events, Keys } from '../events.ts';
import type {
  At,
  ColumnRef,
  EndPlan,
  Expr,
  Instant,
  JourneyPlan,
  KeepPlan,
  MetricExpr,
  MetricPlan,
  Plan,
  PrivacyPlan,
  ReentryPlan,
  RowsPattern,
  SegmentExpr,
  SegmentPlan,
  SplitPlan,
  StepRef,
} from '../plan.ts';
import { emptyPlan } from '../plan.ts';
import { simulateJourney } from './index.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Where the histories of the tests begin: 2026-01-01. */
export const START: Instant = Date.UTC(2026, 0, 1);

const at: At = { uri: 'test.journey', start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
const named = (name: string) => ({ name, at, nameAt: at });

/** An event: its name, hours since START, and what else is not as usual. */
export interface Row {
  name: string;
  hours: number;
  /** Default `ann`. Null: nobody's. */
  who?: string | null;
  /** An id of theirs, where it isn't their only one. */
  id?: string;
  passive?: boolean;
  /** Day-grained: of the 24 hours that begin at START + day * 24 h. */
  day?: number;
  /** Properties; a number is a number as in a CSV column. */
  [property: string]: string | number | boolean | null | undefined;
}

/** Rows in their order; sorted by time, of equal times the first written stands first. Source 1 is passive, source 0 is not. */
export function events(written: Row[]): Events {
  const rows: (Row & { at: Instant })[] = written.map(row => ({ ...row, at: START + Math.round(row.hours * HOUR) }));
  rows.sort((a, b) => a.at - b.at);
  const cached = <K, V>(make: (key: K) => V) => {
    const made = new Map<string, V>();
    return (key: K): V => {
      const text = JSON.stringify(key);
      if (!made.has(text)) made.set(text, make(key));
      return made.get(text)!;
    };
  };
  const encode = (texts: (string | null)[]): Keys => {
    const values = [...new Set(texts)].filter(text => text !== null);
    return { of: Int32Array.from(texts, text => (text === null ? -1 : values.indexOf(text))), values };
  };
  const people = encode(rows.map(({ who }) => (who === undefined ? 'ann' : who)));
  const ids = encode(rows.map(({ who, id }) => id ?? (who === undefined ? 'ann' : who)));
  const textOf = (value: Row[string]) => (value === null || value === undefined || value === '' ? null : String(value));
  return {
    count: rows.length,
    time: Float64Array.from(rows, row => row.at),
    source: Uint16Array.from(rows, row => (row.passive ? 1 : 0)),
    passive: [false, true],
    days: rows.some(row => row.day !== undefined)
      ? {
          from: Float64Array.from(rows, ({ day }) => (day === undefined ? Number.NaN : START + day * DAY)),
          to: Float64Array.from(rows, ({ day }) => (day === undefined ? Number.NaN : START + day * DAY + DAY - 1)),
        }
      : null,
    last: rows.at(-1)?.at ?? null,
    match: cached((pattern: RowsPattern) =>
      Uint32Array.from(rows.flatMap(({ name }, i) => (pattern.any.some(match => match.event === name) ? [i] : []))),
    ),
    meets: (where, positions) => Uint8Array.from(positions, position => (equals(where, rows[position]) ? 1 : 0)),
    participants: cached(() => ({
      of: people.of,
      count: people.values.length,
      label: (i: number) => people.values[i],
      find: (_kind: string, id: string) => people.values.indexOf(id),
      ids: (position: number) => (people.of[position] < 0 ? [] : [ids.of[position]]),
    })),
    keys: cached(({ path }: ColumnRef) => encode(rows.map(row => textOf(row[path[0]])))),
    attributes: () => ({ of: new Int32Array(people.values.length).fill(-1), values: [] }),
    numbers: cached(({ path }: ColumnRef) =>
      Float64Array.from(rows, row => (textOf(row[path[0]]) === null ? Number.NaN : Number(row[path[0]]))),
    ),
  };
}

/** The one condition that these tests know: `column = literal`. */
function equals(where: Expr, row: Row): boolean {
  if (where.kind !== 'compare' || where.left.kind !== 'column' || where.right.kind !== 'literal') throw new Error('column = literal');
  return row[where.left.column.path[0]] === where.right.value;
}
export const is = (name: string, value: string | number): Expr => ({
  kind: 'compare',
  op: '=',
  left: { kind: 'column', column: column(name), at },
  right: { kind: 'literal', value, at },
  at,
});

/** Any event of these names: `on('A', 'B')`. */
export const on = (...names: string[]): RowsPattern => ({
  kind: 'rows',
  any: names.map(event => ({ source: 'web', event, at })),
  text: names.join(' or '),
  at,
});
export const column = (name: string): ColumnRef => ({ path: [name], at });

type End = EndPlan;
const end = (kind: EndPlan['kind'], name: string, trigger: EndPlan['trigger']): End => ({ ...named(name), kind, trigger });

export const complete = (name: string, ...events: string[]): End =>
  end('complete', name, { kind: 'event', on: on(...events), forAll: false });
export const exit = (name: string, ...events: string[]): End => end('exit', name, { kind: 'event', on: on(...events), forAll: false });
export const exitForAll = (name: string, ...events: string[]): End => end('exit', name, { kind: 'event', on: on(...events), forAll: true });
export const completeOnNOf = (name: string, count: number, ...items: string[]): End =>
  end('complete', name, { kind: 'nOf', count, items: items.map(item => on(item)) });
export const exitAfter = (name: string, hours: number): End => end('exit', name, { kind: 'after', duration: hours * HOUR });
export const exitInStage = (name: string, hours: number, stage: string): End =>
  end('exit', name, { kind: 'inStage', duration: hours * HOUR, stage });
export const exitSilent = (name: string, hours: number, ...of: string[]): End =>
  end('exit', name, { kind: 'silence', duration: hours * HOUR, ...(of.length ? { of: of.map(event => on(event)) } : {}) });
/** The same clock as a `complete`. */
export const asComplete = (rule: End): End => ({ ...rule, kind: 'complete' });

interface Sketch {
  enter?: Record<string, string[]>;
  stages?: Record<string, string[]>;
  ends?: End[];
  reentry?: ReentryPlan;
  per?: string;
  /** Hours since START. */
  open?: { from?: number; to?: number };
  metrics?: Record<string, MetricExpr>;
  expects?: MetricExpr[];
  /** By metric: its periods. */
  by?: Record<string, Omit<NonNullable<MetricPlan['by']>, 'at'>>;
  paths?: Record<string, StepRef[]>;
  segments?: SegmentPlan[];
  /** By entry rule: the segments one must be in. */
  gates?: Record<string, string[]>;
  keeps?: KeepPlan[];
  splits?: SplitPlan[];
  privacy?: PrivacyPlan;
}

/** A journey that, where nothing else is said, is entered on `in` by the rule In. */
export function journey({
  enter = { In: ['in'] },
  stages = {},
  ends = [],
  reentry,
  per,
  open,
  metrics = {},
  expects = [],
  by = {},
  paths = {},
  gates = {},
  keeps = [],
  splits = [],
}: Sketch): JourneyPlan {
  const instant = (hours: number | undefined) => (hours === undefined ? undefined : START + hours * HOUR);
  return {
    ...named('Test'),
    identity: 'customer',
    ...(per ? { per: column(per) } : {}),
    ...(open ? { open: { from: instant(open.from), to: instant(open.to), at } } : {}),
    enters: Object.entries(enter).map(([name, names]) => ({
      ...named(name),
      on: on(...names),
      ...(gates[name] ? { if: gates[name].map(segment => ({ segment, at })) } : {}),
    })),
    reentry: reentry ?? { policy: 'once' },
    stages: Object.entries(stages).map(([name, names]) => ({ ...named(name), on: on(...names) })),
    ends,
    keeps,
    splits,
    paths: Object.entries(paths).map(([name, steps]) => ({ ...named(name), steps: steps.map(step => ({ step, at })) })),
    metrics: Object.entries(metrics).map(([name, value]) => ({
      ...named(name),
      value,
      ...(by[name] ? { by: { ...by[name], at } } : {}),
    })),
    expects: expects.map(condition => ({ text: 'as written', at, condition, severity: 'error' })),
  };
}

/** What stands beside the journey of a sketch. */
export const planOf = ({ segments = [], privacy }: Sketch): Plan => ({ ...emptyPlan(), segments, ...(privacy ? { privacy } : {}) });

/** @param asOf hours since START; the last event's time where absent */
export function simulate(sketch: Sketch, rows: Row[], asOf?: number) {
  return simulateJourney(journey(sketch), planOf(sketch), events(rows), asOf === undefined ? null : START + asOf * HOUR);
}

/** A history in one line: `history('in 0, look 1, buy 2.5')`, names and hours. */
export function history(text: string, more: Partial<Row> = {}): Row[] {
  return text.split(',').map(part => {
    const [name, hours] = part.trim().split(' ');
    return { name, hours: Number(hours), ...more };
  });
}

export const step = (kind: StepRef['kind'], name: string): StepRef => ({ kind, name });
/** An expression without the place it was written at. */
export const expr = (value: Record<string, unknown>): MetricExpr => ({ ...value, at }) as MetricExpr;

/** A segment, and a condition, without the places they were written at. */
export const segment = (name: string, condition: Record<string, unknown>): SegmentPlan => ({
  ...named(name),
  condition: { ...condition, at } as SegmentExpr,
  text: name,
});
export const condition = (value: Record<string, unknown>): SegmentExpr => ({ ...value, at }) as SegmentExpr;
export const keep = (name: string, which: KeepPlan['which'], event: string, property: string, hours?: number): KeepPlan => ({
  ...named(name),
  which,
  event: on(event),
  property: column(property),
  ...(hours === undefined ? {} : { within: hours * HOUR }),
});
export const split = (by: Record<string, unknown>): SplitPlan => ({ ...by, at, text: 'as written' }) as SplitPlan;
