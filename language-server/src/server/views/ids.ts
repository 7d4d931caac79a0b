/** Ids of people in the text of a definition: what stands for somebody of whom can be told why they are one. */
import type { At, Expr, IdentityPlan, Plan, Position } from '@journey/engine';

export interface IdAt {
  /** The identity it is looked up in. */
  identity: string;
  /** Absent: of whatever kind. */
  kind?: string;
  value: string;
  at: At;
  /** The title of the scenario whose rows decide. */
  scenario?: string;
}

/**
 * The id under the cursor: in `never link` and `ignore`, in a comparison with a column that a source takes an id from, in a row of a
 * scenario.
 */
export function idAt(plan: Plan, uri: string, { line, character }: Position): IdAt | undefined {
  const inside = ({ uri: of, start, end }: At): boolean =>
    of === uri &&
    (line > start.line || (line === start.line && character >= start.character)) &&
    (line < end.line || (line === end.line && character <= end.character));
  return inIdentities(plan, inside) ?? inScenarios(plan, inside) ?? inConditions(plan, inside);
}

type Inside = (at: At) => boolean;

function inIdentities({ identities }: Plan, inside: Inside): IdAt | undefined {
  for (const identity of identities) {
    if (!inside(identity.at)) continue;
    for (const { a, b } of identity.neverLinks)
      for (const { kind, value, at } of [a, b]) if (inside(at)) return { identity: identity.name, kind, value, at };
    for (const { where, kinds } of identity.ignores) {
      const literal = literalsOf(where).find(({ at }) => inside(at));
      if (literal)
        return { identity: identity.name, kind: kinds.length === 1 ? kinds[0] : undefined, value: String(literal.value), at: literal.at };
    }
  }
  return undefined;
}

function inScenarios(plan: Plan, inside: Inside): IdAt | undefined {
  for (const { rows, title, at, claims } of plan.scenarios) {
    if (!inside(at)) continue;
    const field = rows.flatMap(row => row.fields).find(field => field.idKind !== undefined && inside(field.at));
    if (!field || field.value === null) return undefined;
    const spoken = plan.journeys.find(({ name }) => claims.some(({ journey }) => journey === name))?.identity;
    const identity = withKind(plan, field.idKind!, spoken);
    return identity && { identity: identity.name, kind: field.idKind, value: String(field.value), at: field.at, scenario: title };
  }
  return undefined;
}

function inConditions(plan: Plan, inside: Inside): IdAt | undefined {
  // The kind of id that some source takes from a column as it is.
  const kindOf = (path: string): string | undefined =>
    plan.sources
      .flatMap(({ ids }) => ids)
      .find(({ value }) => value.kind === 'column' && value.column.table === undefined && value.column.path.join('.') === path)?.kind;
  const walk = (value: unknown): IdAt | undefined => {
    if (Array.isArray(value)) {
      for (const item of value) {
        const found = walk(item);
        if (found) return found;
      }
      return undefined;
    }
    if (value === null || typeof value !== 'object') return undefined;
    const compared = comparison(value as Expr);
    const literal = compared?.literals.find(({ at }) => inside(at));
    if (compared && literal) {
      const kind = kindOf(compared.column);
      const identity = kind === undefined ? undefined : withKind(plan, kind, plan.journeys[0]?.identity);
      return identity && { identity: identity.name, kind, value: String(literal.value), at: literal.at };
    }
    for (const child of Object.values(value)) {
      const found = walk(child);
      if (found) return found;
    }
    return undefined;
  };
  return walk([plan.sources.map(({ where }) => where), plan.events, plan.segments, plan.journeys]);
}

type Literal = Extract<Expr, { kind: 'literal' }>;

function comparison(expr: Expr): { column: string; literals: Literal[] } | undefined {
  if (expr.kind === 'compare') {
    const [column, literal] = expr.left?.kind === 'column' ? [expr.left, expr.right] : [expr.right, expr.left];
    if (column?.kind !== 'column' || literal?.kind !== 'literal') return undefined;
    return { column: column.column.path.join('.'), literals: [literal] };
  }
  if (expr.kind !== 'in' || expr.operand?.kind !== 'column') return undefined;
  return { column: expr.operand.column.path.join('.'), literals: expr.values.filter(value => value.kind === 'literal') };
}

function literalsOf(expr: Expr): Literal[] {
  if (expr.kind === 'and' || expr.kind === 'or') return expr.operands.flatMap(literalsOf);
  if (expr.kind === 'not') return literalsOf(expr.operand);
  return comparison(expr)?.literals ?? [];
}

/** The preferred identity where it has the kind, else the first that has. */
function withKind({ identities }: Plan, kind: string, preferred: string | undefined): IdentityPlan | undefined {
  const own = identities.filter(({ kinds }) => kinds.some(({ name }) => name === kind));
  return own.find(({ name }) => name === preferred) ?? own[0];
}
