import type { Event, File, Scenario, Segment } from '@journey/grammar';
import type { AstNode } from 'langium';
import type { LangiumServices } from 'langium/lsp';
import { bindPattern } from '../bind/patterns.ts';
import { bindAsOf, bindScenario } from '../bind/scenarios.ts';
import { bindSegment } from '../bind/segments.ts';
import { Sink } from '../bind/sink.ts';
import type { JourneyScopeProvider } from '../language/scope.ts';
import type { Check } from './check.ts';

export const badEvent: Check<Event> = (event, report) => {
  const sink = new Sink();
  bindPattern(event.pattern, sink);
  sink.problems.forEach(report);
};

/** Names in sight, for guesses. */
export function namesOf(type: 'EventOrSource' | 'Segment', from: AstNode, services: LangiumServices): () => string[] {
  const scope = services.references.ScopeProvider as JourneyScopeProvider;
  return () =>
    scope
      .visible(type, from)
      .getAllElements()
      .map(each => each.name)
      .toArray();
}

export const badSegment: Check<Segment> = (segment, report, services) => {
  const sink = new Sink();
  bindSegment(segment, sink, { events: namesOf('EventOrSource', segment, services), segments: namesOf('Segment', segment, services) });
  sink.problems.forEach(report);
};

export const badScenario: Check<Scenario> = (scenario, report) => {
  const sink = new Sink();
  bindScenario(scenario, sink);
  sink.problems.forEach(report);
};

export const badAsOf: Check<File> = (file, report) => {
  const [first, ...more] = file.asOf ?? [];
  const sink = new Sink();
  bindAsOf(first, undefined, sink);
  sink.problems.forEach(report);
  for (const node of more) {
    const message = 'A file has one `as of`: only one of them can hold';
    report({ code: 'duplicate-rule', message, node, related: [{ message: 'The first one', node: first }] });
  }
};
