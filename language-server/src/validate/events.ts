import type { Event } from '@journey/grammar';
import { bindPattern } from '../bind/patterns.ts';
import { Sink } from '../bind/sink.ts';
import type { Check } from './index.ts';

export const badEvent: Check<Event> = (event, report) => {
  const sink = new Sink();
  bindPattern(event.pattern, sink);
  sink.problems.forEach(report);
};
