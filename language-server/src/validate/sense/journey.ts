/** Rules that have a meaning and make no sense: what can never fire, never fail, or is never looked at. */
import type { EndPlan, EventPattern, ExpectPlan, JourneyPlan, MetricExpr, MetricPlan, Millis } from '@journey/engine';
import { isRoute, type Journey } from '@journey/grammar';
import type { AstNode } from 'langium';
import type { Problem } from '../../bind/sink.ts';
import { metricParts } from '../../typing/patterns.ts';
import { isApart, isContained } from './events.ts';
import { outcomeOf } from './expectations.ts';

interface Looking {
  journey: Journey;
  plan: JourneyPlan;
  /** The node a part of the plan was made of. */
  nodeOf(part: object): AstNode;
  report(problem: Problem): void;
}

/**
 * @param plan the journey's, without an error in its rules
 * @param made what its rules, metrics and expectations were made of
 */
export function senseOf(journey: Journey, plan: JourneyPlan, made: Map<object, AstNode>, report: (problem: Problem) => void): void {
  const looking: Looking = { journey, plan, report, nodeOf: part => made.get(part) ?? journey };
  shadowedEntries(looking);
  shadowedEnds(looking);
  lateClocks(looking);
  longWindows(looking);
  decidedExpectations(looking);
  deadEnds(looking);
  unusedStages(looking);
  everyoneEnters(looking);
}

function neverFires(looking: Looking, rule: object & { name: string }, by: object & { name: string }, why: string): void {
  const related = [{ message: `\`${by.name}\``, node: looking.nodeOf(by), property: 'name' }];
  looking.report({ code: 'never-fires', message: `\`${rule.name}\` can never fire: ${why}`, node: looking.nodeOf(rule), related });
}

/** The first entry rule that passes every gate enters; all gates but `if` are the same for all of them. */
function shadowedEntries(looking: Looking): void {
  const { enters } = looking.plan;
  enters.forEach((rule, i) => {
    const gate = new Set(rule.if?.map(each => each.segment));
    const by = enters.slice(0, i).find(other => (other.if ?? []).every(each => gate.has(each.segment)) && isContained(rule.on, other.on));
    if (by) neverFires(looking, rule, by, `\`${by.name}\`, above it, takes every event it waits for`);
  });
}

/** Of the ends an event matches the first declared one takes the run. */
function shadowedEnds(looking: Looking): void {
  const { ends } = looking.plan;
  ends.forEach((rule, i) => {
    if (rule.trigger.kind !== 'event') return;
    const { on, forAll } = rule.trigger;
    const by = ends
      .slice(0, i)
      .find(({ trigger: other }) => other.kind === 'event' && (other.forAll || !forAll) && isContained(on, other.on));
    if (by) neverFires(looking, rule, by, `\`${by.name}\`, above it, ends the run at every event it waits for`);
  });
}

/** The longest a run can last, and the rule that says so: the shortest `after D` alone. */
function maximum(plan: JourneyPlan): { rule: EndPlan; duration: Millis } | undefined {
  let shortest: { rule: EndPlan; duration: Millis } | undefined;
  for (const rule of plan.ends) {
    const { trigger } = rule;
    if (trigger.kind === 'after' && (!shortest || trigger.duration < shortest.duration)) shortest = { rule, duration: trigger.duration };
  }
  return shortest;
}

function lateClocks(looking: Looking): void {
  const { plan } = looking;
  const limit = maximum(plan);
  for (const [i, rule] of plan.ends.entries()) {
    const { trigger } = rule;
    if (trigger.kind === 'event' || trigger.kind === 'nOf') continue;
    /** Of two deadlines at once the first declared rule wins. */
    const isLater = (other: EndPlan, duration: Millis) =>
      duration < trigger.duration || (duration === trigger.duration && plan.ends.indexOf(other) < i);
    if (limit && limit.rule !== rule && isLater(limit.rule, limit.duration)) {
      const when = limit.duration < trigger.duration ? 'before' : 'at';
      neverFires(looking, rule, limit.rule, `\`${limit.rule.name}\` ends every run ${when} that time`);
      continue;
    }
    const by = plan.ends.find(
      other =>
        other !== rule &&
        other.trigger.kind === trigger.kind &&
        isSooner(other.trigger, trigger) &&
        isLater(other, (other.trigger as typeof trigger).duration),
    );
    if (by) neverFires(looking, rule, by, `\`${by.name}\` always ends the run first`);
    else if (trigger.kind === 'inStage') neverCurrent(looking, rule, trigger.stage);
  }
}

/** Whether a clock of the same kind and length would never ring later. */
function isSooner(clock: EndPlan['trigger'], other: EndPlan['trigger']): boolean {
  if (clock.kind === 'inStage' && other.kind === 'inStage') return clock.stage === other.stage;
  if (clock.kind !== 'silence' || other.kind !== 'silence') return false;
  if (!clock.of || !other.of) return clock.of === other.of;
  // Fewer signs of life break it.
  return clock.of.every(one => other.of!.some(each => isContained(one, each)));
}

/** Of the stages an event matches the last declared one becomes current. */
function neverCurrent(looking: Looking, rule: EndPlan, name: string): void {
  const { stages } = looking.plan;
  const i = stages.findIndex(stage => stage.name === name);
  const by = i >= 0 && stages.slice(i + 1).find(other => isContained(stages[i].on, other.on));
  if (by) neverFires(looking, rule, by, `an event of \`${name}\` makes \`${by.name}\`, declared below it, the current stage`);
}

