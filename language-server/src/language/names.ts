import {
  type EventRef,
  type EventTerm,
  isEnter,
  isScenario,
  isStage,
  type Journey,
  type JourneyItem,
  type Stage,
  type Step,
} from '@journey/grammar';
import { type AstNode, type CstNode, DefaultNameProvider, type DocumentationProvider, GrammarUtils } from 'langium';

/** The numbers every journey has, as expressions name them. */
export const AUTOMATIC = ['entered', 'people', 'active', 'completed', 'attempts', 'exited', 'rejected'] as const;

/** What a scenario claims of a journey; `visits` names stages. */
export const CLAIM_WORDS: ReadonlySet<string> = new Set([...AUTOMATIC, 'visits']);

export function isStep(item: JourneyItem): item is Step {
  return item.$type === 'Enter' || item.$type === 'Stage' || item.$type === 'Complete' || item.$type === 'Exit';
}

const known = new WeakMap<Journey, Map<Step, string>>();

/**
 * The names of a journey's rules. An `enter` without one takes its first event's, with a number behind it where another
 * rule has that name: `Ordered`, `Ordered 2`.
 */
export function ruleNames(journey: Journey): Map<Step, string> {
  const cached = known.get(journey);
  if (cached) return cached;
  const steps = journey.items.filter(isStep);
  const taken = new Set(steps.map(step => step.name));
  const names = new Map<Step, string>();
  for (const step of steps) {
    let name = step.name;
    if (!name && isEnter(step)) {
      const event = eventName(firstRef(step.on));
      name = event;
      for (let n = 2; event && taken.has(name); n++) name = `${event} ${n}`;
      taken.add(name);
    }
    if (name) names.set(step, name);
  }
  known.set(journey, names);
  return names;
}

export function stagesOf(journey: Journey): Stage[] {
  return journey.items.filter(isStage);
}

/** The first event a pattern names. */
function firstRef(term: EventTerm | undefined): EventRef | undefined {
  switch (term?.$type) {
    case 'Pattern':
      return firstRef(term.events[0]);
    case 'Then':
      return firstRef(term.first);
    case 'First':
    case 'Repeated':
      return firstRef(term.of);
    default:
      return term;
  }
}

/** What people call the event: its own name, without its source. */
function eventName(ref: EventRef | undefined): string | undefined {
  return ref?.member ?? ref?.ref?.$refText;
}

/** Rules go by their implicit names too. */
export class JourneyNameProvider extends DefaultNameProvider {
  override getName(node: AstNode): string | undefined {
    if (isScenario(node)) return node.title;
    return super.getName(node) ?? (isEnter(node) ? ruleNames(node.$container as Journey).get(node) : undefined);
  }

  override getNameNode(node: AstNode): CstNode | undefined {
    return isScenario(node) ? GrammarUtils.findNodeForProperty(node.$cstNode, 'title') : super.getNameNode(node);
  }
}

/** @returns the text of the doc comment before a node, without its stars */
export function docOf(node: AstNode, provider: DocumentationProvider): string | undefined {
  return (
    provider
      .getDocumentation(node)
      ?.replace(/^[ \t]+|[ \t]+$/gm, '')
      .trim() || undefined
  );
}
