/** An explanation as a short story: what every view of it prints, each in its own dress. */
import {
  type At,
  type ExplainedInstance,
  type ExplainedRun,
  type Explanation,
  formatDuration,
  formatMoment,
  type Instant,
  type Step,
} from '@journey/engine';

export interface Story {
  /** `Onboarding: user u17` */
  title: string;
  /** Other ids, as-of, what to know before. */
  facts: string[];
  chapters: Chapter[];
}
/** One run, or what happened outside of runs. */
export interface Chapter {
  title: string;
  lines: Line[];
}
export interface Line {
  /** Absent for what has no instant, such as a rule that never fired. */
  at?: Instant;
  text: string;
  /** The rules it speaks of. */
  rules: At[];
  /** A heading within the chapter. */
  heading?: boolean;
}

export function story(explanation: Explanation): Story {
  const { journey, participant, ids, asOf, instances, note } = explanation;
  const others = [
    ...ids.filter(({ kind, value }) => value !== null && `${kind} ${value}` !== participant).map(({ kind, value }) => `${kind} ${value}`),
    ...withheld(explanation),
  ];
  const facts = [
    ...(others.length > 0 ? [`Also known as ${listed(others)}.`] : []),
    ...(participant !== null && asOf !== null ? [`As of ${formatMoment(asOf)} UTC, like all times here.`] : []),
    ...(note ? [note] : []),
  ];
  return {
    title: participant === null ? journey : `${journey}: ${participant}`,
    facts,
    chapters: instances.flatMap(instance => chapters(explanation, instance)),
  };
}

/** `2 of email (withheld)`: ids that are personal data, beside the one that the person is numbered by. */
function withheld({ ids, participant }: Explanation): string[] {
  const counts = new Map<string, number>();
  for (const { kind, value } of ids) if (value === null) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].flatMap(([kind, count]) => {
    const more = participant?.startsWith(`${kind} no. `) ? count - 1 : count;
    return more === 0 ? [] : more === 1 ? [`${kind} (withheld)`] : [`${more} of ${kind} (withheld)`];
  });
}

function chapters({ asOf, per }: Explanation, instance: ExplainedInstance): Chapter[] {
  const { runs, steps, open, tie, key } = instance;
  const titled = (title: string) => (key === null ? title : `${per} ${key}, ${title[0].toLowerCase()}${title.slice(1)}`);
  const found: Chapter[] = [];
  for (const group of grouped(steps)) {
    const run = runs.find(({ number }) => number === group[0].run);
    const title = run ? titleOf(run, asOf!) : found.length > 0 ? 'Afterwards' : runs.length > 0 ? 'Before' : 'Never in';
    found.push({ title: titled(title), lines: lines(group) });
    if (run) found.at(-1)!.lines.push(...endings(instance, run));
  }
  const wayIn = open.filter(({ run }) => run === null);
  if (wayIn.length > 0) {
    if (found.length === 0) found.push({ title: titled('Never in'), lines: [] });
    found.at(-1)!.lines.push({ text: 'What would have let them in:', rules: [], heading: true }, ...wayIn.map(ending));
  }
  if (tie && found.length > 0) {
    const [a, b] = tie.events.map(eventText);
    const at = formatMoment(tie.at);
    const where = tie.day ? `are of one day, ${at.slice(0, 10)}, and not both have a time` : `stand at one instant, ${at}`;
    const text = `Order-ambiguous: ${a} and ${b} ${where}, and nothing in the data says which came first. The order of their rows decided.`;
    found.at(-1)!.lines.push({ text, rules: [], heading: true });
  }
  return found;
}

/** `Run 1: Bought after 1d 3h, by way of Looking and Cart` */
function titleOf({ number, outcome, entered, ended, end, visits, ambiguous }: ExplainedRun, asOf: Instant): string {
  const length = formatDuration((ended ?? asOf) - entered);
  const stages = [...new Set(visits)];
  const way = stages.length > 0 ? `, by way of ${listed(stages)}` : '';
  const result = {
    active: `still active after ${length}${visits.length > 0 ? `, now in ${visits.at(-1)}` : ''}`,
    completed: `completed as ${end} after ${length}${way}`,
    exited: `exited as ${end} after ${length}${way}`,
    restarted: `restarted after ${length}${way}`,
  }[outcome];
  return `Run ${number}: ${result}${ambiguous ? ' (order-ambiguous)' : ''}`;
}

function endings({ open }: ExplainedInstance, run: ExplainedRun): Line[] {
  const own = open.filter(({ run: number }) => number === run.number);
  if (own.length === 0) return [];
  const text = run.ended === null ? 'What would end it, nearest first:' : 'What would have completed it, nearest first:';
  return [{ text, rules: [], heading: true }, ...own.map(ending)];
}

const ending = ({ rule, because, line }: ExplainedInstance['open'][number]): Line => ({ text: `${rule}: ${because}`, rules: [line] });

/** Steps of one run, or of none, that stand together. */
function grouped(steps: Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last && last[0].run === step.run) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** One line per event; of more than three alike in a row the first, and how many followed. */
function lines(steps: Step[]): Line[] {
  const all: { line: Line; alike: string }[] = [];
  let before: Step | undefined;
  for (const step of steps) {
    const same =
      before?.event &&
      step.event &&
      before.at === step.at &&
      before.event.name === step.event.name &&
      before.event.source === step.event.source;
    const last = all.at(-1);
    if (same && last) {
      last.line.text += `; ${step.because}`;
      last.line.rules.push(step.line);
      last.alike += `\n${signature(step)}`;
    } else {
      const subject = step.event ? eventText(step.event) : step.rule;
      all.push({ line: { at: step.at, text: `${subject}: ${step.because}`, rules: [step.line] }, alike: signature(step) });
    }
    before = step;
  }
  const told: Line[] = [];
  for (let i = 0; i < all.length; ) {
    let next = i + 1;
    while (next < all.length && all[next].alike === all[i].alike) next++;
    told.push(all[i].line);
    const more = next - i - 1;
    if (more > 2) told.push({ at: all[next - 1].line.at, text: `… and ${more} more like it up to here`, rules: [] });
    else told.push(...all.slice(i + 1, next).map(({ line }) => line));
    i = next;
  }
  return told;
}

const signature = ({ what, rule, reason, event }: Step): string => [what, rule, reason, event?.source, event?.name].join('\0');

/** `web."Signed Up" (plan free)` */
function eventText({ source, name, fields, absence }: NonNullable<Step['event']>): string {
  const values = Object.entries(fields).map(([column, value]) => `${column} ${value}`);
  const event = `${source}.${/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)}${values.length > 0 ? ` (${values.join(', ')})` : ''}`;
  return absence === undefined ? event : `\`${absence}\`, after ${event}`;
}

const listed = (words: string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);
