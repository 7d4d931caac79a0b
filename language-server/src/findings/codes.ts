/** What the facade itself reports: files that can't be read, types of expressions, and what the data says. */
import type { CodeInfo } from '../codes.ts';

/** With the severity each has unless the finding says why it is another. Each has a page in docs/diagnostics. */
export const DATA_CODES = {
  'file-not-found': { title: 'The definition is not there', severity: 'error' },
  'file-not-text': { title: 'The definition is not a text', severity: 'error' },
  'unknown-property': { title: 'A property that the sample does not have', severity: 'warning' },
  'property-never-on-event': { title: 'A property that rows of this event never have', severity: 'warning' },
  'type-mismatch': { title: 'Values that do not compare', severity: 'warning' },
  'not-a-number': { title: 'A calculation with what is no number', severity: 'warning' },
  'not-a-text': { title: 'A look into what is no text', severity: 'warning' },
  'not-a-condition': { title: 'A value where a condition belongs', severity: 'warning' },
  'event-never-occurs': { title: 'No row of the source has this event name', severity: 'warning' },
  'condition-matches-nothing': { title: 'No row meets the condition', severity: 'warning' },
  'value-never-occurs': { title: 'A value that no row of the event has', severity: 'warning' },
  'source-without-events': { title: 'No row of the source is an event', severity: 'warning' },
  'source-without-identity': { title: 'Events that belong to nobody', severity: 'warning' },
  'rows-without-id': { title: 'Many rows carry no id', severity: 'warning' },
  'id-kind-unused': { title: 'No source carries this kind of id', severity: 'warning' },
  'many-duplicates': { title: 'Many rows share the key that should be unique', severity: 'warning' },
  'enter-never-attempted': { title: 'Nobody attempts to enter by this rule', severity: 'warning' },
  'enter-always-rejected': { title: 'Every attempt to enter is rejected', severity: 'warning' },
  'stage-never-reached': { title: 'No participation reaches the stage', severity: 'warning' },
  'end-never-taken': { title: 'No participation ends by this rule', severity: 'warning' },
  'order-ambiguous': { title: 'Outcomes that hang on an order the data does not tell', severity: 'info' },
  'derived-event-never-happens': { title: 'An event made of others never happens', severity: 'warning' },
  'segment-for-nobody': { title: 'A segment that holds for nobody', severity: 'warning' },
  'segment-for-everybody': { title: 'A segment that holds for everybody', severity: 'info' },
  'segment-mostly-unknown': { title: 'A segment that mostly cannot be told', severity: 'info' },
  'keep-never-known': { title: 'A kept value that nobody has', severity: 'warning' },
  'split-one-group': { title: 'A split with a single group', severity: 'info' },
  'split-many-groups': { title: 'A split with more groups than are shown', severity: 'info' },
  'path-never-followed': { title: 'A path that nobody follows', severity: 'warning' },
  'expectation-failed': { title: 'The numbers are not as expected', severity: 'error' },
  'expectation-undecided': { title: 'It cannot be told whether the numbers are as expected', severity: 'info' },
  'scenario-failed': { title: 'A scenario does not go as it claims', severity: 'error' },
  'rule-not-exercised': { title: 'Neither the sample nor a scenario takes the rule', severity: 'info' },
} as const satisfies Record<string, CodeInfo>;

export type DataCode = keyof typeof DATA_CODES;
