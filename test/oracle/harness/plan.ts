/** The oracle's definition as the product's Plan, without going through text: the short way in for the fold's own suite. */
import type {
  At,
  ColumnRef,
  DerivedPattern,
  EventPattern,
  Expr,
  IdentityPlan,
  JourneyPlan,
  MetricExpr,
  Plan,
  RejectionReason,
  RowMatch,
  RowsPattern,
  SegmentExpr,
  StepRef,
} from '@journey/engine';
import { kindOf, valueOfId } from '../identity.ts';
import type { Condition, Def, Derived, Expectation, IdentityDef, JourneyDef, Metric, Pattern, Ref, SegmentCondition } from '../model.ts';
import { lastOfDay, local } from '../timeline.ts';

const at: At = { uri: 'memory:/x.journey', start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** What each row match of the plan, and each condition on a derived event or of a segment, means to the oracle, by its JSON. */
export interface Meanings {
  rows: Map<string, RowsMeaning>;
  conditions: Map<string, Condition>;
}
interface RowsMeaning {
  source: string;
  event: string;
  conditions: Condition[];
}

export function toPlan(def: Def): { plan: Plan; meanings: Meanings } {
  const meanings: Meanings = { rows: new Map(), conditions: new Map() };
  const plan: Plan = {
    version: 1,
    sources: def.sources.map(source => ({
      name: source.name,
      at,
      nameAt: at,
      samples: source.files.map(pattern => ({ pattern, base: 'memory:/', at })),
      passive: source.passive,
      time: {
        column: column(source.time.column),
        at,
        zone: source.time.zone,
        atEndOfDay: source.time.atEndOfDay,
        until: source.time.until === undefined ? undefined : lastOfDay(source.time.until, source.time.zone ?? 'UTC'),
      },
      event:
        'constant' in source.event
          ? { kind: 'constant', name: source.event.constant, at }
          : { kind: 'column', column: column(source.event.column), at },
      unique: source.unique === undefined ? undefined : { columns: source.unique.map(column), at },
      ids: source.ids.map(id => ({
        kind: id.kind,
        value: id.clean ? call('lower', call('trim', columnExpr(id.column))) : columnExpr(id.column),
        at,
      })),
      joins: source.joins.map(({ table, on }) => ({ table, on: column(on), at })),
      properties: [],
      where: source.where && toExpr(source.where),
    })),
    tables: def.tables.map(({ name, file, key, idKind }) => ({
      name,
      at,
      nameAt: at,
      samples: [{ pattern: file, base: 'memory:/', at }],
      key: { column: { path: [key], at }, idKind, at },
      properties: [],
    })),
    identities: [identityPlan(def.identity)],
    events: def.events.map(({ name, pattern }) => ({ name, at, nameAt: at, pattern: eventPattern(pattern) })),
    journeys: def.journeys.map(journey),
    segments: def.segments.map(({ name, condition }) => ({ name, at, nameAt: at, condition: segment(condition), text: '' })),
    scenarios: [],
    expects: [],
    privacy: def.privacy && {
      at,
      purposes: [],
      consent: def.privacy.consent && {
        at,
        text: '',
        from: rowsPattern(def.privacy.consent.from),
        granted: known(def.privacy.consent.granted),
      },
      erase: def.privacy.erase && { at, text: '', on: rowsPattern(def.privacy.erase) },
      suppressBelow: def.privacy.suppressBelow === undefined ? undefined : { count: def.privacy.suppressBelow, at },
      retain: def.privacy.retain === undefined ? undefined : { within: def.privacy.retain, at },
    },
    asOf: def.asOf === undefined ? undefined : { at, instant: lastOfDay(def.asOf, 'UTC') },
  };
  return { plan, meanings };

  /** Named events are resolved: rows alone are one pattern, anything derived stands beside it under the same condition. */
  function eventPattern(pattern: Pattern): EventPattern {
    const rows = rowMeanings(pattern).map(meaning => {
      const [first, ...more] = meaning.conditions.map(toExpr);
      const where: Expr | undefined = more.length > 0 ? { kind: 'and', operands: [first, ...more], at } : first;
      const match: RowMatch = { source: meaning.source, event: meaning.event, where, at };
      meanings.rows.set(JSON.stringify(match), meaning);
      return match;
    });
    const parts: EventPattern[] = derivedParts(pattern);
    if (rows.length > 0) parts.unshift({ kind: 'rows', any: rows, text: '', at });
    return parts.length === 1 ? parts[0] : { kind: 'union', any: parts, text: '', at };
  }
  function rowsPattern(pattern: Pattern): RowsPattern {
    const found = eventPattern(pattern);
    if (!('kind' in found) || found.kind !== 'rows') throw new Error('rows alone speak of consent and erasure');
    return found;
  }
  function rowMeanings(pattern: Pattern): RowsMeaning[] {
    return pattern.any.flatMap(term => {
      if ('kind' in term) return [];
      const rows =
        term.source === undefined ? rowMeanings(namedPattern(term)) : [{ source: term.source, event: term.event, conditions: [] }];
      return rows.map(row => ({ ...row, conditions: pattern.where ? [...row.conditions, pattern.where] : row.conditions }));
    });
  }
  function derivedParts(pattern: Pattern): DerivedPattern[] {
    const parts = pattern.any.flatMap(term =>
      'kind' in term ? [derived(term)] : term.source === undefined ? derivedParts(namedPattern(term)) : [],
    );
    if (pattern.where === undefined) return parts;
    const where = known(pattern.where);
    return parts.map(of => ({ kind: 'filter', of, where, text: '', at }));
  }
  function known(condition: Condition): Expr {
    const expr = toExpr(condition);
    meanings.conditions.set(JSON.stringify(expr), condition);
    return expr;
  }
  function derived(term: Derived): DerivedPattern {
    const same = term.same === undefined ? undefined : column(term.same);
    switch (term.kind) {
      case 'first':
        return { kind: 'first', of: eventPattern(term.of), same, text: '', at };
      case 'repeated':
        return { ...term, of: eventPattern(term.of), same, text: '', at };
      case 'sequence':
        return {
          kind: 'sequence',
          first: eventPattern(term.first),
          // biome-ignore lint/suspicious/noThenProperty: the word of the language
          then: eventPattern(term.next),
          within: term.within,
          same,
          text: '',
          at,
        };
      case 'absence':
        return { ...term, first: eventPattern(term.first), no: eventPattern(term.no), same, text: '', at };
    }
  }
  function namedPattern(ref: Ref): Pattern {
    return def.events.find(event => event.name === ref.event)!.pattern;
  }

  function segment(condition: SegmentCondition): SegmentExpr {
    switch (condition.kind) {
      case 'test':
        return { kind: 'test', expr: known(condition.condition), at };
      case 'history':
        return {
          ...condition,
          event: one(condition.event),
          property: condition.property === undefined ? undefined : column(condition.property),
          at,
        };
      case 'segment':
        return { kind: 'segment', name: condition.name, at };
      case 'not':
        return { kind: 'not', operand: segment(condition.part), at };
      default:
        return { kind: condition.kind, operands: condition.parts.map(segment), at };
    }
  }
  function one(ref: Ref): EventPattern {
    return eventPattern({ any: [ref] });
  }

  function journey(own: JourneyDef): JourneyPlan {
    const rule = (name: string) => ({ name, at, nameAt: at });
    return {
      ...rule(own.name),
      identity: 'customer',
      per: own.per === undefined ? undefined : column(own.per),
      open: own.open && {
        from: own.open.from === undefined ? undefined : local(own.open.from, 'UTC'),
        to: own.open.to === undefined ? undefined : lastOfDay(own.open.to, 'UTC'),
        at,
      },
      enters: own.enters.map(enter => ({
        ...rule(enter.name),
        on: eventPattern(enter.on),
        if: enter.if?.map(name => ({ segment: name, at })),
      })),
      reentry: own.reentry ?? { policy: 'once' },
      stages: own.stages.map(stage => ({ ...rule(stage.name), on: eventPattern(stage.on) })),
      keeps: own.keeps.map(keep => ({ ...rule(keep.name), ...keep, event: one(keep.event), property: column(keep.property) })),
      splits: own.splits.map(split => ({ ...('column' in split ? { ...split, column: column(split.column) } : split), at, text: '' })),
      paths: own.paths.map(({ name, steps }) => ({ ...rule(name), steps: steps.map(step => ({ step: stepRef(own, step), at })) })),
      ends: own.ends.map(({ name, kind, trigger }) => ({
        ...rule(name),
        kind,
        trigger:
          trigger.kind === 'event'
            ? { ...trigger, on: eventPattern(trigger.on) }
            : trigger.kind === 'n of'
              ? { kind: 'nOf', count: trigger.count, items: trigger.items.map(eventPattern) }
              : trigger.kind === 'silence'
                ? { ...trigger, of: trigger.of?.map(eventPattern) }
                : trigger.kind === 'in stage'
                  ? { ...trigger, kind: 'inStage' }
                  : trigger,
      })),
      metrics: own.metrics.map(({ name, value, by }) => ({ ...rule(name), value: metricExpr(own, value), by: by && { ...by, at } })),
      expects: own.expects.map(expectation => ({ text: '', at, condition: condition(own, expectation), severity: 'error' })),
    };
  }

  function condition(own: JourneyDef, expectation: Expectation): MetricExpr {
    if (expectation.kind === 'not') return { kind: 'not', operand: condition(own, expectation.part), at };
    if (expectation.kind !== 'compare')
      return { kind: expectation.kind, operands: expectation.parts.map(part => condition(own, part)), at };
    const { op, left, right } = expectation;
    return { kind: 'compare', op, left: metricExpr(own, left), right: metricExpr(own, right), at };
  }

  function metricExpr(own: JourneyDef, metric: Metric): MetricExpr {
    const step = (name: string) => stepRef(own, name);
    switch (metric.kind) {
      case 'number':
      case 'duration':
        return { kind: metric.kind, value: metric.value, at };
      case 'percent':
        return { kind: 'percent', value: metric.value / 100, at };
      case 'metric':
        return { kind: 'metric', name: metric.name, at };
      case 'exited of':
        return { kind: 'exited', name: metric.end, at };
      case 'rejected for':
        return { kind: 'rejected', reason: metric.reason as RejectionReason, at };
      case 'reached':
      case 'visits':
        return { ...metric, at };
      case 'rate':
        return { kind: 'rate', of: step(metric.of), ofPeople: metric.ofPeople, at };
      case 'rate within':
        return {
          kind: 'rate',
          of: step(metric.of),
          within: metric.within,
          from: metric.from === undefined ? undefined : step(metric.from),
          ofPeople: metric.ofPeople,
          at,
        };
      case 'count':
        return { kind: 'countEvents', event: one(metric.event), within: metric.within, at };
      case 'aggregate':
        return {
          kind: 'aggregate',
          fn: metric.fn === 'count distinct' ? 'countDistinct' : metric.fn,
          event: one(metric.event),
          property: column(metric.property),
          within: metric.within,
          at,
        };
      case 'retention':
        return { ...metric, at };
      case 'kept':
        return { ...metric, fn: metric.fn === 'count distinct' ? 'countDistinct' : metric.fn, at };
      case 'negative':
        return { kind: 'negate', operand: metricExpr(own, metric.of), at };
      case 'runs with': {
        const { kind, name } = step(metric.rule);
        if (kind === 'enter') return { kind: 'enteredBy', rule: name, at };
        return kind === 'stage' ? { kind: 'reached', stage: name, at } : { kind: 'exited', name, at };
      }
      case 'time to':
        return { kind: 'time', fn: metric.fn, of: { kind: 'timeTo', step: step(metric.step) }, at };
      case 'time in':
        return { kind: 'time', fn: metric.fn, of: { kind: 'timeIn', stage: metric.stage }, at };
      case 'arithmetic':
        return { kind: 'arithmetic', op: metric.op, left: metricExpr(own, metric.left), right: metricExpr(own, metric.right), at };
      case 'share of':
        return { kind: 'shareOf', share: { kind: 'percent', value: metric.percent / 100, at }, of: metricExpr(own, metric.of), at };
      default:
        return { kind: metric.kind, at };
    }
  }
}

export function identityPlan(identity: IdentityDef): IdentityPlan {
  const idOf = (id: string) => ({ kind: kindOf(id), value: valueOfId(id), at });
  return {
    name: 'customer',
    at,
    nameAt: at,
    kinds: identity.kinds.map(({ name, unique, max, valid }) => ({
      name,
      at,
      unique: unique ? { at } : undefined,
      max: max === undefined ? undefined : { count: max, at },
      valid: valid === undefined ? undefined : { within: valid, at },
    })),
    ignores: identity.ignores.map(({ kind, where }) => ({
      at,
      text: '',
      kinds: kind === 'any' ? identity.kinds.map(({ name }) => name) : [kind],
      where: toExpr(where),
    })),
    links: identity.links.map(link => ({ ...link, at, text: '' })),
    neverLinks: identity.neverLinks.map(({ a, b }) => ({ at, text: '', a: idOf(a), b: idOf(b) })),
    shared: identity.shared.map(rule => ({ ...rule, at, text: '' })),
    onConflict: { keep: identity.keep, at },
    retroactive: { within: identity.retroactive, at },
    splitByTime: identity.splitByTime ? { at } : undefined,
  };
}

function stepRef(own: JourneyDef, name: string): StepRef {
  return { kind: own.enters.some(e => e.name === name) ? 'enter' : own.stages.some(s => s.name === name) ? 'stage' : 'end', name };
}

function toExpr(condition: Condition): Expr {
  switch (condition.kind) {
    case 'compare':
      return {
        kind: 'compare',
        op: condition.op,
        left: columnExpr(condition.column),
        right: { kind: 'literal', value: condition.value, at },
        at,
      };
    case 'columns':
      return { kind: 'compare', op: condition.op, left: columnExpr(condition.left), right: columnExpr(condition.right), at };
    case 'in':
      return {
        kind: 'in',
        negated: condition.not,
        operand: columnExpr(condition.column),
        values: condition.values.map(value => ({ kind: 'literal', value, at })),
        at,
      };
    case 'like':
      return {
        kind: 'like',
        negated: condition.not,
        ignoreCase: condition.ignoreCase,
        operand: columnExpr(condition.column),
        pattern: condition.pattern,
        at,
      };
    case 'matches':
      return {
        kind: 'matches',
        negated: condition.not,
        operand: columnExpr(condition.column),
        regex: condition.regex,
        flags: condition.flags,
        at,
      };
    case 'null':
      return { kind: 'isNull', negated: condition.not, operand: columnExpr(condition.column), at };
    case 'and':
    case 'or':
      return { kind: condition.kind, operands: condition.parts.map(toExpr), at };
    case 'not':
      return { kind: 'not', operand: toExpr(condition.part), at };
  }
}
function column(name: string): ColumnRef {
  const [table, ...path] = name.split('.');
  return path.length > 0 ? { table, path, at } : { path: [name], at };
}
function columnExpr(name: string): Expr {
  return { kind: 'column', column: column(name), at };
}
function call(fn: 'lower' | 'trim', ...args: Expr[]): Expr {
  return { kind: 'call', fn, args, at };
}
