import type { Pattern } from '@journey/grammar';
import { bindPattern } from '../bind/patterns.ts';
import { Sink } from '../bind/sink.ts';
import type { Check } from './index.ts';

export const badPattern: Check<Pattern> = (pattern, report) => {
  const sink = new Sink();
  bindPattern(pattern, sink);
  sink.problems.forEach(report);
};
