import type { EndPlan, EnterPlan, EventPlan, ExpectPlan, JourneyPlan, MetricPlan, ReentryPlan, StagePlan } from '@journey/engine';
import type * as ast from '@journey/grammar';
import { parseDate } from '../language/literals.ts';
import { ruleNames } from '../language/names.ts';
import { bindCount, bindDuration } from './amounts.ts';
import { bindColumn, fixTo } from './expressions.ts';
import { bindKeep, bindRoute, bindSplit } from './groups.ts';
import { bindMetricExpr, type MetricScope } from './metrics.ts';
import { bindPattern } from './patterns.ts';
import type { MetricType } from './quantities.ts';
import { type Sink, textOf } from './sink.ts';
import { isZone, noZone } from './zones.ts';

/** Names of events and sources, asked for only when a guess is to be made. */
export type EventNames = () => readonly string[];

export function bindEvent(node: ast.Event, sink: Sink): EventPlan {
  if (!node.name) sink.missing();
  return { name: node.name ?? '', at: sink.at(node), nameAt: sink.at(node, 'name'), pattern: bindPattern(node.pattern, sink) };
}

/**
 * A journey with its rules. A path, metric or expectation with an error is left out by itself; any other error counts in `sink`.
 * @param metricSink takes the errors of paths, metrics and expectations
 * @param eventNames names of events and sources, for guesses in messages
 */
export function bindJourney(node: ast.Journey, sink: Sink, metricSink: Sink, eventNames: EventNames = () => []): JourneyPlan {
  if (!node.name || !node.identity?.ref || sink.isBroken(node.identity.ref)) sink.missing();
  const names = ruleNames(node);
  const step = (rule: ast.Step) => {
    const name = names.get(rule) ?? '';
    if (!name) sink.missing();
    return {
      name,
      at: sink.at(rule),
      nameAt: rule.name ? sink.at(rule, 'name') : sink.at(rule.$type === 'Enter' ? (rule.on ?? rule) : rule),
      ...sink.doc(rule),
    };
  };
  const of = <T extends ast.JourneyItem['$type']>(type: T) =>
    node.items.filter((item): item is Extract<ast.JourneyItem, { $type: T }> => item.$type === type);
  if (of('Enter').length === 0) sink.missing();
  const plan: JourneyPlan = {
    name: node.name ?? '',
    at: sink.at(node),
    nameAt: sink.at(node, 'name'),
    identity: node.identity?.$refText ?? '',
    per: node.per && bindColumn(node.per, undefined, sink),
    open: bindOpen(of('Open')[0], sink),
    enters: of('Enter').map(
      (rule): EnterPlan => sink.made({ ...step(rule), on: bindPattern(rule.on, sink), ...bindGate(rule, sink) }, rule),
    ),
    reentry: bindReentry(of('Reentry')[0], sink),
    stages: of('Stage').map((rule): StagePlan => sink.made({ ...step(rule), on: bindPattern(rule.on, sink) }, rule)),
    ends: node.items
      .filter(item => item.$type === 'Complete' || item.$type === 'Exit')
      .map(
        (rule): EndPlan =>
          sink.made(
            { ...step(rule), kind: rule.$type === 'Complete' ? 'complete' : 'exit', trigger: bindTrigger(rule.trigger, sink) },
            rule,
          ),
      ),
    keeps: of('Keep').map(keep => bindKeep(keep, sink, eventNames)),
    splits: of('Split').flatMap(split => bindSplit(split, node, sink)),
    paths: of('Route').flatMap(route => {
      // What a path compares with happens without it: an error in one leaves that one out.
      const own = metricSink.aside();
      const path = bindRoute(route, names, own);
      for (const problem of own.problems) metricSink.report(problem);
      return own.errors > 0 || sink.isBroken(route) ? [] : [sink.made(path, route)];
    }),
    metrics: [],
    expects: [],
  };
  return { ...plan, ...bindMetrics(node, metricSink, eventNames) };
}

/** `if A and B`: segments that must all hold at the entry event. */
function bindGate(node: ast.Enter, sink: Sink): Pick<EnterPlan, 'if'> {
  if (node.segments.length === 0) return {};
  return {
    if: node.segments.map((segment, i) => {
      if (!segment.ref || sink.isBroken(segment.ref)) sink.missing();
      return { segment: segment.$refText, at: sink.at(node, 'segments', i) };
    }),
  };
}

function bindOpen(node: ast.Open | undefined, sink: Sink): JourneyPlan['open'] {
  if (!node) return undefined;
  const date = (property: 'start' | 'end') => {
    const text = node[property];
    if (text === undefined) return undefined;
    const parsed = parseDate(text);
    if (parsed.ok) return parsed;
    sink.report({ code: 'bad-date', message: parsed.message, node, property, fix: fixTo(parsed.fix) });
    return undefined;
  };
  const [start, end] = [date('start'), date('end')];
  if (node.start === undefined && node.end === undefined) sink.missing();
  if (start && end && end.last < start.first) {
    const message = `This period ends before it begins: ${node.end} is before ${node.start}`;
    sink.report({ code: 'open-order', message, node });
  }
  return { from: start?.first, to: end?.last, at: sink.at(node) };
}

