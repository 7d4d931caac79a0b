/** Prints the oracle's definition as a `.journey` file, and its rows as CSV and NDJSON files. */
import { kindOf, valueOfId } from './identity.ts';
import type {
  Condition,
  Data,
  Def,
  Derived,
  EndDef,
  Expectation,
  IdentityDef,
  JourneyDef,
  Metric,
  Pattern,
  PrivacyDef,
  Ref,
  SegmentCondition,
  SourceDef,
  SplitDef,
} from './model.ts';

const HOUR = 3_600_000;

export function toText(def: Def): string {
  const parts = def.sources.map(sourceText);
  for (const { name: table, file, key, idKind } of def.tables)
    parts.push(block(`table ${table}`, [`sample "${file}"`, idKind === undefined ? `key ${name(key)}` : `id ${idKind} = ${name(key)}`]));
  parts.push(identityText(def.identity));
  parts.push(def.events.map(event => `event ${name(event.name)} = ${patternText(event.pattern)}`).join('\n'));
  parts.push(def.segments.map(segment => `segment ${segment.name} when ${segmentText(segment.condition)}`).join('\n'));
  parts.push(...def.journeys.map(journeyText));
  if (def.privacy) parts.push(privacyText(def.privacy));
  parts.push(def.expects.map(expectation => `expect ${expectationText(expectation)}`).join('\n'));
  if (def.asOf !== undefined) parts.push(`as of ${def.asOf}`);
  return `${parts.filter(part => part !== '').join('\n\n')}\n`;
}

/** The data files a definition names, by path. */
export function toFiles(def: Def, data: Data): Record<string, string> {
  const files: Record<string, string> = {};
  for (const source of def.sources) for (const path of source.files) files[path] = fileText(source, data[path] ?? []);
  for (const { file, columns } of def.tables) files[file] = fileText({ format: 'csv', columns }, data[file] ?? []);
  return files;
}

function fileText(source: Pick<SourceDef, 'format' | 'columns'>, rows: Data[string]): string {
  if (source.format === 'ndjson') return rows.map(row => `${JSON.stringify(row)}\n`).join('');
  const cell = (value: unknown) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\n]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [source.columns.join(','), ...rows.map(row => source.columns.map(column => cell(row[column])).join(','))];
  return lines.map(line => `${line}\n`).join('');
}

function sourceText(source: SourceDef): string {
  const { time } = source;
  const lines = source.passive ? ['passive'] : [];
  for (const path of source.files) lines.push(`sample "${path}"`);
  lines.push(
    `time ${name(time.column)}${time.zone ? ` zone "${time.zone}"` : ''}${time.atEndOfDay ? ' at end of day' : ''}${time.until ? ` until ${time.until}` : ''}`,
  );
  lines.push('constant' in source.event ? `event "${source.event.constant}"` : `event ${name(source.event.column)}`);
  if (source.unique) lines.push(`unique ${source.unique.map(name).join(', ')}`);
  for (const id of source.ids) lines.push(`id ${id.kind} = ${id.clean ? `lower(trim(${name(id.column)}))` : name(id.column)}`);
  for (const { table, on } of source.joins) lines.push(`join ${table} on ${name(on)}`);
  if (source.where) lines.push(`where ${conditionText(source.where)}`);
  return block(`source ${source.name}`, lines);
}

export function identityText(identity: IdentityDef): string {
  const lines = identity.kinds.map(({ name, unique, max, valid }) => {
    const options = [unique && 'unique', max && `max ${max}`, valid && `valid ${duration(valid)}`];
    return [`id ${name}`, ...options.filter(Boolean)].join(' ');
  });
  for (const { kind, where } of identity.ignores) lines.push(`ignore ${kind} ${ignoreText(kind, where)}`);
  for (const link of identity.links) lines.push(`link ${link.kind} with ${link.with.join(', ')}`);
  for (const { a, b } of identity.neverLinks)
    lines.push(`never link ${[a, b].map(id => `${kindOf(id)} ${JSON.stringify(valueOfId(id))}`).join(' with ')}`);
  for (const { kind, moreThan, of } of identity.shared) lines.push(`shared ${kind} when more than ${moreThan} ${of}`);
  lines.push(`on conflict keep ${identity.keep}`);
  if (identity.retroactive !== undefined)
    lines.push(identity.retroactive === 0 ? 'forward' : `retroactive ${duration(identity.retroactive)}`);
  if (identity.splitByTime) lines.push('anonymous split by time');
  return block('identity customer', lines);
}
/** By value, list, pattern, or any condition over the value, which goes by its kind's name. */
function ignoreText(kind: string, where: Condition): string {
  if (where.kind === 'compare' && where.op === '=') return `= ${literal(where.value)}`;
  if (where.kind === 'in' && !where.not) return `in (${where.values.map(literal).join(', ')})`;
  if (where.kind === 'like' && !where.not) return `${where.ignoreCase ? 'ilike' : 'like'} ${literal(where.pattern)}`;
  if (where.kind === 'matches' && !where.not) return `matching /${where.regex}/${where.flags}`;
  return `where ${conditionText(where, () => (kind === 'any' ? 'value' : kind))}`;
}

