/** The identity report: who is one customer, what each rule does, what looks wrong, why two ids are one person. */
import { Rows } from '../../explain/rows.ts';
import type { Instant, Plan } from '../../plan.ts';
import { freedLinks } from '../../privacy/erase.ts';
import { piiOf } from '../../privacy/pii.ts';
import type { Pacer } from '../../read/pause.ts';
import type { IdRef } from '../../store/people.ts';
import type { TimelineAsOf } from '../../store/timeline.ts';
import type { Resolution } from '../resolve.ts';
import type { IdentityOptions, IdentityReport, IdText, KindReport } from '../types.ts';
import { biggestReport, largest, sizesOf } from './customers.ts';
import { type Again, effectsOf, otherPolicy } from './effects.ts';
import { suppressed } from './suppress.ts';
import { factsOf, suspectsOf } from './suspects.ts';
import { type RowNames, View } from './view.ts';
import { whoReport } from './who.ts';

/** What doesn't depend on whom is asked for. */
export type Overview = Omit<IdentityReport, 'who'>;

/** By the participants of a resolution, which come back while rules and rows stay: what was told of them last. */
const told = new WeakMap<Int32Array, { key: string; before: Int32Array | undefined; view: View; overview: Overview }>();

const MOST_FREED = 20;

/**
 * @param before by identity: who was one customer before anybody was erased; none where nobody was
 * @returns null where the plan has no such identity
 * @throws AbortError (DOMException) when the pacer's signal has fired
 */
export async function identityReport(
  plan: Plan,
  events: TimelineAsOf,
  asOf: Instant | null,
  options: IdentityOptions,
  pacer: Pacer,
  before?: ReadonlyMap<string, Resolution>,
): Promise<IdentityReport | null> {
  const used = plan.journeys[0]?.identity;
  const name = options.identity ?? (plan.identities.find(identity => identity.name === used) ?? plan.identities[0])?.name;
  const resolution = name === undefined ? null : events.resolution(name);
  if (!resolution) return null;
  const rows = new Rows(plan, events);
  const names: RowNames = {
    source: position => rows.source(position),
    event: position => rows.toldName(position),
    place: position => rows.place(position),
  };
  const pii = piiOf(plan);
  // Places are told too: a rule that has moved is told anew.
  const key = JSON.stringify([
    resolution.identity,
    plan.sources.map(source => source.name),
    resolution.rules.kinds.map(pii.ofKind),
    plan.privacy?.suppressBelow?.count,
    asOf,
    events.hides,
  ]);
  let last = told.get(resolution.of);
  const unerased = before?.get(name!);
  if (last?.key !== key || last.before !== unerased?.of) {
    const view = new View(resolution, plan, events.hides);
    await pacer.pause();
    const overview = await overviewOf(view, asOf, identity => events.resolveAgain(identity), names, pacer);
    if (unerased) overview.freed = freed(view, unerased);
    last = { key, before: unerased?.of, view, overview };
    told.set(resolution.of, last);
  }
  const { view, overview } = last;
  return options.who === undefined ? overview : { ...overview, who: whoReport(view, names, options) };
}

/** What an erasure made possible. The ids are of those who stay: no link has an erased one. */
function freed(view: View, before: Resolution): NonNullable<IdentityReport['freed']> {
  const links = freedLinks(before, view.resolution);
  const id = (of: IdRef): IdText => ({ kind: of.kind, value: piiOf(view.plan).ofKind(of.kind) === undefined ? of.value : null });
  return { links: links.slice(0, MOST_FREED).map(({ a, b }) => ({ a: id(a), b: id(b) })), count: links.length };
}

/** @throws AbortError (DOMException) when the pacer's signal has fired */
export async function overviewOf(view: View, asOf: Instant | null, again: Again, names: RowNames, pacer: Pacer): Promise<Overview> {
  const { resolution, plan } = view;
  const rules = await effectsOf(view, again, pacer);
  await pacer.pause();
  const other = otherPolicy(resolution, again);
  await pacer.pause();
  const { identity, rows, quarantined, order, refused } = resolution;
  const report = {
    identity: identity.name,
    at: identity.at,
    asOf,
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
