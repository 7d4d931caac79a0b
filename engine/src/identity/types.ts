/** What is told of who is one customer, beyond the numbers every preview carries: the effect of each rule, and why two ids are one person. */
import type { At, Instant } from '../plan.ts';
import type { Count } from '../result.ts';

export interface IdentityOptions {
  /** Its name; the first that a journey uses, where absent. */
  identity?: string;
  /** An id of a person, in any kind: `u17`, `user:u17`. Then `who` is told of too. */
  who?: string;
  /** With `who`: another id, `who.path` then tells the links between the two. */
  and?: string;
  /** The title of a scenario: its rows are looked at, and no sample. */
  scenario?: string;
  /** Milliseconds UTC; before the plan's own and the default, the last event's time. */
  asOf?: Instant;
  signal?: AbortSignal;
}

export interface IdentityReport {
  identity: string;
  at: At;
  asOf: Instant | null;
  /** Events looked at. */
  rows: number;
  customers: Count;
  /** Numbers about fewer customers are withheld. */
  suppressedBelow?: number;
  kinds: KindReport[];
  /** How many customers have so many ids, fewest first: 1, 2, 3, 4, 5-9, 10-19, 20-49, …; of the last `to` is the most there are. */
  sizes: { from: number; to: number; customers: Count }[];
  /** The customer with the most ids; null where nobody has two. */
  biggest: BiggestReport | null;
  /** What each rule does, in order of declaration. */
  rules: RuleReport[];
  /** Rows that belong to nobody: without any id, with none but ignored ones, with two values of a unique kind. */
  nobody: { withoutId: number; ignored: number; conflicting: number };
  /** Ids that link nobody because too many share them, and the rows that only such an id carries. */
  quarantined: { ids: number; rows: number };
  /** Links that there are, those refused, and customers where only kind and value, or an equal instant, decided. */
  links: number;
  refused: number;
  ambiguous: Count;
  /** Links possible only since rows and ids were erased: what a limit or a quarantine kept apart before. At most 20; absent where nothing was. */
  freed?: { links: { a: IdText; b: IdText }[]; count: number };
  /** Under the other conflict policy: customers, and customers of now whose rows would not be the same set. */
  otherPolicy: { keep: 'latest' | 'earliest'; customers: Count; changed: Count };
  suspects: Suspect[];
  who?: WhoReport;
}

export interface KindReport {
  kind: string;
  at: At;
  /** The sources that carry it. */
  sources: string[];
  /** Distinct values that count, the rows that carry one, and the values that are ignored. */
  ids: number;
  rows: number;
  ignored: number;
  quarantined: number;
  /** Ids that share a row with another id. */
  linked: number;
  pii: boolean;
}

export interface BiggestReport {
  /** The canonical id, such as `user u17`. */
  customer: string;
  ids: number;
  rows: number;
  /** The id whose removal splits it most, with its links; the customers its other ids would then be by the links that are left, and the ids of the largest. */
  hub: (IdText & { links: number; parts: number; largest: number }) | null;
  /** The one link whose removal splits it into the most even parts: their ids, on a's side and on b's. Null where none does. */
  bridge: { a: IdText; b: IdText; rows: number; parts: [number, number] } | null;
}

export interface RuleReport {
  at: At;
  /** As written. */
  text: string;
  kind: 'unique' | 'max' | 'valid' | 'ignore' | 'link' | 'never' | 'shared' | 'conflict' | 'retroactive' | 'anonymous';
  /** Customers without this rule and with it, all other rules as they are. Both null where they differ by fewer than may be told. */
  without: Count;
  with: Count;
  /** Customers of now whose rows would not be the same set without it, also where there would be as many. */
  changed: Count;
  /** Links it refused: for `link` those that no `link` line allows, told at the first; for `unique` also rows with two values. */
  refused: number;
  /** For `link`: the links between the kinds it names. */
  links: number;
  /** For `ignore`: values and the rows that carry them. For `shared`: ids in quarantine and rows that only such an id carries. For `unique`: rows with two values. */
  values: number;
  rows: number;
  /** Links that are possible only because of it: what it kept apart left room for others. At most 20. */
  freed: { a: IdText; b: IdText }[];
  freedCount: number;
}

/** A value of a pii kind is never told: then `value` is null. */
export interface IdText {
  kind: string;
  value: string | null;
}

/** What looks wrong with an id or a kind. The language server words it. */
export type Suspect =
  /**
   * A value that stands for "none", shared by many: a `word` such as `null` in quotes and `[object Object]`, `zeros`, the `same`
   * character over and over, or a `constant` on most rows. `links`: ids it shares a row with.
   */
  | { kind: 'placeholder'; id: IdText; looks: 'word' | 'zeros' | 'same' | 'constant'; rows: number; links: number }
  /** Ids that differ only by case, spaces or punctuation and belong to different customers: how many values could be fewer, and a few pairs. */
  | { kind: 'alike'; of: string; pairs: [string | null, string | null][]; count: number }
  /** About one row each: a session rather than a person. */
  | { kind: 'session'; of: string; ids: number; rows: number }
  /** Declared by a source, and never on a row with another id. */
  | { kind: 'unlinked'; of: string; ids: number }
  /** A customer is far larger than the others: `next` is how many ids the next largest has. */
  | { kind: 'giant'; biggest: BiggestReport; next: number }
  /** Rows with two values of a unique kind, and the first of them. */
  | { kind: 'conflicting'; of: string; rows: number; example: { source: string; at: Instant } }
  /** Ids that are one customer with others of their kind only through one id of a weaker kind. */
  | { kind: 'hanging'; of: string; by: string; count: number; example: { id: IdText; by: IdText } };

/** Why one person. */
export interface WhoReport {
  /** As asked, but for values of a pii kind. */
  who: string;
  /** The canonical id; null where nobody was found: `note` says what to look for. */
  customer: string | null;
  note?: string;
  /** All ids that are linked, the strongest kind first: the nearest to `who` where there are more than 500. */
  ids: { kind: string; value: string | null; rows: number; firstSeen: Instant; lastSeen: Instant; quarantined: boolean }[];
  idsCount: number;
  /** The links that join them, in the order they were made: each merged two groups. At most 500. */
  links: LinkReport[];
  linksCount: number;
  /** The links that were refused at one of its ids. At most 50. */
  refused: RefusedReport[];
  refusedCount: number;
  ambiguous: boolean;
  /** The shortest way to another id; empty where the two are one id. Null where there is none: `note` says why. */
  path?: { to: string; links: LinkReport[] | null; note?: string };
}

export interface LinkReport {
  a: IdText;
  b: IdText;
  /** Rows that carry both. */
  rows: number;
  firstSeen: Instant;
  lastSeen: Instant;
  /** Of the first of them. */
  source: string;
  event: string;
  /** Its file as people would write it, and the row's number in it: from 1, without a header. */
  file: string;
  row: number;
  /** The rule that let it be, or refused it: the line of the weaker kind, of the `link` rule, of the limit. */
  rule: At;
}

export interface RefusedReport extends LinkReport {
  /** The rule as written. */
  because: string;
  /** Null where a `never link` refused it. */
  limit: { kind: string; most: number } | null;
  /** The customer at the other end. */
  other: string;
  /** Only kind and value decided that this one is refused and another not. */
  ambiguous: boolean;
}