function longWindows(looking: Looking): void {
  const limit = maximum(looking.plan);
  if (!limit) return;
  const tooLong = (expr: MetricExpr) =>
    metricParts(expr).some(part => part.kind === 'rate' && part.within !== undefined && part.within > limit.duration);
  const related = [{ message: `\`${limit.rule.name}\``, node: looking.nodeOf(limit.rule), property: 'name' }];
  for (const part of [...looking.plan.metrics, ...looking.plan.expects]) {
    if (!tooLong('value' in part ? part.value : part.condition)) continue;
    const message = `No run lasts as long as this window: \`${limit.rule.name}\` ends it before. A longer window only leaves out more of the latest runs`;
    const property = 'value' in part ? 'value' : 'condition';
    looking.report({ code: 'window-too-long', message, node: looking.nodeOf(part), property, related });
  }
}

function decidedExpectations(looking: Looking): void {
  const { metrics, expects } = looking.plan;
  for (const expect of expects) decidedExpectation(expect, metrics, looking.nodeOf(expect), looking.report);
}

/** @param node what the expectation was made of */
export function decidedExpectation(
  { condition, text }: ExpectPlan,
  metrics: readonly MetricPlan[],
  node: AstNode,
  report: (problem: Problem) => void,
): void {
  const outcome = outcomeOf(condition, metrics);
  const place = { node, property: 'condition' };
  if (outcome === 'always') {
    report({ code: 'expectation-trivial', message: `\`${text}\` can't fail, whatever the data: say what would be wrong`, ...place });
  } else if (outcome === 'never') {
    report({ code: 'expectation-impossible', message: `\`${text}\` can't hold, whatever the data`, ...place });
  }
}

/** A step of a path whose every event ends the run, so that the next one never comes. */
function deadEnds(looking: Looking): void {
  const { plan } = looking;
  for (const path of plan.paths) {
    path.steps.forEach(({ step }, i) => {
      const next = path.steps[i + 1]?.step;
      const stage = step.kind === 'stage' && next && plan.stages.find(each => each.name === step.name);
      if (!stage) return;
      const end = plan.ends.find(({ trigger }) => trigger.kind === 'event' && isContained(stage.on, trigger.on));
      // An entry event ends nothing, and one event counts as two steps in order.
      if (!end || plan.enters.some(rule => !isApart(rule.on, stage.on)) || end.name === next.name || meet(plan, next, stage.on)) return;
      const message = `\`${next.name}\` can never come after \`${step.name}\`: \`${end.name}\` ends the run at every event of \`${step.name}\``;
      looking.report({ code: 'path-dead-end', message, node: looking.nodeOf(path), property: 'steps', index: i + 1 });
    });
  }
}

/** Whether one row may be an event of the stage and the next step. */
function meet(plan: JourneyPlan, next: { kind: string; name: string }, stage: EventPattern): boolean {
  if (next.kind === 'stage') return plan.stages.some(each => each.name === next.name && !isApart(each.on, stage));
  return plan.ends.some(({ name, trigger }) => name === next.name && trigger.kind === 'event' && !isApart(trigger.on, stage));
}

/** Where a path says what is intended, a stage that nothing looks at is off it by oversight. */
function unusedStages(looking: Looking): void {
  const { plan, journey } = looking;
  // One with an error may speak of any stage.
  if (plan.paths.length === 0 || plan.paths.length < journey.items.filter(isRoute).length) return;
  const used = new Set<string>();
  for (const path of plan.paths) for (const { step } of path.steps) used.add(step.name);
  for (const { trigger } of plan.ends) if (trigger.kind === 'inStage') used.add(trigger.stage);
  for (const part of [...plan.metrics.map(each => each.value), ...plan.expects.map(each => each.condition)].flatMap(metricParts)) {
    if (part.kind === 'reached' || part.kind === 'visits') used.add(part.stage);
    if (part.kind === 'rate') for (const step of [part.of, part.from]) if (step) used.add(step.name);
    if (part.kind === 'time') used.add(part.of.kind === 'timeTo' ? part.of.step.name : part.of.stage);
  }
  for (const stage of plan.stages) {
    if (used.has(stage.name)) continue;
    const message = `No path, metric or clock speaks of \`${stage.name}\`: a visit there is a detour`;
    looking.report({ code: 'stage-unused', message, node: looking.nodeOf(stage), property: 'name' });
  }
}

/**
 * Every event that matters to a journey also enters it, so nobody is ever outside. Where each case has a journey of its own (`per`)
 * that is how cases are read, and no remark.
 */
function everyoneEnters(looking: Looking): void {
  const { plan } = looking;
  const others = [
    ...plan.stages.map(stage => stage.on),
    ...plan.ends.flatMap(({ trigger }) => (trigger.kind === 'event' ? [trigger.on] : [])),
  ];
  if (plan.per || plan.open || others.length === 0) return;
  const rule = plan.enters.find(
    ({ on, if: gate }) => !gate && on.kind === 'rows' && on.any.every(match => !match.where) && others.every(each => isContained(each, on)),
  );
  if (!rule) return;
  const message = `Every event of this journey also enters it, so everyone is in it from their first event on: say what sets the beginning apart, with \`where\` or \`first\``;
  looking.report({ code: 'everyone-enters', message, node: looking.nodeOf(rule), property: 'on' });
}
