/** Tests in the language: literal rows, and what must follow from them. */
import {
  type ClaimPart,
  type Instant,
  REJECTION_REASONS,
  type RejectionReason,
  type ScenarioClaim,
  type ScenarioPlan,
  type ScenarioRow,
} from '@journey/engine';
import type * as ast from '@journey/grammar';
import { parseDate } from '../language/literals.ts';
import { CLAIM_WORDS, ruleNames } from '../language/names.ts';
import { nearest } from '../text/nearest.ts';
import { list } from '../text/words.ts';
import { bindCount, bindDuration } from './amounts.ts';
import { bindNumber, fixTo } from './expressions.ts';
import type { Sink } from './sink.ts';

/** @param attributes the kinds of id that tables are keyed by, by their names: a row may carry their columns too */
export function bindScenario(node: ast.Scenario, sink: Sink, attributes: ReadonlyMap<string, string> = new Map()): ScenarioPlan {
  if (node.title === undefined) sink.missing();
  const rows: ScenarioRow[] = [];
  let before: Instant | undefined;
  for (const row of node.rows) {
    const time = bindTime(row, before, sink);
    if (time !== undefined && before !== undefined && time < before) {
      const message = 'This row is earlier than the one above it: rows stand in order of time';
      sink.remark({ code: 'rows-out-of-order', message, node: row, property: 'date' });
    }
    before = time ?? before;
    rows.push(bindRow(row, time ?? 0, sink, attributes));
  }
  if (node.expects.length === 0 && node.title !== undefined && node.$cstNode?.text.endsWith('}')) {
    const message = 'This scenario claims nothing: add what must follow, such as `expect Onboarding entered 1`';
    sink.remark({ code: 'scenario-without-expectation', message, node, property: 'title' });
  }
  return {
    title: node.title ?? '',
    at: sink.at(node),
    titleAt: sink.at(node, 'title'),
    rows,
    ...bindAsOf(node.asOf, before, sink),
    claims: node.expects.map(each => bindClaims(each, sink)),
  };
}

/** @param before the time of the row before; `+2h` counts from it */
function bindTime(row: ast.Row, before: Instant | undefined, sink: Sink): Instant | undefined {
  if (row.date !== undefined) {
    const parsed = parseDate(row.date);
    // A day without a time stands where the source puts its days.
    const late = row.source?.ref?.$type === 'Source' && row.source.ref.items.some(item => item.$type === 'Time' && item.endOfDay);
    if (parsed.ok) return late ? parsed.last : parsed.first;
    sink.report({ code: 'bad-date', message: parsed.message, node: row, property: 'date', fix: fixTo(parsed.fix) });
    return undefined;
  }
  const offset = bindDuration(row.offset, sink);
  if (before !== undefined) return before + offset;
  // Where the row before has an error this follows from it.
  if (row.$containerIndex === 0) {
    const message = 'The first row needs a date and time, such as `2026-03-01 10:00`: later ones may count from it';
    sink.report({ code: 'bad-scenario', message, node: row, property: 'offset' });
  } else sink.missing();
  return undefined;
}

/** `as of 2026-06-30`: the whole day; `as of +10d`: from the last row. */
export function bindAsOf(node: ast.AsOf | undefined, before: Instant | undefined, sink: Sink): Pick<ScenarioPlan, 'asOf'> {
  if (!node) return {};
  const at = sink.at(node);
  if (node.date !== undefined) {
    const parsed = parseDate(node.date);
    if (parsed.ok) return { asOf: { instant: parsed.last, at } };
    sink.report({ code: 'bad-date', message: parsed.message, node, property: 'date', fix: fixTo(parsed.fix) });
    return {};
  }
  const offset = bindDuration(node.offset, sink);
  if (before !== undefined) return { asOf: { instant: before + offset, at } };
  if (node.offset)
    sink.report({ code: 'bad-date', message: '`+…` counts from the last row of a scenario; here write a date', node, property: 'offset' });
  return {};
}

