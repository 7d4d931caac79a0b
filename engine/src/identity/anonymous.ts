import type { IdGraph } from './graph.ts';
import type { Rules } from './rules.ts';

/** Where a row without an id of the strongest kind goes. */
export interface Climbed {
  node: number;
  /** Two stronger ids shared a row with it at the same instant: the order of links decided. */
  tied: boolean;
}

/**
 * `anonymous split by time`: from an id to the stronger one that shared a row with it last, at or before an instant and within V,
 * else to the next one, within R; and so on upwards. This reads rows, not links: refused ones count.
 */
export class Anonymous {
  private readonly graph: IdGraph;
  private readonly rules: Rules;
  private readonly placeOf: Int32Array;
  /** By kind, and below it by stronger kind: those that meet it for equally long share a list of meetings. */
  private readonly listOf: number[][];
  private readonly validOf: number[][];
  private readonly lists: number;
  /** Meetings by id and list: the position of the first row of an instant, the pair that is linked first, whether others were there too. */
  private readonly start: Int32Array;
  private readonly end: Int32Array;
  private readonly position: Int32Array;
  private readonly pair: Int32Array;
  private readonly tied: Uint8Array;

  /**
   * @param placeOf by pair its place in the order of links; -1 where it can't be one
   * @param without by position 1 for rows that belong to nobody
   */
  constructor(graph: IdGraph, rules: Rules, placeOf: Int32Array, without: Uint8Array | null) {
    this.graph = graph;
    this.rules = rules;
    this.placeOf = placeOf;
    const kinds = rules.kinds.map((_, kind) => kind);
    this.validOf = kinds.map(kind => [...new Set(kinds.slice(0, kind).map(a => rules.valid[a * kinds.length + kind]))]);
    this.listOf = kinds.map(kind => kinds.slice(0, kind).map(a => this.validOf[kind].indexOf(rules.valid[a * kinds.length + kind])));
    this.lists = Math.max(1, ...this.validOf.map(valid => valid.length));

    const { pairs, kindOf, pairsOfRows, idsFrom, tick } = graph;
    const slots = graph.nodes.count * this.lists;
    const slotOf = (pair: number): number => pairs.b[pair] * this.lists + this.listOf[kindOf[pairs.b[pair]]][kindOf[pairs.a[pair]]];
    const counts = (pair: number): boolean => placeOf[pair] >= 0 && kindOf[pairs.a[pair]] < kindOf[pairs.b[pair]];
    this.start = new Int32Array(slots + 1);
    for (let pair = 0; pair < pairs.count; pair++)
      if (counts(pair)) this.start[slotOf(pair) + 1] += graph.rowsFrom[pair + 1] - graph.rowsFrom[pair];
    for (let slot = 0; slot < slots; slot++) this.start[slot + 1] += this.start[slot];
    this.end = this.start.slice(0, slots);
    const most = this.start[slots];
    this.position = new Int32Array(most);
    this.pair = new Int32Array(most);
    this.tied = new Uint8Array(most);
    let at = 0;
    for (let p = 0; p < graph.count; p++) {
      const ids = idsFrom[p + 1] - idsFrom[p];
      const next = at + (ids * (ids - 1)) / 2;
      for (; at < next; at++) {
        const pair = pairsOfRows[at];
        if (without?.[p] || !counts(pair)) continue;
        const slot = slotOf(pair);
        const last = this.end[slot] - 1;
        if (last >= this.start[slot] && tick[this.position[last]] === tick[p]) {
          if (this.pair[last] !== pair) this.tied[last] = 1;
          if (placeOf[pair] < placeOf[this.pair[last]]) this.pair[last] = pair;
        } else {
          this.position[last + 1] = p;
          this.pair[last + 1] = pair;
          this.end[slot]++;
        }
      }
    }
  }

  /** @param tick of the instant: rows before it have a smaller one, rows after it a larger one */
  from(node: number, tick: number, instant: number): Climbed {
    const { kindOf, pairs, time } = this.graph;
    const { retroactive } = this.rules;
    let tied = false;
    for (;;) {
      const valid = this.validOf[kindOf[node]];
      let met: Meeting | null = null;
      for (let list = 0; list < valid.length; list++) {
        const i = this.after(node * this.lists + list, tick) - 1;
        if (i >= this.start[node * this.lists + list] && instant - time[this.position[i]] <= valid[list]) met = this.nearer(met, i, 1);
      }
      for (let list = 0; list < valid.length && (!met || met.ahead); list++) {
        const i = this.after(node * this.lists + list, tick);
        if (i < this.end[node * this.lists + list] && time[this.position[i]] - instant <= retroactive) met = this.nearer(met, i, -1);
      }
      if (!met) return { node, tied };
      tied ||= met.tied;
      node = pairs.a[met.pair];
    }
  }

  /** The first meeting of a list after an instant. */
  private after(slot: number, tick: number): number {
    const { graph, position } = this;
    let low = this.start[slot];
    let high = this.end[slot];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (graph.tick[position[middle]] <= tick) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param sign 1: the later one is nearer; -1: the earlier */
  private nearer(met: Meeting | null, i: number, sign: 1 | -1): Meeting {
    const tick = this.graph.tick[this.position[i]];
    const other = { pair: this.pair[i], tick, tied: this.tied[i] === 1, ahead: sign < 0 };
    if (!met || (tick - met.tick) * sign > 0) return other;
    if (tick !== met.tick) return met;
    return { ...met, pair: this.placeOf[other.pair] < this.placeOf[met.pair] ? other.pair : met.pair, tied: true };
  }
}

interface Meeting {
  pair: number;
  tick: number;
  tied: boolean;
  /** After the instant that was asked for. */
  ahead: boolean;
}
