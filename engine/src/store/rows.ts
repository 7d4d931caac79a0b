import type { ColumnRef, SourcePlan, TablePlan } from '../plan.ts';
import { TextColumn, TimeColumn } from '../read/column.ts';
import type { Dictionary } from '../read/dictionary.ts';
import type { Relation } from '../read/relation.ts';
import { zoneOrUtc } from '../read/relation.ts';
import { TimeReader } from '../read/time.ts';
import { columnKey, nameOf } from './expr.ts';

/** A table of facts, by the text of its key. */
export class TableRows {
  readonly plan: TablePlan;
  readonly relation: Relation;
  /** Rows whose key an earlier row has. */
  duplicates = 0;
  firstDuplicate = '';
  /** By code of the key column: the first row with it. */
  private readonly rowOf: Int32Array;

  constructor(plan: TablePlan, relation: Relation) {
    this.plan = plan;
    this.relation = relation;
    const { codes, dictionary } = this.key;
    this.rowOf = new Int32Array(dictionary.count).fill(-1);
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row];
      if (code < 0) continue;
      if (this.rowOf[code] < 0) this.rowOf[code] = row;
      else if (!this.duplicates++) this.firstDuplicate = dictionary.text(code);
    }
  }

  /** For each row of a column the table's row with that key, or -1. */
  partners(on: TextColumn): Int32Array {
    const { dictionary } = this.key;
    const byCode = new Int32Array(on.dictionary.count);
    for (let code = 0; code < byCode.length; code++) {
      const key = dictionary.find(on.dictionary.text(code));
      byCode[code] = key < 0 ? -1 : this.rowOf[key];
    }
    const partners = new Int32Array(on.codes.length);
    for (let row = 0; row < partners.length; row++) partners[row] = on.codes[row] < 0 ? -1 : byCode[on.codes[row]];
    return partners;
  }

  /** Every key, with the first row that has it. */
  eachKey(read: (key: string, row: number) => void): void {
    const { dictionary } = this.key;
    for (let code = 0; code < this.rowOf.length; code++) if (this.rowOf[code] >= 0) read(dictionary.text(code), this.rowOf[code]);
  }

  private get key(): TextColumn {
    return this.relation.text(nameOf(this.plan.key.column));
  }
}

/** The rows of a source, and beside them the columns of the tables it joins. */
export class SourceRows {
  readonly plan: SourcePlan;
  readonly relation: Relation;
  private readonly tables: ReadonlyMap<string, TableRows>;
  private readonly partnersOf = new Map<string, Int32Array>();
  private readonly joined = new Map<string, TextColumn>();

  constructor(plan: SourcePlan, relation: Relation, tables: ReadonlyMap<string, TableRows>) {
    this.plan = plan;
    this.relation = relation;
    this.tables = tables;
  }

  get count(): number {
    return this.relation.rows;
  }

  /** The column's values by row; all missing where the source doesn't have it. */
  column(ref: ColumnRef): TextColumn {
    if (!ref.table) return this.relation.text(nameOf(ref));
    const key = columnKey(ref);
    const table = this.tables.get(ref.table);
    const partners = this.partners(ref.table);
    const of = table?.relation.text(nameOf(ref));
    let column = this.joined.get(key);
    // The table's own column may have been let go and read anew since.
    if (!column || (of && column.dictionary !== of.dictionary)) {
      const codes = new Int32Array(this.count).fill(-1);
      if (of && partners) for (let row = 0; row < codes.length; row++) if (partners[row] >= 0) codes[row] = of.codes[partners[row]];
      column = TextColumn.of(codes, of?.dictionary ?? new TextColumn(0).dictionary, of?.kinds ?? 0);
      this.joined.set(key, column);
    }
    return column;
  }

  /** Lets go of joined columns that nobody reads any more. */
  keepOnly(dictionaries: ReadonlySet<Dictionary>): void {
    for (const [key, { dictionary }] of this.joined) if (dictionary.count && !dictionaries.has(dictionary)) this.joined.delete(key);
  }

  /** The source's own times by row. */
  times(): TimeColumn {
    const { column, zone } = this.plan.time;
    if (!column.table) return this.relation.time(nameOf(column), zone);
    const of = this.tables.get(column.table)?.relation.time(nameOf(column), zone);
    const partners = this.partners(column.table);
    const times = new TimeColumn(new TimeReader(zoneOrUtc(zone)), this.count);
    for (let row = 0; row < this.count; row++) times.copy(of, partners ? partners[row] : -1);
    return times.seal();
  }

  /** Rows that find no partner in the table, and of them those whose own key is missing. */
  unpartnered(table: string): { rows: number; withoutKey: number } {
    const partners = this.partners(table);
    const join = this.plan.joins.find(join => join.table === table);
    if (!partners || !join) return { rows: 0, withoutKey: 0 };
    const on = this.column(join.on);
    let rows = 0;
    let withoutKey = 0;
    for (let row = 0; row < partners.length; row++) {
      if (partners[row] >= 0) continue;
      rows++;
      if (on.codes[row] < 0) withoutKey++;
    }
    return { rows, withoutKey };
  }

  private partners(name: string): Int32Array | null {
    let partners = this.partnersOf.get(name) ?? null;
    if (partners) return partners;
    const join = this.plan.joins.find(join => join.table === name);
    const table = this.tables.get(name);
    // A table joined on its own column leads nowhere.
    if (!join || !table || join.on.table === name) return null;
    partners = table.partners(this.column(join.on));
    this.partnersOf.set(name, partners);
    return partners;
  }
}
