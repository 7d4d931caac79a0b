import { RESTARTED } from '@journey/engine';
import type { Journey, Keep, Limit, Metric, Route, Step } from '@journey/grammar';
import { bindJourney } from '../bind/journeys.ts';
import { Sink } from '../bind/sink.ts';
import { AUTOMATIC, isStep, ruleNames } from '../language/names.ts';
import type { Check } from './check.ts';
import { namesOf } from './events.ts';
import { senseOf } from './sense/journey.ts';

export const nobodyEnters: Check<Journey> = (journey, report) => {
  if (!journey.name || journey.items.some(item => item.$type === 'Enter')) return;
  const message = `Nobody can enter \`${journey.name}\`: add a rule such as \`enter on SignedUp\``;
  report({ code: 'no-enter', message, node: journey, property: 'name' });
};

/** `open` and `reentry`, and each limit of the latter, may stand once. */
export const repeatedRules: Check<Journey> = (journey, report) => {
  for (const [type, word] of [
    ['Open', 'open'],
    ['Reentry', 'reentry'],
  ] as const) {
    const [first, ...more] = journey.items.filter(item => item.$type === type);
    for (const node of more) {
      const message = `A journey has one \`${word}\`: only one of them can hold`;
      report({ code: 'duplicate-rule', message, node, related: [{ message: 'The first one', node: first }] });
    }
  }
  for (const reentry of journey.items) {
    if (reentry.$type !== 'Reentry') continue;
    const seen = new Map<string, Limit>();
    for (const limit of reentry.limits) {
      const other = seen.get(limit.word);
      if (!other) seen.set(limit.word, limit);
      else
        report({
          code: 'duplicate-rule',
          message: `\`${limit.word}\` stands here twice`,
          node: limit,
          related: [{ message: 'The first one', node: other }],
        });
    }
  }
};

export const uselessLimits: Check<Journey> = (journey, report) => {
  for (const reentry of journey.items) {
    if (reentry.$type !== 'Reentry') continue;
    for (const limit of reentry.limits) {
      if (reentry.policy === 'restart') {
        const message = `\`restart\` begins anew at every entry event, so \`${limit.word}\` can't hold: use \`after exit\`, or take it away`;
        report({ code: 'reentry-conflict', message, node: limit });
      } else if (reentry.policy === 'once') {
        const message = `Under \`once\` nobody enters a second time, so \`${limit.word}\` never matters: use \`after exit\`, or take it away`;
        report({ code: 'pointless-limit', message, node: limit });
      }
    }
  }
};

/** Rules share their names, since a rate or a transition names a rule by nothing else; metrics have their own. */
export const duplicateRules: Check<Journey> = (journey, report) => {
  const rules = new Map<string, Step>();
  const metrics = new Map<string, Metric>();
  const others = new Map<string, Keep | Route>();
  const names = ruleNames(journey);
  for (const item of journey.items) {
    if ((item.$type === 'Keep' || item.$type === 'Route') && item.name) {
      const key = `${item.$type} ${item.name}`;
      const other = others.get(key);
      if (other) {
        const message = `There is already a ${item.$type === 'Keep' ? '`keep`' : 'path'} \`${item.name}\` in this journey: choose another name`;
        report({
          code: 'duplicate-name',
          message,
          node: item,
          property: 'name',
          related: [{ message: `The other \`${item.name}\``, node: other, property: 'name' }],
        });
      } else others.set(key, item);
    }
    const metric = item.$type === 'Metric';
    const name = metric ? item.name : isStep(item) ? names.get(item) : undefined;
    if (!name) continue;
    const other = metric ? metrics.get(name) : rules.get(name);
    if (other) {
      const message = `There is already a ${metric ? 'metric' : 'rule'} \`${name}\` in this journey: choose another name`;
      const related = [{ message: `The other \`${name}\``, node: other, property: 'name' }];
      report({ code: 'duplicate-name', message, node: item, property: 'name', related });
    } else if (metric && (AUTOMATIC as readonly string[]).includes(name)) {
      const message = `\`${name}\` is a number every journey has: choose another name`;
      report({ code: 'duplicate-name', message, node: item, property: 'name' });
    } else if (!metric && name === RESTARTED) {
      const message = `\`${RESTARTED}\` is the name of the end a restart makes: choose another name`;
      report({ code: 'duplicate-name', message, node: item, property: 'name' });
    }
    if (metric) metrics.set(name, metrics.get(name) ?? item);
    else rules.set(name, rules.get(name) ?? (item as Step));
  }
};

/** Events, dates, durations, counts, metrics: all that binding notices. */
export const badJourney: Check<Journey> = (journey, report, services) => {
  const sink = new Sink();
  const metricSink = sink.aside();
  const plan = bindJourney(journey, sink, metricSink, namesOf('EventOrSource', journey, services));
  // Rules with an error are told so, and nothing else is said of them.
  if (sink.errors === 0) senseOf(journey, plan, sink.around.made ?? new Map(), report);
  metricSink.problems.forEach(report);
  sink.problems.forEach(report);
};
