/** The identity report: who is one customer, what each rule does, what looks wrong, why two ids are one person. */
import type { Plan } from '../../plan.ts';
import { piiOf } from '../../privacy/pii.ts';
import type { Pacer } from '../../read/pause.ts';
import type { Resolution } from '../resolve.ts';
import type { IdentityOptions, IdentityReport, KindReport } from '../types.ts';
import { biggestReport, largest, sizesOf } from './customers.ts';
import { type Again, effectsOf, otherPolicy } from './effects.ts';
import { suppressed } from './suppress.ts';
import { factsOf, suspectsOf } from './suspects.ts';
import { type RowNames, View } from './view.ts';
import { whoReport } from './who.ts';

export type { Again } from './effects.ts';
export type { RowNames } from './view.ts';

export interface Given {
  plan: Plan;
  resolution: Resolution;
  again: Again;
  names: RowNames;
}

/** What doesn't depend on whom was asked for: made once for the same rules and rows. */
export type Overview = Omit<IdentityReport, 'who'>;

/** @throws AbortError (DOMException) when the pacer's signal has fired */
export async function overview({ plan, resolution, again, names }: Given, pacer: Pacer): Promise<Overview> {
  const view = new View(resolution, plan);
  await pacer.pause();
  const rules = await effectsOf(view, again, pacer);
  await pacer.pause();
  const other = otherPolicy(resolution, again);
  await pacer.pause();
  const { identity, rows, quarantined, order, refused } = resolution;
  const report = {
    identity: identity.name,
    at: identity.at,
    asOf: resolution.asOf,
    rows: resolution.graph.count,
    customers: resolution.participants.length,
    kinds: identity.kinds.map((_, kind) => kindReport(view, kind)),
    sizes: sizesOf(view),
    biggest: biggestReport(view, largest(view)[0]),
    rules,
    nobody: { withoutId: rows.withoutId, ignored: rows.ignored, conflicting: rows.conflicting },
    quarantined: { ids: quarantined.reduce((sum, one) => sum + one, 0), rows: rows.quarantined },
    links: order.length - refused.length,
    refused: refused.length,
    ambiguous: resolution.ambiguous.size,
    otherPolicy: other,
    suspects: await suspectsOf(view, names, pacer),
  };
  return suppressed(report, plan.privacy?.suppressBelow?.count);
}

/** Whom was asked for. */
export function who({ plan, resolution, names }: Given, options: Pick<IdentityOptions, 'who' | 'and'>): IdentityReport['who'] {
  return options.who === undefined ? undefined : whoReport(new View(resolution, plan), names, options);
}

function kindReport(view: View, kind: number): KindReport {
  const { plan, resolution } = view;
  const { graph, identity, ignored, quarantined } = resolution;
  const { name, at } = identity.kinds[kind];
  const { ids, rows, linked } = factsOf(view, kind);
  const { nodes: all } = graph.seenWithout(null);
  let out = 0;
  let apart = 0;
  for (let node = graph.nodes.starts[kind]; node < graph.nodes.starts[kind + 1]; node++) {
    if (ignored[node] && all.rows[node] > 0) out++;
    apart += quarantined[node];
  }
  return {
    kind: name,
    at,
    sources: plan.sources.filter(source => source.ids.some(id => id.kind === name)).map(source => source.name),
    ids,
    rows,
    ignored: out,
    quarantined: apart,
    linked,
    pii: piiOf(plan).ofKind(name) !== undefined,
  };
}
