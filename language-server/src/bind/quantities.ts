import type { MetricExpr, Quantity } from '@journey/engine';

/** What a metric expression yields: a kind of number, or a condition. */
export type MetricType = Quantity | 'condition' | 'unknown';

const isPlain = (type: MetricType) => type === 'count' || type === 'share' || type === 'number';
const SAY: Record<MetricType, string> = {
  count: 'a count',
  share: 'a share',
  duration: 'a duration',
  number: 'a number',
  condition: 'a condition',
  unknown: 'unknown',
};
export const say = (type: MetricType): string => SAY[type];

/** The type of an arithmetic expression, or why there is none. */
export function arithmeticType(op: string, left: MetricType, right: MetricType): MetricType | { error: string } {
  if (left === 'unknown' || right === 'unknown') return 'unknown';
  if (left === 'condition' || right === 'condition') return { error: `\`${op}\` needs numbers, and a condition is none` };
  const durations = [left, right].filter(type => type === 'duration').length;
  if (op === '+' || op === '-') {
    if (durations === 1) return { error: `${SAY[left]} and ${SAY[right]} can't be ${op === '+' ? 'added' : 'subtracted'}` };
    return left === right ? left : 'number';
  }
  if (op === '*') return durations === 2 ? { error: "Two durations can't be multiplied" } : durations === 1 ? 'duration' : 'number';
  if (left === 'duration') return right === 'duration' ? 'number' : 'duration';
  return right === 'duration' ? { error: `${SAY[left]} can't be divided by a duration` } : 'number';
}

/** @returns why two sides can't be compared, and what to write instead; undefined where they can */
export function comparisonError(
  left: MetricExpr,
  leftType: MetricType,
  right: MetricExpr,
  rightType: MetricType,
): { error: string; fix?: string } | undefined {
  if (leftType === 'unknown' || rightType === 'unknown') return undefined;
  if (leftType === 'condition' || rightType === 'condition')
    return { error: "A condition can't be compared; join conditions with `and` or `or`" };
  if ((leftType === 'duration') !== (rightType === 'duration')) {
    const [duration, other] = leftType === 'duration' ? [left, right] : [right, left];
    const otherType = leftType === 'duration' ? rightType : leftType;
    const hint = other.kind === 'number' && duration.kind !== 'duration' ? `; write a duration, such as ${other.value}d` : '';
    return { error: `A duration can't be compared with ${SAY[otherType]}${hint}` };
  }
  for (const [one, oneType, other] of [
    [left, leftType, right],
    [right, rightType, left],
  ] as const) {
    if (oneType === 'share' && one.kind !== 'percent' && other.kind === 'number' && other.value > 1) {
      return { error: `A share lies between 0 and 100%: did you mean \`${other.value}%\`?`, fix: `${other.value}%` };
    }
    if (oneType === 'share' && one.kind !== 'percent' && other.kind === 'shareOf' && other.share.kind === 'percent') {
      const percent = `${Number((other.share.value * 100).toFixed(6))}%`;
      return { error: `A share is held against a percentage alone: write \`${percent}\`, or compare a count with it`, fix: percent };
    }
    if (oneType === 'count' && other.kind === 'percent') {
      return { error: 'A count is held against a percentage of something: say of what, such as `of attempts` or `of entered`' };
    }
  }
  return isPlain(leftType) || leftType === 'duration' ? undefined : { error: `${SAY[leftType]} can't be compared` };
}
