import type { At, ColumnRef, Expr, SourcePlan } from '../plan.ts';
import { TextColumn } from '../read/column.ts';
import { Dictionary, TooLarge } from '../read/dictionary.ts';
import { zoneOrUtc } from '../read/relation.ts';
import { compileCondition, compileText, type Scope } from './compile.ts';
import { canonical, columnKey, columnsOf } from './expr.ts';
import { Kept } from './kept.ts';
import type { SqlStore } from './sql.ts';

/**
 * A condition taken apart: what reads one set of columns is a mask over their distinct values (index: code + 1), decided
 * in SQL once; only `and`, `or` and `not` over different columns are left to be done row by row, on bytes.
 */
type Test =
  | { kind: 'mask'; codes: Int32Array; mask: Uint8Array }
  | { kind: 'constant'; value: boolean }
  | { kind: 'and' | 'or'; tests: Test[] }
  | { kind: 'not'; test: Test };

/** Where an expression is asked: a FROM clause, the code of a row in it, and the codes by source row. */
interface Asked {
  from: string;
  code: string;
  codes: Int32Array;
  count: number;
  scope: Scope;
}

interface Tuples {
  codes: Int32Array;
  parts: Int32Array[];
}

/** Rows of one source, and what can be read beside them. */
interface Rows {
  readonly plan: { readonly time: Pick<SourcePlan['time'], 'zone'> };
  readonly count: number;
  /** By row; all missing where there is no such column. */
  column(ref: ColumnRef): TextColumn;
}

/** Conditions and expressions over one source's rows. Everything asked of SQL is kept by its canonical text. */
export class Conditions {
  /** Told of a part that couldn't be decided. */
  onFailure: ((at: At, message: string) => void) | null = null;
  failures = 0;
  readonly tuples = new Map<string, Tuples>();
  private readonly rows: Rows;
  readonly sql: SqlStore;
  /** While somebody types, every keystroke is another condition: the oldest answers go. */
  private readonly tests = new Kept<Test>(400, test => (test.kind === 'mask' ? test.mask.length : 0), 32 * 2 ** 20);
  /** With what each was computed from. */
  private readonly texts = new Kept<{ column: TextColumn; of: Dictionary[] }>(16);

  constructor(rows: Rows, sql: SqlStore) {
    this.rows = rows;
    this.sql = sql;
  }

  /**
   * Which of the rows meet the condition: 1 or 0 for each. What can't be decided holds for none, and is told to `onFailure`.
   */
  flags(expr: Expr, rows: Uint32Array): Uint8Array {
    this.tests.turn++;
    return run(this.test(expr), rows);
  }

  /** An expression's value as a column; a plain column is itself. */
  text(expr: Expr): TextColumn {
    if (expr.kind === 'column') return this.rows.column(expr.column);
    const key = canonical(expr);
    const known = this.texts.find(key);
    if (known) return known.column;
    const before = this.failures;
    const column =
      this.tried(expr, () => this.computed(expr)) ?? TextColumn.of(new Int32Array(this.rows.count).fill(-1), new Dictionary(), 0);
    if (before === this.failures) this.texts.set(key, { column, of: columnsOf(expr).map(ref => this.rows.column(ref).dictionary) });
    return column;
  }

  /** Lets go of what was computed from columns that nobody reads any more. */
  keepOnly(dictionaries: ReadonlySet<Dictionary>): void {
    this.texts.keep(({ of }) => of.every(one => one.count === 0 || dictionaries.has(one)));
  }

  private computed(expr: Expr): TextColumn {
    const asked = this.ask(expr);
    const dictionary = new Dictionary();
    const byCode = new Int32Array(asked.count + 1).fill(-1);
    this.sql.values(asked.from, asked.code, compileText(expr, asked.scope), (code, text) => {
      if (text) byCode[code + 1] = dictionary.addText(text);
    });
    const codes = new Int32Array(this.rows.count);
    for (let row = 0; row < codes.length; row++) codes[row] = byCode[asked.codes[row] + 1];
    return TextColumn.of(codes, dictionary.seal(), 8);
  }

  private test(expr: Expr): Test {
    const key = canonical(expr);
    let test = this.tests.find(key);
    if (!test) {
      const before = this.failures;
      test = this.build(expr);
      if (before === this.failures) this.tests.set(key, test);
    }
    return test;
  }

  private build(expr: Expr): Test {
    if (expr.kind === 'and' || expr.kind === 'or')
      return combine(
        expr.kind,
        expr.operands.map(operand => this.test(operand)),
      );
    if (expr.kind === 'not') {
      const test = this.test(expr.operand);
      if (test.kind === 'mask') return { ...test, mask: test.mask.map(bit => bit ^ 1) };
      return test.kind === 'constant' ? { kind: 'constant', value: !test.value } : { kind: 'not', test };
    }
    return this.tried(expr, () => this.decide(expr)) ?? { kind: 'constant', value: false };
  }

