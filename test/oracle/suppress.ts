/**
 * semantics.md: "`suppress below k`: a number about fewer than k people is shown as '< k'; where one part of a sum is suppressed, so is the
 * smallest remaining part." Here stands what every number is about, and how numbers add up: what may be shown is told by that.
 */
import { endKind, type Outcome, type Ran } from './metrics.ts';
import { endRules } from './oracle.ts';

/** A number, where it stands, and the people it is about. */
export interface Told {
  path: string;
  value: number;
  people: Set<number>;
}
/** The whole is as much as the parts. */
export interface Sum {
  whole: Told;
  parts: Told[];
}

const peopleOf = (of: Ran[] | Outcome['attempts']) =>
  new Set<number>(
    (of as (Ran | Outcome['attempts'][number])[]).map(one => ('event' in one ? one.event.participant : one.run!.participant)),
  );

/** The counts of a journey, with their people, and the sums they are in. */
export function tellings(o: Outcome): { numbers: Told[]; sums: Sum[] } {
  const runs = (path: string, of: Ran[]): Told => ({ path, value: of.length, people: peopleOf(of) });
  const tries = (path: string, of: Outcome['attempts']): Told => ({ path, value: of.length, people: peopleOf(of) });
  const entered = runs('entered', o.runs);
  const active = runs(
    'active',
    o.runs.filter(({ run }) => run.end === null),
  );
  const exits = endRules(o.journey).map(({ name }) =>
    runs(
      `exits · ${name}`,
      o.runs.filter(({ run }) => run.end?.rule === name),
    ),
  );
  const entries = o.journey.enters.map(({ name }) =>
    runs(
      `entries · ${name}`,
      o.runs.filter(({ run }) => run.enter === name),
    ),
  );
  const attempts = tries('attempts', o.attempts);
  const reasons = [...new Set(o.attempts.flatMap(({ reason }) => reason ?? []))];
  const rejected = reasons.map(reason =>
    tries(
      `rejected · ${reason}`,
      o.attempts.filter(attempt => attempt.reason === reason),
    ),
  );
  const by = o.journey.enters.map(({ name }) =>
    tries(
      `attemptsBy · ${name} · attempts`,
      o.attempts.filter(attempt => attempt.enter === name),
    ),
  );
  const stages = o.journey.stages.map(({ name }) =>
    runs(
      `stages · ${name} · reached`,
      o.runs.filter(({ run }) => run.visits.some(({ stage }) => stage === name)),
    ),
  );
  const completed = runs(
    'completed',
    o.runs.filter(({ run }) => endKind(o, run) === 'complete'),
  );
  const people: Told = { path: 'people', value: entered.people.size, people: entered.people };
  return {
    // That nothing can be completed stands in the text.
    numbers: [
      entered,
      people,
      active,
      ...(o.journey.ends.some(({ kind }) => kind === 'complete') ? [completed] : []),
      ...exits,
      ...entries,
      attempts,
      ...rejected,
      ...by,
      ...stages,
    ],
    sums: [
      { whole: entered, parts: [active, ...exits] },
      { whole: entered, parts: entries },
      { whole: attempts, parts: [entered, ...rejected] },
      { whole: attempts, parts: by },
    ],
  };
}