function bindRow(row: ast.Row, time: Instant, sink: Sink, attributes: ReadonlyMap<string, string>): ScenarioRow {
  const source = row.source?.ref;
  if (!source || sink.isBroken(source) || !row.event) sink.missing();
  const kinds = new Set(source?.items.flatMap(item => (item.$type === 'SourceId' ? [item.kind?.$refText] : [])));
  const joins = new Set(source?.items.flatMap(item => (item.$type === 'Join' ? [item.table?.$refText] : [])));
  const constant = source?.items.find(item => item.$type === 'EventName')?.constant;
  if (constant !== undefined && row.event && row.event !== constant) {
    const message = `Every row of \`${row.source.$refText}\` is the event \`${constant}\``;
    sink.report({
      code: 'unknown-event',
      message,
      node: row,
      property: 'event',
      fix: fixTo(/^\w+$/.test(constant) ? constant : `"${constant}"`),
    });
  }
  const seen = new Set<string>();
  const fields = row.fields.map(field => {
    const { path } = field;
    const key = path.join('.');
    if (path.length === 0 || path.some(each => each === undefined)) sink.missing();
    else if (seen.has(key))
      sink.report({ code: 'bad-scenario', message: `\`${key}\` stands twice in this row`, node: field, property: 'path' });
    seen.add(key);
    const idKind = path.length === 1 && kinds.has(path[0]) ? { idKind: path[0] } : {};
    const inTable = path.length > 1 && (joins.has(path[0]) || kinds.has(attributes.get(path[0]) ?? ''));
    const where = inTable ? { table: path[0], path: path.slice(1) } : { path };
    return { ...where, ...idKind, value: bindValue(field.value, sink), at: sink.at(field) };
  });
  return { at: sink.at(row), time, source: row.source?.$refText ?? '', event: row.event ?? '', fields };
}

function bindValue(node: ast.Expr | undefined, sink: Sink): string | number | boolean | null {
  if (!node) {
    sink.missing();
    return null;
  }
  switch (node.$type) {
    case 'Text':
      return node.text ?? '';
    case 'Num':
      return bindNumber(node, sink);
    case 'Flag':
      return node.value;
    case 'Null':
      return null;
    case 'Unary':
      if (node.operand?.$type === 'Num') return -bindNumber(node.operand, sink);
      break;
  }
  const text = node.$cstNode?.text ?? '';
  const message = `A value is a "text", a number, true, false or null: write \`"${text}"\``;
  sink.report({ code: 'bad-scenario', message, node, fix: fixTo(`"${text}"`) });
  return null;
}

function bindClaims(node: ast.Claims, sink: Sink): ScenarioClaim {
  const journey = node.journey?.ref;
  if (!journey || sink.isBroken(journey) || node.claims.length === 0) sink.missing();
  const parts: ClaimPart[] = [];
  for (const claim of node.claims) {
    const last = parts.at(-1);
    const word = claim.head?.$refText;
    if (claim.stage) {
      if (claim.as || claim.after || claim.reason !== undefined) sink.report(noClaim(claim, 'visits'));
      parts.push({ kind: 'visits', stages: [stageName(claim, 'stage', claim.stage.$refText, journey, sink)], at: sink.at(claim) });
    } else if (!word) sink.missing();
    else if (last?.kind === 'visits' && !CLAIM_WORDS.has(word)) {
      if (claim.count !== undefined || claim.as || claim.after || claim.reason !== undefined) sink.report(noClaim(claim, word));
      else last.stages.push(stageName(claim, 'head', word, journey, sink));
    } else if (word === 'visits') {
      sink.report({ code: 'bad-scenario', message: '`visits` names stages in order, as in `visits Looking, Cart`', node: claim });
    } else if (CLAIM_WORDS.has(word)) parts.push(bindClaim(claim, word as Counted['kind'], journey, sink));
    else sink.report(noClaim(claim, word));
  }
  return { at: sink.at(node), text: textOf(node), journey: node.journey?.$refText ?? '', parts };
}

