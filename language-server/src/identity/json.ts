/** The documented, versioned JSON of an identity report: docs/identity-json.md, docs/identity.schema.json. */
import type { At, Count, IdentityReport, IdText, LinkReport, Plan, Suspect, WhoReport } from '@journey/engine';
import { suspectText } from '../text/identity.ts';

export interface IdentityJson {
  version: 1;
  identity: string;
  /** ISO 8601 in UTC with milliseconds, as are all instants here; null where there is no event. */
  asOf: string | null;
  rows: number;
  customers: Count;
  kinds: {
    kind: string;
    sources: string[];
    ids: number;
    rows: number;
    ignored: number;
    quarantined: number;
    linked: number;
    pii: boolean;
  }[];
  sizes: IdentityReport['sizes'];
  biggest: IdentityReport['biggest'];
  rules: RuleJson[];
  nobody: IdentityReport['nobody'];
  quarantined: IdentityReport['quarantined'];
  links: number;
  refused: number;
  ambiguous: Count;
  /** Absent where nobody was erased. */
  freed?: NonNullable<IdentityReport['freed']>;
  otherPolicy: IdentityReport['otherPolicy'];
  suspects: { kind: Suspect['kind']; of: string | null; message: string }[];
  who?: WhoJson;
}

export interface Place {
  file: string;
  /** From 1. */
  line: number;
}

export interface RuleJson {
  kind: IdentityReport['rules'][number]['kind'];
  text: string;
  place: Place;
  without: Count;
  with: Count;
  changed: Count;
  refused: number;
  links: number;
  values: number;
  rows: number;
  freed: { a: IdText; b: IdText }[];
  freedCount: number;
}

export type LinkJson = {
  a: IdText;
  b: IdText;
  rows: number;
  firstSeen: string;
  lastSeen: string;
  source: string;
  event: string;
  /** Of the first of the rows; `row` from 1, without a header. */
  file: string;
  row: number;
  rule: Place;
};

export interface WhoJson {
  who: string;
  customer: string | null;
  note: string | null;
  ids: { kind: string; value: string | null; rows: number; firstSeen: string; lastSeen: string; quarantined: boolean }[];
  idsCount: number;
  links: LinkJson[];
  linksCount: number;
  refused: (LinkJson & { because: string; limit: { kind: string; most: number } | null; other: string; ambiguous: boolean })[];
  refusedCount: number;
  ambiguous: boolean;
  path?: { to: string; links: LinkJson[] | null; note: string | null };
}

/**
 * Written out field by field: what a view may need beside is no part of the contract.
 * @param file a uri as people know the file
 */
export function toIdentityJson(report: IdentityReport, plan: Plan, file: (uri: string) => string): IdentityJson {
  const place = ({ uri, start }: At): Place => ({ file: file(uri), line: start.line + 1 });
  const { identity, rows, customers, sizes, biggest, nobody, quarantined, links, refused, ambiguous, otherPolicy } = report;
  const identityPlan = plan.identities.find(({ name }) => name === identity)!;
  return {
    version: 1,
    identity,
    asOf: report.asOf === null ? null : iso(report.asOf),
    rows,
    customers,
    kinds: report.kinds.map(({ kind, sources, ids, rows, ignored, quarantined, linked, pii }) => ({
      ...{ kind, sources, ids, rows, ignored, quarantined, linked, pii },
    })),
    sizes: sizes.map(({ from, to, customers }) => ({ from, to, customers })),
    biggest,
    rules: report.rules.map(rule => ({
      kind: rule.kind,
      text: rule.text,
      place: place(rule.at),
      without: rule.without,
      with: rule.with,
      changed: rule.changed,
      refused: rule.refused,
      links: rule.links,
      values: rule.values,
      rows: rule.rows,
      freed: rule.freed,
      freedCount: rule.freedCount,
    })),
    nobody,
    quarantined,
    links,
    refused,
    ambiguous,
    ...(report.freed ? { freed: { links: report.freed.links.map(({ a, b }) => ({ a, b })), count: report.freed.count } } : {}),
    otherPolicy,
    suspects: report.suspects.map(suspect => ({ kind: suspect.kind, of: kindOf(suspect), message: suspectText(suspect, identityPlan) })),
    ...(report.who ? { who: whoJson(report.who, place) } : {}),
  };
}

const iso = (instant: number): string => new Date(instant).toISOString();

function kindOf(suspect: Suspect): string | null {
  if (suspect.kind === 'placeholder') return suspect.id.kind;
  return suspect.kind === 'giant' ? null : suspect.of;
}

function whoJson(who: WhoReport, place: (at: At) => Place): WhoJson {
  const link = ({ a, b, rows, firstSeen, lastSeen, source, event, file, row, rule }: LinkReport): LinkJson => ({
    ...{ a, b, rows, source, event, file, row },
    firstSeen: iso(firstSeen),
    lastSeen: iso(lastSeen),
    rule: place(rule),
  });
  const { customer, idsCount, linksCount, refusedCount, ambiguous } = who;
  return {
    who: who.who,
    customer,
    note: who.note ?? null,
    ids: who.ids.map(({ kind, value, rows, firstSeen, lastSeen, quarantined }) => ({
      ...{ kind, value, rows, quarantined },
      firstSeen: iso(firstSeen),
      lastSeen: iso(lastSeen),
    })),
    idsCount,
    links: who.links.map(link),
    linksCount,
    refused: who.refused.map(one => ({ ...link(one), because: one.because, limit: one.limit, other: one.other, ambiguous: one.ambiguous })),
    refusedCount,
    ambiguous,
    ...(who.path ? { path: { to: who.path.to, links: who.path.links?.map(link) ?? null, note: who.path.note ?? null } } : {}),
  };
}
