import type { Severity } from './project/types.ts';

export interface CodeInfo {
  /** A few words, as a heading. */
  title: string;
  severity: Severity;
}

/** Everything the language itself can report. Each has a page in docs/diagnostics. */
export const LANGUAGE_CODES = {
  syntax: { title: 'The text is not in the language', severity: 'error' },
  'too-complex': { title: 'An expression is too deep or too long', severity: 'error' },
  'unclosed-text': { title: 'A text or quoted name has no closing quote', severity: 'error' },
  'double-equals': { title: 'Equality is one `=`', severity: 'error' },
  'bad-date': { title: 'A date that is not in the calendar, or written differently', severity: 'error' },
  'bad-duration': { title: 'A duration without a unit, or with one that does not exist', severity: 'error' },
  'bad-number': { title: 'A number that is too large, or not possible here', severity: 'error' },
  'bad-pattern': { title: 'A regular expression that cannot be read', severity: 'error' },
  'import-not-found': { title: 'An imported file is missing', severity: 'error' },
  'import-cycle': { title: 'Files import each other in a circle', severity: 'error' },
  'duplicate-name': { title: 'Two things have one name', severity: 'error' },
  'duplicate-rule': { title: 'A rule that may stand once stands twice', severity: 'error' },
  'unknown-event': { title: 'No event or source of that name', severity: 'error' },
  'unknown-segment': { title: 'No segment of that name', severity: 'error' },
  'unknown-journey': { title: 'The file has no journey of that name', severity: 'error' },
  'unknown-table': { title: 'No table of that name', severity: 'error' },
  'unknown-identity': { title: 'No identity of that name', severity: 'error' },
  'unknown-id-kind': { title: 'No identity has that kind of id', severity: 'error' },
  'unknown-stage': { title: 'The journey has no stage of that name', severity: 'error' },
  'unknown-rule': { title: 'The journey has no rule of that name', severity: 'error' },
  'unknown-name': { title: 'A name in a metric that stands for nothing', severity: 'error' },
  'unknown-function': { title: 'No function of that name', severity: 'error' },
  'wrong-argument': { title: 'A function is given what it cannot take', severity: 'error' },
  'wrong-type': { title: 'Numbers of different kinds are mixed', severity: 'error' },
  'event-cycle': { title: 'An event is defined by itself', severity: 'error' },
  'segment-cycle': { title: 'A segment is defined by itself', severity: 'error' },
  'metric-cycle': { title: 'A metric is defined by itself', severity: 'error' },
  incomplete: { title: 'A source, table or identity lacks something it needs', severity: 'error' },
  'no-enter': { title: 'A journey nobody can enter', severity: 'error' },
  'reentry-conflict': { title: 'Re-entry limits that exclude each other', severity: 'error' },
  'pointless-limit': { title: 'A re-entry limit that never matters', severity: 'warning' },
  'open-order': { title: 'A period that ends before it begins', severity: 'error' },
  'too-many-required': { title: 'More events are asked for than there are', severity: 'error' },
  'bad-path': { title: 'A path that nobody can walk', severity: 'error' },
  'never-fires': { title: 'A rule that can never fire', severity: 'warning' },
  'window-too-long': { title: 'A window longer than any run', severity: 'warning' },
  contradiction: { title: 'A condition that nothing can meet', severity: 'warning' },
  'expectation-trivial': { title: 'An expectation that cannot fail', severity: 'warning' },
  'expectation-impossible': { title: 'An expectation that cannot hold', severity: 'warning' },
  'path-dead-end': { title: 'A step of a path that can never come', severity: 'warning' },
  'pointless-count': { title: 'One event within a time is that event', severity: 'warning' },
  'similar-names': { title: 'Two names differ only by case', severity: 'warning' },
  'scenario-without-expectation': { title: 'A scenario that tests nothing', severity: 'warning' },
  'rows-out-of-order': { title: 'A row of a scenario goes back in time', severity: 'warning' },
  'stage-unused': { title: 'A stage that nothing speaks of', severity: 'info' },
  'segment-unused': { title: 'A segment that nothing speaks of', severity: 'info' },
  'everyone-enters': { title: 'Every event of a journey enters it', severity: 'info' },
  'bad-scenario': { title: 'A scenario whose rows or claims make no sense', severity: 'error' },
  'pii-split': { title: 'A split by personal data', severity: 'error' },
  'pii-shown': { title: 'Personal data would be shown', severity: 'warning' },
  'pii-without-purpose': { title: 'Personal data is read for no stated purpose', severity: 'warning' },
  'pii-undeclared': { title: 'A name that personal data goes by', severity: 'info' },
  'privacy-without-effect': { title: 'A rule of privacy that reaches nobody', severity: 'warning' },
  'purpose-without-journey': { title: 'A purpose that no journey serves', severity: 'warning' },
} as const satisfies Record<string, CodeInfo>;

export type LanguageCode = keyof typeof LANGUAGE_CODES;
