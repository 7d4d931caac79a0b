import {
  type Claim,
  type Claims,
  type EventTerm,
  type Identity,
  isArg,
  isCall,
  isConsent,
  isEvent,
  isExpect,
  isIdentity,
  isIgnore,
  isJourney,
  isKeep,
  isMetric,
  isPattern,
  isSegment,
  isSource,
  isSplit,
  isTest,
  isTimeTo,
  type Journey,
  type Path,
  type Source,
  type Table,
} from '@journey/grammar';
import {
  type AstNode,
  type AstNodeDescription,
  AstUtils,
  DefaultScopeComputation,
  DefaultScopeProvider,
  EMPTY_SCOPE,
  type LangiumCoreServices,
  type LangiumDocument,
  type LangiumDocuments,
  type LocalSymbols,
  MapScope,
  MultiMap,
  type ReferenceInfo,
  type Scope,
  WorkspaceCache,
} from 'langium';
import { withImports } from './imports.ts';
import { AUTOMATIC, CLAIM_WORDS, ruleNames, stagesOf } from './names.ts';

/** What other files see: top-level things, and the kinds of id. Scopes are made here below, so no symbols are local. */
export class JourneyScopeComputation extends DefaultScopeComputation {
  override async collectExportedSymbols(document: LangiumDocument): Promise<AstNodeDescription[]> {
    const exported: AstNodeDescription[] = [];
    for (const element of AstUtils.streamContents(document.parseResult.value)) {
      this.addExportedSymbol(element, exported, document);
      if (element.$type !== 'Identity') continue;
      for (const kind of AstUtils.streamContents(element)) this.addExportedSymbol(kind, exported, document);
    }
    return exported;
  }

  override async collectLocalSymbols(): Promise<LocalSymbols> {
    return new MultiMap<AstNode, AstNodeDescription>();
  }
}

/** Aggregates over events: their argument is an event, whatever rule has the same name. */
const OVER_EVENTS = new Set(['sum', 'avg', 'min', 'max', 'median', 'p90']);

/** A name is looked up in maps, made once: a search along the declarations takes seconds in a file of thousands. */
export class JourneyScopeProvider extends DefaultScopeProvider {
  private readonly documents: () => LangiumDocuments;
  private readonly global: WorkspaceCache<string, Scope>;
  private readonly local = new WeakMap<Journey, { steps: Scope; stages: Scope; metrics: Scope; keeps: Scope }>();

  private readonly kinds = new WeakMap<Identity, Scope>();

  constructor(services: LangiumCoreServices) {
    super(services);
    this.documents = () => services.shared.workspace.LangiumDocuments;
    this.global = new WorkspaceCache(services.shared);
  }

  override getScope(context: ReferenceInfo): Scope {
    const { container, property } = context;
    if (container.$type === 'Path') return this.headScope(container as Path);
    if (container.$type === 'Claim') return this.claimScope(container as Claim, context);
    if (property === 'stage') return this.ofJourney(container)?.stages ?? EMPTY_SCOPE;
    if (property === 'step' || property === 'steps') return this.ofJourney(container)?.steps ?? EMPTY_SCOPE;
    // A scenario speaks of the journeys of its own file.
    if (property === 'journey') return this.own('Journey', container);
    if (property === 'journeys') return this.visible('Journey', container);
    // The rules of an identity speak of its own kinds.
    const identity = AstUtils.getContainerOfType(container, isIdentity);
    if (identity) return this.kindScope(identity);
    return this.visible(this.reflection.getReferenceType(context), container);
  }

  /** Everything of a type in the file and what it imports; of several with one name the first. */
  visible(type: string, from: AstNode): Scope {
    const document = AstUtils.getDocument(from);
    return this.global.get(`${type} ${document.uri}`, () => {
      const uris = withImports(document, this.documents());
      return firstWins(uris.flatMap(uri => this.indexManager.allElements(type, new Set([uri])).toArray()));
    });
  }

  private kindScope(identity: Identity): Scope {
    let scope = this.kinds.get(identity);
    if (!scope) {
      scope = firstWins(identity.kinds.filter(({ name }) => name).map(kind => this.descriptions.createDescription(kind, undefined)));
      this.kinds.set(identity, scope);
    }
    return scope;
  }

  private only(node: AstNode): Scope {
    return firstWins([this.descriptions.createDescription(node, undefined)]);
  }

  private own(type: string, from: AstNode): Scope {
    const { uri } = AstUtils.getDocument(from);
    return this.global.get(`own ${type} ${uri}`, () => firstWins(this.indexManager.allElements(type, new Set([uri.toString()])).toArray()));
  }

  /** What a claim of a scenario names: stages and rules of the journey it speaks of. */
  private claimScope(claim: Claim, { property, reference }: ReferenceInfo): Scope {
    const scopes = this.ofJourney((claim.$container as Claims).journey?.ref);
    if (!scopes || (property === 'head' && CLAIM_WORDS.has(reference.$refText))) return EMPTY_SCOPE;
    return property === 'as' ? scopes.steps : scopes.stages;
  }

  private ofJourney(node: AstNode | undefined) {
    const journey = AstUtils.getContainerOfType(node, isJourney);
    if (!journey) return undefined;
    let scopes = this.local.get(journey);
    if (!scopes) {
      const names = ruleNames(journey);
      const named = (nodes: AstNode[]) =>
        firstWins(nodes.filter(each => this.nameProvider.getName(each)).map(each => this.descriptions.createDescription(each, undefined)));
      scopes = {
        steps: named([...names.keys()]),
        stages: named(stagesOf(journey)),
        metrics: named(journey.items.filter(isMetric)),
        keeps: named(journey.items.filter(isKeep)),
      };
      this.local.set(journey, scopes);
    }
    return scopes;
  }

