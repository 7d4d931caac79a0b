import { FUNCTIONS, REJECTION_REASONS } from '@journey/engine';
import type { Table } from '@journey/grammar';
import type { AstNodeDescription, GrammarAST, ReferenceInfo, Stream } from 'langium';
import {
  type CompletionAcceptor,
  type CompletionContext,
  type CompletionProviderOptions,
  type CompletionValueItem,
  DefaultCompletionProvider,
  type NextFeature,
} from 'langium/lsp';
import { CompletionItemKind } from 'vscode-languageserver';
import { METRIC_FUNCTIONS, QUALITIES } from '../bind/metrics.ts';
import { type Cursor, callAt, conditionAt, cursorAt } from './cursor.ts';
import { AUTOMATIC, CLAIM_WORDS } from './names.ts';
import type { JourneyScopeProvider } from './scope.ts';
import { STARTERS } from './words.ts';

const STEPS = ['Enter', 'Stage', 'Complete', 'Exit'];
const EVENTS = ['Event', 'Source'];
/** What may stand in the parentheses of a metric's function. */
const TAKES: Record<string, readonly string[]> = {
  rate: STEPS,
  reached: ['Stage'],
  visits: ['Stage'],
  exited: ['Complete', 'Exit'],
  rejected: [],
  retention: [],
  count: [...EVENTS, ...STEPS],
};
const AGGREGATE_TAKES = [...EVENTS, 'Keep'];
/** What a segment can say of the time before entry. */
const HISTORY = ['count', 'sum', 'avg', 'min', 'max'];

/** The order of offers: what this file names, numbers every journey has, functions, words of the language. */
const SORT = { named: '1', automatic: '2', function: '3', keyword: '4' };

const KINDS: Record<string, CompletionItemKind> = {
  Source: CompletionItemKind.Module,
  Table: CompletionItemKind.Struct,
  Identity: CompletionItemKind.Class,
  IdKind: CompletionItemKind.TypeParameter,
  Event: CompletionItemKind.Event,
  Segment: CompletionItemKind.Interface,
  Journey: CompletionItemKind.Class,
  Enter: CompletionItemKind.Constructor,
  Stage: CompletionItemKind.EnumMember,
  Complete: CompletionItemKind.EnumMember,
  Exit: CompletionItemKind.EnumMember,
  Metric: CompletionItemKind.Variable,
  Keep: CompletionItemKind.Field,
};

/**
 * What the language itself offers: keywords the grammar allows, and names in scope, less what would be an error there. The
 * words before the cursor decide, since a half typed line has no tree. What the sample offers comes in the server.
 */
export class JourneyCompletionProvider extends DefaultCompletionProvider {
  override readonly completionOptions: CompletionProviderOptions = { triggerCharacters: ['.', '"'] };
  private readonly cursors = new WeakMap<CompletionContext, Cursor>();

