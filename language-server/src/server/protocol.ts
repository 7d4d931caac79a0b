/**
 * What the server and its client say beyond the language server protocol. Described for people in docs/protocol.md; only types
 * and names live here, since the clients import it.
 */
import type { Count, Explanation, FileInfo } from '@journey/engine';
import type { IdentityJson } from '../identity/json.ts';

/** Server to client, notification: what the numbers in a document rest on. Sent whenever that changes. */
export const STATUS = 'journey/status';
export interface StatusParams {
  /** The document the status is about. */
  uri: string;
  /**
   * `loading`: no numbers yet, they are under way. `ready`: the numbers belong to the text. `stale`: they belong to an older
   * text or to older data; new ones are under way. `failed`: there will be none until text or data change; `message` says why.
   * `none`: nothing to read (no source that could be understood), or samples are switched off.
   */
  state: 'loading' | 'ready' | 'stale' | 'failed' | 'none';
  /** One sentence for people. */
  message?: string;
  /** Work under way. */
  progress?: { text: string /** 0 to 1 */; share: number };
  data?: {
    /** In order of declaration. */
    sources: { name: string; files: number; rows: number; events: number; from: number | null; to: number | null }[];
    events: number;
    /** In its place where there is `suppress below`: they are few, or it would give away a number about few. */
    people: Count;
    /** Milliseconds since 1970 UTC. */
    asOf: number | null;
    /** From question to answer. */
    tookMs: number;
  };
  /** One line for a status bar, such as `web, orders · 12,431 events · as of 2026-06-30 · 41ms`. */
  text: string;
  /** Markdown with the detail, for a tooltip. */
  detail: string;
}

/** Client to server, request: the numbers of a document as JSON, as `journey preview --format json` prints them. Null: none yet. */
export const PREVIEW = 'journey/preview';
export interface PreviewParams {
  uri: string;
}

/** Client to server, request: the journeys of a document, and what became of people in them. */
export const EXPLAINABLE = 'journey/explainable';
export interface ExplainableParams {
  uri: string;
}
/** `outcomes` are what `any` of an explanation takes; without a count while there are no numbers. */
export type ExplainableResult = { journey: string; line: number; outcomes: { name: string; count?: number }[] }[];

/** Client to server, request: what happened to one person in one journey, and why. */
export const EXPLAIN = 'journey/explain';
export interface ExplainParams {
  uri: string;
  journey: string;
  /** An id of the person, in any kind. */
  who?: string;
  /** Instead, an outcome: the first person who is like that. */
  any?: string;
  /** Milliseconds since 1970 UTC. */
  asOf?: number;
}
export interface ExplainResult {
  /** Null where nobody was found: the explanation's `note` says what to write instead. */
  participant: string | null;
  /** The story for people; its links lead to rules. */
  markdown: string;
  explanation: Explanation;
}

/** Client to server, request: the identities of a document, imported ones too, with their kinds of id. */
export const IDENTITIES = 'journey/identities';
export interface IdentitiesParams {
  uri: string;
}
/** The one that a journey of the document uses first; `line` is null where it stands in another file. */
export type IdentitiesResult = { identity: string; line: number | null; kinds: string[] }[];

/** Client to server, request: who is one customer, and why. */
export const IDENTITY = 'journey/identity';
export interface IdentityParams {
  uri: string;
  /** The first that a journey uses, where absent. */
  identity?: string;
  /** An id of a person, in any kind. */
  who?: string;
  /** With `who`: another id, for the links between the two. */
  and?: string;
  /** Milliseconds since 1970 UTC. */
  asOf?: number;
}
export interface IdentityReportResult {
  /** With `who` null where nobody was found: `note` says what to write instead. */
  customer: string | null;
  note?: string;
  /** For people; its links lead to rules. */
  markdown: string;
  /** As `journey identity --format json` prints it; files as uris. */
  report: IdentityJson;
}

/** Server to client, requests: sent only to a client that says `files: true` in its initialization options. */
export const LIST_FILES = 'journey/listFiles';
export interface ListFilesParams {
  /** Uri of the folder the pattern is relative to. */
  base: string;
  /** A path or glob with `/` between folders. */
  pattern: string;
}
export type ListFilesResult = FileInfo[];
export const READ_FILE = 'journey/readFile';
export interface ReadFileParams {
  uri: string;
}
/** The bytes as stored, in base64 where `encoding` says so (a client whose transport is JSON), else as a Uint8Array. */
export type ReadFileResult = { bytes: Uint8Array } | { base64: string };

/** What a client may say about itself in `initialize`. Every field is optional: a plain client says nothing. */
export interface InitializationOptions {
  /** Hovers may hold pictures (SVG in a data URI) instead of block characters. */
  pictures?: boolean;
  /** Answers `journey/listFiles` and `journey/readFile` for uris the server can't reach itself. */
  files?: boolean;
  /** Uri of the folder with a page per diagnostic code (`<code>.md`), which diagnostics then link to. */
  docs?: string;
  /** Settings, for a client that answers no `workspace/configuration`; the same shape as the `journey` section. */
  settings?: unknown;
}