  /** What the first name of a path may be; where nothing of that name is found it is a column, or an automatic number. */
  private headScope(path: Path): Scope {
    const parent = path.$container;
    // While completing there is a path without anything in it yet: all that may come is offered.
    const name = path.head?.$refText;
    const members = path.members ?? [];
    if (isCall(parent) && path.$containerProperty === 'callee') return EMPTY_SCOPE;
    if (isKeep(parent)) return this.visible('EventOrSource', path);
    const ignore = AstUtils.getContainerOfType(path, isIgnore);
    // An ignored value goes by the name of its kind; in `ignore any` by `value`, which is declared nowhere.
    if (ignore) return ignore.any || !ignore.kind?.ref ? EMPTY_SCOPE : this.only(ignore.kind.ref);
    if (isSplit(parent)) {
      if (name !== undefined && members.length > 0) return this.visible('Table', path);
      return chain(
        this.ofJourney(path)?.keeps ?? EMPTY_SCOPE,
        this.visible('Segment', path),
        ...(name === undefined ? [this.visible('Table', path)] : []),
      );
    }
    if (!AstUtils.getContainerOfType(path, isPattern) && AstUtils.getContainerOfType(path, isSegment)) return this.segmentScope(path);
    const inMetric = AstUtils.getContainerOfType<AstNode>(path, node => isMetric(node) || isExpect(node));
    if (!inMetric)
      return name !== undefined && members.length === 0
        ? EMPTY_SCOPE
        : firstWins(joinedTables(path).map(table => this.descriptions.createDescription(table, undefined)));
    if ((isTimeTo(parent) || isTest(parent)) && name === 'time') return EMPTY_SCOPE;

    const scopes = this.ofJourney(path);
    // An expectation outside of journeys speaks of sources.
    if (!scopes) return this.visible('Source', path);
    const events = this.visible('EventOrSource', path);
    const call = AstUtils.getContainerOfType(path, isCall)?.callee?.head.$refText;
    if (name === undefined) return chain(scopes.metrics, scopes.steps, scopes.keeps, events);
    if (!isArg(parent)) {
      if (members.length > 0) return chain(events, scopes.metrics, scopes.steps);
      // A bare name is a metric; failing that, what it names tells the author what to write around it.
      const word = (AUTOMATIC as readonly string[]).includes(name ?? '');
      return word ? scopes.metrics : chain(scopes.metrics, scopes.steps, events);
    }
    if (members.length > 0) return events;
    if (parent.distinct) return chain(scopes.keeps, events);
    return call && OVER_EVENTS.has(call) ? chain(scopes.keeps, events) : chain(scopes.steps, events);
  }

  /** In a segment: events before entry, other segments, facts about the customer. */
  private segmentScope(path: Path): Scope {
    const name = path.head?.$refText;
    const events = this.visible('EventOrSource', path);
    if (isArg(path.$container)) {
      const call = AstUtils.getContainerOfType(path, isCall)?.callee?.head.$refText;
      if (path.$container.beforeEntry || call === 'count' || (call && OVER_EVENTS.has(call))) return events;
    }
    if (name === undefined) return chain(this.visible('Segment', path), this.visible('Table', path));
    if (path.members.length > 0) return name === 'entry' ? EMPTY_SCOPE : this.visible('Table', path);
    return this.visible('Segment', path);
  }
}

/** The tables whose columns an expression over rows can name: those its source joins, or the sources of its events. */
function joinedTables(path: Path): Table[] {
  const source = AstUtils.getContainerOfType(path, isSource);
  if (source) return tablesOf(source, path);
  const consent = AstUtils.getContainerOfType(path, isConsent);
  const pattern = AstUtils.getContainerOfType(path, isPattern) ?? consent?.from;
  return pattern ? [...new Set(sourcesOf(pattern).flatMap(each => tablesOf(each)))] : [];
}

/** @param asking a path inside the source: a join's own column is looked for in the joins before it */
function tablesOf(source: Source, asking?: Path): Table[] {
  const tables: Table[] = [];
  for (const item of source.items) {
    if (item.$type !== 'Join') continue;
    if (asking?.$container === item) break;
    if (item.table?.ref) tables.push(item.table.ref);
  }
  return tables;
}

/** The sources a pattern's rows come from, through named events. */
export function sourcesOf(term: EventTerm | undefined, seen = new Set<AstNode>()): Source[] {
  switch (term?.$type) {
    case 'Pattern':
      return term.events.flatMap(each => sourcesOf(each, seen));
    case 'First':
    case 'Repeated':
      return sourcesOf(term.of, seen);
    case 'Then':
      // It falls on the row of one of its two events.
      return sourcesOf(term.no ? term.first : term.then, seen);
    case 'EventRef': {
      const target = term.ref?.ref;
      if (!target || seen.has(target)) return [];
      seen.add(target);
      return isEvent(target) ? sourcesOf(target.pattern, seen) : [target];
    }
    default:
      return [];
  }
}

function firstWins(descriptions: AstNodeDescription[], outer?: Scope): Scope {
  return new MapScope(descriptions.reverse(), outer);
}

function chain(...scopes: Scope[]): Scope {
  return {
    getElement: name => {
      for (const scope of scopes) {
        const found = scope.getElement(name);
        if (found) return found;
      }
      return undefined;
    },
    getElements: name => scopes.map(scope => scope.getElements(name)).reduce((all, each) => all.concat(each)),
    getAllElements: () => scopes.map(scope => scope.getAllElements()).reduce((all, each) => all.concat(each)),
  };
}
