/** A resolution as the report reads it: sizes of clusters, links at each id, names that tell no personal data. */
import { withArticle } from '../../format.ts';
import type { Plan } from '../../plan.ts';
import { numbered, piiOf } from '../../privacy/pii.ts';
import { FATE } from '../fate.ts';
import type { Resolution } from '../resolve.ts';
import type { IdText } from '../types.ts';
import { type Adjacency, adjacency, type Walk, walk } from './graph.ts';

/** Source and event of each row, and where it stands: its file, and the row's number in it, from 1. */
export interface RowNames {
  source(position: number): string;
  event(position: number): string;
  place(position: number): { file: string; row: number };
}

export class View {
  readonly resolution: Resolution;
  readonly plan: Plan;
  /** Whether rows were erased, or are too old: of an id that only they carry nobody is told that it was there. */
  readonly hides: boolean;
  /** By pair: 1 for links. */
  readonly linked: Uint8Array;
  readonly adjacency: Adjacency;
  readonly walk: Walk;
  /** By node, for canonical ids of clusters: their ids, and the rows that belong to them. */
  readonly size: Int32Array;
  readonly rows: Int32Array;
  private readonly numbers = new Map<number, number>();
  private readonly personal: boolean[];

  constructor(resolution: Resolution, plan: Plan, hides = false) {
    const { graph, clusterOf, quarantined, belongs, fate, participants } = resolution;
    this.resolution = resolution;
    this.plan = plan;
    this.hides = hides;
    const nodes = graph.nodes.count;
    this.linked = fate.map(one => (one === FATE.merged || one === FATE.together ? 1 : 0));
    this.adjacency = adjacency(nodes, graph.pairs.a, graph.pairs.b, this.linked);
    this.size = new Int32Array(nodes);
    this.rows = new Int32Array(nodes);
    const roots: number[] = [];
    for (let node = 0; node < nodes; node++) {
      if (clusterOf[node] < 0) continue;
      this.size[clusterOf[node]]++;
      if (clusterOf[node] === node && !quarantined[node]) roots.push(node);
    }
    for (let p = 0; p < belongs.length; p++) if (belongs[p] >= 0) this.rows[clusterOf[belongs[p]]]++;
    this.walk = walk(nodes, this.adjacency, roots);
    participants.forEach((node, i) => {
      this.numbers.set(node, i + 1);
    });
    const pii = piiOf(plan);
    this.personal = resolution.rules.kinds.map(kind => pii.ofKind(kind) !== undefined);
  }

  isPersonal(node: number): boolean {
    return this.personal[this.resolution.graph.kindOf[node]];
  }

  id(node: number): IdText {
    const { graph, rules } = this.resolution;
    return { kind: rules.kinds[graph.kindOf[node]], value: this.isPersonal(node) ? null : graph.nodes.text(node) };
  }

  /** What a customer is called, by the canonical id. */
  name(node: number): string {
    const { kind, value } = this.id(node);
    if (value !== null) return `${kind} ${value}`;
    const number = this.numbers.get(node);
    return number === undefined ? withArticle(kind) : numbered(kind, number);
  }

  /** Links at an id. */
  degree(node: number): number {
    const { start } = this.adjacency;
    return start[node + 1] - start[node];
  }

  /** Numbers of ids ascend by kind, then by value. */
  readonly before = (a: number, b: number): boolean => a < b;
}
