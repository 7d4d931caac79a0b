export * from './format.ts';
export * from './plan.ts';
export type * from './ports.ts';
export type * from './result.ts';
