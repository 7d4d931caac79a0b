/** What is doubtful about who is one customer. From the identity report, which is asked for apart from the preview. */
import type { At, IdentityPlan, IdentityReport, Suspect } from '@journey/engine';
import { isTold } from '@journey/engine';
import type { Finding } from '../project/types.ts';
import { ignoreLine, ofCustomers, suspectText } from '../text/identity.ts';
import type { DataCode } from './codes.ts';

/** A share of customers from which the choice of policy is worth a word. */
const MANY = 0.05;

const SUSPECT_CODES = {
  placeholder: 'placeholder-id',
  alike: 'ids-alike',
  session: 'kind-like-session',
  unlinked: 'kind-never-linked',
  giant: 'giant-customer',
  conflicting: 'two-unique-values',
  hanging: 'login-hangs-on-device',
} as const satisfies Record<Suspect['kind'], DataCode>;

/**
 * @param report of this identity
 * @param gone whether rows of the sample were erased or are too old: of their ids nobody knows
 */
export function identityFindings(identity: IdentityPlan, report: IdentityReport, gone = false): Finding[] {
  return [
    ...report.suspects.map(suspect => aboutSuspect(suspect, identity, gone)),
    // Where no row could be read that is the one thing to be told.
    ...report.rules.flatMap(rule => (rule.kind === 'ignore' && rule.values === 0 && report.rows > 0 ? [ignoresNothing(rule, gone)] : [])),
    ...ambiguous(identity, report),
    ...otherPolicy(identity, report),
  ];
}

function aboutSuspect(suspect: Suspect, identity: IdentityPlan, gone: boolean): Finding {
  const kind = (name: string) => identity.kinds.find(one => one.name === name);
  const message = suspectText(suspect, identity, gone);
  const code = SUSPECT_CODES[suspect.kind];
  switch (suspect.kind) {
    case 'placeholder': {
      const fixes = suspect.id.value === null ? [] : [ignoreFix(identity, suspect.id.kind, suspect.id.value)];
      return { code, severity: 'warning', message, at: kind(suspect.id.kind)?.at ?? identity.nameAt, fixes };
    }
    case 'giant': {
      const { hub } = suspect.biggest;
      const canonical = hub !== null && `${hub.kind} ${hub.value}` === suspect.biggest.customer;
      const fixes = hub && hub.value !== null && !canonical ? [ignoreFix(identity, hub.kind, hub.value)] : [];
      return { code, severity: 'warning', message, at: identity.nameAt, fixes };
    }
    case 'conflicting': {
      const own = kind(suspect.of);
      return { code, severity: 'warning', message, at: own?.unique?.at ?? own?.at ?? identity.nameAt };
    }
    default:
      return { code, severity: 'warning', message, at: kind(suspect.of)?.at ?? identity.nameAt };
  }
}

function ignoresNothing({ at, text }: { at: At; text: string }, gone: boolean): Finding {
  const left = gone ? ' that is left' : '';
  return {
    code: 'ignore-matches-nothing',
    severity: 'warning',
    message: `No id of the sample${left} is one that \`${text}\` speaks of`,
    at,
  };
}

function ambiguous(identity: IdentityPlan, report: IdentityReport): Finding[] {
  const { ambiguous } = report;
  // A number that is withheld may be none at all.
  if (!isTold(ambiguous) || ambiguous === 0) return [];
  const message = `${ofCustomers(ambiguous, report)} could as well be others: links that a limit can't both let be are alike in all but the texts of their ids, or stand at one instant`;
  return [{ code: 'identity-ambiguous', severity: 'info', message, at: identity.nameAt }];
}

function otherPolicy(identity: IdentityPlan, report: IdentityReport): Finding[] {
  const { keep, changed } = report.otherPolicy;
  const { customers } = report;
  if (!isTold(changed) || !isTold(customers) || changed === 0 || changed < MANY * customers) return [];
  const message = `Under \`on conflict keep ${keep}\` ${ofCustomers(changed, report)} would have other events: which links go first decides much here`;
  return [{ code: 'other-policy', severity: 'info', message, at: identity.onConflict.at ?? identity.nameAt }];
}

/** One more rule, at the end of the identity's block. */
function ignoreFix({ at, kinds }: IdentityPlan, kind: string, value: string): NonNullable<Finding['fixes']>[number] {
  const line = ignoreLine(kind, value);
  const brace = { line: at.end.line, character: at.end.character - 1 };
  const place = { uri: at.uri, start: brace, end: brace };
  // A block in one line stays in one line.
  const text = at.start.line === at.end.line ? `${line} ` : `${' '.repeat(kinds[0].at.start.character)}${line}\n`;
  return { title: `Ignore it: \`${line}\``, edits: [{ at: place, text }] };
}
