/** The facade's words: what the server, the command line and the tests all speak. */
import type {
  At,
  Coverage,
  EngineApi,
  ExplainOptions,
  Explanation,
  Files,
  IdentityOptions,
  IdentityReport,
  Plan,
  Preview,
  PreviewOptions,
  ProcessingRecord,
  ScenarioResult,
} from '@journey/engine';

export type Severity = 'error' | 'warning' | 'info';

/** One thing worth telling the author, at its line. */
export interface Finding {
  /** Stable, kebab-case; has a page in docs/diagnostics. */
  code: string;
  severity: Severity;
  /** A sentence for people: what is wrong, what was expected, what to do. */
  message: string;
  at: At;
  /** Other places that matter, such as the rule that shadows this one. */
  related?: { message: string; at: At }[];
  /** Edits that would mend it, the best first. */
  fixes?: { title: string; edits: { at: At; text: string }[] }[];
}

/** What a file and everything it imports say. */
export interface Definition {
  uri: string;
  /** Holds what could be bound: a source, event or journey with an error of its own is left out. */
  plan: Plan;
  /** Syntax, linking and static checks, of this file and of the files it imports. */
  findings: Finding[];
  /** Journeys of this file that could not be bound, by name: a view shows their older numbers as stale. */
  broken: string[];
}

/** A definition held against its data. */
export interface Checked extends Definition {
  /** Absent where there is nothing to read: no journey and no source could be bound. */
  preview?: Preview;
  /** The definition's findings, and those that come from the data, in order of file and place. */
  findings: Finding[];
}

/** A definition and what its scenarios came to, without its data. */
export interface Tested extends Definition {
  /** In order; those whose scenario or journey has an error of its own are left out, of which the findings tell. */
  scenarios: ScenarioResult[];
}

/** A definition, and who is one customer by one of its identities. */
export interface Identified extends Definition {
  /** Absent where the file has no such identity that could be bound. */
  report?: IdentityReport;
}

export interface CheckOptions extends PreviewOptions {
  /** What identity reports and a look at every value know is found too. It takes as long again; the editor asks for it apart. */
  identities?: boolean;
}

/** A definition and what it reads of whom, what for. */
export interface Recorded extends Definition {
  record: ProcessingRecord;
}

export interface ProjectPorts {
  files: Files;
  engine: EngineApi;
}

/**
 * The facade. Texts of `.journey` files come through the Langium services it is made with, data through `ports`.
 * Only one meaning: the editor, `check`, `preview` and the tests all ask here.
 */
export interface ProjectApi {
  /** Overrides what is on disk (an open editor, a test); undefined goes back to disk. */
  setText(uri: string, text: string | undefined): void;
  definition(uri: string, signal?: AbortSignal): Promise<Definition>;
  /** Keeps a file no longer that nothing else needs. */
  forget(uri: string): void;
  /** The plan's journeys are those of the file itself; sources, tables, identities and events also those it imports. */
  check(uri: string, options?: CheckOptions): Promise<Checked>;
  /** Runs the file's own scenarios. No sample is read. */
  test(uri: string, signal?: AbortSignal): Promise<Tested>;
  /** Which rules of the file's own journeys its data and scenarios exercise. */
  coverage(uri: string, options?: PreviewOptions): Promise<Coverage>;
  /** What the definition reads, by which rules and what for. No sample is read; what has an error of its own is left out, of which the findings tell. */
  privacy(uri: string, signal?: AbortSignal): Promise<Recorded>;
  /** What happened to one person in one of the file's journeys, and why. */
  explain(uri: string, options: ExplainOptions): Promise<Explanation>;
  /** Who is one customer and why, and what each rule of an identity does. */
  identity(uri: string, options?: IdentityOptions): Promise<Identified>;
  /** What is doubtful about the values of the columns that rules use. */
  doubts(checked: Checked, signal?: AbortSignal): Promise<Finding[]>;
  /** The reports of the identities whose rules have something to tell, and what they find. */
  identities(checked: Checked, signal?: AbortSignal): Promise<{ reports: IdentityReport[]; findings: Finding[] }>;
}
