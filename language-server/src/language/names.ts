import { type EventRef, isEnter, isStage, type Journey, type JourneyItem, type Stage, type Step } from '@journey/grammar';
import { type AstNode, DefaultNameProvider, type DocumentationProvider } from 'langium';

/** The numbers every journey has, as expressions name them. */
export const AUTOMATIC = ['entered', 'people', 'active', 'completed', 'attempts', 'exited', 'rejected'] as const;

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
      const event = eventName(step.on?.events[0]);
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

/** What people call the event: its own name, without its source. */
function eventName(ref: EventRef | undefined): string | undefined {
  return ref?.member ?? ref?.ref?.$refText;
}

/** Rules go by their implicit names too. */
export class JourneyNameProvider extends DefaultNameProvider {
  override getName(node: AstNode): string | undefined {
    return super.getName(node) ?? (isEnter(node) ? ruleNames(node.$container as Journey).get(node) : undefined);
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