  private decide(expr: Expr): Test {
    const asked = this.ask(expr);
    const condition = compileCondition(expr, asked.scope);
    if (!asked.from) return { kind: 'constant', value: this.sql.holds(condition) };
    const mask = new Uint8Array(asked.count + 1);
    for (const code of this.sql.codes(asked.from, asked.code, condition)) mask[code + 1] = 1;
    return { kind: 'mask', codes: asked.codes, mask };
  }

  private tried<T>(expr: Expr, work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      this.failures++;
      const why = error instanceof TooLarge ? error.message : `the SQL engine says "${(error as Error).message}"`;
      this.onFailure?.(expr.at, `this could not be decided, and holds for no row: ${why}`);
      return null;
    }
  }

  private ask(expr: Expr): Asked {
    const refs = columnsOf(expr);
    const columns = refs.map(ref => this.rows.column(ref));
    const zone = zoneOrUtc(this.rows.plan.time.zone);
    const scope: Scope = {
      column: ref => {
        const at = refs.findIndex(other => columnKey(other) === columnKey(ref));
        return { sql: `v${at}.t`, type: columns[at].type };
      },
      ascii: columns.every(column => column.dictionary.ascii) && isAsciiText(canonical(expr)),
      zone,
      instant: this.sql.instant(zone),
      pattern: (regex, flags) => this.sql.pattern(regex, flags),
    };
    if (columns.length === 0) return { from: '', code: '', codes: new Int32Array(this.rows.count).fill(-1), count: 0, scope };
    if (columns.length === 1) {
      const [{ codes, dictionary }] = columns;
      return { from: `${this.sql.tableOf(dictionary)} v0`, code: 'v0.code', codes, count: dictionary.count, scope };
    }
    const { codes, parts } = this.tuplesOf(refs, columns);
    const joins = columns.map(({ dictionary }, i) => `JOIN ${this.sql.tableOf(dictionary)} v${i} ON v${i}.code = p.c${i}`);
    return { from: `${this.sql.tuplesOf(parts)} p ${joins.join(' ')}`, code: 'p.code', codes, count: parts[0].length, scope };
  }

  /** The combinations of values that occur, numbered, and each row's number. */
  private tuplesOf(refs: ColumnRef[], columns: TextColumn[]): Tuples {
    const key = refs.map(columnKey).join('\u0001');
    let tuples = this.tuples.get(key);
    if (!tuples) {
      tuples = combinations(columns);
      this.tuples.set(key, tuples);
    }
    return tuples;
  }
}

/** Numbers the combinations of codes that stand on a row together, the missing one (-1) included. */
export function combinations(columns: TextColumn[]): Tuples {
  let codes = columns[0].codes;
  let size = columns[0].dictionary.count;
  let firsts = new Int32Array(0);
  for (const column of columns.slice(1)) {
    const ids = new Map<number, number>();
    const next = new Int32Array(codes.length);
    const rows: number[] = [];
    const width = column.dictionary.count + 1;
    for (let row = 0; row < codes.length; row++) {
      const pair = (codes[row] + 1) * width + column.codes[row] + 1;
      let id = ids.get(pair);
      if (id === undefined) {
        id = rows.length;
        ids.set(pair, id);
        rows.push(row);
      }
      next[row] = id;
    }
    codes = next;
    size = rows.length;
    firsts = Int32Array.from(rows);
  }
  const parts = columns.map(column => Int32Array.from({ length: size }, (_, id) => column.codes[firsts[id]]));
  return { codes, parts };
}

function combine(kind: 'and' | 'or', tests: Test[]): Test {
  const neutral = kind === 'and';
  const masks = new Map<Int32Array, Uint8Array>();
  const others: Test[] = [];
  for (const test of tests) {
    if (test.kind === 'constant') {
      if (test.value !== neutral) return test;
    } else if (test.kind === 'mask') {
      const known = masks.get(test.codes);
      if (known) for (let i = 0; i < known.length; i++) known[i] = neutral ? known[i] & test.mask[i] : known[i] | test.mask[i];
      else masks.set(test.codes, test.mask.slice());
    } else others.push(test);
  }
  const parts: Test[] = [...[...masks].map(([codes, mask]): Test => ({ kind: 'mask', codes, mask })), ...others];
  if (parts.length === 0) return { kind: 'constant', value: neutral };
  return parts.length === 1 ? parts[0] : { kind, tests: parts };
}

function run(test: Test, rows: Uint32Array): Uint8Array {
  const out = new Uint8Array(rows.length);
  if (test.kind === 'constant') return test.value ? out.fill(1) : out;
  if (test.kind === 'mask') {
    const { codes, mask } = test;
    for (let i = 0; i < rows.length; i++) out[i] = mask[codes[rows[i]] + 1];
    return out;
  }
  if (test.kind === 'not') {
    const inner = run(test.test, rows);
    for (let i = 0; i < inner.length; i++) inner[i] ^= 1;
    return inner;
  }
  const [first, ...rest] = test.tests.map(part => run(part, rows));
  for (const part of rest) {
    if (test.kind === 'and') for (let i = 0; i < first.length; i++) first[i] &= part[i];
    else for (let i = 0; i < first.length; i++) first[i] |= part[i];
  }
  return first;
}

const isAsciiText = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);
