/** Conditions, events and rules as people write them. */
import { formatDuration } from '../format.ts';
import type { ColumnRef, EndPlan, EventPattern, Expr } from '../plan.ts';

const PLAIN = /^[A-Za-z_]\w*$/;

/** `web.page_view`, `web."Signed Up"` */
export const eventName = (source: string, name: string): string => `${source}.${PLAIN.test(name) ? name : JSON.stringify(name)}`;

/** `total`, `context.device`, `items.category` */
export const columnName = ({ table, path }: ColumnRef): string => [...(table === undefined ? [] : [table]), ...path].join('.');

/** `a, b and c` */
export const listed = (words: readonly string[], last = 'and'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const BINDING: Partial<Record<Expr['kind'], number>> = {
  or: 1,
  and: 2,
  not: 3,
  compare: 4,
  in: 4,
  like: 4,
  matches: 4,
  isNull: 4,
  arithmetic: 5,
};

/** A condition in the language. */
export function conditionText(expr: Expr): string {
  const inner = (part: Expr): string => {
    const text = conditionText(part);
    return (BINDING[part.kind] ?? 9) <= (BINDING[expr.kind] ?? 9) ? `(${text})` : text;
  };
  switch (expr.kind) {
    case 'literal':
      return expr.value === null ? 'null' : typeof expr.value === 'string' ? JSON.stringify(expr.value) : String(expr.value);
    case 'instant':
      return expr.text;
    case 'duration':
      return formatDuration(expr.value);
    case 'column':
      return columnName(expr.column);
    case 'compare':
    case 'arithmetic':
      return `${inner(expr.left)} ${expr.op} ${inner(expr.right)}`;
    case 'negate':
      return `-${inner(expr.operand)}`;
    case 'and':
    case 'or':
      return expr.operands.map(operand => (operand.kind === expr.kind ? conditionText(operand) : inner(operand))).join(` ${expr.kind} `);
    case 'not':
      return `not ${inner(expr.operand)}`;
    case 'in':
      return `${inner(expr.operand)} ${expr.negated ? 'not ' : ''}in (${expr.values.map(conditionText).join(', ')})`;
    case 'like':
      return `${inner(expr.operand)} ${expr.negated ? 'not ' : ''}${expr.ignoreCase ? 'ilike' : 'like'} ${JSON.stringify(expr.pattern)}`;
    case 'matches':
      return `${inner(expr.operand)} ${expr.negated ? 'not ' : ''}matches /${expr.regex}/${expr.flags}`;
    case 'isNull':
      return `${inner(expr.operand)} is ${expr.negated ? 'not ' : ''}null`;
    case 'call':
      return `${expr.fn}(${expr.args.map(conditionText).join(', ')})`;
  }
}

/** `14d of silence`, `7d in Cart`, `60d` */
export function clockText(trigger: EndPlan['trigger']): string {
  switch (trigger.kind) {
    case 'after':
      return `${formatDuration(trigger.duration)} after entry`;
    case 'inStage':
      return `${formatDuration(trigger.duration)} in ${trigger.stage}`;
    case 'silence':
      return `${formatDuration(trigger.duration)} of silence${trigger.of ? ` of ${listed(trigger.of.map(patternText), 'or')}` : ''}`;
    case 'event':
      return patternText(trigger.on);
    case 'nOf':
      return `${trigger.count} of (${trigger.items.map(patternText).join(', ')})`;
  }
}

/** As it was written; long conditions are no help in a sentence. */
export const patternText = (pattern: EventPattern): string => pattern.text.replace(/\s+/g, ' ').trim();
