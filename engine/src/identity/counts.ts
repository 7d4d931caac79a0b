import type { IdentityResult } from '../result.ts';
import type { People } from './participants.ts';

/** What every preview tells of an identity; what erasure took is for who erases to say. */
export function identityResult(people: People, rules: readonly { at: IdentityResult['ignoredBy'][number]['at'] }[]): IdentityResult {
  const { resolution, count } = people;
  return {
    customers: count,
    ignored: resolution?.rows.ignored ?? 0,
    conflicting: resolution?.rows.conflicting ?? 0,
    quarantined: {
      ids: resolution?.quarantined.reduce((sum, one) => sum + one, 0) ?? 0,
      rows: resolution?.rows.quarantined ?? 0,
    },
    refused: resolution?.refused.length ?? 0,
    ambiguous: resolution?.ambiguous.size ?? 0,
    ignoredBy: rules.map(({ at }, i) => ({ at, values: resolution?.ignoredBy[i].values ?? 0, rows: resolution?.ignoredBy[i].rows ?? 0 })),
    erased: { requests: 0, unmatched: 0, people: 0, rows: 0 },
  };
}
