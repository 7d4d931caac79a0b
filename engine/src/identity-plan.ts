/** The part of the Plan that says who is one customer. The meaning of each rule is in docs/identity.md. */
import type { At, Expr, Millis } from './plan.ts';

export interface IdentityPlan {
  name: string;
  at: At;
  nameAt: At;
  doc?: string;
  /** Strongest first. */
  kinds: IdKindPlan[];
  /** Values that are no ids. */
  ignores: IgnorePlan[];
  /** Which kinds may link; none: any two. */
  links: LinkPlan[];
  neverLinks: NeverLinkPlan[];
  shared: SharedPlan[];
  /** Which of two links that can't both be goes first: the one last seen, newest first, or first seen, oldest first. */
  onConflict: { keep: 'latest' | 'earliest' /** absent: the definition is silent, and it is `latest` */; at?: At };
  /** A link covers rows from its first seen - R on. No `within`: from ever, which is also what silence means; 0: `forward`. */
  retroactive: { within?: Millis; at?: At };
  /** `anonymous split by time` */
  splitByTime?: { at: At };
}

export interface IdKindPlan {
  name: string;
  at: At;
  doc?: string;
  /** One value of it a customer; a row with two belongs to nobody. */
  unique?: { at: At };
  /** So many values a customer at most. */
  max?: { count: number; at: At };
  /** A link of this kind covers rows up to its last seen + V; absent: for ever. */
  valid?: { within: Millis; at: At };
  /** Its values are personal data of this category: no view ever shows one. */
  pii?: PiiPlan;
}

/** The rules of an identity that only names its kinds: every two ids on one row are one customer's. */
export const PLAIN_LINKING: Pick<IdentityPlan, 'ignores' | 'links' | 'neverLinks' | 'shared' | 'onConflict' | 'retroactive'> = {
  ignores: [],
  links: [],
  neverLinks: [],
  shared: [],
  onConflict: { keep: 'latest' },
  retroactive: {},
};

/** The column that an `ignore` rule's condition reads, which is the value itself; a definition names it by its kind, or in `ignore any` by this. */
export const ID_VALUE = 'value';

/** `ignore email like "%@shop.example"` */
export interface IgnorePlan {
  at: At;
  text: string;
  /** All kinds of the identity for `ignore any`. */
  kinds: string[];
  /** Over one value, which is the column `value`; no other column is read. */
  where: Expr;
}

/** `link user with email, device` */
export interface LinkPlan {
  at: At;
  text: string;
  kind: string;
  with: string[];
}

/** `never link user "a" with user "b"` */
export interface NeverLinkPlan {
  at: At;
  text: string;
  a: IdValue;
  b: IdValue;
}
export interface IdValue {
  kind: string;
  value: string;
  at: At;
}

/** `shared device when more than 5 user` */
export interface SharedPlan {
  at: At;
  text: string;
  kind: string;
  moreThan: number;
  of: string;
}

export interface PiiPlan {
  /** Dotted, as `contact.email`. */
  category: string;
  at: At;
}
