import type { Millis } from '@journey/engine';
import type * as ast from '@journey/grammar';
import { parseDuration } from '../language/literals.ts';
import { fixTo } from './expressions.ts';
import type { Sink } from './sink.ts';

/** A duration as a rule gives it. */
export function bindDuration(node: ast.Duration | undefined, sink: Sink): Millis {
  if (!node?.text) {
    sink.missing();
    return 0;
  }
  const parsed = parseDuration(node.text);
  if (parsed.ok) return parsed.value;
  sink.report({ code: 'bad-duration', message: parsed.message, node, fix: fixTo(parsed.fix) });
  return 0;
}

/** A count of things: a whole number from 1, or from `least`. */
export function bindCount(
  node: ast.Limit | ast.OnSome | ast.Repeated | ast.AtLeast | ast.Claim | ast.KindLimit | ast.Shared | ast.Suppress,
  property: 'count',
  sink: Sink,
  least = 1,
): number {
  const count = node[property];
  if (count === undefined || Number.isNaN(count)) sink.missing();
  else if (!Number.isSafeInteger(count) || count < least) {
    sink.report({ code: 'bad-number', message: `Expected a whole number from ${least}, found ${count}`, node, property });
  }
  return count ?? least;
}
