/** The oracle's definition as the product's Plan, without going through text: the short way in for the fold's own suite. */
import type { At, ColumnRef, EventPattern, Expr, JourneyPlan, MetricExpr, Plan, RejectionReason, RowMatch, StepRef } from '@journey/engine';
import type { Condition, Def, Expectation, JourneyDef, Metric, Pattern, Ref } from '../model.ts';
import { lastOfDay, local } from '../timeline.ts';

const at: At = { uri: 'memory:/x.journey', start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** What each row match of the plan means to the oracle, by its JSON. */
export type Meanings = Map<string, { source: string; event: string; conditions: Condition[] }>;

export function toPlan(def: Def): { plan: Plan; meanings: Meanings } {
  const meanings: Meanings = new Map();
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
      where: source.where && toExpr(source.where),
    })),
    tables: def.tables.map(({ name, file, key }) => ({
      name,
      at,
      nameAt: at,
      samples: [{ pattern: file, base: 'memory:/', at }],
      key: { column: column(key), at },
    })),
    identities: [{ name: 'customer', at, nameAt: at, kinds: def.kinds.map(name => ({ name, at })) }],
    events: def.events.map(({ name, pattern }) => ({ name, at, nameAt: at, pattern: eventPattern(pattern) })),
    journeys: def.journeys.map(journey),
    segments: [],
    scenarios: [],
  };
  return { plan, meanings };

  function eventPattern(pattern: Pattern): EventPattern {
    const any = rowMatches(pattern).map(meaning => {
      const [first, ...more] = meaning.conditions.map(toExpr);
      const where: Expr | undefined = more.length > 0 ? { kind: 'and', operands: [first, ...more], at } : first;
      const match: RowMatch = { source: meaning.source, event: meaning.event, where, at };
      meanings.set(JSON.stringify(match), meaning);
      return match;
    });
    return { kind: 'rows', any, text: '', at };
  }
  function rowMatches(pattern: Pattern): { source: string; event: string; conditions: Condition[] }[] {
    return pattern.any.flatMap(ref => {
      const rows =
        ref.source === undefined
          ? rowMatches(def.events.find(event => event.name === ref.event)!.pattern)
          : [{ source: ref.source, event: ref.event, conditions: [] }];
      return rows.map(row => ({ ...row, conditions: pattern.where ? [...row.conditions, pattern.where] : row.conditions }));
    });
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
      enters: own.enters.map(enter => ({ ...rule(enter.name), on: eventPattern(enter.on) })),
      reentry: own.reentry ?? { policy: 'once' },
      stages: own.stages.map(stage => ({ ...rule(stage.name), on: eventPattern(stage.on) })),
      keeps: [],
      splits: [],
      paths: [],
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
      metrics: own.metrics.map(({ name, value }) => ({ ...rule(name), value: metricExpr(own, value) })),
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
    const step = (name: string): StepRef => ({
      kind: own.enters.some(e => e.name === name) ? 'enter' : own.stages.some(s => s.name === name) ? 'stage' : 'end',
      name,
    });
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
