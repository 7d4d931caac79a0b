import type { IdGraph } from './graph.ts';
import type { Rules } from './rules.ts';

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
  /** Meetings by id and list, in order of time: an instant, the pair that is linked first, and whether others met it then too. */
  private readonly start: Int32Array;
  private readonly end: Int32Array;
  private readonly tick: Int32Array;
  private readonly pair: Int32Array;
  private readonly several: Uint8Array;
  /** By id and list, the first meeting after what was asked for last. */
  private readonly next: Int32Array;
  private readonly instants: Float64Array;
  /** The climb that was asked for last: two stronger ids met it at the same instant, and the order of links decided. */
  tied = false;

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
    this.tick = new Int32Array(most);
    this.pair = new Int32Array(most);
    this.several = new Uint8Array(most);
    this.instants = new Float64Array(graph.ticks);
    let at = 0;
    for (let p = 0; p < graph.count; p++) {
      this.instants[tick[p]] = graph.time[p];
      const ids = idsFrom[p + 1] - idsFrom[p];
      const next = at + (ids * (ids - 1)) / 2;
      for (; at < next; at++) {
        const pair = pairsOfRows[at];
        if (without?.[p] || !counts(pair)) continue;
        const slot = slotOf(pair);
        const last = this.end[slot] - 1;
        if (last >= this.start[slot] && this.tick[last] === tick[p]) {
          if (this.pair[last] !== pair) this.several[last] = 1;
          if (placeOf[pair] < placeOf[this.pair[last]]) this.pair[last] = pair;
        } else {
          this.tick[last + 1] = tick[p];
          this.pair[last + 1] = pair;
          this.end[slot]++;
        }
      }
    }
    this.next = this.start.slice(0, slots);
  }

  /**
   * The id that a row goes to. Whether an equal instant decided is in `tied` then.
   * @param tick of the instant: rows before it have a smaller one, rows after it a larger one. Quickest where it never falls.
   */
  from(node: number, tick: number, instant: number): number {
    const { graph, lists, start, end, next, pair } = this;
    const { retroactive } = this.rules;
    this.tied = false;
    for (;;) {
      const valid = this.validOf[graph.kindOf[node]];
      let met = -1;
      let several = false;
      for (let list = 0; list < valid.length; list++) {
        const slot = node * lists + list;
        const i = this.seek(slot, tick) - 1;
        if (i < start[slot] || instant - this.instants[this.tick[i]] > valid[list]) continue;
        if (met >= 0 && this.tick[met] > this.tick[i]) continue;
        several = met >= 0 && this.tick[met] === this.tick[i] ? true : this.several[i] === 1;
        met = met >= 0 && this.tick[met] === this.tick[i] ? this.sooner(met, i) : i;
      }
      if (met < 0) {
        for (let list = 0; list < valid.length; list++) {
          const slot = node * lists + list;
          const i = next[slot];
          if (i >= end[slot] || this.instants[this.tick[i]] - instant > retroactive) continue;
          if (met >= 0 && this.tick[met] < this.tick[i]) continue;
          several = met >= 0 && this.tick[met] === this.tick[i] ? true : this.several[i] === 1;
          met = met >= 0 && this.tick[met] === this.tick[i] ? this.sooner(met, i) : i;
        }
      }
      if (met < 0) return node;
      if (several) this.tied = true;
      node = graph.pairs.a[pair[met]];
    }
  }

  /** Of two meetings at one instant the one whose pair is linked first. */
  private sooner(i: number, j: number): number {
    return this.placeOf[this.pair[i]] < this.placeOf[this.pair[j]] ? i : j;
  }

  /** The first meeting of a list after an instant. */
  private seek(slot: number, tick: number): number {
    const { start, end, next } = this;
    let i = next[slot];
    while (i < end[slot] && this.tick[i] <= tick) i++;
    while (i > start[slot] && this.tick[i - 1] > tick) i--;
    next[slot] = i;
    return i;
  }
}
