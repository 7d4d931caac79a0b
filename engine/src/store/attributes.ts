import type { Keys, Participants } from '../events.ts';
import type { ColumnRef, Expr } from '../plan.ts';
import { TextColumn } from '../read/column.ts';
import type { Dictionary } from '../read/dictionary.ts';
import { Conditions } from './conditions.ts';
import { columnKey, nameOf } from './expr.ts';
import type { TableRows } from './rows.ts';
import type { SourceEvents } from './source.ts';

/** Events by position: the row in its source each comes from. */
interface Positions {
  count: number;
  source: Uint16Array;
  row: Uint32Array;
}

/**
 * What tables keyed by an id say about the participants of one identity: of the table's rows whose key is any id of the
 * participant, the first in order of file.
 */
export class Attributes {
  private readonly people: Participants;
  private readonly tables: ReadonlyMap<string, TableRows>;
  private readonly positions: Positions;
  /** By table: the row of each participant, or -1. */
  private readonly rowsOf = new Map<string, Int32Array>();
  private readonly columns = new Map<string, { keys: Keys; of: Dictionary }>();
  /** By source's rows, then by column. */
  private readonly joined = new Map<Int32Array, Map<string, TextColumn>>();
  private readonly bySource = new Map<SourceEvents, { participant: Int32Array; conditions: Conditions }>();

  constructor(people: Participants, tables: ReadonlyMap<string, TableRows>, positions: Positions) {
    this.people = people;
    this.tables = tables;
    this.positions = positions;
  }

  /** Whether these are the tables it speaks of. */
  isOf(tables: ReadonlyMap<string, TableRows>): boolean {
    return tables.size === this.tables.size && [...tables].every(([name, table]) => this.tables.get(name) === table);
  }

  /** By participant; all missing where the table isn't keyed by an id. */
  keys(ref: ColumnRef): Keys {
    const key = columnKey(ref);
    const known = this.columns.get(key);
    if (known) return known.keys;
    const column = this.column(ref);
    const rows = this.rows(ref.table!);
    let values: readonly string[] | null = null;
    const keys: Keys = {
      of: rows.map(row => (row < 0 ? -1 : column.codes[row])),
      get values() {
        values ??= column.dictionary.texts();
        return values;
      },
    };
    this.columns.set(key, { keys, of: column.dictionary });
    return keys;
  }

  /** Lets go of what was made of columns that nobody reads any more. */
  keepOnly(dictionaries: ReadonlySet<Dictionary>): void {
    const gone = (of: Dictionary) => of.count > 0 && !dictionaries.has(of);
    for (const [key, { of }] of this.columns) if (gone(of)) this.columns.delete(key);
    for (const columns of this.joined.values()) for (const [key, { dictionary }] of columns) if (gone(dictionary)) columns.delete(key);
    for (const { conditions } of this.bySource.values()) conditions.keepOnly(dictionaries);
  }

  /** Which of a source's rows meet a condition over their own columns and the attributes of their participants. */
  flags(source: SourceEvents, index: number, where: Expr, rows: Uint32Array): Uint8Array {
    let known = this.bySource.get(source);
    if (!known) {
      const participant = this.participantOf(index, source.rows.count);
      const conditions = new Conditions(
        {
          plan: source.rows.plan,
          count: source.rows.count,
          column: ref => (this.isKeyed(ref) ? this.beside(participant, ref) : source.rows.column(ref)),
        },
        source.conditions.sql,
      );
      known = { participant, conditions };
      this.bySource.set(source, known);
    }
    known.conditions.onFailure = source.conditions.onFailure;
    return known.conditions.flags(where, rows);
  }

  private beside(participant: Int32Array, ref: ColumnRef): TextColumn {
    let columns = this.joined.get(participant);
    if (!columns) {
      columns = new Map();
      this.joined.set(participant, columns);
    }
    const key = columnKey(ref);
    let column = columns.get(key);
    if (!column) {
      const { of } = this.keys(ref);
      const { dictionary, kinds } = this.column(ref);
      column = TextColumn.of(
        participant.map(person => (person < 0 ? -1 : of[person])),
        dictionary,
        kinds,
      );
      columns.set(key, column);
    }
    return column;
  }

  isKeyed({ table }: ColumnRef): boolean {
    return table !== undefined && this.tables.get(table)?.plan.key.idKind !== undefined;
  }

  private column(ref: ColumnRef): TextColumn {
    return this.isKeyed(ref) ? this.tables.get(ref.table!)!.relation.text(nameOf(ref)) : new TextColumn(0);
  }

  private rows(name: string): Int32Array {
    let rows = this.rowsOf.get(name);
    if (!rows) {
      rows = new Int32Array(this.people.count).fill(-1);
      const table = this.tables.get(name);
      const kind = table?.plan.key.idKind;
      if (table && kind !== undefined) {
        table.eachKey((key, row) => {
          const person = this.people.find(kind, key);
          if (person >= 0 && (rows![person] < 0 || rows![person] > row)) rows![person] = row;
        });
      }
      this.rowsOf.set(name, rows);
    }
    return rows;
  }

  private participantOf(index: number, rows: number): Int32Array {
    const { count, source, row } = this.positions;
    const participant = new Int32Array(rows).fill(-1);
    for (let p = 0; p < count; p++) if (source[p] === index) participant[row[p]] = this.people.of[p];
    return participant;
  }
}