function bindReentry(node: ast.Reentry | undefined, sink: Sink): ReentryPlan {
  if (!node) return { policy: 'once' };
  const policy = ({ once: 'once', restart: 'restart', after: 'after exit', at: 'at exit' } as const)[node.policy];
  if (!policy) sink.missing();
  const plan: ReentryPlan = { policy: policy ?? 'once', at: sink.at(node) };
  for (const limit of node.limits) {
    if (limit.word === 'max') plan.max = bindCount(limit, 'count', sink);
    else if (limit.word === 'wait' || limit.word === 'interval') plan[limit.word] = bindDuration(limit.duration, sink);
    else sink.missing();
  }
  return plan;
}

function bindTrigger(node: ast.Trigger | undefined, sink: Sink): EndPlan['trigger'] {
  switch (node?.$type) {
    case 'OnEvent':
      return { kind: 'event', on: bindPattern(node.on, sink), forAll: node.forAll };
    case 'OnSome': {
      const count = bindCount(node, 'count', sink);
      if (node.items.length > 0 && count > node.items.length) {
        const message = `${count} different ones of ${node.items.length} can't happen: name more events, or ask for fewer`;
        sink.report({ code: 'too-many-required', message, node, property: 'count' });
      }
      return { kind: 'nOf', count, items: node.items.map(item => bindPattern(item, sink)) };
    }
    case 'Clock': {
      const duration = bindDuration(node.duration, sink);
      if (node.stage) {
        if (!node.stage.ref) sink.missing();
        return { kind: 'inStage', duration, stage: node.stage.$refText };
      }
      if (!node.silence) return { kind: 'after', duration };
      return { kind: 'silence', duration, of: node.of.length > 0 ? node.of.map(item => bindPattern(item, sink)) : undefined };
    }
    default:
      sink.missing();
      return { kind: 'after', duration: 0 };
  }
}

/** @param open whether it is `active`, which counts the runs open at the end of each period */
function bindPeriod(node: ast.Period, open: boolean, sink: Sink): MetricPlan['by'] {
  if (!node.grain) sink.missing();
  if (node.zone !== undefined && !isZone(node.zone)) sink.report(noZone(node, node.zone));
  if (open && node.ofEnd) {
    const message = '`active` counts the runs that are open: they have no end';
    sink.report({ code: 'wrong-argument', message, node, property: 'ofEnd' });
  }
  return { grain: node.grain as 'day', zone: node.zone, of: open ? 'open' : node.ofEnd ? 'end' : 'entry', at: sink.at(node) };
}

/**
 * The metrics and expectations of a journey that have no error.
 * @param sink takes the errors of all of them
 */
function bindMetrics(journey: ast.Journey, sink: Sink, eventNames: EventNames): Pick<JourneyPlan, 'metrics' | 'expects'> {
  const types = new Map<ast.Metric, MetricType | undefined>();
  const result: Pick<JourneyPlan, 'metrics' | 'expects'> = { metrics: [], expects: [] };
  const open: ast.Metric[] = [];
  const bound = new Map<ast.Metric, JourneyPlan['metrics'][number]>();

  const metricType = (metric: ast.Metric): MetricType | undefined => {
    if (types.has(metric)) return types.get(metric);
    if (open.includes(metric)) {
      const names = [...open.slice(open.indexOf(metric)), metric].map(each => each.name).join(' → ');
      sink.report({ code: 'metric-cycle', message: `A metric can't be defined by itself: ${names}`, node: metric, property: 'name' });
      return undefined;
    }
    open.push(metric);
    const own = sink.aside();
    const { expr, type } = bindMetricExpr(metric.value, { journey, sink: own, eventNames, metricType });
    const by = metric.period && bindPeriod(metric.period, expr.kind === 'active', own);
    open.pop();
    if (own.errors === 0 && type === 'condition') {
      own.report({
        code: 'wrong-type',
        message: 'A metric is a number, and this is a condition: use `expect`',
        node: metric,
        property: 'value',
      });
    }
    for (const problem of own.problems) sink.report(problem);
    const fine = own.errors === 0 && metric.name !== undefined && !sink.isBroken(metric);
    types.set(metric, fine ? type : undefined);
    if (fine)
      bound.set(
        metric,
        sink.made(
          {
            name: metric.name,
            at: sink.at(metric),
            nameAt: sink.at(metric, 'name'),
            ...sink.doc(metric),
            value: expr,
            ...(by && { by }),
          },
          metric,
        ),
      );
    return fine ? type : undefined;
  };

  for (const item of journey.items) {
    if (item.$type === 'Metric') {
      metricType(item);
      const metric = bound.get(item);
      if (metric) result.metrics.push(metric);
    } else if (item.$type === 'Expect') {
      const own = sink.aside();
      const expect = bindExpect(item, { journey, sink: own, eventNames, metricType });
      for (const problem of own.problems) sink.report(problem);
      if (own.errors === 0 && !sink.isBroken(item)) result.expects.push(sink.made(expect, item));
    }
  }
  return result;
}

/** @param scope what it can speak of: a journey, or outside of any the sources alone */
export function bindExpect(node: ast.Expect, scope: MetricScope): ExpectPlan {
  const { sink } = scope;
  const { expr, type } = bindMetricExpr(node.condition, scope);
  if (sink.errors === 0 && type !== 'condition' && node.condition) {
    const message = `An expectation is a condition: compare this with something, such as \`${scope.journey ? '>= 30%' : '< 1%'}\``;
    sink.report({ code: 'wrong-type', message, node, property: 'condition' });
  }
  const severity = node.severity === 'warning' || node.severity === 'info' ? node.severity : 'error';
  return { text: textOf(node.condition), at: sink.at(node), condition: expr, severity, message: node.message };
}
