import type { ColumnRef, Expr, RowsPattern } from '../plan.ts';

/** The parts of an expression, one level down. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'compare':
    case 'arithmetic':
      return [expr.left, expr.right];
    case 'and':
    case 'or':
      return expr.operands;
    case 'not':
    case 'negate':
    case 'like':
    case 'matches':
    case 'isNull':
      return [expr.operand];
    case 'in':
      return [expr.operand, ...expr.values];
    case 'call':
      return expr.args;
    default:
      return [];
  }
}

/** Every column the expression reads, each once. */
export function columnsOf(expr: Expr | undefined): ColumnRef[] {
  const found = new Map<string, ColumnRef>();
  const visit = (part: Expr): void => {
    if (part.kind === 'column') found.set(columnKey(part.column), part.column);
    else for (const inner of partsOf(part)) visit(inner);
  };
  if (expr) visit(expr);
  return [...found.values()];
}

/** The dotted name a file knows the column by. */
export const nameOf = (column: ColumnRef): string => column.path.join('.');
export const columnKey = (column: ColumnRef): string => `${column.table ?? ''}\0${nameOf(column)}`;

/** What an expression says, whatever its place in the text: equal texts mean the same. */
export function canonical(part: unknown): string {
  return JSON.stringify(part, (key, value) => (key === 'at' ? undefined : value)) ?? '';
}

/** The same for a pattern of rows: which sources' events, under which conditions. */
export const rowsKey = (pattern: RowsPattern): string =>
  pattern.any.map(part => `${part.source}\u0001${part.event}\u0001${canonical(part.where)}`).join('\u0002');

const DECIMAL = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i;
/** The number a text holds, or NaN. */
export function numberOf(text: string): number {
  const value = DECIMAL.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : NaN;
}
