import { Dictionary } from '../read/dictionary.ts';
import { lexicalOrder } from './lexical.ts';

/** The ids of one kind that one source's rows carry. */
export interface IdColumn {
  source: number;
  /** Index of the kind, 0 the strongest. */
  kind: number;
  /** By row of the source; -1 where it carries none. */
  codes: Int32Array;
  dictionary: Dictionary;
}

/** Events by position, with the row each comes from. */
export interface Positions {
  count: number;
  time: Float64Array;
  source: Uint16Array;
  row: Uint32Array;
}

/** A node is (kind, value). They are numbered kind by kind, the strongest first. */
export class Nodes {
  readonly count: number;
  /** By column: from its codes to nodes. */
  readonly of: readonly Int32Array[];
  /** By kind: its first node; then the number of all nodes. */
  readonly starts: readonly number[];
  /** By kind: the values of all its columns. */
  readonly dictionaries: readonly Dictionary[];
  /** By kind, where nodes of a kind stand in order of value: a node's code, and a code's node, both from the kind's first. */
  private readonly orders: readonly { codes: Int32Array; ranks: Int32Array }[];

  /** @param inOrder nodes of one kind are numbered by code point, which costs a sort: then numbers compare as (kind, value) do */
  constructor(kinds: number, columns: readonly IdColumn[], inOrder: boolean) {
    const of: Int32Array[] = [];
    const starts: number[] = [];
    const dictionaries: Dictionary[] = [];
    const orders: { codes: Int32Array; ranks: Int32Array }[] = [];
    let count = 0;
    for (let kind = 0; kind < kinds; kind++) {
      const own = columns.map((column, i) => ({ column, i })).filter(({ column }) => column.kind === kind);
      const distinct = new Set(own.map(({ column }) => column.dictionary));
      // One column alone needs no merging: encoding half a million ids anew costs more than linking them.
      const dictionary = distinct.size === 1 ? own[0].column.dictionary : new Dictionary();
      const merged = own.map(({ column }) => (distinct.size === 1 ? null : dictionary.merge(column.dictionary)));
      if (distinct.size !== 1) dictionary.seal();
      const ranks = new Int32Array(inOrder ? dictionary.count : 0);
      const codes = inOrder ? lexicalOrder(dictionary) : ranks;
      codes.forEach((code, rank) => {
        ranks[code] = rank;
      });
      own.forEach(({ column, i }, at) => {
        const nodes = new Int32Array(column.dictionary.count);
        for (let code = 0; code < nodes.length; code++) {
          const own = merged[at]?.[code] ?? code;
          nodes[code] = count + (inOrder ? ranks[own] : own);
        }
        of[i] = nodes;
      });
      starts.push(count);
      dictionaries.push(dictionary);
      orders.push({ codes, ranks });
      count += dictionary.count;
    }
    this.count = count;
    this.of = of;
    this.starts = [...starts, count];
    this.dictionaries = dictionaries;
    this.orders = orders;
  }

  kindOf(node: number): number {
    let kind = this.dictionaries.length - 1;
    while (this.starts[kind] > node) kind--;
    return kind;
  }

  /** A node's code in the dictionary of its kind. */
  codeOf(node: number, kind = this.kindOf(node)): number {
    const own = node - this.starts[kind];
    const { codes } = this.orders[kind];
    return codes.length ? codes[own] : own;
  }

  text(node: number): string {
    const kind = this.kindOf(node);
    return this.dictionaries[kind].text(this.codeOf(node, kind));
  }

  /** -1 where nobody has it. */
  find(kind: number, text: string): number {
    const code = this.dictionaries[kind]?.find(text) ?? -1;
    if (code < 0) return -1;
    const { ranks } = this.orders[kind];
    return this.starts[kind] + (ranks.length ? ranks[code] : code);
  }
}

const known = new WeakMap<Dictionary, { kinds: number; of: { kind: number; dictionary: Dictionary }[]; nodes: Nodes }>();

/** Nodes in order of value: the same ones while the values are the same, however many rows are looked at. Sorting them costs most. */
export function orderedNodes(kinds: number, columns: readonly IdColumn[]): Nodes {
  if (columns.length === 0) return new Nodes(kinds, columns, true);
  const [{ dictionary: first }] = columns;
  const last = known.get(first);
  const isSame = ({ kind, dictionary }: IdColumn, i: number) =>
    kind === last?.of[i].kind && dictionary === last.of[i].dictionary && dictionary.count === last.nodes.of[i].length;
  if (last?.kinds === kinds && last.of.length === columns.length && columns.every(isSame)) return last.nodes;
  const nodes = new Nodes(kinds, columns, true);
  known.set(first, { kinds, of: columns.map(({ kind, dictionary }) => ({ kind, dictionary })), nodes });
  return nodes;
}