function privacyText({ consent, erase, suppressBelow, retain }: PrivacyDef): string {
  const lines = ['purpose analytics'];
  if (consent) lines.push(`consent from ${patternText(consent.from)}, granted where ${conditionText(consent.granted)}`);
  if (erase) lines.push(`erase on ${patternText(erase)}`);
  if (suppressBelow !== undefined) lines.push(`suppress below ${suppressBelow}`);
  if (retain !== undefined) lines.push(`retain ${duration(retain)}`);
  return block('privacy', lines);
}

function journeyText(journey: JourneyDef): string {
  const lines: string[] = [];
  if (journey.open) lines.push(`open ${journey.open.from ?? ''} .. ${journey.open.to ?? ''}`);
  for (const enter of journey.enters)
    lines.push(`enter ${enter.name} on ${patternText(enter.on)}${enter.if?.length ? ` if ${enter.if.join(' and ')}` : ''}`);
  if (journey.reentry) {
    const { policy, wait, interval, max } = journey.reentry;
    const limits = [wait && `wait ${duration(wait)}`, interval && `interval ${duration(interval)}`, max && `max ${max}`];
    lines.push([`reentry ${policy}`, ...limits.filter(Boolean)].join(', '));
  }
  for (const stage of journey.stages) lines.push(`stage ${stage.name} on ${patternText(stage.on)}`);
  for (const end of journey.ends) lines.push(`${end.kind} ${end.name} ${triggerText(end.trigger)}`);
  for (const keep of journey.keeps)
    lines.push(
      `keep ${keep.name} = ${keep.which} ${refText(keep.event)}.${name(keep.property)}${keep.within === undefined ? '' : ` within ${duration(keep.within)}`} before entry`,
    );
  for (const path of journey.paths) lines.push(`path ${path.name}: ${path.steps.join(' -> ')}`);
  if (journey.splits.length > 0) lines.push(`split by ${journey.splits.map(splitText).join(', ')}`);
  for (const { name: metric, value, by } of journey.metrics)
    lines.push(
      `metric ${metric} = ${metricText(value)}${by ? ` by ${by.grain}${by.of === 'end' ? ' of end' : ''}${by.zone ? ` zone "${by.zone}"` : ''}` : ''}`,
    );
  for (const expectation of journey.expects) lines.push(`expect ${expectationText(expectation)}`);
  return block(`journey ${journey.name} for customer${journey.per ? ` per ${name(journey.per)}` : ''}`, lines);
}

function triggerText(trigger: EndDef['trigger']): string {
  switch (trigger.kind) {
    case 'event':
      return `on ${patternText(trigger.on)}${trigger.forAll ? ' for all' : ''}`;
    case 'n of':
      return `on ${trigger.count} of (${trigger.items.map(patternText).join(', ')})`;
    case 'after':
      return `after ${duration(trigger.duration)}`;
    case 'silence':
      return `after ${duration(trigger.duration)} of silence${trigger.of ? ` of ${trigger.of.map(patternText).join(', ')}` : ''}`;
    case 'in stage':
      return `after ${duration(trigger.duration)} in ${trigger.stage}`;
  }
}

function patternText(pattern: Pattern): string {
  return (
    pattern.any.map(term => ('kind' in term ? derivedText(term) : refText(term))).join(' or ') +
    (pattern.where ? ` where ${conditionText(pattern.where)}` : '')
  );
}
/** What stands in another event: a name alone, or anything in parentheses. */
function operandText(pattern: Pattern): string {
  const [only] = pattern.any;
  return pattern.any.length === 1 && !('kind' in only) && pattern.where === undefined ? refText(only) : `(${patternText(pattern)})`;
}
function derivedText(term: Derived): string {
  const same = term.same === undefined ? '' : ` same ${name(term.same)}`;
  switch (term.kind) {
    case 'first':
      return `first ${operandText(term.of)}${same}`;
    case 'repeated':
      return `${term.count} ${operandText(term.of)} within ${duration(term.within)}${same}`;
    case 'sequence':
      return `${operandText(term.first)} then ${operandText(term.next)} within ${duration(term.within)}${same}`;
    case 'absence':
      return `${operandText(term.first)} then no ${operandText(term.no)} within ${duration(term.within)}${same}`;
  }
}

