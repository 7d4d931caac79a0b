export * from './codes.ts';
export { createEngine, type EngineParts } from './engine.ts';
export * from './format.ts';
export * from './plan.ts';
export type * from './ports.ts';
export { TimeReader } from './read/time.ts';
export { Zone } from './read/zone.ts';
export type * from './result.ts';
export { regexProblem } from './store/regex.ts';
