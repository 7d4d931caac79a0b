import type { Graph } from './graph.ts';
import type { Rules } from './rules.ts';

/** So many ids that met at one instant are not looked at one by one. */
const MANY = 64;

/**
 * `anonymous split by time`: from an id to the stronger one that shared a row with it last, at or before an instant and within V,
 * else to the next one, within R; and so on upwards. This reads rows, not links: refused ones count.
 */
export class Anonymous {
  private readonly graph: Graph;
  private readonly rules: Rules;
  private readonly placeOf: Int32Array;
  /** By kind, and below it by stronger kind: those that meet it for equally long share a list of meetings. */
  private readonly listOf: number[][];
  private readonly validOf: number[][];
  private readonly lists: number;
  /** Meetings by id and list, in order of time: an instant, the pair that is linked first, and where another pair of that instant stands; 0 for none. */
  private readonly start: Int32Array;
  private readonly end: Int32Array;
  private readonly tick: Int32Array;
  private readonly pair: Int32Array;
  private readonly also: Int32Array;
  /** The meetings of one instant that an id could go by, one a list at most. */
  private readonly found: number[] = [];
  /** By id and list, the first meeting after what was asked for last. */
  private readonly next: Int32Array;
  private readonly instants: Float64Array;
  /** The climb that was asked for last: two stronger ids met it at the same instant, and the order of links decided between them. */
  tied = false;

  /**
   * @param placeOf by pair its place in the order of links; -1 where it can't be one
   */
  constructor(graph: Graph, rules: Rules, placeOf: Int32Array) {
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
    this.also = new Int32Array(most);
    // Meetings of an instant that has one already leave room at the end of their list; nothing stands at 0 there.
    const spare = this.start.slice(1);
    this.instants = new Float64Array(graph.ticks);
    let at = 0;
    for (let p = 0; p < graph.count; p++) {
      this.instants[tick[p]] = graph.time[p];
      const ids = idsFrom[p + 1] - idsFrom[p];
      const next = at + (ids * (ids - 1)) / 2;
      for (; at < next; at++) {
        const pair = pairsOfRows[at];
        if (!counts(pair)) continue;
        const slot = slotOf(pair);
        const last = this.end[slot] - 1;
        if (last >= this.start[slot] && this.tick[last] === tick[p]) {
          let other = pair;
          if (placeOf[pair] < placeOf[this.pair[last]]) {
            other = this.pair[last];
            this.pair[last] = pair;
          }
          if (other !== this.pair[last] && !this.isAmongFirst(last, other)) {
            const at = --spare[slot];
            this.pair[at] = other;
            this.also[at] = this.also[last];
            this.also[last] = at;
          }
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
    const { graph, pair, found } = this;
    this.tied = false;
    for (;;) {
      this.find(node, tick, instant);
      if (found.length === 0) return node;
      const met = found.reduce((i, j) => this.sooner(i, j));
      if (found.length > 1 || this.also[met] !== 0) this.tied = true;
      node = graph.pairs.a[pair[met]];
    }
  }

  /** @returns every id that the row could go to if another of an equal instant were first; null where those to be looked at are very many */
  all(node: number, tick: number, instant: number): number[] | null {
    const ends: number[] = [];
    const reached = new Set([node]);
    for (const id of reached) {
      this.find(id, tick, instant);
      if (this.found.length === 0) ends.push(id);
      for (const met of this.found)
        for (let i = met; ; i = this.also[i]) {
          reached.add(this.graph.pairs.a[this.pair[i]]);
          if (reached.size > MANY) return null;
          if (this.also[i] === 0) break;
        }
    }
    return ends;
  }

  /** Puts into `found` the meetings of the last instant at or before this one and within V, else of the next within R. */
  private find(node: number, tick: number, instant: number): void {
    const { graph, lists, start, end, next, found } = this;
    const { retroactive } = this.rules;
    const valid = this.validOf[graph.kindOf[node]];
    found.length = 0;
    for (let list = 0; list < valid.length; list++) {
      const slot = node * lists + list;
      const i = this.seek(slot, tick) - 1;
      if (i < start[slot] || instant - this.instants[this.tick[i]] > valid[list]) continue;
      if (found.length > 0 && this.tick[found[0]] > this.tick[i]) continue;
      if (found.length > 0 && this.tick[found[0]] < this.tick[i]) found.length = 0;
      found.push(i);
    }
    if (found.length > 0) return;
    for (let list = 0; list < valid.length; list++) {
      const slot = node * lists + list;
      const i = next[slot];
      if (i >= end[slot] || this.instants[this.tick[i]] - instant > retroactive) continue;
      if (found.length > 0 && this.tick[found[0]] < this.tick[i]) continue;
      if (found.length > 0 && this.tick[found[0]] > this.tick[i]) found.length = 0;
      found.push(i);
    }
  }

  /** Rows of one instant mostly carry the same few ids: looking at some is enough to keep each once. */
  private isAmongFirst(meeting: number, pair: number): boolean {
    for (let i = this.also[meeting], looked = 0; i !== 0 && looked < 8; i = this.also[i], looked++) if (this.pair[i] === pair) return true;
    return false;
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