function segmentText(condition: SegmentCondition): string {
  switch (condition.kind) {
    case 'test':
      return conditionText(condition.condition, column => (column.includes('.') ? column : `entry.${name(column)}`));
    case 'history': {
      const { fn, event, property, within, op, value } = condition;
      const window = `${within === undefined ? '' : ` within ${duration(within)}`} before entry`;
      // The two ways to say it: no property has a word of its own.
      if (fn === 'count' && op === '>=') return `at least ${value} ${refText(event)}${window}`;
      return `${fn}(${refText(event)}${property === undefined ? '' : `.${name(property)}`}${window}) ${op} ${value}`;
    }
    case 'segment':
      return condition.name;
    case 'and':
    case 'or':
      return condition.parts.map(part => `(${segmentText(part)})`).join(` ${condition.kind} `);
    case 'not':
      return `not (${segmentText(condition.part)})`;
  }
}
function splitText(split: SplitDef): string {
  if (split.kind === 'enter') return 'entry';
  return 'name' in split ? split.name : name(split.column);
}
function refText(ref: Ref): string {
  if (ref.source === undefined) return name(ref.event);
  return `${ref.source}.${/^\w+$/.test(ref.event) ? ref.event : JSON.stringify(ref.event)}`;
}

/** @param column how a column is called */
function conditionText(condition: Condition, column = name): string {
  switch (condition.kind) {
    case 'compare':
      return `${column(condition.column)} ${condition.op} ${literal(condition.value)}`;
    case 'columns':
      return `${column(condition.left)} ${condition.op} ${column(condition.right)}`;
    case 'in':
      return `${column(condition.column)} ${condition.not ? 'not in' : 'in'} (${condition.values.map(literal).join(', ')})`;
    case 'like':
      return `${column(condition.column)} ${condition.not ? 'not ' : ''}${condition.ignoreCase ? 'ilike' : 'like'} ${literal(condition.pattern)}`;
    case 'matches':
      return `${column(condition.column)} ${condition.not ? 'not ' : ''}matches /${condition.regex}/${condition.flags}`;
    case 'null':
      return `${column(condition.column)} is ${condition.not ? 'not ' : ''}null`;
    case 'and':
    case 'or':
      return condition.parts.map(part => `(${conditionText(part, column)})`).join(` ${condition.kind} `);
    case 'not':
      return `not (${conditionText(condition.part, column)})`;
  }
}

function metricText(metric: Metric): string {
  const within = (d: number | undefined) => (d === undefined ? '' : ` within ${duration(d)}`);
  switch (metric.kind) {
    case 'number':
      return String(metric.value);
    case 'percent':
      return `${metric.value}%`;
    case 'duration':
      return duration(metric.value);
    case 'metric':
      return metric.name;
    case 'exited of':
      return `exited(${metric.end})`;
    case 'rejected for':
      return `rejected("${metric.reason}")`;
    case 'reached':
    case 'visits':
      return `${metric.kind}(${metric.stage})`;
    case 'rate':
      return `rate(${metric.of}${metric.ofPeople ? ' of people' : ''})`;
    case 'rate within':
      return `rate(${metric.of}${metric.ofPeople ? ' of people' : ''} within ${duration(metric.within)}${metric.from ? ` of ${metric.from}` : ''})`;
    case 'count':
      return `count(${refText(metric.event)}${within(metric.within)})`;
    case 'aggregate': {
      const what = `${refText(metric.event)}.${name(metric.property)}${within(metric.within)}`;
      return metric.fn === 'count distinct' ? `count(distinct ${what})` : `${metric.fn}(${what})`;
    }
    case 'retention':
      return `retention(${duration(metric.from)} .. ${duration(metric.to)})`;
    case 'kept':
      return metric.fn === 'count distinct' ? `count(distinct ${metric.keep})` : `${metric.fn}(${metric.keep})`;
    case 'runs with':
      return `count(${metric.rule})`;
    case 'negative':
      return `-${metricText(metric.of)}`;
    case 'time to':
      return `${metric.fn}(time to ${metric.step})`;
    case 'time in':
      return `${metric.fn}(time in ${metric.stage})`;
    case 'arithmetic':
      return `(${metricText(metric.left)} ${metric.op} ${metricText(metric.right)})`;
    case 'share of':
      return `${metric.percent}% of ${metricText(metric.of)}`;
    default:
      return metric.kind;
  }
}

function expectationText(expectation: Expectation): string {
  if (expectation.kind === 'not') return `not (${expectationText(expectation.part)})`;
  if (expectation.kind !== 'compare') return expectation.parts.map(part => `(${expectationText(part)})`).join(` ${expectation.kind} `);
  return `${metricText(expectation.left)} ${expectation.op} ${metricText(expectation.right)}`;
}

function duration(ms: number): string {
  if (ms % (24 * HOUR) === 0) return `${ms / (24 * HOUR)}d`;
  if (ms % HOUR === 0) return `${ms / HOUR}h`;
  return `${ms / 1000}s`;
}
function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
/** A column, of a joined table with a dot; in backticks where it is no plain word. */
function name(text: string): string {
  return /^[A-Za-z_][\w.]*$/.test(text) ? text : `\`${text}\``;
}
function block(head: string, lines: string[]): string {
  return `${head} {\n${lines.map(line => `  ${line}\n`).join('')}}`;
}