  protected override async completionFor(context: CompletionContext, next: NextFeature, acceptor: CompletionAcceptor): Promise<void> {
    const cursor = this.cursor(context);
    // In a text and in a comment stands nothing of the language.
    if (cursor.comment || /^["']/.test(cursor.typed.text)) return;
    await super.completionFor(context, next, acceptor);
    if (next.type === 'Claim' && next.property === 'head' && !inVisits(cursor)) {
      for (const label of CLAIM_WORDS) acceptor(context, { label, kind: CompletionItemKind.Keyword, sortText: SORT.automatic });
    }
    if (next.property === 'members' && qualityAt(cursor)) {
      for (const item of qualities()) acceptor(context, item);
    }
    if (next.property === 'reason' && claimAt(cursor) === 'rejected') for (const item of reasons()) acceptor(context, item);
    if (next.type !== 'Path' || next.property !== 'head') return;
    for (const item of expressionItems(cursor)) acceptor(context, item);
  }

  protected override getReferenceCandidates(refInfo: ReferenceInfo, context: CompletionContext): Stream<AstNodeDescription> {
    const cursor = this.cursor(context);
    // What is half typed may hang in the tree as something else than a function's argument.
    if (refInfo.property === 'head' && historyAt(cursor)) return this.scopes().visible('EventOrSource', refInfo.container).getAllElements();
    return super.getReferenceCandidates(refInfo, context).filter(candidate => fits(candidate, refInfo.property, cursor));
  }

  protected override createReferenceCompletionItem(
    candidate: AstNodeDescription,
    refInfo: ReferenceInfo,
    context: CompletionContext,
  ): CompletionValueItem {
    const { type } = candidate;
    return {
      ...super.createReferenceCompletionItem(candidate, refInfo, context),
      kind: KINDS[type] ?? CompletionItemKind.Reference,
      detail: type === 'IdKind' ? 'id' : type.toLowerCase(),
      sortText: SORT.named,
      // What is meant is one of its members.
      ...((type === 'Source' || type === 'Table') && { commitCharacters: ['.'] }),
    };
  }

  protected override completionForKeyword(context: CompletionContext, keyword: GrammarAST.Keyword, acceptor: CompletionAcceptor): void {
    const { value } = keyword;
    if (!this.filterKeyword(context, keyword) || !sensible(value, this.cursor(context))) return;
    acceptor(context, { label: value, kind: CompletionItemKind.Keyword, detail: KEYWORDS[value], sortText: SORT.keyword + value });
  }

  private scopes(): JourneyScopeProvider {
    return this.scopeProvider as JourneyScopeProvider;
  }

  private cursor(context: CompletionContext): Cursor {
    let cursor = this.cursors.get(context);
    if (!cursor) {
      const text = context.textDocument.getText();
      cursor = cursorAt(text, context.offset, this.lexer.tokenize(text));
      this.cursors.set(context, cursor);
    }
    return cursor;
  }
}

/** In a metric or expectation, `function` being what its innermost parentheses belong to. Outside of journeys there are only sources. */
function metricAt({ block, words }: Cursor): { function?: string; outside?: boolean } | undefined {
  if (!block && words[0] === 'expect') return { outside: true };
  if (block?.word !== 'journey' || (words[0] !== 'metric' && words[0] !== 'expect')) return undefined;
  const call = callAt(words);
  return { function: call && METRIC_FUNCTIONS.includes(call.name) ? call.name : undefined };
}

/** Whether the cursor stands behind a source whose rows are to be counted, `expect web.` */
export function qualityAt(cursor: Cursor): boolean {
  const { words } = cursor;
  const metric = metricAt(cursor);
  return metric !== undefined && !metric.function && words[words.length - 1] === '.' && words[words.length - 3] !== '.';
}

const qualities = (): CompletionValueItem[] =>
  [...QUALITIES.keys()].map(label => ({
    label,
    kind: CompletionItemKind.Variable,
    detail: 'of the rows of a source',
    sortText: SORT.named,
  }));

/** In the parentheses of a segment's `sum(…)`. */
function historyAt({ block, words }: Cursor): boolean {
  return !block && words[0] === 'segment' && HISTORY.includes(callAt(words)?.name ?? '');
}

/** The word of a scenario's claim the cursor stands behind, such as `completed`. */
const claimAt = ({ words }: Cursor): string | undefined => words.findLast(word => CLAIM_WORDS.has(word));

const inVisits = ({ words }: Cursor): boolean => words.includes('visits') && words[words.length - 1] === ',';

function fits(candidate: AstNodeDescription, property: string, cursor: Cursor): boolean {
  const { type, name } = candidate;
  const { words, block } = cursor;
  const last = words[words.length - 1];
  const metric = metricAt(cursor);
  if (metric && property === 'step') return last === 'of' ? type === 'Stage' : true;
  if (metric && property === 'head') {
    if (!metric.function)
      return (type === 'Metric' && !(words[0] === 'metric' && words[1] === name)) || (type === 'Source' && words[0] === 'expect');
    // `rate(Bought of people`
    if (last === 'of') return false;
    const takes = last === 'distinct' ? AGGREGATE_TAKES : TAKES[metric.function];
    return (takes ?? AGGREGATE_TAKES).includes(type);
  }
  // A declaration that names itself is a circle.
  if ((words[0] === 'event' || words[0] === 'segment') && !block && words[1] === name) return false;
  if (type === 'Table' && property === 'head') {
    if (block?.word === 'source') return words[0] === 'where' || words[0] === 'id';
    // Of a participant only facts keyed by an id are known.
    const table = candidate.node as Table | undefined;
    const ofPerson = !table || table.items.some(item => item.$type === 'Key' && item.kind !== undefined);
    return ofPerson || !(words[0] === 'split' || words[0] === 'segment');
  }
  if (block?.word === 'scenario' && property === 'head') return inVisits(cursor);
  if (block?.word === 'scenario' && property === 'as') return (CLAIMED[claimAt(cursor) ?? ''] ?? STEPS).includes(type);
  return true;
}

/** What `completed 1 as …` can name. */
const CLAIMED: Record<string, readonly string[]> = {
  entered: ['Enter'],
  attempts: ['Enter'],
  completed: ['Complete'],
  exited: ['Complete', 'Exit'],
  active: ['Stage'],
  rejected: [],
};

const reasons = (): CompletionValueItem[] =>
  REJECTION_REASONS.map(label => ({
    label,
    insertText: JSON.stringify(label),
    kind: CompletionItemKind.Value,
    detail: 'why an attempt is turned away',
    sortText: SORT.named,
  }));

/** Functions, and names that are declared nowhere. */
function expressionItems(cursor: Cursor): CompletionValueItem[] {
  const { words, block } = cursor;
  const call = (label: string) => ({ label, insertText: `${label}(`, kind: CompletionItemKind.Function, sortText: SORT.function + label });
  const word = (label: string, detail: string) => ({ label, detail, kind: CompletionItemKind.Variable, sortText: SORT.automatic });
  const metric = metricAt(cursor);
  if (metric?.outside) return [];
  if (metric) {
    if (!metric.function) {
      const automatic = AUTOMATIC.map(label => word(label, 'of every journey'));
      return [...METRIC_FUNCTIONS.filter(name => !(AUTOMATIC as readonly string[]).includes(name)).map(call), ...automatic];
    }
    if (metric.function === 'rejected') return reasons();
    if (metric.function === 'rate' && words[words.length - 1] === 'of') return [word('people', 'count each person once')];
    if (metric.function in TAKES) return [];
    return ['time to', 'time in'].map(label => ({ ...call(label), insertText: `${label} `, kind: CompletionItemKind.Keyword }));
  }
  if (!block && words[0] === 'segment' && words.includes('when')) {
    if (historyAt(cursor)) return [];
    return [{ ...word('entry', 'the event that begins a run'), commitCharacters: ['.'] }, ...[...HISTORY, ...FUNCTIONS].map(call)];
  }
  if (block?.word === 'journey' && words[0] === 'split') return [word('entry', 'the rule by which a run began')];
  if (block?.word === 'identity' && words[0] === 'ignore') {
    return [...(words[1] === 'any' ? [word('value', 'the value of the id')] : []), ...FUNCTIONS.map(call)];
  }
  const inSource = block?.word === 'source' && (words[0] === 'where' || (words[0] === 'id' && words[2] === '='));
  return inSource || conditionAt(words) ? FUNCTIONS.map(call) : [];
}

/** Words that the grammar allows wherever an expression begins, but that mean something in some only. */
function sensible(word: string, cursor: Cursor): boolean {
  const { words, block, fresh, typed } = cursor;
  const last = words[words.length - 1];
  // A rule begins a line of its own, and on an empty line that is what is meant.
  const starts = startsRule(word, cursor);
  if (words.length > 0 && (fresh ? typed.text === '' && !starts && block?.word !== 'scenario' : starts)) return false;
  const metric = metricAt(cursor);
  if (metric) {
    if (last === 'time') return word === 'to' || word === 'in';
    if (word === 'and' || word === 'or') return words[0] === 'expect' && !metric.function;
    if (word === 'distinct') return metric.function === 'count' && last === '(';
    if (word === 'before' || NO_METRIC.has(word)) return false;
    if (word === 'not') return !metric.function && words[0] === 'expect';
    if (word === 'to' || word === 'in') return false;
    if (word === 'within') return metric.function !== undefined && metric.function !== 'retention' && metric.function !== 'rejected';
    if (word === 'of') return metric.function === 'rate' || last.endsWith('%');
    return true;
  }
  if (block?.word === 'identity' && word === 'unique') return !fresh && words[0] === 'id';
  // Who consents and who is erased is told by rows alone.
  if (block?.word === 'privacy' && word === 'first') return false;
  if (historyAt(cursor)) return word === 'within' || word === 'before';
  const segment = !block && words[0] === 'segment';
  if (word === 'distinct' || word === 'to') return false;
  if (word === 'at' && (conditionAt(words) || block?.word === 'source')) return block?.word === 'source' && words[0] === 'time';
  if ((word === 'before' || word === 'within') && (conditionAt(words) || segment)) return segment;
  if (word === 'of' && conditionAt(words)) return false;
  return true;
}

/** Words that begin a rule, in a block where they do: `unique` stands alone in a source, and behind a kind of id in an identity. */
function startsRule(word: string, { block, words }: Cursor): boolean {
  switch (block?.word) {
    case 'identity':
      return word === 'on' || (STARTERS.has(word) && word !== 'unique' && word !== 'split' && !(word === 'link' && words[0] === 'never'));
    case 'source':
      return STARTERS.has(word) || word === 'where';
    case undefined:
      return STARTERS.has(word) || word === 'as';
    default:
      return STARTERS.has(word);
  }
}

const NO_METRIC = new Set(['at', 'true', 'false', 'null', 'like', 'ilike', 'matches', 'is', 'where']);

/** What a word is for, at a glance. */
const KEYWORDS: Record<string, string> = {
  source: 'rows, each of them one event',
  table: 'facts joined by key',
  identity: 'who a participant is',
  event: 'a named event',
  segment: 'a group of customers, looked at once, at entry',
  journey: 'who enters, what happens on the way, how it ends',
  scenario: 'a test: a few events, and what must follow',
  import: 'what another file declares',
  open: 'entries outside are rejected',
  enter: 'begins a run',
  reentry: 'whether one can enter again',
  keep: 'a value from before entry, remembered with the run',
  stage: 'a state on the way',
  complete: 'ends the run well',
  exit: 'ends the run otherwise',
  path: 'what was intended, held against what happened',
  split: 'every number per group',
  metric: 'a number over the runs',
  expect: 'what must hold of the numbers',
  privacy: 'what may be known of customers',
  property: 'a column that is read, and what it holds',
  ignore: 'values that are no ids',
  link: 'which kinds may link',
  never: 'keeps two ids apart',
  shared: 'ids of many people link nobody',
  retroactive: 'how far back a link reaches',
  forward: 'a link covers no row before it',
  anonymous: 'rows without a login go to the next one',
  valid: 'how long a link holds',
  pii: 'personal data: no view shows it',
  purpose: 'what the numbers are for',
  consent: 'who says nothing is not seen',
  erase: 'removes whoever asks for it',
  suppress: 'no number speaks of fewer people',
  retain: 'older rows do not exist',
};