type Counted = Exclude<ClaimPart, { kind: 'visits' }>;

/** A count, by default 1. */
function bindClaim(claim: ast.Claim, kind: Counted['kind'], journey: ast.Journey | undefined, sink: Sink): ClaimPart {
  const part: Counted = { kind, count: claim.count === undefined ? 1 : bindCount(claim, 'count', sink, 0), at: sink.at(claim) };
  const name = claim.as ? claim.as.$refText : claim.reason;
  if (name !== undefined) part.as = bindAs(claim, kind, name, journey, sink);
  if (claim.after) {
    part.after = bindDuration(claim.after, sink);
    if (kind !== 'completed' && kind !== 'exited') {
      const message = `\`after\` says how long a run lasted, so it goes with \`completed\` and \`exited\``;
      sink.report({ code: 'bad-scenario', message, node: claim, property: 'after' });
    }
  }
  return part;
}

/** What a claim may be narrowed to: entries by their rule, ends by theirs, rejections by a reason. */
function bindAs(claim: ast.Claim, kind: Counted['kind'], name: string, journey: ast.Journey | undefined, sink: Sink): string {
  const property = claim.as ? 'as' : 'reason';
  const types = ({ entered: ['Enter'], active: ['Enter'], completed: ['Complete'], exited: ['Exit'] } as Partial<Record<string, string[]>>)[
    kind
  ];
  if (kind !== 'rejected' && !types) {
    sink.report({ code: 'bad-scenario', message: `\`${kind}\` is counted as a whole: \`as\` doesn't go with it`, node: claim, property });
    return name;
  }
  const rules = journey ? [...ruleNames(journey)].filter(([rule]) => types?.includes(rule.$type)).map(([, rule]) => rule) : [];
  const names: readonly string[] = kind === 'rejected' ? REJECTION_REASONS : kind === 'exited' ? [...rules, 'Restarted'] : rules;
  if (!journey || names.includes(name as RejectionReason)) return name;
  const guess = nearest(name, names);
  const quoted = (text: string) => (kind === 'rejected' && /\W/.test(text) ? `"${text}"` : text);
  const among = names.length > 0 ? `; there is ${list(names.map(quoted), 'or')}` : '';
  const thing =
    kind === 'rejected'
      ? 'No attempt is rejected as'
      : `No run ${kind === 'completed' ? 'completes' : kind === 'exited' ? 'exits' : 'enters'} as`;
  const message = `${thing} \`${name}\`${guess ? `: did you mean \`${guess}\`?` : among}`;
  sink.report({ code: 'unknown-rule', message, node: claim, property, fix: fixTo(guess && quoted(guess)) });
  return name;
}

function stageName(claim: ast.Claim, property: 'head' | 'stage', name: string, journey: ast.Journey | undefined, sink: Sink): string {
  const stage = claim[property]?.ref;
  if (stage?.$type === 'Stage' || !journey) return name;
  const stages = journey.items.flatMap(item => (item.$type === 'Stage' && item.name ? [item.name] : []));
  const guess = nearest(name, stages);
  const message = `\`${journey.name}\` has no stage \`${name}\`${guess ? `: did you mean \`${guess}\`?` : stages.length > 0 ? `; it has ${list(stages)}` : ''}`;
  sink.report({ code: 'unknown-stage', message, node: claim, property, fix: fixTo(guess) });
  return name;
}

function noClaim(claim: ast.Claim, word: string) {
  const words = [...CLAIM_WORDS];
  const guess = nearest(word, words);
  const message = `\`${word}\` is nothing a scenario can claim${guess ? `: did you mean \`${guess}\`?` : `; it can claim ${list(words, 'or')}`}`;
  return { code: 'bad-scenario' as const, message, node: claim, property: 'head', fix: fixTo(guess) };
}

const textOf = (node: ast.Claims) => (node.$cstNode?.text ?? '').replace(/\s+/g, ' ').replace(/^expect /, '');
