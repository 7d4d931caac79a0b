/** How good the data of the sources is: counted once for what was read, whatever the definition says of it. */
import type { ExpectPlan, Instant, Plan } from '../plan.ts';
import type { Pacer } from '../read/pause.ts';
import type { ExpectationResult, SourceResult } from '../result.ts';
import { evaluator, nothing, plain, type QualityOf } from '../simulate/evaluate.ts';
import { countBelow } from '../store/order.ts';
import type { SourceEvents } from '../store/source.ts';
import type { TimelineAsOf } from '../store/timeline.ts';
import { type Drift, Drifts } from './drift.ts';
import { gapsOf } from './gaps.ts';
import { type Repeats, repeatsOf } from './repeats.ts';
import { lateRows, laterThan } from './rows.ts';

/** What was counted of one source as of one instant. */
interface Counted {
  asOf: Instant | null;
  counts: Pick<SourceResult, 'later' | 'late' | 'gaps'>;
  drifts: Drifts;
}
const known = new WeakMap<SourceEvents, Counted>();

function counted(source: SourceEvents, events: number, asOf: Instant | null): Counted {
  let found = known.get(source);
  if (!found || found.asOf !== asOf) {
    const { rows, time, order } = source;
    const end = asOf ?? Number.POSITIVE_INFINITY;
    found = {
      asOf,
      counts: {
        later: laterThan(time, end),
        late: lateRows(time, rows.relation.fileEnds, Math.min(end, rows.plan.time.until ?? end)),
        // Where an erased row stood the source wasn't silent.
        gaps:
          asOf === null ? [] : gapsOf(time, order, events, asOf).filter(({ from, to }) => !source.erased.some(at => at > from && at < to)),
      },
      drifts: new Drifts(source, events),
    };
    known.set(source, found);
  }
  return found;
}

/** @param sources in order of the plan's */
export function sourceResults(
  plan: Plan,
  sources: readonly SourceEvents[],
  view: TimelineAsOf,
  asOf: Instant | null,
): Record<string, SourceResult> {
  return Object.fromEntries(
    plan.sources.map(({ name }, i) => {
      const own = sources[i];
      const { relation } = own.rows;
      const after = asOf === null ? Number.POSITIVE_INFINITY : Math.floor(asOf) + 1;
      const events = own.countBefore(after);
      const result: SourceResult = {
        rows: relation.rows,
        events,
        duplicates: countBelow(own.duplicates, after),
        unreadable: own.unreadable,
        withoutId: view.withoutId(i),
        from: events ? own.timeAt(0)! : null,
        to: events ? own.timeAt(events - 1)! : null,
        files: relation.files.length,
        bytes: relation.bytes,
        dayGrained: own.days !== null,
        ...counted(own, events, asOf).counts,
        erased: own.erased.length,
        expired: own.expired.length,
      };
      return [name, result];
    }),
  );
}

/** What is doubtful in the columns a source's rows are read for. It takes a look at every row, column by column. */
export async function doubtsOf(
  source: SourceEvents,
  asOf: Instant | null,
  texts: readonly string[],
  pacer: Pacer,
): Promise<{ drifts: Map<string, Drift[]>; repeats: Repeats | null }> {
  const events = source.countBefore(asOf === null ? Number.POSITIVE_INFINITY : Math.floor(asOf) + 1);
  const drifts = await counted(source, events, asOf).drifts.of(texts, pacer);
  const repeats = repeatsOf(source, events, texts);
  await pacer.pause();
  return { drifts, repeats };
}

export function qualityOf(sources: Record<string, SourceResult>): QualityOf {
  return (source, of) => {
    const result = Object.hasOwn(sources, source) ? sources[source] : undefined;
    // Nothing can be said of the rows of a file that isn't there.
    return !result || (result.rows === 0 && of !== 'rows' && of !== 'events') ? null : result[of];
  };
}

/** What a file expects of its sources. */
export function fileExpectations(expects: readonly ExpectPlan[], quality: QualityOf): ExpectationResult[] {
  const { expectation } = evaluator(expr => (expr.kind === 'quality' ? plain(quality(expr.source, expr.of), 'count') : nothing('number')));
  return expects.map(expectation);
}
