export * from './codes.ts';
export type * from './coverage/types.ts';
export { createEngine, type EngineParts } from './engine.ts';
export type * from './explain/types.ts';
export * from './format.ts';
export type * from './identity/types.ts';
export { nearest } from './nearest.ts';
export * from './plan.ts';
export type * from './ports.ts';
export { ownValue, splitCategory } from './privacy/discreet.ts';
export { numbered, type Pii, participantName, piiOf, withheld } from './privacy/pii.ts';
export { type Read, type Reader, readsOf } from './privacy/reads.ts';
export {
  type ColumnRecord,
  categoryOf,
  type DataRecord,
  type IdentityRecord,
  type ProcessingRecord,
  recordOf,
  uncovered,
} from './privacy/record.ts';
export { tellableSchema } from './privacy/schema.ts';
export { TimeReader } from './read/time.ts';
export { Zone } from './read/zone.ts';
export type * from './result.ts';
export { regexProblem, regexTest } from './store/regex.ts';
