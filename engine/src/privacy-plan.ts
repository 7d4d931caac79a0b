/** The part of the Plan that says what may be known of customers. One for a file and all it imports. */
import type { PiiPlan } from './identity-plan.ts';
import type { At, ColumnRef, Expr, Millis, RowsPattern } from './plan.ts';

export interface PrivacyPlan {
  at: At;
  purposes: PurposePlan[];
  /** Absent: everybody consents. With it, who said nothing has denied. */
  consent?: { at: At; text: string; from: RowsPattern /** over a row of `from`; else it denies */; granted: Expr };
  /** Removes the person it belongs to. */
  erase?: { at: At; text: string; on: RowsPattern };
  /** No number about fewer people is shown. */
  suppressBelow?: { count: number; at: At };
  /** Rows older than T - D don't exist. */
  retain?: { within: Millis; at: At };
}

/** `purpose analytics for Onboarding, WinBack` */
export interface PurposePlan {
  name: string;
  at: At;
  doc?: string;
  /** As named; none: every journey. */
  journeys: string[];
}

/** `property phone pii contact.phone`: a column that is declared, and so read whether or not a rule uses it. */
export interface PropertyPlan {
  column: ColumnRef;
  at: At;
  doc?: string;
  pii?: PiiPlan;
}
